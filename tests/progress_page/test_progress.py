"""What the page is told: pace without pauses, needs, scores of both sources, JSON."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.history import Bought, Round
from activeloop.progress_page import Progress, pace, progress
from activeloop.progress_page.needs import needs

from .made import HOSTILE, START, annotation, audit, history, made


@given(st.lists(st.floats(0, 1e5), max_size=20), st.floats(1, 1000))
def test_time_at_work_is_within_its_bounds_whatever_the_order(moments: list[float], idle: float) -> None:
    told = [annotation(number, at=START + at) for number, at in enumerate(moments)]
    worked = pace.worked(told, idle)
    assert worked == pytest.approx(pace.worked(told[::-1], idle))
    assert 0 <= worked <= idle * len(told) + 1e-6
    if moments:
        assert worked <= min(4.0, idle) + max(moments) - min(moments) + 1e-6


def test_a_pause_is_not_work_and_a_person_s_pace_is_of_their_own_time() -> None:
    ann = [annotation(at, at=START + 36 * at) for at in range(11)]
    late = [annotation(20 + at, at=START + 50_000 + 36 * at) for at in range(10)]
    bo = [annotation(40, annotator="bo", outcome="abstain", at=START, seconds=0.0)]
    found = progress("it", at=0.0, annotations=[*late, *bo, *ann], idle=100.0)
    first, second = found.people
    assert (first.annotator, first.labels, second.annotator, second.labels) == ("ann", 21, "bo", 0)
    assert first.hours == pytest.approx((4 + 10 * 36 + 100 + 9 * 36) / 3600)
    assert first.per_hour == pytest.approx(21 / first.hours)
    assert (second.abstained, second.per_hour, second.seconds) == (1, None, None)
    assert found.team.labels == 21
    assert found.team.hours == pytest.approx(first.hours + second.hours)
    assert [row.labels for row in found.hours] == [11, 10]
    assert [row.people for row in found.hours] == [2, 1]


def test_seconds_are_medians_by_class_and_slice() -> None:
    told = [annotation(at, seconds=float(at), value="ab"[at % 2]) for at in range(1, 8)]
    told += [annotation(9, seconds=0.0), annotation(10, outcome="skip")]
    told += [annotation(11, seconds=9e9, value="b")]
    few: dict[int | str, list[str]] = {2: ["few"]}
    found = progress("it", at=0.0, annotations=told, slices_of=lambda item: few.get(item, []), idle=60.0)
    rows = {(row.of, row.name): row for row in found.seconds}
    assert rows["class", "a"][2:] == (4.0, 3.0, 5.0, 3)
    assert rows["class", "b"][2:] == (5.0, 3.0, 7.0, 5)
    assert rows["slice", "few"][2:] == (2.0, 2.0, 2.0, 1)
    assert len(rows) == 3


def test_a_slice_lacks_labels_to_learn_from_or_to_be_judged_by() -> None:
    bought = (
        Bought("rare", 1, 4, 0.04, 0.2),
        Bought("fair", 1, 30, 0.3, 0.3),
        Bought("class x", 1, 9, 0.1, None),
    )
    last = Round(0, "margin", 100, 20, 20, 20, 20.0, 0.0, slices=bought)
    rows = needs(last, {"all": 50, "rare": 30, "fair": 9, "class x": 10, "unseen": 0}, support=10)
    assert {row.slice: row.lacks for row in rows} == {
        "rare": "labels to learn from",
        "fair": "1 more to be judged",
        "class x": "",
        "unseen": "10 more to be judged",
    }
    assert [row.slice for row in rows] == ["rare", "fair", "unseen", "class x"]
    assert rows[0].ratio == pytest.approx(0.2)
    assert needs(None, {}, 10) == ()


def test_both_sources_are_kept_apart_and_support_is_the_larger() -> None:
    found = made()
    sources = {one.source for one in found.points}
    assert sources == {"holdout", "audit"}
    assert len(found.points) == len(history().to_frame()) + len(audit())
    assert {row.slice: row.measured for row in found.needs} == {
        "long": 90,
        "short": 60,
        "class good": 12,
        HOSTILE: 4,
    }
    assert [one.outcome for one in found.verdicts] == ["pass", "inconclusive", "insufficient"]
    assert made(verdicts=()).verdicts == ()


def test_it_is_json_with_null_for_what_is_unknown() -> None:
    found = made()
    read = json.loads(found.to_json())
    assert read["title"] == f"reviews {HOSTILE}"
    assert read["team"]["labels"] == found.team.labels
    assert len(read["points"]) == len(found.points)
    undefined = next(one for one in read["points"] if one["value"] is None)
    assert undefined["reason"] == "no item of two classes"
    assert read["verdicts"][2]["value"] is None
    assert "NaN" not in found.to_json()
    assert made().to_json() == found.to_json()


def test_what_is_not_finite_is_null() -> None:
    verdict = made().verdicts[0]._replace(value=math.nan, low=-math.inf)
    read = json.loads(made(verdicts=[verdict]).to_json())
    assert (read["verdicts"][0]["value"], read["verdicts"][0]["low"]) == (None, None)


def test_nothing_yet_is_a_progress_too() -> None:
    empty = progress("new", at=0.0)
    assert isinstance(empty, Progress)
    assert (empty.team.labels, empty.team.per_hour, empty.rounds, empty.needs) == (0, None, 0, ())
    json.loads(empty.to_json())
