"""Run a study in processes that are killed at random moments; print what was seen, as JSON.

With one worker it imports the package once and forks, as starting Python would take most of the time. A study
that starts processes of its own is started anew each time: a fork has the threads of its parent only by name.
"""

from __future__ import annotations

import faulthandler
import json
import os
import random
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psutil

Events = dict[tuple[str, int], tuple[str, str]]

LONGEST = 150  # seconds that a run of this small study never takes: it then says where it stands, and ends
MOST_TRIES = 40
MOST_DELAY = 0.1


def events(out: Path) -> Events:
    if not (out / "run.db").is_file():
        return {}
    db = sqlite3.connect(out / "run.db", timeout=30)
    try:
        rows = db.execute("SELECT run, number, kind, payload FROM events").fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        rows = []
    finally:
        db.close()
    return {(run, number): (kind, payload) for run, number, kind, payload in rows}


def run_or_resume(study: Path, out: Path, workers: int) -> None:
    """Do what `activeloop run`, `compare` and `resume` do, all but the report: its pictures take longest."""
    from activeloop import comparing, grid, running, tables
    from activeloop import study as studies
    from activeloop.store import read

    given = studies.recalled(out) if events(out) else studies.opened(study, out)
    studies.check(given)
    studies.begin(given)
    outcomes = list(running.run(given, studies.unfinished(given), workers))
    if len(grid.axes(given.file).settings) > 1:
        comparing.compared(given)
    else:
        with closing(read(given.database)) as store:
            tables.write(tables.results(given, store), out)
    failed = [one.error for one in outcomes if one.error]
    assert not failed, failed


def child(study: Path, out: Path, workers: int) -> int:
    if workers > 1:
        given = [sys.executable, __file__, str(study), str(out), str(workers)]
        return os.posix_spawn(sys.executable, given, os.environ)
    pid = os.fork()
    if pid:
        return pid
    try:
        run_or_resume(study, out, workers)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, the parent is told by the exit code
        traceback.print_exc()
    finally:
        os._exit(1)


def ended(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def goes_on(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def killed(pid: int, seconds: float) -> bool:
    """Kill a process after some time; False when it had ended before, and well."""
    time.sleep(seconds)
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        assert status == 0, f"a run ended with status {status}"
        return False
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True


def workers_of(pid: int) -> list[int]:
    """Give the processes that run cells for a study, by its own process."""
    found = []
    with suppress(psutil.NoSuchProcess):
        for one in psutil.Process(pid).children():
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if any("popen_loky" in word for word in one.cmdline()):
                    found.append(one.pid)
    return found


def lose_workers(study: Path, out: Path, workers: int, losses: int, delay: Callable[[], float]) -> int:
    """Kill up to `losses` single workers of a study, which goes on; let it end, and say how many it lost."""
    pid, lost, seen = child(study, out, workers), 0, 0
    done, status = 0, 0
    while not done and lost < losses:
        time.sleep(0.02)
        now = len(events(out))
        alive = workers_of(pid) if now > seen else []
        if alive:
            time.sleep(min(delay(), MOST_DELAY))  # while it still runs, however long the first run took
            with suppress(ProcessLookupError):
                os.kill(alive[lost % len(alive)], signal.SIGKILL)
                lost, seen = lost + 1, now
        done, status = os.waitpid(pid, os.WNOHANG)
    code = os.waitstatus_to_exitcode(status) if done else ended(pid)
    if code:  # a run whose process was killed twice has failed: the next call tries it again
        code = ended(child(study, out, workers))
    assert code == 0, f"resume ended with {code}"
    return lost


def break_and_resume(study: Path, out: Path, workers: int, kills: int, delay: Callable[[], float]) -> int:
    """Break one study off up to `kills` times, look at its events each time, then let it end."""
    done = 0
    seen: Events = {}
    for number in range(kills):
        pid = child(study, out, workers)
        # Processes of a study start Python anew: every other time, wait until they write.
        while workers > 1 and number % 2 and goes_on(pid) and len(events(out)) == len(seen):
            time.sleep(0.02)
        pause = delay()
        time.sleep(pause / 2)
        seen |= events(out)
        alive = killed(pid, pause / 2)
        now = events(out)
        lost = [key for key, value in seen.items() if now.get(key) != value]
        assert not lost, f"lost events: {lost}"
        if not alive:
            return done
        done += 1
    code = ended(child(study, out, workers))
    if code and workers > 1:  # an orphan of the killed run may hold its run for one round more
        code = ended(child(study, out, workers))
    assert code == 0, f"resume ended with {code}"
    return done


def main(study: Path, folder: Path, kills: int, seed: int, workers: int, losses: int) -> None:
    import sklearn.naive_bayes  # noqa: F401 - imported once, before the forks

    import activeloop.comparing
    import activeloop.comparison
    import activeloop.running
    import activeloop.tables  # noqa: F401

    whole = folder / "whole"
    start = time.perf_counter()
    assert ended(child(study, whole, 1)) == 0
    duration = time.perf_counter() - start
    draw = random.Random(seed)
    broken: list[str] = []
    done = {"kills": 0, "losses": 0}
    for kind, wanted, attack in (("kills", kills, break_and_resume), ("losses", losses, lose_workers)):
        while done[kind] < wanted:
            out = folder / f"broken{len(broken)}"
            broken.append(str(out))
            assert len(broken) <= MOST_TRIES, f"{done} after {MOST_TRIES} tries"
            at_most = min(10, wanted - done[kind])
            done[kind] += attack(study, out, workers, at_most, lambda: draw.uniform(0.02, 0.5) * duration)
    print(json.dumps({**done, "whole": str(whole), "broken": broken}))  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) == 4:
        faulthandler.dump_traceback_later(LONGEST, exit=True)
        run_or_resume(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
