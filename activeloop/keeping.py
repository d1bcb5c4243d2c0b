"""After a run: its curves, labels, costs, seconds and asks, kept where a comparison finds them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from activeloop.curve_file import CurveFile, Kept, drawn
from activeloop.events import Event
from activeloop.grid import Cell, budget
from activeloop.history import Round
from activeloop.store import SqliteStore
from activeloop.study import Study


def keep(
    study: Study,
    cell: Cell,
    store: SqliteStore,
    file: CurveFile,
    rounds: Sequence[Round] | None = None,
) -> None:
    """Keep the curves of a cell as they are now; `rounds` are read from its events where none are given."""
    events = store.events(cell.run) if rounds is None else store.events(cell.run, ("asked",))
    if rounds is None:
        rounds = [Round.from_payload(one.payload) for one in events if one.kind == "closed"]
    last = store.last(cell.run)
    curves = drawn(rounds)
    kept = Kept(
        cell.run,
        0 if last is None else last.number + 1,
        *ended(last, rounds, budget(study.file, cell.setting.data)),
        np.array([one.n_labeled for one in rounds], dtype=np.float64),
        np.array([one.cost_total for one in rounds], dtype=np.float64),
        tuple(dict.fromkeys(one.score for one in curves)),
        tuple(dict.fromkeys(one.slice for one in curves)),
        _seconds(store, cell),
        _asked(events),
    )
    file.keep(kept, curves)


def ended(last: Event | None, rounds: Sequence[Round], labels: int | None) -> tuple[str, str]:
    """Say how a run ended: "complete" (its budget is spent), "stopped" by a rule, or "broken" off."""
    if last is None or last.kind != "stopped":
        return "broken", "not finished" if last else "not started"
    spent = bool(rounds) and labels is not None and rounds[-1].bought_total >= labels
    return "complete" if spent else "stopped", str(last.payload["reason"])


def _seconds(store: SqliteStore, cell: Cell) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in store.timings(cell.run):
        found[one.phase] = found.get(one.phase, 0.0) + one.seconds
    return found


def _asked(events: Iterable[Event]) -> tuple[int | str, ...]:
    """Give the ids that the strategy asked for, in order, without the start that all share."""
    queries = (one.payload for one in events if one.kind == "asked")
    return tuple(ask[1] for query in queries if query["n_trained"] for ask in query["asks"])
