"""Who is given which ask next: an order of each person's own, and random items among the chosen."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator

import numpy as np

from activeloop.people.rules import Rules
from activeloop.people.tasks import Task, Tasks
from activeloop.seeds import Component, id_keys, mix, uniforms


class Turns:
    """Picks tasks; it keeps queues only to be quick, and they follow from the tasks and the seed alone.

    The place in a batch tells how much the strategy wanted an item; so each person has the batch in a random
    order of their own. Audit items come in the order in which they were drawn.
    """

    def __init__(self, tasks: Tasks, rules: Rules, seed: int) -> None:
        self._tasks, self._rules, self._seed = tasks, rules, seed
        self._queues: dict[tuple[str, str], tuple[tuple[int, int, int], deque[Task]]] = {}

    def next(self, annotator: str, n: int, now: float) -> list[Task]:
        """Give up to n tasks that this person may be given now, besides those that they hold."""
        picked: list[Task] = []
        streams = {
            "active": self._free(annotator, "active", now),
            "audit": self._free(annotator, "audit", now),
        }
        while len(picked) < n:
            first, second = self._streams(annotator, len(picked))
            task = next(streams[first], None) or next(streams[second], None)
            if task is None:
                break
            picked.append(task)
        for stream in streams.values():
            stream.close()
        return picked

    def needed(self, items: list[int | str]) -> list[int]:
        """Give how many people each of these items needs."""
        if self._rules.needed == 1 or not items:
            return [1] * len(items)
        draws = uniforms(id_keys(np.asarray(items)), self._seed, Component.OVERLAP)
        return [self._rules.needed if draw < self._rules.overlap else 1 for draw in draws.tolist()]

    def _streams(self, annotator: str, ahead: int) -> tuple[str, str]:
        """Toss which stream this person's next item comes from; the other one is for when it is empty."""
        place = self._tasks.given.get(annotator, 0) + ahead
        draw = uniforms(_key(f"{annotator}\n{place}"), self._seed, Component.TURN)[0]
        return ("audit", "active") if draw < self._rules.audit_share else ("active", "audit")

    def _free(self, annotator: str, stream: str, now: float) -> Generator[Task, None, None]:
        queue, looked = self._queue(annotator, stream), deque[Task]()
        try:
            while queue:
                task = queue.popleft()
                if task.over or annotator in task.said:
                    continue
                looked.append(task)
                if task.held(annotator, now) is None and self._tasks.free(task, annotator, now):
                    yield task
        finally:
            queue.extendleft(reversed(looked))

    def _queue(self, annotator: str, stream: str) -> deque[Task]:
        """Give what this person may still be asked, made anew when there is more of it."""
        tasks = self._tasks
        asked = [*tasks.rounds.get(tasks.round, ()), *tasks.again.values()]
        given = tasks.audit if stream == "audit" else asked
        state = (tasks.reopened, tasks.round, len(given))
        known = self._queues.get((annotator, stream))
        if known is None or known[0] != state:
            known = state, deque(given if stream == "audit" else self._shuffled(annotator, given))
            self._queues[annotator, stream] = known
        return known[1]

    def _shuffled(self, annotator: str, tasks: list[Task]) -> list[Task]:
        if not tasks:
            return []
        keys = mix(id_keys(np.array([one.item for one in tasks])) ^ _key(annotator))
        order = np.argsort(uniforms(keys, self._seed, Component.ORDER, tasks[0].round), kind="stable")
        return [tasks[at] for at in order.tolist()]


def _key(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return id_keys(np.array([text], dtype=object))
