"""Whatever is sent, the server answers: never with a failure of its own, and always with a reason."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activeloop.people.rules import Rules
from tests.label.conftest import Caller, running

PATHS = (
    *("setup", "next", "answer", "undo", "renew", "release", "state", "disputes", "settle", "annotators"),
    *("invite", "revoke", "enter", "leave"),
)
KEYS = (
    "key",
    "ask",
    "label",
    "outcome",
    "seconds",
    "note",
    "flagged",
    "lease",
    "leases",
    "n",
    "name",
    "role",
    "token",
)
QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_words = st.sampled_from(
    ["good", "label", "skip", "audit.0", "0.0", "\x00", "\u202e", "ada", "9" * 400, "", "owner"]
)
_numbers = st.integers() | st.floats(allow_nan=True) | st.sampled_from([10**400, -1, 1e308])
_scalars = st.none() | st.booleans() | _numbers | st.text(max_size=30) | _words
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
_objects = st.dictionaries(st.sampled_from(KEYS), _values, max_size=8)
_bodies = (
    _objects.map(lambda one: json.dumps(one).encode())
    | _values.map(lambda one: json.dumps(one).encode())
    | st.binary(max_size=300)
    | st.sampled_from(
        [
            b"",
            b"[" * 20_000,
            b'{"n": NaN}',
            b'{"key": "\\ud800"}',
            b'{"n":' + b"9" * 6_000 + b"}",
            b"\xff\xfe{}",
        ]
    )
)


@pytest.fixture(scope="module")
def owner() -> Iterator[Caller]:
    """An owner of a run on which two people may disagree; what is fuzzed may sign them out."""
    with running([f"item {at}" for at in range(40)], rules=Rules(needed=2)) as one:
        callers = [one.caller("ada", "owner")]

        class Returning(Caller):
            def request(
                self, method: str, path: str, body: bytes | None = None, **headers: str | None
            ) -> Any:
                told = super().request(method, path, body, **headers)
                if told.status == 401:
                    self.cookie = one.caller("ada", "owner").cookie
                return told

        yield Returning(callers[0].address, callers[0].cookie)


@QUICK
@given(path=st.sampled_from(PATHS), body=_bodies)
def test_any_body(owner: Caller, path: str, body: bytes) -> None:
    told = owner.request("POST", f"/api/{path}", body)
    assert told.status < 500, told
    assert isinstance(told.json, dict)
    assert told.status == 200 or told.json["error"]


@QUICK
@given(change=_objects)
def test_answers_that_are_nearly_right(owner: Caller, change: dict[str, Any]) -> None:
    items = owner.post("/api/next", {"n": 1}).json.get("items") or [{"ask": "gone", "lease": "gone"}]
    right = {
        "key": "k",
        "ask": items[0]["ask"],
        "lease": items[0]["lease"],
        "label": "good",
        "outcome": "label",
    }
    told = owner.request("POST", "/api/answer", json.dumps(right | change).encode())
    assert told.status in (200, 422, 401), told


@QUICK
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"]),
    path=st.text(max_size=40)
    | st.sampled_from(["", "api/media/", "api/media/x", "api/enter", "main.js", "api/media/../x"]),
    query=st.text(alphabet=string.printable, max_size=20),
    cookie=st.text(alphabet=[chr(code) for code in range(32, 256) if code != 127], max_size=40),
)
def test_any_address(owner: Caller, method: str, path: str, query: str, cookie: str) -> None:
    address = "/" + quote(path, errors="surrogatepass") + "?" + quote(query)
    told = Caller(owner.address).request(method, address, b"{}", Cookie=f"{cookie}; a={cookie}")
    assert told.status < 500, told
