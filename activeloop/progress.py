"""A progress bar over the rounds of a study, or its runs, read from its store while they go on."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from activeloop.grid import Cell, budget
from activeloop.store import SqliteStore, read
from activeloop.study import Study

SECONDS = 0.3


@contextmanager
def following(study: Study, *, silent: bool, whole: bool = False) -> Iterator[None]:
    """Show rounds done of rounds expected, with the time left; runs where only `whole` ones are stored."""
    if silent:
        yield
        return
    from tqdm import tqdm

    names = [cell.run for cell in study.cells]

    with closing(read(study.database)) as store:
        before, _ = _done(store, names, whole)  # what was done earlier says nothing of the time that is left
    ended = threading.Event()
    bar = tqdm(
        total=len(names) if whole else _expected(study),
        initial=before,
        unit="run" if whole else "round",
        desc=study.file.study.name,
        dynamic_ncols=True,
    )

    def show() -> None:
        with closing(read(study.database)) as store:
            while True:
                last = ended.wait(SECONDS)
                bar.n, runs = _done(store, names, whole)
                bar.total = bar.n if last and not whole else max(bar.total or 0, bar.n) or None
                bar.set_postfix_str(f"{runs}/{len(names)} runs", refresh=False)
                bar.refresh()
                if last:
                    return

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        bar.close()


def _done(store: SqliteStore, names: Sequence[str], whole: bool) -> tuple[int, int]:
    """Count what is done in the unit of the bar, and the runs that have ended."""
    progress = store.progress()
    known = [progress[name] for name in names if name in progress]
    runs = sum(stopped for _, stopped in known)
    return (runs if whole else sum(rounds for rounds, _ in known)), runs


def _expected(study: Study) -> int | None:
    """Rounds if no rule stops a run before its budget."""
    rounds = [_rounds(study, cell) for cell in study.cells]
    return None if None in rounds else sum(one or 0 for one in rounds)


def _rounds(study: Study, cell: Cell) -> int | None:
    size, labels = cell.setting.batch_size, budget(study.file, cell.setting.data)
    if labels is None:
        return None
    return 1 + math.ceil(max(labels - (study.file.loop.start_size or size), 0) / size)
