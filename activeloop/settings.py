"""What a loop is given, checked at the door and written down so that a resumed run is the same run."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from activeloop import slices as slicing
from activeloop.arrays import Array
from activeloop.errors import ConfigurationError, DataError, StrategyError
from activeloop.models import has_probabilities, name_of
from activeloop.names import resolve
from activeloop.pool import Holdout, Pool
from activeloop.scoring import Scoreboard
from activeloop.strategy import Strategy, as_strategy


def built_in_strategies() -> dict[str, Any]:
    """Give the strategies that come with the package, by name; the engine knows none of them itself."""
    room = importlib.import_module("activeloop.strategies")
    return {name: getattr(room, name) for name in room.__all__}


def named_strategy(given: Any, folder: Path | None = None) -> Strategy:
    """Give the Strategy for a name, a metric, an acquisition function or a Strategy."""
    if isinstance(given, str):
        return as_strategy(resolve("strategy", given, built_in_strategies(), folder), name=given)
    return as_strategy(given)


def starts(one: Strategy) -> Strategy:
    """Raise StrategyError when a strategy cannot be the one that asks until the model is trained."""
    if one.needs:
        raise StrategyError(
            f"start is {one.name!r}, which needs {' and '.join(one.needs)} while no model is trained; "
            f"{_able()}"
        )
    return one


def fits(one: Strategy, model: Any, classes: tuple[Any, ...] | None) -> Strategy:
    """Raise StrategyError when a strategy needs what the model or the task cannot give."""
    if "probabilities" not in (one.needs or ()):
        return one
    lacks = "the task is a regression" if classes is None else f"{name_of(model)} has no predict_proba"
    if classes is None or not has_probabilities(model):
        raise StrategyError(f"strategy {one.name!r} needs class probabilities, and {lacks}; {_able()}")
    return one


def _able() -> str:
    able = [name for name, other in built_in_strategies().items() if not as_strategy(other).needs]
    return f"strategies that need none: {', '.join(able)}"


def whole(name: str, given: Any, least: int) -> int:
    """Give a whole number, or raise ConfigurationError."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < least:
        raise ConfigurationError(f"{name} is {given!r}; allowed: a whole number from {least}")
    return int(given)


def scoring(given: Sequence[Any] | None, classes: tuple[Any, ...] | None) -> list[Any]:
    """Give the scores to measure; accuracy or R² when none is named."""
    if given is None:
        return ["accuracy" if classes is not None else "r2"]
    return [given] if isinstance(given, str) or callable(given) else list(given)


def board(holdout: Holdout | None, given: Sequence[Any] | None) -> Scoreboard | None:
    """Give the scoreboard of a holdout: every score on every slice of it."""
    if holdout is None:
        return None
    return Scoreboard(
        scoring(given, holdout.classes),
        [(one.name, holdout.members(one)) for one in holdout.slices],
        holdout.labels,
        holdout.classes,
        holdout.keys,
        ids=holdout.ids,
    )


def apart(pool: Pool, holdout: Holdout | None) -> None:
    """Raise DataError when an item is in both pool and holdout, or their classes differ."""
    if holdout is None:
        return
    if pool.source is holdout.source:
        both = np.intersect1d(pool.positions, holdout.positions)
        if len(both):
            first = pool.source.ids[both].tolist()[0]
            raise DataError(
                f"{len(both)} items are in the pool and in the holdout (first {first!r}), so scores would "
                "be measured on what was learned; split the data set once"
            )
    if pool.classes != holdout.classes:
        raise DataError(
            f"the classes of the pool, {pool.classes}, are not those of the holdout, {holdout.classes}"
        )


@dataclass(frozen=True)
class Settings:
    """How a loop asks: what makes two runs on the same data with the same model the same run."""

    strategy: Strategy
    start: Strategy
    batch_size: int
    start_size: int
    seed: int
    initial: tuple[int | str, ...]


def checked(
    pool: Pool,
    model: Any,
    *,
    strategy: Any,
    start: Any,
    batch_size: int,
    start_size: int | None,
    seed: int,
    initial: Iterable[Any],
) -> Settings:
    """Check what a loop is given; raises an InputError or StrategyError."""
    size = whole("batch_size", batch_size, 1)
    return Settings(
        strategy=fits(named_strategy(strategy), model, pool.classes),
        start=starts(named_strategy(start)),
        batch_size=size,
        start_size=size if start_size is None else whole("start_size", start_size, 1),
        seed=whole("seed", seed, 0),
        initial=tuple(pool.ids[np.unique(pool.find(list(initial)))].tolist()),
    )


def describe(
    pool: Pool, holdout: Holdout | None, model: Any, settings: Settings, scores: Sequence[str]
) -> str:
    """Write down, as JSON, all that makes two runs the same run."""
    return json.dumps(
        {
            **vars(settings),
            "strategy": settings.strategy.name,
            "batch": _words(settings.strategy.batch),
            "start": settings.start.name,
            "model": _words(model),
            "data": getattr(pool.source, "fingerprint", lambda: None)(),
            "pool": _sum(pool.ids),
            "holdout": None if holdout is None else _sum(holdout.ids),
            "slices": [] if holdout is None else slicing.to_json(holdout.slices),
            "scoring": list(scores),
        },
        sort_keys=True,
    )


def _sum(ids: Array) -> str:
    return hashlib.sha256("\n".join(map(str, ids.tolist())).encode()).hexdigest()[:16]


def _words(plugin: Any) -> str:
    """Write down a model or a batch rule: a function by its name, anything else as it would be written.

    Without the address in memory that some texts carry: it is another one when the run goes on.
    """
    text = str(getattr(plugin, "__qualname__", None) or repr(plugin))
    return re.sub(r" at 0x[0-9a-fA-F]+", "", " ".join(text.split()))
