"""Which runs a study has: every data set, model, batch size and oracle with every strategy and seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import PurePath
from typing import TypeVar

from activeloop.errors import ConfigurationError, unknown
from activeloop.setting import Setting
from activeloop.study_tables import (
    Batch,
    Data,
    ExcludeTable,
    Model,
    Oracle,
    StrategyTable,
    StudyFile,
    called,
    changed,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Cell:
    """One run of a study: a strategy in a setting under a seed; `run` is its name in the store."""

    setting: Setting
    strategy: str
    seed: int
    run: str


@dataclass(frozen=True)
class Axes:
    """What a study varies, each by the name that it has in tables."""

    data: Mapping[str, Data]
    models: Mapping[str, Model]
    batch_sizes: tuple[int, ...]
    oracles: Mapping[str, Oracle]
    strategies: Mapping[str, str | StrategyTable]
    seeds: tuple[int, ...]

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Every data set with every model, batch size and oracle."""
        return tuple(Setting(*one) for one in product(self.data, self.models, self.batch_sizes, self.oracles))


def axes(study: StudyFile) -> Axes:
    """Give what a study varies; raises ConfigurationError where two of a kind have one name."""
    given = study.loop.batch_size
    return Axes(
        _named("data set", [(_of_data(one), one) for one in _several(study.data)]),
        _named("model", [(_of_model(one), one) for one in _several(study.model)]),
        _distinct("batch_size", "size", given if isinstance(given, list) else [given]),
        _named("oracle", [(_of_oracle(one), one) for one in _several(study.oracle)]),
        strategies(study),
        seeds(study),
    )


def strategies(study: StudyFile) -> dict[str, str | StrategyTable]:
    """Give every strategy with every batch rule; one with a rule of its own keeps that one.

    "top" is the usual rule and changes no name. The baseline that all are compared with takes no other.
    """
    rules = study.loop.batch_rules
    made: list[tuple[str, str | StrategyTable]] = []
    for one in study.loop.strategies:
        if rules is None or _has_rule(one) or called(one) == study.compare.baseline:
            made.append((called(one), one))
        else:
            ruled = (_ruled(one, rule) for rule in rules)
            made.extend((called(table), table) for table in ruled)
    return _named("strategy", made, plural="strategies")


def seeds(study: StudyFile) -> tuple[int, ...]:
    """Give the seeds: those listed, or as many as the number says, from 0."""
    given = study.loop.seeds
    return tuple(range(given)) if isinstance(given, int) else _distinct("seeds", "seed", given)


def is_grid(study: StudyFile) -> bool:
    """Say whether a study lists data sets, models, batch sizes or oracles, be it one of them."""
    axes = (study.data, study.model, study.loop.batch_size, study.oracle)
    return any(isinstance(one, list) for one in axes)


def cells(study: StudyFile) -> tuple[Cell, ...]:
    """Give the runs, data set by data set, and there seed by seed: what is there can be compared already."""
    varied, several = axes(study), is_grid(study)
    _check_excluded(study.exclude, varied)
    made = []
    for setting in varied.settings:
        before = " / ".join(map(str, setting)) + " / " if several else ""
        for seed, strategy in product(varied.seeds, varied.strategies):
            cell = Cell(setting, strategy, seed, f"{before}{strategy} / seed {seed}")
            if not any(_matches(one, cell) for one in study.exclude):
                made.append(cell)
    if not made:
        raise ConfigurationError("exclude leaves no run")
    return tuple(made)


def single(study: StudyFile) -> Setting:
    """Give the one setting of a study; raises ConfigurationError where it has several."""
    given = axes(study).settings
    if len(given) > 1:
        raise ConfigurationError(
            f"the study has {len(given)} settings (data sets, models, batch sizes, oracles); "
            "activeloop compare runs and shows them"
        )
    return given[0]


def budget(study: StudyFile, data: str) -> int | None:
    """Give the budget of a data set: its own, or that of the loop."""
    own = axes(study).data[data].budget
    return study.loop.budget if own is None else own


def with_baseline(study: StudyFile) -> StudyFile:
    """Give a study that has its baseline among the strategies.

    Raises ConfigurationError for a baseline other than random that is not there.
    """
    known = strategies(study)
    baseline = study.compare.baseline
    if baseline in known:
        return study
    if baseline != "random":
        raise ConfigurationError(f"compare.baseline: {unknown('strategy', baseline, {'random', *known})}")
    return changed(study, loop=changed(study.loop, strategies=[baseline, *study.loop.strategies]))


def _several(given: T | list[T]) -> list[T]:
    return given if isinstance(given, list) else [given]


def _of_data(given: Data) -> str:
    return given.called or given.name or PurePath(given.path or "").stem


def _of_model(given: Model) -> str:
    return given.called or (given.name or "default").replace(":", ".").rpartition(".")[2]


def _of_oracle(given: Oracle) -> str:
    usual = Oracle()
    return given.called or ("exact" if given == usual else given.name)


def _named(kind: str, given: Sequence[tuple[str, T]], plural: str = "") -> dict[str, T]:
    names = [name for name, _ in given]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        key = "name" if kind == "strategy" else "called"
        raise ConfigurationError(
            f"two {plural or kind + 's'} are called {twice!r}; give one another name with {key}"
        )
    return dict(given)


def _distinct(key: str, what: str, given: Iterable[int]) -> tuple[int, ...]:
    values = tuple(given)
    if len(set(values)) < len(values):
        raise ConfigurationError(f"loop.{key} names a {what} twice: {list(values)}")
    return values


def _has_rule(given: str | StrategyTable) -> bool:
    if isinstance(given, str):
        return False
    return given.batch is not None or (given.of is not None and _has_rule(given.of))


def _ruled(given: str | StrategyTable, rule: str | Batch) -> str | StrategyTable:
    """Give a strategy a batch rule and the name of both; where it is made of another, that one picks."""
    batch = Batch(rule=rule) if isinstance(rule, str) else rule
    if batch == Batch():
        return given
    name = f"{called(given)} ({batch.called or batch.rule})"
    table = StrategyTable(acquisition=given) if isinstance(given, str) else given
    if table.of is not None:
        return changed(table, name=name, of=_ruled(table.of, rule))
    return changed(table, name=name, batch=batch)


def _matches(one: ExcludeTable, cell: Cell) -> bool:
    here = {**cell.setting._asdict(), "strategy": cell.strategy, "seed": cell.seed}
    return all(value is None or here[key] == value for key, value in vars(one).items())


def _check_excluded(given: Sequence[ExcludeTable], varied: Axes) -> None:
    known: dict[str, Iterable[str | int]] = {
        "data": varied.data,
        "model": varied.models,
        "strategy": varied.strategies,
        "batch_size": varied.batch_sizes,
        "oracle": varied.oracles,
        "seed": varied.seeds,
    }
    for one in given:
        named = {key: value for key, value in vars(one).items() if value is not None}
        if not named:
            raise ConfigurationError("an [[exclude]] names nothing; allowed: " + ", ".join(known))
        for key, value in named.items():
            if value not in known[key]:
                raise ConfigurationError(f"exclude.{key}: {unknown(key, str(value), map(str, known[key]))}")
