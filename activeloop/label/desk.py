"""What the page is given: who is asked, what they see, what the model is doing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from activeloop.errors import ConfigurationError
from activeloop.label.showing import Show, legible, shown
from activeloop.people.people import People


class Status(NamedTuple):
    """How the run stands; it is shown to all, so it tells nothing of any one item.

    `done` of `needed` answers close round `round`; `finished` is the reason why the run stopped, or "".
    """

    round: int = 0
    done: int = 0
    needed: int = 0
    training: bool = False
    finished: str = ""


class Prediction(NamedTuple):
    """What the model says of an item: a class, and how probable it finds it (None where it does not say)."""

    value: Any
    probability: float | None = None


@dataclass(frozen=True)
class Desk:
    """All that people label at: the run's people, its items, and how these are shown.

    people      whom the answers go to; its classes and rules are the page's
    items       gives the raw item of an id
    show        gives one of Text, Row, Picture, Audio, Refused for a raw item
    title       stands above the page
    guidelines  the text that people follow, shown as it is; its version is in the people's rules
    status      how the run stands; without, the counts of the newest round
    predict     what the model says of an item's id; needed when the rules reveal it, else never called

    Raises ConfigurationError when two classes look alike, there is none, or a prediction is to be revealed
    and there is none.
    """

    people: People
    items: Callable[[Any], Any]
    show: Show = shown
    title: str = "Label"
    guidelines: str = ""
    status: Callable[[], Status] | None = None
    predict: Callable[[Any], Prediction | None] | None = None
    labels: Mapping[str, Any] = field(init=False)
    """The classes by the names under which they are shown and sent."""

    def __post_init__(self) -> None:
        classes = self.people.classes
        if not classes:
            raise ConfigurationError("the page needs classes that people choose from; give people classes=")
        names = [legible(str(one), 200) for one in classes]
        twice = [name for name, times in Counter(names).items() if times > 1]
        if twice:
            raise ConfigurationError(f"two classes are both shown as {twice[0]!r}; give them different names")
        if self.people.rules.reveal != "never" and self.predict is None:
            reveal = self.people.rules.reveal
            raise ConfigurationError(f"reveal is {reveal!r}; give predict=, which predicts an item")
        object.__setattr__(self, "labels", dict(zip(names, classes, strict=True)))

    def standing(self) -> Status:
        """Say how the run stands now."""
        if self.status is not None:
            return self.status()
        counts = self.people.counts()
        return Status(done=counts.answered, needed=counts.asked)
