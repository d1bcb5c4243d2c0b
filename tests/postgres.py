"""A PostgreSQL server of its own for a test session: a temporary folder, a free port, gone at the end."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

PASSWORD = "pass/word@%"
MISSING = "no PostgreSQL server here: apt install postgresql (or put its pg_ctl on the path)"
_DEBIAN = Path("/usr/lib/postgresql")


class Server(NamedTuple):
    """A server that runs; `url` is a new and empty database at every call."""

    folder: Path
    port: int

    def at(self, database: str = "postgres", password: str = "pass%2Fword%40%25") -> str:
        return f"postgresql://loops:{password}@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """Give the URL of a new and empty database."""
        import psycopg

        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self.at(), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        return self.at(name)

    def control(self, *words: str) -> None:
        """Call pg_ctl: stop, start, restart."""
        _run(self.folder, "pg_ctl", "-D", str(self.folder / "data"), "-w", *words)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c shared_buffers=16MB"
        self.control("-l", str(self.folder / "log"), "-o", options, "start")


def program(name: str) -> str | None:
    """Find a program of the server: the newest that Debian keeps, or else on the path."""
    kept = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda one: int(one.parts[-3]))
    return str(kept[-1]) if kept else shutil.which(name)


def _run(folder: Path, name: str, *words: str) -> None:
    """Run a program of the server, which refuses to be root."""
    other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
    with (folder / "said").open("w") as said:  # a pipe would be held open by the server that is started
        done = subprocess.run(
            [*other, str(program(name)), *words], stdout=said, stderr=said, check=False, cwd=folder
        )
    assert done.returncode == 0, (folder / "said").read_text()


@contextmanager
def running() -> Iterator[Server]:
    """Give a server that asks for a password; commits reach the disk, as they must where people label."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name, socket.socket() as free:
        folder = Path(name)
        (folder / "password").write_text(PASSWORD)
        if os.getuid() == 0:
            shutil.chown(folder, 65534, 65534)
        words = ("-U", "loops", "-A", "scram-sha-256", "--pwfile", str(folder / "password"), "-N")
        _run(folder, "initdb", "-D", str(folder / "data"), "-E", "UTF8", "--locale=C.UTF-8", *words)
        free.bind(("127.0.0.1", 0))
        server = Server(folder, free.getsockname()[1])
        free.close()
        server.start()
        try:
            yield server
        finally:
            server.control("-m", "immediate", "stop")
