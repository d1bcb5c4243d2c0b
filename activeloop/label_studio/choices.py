"""What people may choose, what each choice means to the run, and the page on which they choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias
from xml.sax.saxutils import quoteattr

from activeloop.errors import AnswerError, ConfigurationError, unknown
from activeloop.query import Outcome

Kind: TypeAlias = Literal["text", "row", "image"]
KINDS: tuple[Kind, ...] = ("text", "row", "image")

CONTROL, SHOWN = "label", "item"
"""The names of the two parts of the page: what is chosen, and what is looked at."""

BUTTONS = 20
"""Classes up to which each has a button; above, they are a list that is searched by typing."""

_LONGEST = 200
_KEYS = "1234567890qwertyiopasdfgjklzxcvnm"
_TAGS = {
    "text": '<Text name="item" value="$text"/>',
    "row": '<Table name="item" value="$row"/>',
    "image": '<Image name="item" value="$image" zoom="true" zoomControl="true"/>',
}


class Choice(NamedTuple):
    """One choice: its words on the page, its key there ("" for none), and what it means."""

    words: str
    key: str
    outcome: Outcome
    value: Any = None


@dataclass(frozen=True)
class Choices:
    """The classes of a run as people choose among them, and two choices beside them that name no class.

    `unsure` means "abstain" and `bad` means "bad": the item itself is broken. Without words ("") neither is
    offered.
    """

    all: tuple[Choice, ...]

    @classmethod
    def of(cls, classes: Sequence[Any] | None, unsure: str = "cannot say", bad: str = "bad item") -> Choices:
        """Write classes as words.

        Raises ConfigurationError without classes, and for one that Label Studio cannot show or that has the
        same words as another.

        >>> [one.words for one in Choices.of(("good", "bad")).all]
        ['good', 'bad', 'cannot say', 'bad item']
        >>> Choices.of((0, 1)).meaning("1").value
        1
        """
        if not classes:
            raise ConfigurationError("Label Studio is asked to choose a class, and this run has no classes")
        keys = [*_KEYS, *[""] * len(classes)] if len(classes) <= BUTTONS else [""] * len(classes)
        made = [Choice(_words(one), key, "label", one) for one, key in zip(classes, keys, strict=False)]
        made += [Choice(_words(unsure), "u", "abstain")] if unsure else []
        made += [Choice(_words(bad), "b", "bad")] if bad else []
        seen: dict[str, Choice] = {}
        for one in made:
            if one.words in seen:
                raise ConfigurationError(
                    f"two choices would be called {one.words!r}; rename a class, or give other words for "
                    "unsure= or bad="
                )
            seen[one.words] = one
        return cls(tuple(made))

    def meaning(self, words: str) -> Choice:
        """Give the choice of these words; raises AnswerError for words that were not offered."""
        for one in self.all:
            if one.words == words:
                return one
        raise AnswerError(unknown("choice", words, [one.words for one in self.all][:BUTTONS]))


def page(kind: Kind, choices: Choices) -> str:
    """Write the labeling configuration: the item, and under it the choices with their keys.

    >>> print(page("text", Choices.of(("a<b", '"'), unsure="", bad="")))
    <View>
      <Text name="item" value="$text"/>
      <Choices name="label" toName="item" choice="single" required="true" showInline="true">
        <Choice value="a&lt;b" hotkey="1"/>
        <Choice value='"' hotkey="2"/>
      </Choices>
    </View>
    """
    classes = sum(one.outcome == "label" for one in choices.all)
    look = 'layout="select"' if classes > BUTTONS else 'showInline="true"'
    keyed = [
        f"    <Choice value={quoteattr(one.words)}{f' hotkey={quoteattr(one.key)}' if one.key else ''}/>"
        for one in choices.all
    ]
    return "\n".join(
        [
            "<View>",
            f"  {_TAGS[kind]}",
            f'  <Choices name="{CONTROL}" toName="{SHOWN}" choice="single" required="true" {look}>',
            *keyed,
            "  </Choices>",
            "</View>",
        ]
    )


def _words(value: Any) -> str:
    """Write a class as words that come back from Label Studio as they went."""
    words = str(value)
    wrong = None
    if not words.strip() or words != " ".join(words.split()):
        wrong = "is empty, or has spaces at an end, two in a row, or a line break"
    elif not words.isprintable():
        wrong = "has signs that cannot be shown"
    elif words.startswith("$"):
        wrong = "begins with $, which Label Studio takes for the name of a column"
    elif len(words) > _LONGEST:
        wrong = f"is longer than {_LONGEST} signs"
    if wrong:
        raise ConfigurationError(f"the choice {words[:_LONGEST]!r} {wrong}; rename it")
    return words
