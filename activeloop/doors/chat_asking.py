"""One item and one model: asked until the reply is an answer, paid for once, abstained from at last."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, NamedTuple

from activeloop.doors.chat_prompt import BadReplyError, Prompt, Reply, read, schema
from activeloop.doors.chat_server import ChatServer
from activeloop.doors.desk import Desk
from activeloop.doors.purse import Prices, Purse, Tokens, used
from activeloop.doors.said import Asked
from activeloop.errors import ConfigurationError
from activeloop.events import encode
from activeloop.query import Answer, Ask, Query

# Tokens that a chat template puts around the messages, and that no message shows.
_AROUND = 100


class Model(NamedTuple):
    """Which model, with which options of a request, at which prices, and how often for one item."""

    name: str
    options: Mapping[str, Any]
    prices: Prices
    attempts: int
    strict: bool


class Asking:
    """Asks for one item at a time, from any thread; an answer is kept at the desk before it is seen."""

    def __init__(
        self, model: Model, prompt: Prompt, server: ChatServer, desk: Desk, budget: float | None
    ) -> None:
        self._model, self._prompt, self._server, self._desk = model, prompt, server, desk
        self._most_tokens = _most(model.options, limited=budget is not None)
        self.purse = Purse(budget, _spent(desk))
        self._one_at_a_time: defaultdict[str, Lock] = defaultdict(Lock)

    def keep(self, query: Query, asked: Asked, stopped: Callable[[], bool]) -> None:
        """Have one ask answered and keep the answer, unless it is `stopped` before.

        A request that was answered before, for whichever ask, is not sent again and costs nothing.
        """
        body = self._body(asked)
        digest = hashlib.blake2b(encode(body).encode(), digest_size=16).hexdigest()
        with self._one_at_a_time[digest]:
            known = self._desk.said_in(digest)
            said = self._said(asked, body, digest, stopped) if known is None else known._replace(cost=0.0)
            if said is not None:
                answer = said._replace(ask_id=asked.ask_id, annotator=self._model.name)
                ask = Ask(asked.ask_id, asked.id, None, None)
                self._desk.hand_out(query, (ask,), parcel=digest, said=[answer])

    def _body(self, asked: Asked) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self._model.name, "messages": self._prompt.messages(asked)}
        if self._model.strict:
            body["response_format"] = schema(asked.classes)
        return {key: value for key, value in (body | dict(self._model.options)).items() if value is not None}

    def _said(
        self, asked: Asked, body: Mapping[str, Any], digest: str, stopped: Callable[[], bool]
    ) -> Answer | None:
        """Ask until the reply is an answer, or abstain with the reason; another seed for each attempt."""
        mine = [one for one in self._desk.noted if one["ask_id"] == asked.ask_id]
        cost, why = float(sum(one.get("paid", 0.0) for one in mine)), ""
        for attempt in range(self._model.attempts):
            if stopped():
                return None
            seed = {"seed": body["seed"] + attempt} if "seed" in body else {}
            price, payload = self._complete(asked.ask_id, {**body, **seed}, f"{digest}-{attempt}")
            cost += price
            try:
                return _answer(read(payload, asked.classes), cost)
            except BadReplyError as error:
                why = str(error)
                self._desk.note(ask_id=asked.ask_id, paid=price)
        return _answer(Reply("abstain", None, f"no answer in {self._model.attempts} attempts: {why}"), cost)

    def _complete(self, ask_id: str, body: Mapping[str, Any], name: str) -> tuple[float, dict[str, Any]]:
        """Give a completion and its price; a reply that is lost counts as the most it may have cost."""
        prices = self._model.prices
        most = prices.of(Tokens(len(encode(body).encode()) + _AROUND, self._most_tokens))

        def lost() -> None:
            self._desk.note(ask_id=ask_id, lost=most)
            self.purse.pay(most, again=True)

        with self.purse.hold(most):
            payload = self._server.complete(body, name, lost)
            tokens = used(payload)
            price = most if tokens is None else prices.of(tokens)
            self.purse.pay(price)
        return price, payload


def _answer(reply: Reply, cost: float) -> Answer:
    return Answer("", reply.value, reply.outcome, cost=cost, note=reply.note)


def _spent(desk: Desk) -> float:
    """Add up what was paid: an answer's cost has in it what its own failed attempts cost."""
    answered = sum(one.cost for one in desk.newest.values())
    failed = sum(one.get("paid", 0.0) for one in desk.noted if one["ask_id"] not in desk.newest)
    return float(answered + failed + sum(one.get("lost", 0.0) for one in desk.noted))


def _most(options: Mapping[str, Any], *, limited: bool) -> int:
    """Give the most tokens that a reply can have by the options of its request."""
    given = [options.get(one) for one in ("max_tokens", "max_completion_tokens")]
    known = [one for one in given if isinstance(one, int)]
    if limited and not known:
        raise ConfigurationError("a budget needs max_tokens or max_completion_tokens among the options")
    return max(known, default=0)
