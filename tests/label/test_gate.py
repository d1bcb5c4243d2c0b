"""Foreign hosts and origins, anything but JSON, floods and large bodies do not come in; headers go out."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from activeloop.errors import ConfigurationError
from activeloop.label import Place
from activeloop.label.gate import MOST_BODY_BYTES
from activeloop.label.rates import Rates
from tests.label.conftest import Caller, Running, running

TEXTS = ["a", "b", "c"]


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(TEXTS) as one:
        yield one


@pytest.fixture(scope="module")
def ada(served: Running) -> Caller:
    return served.caller("ada")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""])
def test_a_foreign_host_is_refused(ada: Caller, host: str) -> None:
    for method, path in (("GET", "/"), ("POST", "/api/next")):
        assert ada.request(method, path, b"{}", Host=host or "-").status == 403


def test_this_machine_has_several_names(served: Running, ada: Caller) -> None:
    port = urlsplit(served.server.address).port
    for host in (f"localhost:{port}", f"LOCALHOST:{port}", f"[::1]:{port}"):
        assert ada.request("GET", "/", Host=host).status == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1:1", "https://localhost"]
)
def test_a_foreign_origin_writes_nothing(served: Running, ada: Caller, origin: str | None) -> None:
    """The cookie is there: another port of the same machine is the same site, and browsers send it."""
    told = ada.post("/api/next", {"n": 1}, Origin=origin)
    assert (told.status, told.json) == (403, {"error": "bad origin"})
    assert served.people.counts().leased == 0


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"]
)
def test_a_body_is_json(ada: Caller, kind: str | None) -> None:
    assert ada.post("/api/state", Content_Type=kind).status == 415
    assert ada.post("/api/state", Content_Type="Application/JSON; charset=utf-8").status == 200


def test_a_large_body_is_refused_with_and_without_its_length(served: Running, ada: Caller) -> None:
    assert ada.request("POST", "/api/state", b" " * (MOST_BODY_BYTES + 1)).status == 413
    parts = urlsplit(served.server.address)
    chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
    head = f"POST /api/enter HTTP/1.1\r\nHost: {parts.netloc}\r\nOrigin: {served.server.address}\r\n"
    head += "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as line:
        line.sendall(head.encode() + 5 * chunk)
        assert line.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("path", ["/", "/label.css", "/main.js", "/icon.svg", "/api/state", "/nothing"])
def test_every_answer_has_the_headers(ada: Caller, path: str) -> None:
    told = ada.post(path) if path.startswith("/api") else ada.request("GET", path)
    policy = told.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert told.headers["x-content-type-options"] == "nosniff"
    assert told.headers["cache-control"] == "no-store"
    assert told.headers["referrer-policy"] == "no-referrer"
    assert told.headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in told.headers
    assert not any(name.startswith("access-control") for name in told.headers)


@pytest.mark.parametrize(
    "path", ["/../desk.py", "/desk.py", "/%2e%2e/desk.py", "//etc/passwd", "/label.html", "/api/media/.."]
)
def test_no_other_file_is_given(ada: Caller, path: str) -> None:
    assert ada.request("GET", path).status == 404


def test_the_page_is_small(ada: Caller) -> None:
    from activeloop.label.static import page_files

    assert sum(len(ada.request("GET", path).content) for path in page_files()) <= 100_000


def test_a_flood_is_slowed() -> None:
    now = [0.0]
    rates = Rates(per_second=2, burst=3, most=2, clock=lambda: now[0])
    assert [rates.allows("ada") for _ in range(4)] == [True, True, True, False]
    assert rates.allows("bob")
    now[0] = 0.5
    assert [rates.allows("ada") for _ in range(2)] == [True, False]


def test_a_session_that_floods_is_slowed_alone(served: Running) -> None:
    eve, bob = served.caller("eve"), served.caller("bob")
    seen = {eve.post("/api/release", {"leases": []}).status for _ in range(700)}
    assert seen <= {200, 429}
    assert bob.post("/api/state").status == 200


def test_links_are_not_tried_out(served: Running) -> None:
    caller = Caller(served.server.address)
    seen = [caller.post("/api/enter", {"token": f"guess {at}"}).status for at in range(90)]
    assert seen[0] == 403
    assert seen[-1] == 429


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"host": "0.0.0.0"}, "reached from other machines"),
        ({"host": "10.1.2.3"}, "reached from other machines"),
        ({"host": "0.0.0.0", "behind_proxy": True}, "public="),
        ({"host": "0.0.0.0", "behind_proxy": True, "public": "http://labels.example.org"}, "allowed: https"),
        ({"behind_proxy": True, "public": "https://labels.example.org/below"}, "allowed: https"),
        ({"certificate": Path("a.pem")}, "needs its key"),
    ],
)
def test_other_machines_need_tls(given: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        Place(**given)  # type: ignore[arg-type]


def test_a_proxy_is_called_by_its_own_name_only() -> None:
    place = Place(port=9, behind_proxy=True, public="https://Labels.Example.org:443/")
    assert place.origins == {"https://labels.example.org"}
    assert Place(port=9).origins == {"http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"}
