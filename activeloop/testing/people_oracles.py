"""Check a door that people answer through: nothing asked twice, nothing said lost, nothing wrong let in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from activeloop.errors import AnswerError
from activeloop.query import Outcome
from activeloop.testing.contract import contract
from activeloop.testing.door_on_trial import Person, Trial


def check_people_oracle(
    person: Callable[[], Person],
    *,
    classes: Sequence[Any] = ("good", "bad", "so so"),
    without: Collection[str] = (),
    only: Collection[str] = (),
) -> None:
    """Check a door; `person()` gives a new, empty one each time, with the way to answer through it.

    Each check is a story with a beginning of its own; `PEOPLE_CHECKS` has their names. `without` leaves out
    those that a door cannot have (a model corrects nobody), `only` tells a single one. A wrong answer may be
    refused when it is given or when the door is next called. Raises AssertionError with a sentence.

    >>> from activeloop.doors import Callback, LATER
    >>> class Colleague:
    ...     def __init__(self):
    ...         self.store, self.door = activeloop.store.MemoryStore(), None
    ...     def make(self):
    ...         self.door = Callback(lambda asked: LATER, store=self.store)
    ...         return self.door
    ...     def open(self):
    ...         return self.door.open
    ...     def answer(self, said):
    ...         self.door.tell(said)
    >>> import activeloop.store
    >>> check_people_oracle(Colleague)
    """
    wrong = [name for name in (*without, *only) if name not in PEOPLE_CHECKS]
    assert not wrong, f"unknown check {wrong[0]!r}; allowed: {', '.join(PEOPLE_CHECKS)}"
    for name in only or [one for one in PEOPLE_CHECKS if one not in without]:
        with contract(f"check {name!r}"):
            PEOPLE_CHECKS[name](Trial(person(), tuple(classes)))


def _handed_out_once(trial: Trial) -> None:
    everything = [ask.ask_id for ask in trial.first.asks]
    for _ in range(2):
        assert trial.call() == {}, "the door gave answers before anyone said anything"
        trial.lies_open(*everything)
    trial.restart()
    trial.call()
    trial.lies_open(*everything)


def _partial(trial: Trial) -> None:
    trial.call()
    trial.say("0.1", trial.classes[0])
    trial.gives({"0.1": ("label", trial.classes[0])})
    trial.say("0.4", trial.classes[1])
    trial.gives({"0.1": ("label", trial.classes[0]), "0.4": ("label", trial.classes[1])})
    trial.lies_open("0.0", "0.2", "0.3")


def _outcome(outcome: Outcome) -> Callable[[Trial], None]:
    def check(trial: Trial) -> None:
        trial.call()
        trial.say("0.2", outcome=outcome)
        trial.gives({"0.2": (outcome, None)})

    return check


def _repeated(trial: Trial) -> None:
    trial.call()
    trial.say("0.0", trial.classes[0])
    trial.say("0.0", trial.classes[0])
    trial.gives({"0.0": ("label", trial.classes[0])})
    trial.say("0.0", trial.classes[0])
    trial.gives({"0.0": ("label", trial.classes[0])})


def _corrected(trial: Trial) -> None:
    trial.call()
    trial.say("0.0", trial.classes[0])
    trial.gives({"0.0": ("label", trial.classes[0])})
    trial.say("0.0", trial.classes[1])
    trial.gives({"0.0": ("label", trial.classes[1])})
    trial.say("0.0", trial.classes[0])
    trial.gives({"0.0": ("label", trial.classes[0])})


def _kept(trial: Trial) -> None:
    """Said before the crash, and before the door was called: it was the person's work."""
    trial.call()
    trial.say("0.3", trial.classes[1])
    trial.restart()
    trial.gives({"0.3": ("label", trial.classes[1])})
    trial.say("0.0", trial.classes[0])
    trial.retire()
    trial.restart()
    trial.gives({"0.0": ("label", trial.classes[0]), "0.3": ("label", trial.classes[1])})


def _retired(trial: Trial) -> None:
    trial.call()
    trial.say("0.0", trial.classes[0])
    trial.call()
    trial.retire()
    trial.retire()
    trial.lies_open()
    trial.restart()
    trial.gives({"0.0": ("label", trial.classes[0])})
    trial.lies_open()
    trial.call(trial.second)
    trial.restart()
    trial.call(trial.second)
    trial.lies_open("1.0")


def _late(trial: Trial) -> None:
    trial.call()
    trial.retire()
    trial.call(trial.second)
    trial.say("0.2", trial.classes[0])
    trial.gives({}, trial.second)
    trial.gives({"0.2": ("label", trial.classes[0])})
    trial.lies_open("1.0")


def _refused(trial: Trial) -> None:
    trial.call()
    trial.say("0.1", trial.classes[0])
    trial.call()
    trial.refuses("0.0", "nonsense", "nonsense")
    trial.restart()
    try:
        told = trial.call()
    except AnswerError:
        told = {}
    assert "0.0" not in told, f"the door gave what it had refused: {told['0.0']}"
    trial.say("0.0", trial.classes[0])
    trial.gives({"0.0": ("label", trial.classes[0]), "0.1": ("label", trial.classes[0])})


def _foreign(trial: Trial) -> None:
    trial.call()
    trial.refuses("9.9", trial.classes[0], "9.9")


def _annotators(trial: Trial) -> None:
    trial.call()
    trial.say("0.0", trial.classes[0], by="ada")
    trial.say("0.1", trial.classes[1], by="grace")
    told = trial.gives({"0.0": ("label", trial.classes[0]), "0.1": ("label", trial.classes[1])})
    by = {ask_id: one.annotator for ask_id, one in told.items()}
    assert by == {"0.0": "ada", "0.1": "grace"}, f"the door says that {by} answered; expected: ada, grace"


def _closed(trial: Trial) -> None:
    trial.call()
    trial.say("0.0", trial.classes[0])
    for _ in range(2):
        getattr(trial.door, "close", lambda: None)()
    trial.restart()
    trial.gives({"0.0": ("label", trial.classes[0])})
    trial.lies_open("0.1", "0.2", "0.3", "0.4")


PEOPLE_CHECKS: dict[str, Callable[[Trial], None]] = {
    "handed out once": _handed_out_once,
    "partial": _partial,
    "abstain": _outcome("abstain"),
    "skip": _outcome("skip"),
    "bad": _outcome("bad"),
    "repeated": _repeated,
    "corrected": _corrected,
    "kept": _kept,
    "retired": _retired,
    "late": _late,
    "refused": _refused,
    "foreign": _foreign,
    "annotators": _annotators,
    "closed": _closed,
}
