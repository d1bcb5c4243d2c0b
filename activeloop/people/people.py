"""People as an oracle: asks become leases, leases annotations, annotations answers; nothing told is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from activeloop.consensus.named import named
from activeloop.events import Store
from activeloop.people import deciding, settling
from activeloop.people.annotation import Annotation, Counts, Lease, Receipt, Said
from activeloop.people.checking import checked
from activeloop.people.journal import Journal, News
from activeloop.people.rules import Rules
from activeloop.people.tasks import Task, Tasks
from activeloop.people.turns import Turns
from activeloop.query import Answer, Query
from activeloop.store import open_store


class People:
    """The oracle behind the page and the terminal: it gives asks to persons, and their answers to the loop.

    store    a path, an address or a store: the file of the loop, opened once more; None for memory
    name     of the loop's run; the events of people stand beside it as the run NAME/people
    classes  the labels that are allowed, or None for a regression
    rules    how many people are asked about an item, what they are shown, how long a lease runs
    consensus  makes one answer of what several people said: a name, or a function of `consensus.Ballots`
    seed     of the order that each person has, of overlap, and of when an audit item comes
    clock    gives seconds since 1970

    Several threads and, where the store allows it, several processes may use one run at the same time: what
    one of them decides is checked against what all of them wrote, and is on disk before anyone is told.

    >>> from activeloop.query import Ask
    >>> people = People(None, classes=("good", "bad"))
    >>> query = Query(0, (Ask("0.0", "review 7", None, None),), "margin", 0, ("good", "bad"), lambda one: one)
    >>> people(query)
    []
    >>> (lease,) = people.next("ada")
    >>> people.tell("ada", Said("a key of the page", lease.ask_id, "good", lease=lease.token)).repeated
    False
    >>> [(one.ask_id, one.value, one.annotator) for one in people(query)]
    [('0.0', 'good', 'ada')]
    """

    simulated = False

    def __init__(
        self,
        store: str | Path | Store | None,
        name: str = "run",
        *,
        classes: Sequence[Any] | None,
        rules: Rules | None = None,
        consensus: Any = "majority",
        seed: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.rules, self.classes = rules or Rules(), None if classes is None else tuple(classes)
        self._consensus, self._clock, tasks = named(consensus), clock, Tasks()
        self._turns = Turns(tasks, self.rules, seed)
        self._journal = Journal(open_store(store), f"{name}/people", tasks)

    # the oracle ------------------------------------------------------------------------------------------

    def __call__(self, query: Query) -> list[Answer]:
        """Open the asks that are new, and give what has come of these asks so far."""
        asks = [(ask.ask_id, ask.id) for ask in query.asks]
        self._journal.commit(
            lambda tasks: (None, deciding.opened(tasks, self._turns, asks, query.round, "active"))
        )
        with self._journal.read() as tasks:
            return self._answers(tasks, (tasks.all[ask.ask_id] for ask in query.asks))

    def retire(self, query: Query) -> None:
        """Give the asks of a query to nobody any more; what is told of them later is kept."""
        asks = [ask.ask_id for ask in query.asks]
        self._journal.commit(lambda tasks: (None, deciding.withdrawn(tasks, asks)))

    def audit(self, items: Iterable[int | str]) -> None:
        """Open asks about these items in the audit stream, in this order; known ones stay as they are."""
        given = list(items)

        def decide(tasks: Tasks) -> tuple[None, list[News]]:
            known = {task.item for task in tasks.audit}
            new = [item for item in given if item not in known]
            asks = [(f"audit.{at}", item) for at, item in enumerate(new, start=len(known))]
            return None, deciding.opened(tasks, self._turns, asks, tasks.round, "audit")

        self._journal.commit(decide)

    def ask_again(self, items: Iterable[int | str]) -> None:
        """Ask one person more, somebody else, about items that were answered in rounds that are closed.

        Their answers stay as they are until then; what all of them say together may correct them.
        """
        given = list(items)
        self._journal.commit(lambda tasks: (None, deciding.again(tasks, given)))

    def answers(self, after: int = 0) -> tuple[list[Answer], int]:
        """Give the answers to all active asks of which something was told after an event, and the last event.

        This is how late and corrected answers reach a loop: give the number back the next time.
        """
        with self._journal.read() as tasks:
            changed = [tasks.all[one] for one, at in tasks.changed.items() if at > after]
            return self._answers(tasks, (one for one in changed if one.stream == "active")), tasks.events

    def _answers(self, tasks: Tasks, asked: Iterable[Task]) -> list[Answer]:
        return settling.settled(self._consensus, tasks, list(asked), self.classes).answers

    # a person --------------------------------------------------------------------------------------------

    def next(self, annotator: str, n: int = 1) -> list[Lease]:
        """Give up to n leases: what this person still holds, then new ones; [] when there is nothing now."""
        return self._journal.commit(
            lambda tasks: deciding.leased(tasks, self._turns, self.rules, annotator, n, self._clock())
        )

    def renew(self, annotator: str, tokens: Iterable[str]) -> list[Lease]:
        """Keep leases for this person from now on; those that ran out and went to others are left out."""
        given = list(tokens)
        return self._journal.commit(
            lambda tasks: deciding.renewed(tasks, self.rules, annotator, given, self._clock())
        )

    def release(self, annotator: str, tokens: Iterable[str]) -> None:
        """Give leases back: somebody else may be given the items."""
        given = list(tokens)
        self._journal.commit(lambda tasks: (None, deciding.released(tasks, annotator, given)))

    def tell(self, annotator: str, said: Said) -> Receipt:
        """Keep what a person said of an ask; it is on disk when this returns.

        Told again with the same key it changes nothing. Told anew by the same person it takes the place of
        what they said before. Late work is kept, and marked. Raises AnswerError, with nothing stored, for an
        ask that there is not, a label outside the classes, or a key that is another person's.
        """
        return self._tell(annotator, said, "told")

    def adjudicate(self, by: str, said: Said) -> Receipt:
        """Settle an ask: what this person says is the answer, whatever others said or say."""
        return self._tell(by, said, "ruled")

    def _tell(self, annotator: str, said: Said, kind: str) -> Receipt:
        whole = checked(said, self.classes)
        return self._journal.commit(
            lambda tasks: deciding.told(tasks, self.rules, annotator, whole, self._clock(), kind)
        )

    def undo(self, annotator: str) -> Lease | None:
        """Take back what this person said last, and give them the item again; None when there is nothing."""
        return self._journal.commit(
            lambda tasks: deciding.undone(tasks, self.rules, annotator, self._clock())
        )

    # what has been said ----------------------------------------------------------------------------------

    def annotations(self) -> tuple[Annotation, ...]:
        """Give what counts now, oldest first: neither taken back nor said anew by the same person."""
        with self._journal.read() as tasks:
            return tuple(tasks.current())

    def everything(self) -> tuple[Annotation, ...]:
        """Give every annotation there ever was."""
        with self._journal.read() as tasks:
            return tuple(tasks.annotations)

    def disputes(self) -> tuple[settling.Dispute, ...]:
        """Give the asks on which people do not come to one answer, oldest first."""
        with self._journal.read() as tasks:
            several = [task for task in tasks.all.values() if len(task.said) > 1]
            return tuple(settling.settled(self._consensus, tasks, several, self.classes).disputes)

    def counts(self, annotator: str | None = None) -> Counts:
        """Count how far the work is, of one person or of all."""
        with self._journal.read() as tasks:
            return tasks.counts(annotator, self._clock())
