"""What goes wrong on the way: tokens, servers that are down, slow, too old or something else altogether."""

from __future__ import annotations

import importlib
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest

from activeloop.errors import (
    ConfigurationError,
    MissingDependencyError,
    OracleError,
    UnreachableError,
)
from activeloop.label_studio import LabelStudio
from activeloop.label_studio.client import WAITS, Client

from .conftest import plain, query
from .stand_in import LEGACY, PERSONAL, StandIn, web_token


class Time:
    """A clock that only moves when someone sleeps or says so."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


Made = Callable[..., Client]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def client(stand_in: StandIn, time: Time, request: pytest.FixtureRequest) -> Made:
    def made(token: str = LEGACY, **given: Any) -> Client:
        told = {"transport": plain(), "sleep": time.sleep, "clock": lambda: time.now} | given
        one = Client(told.pop("url", stand_in.url), token, **told)
        request.addfinalizer(one.close)
        return one

    return made


def test_a_personal_token_is_changed_for_one_that_is_renewed_before_it_ends(
    stand_in: StandIn, client: Made, time: Time
) -> None:
    one = client(PERSONAL)
    for now, renewed in ((0.0, 1), (200.0, 1), (241.0, 2), (480.0, 2), (500.0, 3)):
        time.now = now
        assert one.get("/api/users/")
        assert stand_in.calls.count("POST /api/token/refresh/") == renewed, now


def test_an_access_token_that_the_server_forgot_is_renewed_at_once(stand_in: StandIn, client: Made) -> None:
    one = client(PERSONAL)
    one.get("/api/users/")
    stand_in.access.clear()
    assert one.get("/api/users/")
    assert stand_in.calls.count("POST /api/token/refresh/") == 2


@pytest.mark.parametrize(
    ("token", "legacy", "sentence"),
    [
        (
            "0" * 40,
            True,
            "refused the legacy token: it is not one of that server, or legacy tokens are switched",
        ),
        (LEGACY, False, r"give a personal access token \(Account & Settings\)"),
        (web_token("refresh", 1e9), True, "refused the personal access token: it was withdrawn"),
    ],
)
def test_a_token_that_is_refused_says_which_and_what_to_do(
    stand_in: StandIn, client: Made, token: str, legacy: bool, sentence: str
) -> None:
    stand_in.legacy = legacy
    with pytest.raises(OracleError, match=sentence) as caught:
        client(token).get("/api/users/")
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("", "is empty"),
        ("two words", "has spaces"),
        ("line\nbreak", "other signs"),
        ("naïve", "other signs"),
        (web_token("access", 300), "lasts five minutes; give the personal access token"),
    ],
)
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(token: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as caught:
        Client("http://127.0.0.1:1", token, transport=plain())
    assert not token or token not in str(caught.value)


def test_no_token_is_shown(client: Made) -> None:
    assert LEGACY not in repr(client(LEGACY))
    assert PERSONAL not in repr(client(PERSONAL))


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8080", "ftp://host", "http://", "http://host?a=b", "", "http://u:p@host"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="address of a Label Studio"):
        Client(url, LEGACY, transport=plain())


def test_a_server_that_is_down_says_so_after_a_few_tries(client: Made, time: Time) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError, match=rf"at http://127.0.0.1:{port} does not answer .* start it"):
        client(url=f"http://127.0.0.1:{port}").post("/api/projects/1/import", [])
    assert time.slept == list(WAITS)


@pytest.mark.parametrize("fault", [500, 502, 503, 429, "lost"])
def test_what_changes_nothing_is_tried_again(stand_in: StandIn, client: Made, time: Time, fault: Any) -> None:
    stand_in.faults = [fault, fault]
    assert client().get("/api/users/")
    assert stand_in.calls == ["GET /api/users/"] * 3
    assert time.slept == list(WAITS[:2])


def test_it_is_tried_five_times_and_no_more(stand_in: StandIn, client: Made) -> None:
    stand_in.faults = [503] * 9
    with pytest.raises(UnreachableError, match="status 503 for GET /api/users/"):
        client().get("/api/users/")
    assert len(stand_in.calls) == 5


@pytest.mark.parametrize("fault", [500, 503, "lost"])
def test_what_would_double_something_is_sent_once(stand_in: StandIn, client: Made, fault: Any) -> None:
    stand_in.faults = [fault]
    with pytest.raises(UnreachableError, match="ask again"):
        client().post("/api/projects/", {"title": "abc"})
    assert len(stand_in.calls) == 1


def test_a_slow_answer_to_what_may_be_repeated_is_asked_for_again(stand_in: StandIn, client: Made) -> None:
    stand_in.faults = ["slow"]
    assert client(timeout=0.2).get("/api/users/")
    assert stand_in.calls == ["GET /api/users/"] * 2


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (403, "the user of this token may not GET /api/users/.*create projects"),
        (400, 'refused GET /api/users/ with status 400: "a fault"'),
        ("page", "is http://127.0.0.1:.* the address of a Label Studio"),
        ("moved", "it sends on to 'https://elsewhere.example/api': give that address"),
    ],
)
def test_each_refusal_is_one_sentence(stand_in: StandIn, client: Made, fault: Any, sentence: str) -> None:
    stand_in.faults = [fault]
    with pytest.raises(OracleError, match=sentence) as caught:
        client().get("/api/users/")
    assert "\n" not in str(caught.value)
    assert len(stand_in.calls) == 1


def test_what_the_server_finds_wrong_is_told_in_its_words(client: Made) -> None:
    with pytest.raises(OracleError, match="at least 3 characters"):
        client().post("/api/projects/", {"title": "ab"})


def test_no_cookie_is_kept(stand_in: StandIn, client: Made) -> None:
    one = client()
    one.get("/api/users/")
    assert not one._http.cookies


@pytest.mark.parametrize("release", ["1.7.3", "0.9", "unknown"])
def test_a_version_that_is_too_old_is_refused(stand_in: StandIn, release: str) -> None:
    stand_in.release = release
    oracle = LabelStudio(stand_in.url, LEGACY, run="r", kind="text", every=0.0, transport=plain())
    with pytest.raises(OracleError, match=f"is {release}; allowed: .* or later, so update it"):
        oracle(query(0, "a"))
    oracle.close()


def test_without_httpx_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'activeloop\[label-studio\]'"):
        Client("http://127.0.0.1:1", LEGACY)


def test_the_package_is_imported_without_httpx() -> None:
    source = importlib.import_module("activeloop.label_studio.client").__dict__
    assert "httpx" not in source


def test_an_import_whose_answer_is_lost_doubles_nothing(stand_in: StandIn) -> None:
    oracle = LabelStudio(stand_in.url, LEGACY, run="r", kind="text", every=0.0, transport=plain())
    stand_in.faults, stand_in.faulty = ["lost"], "import"
    asked = query(0, "a", "b")
    with pytest.raises(UnreachableError):
        oracle(asked)
    assert oracle(asked) == []
    assert sorted(one["data"]["text"] for one in stand_in.tasks.values()) == ["A", "B"]
    oracle.close()


def test_a_project_whose_making_is_not_answered_is_made_once(stand_in: StandIn) -> None:
    oracle = LabelStudio(stand_in.url, LEGACY, run="r", kind="text", every=0.0, transport=plain())
    stand_in.faults, stand_in.faulty = ["ok", "lost"], "/api/projects/"
    with pytest.raises(UnreachableError):
        oracle(query(0, "a"))
    oracle(query(0, "a"))
    assert len(stand_in.projects) == 1
    oracle.close()
