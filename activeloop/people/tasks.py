"""Every ask as people see it, whose it is now and what was said of it: rebuilt from events alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from activeloop.errors import AnswerError, nearest
from activeloop.events import Event
from activeloop.people.annotation import Annotation, Counts, Lease, Stream


@dataclass
class Task:
    """One ask: how many people it needs, who holds it, what each of them said last."""

    ask_id: str
    item: int | str
    round: int
    stream: Stream
    needed: int
    withdrawn: bool = False
    leases: dict[str, Lease] = field(default_factory=dict)
    said: dict[str, Annotation] = field(default_factory=dict)
    ruling: Annotation | None = None

    @property
    def met(self) -> bool:
        """Whether enough has been said."""
        return self.ruling is not None or len(self.said) >= self.needed

    @property
    def over(self) -> bool:
        """Whether nobody is to be given it any more."""
        return self.withdrawn or self.met

    def counted(self) -> tuple[Annotation, ...]:
        """Give what counts: a ruling alone, or what the first people said, as many as are needed."""
        if self.ruling is not None:
            return (self.ruling,)
        return tuple(self.said.values())[: self.needed]

    def held(self, annotator: str, now: float) -> Lease | None:
        """Give this person's lease, while it runs."""
        lease = self.leases.get(annotator)
        return lease if lease is not None and lease.expires > now else None

    def free(self, annotator: str, now: float) -> bool:
        """Whether this person may be given it: nobody may fill two of the places."""
        if self.over or annotator in self.said:
            return False
        others = sum(one.expires > now for who, one in self.leases.items() if who != annotator)
        return len(self.said) + others < self.needed


class Tasks:
    """All tasks of a run; `apply` is the only thing that changes them."""

    def __init__(self) -> None:
        self.all: dict[str, Task] = {}
        self.rounds: dict[int, list[Task]] = {}
        self.of_item: dict[int | str, list[Task]] = {}
        self.audit: list[Task] = []
        self.again: dict[str, Task] = {}
        self.annotations: list[Annotation] = []
        self.by_key: dict[str, Annotation] = {}
        self.undone: set[int] = set()
        self.by_person: dict[str, list[Annotation]] = {}
        self.given: dict[str, int] = {}
        self.given_in_round: dict[tuple[str, int], int] = {}
        self.leases: dict[str, dict[str, Lease]] = {}
        self.changed: dict[str, int] = {}
        self.reopened = 0
        self.round = 0
        self.events = 0

    def find(self, ask_id: str) -> Task:
        """Give the task of an ask; raises AnswerError when it was never asked."""
        task = self.all.get(ask_id)
        if task is None:
            close = nearest(str(ask_id), list(self.all)[-1000:])
            hint = f"; did you mean {close!r}?" if close else ""
            raise AnswerError(f"ask {ask_id!r} was never asked{hint}")
        return task

    def free(self, task: Task, annotator: str, now: float) -> bool:
        """Whether this person may be given a task: not what they hold, or what was told, by another ask."""
        others = (one for one in self.of_item[task.item] if one is not task)
        return task.free(annotator, now) and not any(
            annotator in one.said or one.held(annotator, now) or (one.withdrawn and one.said)
            for one in others
        )

    def _may_have(self, task: Task, annotator: str, now: float) -> bool:
        """Say the same as `free`, quickly for a task that nobody has touched."""
        touched = task.said or task.leases or task.ruling or task.withdrawn
        if not touched and len(self.of_item[task.item]) == 1:
            return True
        return self.free(task, annotator, now)

    def newest(self, annotator: str) -> Annotation | None:
        """Give what this person said last, besides what they took back."""
        said = self.by_person.get(annotator, [])
        return said[-1] if said else None

    def held_by(self, annotator: str, now: float) -> list[Lease]:
        """Give the leases of this person that run, in the order in which they were first given."""
        return [one for one in self.leases.get(annotator, {}).values() if one.expires > now]

    def counts(self, annotator: str | None, now: float) -> Counts:
        """Count how far the work is, of one person or of all."""
        asked, who = self.rounds.get(self.round, []), annotator or ""
        people = self.by_person if annotator is None else [who]
        return Counts(
            told=sum(len(self.by_person.get(one, ())) for one in people),
            asked=len(asked),
            answered=sum(one.met for one in asked),
            waiting=sum(self._may_have(one, who, now) for one in (*asked, *self.again.values(), *self.audit)),
            leased=sum(len(self.held_by(one, now)) for one in (self.leases if annotator is None else [who])),
        )

    def current(self) -> Iterator[Annotation]:
        """Yield what counts now, oldest first: neither taken back nor said anew by the same person."""
        for one in self.annotations:
            task = self.all[one.ask_id]
            if task.said.get(one.annotator) is one or task.ruling is one:
                yield one

    def apply(self, event: Event) -> None:
        """Change the state as an event says; a replay of all events gives the same state."""
        assert event.number == self.events, "events come in order, without a gap"
        self.events = event.number + 1
        getattr(self, f"_{event.kind}")(event.payload)

    def _asked(self, payload: Mapping[str, Any]) -> None:
        self.round = payload["round"]
        for ask_id, item, needed in payload["asks"]:
            task = Task(ask_id, item, payload["round"], payload["stream"], needed)
            self.all[ask_id] = task
            self.of_item.setdefault(item, []).append(task)
            if payload["stream"] == "audit":
                self.audit.append(task)
            else:
                self.rounds.setdefault(task.round, []).append(task)

    def _again(self, payload: Mapping[str, Any]) -> None:
        for ask_id in payload["asks"]:
            task = self.again[ask_id] = self.all[ask_id]
            task.needed, task.withdrawn = len(task.said) + 1, False
        self.reopened += 1

    def _leased(self, payload: Mapping[str, Any]) -> None:
        for one in payload["leases"]:
            lease = Lease(*one)
            task = self.all[lease.ask_id]
            known = task.leases.get(lease.annotator)
            if known is None or known.token != lease.token:
                if known is not None:
                    self.leases[lease.annotator].pop(known.token, None)
                self.given[lease.annotator] = self.given.get(lease.annotator, 0) + 1
                key = lease.annotator, self.round
                self.given_in_round[key] = self.given_in_round.get(key, 0) + 1
            task.leases[lease.annotator] = lease
            self.leases.setdefault(lease.annotator, {})[lease.token] = lease

    def _released(self, payload: Mapping[str, Any]) -> None:
        for token in payload["tokens"]:
            lease = self.leases[payload["annotator"]].pop(token)
            self.all[lease.ask_id].leases.pop(lease.annotator, None)

    def _told(self, payload: Mapping[str, Any]) -> None:
        self._keep(Annotation(*payload["annotation"]))

    def _ruled(self, payload: Mapping[str, Any]) -> None:
        self._keep(Annotation(*payload["annotation"]), ruling=True)

    def _keep(self, one: Annotation, *, ruling: bool = False) -> None:
        task = self.all[one.ask_id]
        self.annotations.append(one)
        self.by_key[one.key] = one
        self.by_person.setdefault(one.annotator, []).append(one)
        if ruling:
            task.ruling = one
        else:
            task.said[one.annotator] = one
        lease = task.leases.pop(one.annotator, None)
        if lease is not None:
            self.leases[one.annotator].pop(lease.token, None)
        self.changed[one.ask_id] = self.events

    def _undone(self, payload: Mapping[str, Any]) -> None:
        one = self.annotations[payload["number"]]
        task, said = self.all[one.ask_id], self.by_person[one.annotator]
        said.remove(one)
        self.undone.add(one.number)
        before = [past for past in said if past.ask_id == one.ask_id]
        if task.ruling is one:
            task.ruling = None
        elif before:
            task.said[one.annotator] = before[-1]
        else:
            task.said.pop(one.annotator, None)
        self.reopened += 1
        self.changed[one.ask_id] = self.events

    def _withdrawn(self, payload: Mapping[str, Any]) -> None:
        for ask_id in payload["asks"]:
            self.all[ask_id].withdrawn = True
