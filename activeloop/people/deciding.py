"""What may happen to an ask, decided on its state alone: who gets it, what is kept, what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from activeloop.errors import AnswerError
from activeloop.people.annotation import Annotation, Lease, Receipt, Said, Stream
from activeloop.people.journal import News
from activeloop.people.rules import Rules
from activeloop.people.tasks import Task, Tasks
from activeloop.people.turns import Turns


def opened(
    tasks: Tasks, turns: Turns, asks: Sequence[tuple[str, int | str]], round: int, stream: Stream
) -> list[News]:
    """Ask about what was not asked yet."""
    new = [one for one in asks if one[0] not in tasks.all]
    needed = turns.needed([item for _, item in new])
    rows = [[ask_id, item, people] for (ask_id, item), people in zip(new, needed, strict=True)]
    return [("asked", {"round": round, "stream": stream, "asks": rows})] if rows else []


def again(tasks: Tasks, items: Iterable[int | str]) -> list[News]:
    """Ask one person more about items of closed rounds that were answered and are not being asked about."""
    asks = []
    for item in items:
        told = [one for one in tasks.of_item.get(item, ()) if one.said and one.round < tasks.round]
        if told and told[-1].over and told[-1].ruling is None:
            asks.append(told[-1].ask_id)
    return [("again", {"asks": asks})] if asks else []


def withdrawn(tasks: Tasks, ask_ids: Iterable[str]) -> list[News]:
    """Give asks to nobody any more."""
    over = [one for one in ask_ids if not tasks.find(one).withdrawn]
    return [("withdrawn", {"asks": over})] if over else []


def leased(
    tasks: Tasks, turns: Turns, rules: Rules, annotator: str, n: int, now: float
) -> tuple[list[Lease], list[News]]:
    """Give what this person holds, and more up to n; a lease in the first half of its time stays as it is."""
    held = [one for one in tasks.held_by(annotator, now) if not tasks.all[one.ask_id].over][:n]
    first = tasks.given_in_round.get((annotator, tasks.round), 0)
    given = [
        Lease(f"{tasks.events}.{at}", task.ask_id, task.item, annotator, 0.0, first + at)
        for at, task in enumerate(turns.next(annotator, n - len(held), now))
    ]
    if not given and all(one.expires - now > rules.lease_seconds / 2 for one in held):
        return held, []
    return _leases((*held, *given), now + rules.lease_seconds)


def renewed(
    tasks: Tasks, rules: Rules, annotator: str, tokens: Iterable[str], now: float
) -> tuple[list[Lease], list[News]]:
    """Keep leases of this person; one that ran out is kept only while nobody else has the place."""
    own = tasks.leases.get(annotator, {})
    mine = [own[token] for token in dict.fromkeys(tokens) if token in own]
    kept = [one for one in mine if one.expires > now or tasks.free(tasks.all[one.ask_id], annotator, now)]
    return _leases(kept, now + rules.lease_seconds) if kept else ([], [])


def released(tasks: Tasks, annotator: str, tokens: Iterable[str]) -> list[News]:
    """Give leases of this person back."""
    own = tasks.leases.get(annotator, {})
    mine = [token for token in dict.fromkeys(tokens) if token in own]
    return [("released", {"annotator": annotator, "tokens": mine})] if mine else []


def told(
    tasks: Tasks, rules: Rules, annotator: str, said: Said, now: float, kind: str
) -> tuple[Receipt, list[News]]:
    """Keep what was said, once; raises AnswerError for a key that stands for something else."""
    known = tasks.by_key.get(said.key)
    if known is not None:
        if (known.annotator, known.ask_id) != (annotator, said.ask_id):
            raise AnswerError(f"key {said.key!r} was told before, for ask {known.ask_id!r}")
        return Receipt(known, True), []
    one = _annotation(tasks, rules, tasks.find(said.ask_id), annotator, said, now)
    return Receipt(one, False), [(kind, {"annotation": list(one)})]


def undone(tasks: Tasks, rules: Rules, annotator: str, now: float) -> tuple[Lease | None, list[News]]:
    """Take back what this person said last, and lease them the item anew."""
    last = tasks.newest(annotator)
    if last is None:
        return None, []
    lease = Lease(f"{tasks.events}.0", last.ask_id, last.item, annotator, 0.0, last.position)
    leases, news = _leases([lease], now + rules.lease_seconds)
    return leases[0], [("undone", {"number": last.number, "annotator": annotator, "at": now}), *news]


def _leases(leases: Iterable[Lease], expires: float) -> tuple[list[Lease], list[News]]:
    given = [one._replace(expires=expires) for one in leases]
    return given, [("leased", {"leases": [list(one) for one in given]})]


def _annotation(tasks: Tasks, rules: Rules, task: Task, annotator: str, said: Said, now: float) -> Annotation:
    lease, again = task.leases.get(annotator), annotator in task.said
    ran_out = bool(said.lease) and task.held(annotator, now) is None
    return Annotation(
        number=len(tasks.annotations),
        key=said.key,
        ask_id=task.ask_id,
        item=task.item,
        annotator=annotator,
        outcome=said.outcome,
        value=said.value,
        seconds=said.seconds,
        at=now,
        round=tasks.round if task.stream == "audit" else task.round,
        stream=task.stream,
        position=-1 if lease is None else lease.position,
        reveal=rules.reveal,
        guidelines=rules.guidelines,
        note=said.note,
        flagged=said.flagged,
        late=task.withdrawn or (not again and (ran_out or task.met)),
    )
