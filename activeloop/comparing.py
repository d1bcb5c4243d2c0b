"""One call from a study, a file or what Python has, to the answer: which strategy is better, and how sure."""

from __future__ import annotations

import inspect
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activeloop import backends, grid
from activeloop import study as studies
from activeloop.build import load
from activeloop.curves import StudyRuns, in_memory, unscored
from activeloop.errors import ConfigurationError, DataError
from activeloop.grid import axes, with_baseline
from activeloop.plugins import Workplace
from activeloop.pool import Pool
from activeloop.progress import following
from activeloop.running import run
from activeloop.study import Study
from activeloop.study_given import given as written
from activeloop.study_runs import study_runs

if TYPE_CHECKING:
    from activeloop.comparison import Comparison


def compare(
    study: str | Path | None = None,
    *,
    data: Any = None,
    strategies: Any = (),
    model: Any = None,
    oracle: Any = None,
    seeds: int | Sequence[int] = 10,
    batch_size: int | Sequence[int] = 10,
    budget: int | None = None,
    holdout: float | int = 0.3,
    scoring: Any = None,
    slices: Sequence[Any] = (),
    stop: Any = (),
    measures: Sequence[Any] | None = None,
    baseline: str | None = None,
    test: str | None = None,
    difference: float | None = None,
    targets: Sequence[float] | None = None,
    name: str = "comparison",
    question: str = "",
    loop: Mapping[str, Any] | None = None,
    exclude: Sequence[Mapping[str, Any]] = (),
    out: str | Path | None = None,
    workers: int = 1,
    backend: str = "loky",
    scheduler: str | None = None,
) -> Comparison:
    """Run every strategy on every data set, model, batch size and oracle, under every seed, and compare.

    study       a study file (TOML); or else what follows, where a mapping of names gives several
    data        a Dataset, the name of one, the path of a file, or a mapping of names to these
    strategies  names, metrics, functions or Strategies; "random" is added where it is missing
    model       a model, its name, or a mapping of names; None is built for the data
    oracle      None for the truth, a table as [oracle] of a study file, an oracle, or a mapping of names
    seeds       how many, or which; under one seed all strategies share split, start labels and noise
    loop        further keys of [loop]: start, start_size, batch_rules; `exclude` as in a study file
    slices      tables as [[slices]], or what to slice by
    measures    of a run: names or functions (activeloop.comparison.MEASURES); the first is the question
    backend     where runs run; a script that starts Dask here stands under `if __name__ == "__main__":`
    out         a folder that keeps the runs: what is there is not run again; None keeps nothing

    The other words mean what they mean in a study file. Runs that fail are in the warnings of the result.
    Raises ConfigurationError, or what building a loop raises, before anything runs.

    >>> found = compare(data="iris", strategies=["margin"], seeds=2, budget=30)
    >>> found.runs.strategies, len(found.runs.runs)
    (('random', 'margin'), 4)
    """
    if study is not None:
        _alone(locals())
        opened = studies.opened(Path(study), Path(out or ""))
    else:
        made = written(
            data=data,
            strategies=strategies,
            model=model,
            oracle=oracle,
            scoring=scoring,
            slices=slices,
            stop=stop,
            measures=measures,
            holdout=holdout,
            loop={"seeds": seeds, "batch_size": batch_size, "budget": budget, **(loop or {})},
            comparison={"baseline": baseline, "test": test, "difference": difference, "targets": targets},
            tables={"study": {"name": name, "question": question}, "exclude": list(exclude)},
        )
        opened = Study(made.file, made.text, made.place, Path(out or ""))
    with _folder(out) as folder:
        whole = replace(opened, file=with_baseline(opened.file), out=folder)
        waiting = studies.unfinished(whole)
        outcomes = run(whole, waiting, workers, backend, scheduler)
        check(whole)
        if waiting:
            studies.check(whole)
            studies.begin(whole)
        silent = not waiting or not sys.stderr.isatty()
        with following(whole, silent=silent, whole=backend not in backends.LOCAL):
            for _ in outcomes:
                pass
        return compared(whole, study_runs(whole) if out else in_memory(study_runs(whole)))


def _alone(given: Mapping[str, Any]) -> None:
    """Refuse, beside a study file, what the file says itself: it would do nothing."""
    beside = {"study", "out", "workers", "backend", "scheduler"}
    usual = inspect.signature(compare).parameters
    for name, value in given.items():
        if name not in beside and value is not usual[name].default and value != usual[name].default:
            raise ConfigurationError(f"compare: a study file has its own {name}; give it alone")


def check(study: Study) -> None:
    """Find every measure that a study is compared by; raises UnknownNameError for one that there is not."""
    from activeloop.comparison.measures import resolved

    resolved([_measure(one, study) for one in study.file.compare.measures], study.home)


def compared(study: Study, runs: StudyRuns | None = None) -> Comparison:
    """Compare what has been run of a study, finished or not, by its [compare] table.

    Raises DataError when nothing has been scored yet.
    """
    from activeloop import comparison

    table, found = study.file.compare, study_runs(study) if runs is None else runs
    if not found.scores:
        if not any(found.asked):
            raise DataError(f"nothing of the study {found.name!r} has been scored yet")
        found = unscored(found)
    return comparison.compare(
        found,
        baseline=table.baseline,
        measures=[_measure(one, study) for one in table.measures],
        test=table.test,
        targets=table.targets,
        difference=table.difference,
        labels=lambda data: _labels(study, data),
        folder=study.home,
    )


def too_few(study: Study) -> str | None:
    """Say, before a study runs, why its seeds cannot show what it asks; None if they may."""
    from activeloop import comparison

    table, n = study.file.compare, len(grid.seeds(study.file))
    others = len(grid.strategies(study.file)) - 1
    if others < 1:
        return f"there is no strategy to compare with {table.baseline!r}"
    return comparison.too_few(n, others, difference=table.difference, test=table.test)


def items(study: Study) -> Callable[[str, int | str], Any]:
    """Give what an item of a data set looks like, by name and id."""

    @cache
    def pool(data: str) -> Pool:
        return load(axes(study.file).data[data], study.folder).pool()

    return lambda data, id: pool(data).item(int(pool(data).find([id])[0]))


def _measure(name: str, study: Study) -> Any:
    """Give a measure that was given in Python, or else its name."""
    given = study.folder.given if isinstance(study.folder, Workplace) else {}
    return given.get(("measure", name), name)


def _labels(study: Study, data: str) -> Mapping[Any, Any]:
    """Give the true labels of a data set, by id, for measures of what was asked."""
    dataset = load(axes(study.file).data[data], study.folder)
    labels = [None] * len(dataset) if dataset.labels is None else dataset.labels.tolist()
    return dict(zip(dataset.ids.tolist(), labels, strict=True))


@contextmanager
def _folder(out: str | Path | None) -> Iterator[Path]:
    if out is not None:
        yield Path(out)
        return
    with tempfile.TemporaryDirectory(prefix="activeloop-") as folder:
        yield Path(folder)
