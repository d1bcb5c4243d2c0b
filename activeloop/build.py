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
from activeloop.build_split import split
from activeloop.cases import Predicted, TestCase
from activeloop.data import Dataset
from activeloop.data.frames import read_frame
from activeloop.errors import ConfigurationError, SliceError
from activeloop.events import Store
from activeloop.grid import Cell, axes, budget
from activeloop.loop import Loop
from activeloop.metrics.metric import Metric
from activeloop.plugins import Place, Workplace, called, is_plugin, named, parameter
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


@dataclass(frozen=True, eq=False)
class Built:
    """What one cell runs."""

    loop: Loop
    oracle: Any
    stop: Rule


def build(study: StudyFile, cell: Cell, folder: Place, store: Store | None) -> Built:
    """Build the loop of one cell; strategies under one seed share split, start labels and oracle answers."""
    varied, here = axes(study), cell.setting
    given = varied.data[here.data]
    dataset = load(given, folder)
    pool, unsliced = split(given, dataset, cell.seed, folder)
    holdout = sliced(unsliced, study.slices, folder)
    wanted = strategy(varied.strategies[cell.strategy], folder)
    pool, guide = _guided(given, pool, wanted, cell.seed)
    loop = Loop(
        model(varied.models[here.model], dataset, folder),
        pool,
        strategy=wanted,
        holdout=holdout,
        guide=guide,
        scoring=None if study.loop.scoring is None else [score(one, folder) for one in study.loop.scoring],
        batch_size=here.batch_size,
        start=strategy(study.loop.start, folder),
        start_size=study.loop.start_size,
        seed=cell.seed,
        store=store,
        name=cell.run,
        cases=cases(study.case, folder),
        baseline=predicted(study.baseline, dataset, folder) if study.baseline else None,
    )
    answers = oracle(varied.oracles[here.oracle], pool, cell.seed, folder)
    return Built(loop, answers, stop(study, here.data, folder, len(guide) if guide else 0))


@lru_cache(maxsize=4)
def _loaded(source: str, arguments: str, written: int) -> Dataset:
    import json

    return data.load(source, **json.loads(arguments))


def load(given: Data, folder: Place) -> Dataset:
    """Load the data set that a study names; a path is relative to the study file."""
    import json

    if isinstance(folder, Workplace) and ("data set", given.name) in folder.given:
        known: Dataset = folder.given["data set", given.name]
        return known
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


def _guided(given: Data, pool: Pool, wanted: Strategy, seed: int) -> tuple[Pool, Holdout | None]:
    """Take the guide out of the pool for a strategy that needs one; others may ask about its items."""
    if given.guide is None or "guide" not in (wanted.needs or ()):
        return pool, None
    return pool.split_guide(given.guide, seed=seed)


def model(given: Model, dataset: Dataset, folder: Place) -> Any:
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


def strategy(given: str | StrategyTable, folder: Place) -> Strategy:
    """Give a strategy by its name or a metric's, made of another, or of an acquisition and a batch rule."""
    if isinstance(given, StrategyTable) and given.of is not None:
        return _of_another(given, given.of, folder)
    name, parameters, rule = (
        (given, {}, None) if isinstance(given, str) else (given.acquisition, given.parameters, given.batch)
    )
    found = named("strategy", name, settings.strategies_by_name(name), folder)
    made = found.make if isinstance(found, Strategy) else getattr(found, "with_parameters", None)
    fixed = name in settings.built_in_strategies() or isinstance(found, Strategy)
    if parameters and made is None and fixed:
        raise ConfigurationError(f"strategy {name!r} takes no parameters; given: {', '.join(parameters)}")
    if parameters or isinstance(found, type):
        found = called(f"strategy {name!r}", made or found, parameters)
    batch = None if rule is None else batch_rule(rule, folder)
    return as_strategy(found, name=name_of(given), batch=batch)


def _of_another(given: StrategyTable, inner: str | StrategyTable, folder: Place) -> Strategy:
    if given.batch is not None:
        raise ConfigurationError(f"strategy {name_of(given)!r}: batch belongs into of, to the strategy there")
    make = named("strategy", given.acquisition, settings.built_in_strategies(), folder)
    made = partial(make, strategy(inner, folder))
    parameters = {key: parameter(one, folder) for key, one in given.parameters.items()}
    return as_strategy(called(f"strategy {given.acquisition!r}", made, parameters), name=name_of(given))


def batch_rule(given: Batch, folder: Place) -> Any:
    """Give a batch rule by name; a class, or a rule with parameters, is called to make it."""
    found = named("batch rule", given.rule, BATCH_RULES, folder)
    if isinstance(found, type) or given.parameters:
        return called(f"batch rule {given.rule!r}", found, given.parameters)
    return found


def score(given: str, folder: Place) -> Any:
    """Give a score by its `scoring=` name, or a plug-in under its own name."""
    if not is_plugin("score", given, folder):
        return given
    return (given.rpartition(":")[2], named("score", given, {}, folder))


def cases(given: Sequence[CaseTable], folder: Place) -> list[TestCase]:
    """Give the test-cases, their scores resolved."""
    return [TestCase(**vars(one) | {"score": score(one.score, folder)}) for one in given]


def predicted(given: PredictionsTable, dataset: Dataset, folder: Place) -> Predicted:
    """Read a file of predictions; its path is relative to the file that names it."""
    frame = read_frame(folder / given.path, as_written=("id", "predicted"))
    return Predicted.from_frame(frame, dataset.classes, given.path)


def stop(study: StudyFile, data: str, folder: Place, guide: int = 0) -> Rule:
    """Give the stopping rule of a data set: the budget, less the labels of the guide, or any of the rules."""
    rules, labels = [_rule(one, folder) for one in study.stop], budget(study, data)
    if labels is not None:
        if guide >= labels:
            raise ConfigurationError(f"the guide takes {guide} labels of a budget of {labels}")
        rules.insert(0, stopping.budget(labels - guide))
    return stopping.any_of(*rules)


def _rule(given: Mapping[str, Any], folder: Place) -> Rule:
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


def sliced(holdout: Holdout | None, given: Sequence[SliceTable], folder: Place) -> Holdout | None:
    """Give the holdout with its slices; raises SliceError for one that holds no item of the holdout."""
    if holdout is None:
        if given:
            raise ConfigurationError("slices are given, but nothing is held out to cut them from")
        return None
    made = frozen(holdout, given, folder)
    empty = [one.name for one in made.slices if not made.members(one).any()]
    if empty:
        raise SliceError(f"slice {empty[0]!r} holds none of the {len(made)} items of the holdout")
    return made


def frozen(holdout: Holdout, given: Sequence[SliceTable], folder: Place) -> Holdout:
    """Give the holdout with slices frozen on all items of the data set, so that every seed has the same."""
    reference = replace(holdout, positions=np.arange(len(holdout.source)))
    for one in given:
        reference = _added(reference, one, folder)
    return replace(holdout, slices=reference.slices, metrics=reference.metrics)


def _added(reference: Holdout, given: SliceTable, folder: Place) -> Holdout:
    if given.where is not None:
        return reference.slice_where(given.name or given.where, given.where)
    by = given.by or ""
    metric = named("metric", by, {}, folder) if is_plugin("metric", by, folder) else by
    if not isinstance(metric, str | Metric):
        raise ConfigurationError(f"slices.by is {by!r}, which is no metric; make one with @activeloop.metric")
    return reference.slice_by(metric, bins=given.bins, edges=given.edges)
