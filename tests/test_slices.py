"""Slices: who is in them, what they are called, and that they come back from JSON as they were."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.errors import SliceError
from activeloop.slices import (
    Category,
    Missing,
    Range,
    Rule,
    Slice,
    Tag,
    Where,
    by_category,
    by_class,
    by_column,
    by_edges,
    by_quantile,
    distinct,
    from_json,
    known,
    members,
    memberships,
    to_json,
    where,
)


class Table:
    """The smallest thing that has columns."""

    def __init__(self, **columns: Any) -> None:
        self.columns = columns
        self.asked: list[str] = []

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def column(self, name: str) -> Any:
        self.asked.append(name)
        return self.columns[name]


NAN = float("nan")
TABLE = Table(
    ink=np.array([0.1, 0.2, NAN, 0.4, 0.5]),
    label=np.array(["8", "3", "8", "8", "1"]),
    count=np.array([1, 2, 3, 4, 5]),
    sure=[True, False, None, True, False],
    domain=pd.Series(["a", None, "b", "a", "c"]),
    tags=[["night", "rain"], [], None, {"night"}, "nights"],
    day=np.array(["2024-01-01", "2024-01-02", "NaT", "2024-02-01", "2024-03-01"], dtype="datetime64[D]"),
    predicted=np.array(["8", "8", "8", "1", "1"]),
    nullable=pd.Series([1, None, 3, 4, 5], dtype="Int64"),
    mixed=[1, "1", None, 2.5, (1, 2)],
    **{"mean radius": np.arange(5.0)},
)


def inside(rule: Rule, table: Table = TABLE) -> list[int]:
    found = members(Slice("some", rule), table)
    assert found.dtype == bool
    return np.flatnonzero(found).tolist()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Range("ink", 0.2, 0.5), [1, 3]),
        (Range("ink", 0.2, 0.5, closed=True), [1, 3, 4]),
        (Range("ink", None, 0.2), [0]),
        (Range("ink", 0.4, None), [3, 4]),
        (Range("ink", float("-inf"), float("inf")), [0, 1, 3, 4]),
        (Range("nullable", 2, 5), [2, 3]),
        (Category("label", "8"), [0, 2, 3]),
        (Category("count", np.int64(3)), [2]),  # type: ignore[arg-type]
        (Category("sure", True), [0, 3]),
        (Category("domain", "a"), [0, 3]),
        (Category("mixed", "1"), [1]),
        (Category("mixed", 1), [0]),
        (Missing("ink"), [2]),
        (Missing("domain"), [1]),
        (Missing("nullable"), [1]),
        (Missing("day"), [2]),
        (Missing("count"), []),
        (Tag("night"), [0, 3]),
        (Tag("nights"), [4]),
        (Tag("a", column="domain"), [0, 3]),
    ],
)
def test_rules(rule: Rule, expected: list[int]) -> None:
    assert inside(rule) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ink < 0.2", [0]),
        ("0.1 < ink <= 0.4", [1, 3]),
        ("0.4 >= ink", [0, 1, 3]),
        ("ink < 0.2 and class == '8'", [0]),
        ("ink < 0.2 or not class == '8'", [0, 1, 4]),
        ("label == 'class'", []),
        ("label in ['8', '1'] and count > 1", [2, 3, 4]),
        ("label not in ('8',)", [1, 4]),
        ("count in []", []),
        ("ink is None", [2]),
        ("ink is not None and count >= 4", [3, 4]),
        ("label == predicted", [0, 2, 4]),
        ("label != predicted", [1, 3]),
        ("sure", [0, 3]),
        ("not sure", [1, 4]),
        ("sure == False", [1, 4]),
        ("domain != 'a'", [2, 4]),
        ("'night' in tags", [0, 3, 4]),  # in a text, as in Python: "night" in "nights"
        ("'night' not in tags", [1]),
        ("`mean radius` >= 3", [3, 4]),
        ("day < '2024-02-01'", [0, 1]),
        ("count > -1 and count < +2", [0]),
        ("mixed == 1", [0]),
        ("(count < 2 or count > 4) and (ink > 0)", [0, 4]),
    ],
)
def test_expressions(expression: str, expected: list[int]) -> None:
    assert inside(Where(expression)) == expected


@pytest.mark.parametrize(
    "expression", ["ink < 0.3", "ink != 0.1", "ink in [0.1]", "ink not in [0.1]", "ink > 0.3 and count > 0"]
)
def test_a_null_is_in_neither_an_expression_nor_its_negation(expression: str) -> None:
    held, denied = inside(Where(expression)), inside(Where(f"not ({expression})"))
    assert sorted(held + denied) == [0, 1, 3, 4]
    assert inside(Where(f"ink is None or {expression}")) == sorted({2, *held})


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("ink + 1 < 2", "'ink \\+ 1 < 2' is not allowed"),
        ("__import__('os').system('true')", "is not allowed"),
        ("ink.real < 1", "is not allowed"),
        ("ink[0] < 1", "is not allowed"),
        ("(lambda: 1)()", "is not allowed"),
        ("ink < 1 if sure else count", "is not allowed"),
        ("ink =< 2", "cannot read"),
        ("ink < 1 && sure", "use 'and', 'or', 'not'"),
        ("", "cannot read"),
        ("1 < 2", "is not allowed"),
        ("ink is 3", "is not allowed"),
        ("ink in 3", "is not allowed"),
        ("ink == [1]", "is not allowed"),
        ("ink == f'{count}'", "is not allowed"),
        ("'a'", "is not allowed"),
        ("(" * 500 + "ink", "cannot read"),
    ],
)
def test_what_is_not_allowed_in_an_expression_is_refused_when_it_is_written(
    expression: str, wrong: str
) -> None:
    with pytest.raises(SliceError, match=wrong):
        Where(expression)


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        (Where("inc < 1"), "slice 'some': there is no column 'inc'"),
        (Where("ink == '8'"), "holds numbers; '8' is not one"),
        (Where("label == 8"), "holds texts; 8 is not one"),
        (Where("count"), "is not true or false"),
        (Where("'a' in count"), "not collections"),
        (Where("day < 'soon'"), "'soon' is not one"),
        (Where("mixed < 3"), "cannot be compared"),
        (Where("label < count"), "cannot be compared"),
        (Range("label", 0, 1), "no numeric range"),
        (Category("label", 8), "8 is not one"),
        (Category("count", "1"), "'1' is not one"),
        (Tag("night", column="ink"), "not tags"),
    ],
)
def test_what_does_not_fit_the_data_is_refused_naming_the_slice(rule: Rule, wrong: str) -> None:
    with pytest.raises(SliceError, match=wrong):
        inside(rule)


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (lambda: Range("ink", 2, 1), "holds nothing"),
        (lambda: Range("ink", 1, 1), "holds nothing"),
        (lambda: Range("ink", NAN), "NaN"),
        (lambda: Range("ink", "low"), "not a number"),  # type: ignore[arg-type]
        (lambda: Category("ink", NAN), "is not text"),
        (lambda: Category("ink", None), "is not text"),  # type: ignore[arg-type]
        (lambda: Slice("all", Missing("ink")), "cannot be named 'all'"),
        (lambda: Slice(" ", Missing("ink")), "needs a name"),
        (lambda: distinct([Slice("a", Missing("b"))] * 2), "two slices are named 'a'"),
        (lambda: by_quantile("ink", [NAN]), "no number"),
        (lambda: by_quantile("ink", [1.0], bins=0), "at least 1"),
        (lambda: by_quantile("label", ["a"]), "bins need numbers"),
        (lambda: by_edges("ink", [1]), "at least two"),
        (lambda: by_edges("ink", [1, 1]), "above the one before"),
        (lambda: by_edges("ink", [0, NAN]), "above the one before"),
        (lambda: by_category("id", [str(i) for i in range(51)]), "51 categories.*where"),
        (lambda: by_category("tags", [["a"], ["b"]]), "collections"),
        (lambda: by_category("domain", []), "empty"),
        (lambda: by_column("ink", [1.0], bins=2, edges=[0, 1]), "not both"),
        (lambda: by_column("label", ["a"], bins=2), "bins need numbers"),
        (lambda: where("x", "inc < 1", ["ink"]), "unknown column 'inc'; did you mean 'ink'"),
        (lambda: from_json([{"name": "x", "rule": "rang"}]), "did you mean 'range'"),
        (lambda: from_json([{"name": "x", "rule": "range", "colum": "a"}]), "did you mean 'column'"),
        (lambda: from_json([{"name": "x", "rule": "range"}]), "is missing"),
    ],
)
def test_what_is_no_definition_is_refused(make: Any, wrong: str) -> None:
    with pytest.raises(SliceError, match=wrong):
        make()


def test_quantile_bins_hold_equal_shares_and_reach_to_infinity() -> None:
    ink = np.random.default_rng(0).normal(size=400)
    bins = by_quantile("ink", ink)
    assert [members(one, Table(ink=ink)).sum() for one in bins] == [100] * 4
    far = Table(ink=np.array([-1e9, 1e9, NAN]))
    assert [members(one, far).tolist() for one in (bins[0], bins[-1])] == [[1, 0, 0], [0, 1, 0]]


@given(
    st.lists(st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.integers(-3, 3)), min_size=1),
    st.integers(1, 7),
)
def test_quantile_bins_part_the_reference(values: list[float], bins: int) -> None:
    column = np.array(values, dtype=float)
    if not np.isfinite(column).any():
        return
    slices = distinct(by_quantile("x", column, bins))
    inside = np.stack([one for _, one in memberships(slices, Table(x=column))])
    assert (inside.sum(axis=0) == 1).all()  # each item in exactly one, NULLs in "missing"
    assert inside.any(axis=1).all()  # no bin without an item
    assert len(slices) <= bins + 1


@pytest.mark.parametrize(
    ("slices", "names"),
    [
        (by_quantile("ink", [0.0, 0, 0, 0, 1, 2], bins=4), ["ink < 0.75", "ink >= 0.75"]),
        (by_quantile("ink", [5.0, 5, 5]), ["ink any"]),
        (by_edges("ink", [0.12345678, 0.25, 1]), ["ink [0.1235, 0.25)", "ink [0.25, 1]"]),
        (by_edges("x", [1.00001, 1.00002, 12345.5]), ["x [1.00001, 1.00002)", "x [1.00002, 12345.5]"]),
        (by_edges("x", [-np.inf, 3, np.inf]), ["x < 3", "x >= 3"]),
        (by_edges("x", [-np.inf, 3, 4]), ["x < 3", "x [3, 4]"]),
        (by_class(["cat", "dog"]), ["class cat", "class dog"]),
        (by_category("x", [1, 10, 2]), ["x 1", "x 2", "x 10"]),
        (by_category("x", [1, "1", None]), ["x 1", "x '1'", "x missing"]),
        (by_category("x", ["missing", None]), ["x 'missing'", "x missing"]),
        (by_category("x", ["", "a"]), ["x ''", "x a"]),
        (by_column("sure", [True, False, None]), ["sure False", "sure True", "sure missing"]),
        (by_column("class", np.array([3, 4, 4])), ["class 3", "class 4"]),
        (by_column("x", pd.Series([7, 8]).astype("category")), ["x 7", "x 8"]),
        (by_column("x", [1, 2], bins=2), ["x < 1.5", "x >= 1.5"]),
        (by_column("x", [1, 2], edges=[0, 2]), ["x [0, 2]"]),
        (by_column("label", np.array([0.5, 1.5])), ["label < 0.75", "label >= 0.75"]),
    ],
)
def test_names(slices: tuple[Slice, ...], names: list[str]) -> None:
    assert [one.name for one in slices] == names


def test_one_hundred_and_fifty_classes_are_not_too_many() -> None:
    assert len(by_column("class", [f"intent {i}" for i in range(150)])) == 150


def test_a_slice_that_needs_the_label_is_not_known_without_it() -> None:
    (first, *_) = by_class([0, 1])
    assert not known(first, ["ink"])
    assert known(first, {"label"})
    assert known(where("x", "`mean radius` < 1 or class == 1"), ["mean radius", "label", "ink"])


def test_each_column_is_read_once() -> None:
    table = Table(ink=np.arange(4.0), label=np.array([0, 1, 0, 1]))
    memberships([*by_quantile("ink", np.arange(4.0)), *by_class([0, 1])], table)
    assert table.asked == ["ink", "label"]


bounds = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(min_size=1, max_size=8)
rules = st.one_of(
    st.builds(Missing, texts),
    st.builds(Tag, texts, texts),
    st.builds(Category, texts, st.one_of(texts, st.booleans(), st.integers(), bounds)),
    st.builds(Where, st.sampled_from(["ink < 0.2", "`mean radius` > 1e-300 and class == 'é'"])),
    st.tuples(texts, bounds, bounds, st.booleans())
    .filter(lambda one: one[1] < one[2])
    .map(lambda one: Range(*one)),
    st.builds(Range, texts, st.none(), st.one_of(st.none(), bounds)),
)
names = texts.filter(lambda name: bool(name.strip()) and name != "all")


@given(st.lists(st.builds(Slice, names, rules), max_size=5, unique_by=lambda one: one.name))
def test_slices_come_back_from_json_exactly(slices: list[Slice]) -> None:
    back = from_json(json.loads(json.dumps(to_json(slices))))
    assert back == tuple(slices)
    assert repr(back) == repr(tuple(slices))  # 1, 1.0 and True are equal, but not the same
