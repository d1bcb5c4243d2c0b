"""How a study splits its data: by a function of its own, with first labels, or with nothing held out."""

from __future__ import annotations

from pathlib import Path

import pytest

import activeloop as al
from activeloop import study_file
from activeloop.build import build
from activeloop.build_split import split
from activeloop.errors import ConfigurationError, DataError, UnknownNameError
from activeloop.grid import cells
from activeloop.study_tables import Data

PLUGIN = """
from activeloop.pool import Holdout, Pool
import numpy as np

def halves(dataset, seed):
    rows = np.random.default_rng(seed).permutation(len(dataset))
    return Pool(dataset, rows[:75]).starting_with(dataset.ids[rows[:6]]), Holdout(dataset, rows[75:])

def all_of_it(dataset, seed):
    return dataset.pool(), None

def turned_round(dataset, seed):
    return tuple(reversed(halves(dataset, seed)))
"""
STUDY = """
[study]
name = "split"
[data]
name = "iris"
{data}
[loop]
strategies = ["margin"]
start_size = 10
batch_size = 5
budget = 20
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.py").write_text(PLUGIN)
    return tmp_path


def test_a_function_of_ones_own_gives_pool_holdout_and_first_labels(folder: Path) -> None:
    iris = al.load("iris")
    pool, holdout = split(Data(name="iris", split="own.py:halves"), iris, 3, folder)
    assert holdout is not None
    assert (len(pool), len(holdout), len(pool.initial)) == (75, 75, 6)
    other, _ = split(Data(name="iris", split="own.py:halves"), iris, 4, folder)
    assert other.initial != pool.initial


def test_a_study_with_first_labels_trains_before_it_asks(folder: Path) -> None:
    study = study_file.parse(STUDY.format(data='split = "own.py:halves"'))
    cell = next(one for one in cells(study) if one.strategy == "margin")
    made = build(study, cell, folder, None)
    rounds = list(made.loop.run(made.oracle, made.stop))
    assert [one.strategy for one in rounds] == ["initial", *["margin"] * 4]
    assert [one.n_labeled for one in rounds] == [6, 11, 16, 21, 26]
    assert rounds[-1].bought_total == 20  # initial labels cost nothing


@pytest.mark.parametrize("data", ["holdout = 0", 'split = "own.py:all_of_it"'])
def test_a_study_without_a_holdout_runs_and_scores_nothing(folder: Path, data: str) -> None:
    study = study_file.parse(STUDY.format(data=data))
    cell = next(one for one in cells(study) if one.strategy == "margin")
    made = build(study, cell, folder, None)
    rounds = list(made.loop.run(made.oracle, made.stop))
    assert len(made.loop.pool) == 150
    assert [one.scores for one in rounds] == [()] * len(rounds)
    assert rounds[-1].n_labeled == 20


def test_slices_without_a_holdout_are_refused(folder: Path) -> None:
    study = study_file.parse(STUDY.format(data="holdout = 0") + '[[slices]]\nby = "class"')
    with pytest.raises(ConfigurationError, match="nothing is held out to cut them from"):
        build(study, cells(study)[0], folder, None)


@pytest.mark.parametrize("beside", ["holdout = 0.2", 'by = "species"', "at = 3"])
def test_other_keys_do_nothing_beside_split(beside: str) -> None:
    with pytest.raises(ConfigurationError, match=f"data.{beside.split(' ')[0]} does nothing beside split"):
        study_file.parse(STUDY.format(data=f'split = "own.py:halves"\n{beside}'))


def test_what_gives_no_split_is_refused(folder: Path) -> None:
    iris = al.load("iris")
    with pytest.raises(
        ConfigurationError, match=r"gave a tuple; allowed: \(Pool, Holdout\), or \(Pool, None\)"
    ):
        split(Data(name="iris", split="own.py:turned_round"), iris, 0, folder)
    with pytest.raises(UnknownNameError, match="did you mean 'halves'"):
        split(Data(name="iris", split="own.py:halfs"), iris, 0, folder)


def test_first_labels_are_of_the_pool_and_never_become_a_guide() -> None:
    pool = al.load("iris").pool()
    with pytest.raises(DataError, match="no item has the id 150"):
        pool.starting_with([150])
    starting = pool.starting_with(range(0, 150, 10))
    left, guide = starting.split_guide(100, seed=0)
    assert not set(guide.ids.tolist()) & set(starting.initial)
    assert left.initial == starting.initial


def test_a_loop_knows_the_first_labels_of_the_pool_and_its_own() -> None:
    from sklearn.naive_bayes import GaussianNB

    pool = al.load("iris").pool().starting_with([0, 60])
    loop = al.Loop(GaussianNB(), pool, strategy="margin", initial=[120, 60])
    assert loop.labeled.ids.tolist() == [0, 60, 120]
