"""Four writers of one run are killed with -9 at random moments: what was acknowledged is there, once."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from activeloop.store import open_store

from . import postgres

KILLS = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "run.db")
        return
    if postgres.program("initdb") is None:
        pytest.skip(postgres.MISSING)
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("needs the extra teams")
    with postgres.running() as server:
        yield server.new()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked")
def test_every_acknowledged_event_is_there_once(where: str, tmp_path: Path) -> None:
    with closing(open_store(where)) as store:
        store.open("run", "{}")
        ran = subprocess.run(
            [sys.executable, "-m", "tests.killed_store", where, str(tmp_path), str(KILLS)],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[1],
        )
        assert ran.returncode == 0, ran.stderr
        told = (tmp_path / "told").read_text().split()
        events = store.events("run")
        assert [one.number for one in events] == list(range(len(events)))
        keys = [one.payload["key"] for one in events]
        assert len(set(keys)) == len(keys)
        assert set(told) <= set(keys)
        assert len(keys) - len(told) <= KILLS + 4  # those that were killed before they could note it
        assert len({key.split(".")[0] for key in told}) > 4, "later writers came to write, too"
        store.append("run", [events[-1]._replace(number=len(events))])
