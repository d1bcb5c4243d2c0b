"""The server starts on a free port, says where, and leaves nothing behind when it stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from activeloop.errors import ConfigurationError
from activeloop.label import Annotators, Desk, Place, Server
from activeloop.people.people import People
from tests.label.conftest import Caller, running

ROOT = Path(__file__).parents[2]
SCRIPT = """
import signal

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background is deaf to interrupts

from activeloop.label import Annotators, Desk, Server, serve
from activeloop.people.people import People

people = People(None, classes=("good", "bad"))
server = Server(Desk(people, str), Annotators(None, "run"))
serve(server, lambda link: print(link, flush=True))
print("stopped", flush=True)
"""


def test_it_stops_and_its_port_is_free_again() -> None:
    before = threading.active_count()
    with running(["a"]) as one:
        address = one.server.address
        assert Caller(address).request("GET", "/").status == 200
        one.server.stop()
        one.server.stop()
        with pytest.raises(ConnectionError):
            Caller(address).request("GET", "/")
    with running(["a"], port=urlsplit(address).port or 0) as again:
        assert again.server.address == address
    assert threading.active_count() == before


def test_a_port_that_is_taken_is_named() -> None:
    with running(["a"]) as one:
        port = one.server.place.port
        other = Server(Desk(People(None, classes=("x",)), str), Annotators(None, "run"), Place(port=port))
        with pytest.raises(ConfigurationError, match=f"127.0.0.1:{port} cannot be used"):
            other.start()


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("no certificate")
    place = Place(certificate=tmp_path / "a.pem", key=tmp_path / "a.pem")
    server = Server(Desk(People(None, classes=("x",)), str), Annotators(None, "run"), place)
    with pytest.raises(ConfigurationError, match="certificate or its key cannot be used"):
        server.start()


def test_an_interrupt_ends_it_cleanly() -> None:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    words = [sys.executable, "-W", "error", "-c", SCRIPT]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        link = process.stdout.readline()
        address, _, token = link.strip().partition("/#enter=")
        assert Caller(address).post("/api/enter", {"token": token}).json["role"] == "owner"
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (out, err, process.returncode) == ("stopped\n", "", 0)
