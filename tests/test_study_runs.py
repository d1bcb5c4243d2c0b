"""Runs as curves: what was stored, what is still missing, and what a failure leaves."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from activeloop import running, study, tables
from activeloop.curves import Run, StudyRuns
from activeloop.errors import StoreError, UnknownNameError
from activeloop.store import read
from activeloop.study_runs import study_runs

TEXT = """
[study]
name = "irises and wines"
question = "Is margin better?"
[[data]]
name = "iris"
[[data]]
name = "wine"
budget = 20
[loop]
strategies = ["random", "margin", "failing.py:in_round_2"]
seeds = 2
budget = 30
scoring = ["f1_macro", "accuracy"]
[[slices]]
by = "class"
"""
FAILING = """
def in_round_2(candidates):
    if candidates.round == 2:
        raise ValueError("no more")
    return candidates.uniforms()
"""


@pytest.fixture
def given(tmp_path: Path) -> study.Study:
    (tmp_path / "study.toml").write_text(TEXT)
    (tmp_path / "failing.py").write_text(FAILING)
    made = study.opened(tmp_path / "study.toml", tmp_path / "out")
    study.begin(made)
    return made


def finished(given: study.Study) -> StudyRuns:
    list(running.run(given, given.cells))
    return study_runs(given)


def test_curves_are_the_scores_of_the_history(given: study.Study) -> None:
    found = finished(given)
    assert (found.name, found.question) == ("irises and wines", "Is margin better?")
    assert found.scores == ("f1_macro", "accuracy")
    assert found.slices[0] == "all"
    assert {"class setosa", "class class_0"} <= set(found.slices)
    with closing(read(given.database)) as store:
        for name, slice in (("accuracy", "all"), ("f1_macro", "class setosa")):
            curves = found.curves(name, slice)
            for at, cell in enumerate(given.cells):
                history = tables.history(store, cell)
                rows = history.to_frame()
                rows = rows[(rows["score"] == name) & (rows["slice"] == slice)]
                here = curves.values[at]
                if rows.empty:
                    assert np.isnan(here).all()
                    assert curves.support[at] == 0
                    continue
                assert np.array_equal(here[: len(rows)], rows["value"].to_numpy(), equal_nan=True)
                assert np.isnan(here[len(rows) :]).all()
                assert curves.n_labeled[at, : len(rows)].tolist() == rows["n_labeled"].tolist()
                assert curves.cost[at, : len(rows)].tolist() == [one.cost_total for one in history.rounds]
                assert curves.support[at] == rows["n"].min()


def test_runs_say_how_they_ended(given: study.Study) -> None:
    found = finished(given)
    ended = {(run.setting.data, run.strategy): (run.status, run.reason) for run in found.runs}
    assert ended["iris", "random"] == ("complete", "the budget of 30 labels is spent")
    assert ended["wine", "margin"] == ("complete", "the budget of 20 labels is spent")
    status, reason = ended["iris", "failing.py:in_round_2"]
    assert status == "failed"
    assert "no more" in reason
    assert ended["wine", "failing.py:in_round_2"][0] == "complete"


def test_what_was_asked_is_told_in_order_without_the_start_that_all_share(given: study.Study) -> None:
    found = finished(given)
    with closing(read(given.database)) as store:
        for at, cell in enumerate(given.cells):
            queries = [one.payload["asks"] for one in store.events(cell.run, ("asked",))]
            assert found.asked[at] == tuple(ask[1] for asks in queries[1:] for ask in asks)
            assert len(queries) > 1


def test_a_study_that_goes_on_is_read_anew_and_one_that_has_not_begun_has_no_score(
    given: study.Study,
) -> None:
    empty = study_runs(given)
    assert (empty.scores, empty.slices, empty.asked) == ((), (), ((),) * 12)
    assert {(run.status, run.reason) for run in empty.runs} == {("broken", "not started")}
    with pytest.raises(UnknownNameError, match="score"):
        empty.curves()
    list(running.run(given, given.cells[:1]))
    some = study_runs(given)
    assert [run.status for run in some.runs[:2]] == ["complete", "broken"]
    assert np.isnan(some.curves().values[1:]).all()
    assert not np.isnan(some.curves().values[0]).any()
    list(running.run(given, study.unfinished(given)))
    assert some.curves().values.shape == (12, 3)
    assert study_runs(given).runs[1] == Run(given.cells[1].setting, "margin", 0, *_spent(30))


def test_curves_that_are_lost_are_made_again_from_events(given: study.Study) -> None:
    before = finished(given)
    for file in given.out.glob("curves.db*"):
        file.unlink()
    again = study_runs(given)
    assert again.runs == before.runs
    assert again.asked == before.asked
    assert np.array_equal(again.curves().values, before.curves().values, equal_nan=True)
    assert np.isfinite(again.seconds).all()
    assert again.phases == before.phases


def test_phases_have_one_order_whatever_came_first(given: study.Study) -> None:
    """A resumed run begins in the middle of a round: its first phase is another one."""
    before = finished(given)
    with closing(sqlite3.connect(given.database)) as db, db:
        db.execute("UPDATE timings SET rowid = -rowid")
    for file in given.out.glob("curves.db*"):
        file.unlink()
    again = study_runs(given)
    assert again.phases == before.phases
    np.testing.assert_allclose(again.seconds, before.seconds)


def test_a_study_that_is_nowhere_is_a_sentence(given: study.Study) -> None:
    study.forget(given)
    with pytest.raises(StoreError, match="there is no run at"):
        study_runs(given)


def _spent(labels: int) -> tuple[str, str]:
    return "complete", f"the budget of {labels} labels is spent"
