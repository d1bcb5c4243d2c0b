"""What `activeloop test` judges: predictions in a file, or the last round of every run of a study."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from activeloop import build, slices, study_file
from activeloop import study as studies
from activeloop.cases import Predicted, Verdict, judge
from activeloop.data import Dataset
from activeloop.errors import ConfigurationError, DataError, StoreError
from activeloop.history import Round
from activeloop.pool import Holdout
from activeloop.store import read
from activeloop.study_tables import CasesFile


class Suite(NamedTuple):
    """The verdicts that were made together: of one file, or of one run of a study."""

    name: str
    verdicts: tuple[Verdict, ...]


def suites(path: Path, *, freeze: bool = False) -> tuple[Suite, ...]:
    """Judge a test file, or read the verdicts of the study whose results are in a folder.

    `freeze`: write the definitions of the slices beside the file, which then stay as they are when the data
    grow. Raises ConfigurationError, DataError or StoreError for what cannot be judged.
    """
    if path.is_dir():
        return _of_study(path)
    given = study_file.parse_cases(study_file.text(path, "test file"), path.name)
    if given.run is not None:
        return _of_study(path.resolve().parent / given.run)
    return (Suite(path.stem, _of_file(given, path, freeze)),)


def _of_file(given: CasesFile, path: Path, freeze: bool) -> tuple[Verdict, ...]:
    assert given.data is not None
    assert given.predictions is not None
    folder = path.resolve().parent
    dataset = build.load(given.data, folder)
    said = build.predicted(given.predictions, dataset, folder)
    holdout = _sliced(_holdout(dataset, said, given.predictions.path), given, path, freeze)
    baseline = build.predicted(given.baseline, dataset, folder) if given.baseline else None
    return judge(build.cases(given.case, folder), holdout, said, baseline)


def _holdout(dataset: Dataset, said: Predicted, source: str) -> Holdout:
    """Give the items that are predicted, all of which need a label."""
    place = {str(one): at for at, one in enumerate(dataset.ids.tolist())}
    foreign = [one for one in said.ids.tolist() if str(one) not in place]
    if foreign:
        raise DataError(
            f"{source}: item {foreign[0]!r} is not in the data ({len(foreign)} of {len(said)} are not)"
        )
    holdout = Holdout(dataset, np.array([place[str(one)] for one in said.ids.tolist()], dtype=np.int64))
    unknown = [one is None or one != one for one in holdout.labels.tolist()]
    if any(unknown):
        raise DataError(
            f"item {holdout.ids[unknown].tolist()[0]!r} is predicted, but its label is not known; leave out "
            f"the {sum(unknown)} items without a label"
        )
    return holdout


def _sliced(holdout: Holdout, given: CasesFile, path: Path, freeze: bool) -> Holdout:
    """Give the slices as they were frozen, or as today's data have them."""
    kept = path.with_suffix(".slices.json")
    sliced = build.frozen(holdout, given.slices, path.resolve().parent)
    if freeze:
        kept.write_text(json.dumps(slices.to_json(sliced.slices), indent=1) + "\n", encoding="utf-8")
    if not kept.is_file():
        return sliced
    try:
        return replace(sliced, slices=slices.from_json(json.loads(kept.read_text(encoding="utf-8"))))
    except (ValueError, AttributeError) as error:
        raise ConfigurationError(
            f"{kept.name} cannot be read: {error}; write it anew with --freeze"
        ) from error


def _of_study(folder: Path) -> tuple[Suite, ...]:
    given = studies.recalled(folder)
    waiting = studies.unfinished(given)
    if waiting:
        raise StoreError(
            f"{len(waiting)} of {len(given.cells)} runs in {str(folder)!r} are not finished (first "
            f"{waiting[0].run!r}); go on with: activeloop resume {folder}"
        )
    found = []
    with closing(read(given.database)) as store:
        for cell in given.cells:
            closed = [one for one in store.events(cell.run) if one.kind == "closed"]
            found.append(Suite(cell.run, Round.from_payload(closed[-1].payload).verdicts if closed else ()))
    empty = [one.name for one in found if not one.verdicts]
    if empty:
        raise ConfigurationError(
            f"{str(folder)!r}: the run {empty[0]!r} has no test-case; add [[case]] tables"
        )
    return tuple(found)
