"""Label Studio in two forms: a stand-in that is always there, and the real server where one is named."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from activeloop.label_studio import LabelStudio
from activeloop.query import Ask, Query

from .person import Person
from .real import Real, executable, started
from .stand_in import LEGACY, PERSONAL, StandIn, serving

CLASSES = ("good", "bad", "so so")


def plain() -> Any:
    """Give a transport that reads no certificates, which takes longer than most tests."""
    return importlib.import_module("httpx").HTTPTransport(verify=False)


class Desk(NamedTuple):
    """What a test works with: where the server is, tokens of both kinds, and two people who label."""

    url: str
    legacy: str
    personal: str
    ada: Person
    grace: Person
    run: str
    oracle: Callable[..., LabelStudio]

    def number(self, oracle: LabelStudio) -> int:
        """Give the number of the project of an oracle."""
        assert oracle.address
        return int(oracle.address.split("/")[-2])


@pytest.fixture(scope="session", autouse=True)
def httpx() -> Any:
    """What all of this goes through; without it the tests are skipped."""
    return pytest.importorskip("httpx", reason="httpx is in the extra label-studio")


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real | None]:
    """The real server, or None where none is named."""
    program = executable()
    if program is None:
        yield None
    else:
        with started(program, tmp_path_factory.mktemp("label-studio")) as server:
            yield server


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A stand-in with two people."""
    users = {LEGACY: "ada@example.com", "f" * 40: "grace@example.com"}
    with serving(StandIn(users=users)) as studio:
        yield studio


@pytest.fixture(params=["stand-in", "real"])
def desk(request: pytest.FixtureRequest, real: Real | None) -> Iterator[Desk]:
    """A server of either form."""
    if request.param == "stand-in":
        studio: StandIn = request.getfixturevalue("stand_in")
        server = Real(studio.url, (LEGACY, "f" * 40), PERSONAL)
    elif real is None:
        pytest.skip("no real Label Studio is named: .ci/label-studio installs one and runs this")
    else:
        server = real
    oracles: list[LabelStudio] = []
    run = request.node.name

    def oracle(**given: Any) -> LabelStudio:
        told = {
            "token": server.tokens[0],
            "run": run,
            "kind": "text",
            "transport": plain(),
            "every": 0.0,
        } | given
        oracles.append(LabelStudio(server.url, **told))
        return oracles[-1]

    with Person(server.url, server.tokens[0]) as ada, Person(server.url, server.tokens[1]) as grace:
        yield Desk(server.url, server.tokens[0], server.personal, ada, grace, run, oracle)
    for one in oracles:
        one.close()


def query(round: int, *ids: str, classes: Any = CLASSES, items: Callable[[Any], Any] = str.upper) -> Query:
    """Ask about items, the first most wanted; an item is its id in capitals unless said otherwise."""
    asks = tuple(Ask(f"{round}.{at}", one, 0.5, None) for at, one in enumerate(ids))
    return Query(round, asks, "margin", 0, classes, items)
