"""The real Label Studio, started on a free port with data of its own: only where one is named.

`ACTIVELOOP_LABEL_STUDIO` is the path of the executable `label-studio`, which lives in an environment of its
own (`.ci/label-studio` makes one), or 1 where it is on the path. Making its tables takes a minute or more:
`ACTIVELOOP_LABEL_STUDIO_DATA` names a folder where an empty server is kept, to start from the next time.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

PASSWORD = "pw-12345678"
PATIENCE = 600
"""Seconds until it must have started: it makes its tables first."""


class Real(NamedTuple):
    """A running server: where it is, legacy tokens of two people, the personal access token of the first."""

    url: str
    tokens: tuple[str, str]
    personal: str


def executable() -> str | None:
    """Give the executable that is named, or None."""
    named = os.environ.get("ACTIVELOOP_LABEL_STUDIO", "")
    found = shutil.which("label-studio" if named == "1" else named) if named else None
    assert found or not named, f"ACTIVELOOP_LABEL_STUDIO={named}, and there is no such executable"
    return found


@contextmanager
def started(program: str, folder: Path) -> Iterator[Real]:
    """Start a server whose data are in a folder, give it two people, and stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, first = f"http://127.0.0.1:{port}", "0123456789abcdef0123456789abcdef01234567"
    told = {
        "BASE_DATA_DIR": str(folder),
        "USERNAME": "ada@example.com",
        "PASSWORD": PASSWORD,
        "USER_TOKEN": first,
        "ENABLE_LEGACY_API_TOKEN": "true",
        "LATEST_VERSION_CHECK": "false",
        "COLLECT_ANALYTICS": "false",
        "DISABLE_SIGNUP_WITHOUT_LINK": "true",
    }
    environment = os.environ | {f"LABEL_STUDIO_{name}": value for name, value in told.items()}
    environment |= {"SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": ""}
    command = [program, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    kept = os.environ.get("ACTIVELOOP_LABEL_STUDIO_DATA")
    if kept and Path(kept).is_dir():
        shutil.copytree(kept, folder, dirs_exist_ok=True)
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(url, server, folder / "server.log")
            if kept and not Path(kept).is_dir():
                shutil.copytree(folder, kept)
            own = _http().post(f"{url}/api/token/", headers={"Authorization": f"Token {first}"}, timeout=60)
            yield Real(url, (first, _invited(url, first, "grace@example.com")), own.json()["token"])
        finally:
            server.terminate()
            server.wait(60)


def _http() -> Any:
    return importlib.import_module("httpx")


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()[-2000:]
        try:
            if _http().get(f"{url}/health", timeout=5).json() == {"status": "UP"}:
                return
        except _http().TransportError:
            time.sleep(0.5)
    raise AssertionError(f"Label Studio did not start in {PATIENCE} s: {log.read_text()[-2000:]}")


def _invited(url: str, token: str, address: str) -> str:
    """Let a second person follow the invitation of the first, and give their legacy token."""
    invitation = (
        _http().get(f"{url}/api/invite", headers={"Authorization": f"Token {token}"}, timeout=60).json()
    )
    link = re.sub("^https?://[^/]+", "", invitation["invite_url"])
    with _http().Client(base_url=url, timeout=60, follow_redirects=True) as browser:
        form = browser.get(link).text
        secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert secret, form[:500]
        told = {"csrfmiddlewaretoken": secret[1], "email": address, "password": PASSWORD}
        browser.post(link, data=told | {"allow_newsletters": "false"}, headers={"Referer": url + link})
        return str(browser.get("/api/current-user/token").json()["token"])
