"""What a loop is given, checked at the door and written down so that a resumed run is the same run."""

from __future__ import annotations

import hashlib
import importlib
import itertools
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from activeloop import slices as slicing
from activeloop.arrays import Array
from activeloop.cases import Judge, Predicted, TestCase
from activeloop.errors import ConfigurationError, DataError, SliceError, StrategyError
from activeloop.guide import Guide, sliced
from activeloop.items import Items
from activeloop.metrics.built_in import built_in
from activeloop.metrics.fingerprint import fingerprint
from activeloop.metrics.metric import Metric
from activeloop.models import has_decisions, has_probabilities, name_of
from activeloop.names import resolve
from activeloop.pool import Holdout, Pool
from activeloop.scoring import Scoreboard
from activeloop.strategy import Strategy, as_strategy


def built_in_strategies() -> dict[str, Any]:
    """Give the strategies that come with the package, by name; the engine knows none of them itself."""
    room = importlib.import_module("activeloop.strategies")
    return {name: getattr(room, name) for name in room.__all__}


def strategies_by_name(name: str) -> dict[str, Any]:
    """Give what a name may stand for where a strategy is wanted: a strategy, or else a metric to rank by."""
    strategies = built_in_strategies()
    return strategies if name in strategies or name not in built_in() else {name: built_in()[name]}


def named_strategy(given: Any, folder: Path | None = None) -> Strategy:
    """Give the Strategy for a name, a metric, an acquisition function or a Strategy."""
    if isinstance(given, str):
        return as_strategy(resolve("strategy", given, strategies_by_name(given), folder), name=given)
    return as_strategy(given)


def starts(one: Strategy) -> Strategy:
    """Raise StrategyError when a strategy cannot be the one that asks until the model is trained."""
    if one.needs:
        raise StrategyError(
            f"start is {one.name!r}, which needs {' and '.join(one.needs)} while no model is trained; "
            f"{_able()}"
        )
    return one


def fits(one: Strategy, model: Any, classes: tuple[Any, ...] | None, guide: Guide | None = None) -> Strategy:
    """Raise StrategyError when a strategy needs what the model, the task or the guide cannot give."""
    if "guide" in (one.needs or ()) and guide is None:
        raise StrategyError(
            f"strategy {one.name!r} needs a guide, labeled items apart from pool and holdout, and there is "
            "none; give guide= (Pool.split_guide takes one from the pool), or guide in the [data] of a study"
        )
    if one.ready is not None and guide is not None:
        one.ready(guide.before())
    if "decisions" in (one.needs or ()) and (classes is None or not has_decisions(model)):
        lacks = (
            "the task is a regression" if classes is None else f"{name_of(model)} has no decision_function"
        )
        raise StrategyError(f"strategy {one.name!r} needs decision values, and {lacks}; {_able()}")
    if "probabilities" not in (one.needs or ()):
        return one
    lacks = "the task is a regression" if classes is None else f"{name_of(model)} has no predict_proba"
    if classes is None or not has_probabilities(model):
        raise StrategyError(f"strategy {one.name!r} needs class probabilities, and {lacks}; {_able()}")
    return one


def _able() -> str:
    plain = {name: one for name, one in built_in_strategies().items() if not getattr(one, "wraps", False)}
    able = [name for name, one in plain.items() if not as_strategy(one).needs]
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


def judge(holdout: Holdout | None, cases: Sequence[TestCase], baseline: Predicted | None) -> Judge | None:
    """Give the judge of the test-cases, or None where there are none; raises ConfigurationError."""
    if not cases:
        return None
    if holdout is None:
        raise ConfigurationError("test-cases are given, but no holdout to judge them on")
    return Judge(cases, holdout, baseline)


def guided(
    pool: Pool, holdout: Holdout | None, guide: Holdout | None, given: Sequence[Any] | None
) -> tuple[Pool, Guide | None]:
    """Give the pool with the metrics by which guide and holdout are cut, and the guide with its scores.

    Raises DataError when two of the three share an item or differ in their classes.
    """
    named = [("pool", pool), ("holdout", holdout), ("guide", guide)]
    parts = [(word, part) for word, part in named if part is not None]
    for (word, part), (other_word, other) in itertools.combinations(parts, 2):
        _apart(word, part, other_word, other)
    metrics: dict[str, Metric] = {}
    for _, part in parts:
        for name, one in part.metrics.items():
            if metrics.setdefault(name, one) != one:
                raise SliceError(f"two metrics are named {name!r}; give one of them another name")
    seen = replace(pool, metrics=metrics) if metrics else pool
    if guide is None:
        return seen, None
    items = sliced(guide, holdout)
    scores = board(items, given)
    assert scores is not None
    return seen, Guide(items, scores)


def _apart(word: str, part: Items, other_word: str, other: Items) -> None:
    if part.source is other.source:
        both = np.intersect1d(part.positions, other.positions)
        if len(both):
            first = part.source.ids[both].tolist()[0]
            raise DataError(
                f"{len(both)} items are in the {word} and in the {other_word} (first {first!r}), so scores "
                "would be measured on what was learned; split the data set once"
            )
    if part.classes != other.classes:
        raise DataError(
            f"the classes of the {word}, {part.classes}, are not those of the {other_word}, {other.classes}"
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
    guide: Guide | None = None,
) -> Settings:
    """Check what a loop is given; raises an InputError or StrategyError."""
    size = whole("batch_size", batch_size, 1)
    return Settings(
        strategy=fits(named_strategy(strategy), model, pool.classes, guide),
        start=starts(named_strategy(start)),
        batch_size=size,
        start_size=size if start_size is None else whole("start_size", start_size, 1),
        seed=whole("seed", seed, 0),
        initial=tuple(pool.ids[np.unique(pool.find([*pool.initial, *initial]))].tolist()),
    )


def describe(
    pool: Pool,
    holdout: Holdout | None,
    model: Any,
    settings: Settings,
    scores: Sequence[str],
    judge: Judge | None = None,
    guide: Guide | None = None,
) -> str:
    """Write down, as JSON, all that makes two runs the same run; metrics and guide where there are any."""
    metrics = {name: fingerprint(one) for name, one in pool.metrics.items()}
    aside = None if guide is None else [_sum(guide.items.ids), *slicing.to_json(guide.items.slices)]
    return json.dumps(
        {
            **({"metrics": metrics} if metrics else {}),
            **({"guide": aside} if aside else {}),
            **vars(settings),
            "strategy": settings.strategy.name,
            "batch": words(settings.strategy.batch),
            "start": settings.start.name,
            "model": words(model),
            "data": getattr(pool.source, "fingerprint", lambda: None)(),
            "pool": _sum(pool.ids),
            "holdout": None if holdout is None else _sum(holdout.ids),
            "slices": [] if holdout is None else slicing.to_json(holdout.slices),
            "scoring": list(scores),
            # Left out where there are none: a run of before there were test-cases is still the same run.
            **(judge.describe() if judge else {}),
        },
        sort_keys=True,
    )


def _sum(ids: Array) -> str:
    return hashlib.sha256("\n".join(map(str, ids.tolist())).encode()).hexdigest()[:16]


def words(plugin: Any) -> str:
    """Write down a model or a batch rule: a function by its name, anything else as it would be written.

    Without the address in memory that some texts carry: it is another one when the run goes on.
    """
    text = str(getattr(plugin, "__qualname__", None) or repr(plugin))
    return re.sub(r" at 0x[0-9a-fA-F]+", "", " ".join(text.split()))
