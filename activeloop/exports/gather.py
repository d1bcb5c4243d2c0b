"""From what happened in a run, and what people said one by one, to labeled data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from activeloop.data.dataset import Dataset
from activeloop.data.to_label import modality_of
from activeloop.errors import DataError
from activeloop.events import Event
from activeloop.exports.labeled import LabeledData, LabeledRow, pairs_agreeing
from activeloop.ledger import LABELED, Ledger
from activeloop.people.annotation import Annotation
from activeloop.query import Answer


class _Asked(NamedTuple):
    round: int
    strategy: str
    probability: float | None


def labeled_data(
    data: Dataset,
    events: Iterable[Event],
    annotations: Iterable[Annotation] = (),
    agreed: Mapping[str, Answer] | None = None,
) -> LabeledData:
    """Give what the events of a Loop say of each item of its data set, with what people said one by one.

    Labels are those that the loop's model learns, corrections included. It was not told of asks of the audit
    stream, and not yet of what people said in a round that is still open: `agreed` has the answer to which
    they have come, by ask id, and lacks the asks on which they have not come to one; without `agreed` it is
    the label that most gave. Of a person who spoke about an item more than once, the newest counts.

    Raises DataError for events or annotations of an item that is not in the data.
    """
    ledger = Ledger(data.pool())
    asked: dict[str, _Asked] = {}
    for event in events:
        ledger.apply(event)
        if event.kind == "asked":
            strategy = str(event.payload["strategy"])
            asked |= {one[0]: _Asked(event.round, strategy, one[3]) for one in event.payload["asks"]}
    rows = {row.id: row for row in _told(ledger, asked)}
    told = {ask_id for ask_id, one in ledger.asks.items() if one.answer is not None}
    said: dict[int | str, dict[str, Annotation]] = defaultdict(dict)
    for one in sorted(annotations, key=lambda one: one.number):
        if one.item not in rows:
            raise DataError(f"annotation {one.number} is about item {one.item!r}, which is not in the data")
        said[one.item].pop(one.annotator, None)
        said[one.item][one.annotator] = one
    for item, by_person in said.items():
        found = tuple(by_person.values())
        row = _with(rows[item], found)
        untold = [one for one in found if one.ask_id not in told]
        if row.outcome != "label" and untold:
            newest = untold[-1]
            of_ask = [one for one in untold if one.ask_id == newest.ask_id]
            answer = _most(of_ask) if agreed is None else agreed.get(newest.ask_id)
            row = _untold(row, newest, answer, asked.get(newest.ask_id))
        rows[item] = row
    return LabeledData(data, modality_of(data), tuple(rows.values()))


def _told(ledger: Ledger, asked: Mapping[str, _Asked]) -> Iterable[LabeledRow]:
    """Give a row for every item, as the loop knows it."""
    labeled = ledger.labeled()
    labels = dict(zip(labeled.tolist(), ledger.labels(labeled).tolist(), strict=True))
    answered: dict[int, str] = {}
    for ask_id, one in ledger.asks.items():
        if one.answer is not None:
            answered[one.row] = ask_id
    for at, item in enumerate(ledger.items.ids.tolist()):
        giver = ledger.given_by(at) or answered.get(at)
        if giver is None:
            initial = ledger.state[at] == LABELED
            yield LabeledRow(
                item,
                at,
                labels.get(at),
                "label" if initial else None,
                stream="initial" if initial else "active",
            )
        else:
            answer = ledger.asks[giver].answer
            assert answer is not None
            yield _by_one(LabeledRow(item, at, labels.get(at), answer.outcome), answer)._replace(
                **asked[giver]._asdict()
            )


def _by_one(row: LabeledRow, answer: Answer) -> LabeledRow:
    """What is known where there are answers, but no annotations."""
    named = (answer.annotator,) if answer.annotator else ()
    return row._replace(annotators=named, n_annotations=1, seconds=answer.seconds)


def _with(row: LabeledRow, found: tuple[Annotation, ...]) -> LabeledRow:
    """What is known where people are: `found` is in the order in which it was stored."""
    newest = found[-1]
    given = [one.value for one in found if one.outcome == "label"]
    return row._replace(
        annotators=tuple(one.annotator for one in found),
        n_annotations=len(found),
        agreement=pairs_agreeing(given),
        first=min(one.at for one in found),
        last=newest.at,
        guidelines=newest.guidelines,
        seconds=sum(one.seconds for one in found),
        annotations=found,
    )


def _most(found: Sequence[Annotation]) -> Answer | None:
    """Give the label that most gave, None where two are level; without any label the newest outcome."""
    newest = found[-1]
    counted = Counter(one.value for one in found if one.outcome == "label").most_common(2)
    if not counted:
        return Answer(newest.ask_id, outcome=newest.outcome)
    level = len(counted) > 1 and counted[0][1] == counted[1][1]
    return None if level else Answer(newest.ask_id, counted[0][0])


def _untold(row: LabeledRow, newest: Annotation, answer: Answer | None, asked: _Asked | None) -> LabeledRow:
    """What has come of an ask that the loop was not told of."""
    if newest.stream == "audit":
        row = row._replace(stream="audit", round=newest.round, strategy="audit")
    elif asked is not None:
        row = row._replace(**asked._asdict())
    if answer is None:
        return row._replace(outcome=None)
    return row._replace(label=answer.value, outcome=answer.outcome, learned=False)
