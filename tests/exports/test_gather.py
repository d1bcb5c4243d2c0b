"""From events and annotations to rows: nothing is made up, and what is audited stays apart."""

from __future__ import annotations

import pytest

from activeloop.data import Dataset
from activeloop.errors import DataError, UnknownNameError
from activeloop.exports import labeled_data
from activeloop.query import Answer
from tests.exports.made import CLASSES, annotation, answered, asked, started

DATA = Dataset(list("abcdef"), ids=list("abcdef"), classes=CLASSES)


def test_every_item_has_a_row_that_says_how_it_was_labeled() -> None:
    events = [
        started(["a"], ["good"]),
        asked(1, 0, ("0.0", "b", 0.25), ("0.1", "c", None), strategy="random"),
        answered(2, 0, ("0.0", "good", "label"), ("0.1", None, "skip"), by="ann"),
        asked(3, 1, ("1.0", "c", 0.5), ("1.1", "d", None)),
        answered(4, 1, ("1.0", "bad", "label"), ("1.1", None, "bad"), ("0.0", "bad", "label"), by="ann"),
    ]
    rows = {one.id: one for one in labeled_data(DATA, events).every}
    assert list(rows) == list("abcdef")
    a, b, c, d, e, _ = rows.values()
    assert (a.label, a.outcome, a.stream, a.round, a.n_annotations) == ("good", "label", "initial", None, 0)
    assert (b.label, b.round, b.strategy, b.probability) == ("bad", 0, "random", 0.25)
    assert (b.annotators, b.n_annotations, b.seconds) == (("ann",), 1, 2.0)
    assert (c.label, c.round, c.strategy, c.probability) == ("bad", 1, "margin", 0.5)
    assert (d.label, d.outcome) == (None, "bad")
    assert (e.label, e.outcome) == (None, None)


def test_what_people_said_one_by_one_stands_beside_what_it_came_to() -> None:
    events = [started(), asked(1, 0, ("0.0", "b", None)), answered(2, 0, ("0.0", "good", "label"))]
    found = [
        annotation(0, "b", "ann", "bad"),
        annotation(1, "b", "bob", "good"),
        annotation(2, "b", "cem", "good"),
        annotation(3, "b", "ann", "good", guidelines="v2"),
        annotation(4, "b", "dan", None),
    ]
    row = labeled_data(DATA, events, found).every[1]
    assert (row.label, row.annotators, row.n_annotations) == ("good", ("bob", "cem", "ann", "dan"), 4)
    assert (row.agreement, row.guidelines, row.seconds) == (1.0, "v1", 6.0)
    assert (row.first, row.last) == (1_700_000_001.0, 1_700_000_004.0)


def test_the_audit_stream_has_the_label_that_most_gave() -> None:
    audit = [
        annotation(0, "d", "ann", "bad", stream="audit", round=2),
        annotation(1, "d", "bob", "bad", stream="audit", round=2),
        annotation(2, "d", "cem", "good", stream="audit", round=3),
        annotation(3, "e", "ann", "bad", stream="audit"),
        annotation(4, "e", "bob", "good", stream="audit"),
        annotation(5, "f", "bob", None, stream="audit", outcome="bad"),
    ]
    d, e, f = labeled_data(DATA, [started()], audit).every[3:]
    assert (d.label, d.outcome, d.stream, d.strategy, d.round) == ("bad", "label", "audit", "audit", 3)
    assert d.agreement == pytest.approx(1 / 3)
    assert (e.label, e.outcome, e.agreement) == (None, None, 0.0)
    assert (f.label, f.outcome, f.agreement) == (None, "bad", None)


def test_what_the_audit_came_to_may_be_said() -> None:
    said = [
        annotation(0, "d", "ann", "bad", stream="audit", ask_id="audit.0"),
        annotation(1, "e", "ann", "bad", stream="audit", ask_id="audit.1"),
    ]
    found = labeled_data(DATA, [started()], said, {"audit.0": Answer("audit.0", "good")})
    assert [(one.id, one.label, one.outcome) for one in found.rows] == [
        ("d", "good", "label"),
        ("e", None, None),
    ]


def test_what_the_loop_was_not_told_yet_has_the_label_that_people_agreed_on() -> None:
    events = [started(), asked(1, 0, ("0.0", "b", 0.25), ("0.1", "c", None), ("0.2", "d", None))]
    said = [
        annotation(0, "b", "ann", "good", ask_id="0.0"),
        annotation(1, "c", "ann", "good", ask_id="0.1"),
        annotation(2, "d", "ann", None, ask_id="0.2"),
    ]
    agreed = {"0.0": Answer("0.0", "bad"), "0.2": Answer("0.2", outcome="skip")}
    found = labeled_data(DATA, events, said, agreed)
    b, c, d = found.rows
    assert (b.label, b.outcome, b.learned, b.n_annotations) == ("bad", "label", False, 1)
    assert (b.round, b.strategy, b.probability, b.stream) == (0, "margin", 0.25, "active")
    assert (c.label, c.outcome, c.n_annotations) == (None, None, 1)
    assert (d.label, d.outcome) == (None, "skip")
    assert [one.label for one in labeled_data(DATA, events, said).only("labeled").rows] == ["good", "good"]


def test_what_the_loop_was_told_stands_until_it_is_told_otherwise() -> None:
    events = [
        started(),
        asked(1, 0, ("0.0", "b", None), ("0.1", "c", None)),
        answered(2, 0, ("0.0", "good", "label"), ("0.1", None, "skip")),
        asked(3, 1, ("1.0", "c", 0.5)),
    ]
    corrected = annotation(0, "b", "ann", "bad", ask_id="0.0")
    skipped = annotation(1, "c", "ann", None, ask_id="0.1", outcome="skip")
    again = annotation(2, "c", "bob", "bad", ask_id="1.0", round=1)
    b, c = labeled_data(DATA, events, [corrected, skipped, again], {"1.0": Answer("1.0", "bad")}).rows
    assert (b.label, b.learned) == ("good", True)
    assert (c.label, c.outcome, c.learned, c.round, c.n_annotations) == ("bad", "label", False, 1, 2)
    b, c = labeled_data(DATA, events, [corrected, skipped, again], {}).rows
    assert (c.label, c.outcome) == (None, None)


def test_rows_are_chosen_by_what_is_known_of_them() -> None:
    events = [
        started(),
        asked(1, 0, ("0.0", "b", None), ("0.1", "c", None)),
        answered(2, 0, ("0.0", "good", "label"), ("0.1", None, "abstain")),
    ]
    found = labeled_data(DATA, events)
    assert [one.id for one in found.rows] == ["b", "c"]
    assert [one.id for one in found.only("labeled").rows] == ["b"]
    assert len(found.only("all").rows) == 6
    with pytest.raises(UnknownNameError, match="did you mean 'labeled'"):
        found.only("labelled")  # type: ignore[arg-type]


def test_items_of_other_data_are_refused() -> None:
    with pytest.raises(DataError, match="annotation 7 is about item 'z', which is not in the data"):
        labeled_data(DATA, [started()], [annotation(7, "z", "ann", "good")])
    with pytest.raises(DataError, match="'z'"):
        labeled_data(DATA, [started(["z"], ["good"])])
