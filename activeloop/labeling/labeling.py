"""Drives a loop whose answers come when they come: hand out, listen, close, train, and go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from activeloop.history import Round
from activeloop.labeling.closing import Closing, Standing, any_of, everything, manual
from activeloop.loop import Loop
from activeloop.query import Answer, Query


class Labeling:
    """A loop, an oracle of people, and the policy that closes its rounds.

    loop    its `batch_size` is what is asked per round: the labels wanted and a reserve, with which people
            go on while the model trains
    oracle  any door: a callable that gives the answers that it has so far, with `retire` if it can withdraw
    close   when a round is over (see `labeling.closing`); somebody may always ask for it by `close_round`
    stop    a stopping rule that does not peek
    opened  is told every query that is handed out, closed every closed round, in the thread that trains

    Answers reach the loop when their round closes, those that are late or corrected as soon as they are
    heard. One thread drives (`run`, or `step` again and again); any thread may look.
    """

    def __init__(
        self,
        loop: Loop,
        oracle: Callable[[Query], Iterable[Answer]],
        *,
        close: Closing | None = None,
        stop: Any = None,
        opened: Callable[[Query], None] = lambda query: None,
        closed: Callable[[Round], None] = lambda round: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.loop, self.oracle = loop, oracle
        self._close, self._stop, self._clock = close or everything(), stop, clock
        self._opened, self._closed = opened, closed
        self._query: Query | None = None
        self._before: Query | None = None
        self._since, self._seen = 0.0, 0
        self._reason: str | None = None
        self._wished = threading.Event()
        self.training = False
        self.standing: Standing | None = None

    @property
    def stopped(self) -> str | None:
        """Why there is nothing more to label, or None."""
        return self.loop.stopped

    def close_round(self) -> None:
        """Ask for the end of the open round, as soon as it has an answer."""
        self._wished.set()

    def run(self, until: threading.Event | None = None, *, seconds: float = 0.2) -> None:
        """Drive until there is a reason to stop, or `until` is set; look every so many seconds."""
        until = until or threading.Event()
        while not until.is_set():
            closed = self.step()
            if self.stopped is not None:
                return
            if not closed:
                until.wait(seconds)

    def step(self) -> tuple[Round, ...]:
        """Look once: hand out what is asked, take in what is told, close what is over; give closed rounds."""
        rounds: list[Round] = []
        self._reason = None
        self.training = self._query is None
        for one in self.loop.run(self._gate, self._stop):
            self._reason = None  # it was closed by its last answer
            rounds.append(one)
            self._closed(one)
        if self._reason is not None:
            rounds.append(self.loop.close())
            self._closed(rounds[-1])
        if not rounds:  # after a close the next round is asked first: the model need not be fitted twice
            rounds += self._late()
        self.training = False
        if self.stopped is not None and self._query is not None:
            rounds += self._end(self._query)
        return tuple(rounds)

    def _end(self, query: Query) -> list[Round]:
        """Withdraw what is left, and hear what was told until then; a loop that heard more stops anew."""
        self._retire(query)
        self._query = None
        closed = self._late()
        return [*closed, *self.loop.run(self._gate, self._stop)]

    def _gate(self, query: Query) -> list[Answer]:
        """Let answers through to the loop when the policy closes the round.

        `query` has the asks that the loop holds open; the policy is asked about the whole, as it was before a
        break between hearing the answers and closing.
        """
        whole, open = self.loop.ask(), {ask.ask_id for ask in query.asks}
        if self._query is None or self._query.round != whole.round:
            self._open(whole)
        answers = list(self.oracle(whole))
        heard = [one for one in answers if one.ask_id in open]
        answered = len(heard) + len(whole) - len(open)
        labeled = sum(one.outcome == "label" for one in answers)
        seconds = self._clock() - self._since
        self.standing = Standing(len(whole), answered, labeled, seconds, self._wished.is_set())
        self.training = False
        self._reason = any_of(manual(), self._close)(self.standing)
        if self._reason is None:
            return []
        self.training = True
        self._wished.clear()
        return heard

    def _open(self, query: Query) -> None:
        """Hand out a new round, and only then withdraw the old one: nobody is left without work between."""
        self._before, self._query, self._since = self._query, query, self._clock()
        self.oracle(query)
        if self._before is not None:
            self._retire(self._before)
        self._opened(query)

    def _retire(self, query: Query) -> None:
        retire = getattr(self.oracle, "retire", None)
        if retire is not None:
            retire(query)

    def _late(self) -> list[Round]:
        """Tell the loop what was said or corrected of earlier rounds."""
        news = self._of_earlier_rounds()
        closed = self.loop.tell(news) if news else None
        if closed is None:
            return []
        self._closed(closed)
        return [closed]

    def _of_earlier_rounds(self) -> list[Answer]:
        of_all = getattr(self.oracle, "answers", None)
        if of_all is not None:
            answers, self._seen = of_all(self._seen)
        else:
            answers = [] if self._before is None else list(self.oracle(self._before))
        open = {ask.ask_id for ask in self._query.asks} if self._query else set()
        return [one for one in answers if one.ask_id not in open]
