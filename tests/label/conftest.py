"""A real server, callers that sign in, and a real browser that fails the test when the page complains."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from activeloop.label import Annotators, Desk, Place, Server
from activeloop.people.people import People
from activeloop.people.rules import Rules
from activeloop.query import Ask, Query

pytest.importorskip("starlette", reason="the page needs the extra label")
pytest.importorskip("uvicorn", reason="the page needs the extra label")

GOOD_BAD = ("good", "bad")

Serve = Callable[..., "Running"]
Visit = Callable[..., Any]


class Told(NamedTuple):
    """What came back of a request."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Caller:
    """Somebody who calls the server without a browser."""

    def __init__(self, address: str, cookie: str = "") -> None:
        self.address, self.cookie = address, cookie

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str | None) -> Told:
        """Send one request as the page would; a header given as None is left out."""
        usual = {"Origin": self.address, "Content-Type": "application/json", "Cookie": self.cookie}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in (usual | given).items() if value}
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(str(parts.hostname), int(parts.port or 80), timeout=20)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return Told(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def post(self, path: str, given: Any = None, **headers: str | None) -> Told:
        """Say something as JSON."""
        return self.request("POST", path, json.dumps({} if given is None else given).encode(), **headers)

    def next(self, n: int = 3) -> list[Any]:
        """Give the items that are this person's."""
        items: list[Any] = self.post("/api/next", {"n": n}).json["items"]
        return items


class Running(NamedTuple):
    """A server, its people, and those who were let in."""

    server: Server
    people: People
    contexts: list[Any]

    def caller(self, name: str = "ada", role: Any = "annotator") -> Caller:
        """Sign somebody in."""
        token = self.server.invite(name, role).partition("#enter=")[2]
        told = Caller(self.server.address).post("/api/enter", {"token": token})
        assert told.status == 200, told
        return Caller(self.server.address, told.headers["set-cookie"].partition(";")[0])


def asked(people: People, items: Sequence[Any], round: int = 0) -> Query:
    """Ask people about all items, each by its position."""
    asks = tuple(Ask(f"{round}.{at}", at, None, None) for at in range(len(items)))
    query = Query(round, asks, "margin", 0, people.classes, lambda one: items[int(one)])
    people(query)
    return query


@contextmanager
def running(
    items: Sequence[Any],
    *,
    classes: Sequence[Any] = GOOD_BAD,
    rules: Rules | None = None,
    store: Path | None = None,
    port: int = 0,
    rooms: Any = None,
    first: int | None = None,
    **desk: Any,
) -> Iterator[Running]:
    """Serve items until the end of the block; people are asked about the `first` of them, or all."""
    people = People(store, classes=classes, rules=rules)
    asked(people, items[:first])
    annotators = Annotators(store, "run")
    with Server(
        Desk(people, lambda one: items[int(one)], **desk), annotators, Place(port=port), rooms=rooms
    ) as server:
        made = Running(server, people, [])
        yield made
        for context in made.contexts:  # a page that is open would say that the server is gone
            context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What pages complained of; a test that expects complaints empties it."""
    return []


@pytest.fixture
def visit(browser: Any, complaints: list[str]) -> Iterator[Visit]:
    """Let somebody open the page by their link; after the test no page must have complained."""
    everyone: list[Any] = []

    def visiting(running: Running, name: str = "ada", role: Any = "annotator", **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        everyone.append(context)
        running.contexts.append(context)
        fetched: list[str] = []
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(running.server.invite(name, role))
        page.wait_for_selector("#item[data-kind]")
        assert all(url.startswith(running.server.address) for url in fetched)
        return page

    yield visiting
    for context in everyone:
        context.close()
    assert complaints == []
