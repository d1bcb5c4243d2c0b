"""Slice discovery: what is planted is found and confirmed on the other half; nothing is made of nothing."""

import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from activeloop.discovery import Found, discover
from activeloop.errors import ConfigurationError, DataError, MissingDependencyError
from activeloop.metrics import Table
from activeloop.performance import compare
from activeloop.scoring import Predictions
from activeloop.seeds import Component, id_keys, uniforms
from activeloop.slices import Where, from_json, memberships, to_json

try:
    import sliceline  # noqa: F401
except ImportError:  # it is missing, or scikit-learn is older than it takes
    pytest.skip("sliceline is not installed", allow_module_level=True)

N = 1200


def made(seed: int, planted: bool) -> tuple[Predictions, Table]:
    """Give predictions with 10 % errors, and with 60 % of them where it is dark and the class is 2."""
    random = np.random.default_rng(seed)
    labels = random.integers(3, size=N)
    ink, age = random.random(N), random.normal(size=N)
    age[random.random(N) < 0.1] = np.nan
    place = random.choice(["north", "south", "west"], size=N)
    worse = planted & (ink < 0.25) & (labels == 2)
    predicted = np.where(random.random(N) < np.where(worse, 0.6, 0.1), (labels + 1) % 3, labels)
    given = Predictions(labels, predicted, classes=(0, 1, 2), ids=np.arange(N))
    return given, Table({"ink": ink, "age": age, "place": place, "label": labels, "lone": np.ones(N)})


BY = ("ink", "age", "place", "class", "lone")


@pytest.fixture(scope="module")
def planted() -> tuple[Predictions, Table, tuple[Found, ...]]:
    given, table = made(0, planted=True)
    return given, table, discover(given, table, BY)


def test_a_planted_slice_is_found_and_confirmed(planted: Any) -> None:
    first = planted[2][0]
    assert first.slice.name.startswith("ink < 0.2")
    assert first.slice.name.endswith("and class 2")
    assert first.confirmed
    assert first.held_out.value < 0.6
    assert first.held_out.rest_value > 0.8
    assert first.searched_value < 0.6
    assert first.searched_n >= 20


def test_a_found_slice_is_a_slice_like_any_other(planted: Any) -> None:
    _, table, found = planted
    slices = [one.slice for one in found]
    assert isinstance(slices[0].rule, Where)
    assert from_json(to_json(slices)) == tuple(slices)
    ink, labels = table.column("ink"), table.column("label")
    edge = float(slices[0].rule.expression.split()[2])
    ((_, inside),) = memberships(slices[:1], table)
    assert (inside == ((ink < edge) & (labels == 2))).all()
    assert len({one.name for one in slices}) == len(slices) <= 10
    searched = uniforms(id_keys(np.arange(N)), 0, Component.HALVES) < 0.5
    assert edge == np.quantile(ink[searched], 0.25)  # the held-out half has no say in where it is cut


def test_the_verdict_is_that_of_the_items_that_were_not_searched(planted: Any) -> None:
    given, table, found = planted
    members = dict(memberships([one.slice for one in found], table))
    for one in found:
        assert one.searched_n + one.held_out.n == members[one.slice.name].sum()
    # The halves hang on the ids and the seed: the held-out items are those of any other order, too.
    order = np.random.default_rng(1).permutation(N)
    again = discover(given.rows(order), table.take(order), BY)
    assert [one.slice for one in again] == [one.slice for one in found]
    assert [one.held_out for one in again] == [one.held_out for one in found]
    other = discover(given, table, BY, seed=1)
    assert [one.held_out for one in other] != [one.held_out for one in found]
    p = [one.held_out.p for one in found]
    assert [one.held_out.p_adjusted for one in found][int(np.argmin(p))] == pytest.approx(min(p) * len(p))


def test_what_was_searched_is_optimistic_about_how_bad_it_is() -> None:
    """On data without any slice the searched half shows a gap that the held-out half does not."""
    gaps = []
    for seed in range(5):
        given, table = made(seed, planted=False)
        for one in discover(given, table, BY):
            assert one.held_out.value is not None
            gaps.append(one.held_out.value - (one.searched_value or 0.0))
    assert np.mean(gaps) > 0.03


def test_nothing_is_confirmed_where_there_is_nothing() -> None:
    confirmed = 0
    for seed in range(12):
        given, table = made(seed, planted=False)
        confirmed += any(one.confirmed for one in discover(given, table, BY))
    assert confirmed <= 2


def test_one_half_for_the_search_the_other_for_the_verdict_by_share() -> None:
    given, table = made(0, planted=True)
    most = discover(given, table, BY, half=0.8)[0]
    few = discover(given, table, BY, half=0.3)[0]
    assert most.searched_n > 2 * few.searched_n


def test_slices_with_the_same_members_are_one_and_the_shortest() -> None:
    given, table = made(0, planted=True)
    twice = Table({**table.columns, "copy": table.column("ink") * 2})
    found = discover(given, twice, ["ink", "copy", "class"], depth=3)
    members = [one.tobytes() for _, one in memberships([one.slice for one in found], twice)]
    assert len(set(members)) == len(members)
    assert all(one.slice.name.count(" and ") < 2 for one in found)


def test_missing_values_are_a_level_that_can_be_found() -> None:
    given, table = made(3, planted=False)
    missing = np.isnan(table.column("age"))
    worse = given.predicted.copy()
    worse[missing] = (given.labels[missing] + 1) % 3
    found = discover(Predictions(given.labels, worse, classes=(0, 1, 2)), table, ["age", "place"], depth=1)
    assert found[0].slice.name == "age missing"
    assert found[0].confirmed


def test_columns_of_pandas_and_names_that_are_no_words() -> None:
    given, table = made(0, planted=True)
    frame = Table(
        {
            "how dark": pd.Series(table.column("ink")),
            "is": pd.Series(table.column("label") == 2),
            "void": np.full(N, np.nan),
        }
    )
    found = discover(given, frame, ["how dark", "is", "void"])[0]
    assert found.slice.name.endswith("and is True")
    assert found.confirmed
    ((_, inside),) = memberships([found.slice], frame)
    assert inside.sum() == found.searched_n + found.held_out.n


def test_regression_and_losses() -> None:
    given, table = made(0, planted=True)
    wrong = (given.labels != given.predicted).astype(float)
    numbers = Predictions(np.zeros(N), wrong)
    (first, *_) = discover(numbers, table, ["ink", "class"])
    assert first.held_out.score == "neg_mean_absolute_error"
    assert first.confirmed
    probabilities = np.where(wrong[:, None] == 1, 0.3, np.where(np.eye(3)[given.labels] == 1, 0.8, 0.1))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    sure = Predictions(given.labels, given.predicted, probabilities, (0, 1, 2))
    (first, *_) = discover(sure, table, ["ink", "class"], score="neg_log_loss")
    assert first.held_out.score == "neg_log_loss"
    assert first.confirmed


def test_a_model_without_errors_has_no_worst_slice() -> None:
    given, table = made(0, planted=False)
    assert discover(Predictions(given.labels, given.labels, classes=(0, 1, 2)), table, BY) == ()


def test_it_neither_prints_nor_warns(capsys: pytest.CaptureFixture[str]) -> None:
    given, table = made(0, planted=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        discover(given, table, BY, depth=3)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"half": 1.0}, "half=1.0"),
        ({"bins": 1}, "bins=1: at least 2"),
        ({"most": 0}, "most=0: at least 1"),
        ({"by": []}, "at least one column"),
        ({"by": ["lone"]}, "at least one column with two different values"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], message: str) -> None:
    given, table = made(0, planted=False)
    with pytest.raises(ConfigurationError, match=message):
        discover(given, table, **{"by": BY, **options})


def test_bad_data_is_refused() -> None:
    given, table = made(0, planted=False)
    with pytest.raises(DataError, match="30 items are too few"):
        discover(given.rows(np.arange(30)), table.take(np.arange(30)), BY)
    with pytest.raises(DataError, match="1200 predictions for 30 items"):
        discover(given, table.take(np.arange(30)), BY)


def test_without_sliceline_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given, table = made(0, planted=False)
    monkeypatch.setitem(sys.modules, "sliceline", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'activeloop\[discovery\]'"):
        discover(given, table, BY)


def test_the_correction_is_for_the_slices_that_were_found(planted: Any) -> None:
    given, table, found = planted
    held = uniforms(id_keys(np.arange(N)), 0, Component.HALVES) >= 0.5
    slices = [(name, inside[held]) for name, inside in memberships([one.slice for one in found], table)]
    assert compare(given.rows(held), slices, keys=id_keys(np.arange(N))[held]) == tuple(
        one.held_out for one in found
    )
