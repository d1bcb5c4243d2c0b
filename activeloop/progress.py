"""A progress bar over the rounds of a study, read from its store while the runs go on."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from activeloop.store import read
from activeloop.study import Study

SECONDS = 0.3


@contextmanager
def following(study: Study, *, silent: bool) -> Iterator[None]:
    """Show rounds done of rounds expected, with the time left."""
    if silent:
        yield
        return
    from tqdm import tqdm

    ended = threading.Event()
    bar = tqdm(total=_expected(study), unit="round", desc=study.file.study.name, dynamic_ncols=True)
    names = [cell.run for cell in study.cells]

    def show() -> None:
        store = read(study.database)
        try:
            while True:
                last = ended.wait(SECONDS)
                progress = store.progress()
                known = [progress[name] for name in names if name in progress]
                bar.n = sum(rounds for rounds, _ in known)
                bar.total = bar.n if last else max(bar.total or 0, bar.n) or None
                bar.set_postfix_str(f"{sum(done for _, done in known)}/{len(names)} runs", refresh=False)
                bar.refresh()
                if last:
                    return
        finally:
            store.close()

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        bar.close()


def _expected(study: Study) -> int | None:
    """Rounds if no rule stops a run before its budget."""
    loop = study.file.loop
    if loop.budget is None:
        return None
    after = max(loop.budget - (loop.start_size or loop.batch_size), 0)
    return len(study.cells) * (1 + math.ceil(after / loop.batch_size))
