"""Doors behind the controller that trains while people go on: late and corrected answers reach the loop."""

from __future__ import annotations

from pathlib import Path

from activeloop.doors import LATER, Callback, Files
from activeloop.doors.sheets import read
from activeloop.labeling.closing import quorum
from activeloop.labeling.labeling import Labeling
from activeloop.query import Answer
from tests.conftest import LoopMaker


def test_a_late_and_a_corrected_answer_reach_the_loop(new_loop: LoopMaker) -> None:
    loop, door = new_loop(), Callback(lambda asked: LATER)
    labeling = Labeling(loop, door, close=quorum(0.5))
    truth = dict(zip(loop.pool.ids.tolist(), loop.pool.truth(loop.pool.ids).tolist(), strict=True))
    labeling.step()
    first = loop.ask()
    for ask in first.asks[:2]:
        door.tell(Answer(ask.ask_id, truth[ask.id], annotator="ada"))
    assert len(labeling.step()) == 1
    labeling.step()
    assert set(door.open).isdisjoint({ask.ask_id for ask in first.asks})
    door.tell(Answer(first.asks[3].ask_id, truth[first.asks[3].id], annotator="ada"))
    door.tell(Answer(first.asks[0].ask_id, outcome="bad", annotator="ada"))
    labeling.step()
    assert sorted(loop.labeled.ids.tolist()) == sorted([first.asks[1].id, first.asks[3].id])


def test_a_folder_is_worked_through(new_loop: LoopMaker, tmp_path: Path) -> None:
    loop = new_loop(store=tmp_path / "run.db")
    door = Files(tmp_path / "box", store=tmp_path / "run.db", settled=0)
    truth = dict(zip(map(str, loop.pool.ids), loop.pool.truth(loop.pool.ids).tolist(), strict=True))
    labeling = Labeling(loop, door)
    for round in range(3):
        labeling.step()
        rows = read(tmp_path / "box" / f"round-{round:04d}.csv")
        lines = [f"{row.cells['ask_id']},{truth[row.cells['id']]}" for row in rows]
        (tmp_path / "box" / "answers" / f"{round}.csv").write_text("\n".join(["ask_id,label", *lines]))
    labeling.step()
    assert [one.bought for one in loop.history.rounds] == [4, 4, 4]
    door.close()
