"""A hosted model that answers in place of people, over the chat protocol that most servers speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from activeloop.doors.chat_asking import Asking, Model
from activeloop.doors.chat_prompt import Content, Prompt
from activeloop.doors.chat_server import ChatServer, Patience, RefusedForAllError
from activeloop.doors.desk import Desk
from activeloop.doors.problems import Problems, Report
from activeloop.doors.purse import OutOfBudgetError, Prices
from activeloop.doors.rest import Rest
from activeloop.doors.said import Asked, asked_of
from activeloop.errors import ActiveloopError, ConfigurationError
from activeloop.events import Store
from activeloop.query import Answer, Ask, Query


class Chat:
    """An oracle that asks a chat model for one of the classes, and takes nothing else for an answer.

    url           of the server up to its version, as "https://api.openai.com/v1" or "http://127.0.0.1:8000/v1"
    model         its name there; also the annotator of the answers
    key_variable  the environment variable with the key ("" for none); the key is neither stored nor shown
    guidelines    what people would be told; `examples`: pairs of an item and its label; `show(item)`: what
                  the model sees of an item, where it is not a text or a row
    prices        `Prices(input, output)` of a million tokens; then answers have their `cost`, and `budget` is
                  never exceeded: a request is sent only if the most that it can cost is left
    attempts      how often an answer outside of the schema is asked for anew, before the item is abstained
    concurrency   how many requests are under way at once; `patience`: how long and how often one is tried
    strict        send the schema with the request; it is checked here in any case
    options       of the request, over ours; None takes one away (`{"temperature": None}`)
    wait          False: a call gives what is there while threads go on
    store, run    where answers are kept before they are given, so that nothing is paid for twice

    A request that was answered once, in this run, is never sent again, whatever ask it belongs to. An ask
    that failed is sent again by the next call. Problems are told as by `Callback`.

    Raises ConfigurationError, MissingDependencyError; OracleError when the server fails, refuses, or the
    budget is spent.
    """

    simulated = False

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key_variable: str = "OPENAI_API_KEY",
        guidelines: str = "",
        examples: Sequence[tuple[Any, Any]] = (),
        show: Callable[[Any], Content] | None = None,
        prices: Prices | None = None,
        budget: float | None = None,
        most_tokens: int = 200,
        attempts: int = 3,
        concurrency: int = 4,
        patience: Patience = Patience(),  # noqa: B008
        strict: bool = True,
        options: Mapping[str, Any] | None = None,
        wait: bool = True,
        seed: int = 0,
        store: str | Path | Store | None = None,
        run: str = "run",
        report: Report | None = None,
    ) -> None:
        if budget is not None and prices is None:
            raise ConfigurationError("a budget needs prices: Prices(input, output) of a million tokens")
        whole = {"attempts": attempts, "concurrency": concurrency, "most_tokens": most_tokens}
        for name, number in whole.items():
            if number < 1:
                raise ConfigurationError(f"{name} is {number}; allowed: 1 or more")
        usual = {"temperature": 0, "seed": seed, "max_tokens": most_tokens}
        one = Model(model, usual | dict(options or {}), prices or Prices(), attempts, strict)
        self._server = ChatServer(url, key_variable, patience)
        self._desk, self._problems = Desk(store, run, "chat"), Problems(report)
        self._asking = Asking(one, Prompt(guidelines, examples, show), self._server, self._desk, budget)
        self._threads, self._stop, self._wait = ThreadPoolExecutor(concurrency, "chat"), Event(), wait
        self._under_way: dict[str, Future[None]] = {}
        self._rest = Rest(patience.first_wait, patience.longest_wait)

    @property
    def spent(self) -> float:
        """What was paid in this run, with what may have been paid for replies that did not arrive."""
        return self._asking.purse.spent

    def __call__(self, query: Query) -> list[Answer]:
        """Send what was not answered yet; give all answers so far."""
        self._send(query)
        asked = [ask for ask in query.asks if ask.ask_id in self._under_way]
        if self._wait:
            try:
                wait_for([self._under_way[ask.ask_id] for ask in asked])
            except BaseException:
                self._halt()
                raise
        problems = self._ended(asked)
        return self._problems.beside(self._desk.answers(query), problems)

    def answers(self, after: int = 0) -> tuple[list[Answer], int]:
        """Give what is new since `after`, of any round, and the number to give back next time."""
        return self._desk.since(after)

    def retire(self, query: Query) -> None:
        """Send nothing more of a query; a reply that is under way is paid for, and kept."""
        for ask in query.asks:
            if ask.ask_id in self._under_way:
                self._under_way[ask.ask_id].cancel()
        self._desk.retire(query)

    def close(self) -> None:
        """Let the requests under way end, and let go of connections and store."""
        self._halt()
        self._server.close()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._desk.close()

    def _send(self, query: Query) -> None:
        if self._rest.is_over():
            self._stop.clear()
            unseen = tuple(ask for ask in self._desk.unseen(query) if ask.ask_id not in self._under_way)
            for asked in asked_of(replace(query, asks=unseen)):
                self._under_way[asked.ask_id] = self._threads.submit(self._one, query, asked)

    def _one(self, query: Query, asked: Asked) -> None:
        """Have one ask answered, in a thread."""
        if self._stop.is_set():
            return
        try:
            self._asking.keep(query, asked, self._stop.is_set)
            self._rest.reset()
        except (RefusedForAllError, OutOfBudgetError) as error:
            self._stop.set()  # no other item would fare better
            self._rest.begin(error)
            raise

    def _halt(self) -> None:
        self._stop.set()
        for one in self._under_way.values():
            one.cancel()

    def _ended(self, asked: Sequence[Ask]) -> list[ActiveloopError]:
        """Take what is over off the list; give what went wrong, what is the same for all but once."""
        rest = self._rest.reason
        problems: dict[str, ActiveloopError] = {} if rest is None else {str(rest): rest}
        for ask in asked:
            if not self._under_way[ask.ask_id].done():
                continue
            future = self._under_way.pop(ask.ask_id)
            error = None if future.cancelled() else future.exception()
            if isinstance(error, RefusedForAllError | OutOfBudgetError):
                problems[str(error)] = error
            elif isinstance(error, ActiveloopError):
                problems[ask.ask_id] = type(error)(f"item {ask.id!r}: {error}")
            elif error is not None:
                raise error
        return list(problems.values())
