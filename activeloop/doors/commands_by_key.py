"""Which key means what in the terminal: a class, or a command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from activeloop.doors.said import as_class
from activeloop.errors import AnswerError, unknown

Command: TypeAlias = Literal[
    "label", "type", "skip", "abstain", "bad", "flag", "note", "undo", "more", "guidelines", "help", "quit"
]

COMMANDS: dict[str, tuple[Command, str]] = {
    "t": ("type", "type the label"),
    "s": ("skip", "skip: ask me later"),
    "u": ("abstain", "unsure: cannot say"),
    "b": ("bad", "bad: the item is broken"),
    "z": ("undo", "undo my last answer"),
    "n": ("note", "write a note"),
    "f": ("flag", "flag for a second look"),
    "m": ("more", "show more of a long item"),
    "g": ("guidelines", "show the guidelines"),
    "?": ("help", "show the keys"),
    "q": ("quit", "quit; go on later"),
}


class Pressed(NamedTuple):
    """What a key or a line means."""

    command: Command
    value: Any = None


def class_keys(classes: Sequence[Any] | None) -> dict[str, Any]:
    """Give the key of each class: its own digit where all are digits, else 1 to 9 and 0 by their order.

    >>> class_keys(["good", "bad"]), class_keys([0, 1])
    ({'1': 'good', '2': 'bad'}, {'0': 0, '1': 1})
    """
    given = list(classes or ())
    if all(str(one).isdigit() and len(str(one)) == 1 for one in given):
        return {str(one): one for one in given}
    return dict(zip("1234567890", given, strict=False))


def pressed(text: str, classes: Sequence[Any] | None, *, single: bool) -> Pressed:
    """Give what a key, or a line (then it may be a label, too), means; raises AnswerError with a sentence.

    >>> pressed("2", ["good", "bad"], single=True), pressed("good", ["good", "bad"], single=False)
    (Pressed(command='label', value='bad'), Pressed(command='label', value='good'))
    """
    keys, text = class_keys(classes), text.strip()
    if not single and (label := _label(text, classes)) is not None:
        return label
    if text in keys:
        return Pressed("label", keys[text])
    if text.lower() in COMMANDS:
        return Pressed(COMMANDS[text.lower()][0])
    if single:
        raise AnswerError(f"{text!r} is no key here; ? shows the keys")
    raise AnswerError(unknown("label or key", text, [*map(str, classes or ()), *keys, *COMMANDS]))


def typed(text: str, classes: Sequence[Any] | None) -> Any:
    """Give the class that is typed, or the only one that begins so; raises AnswerError.

    >>> typed("go", ["good", "bad"])
    'good'
    """
    begun = [one for one in classes or () if str(one).lower().startswith(text.strip().lower())]
    if len(begun) == 1 and text.strip():
        return begun[0]
    return as_class(text.strip(), classes)


def _label(text: str, classes: Sequence[Any] | None) -> Pressed | None:
    try:
        return Pressed("label", as_class(text, classes))
    except AnswerError:
        return None
