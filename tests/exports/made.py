"""Labeled data as tests of exports start from: three texts of hostile people, or a few images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from activeloop.data import Dataset
from activeloop.data.to_label import modality_of
from activeloop.events import Event
from activeloop.exports import LabeledData, LabeledRow
from activeloop.people.annotation import Annotation

CLASSES = ("good", "bad")


def annotation(number: int, item: Any, annotator: str, value: Any, **more: Any) -> Annotation:
    """Make one annotation of the active stream."""
    made = Annotation(
        number=number,
        key=str(number),
        ask_id="0.0",
        item=item,
        annotator=annotator,
        outcome="label" if value is not None else "abstain",
        value=value,
        seconds=1.5,
        at=1_700_000_000.0 + number,
        round=0,
        stream="active",
        position=number,
        reveal="never",
        guidelines="v1",
        note="",
        flagged=False,
        late=False,
    )
    return made._replace(**more)


def started(ids: Sequence[Any] = (), labels: Sequence[Any] = ()) -> Event:
    """Make the first event of a run."""
    return Event(0, 0, "started", {"ids": list(ids), "labels": list(labels)})


def asked(number: int, round: int, *asks: tuple[str, Any, float | None], strategy: str = "margin") -> Event:
    """Make the event of a query."""
    made = [(ask_id, item, 0.5, chance) for ask_id, item, chance in asks]
    return Event(number, round, "asked", {"asks": made, "strategy": strategy, "n_trained": 0, "notes": []})


def answered(number: int, round: int, *answers: tuple[str, Any, str], by: str = "") -> Event:
    """Make the event of answers: ask id, value, outcome."""
    made = [(ask_id, value, outcome, by, 1.0, 2.0, "") for ask_id, value, outcome in answers]
    return Event(number, round, "answered", {"answers": made})


def labeled(data: Dataset, labels: Sequence[Any], **more: Any) -> LabeledData:
    """Make labeled data with one row an item; None = nothing was said."""
    rows = (
        LabeledRow(id, at, label, None if label is None else "label", **(more if label is not None else {}))
        for at, (id, label) in enumerate(zip(data.ids.tolist(), labels, strict=True))
    )
    return LabeledData(data, modality_of(data), tuple(rows))
