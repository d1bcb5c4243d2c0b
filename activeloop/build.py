"""From the words of a study file to the things of a loop: data, model, slices, strategies, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from activeloop import data, settings, stopping
from activeloop.batch import BATCH_RULES
from activeloop.build_oracle import oracle
from activeloop.cases import Predicted, TestCase
from activeloop.data import Dataset
from activeloop.data.frames import read_frame
from activeloop.errors import ConfigurationError, SliceError
from activeloop.events import Store
from activeloop.loop import Loop
from activeloop.metrics.metric import Metric
from activeloop.plugins import called, is_plugin, named
from activeloop.pool import Holdout, Pool
from activeloop.stopping import Rule
from activeloop.strategy import Strategy, as_strategy
from activeloop.study_tables import (
    Batch,
    CaseTable,
    Data,
    Model,
    PredictionsTable,
    SliceTable,
    StrategyTable,
    StudyFile,
)
from activeloop.study_tables import called as name_of


@dataclass(frozen=True)
class Cell:
    """One run of a study: a strategy under a seed."""

    strategy: str
    seed: int

    @property
    def run(self) -> str:
        """The name of the run in the store."""
        return f"{self.strategy} / seed {self.seed}"


def cells(study: StudyFile) -> tuple[Cell, ...]:
    """Give the runs of a study, seed by seed, so that an unfinished study can be compared already."""
    names = [name_of(one) for one in study.loop.strategies]
    return tuple(Cell(name, seed) for seed in study.loop.seeds for name in names)


@dataclass(frozen=True, eq=False)
class Built:
    """What one cell runs."""

    loop: Loop
    oracle: Any
    stop: Rule


def build(study: StudyFile, cell: Cell, folder: Path, store: Store | None) -> Built:
    """Build the loop of one cell; strategies under one seed share split, start labels and oracle answers."""
    dataset = load(study.data, folder)
    pool, holdout = _split(study.data, dataset, cell.seed)
    holdout = sliced(holdout, study.slices, folder)
    wanted = strategy(next(one for one in study.loop.strategies if name_of(one) == cell.strategy), folder)
    pool, guide = _guided(study.data, pool, wanted, cell.seed)
    loop = Loop(
        model(study.model, dataset, folder),
        pool,
        strategy=wanted,
        holdout=holdout,
        guide=guide,
        scoring=None if study.loop.scoring is None else [score(one, folder) for one in study.loop.scoring],
        batch_size=study.loop.batch_size,
        start=strategy(study.loop.start, folder),
        start_size=study.loop.start_size,
        seed=cell.seed,
        store=store,
        name=cell.run,
        cases=cases(study.case, folder),
        baseline=predicted(study.baseline, dataset, folder) if study.baseline else None,
    )
    return Built(
        loop, oracle(study.oracle, pool, cell.seed, folder), stop(study, folder, len(guide) if guide else 0)
    )


@lru_cache(maxsize=4)
def _loaded(source: str, arguments: str, written: int) -> Dataset:
    import json

    return data.load(source, **json.loads(arguments))


def load(given: Data, folder: Path) -> Dataset:
    """Load the data set that a study names; a path is relative to the study file."""
    import json

    arguments: dict[str, Any] = {key: getattr(given, key) for key in ("label", "text", "id")}
    arguments = {key: value for key, value in arguments.items() if value is not None} | given.options
    source = given.name if given.name is not None else str(folder / (given.path or ""))
    try:
        return _loaded(source, json.dumps(arguments, sort_keys=True), _written(source))
    except TypeError as error:
        raise ConfigurationError(f"data.options {given.options}: {error}") from error


def _written(source: str) -> int:
    """Say when a file was written, so that one that has changed is read again; 0 for what is no file."""
    return Path(source).stat().st_mtime_ns if Path(source).is_file() else 0


def _split(given: Data, dataset: Dataset, seed: int) -> tuple[Pool, Holdout]:
    if given.at is not None:
        return dataset.split(by=given.by, at=given.at)
    return dataset.split(given.holdout, seed=seed, by=given.by)


def _guided(given: Data, pool: Pool, wanted: Strategy, seed: int) -> tuple[Pool, Holdout | None]:
    """Take the guide out of the pool for a strategy that needs one; others may ask about its items."""
    if given.guide is None or "guide" not in (wanted.needs or ()):
        return pool, None
    return pool.split_guide(given.guide, seed=seed)


def model(given: Model, dataset: Dataset, folder: Path) -> Any:
    """Give the model that a study names, or one that is built for the data."""
    if given.name is None:
        if given.parameters:
            raise ConfigurationError("model.parameters are given, but no model.name")
        return data.default_model(dataset)
    found = named("model", given.name, {}, folder)
    if callable(found):
        return called(f"model {given.name!r}", found, given.parameters)
    if given.parameters:
        raise ConfigurationError(f"model {given.name!r} is made already, so it takes no parameters")
    return found


def strategy(given: str | StrategyTable, folder: Path) -> Strategy:
    """Give a strategy by its name or a metric's, made of another, or of an acquisition and a batch rule."""
    if isinstance(given, StrategyTable) and given.of is not None:
        return _of_another(given, given.of, folder)
    name, parameters, rule = (
        (given, {}, None) if isinstance(given, str) else (given.acquisition, given.parameters, given.batch)
    )
    found = named("strategy", name, settings.strategies_by_name(name), folder)
    if parameters and (name in settings.built_in_strategies() or isinstance(found, Strategy)):
        raise ConfigurationError(f"strategy {name!r} takes no parameters; given: {', '.join(parameters)}")
    if parameters or isinstance(found, type):
        factory = found.with_parameters if isinstance(found, Metric) else found
        found = called(f"strategy {name!r}", factory, parameters)
    batch = None if rule is None else batch_rule(rule, folder)
    return as_strategy(found, name=name_of(given), batch=batch)


def _of_another(given: StrategyTable, inner: str | StrategyTable, folder: Path) -> Strategy:
    if given.batch is not None:
        raise ConfigurationError(f"strategy {name_of(given)!r}: batch belongs into of, to the strategy there")
    make = named("strategy", given.acquisition, settings.built_in_strategies(), folder)
    made = partial(make, strategy(inner, folder))
    return as_strategy(called(f"strategy {given.acquisition!r}", made, given.parameters), name=name_of(given))


def batch_rule(given: Batch, folder: Path) -> Any:
    """Give a batch rule by name; a class, or a rule with parameters, is called to make it."""
    found = named("batch rule", given.rule, BATCH_RULES, folder)
    if isinstance(found, type) or given.parameters:
        return called(f"batch rule {given.rule!r}", found, given.parameters)
    return found


def score(given: str, folder: Path) -> Any:
    """Give a score by its `scoring=` name, or a plug-in under its own name."""
    if not is_plugin("score", given):
        return given
    return (given.rpartition(":")[2], named("score", given, {}, folder))


def cases(given: Sequence[CaseTable], folder: Path) -> list[TestCase]:
    """Give the test-cases, their scores resolved."""
    return [TestCase(**vars(one) | {"score": score(one.score, folder)}) for one in given]


def predicted(given: PredictionsTable, dataset: Dataset, folder: Path) -> Predicted:
    """Read a file of predictions; its path is relative to the file that names it."""
    frame = read_frame(folder / given.path, as_written=("id", "predicted"))
    return Predicted.from_frame(frame, dataset.classes, given.path)


def stop(study: StudyFile, folder: Path, guide: int = 0) -> Rule:
    """Give the stopping rule of a study: the budget, less the labels of the guide, or any of the rules."""
    rules = [_rule(one, folder) for one in study.stop]
    if study.loop.budget is not None:
        if guide >= study.loop.budget:
            raise ConfigurationError(f"the guide takes {guide} labels of a budget of {study.loop.budget}")
        rules.insert(0, stopping.budget(study.loop.budget - guide))
    return stopping.any_of(*rules)


def _rule(given: Mapping[str, Any], folder: Path) -> Rule:
    name = given["rule"]
    found = named("stopping rule", name, stopping.RULES, folder)
    parameters = {key: value for key, value in given.items() if key != "rule"}
    if name in ("any_of", "all_of"):
        return stopping.as_rule(found(*(_rule(one, folder) for one in parameters["rules"])))
    if name == "patience":
        parameters["given"] = _rule(parameters.pop("of"), folder)
    if name in stopping.RULES or isinstance(found, type) or parameters:
        found = called(f"stopping rule {name!r}", found, parameters)
    return stopping.as_rule(found)


def sliced(holdout: Holdout, given: Sequence[SliceTable], folder: Path) -> Holdout:
    """Give the holdout with its slices; raises SliceError for one that holds no item of the holdout."""
    made = frozen(holdout, given, folder)
    empty = [one.name for one in made.slices if not made.members(one).any()]
    if empty:
        raise SliceError(f"slice {empty[0]!r} holds none of the {len(made)} items of the holdout")
    return made


def frozen(holdout: Holdout, given: Sequence[SliceTable], folder: Path) -> Holdout:
    """Give the holdout with slices frozen on all items of the data set, so that every seed has the same."""
    reference = replace(holdout, positions=np.arange(len(holdout.source)))
    for one in given:
        reference = _added(reference, one, folder)
    return replace(holdout, slices=reference.slices, metrics=reference.metrics)


def _added(reference: Holdout, given: SliceTable, folder: Path) -> Holdout:
    if given.where is not None:
        return reference.slice_where(given.name or given.where, given.where)
    by = given.by or ""
    metric = named("metric", by, {}, folder) if is_plugin("metric", by) else by
    if not isinstance(metric, str | Metric):
        raise ConfigurationError(f"slices.by is {by!r}, which is no metric; make one with @activeloop.metric")
    return reference.slice_by(metric, bins=given.bins, edges=given.edges)
