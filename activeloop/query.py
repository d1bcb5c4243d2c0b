"""What is asked and what is answered: Ask, Query, Answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from activeloop.arrays import Array, FloatArray

Outcome: TypeAlias = Literal["label", "abstain", "skip", "bad"]
OUTCOMES: tuple[Outcome, ...] = ("label", "abstain", "skip", "bad")


class Ask(NamedTuple):
    """One asked item: why it was picked stands beside it."""

    ask_id: str
    id: int | str
    utility: float | None
    probability: float | None


@dataclass(frozen=True, eq=False)
class Query:
    """A batch of asked items, most wanted first; it is on disk before anyone sees it."""

    round: int
    asks: tuple[Ask, ...]
    strategy: str
    n_trained: int
    classes: tuple[Any, ...] | None
    items: Callable[[int | str], Any]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.asks)

    @property
    def ids(self) -> tuple[int | str, ...]:
        """The ids of the asked items."""
        return tuple(ask.id for ask in self.asks)

    def item(self, ask: Ask) -> Any:
        """Give the raw item of an ask."""
        return self.items(ask.id)

    @classmethod
    def from_payload(cls, round: int, payload: Mapping[str, Any], **seen: Any) -> Query:
        """Give back the query of an event; `seen` are the classes and items that people are shown."""
        return cls(
            round=round,
            asks=tuple(Ask(*one) for one in payload["asks"]),
            strategy=payload["strategy"],
            n_trained=payload["n_trained"],
            notes=tuple(payload["notes"]),
            **seen,
        )


class Answer(NamedTuple):
    """What one annotator said of one ask.

    `outcome` "label" gives `value`; "abstain": cannot say, and the item is not asked about again; "skip": ask
    later, a second skip counts as abstain; "bad": the item itself is broken and leaves the pool.
    `cost` is in the user's unit, `seconds` the time that the answer took; an ask is paid for once, whatever
    is corrected later.
    """

    ask_id: str
    value: Any = None
    outcome: Outcome = "label"
    annotator: str = ""
    cost: float = 1.0
    seconds: float = 0.0
    note: str = ""


def written(
    round: int, ids: Array, utilities: FloatArray, chances: FloatArray | None
) -> list[tuple[str, int | str, float | None, float | None]]:
    """Write a picked batch as asks; what is not finite is None, as JSON has no word for it.

    >>> import numpy as np
    >>> written(3, np.array(["a", "b"]), np.array([0.5, -np.inf]), None)
    [('3.0', 'a', 0.5, None), ('3.1', 'b', None, None)]
    """
    columns = (_finite(utilities), [None] * len(ids) if chances is None else _finite(chances))
    names = (f"{round}.{at}" for at in range(len(ids)))
    return list(zip(names, ids.tolist(), *columns, strict=True))


def _finite(values: FloatArray) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values.tolist()]
