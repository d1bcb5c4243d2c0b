"""Asks out, answers in: the same stories on the stand-in and on the real server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from activeloop.errors import AnswerError, OracleError
from activeloop.query import Answer

from .conftest import Desk, query

Said = dict[str, tuple[str, Any]]


def said(answers: Iterable[Answer]) -> Said:
    found: Said = {one.ask_id: (one.outcome, one.value) for one in answers}
    assert len(found) == len(list(answers))
    return found


def test_people_see_our_order_and_neither_prediction_nor_utility(desk: Desk) -> None:
    oracle, asked = desk.oracle(), query(0, "c", "a", "b")
    assert oracle(asked) == []
    project = desk.number(oracle)
    seen = []
    while task := desk.ada.next(project):
        seen.append(task["data"]["text"])
        assert sorted(task["data"]) == ["al_ask", "al_item", "al_round", "text"]
        assert not task.get("predictions")
        desk.ada.choose(task["id"], "good")
    assert seen == ["C", "A", "B"]
    assert desk.ada.call("GET", f"/api/projects/{project}/")["show_collab_predictions"] is False


def test_three_rounds_with_a_skip_a_doubt_and_a_broken_item(desk: Desk) -> None:
    oracle = desk.oracle()
    for round, ids in enumerate((("a", "b", "c", "d", "e"), ("f", "g"), ("h",))):
        asked = query(round, *ids)
        assert oracle(asked) == []
        lying = desk.ada.tasks(desk.number(oracle))
        if round == 0:
            desk.ada.choose(lying["0.0"], "so so", seconds=3.25)
            desk.ada.skip(lying["0.1"])
            desk.ada.choose(lying["0.2"], "cannot say")
            desk.grace.choose(lying["0.3"], "bad item")
            expected: Said = {"0.0": ("label", "so so"), "0.1": ("skip", None), "0.2": ("abstain", None)}
            expected |= {"0.3": ("bad", None)}
        else:
            desk.grace.choose(lying[f"{round}.0"], "bad")
            expected = {f"{round}.0": ("label", "bad")}
        told = oracle(asked)
        assert said(told) == expected
        assert told == oracle(asked)
        if round == 0:
            assert told[0].annotator == "ada@example.com"
            assert told[0].seconds == 3.25
            assert told[3].annotator == "grace@example.com"
        oracle.retire(asked)
        assert said(oracle(asked)) == expected
        assert set(expected) <= set(desk.ada.tasks(desk.number(oracle)))
    assert sorted(desk.ada.tasks(desk.number(oracle))) == ["0.0", "0.1", "0.2", "0.3", "1.0", "2.0"]


def test_a_crash_between_import_and_commit_doubles_nothing(desk: Desk) -> None:
    asked = query(0, "a", "b", "c")
    first = desk.oracle()
    first(asked)
    project = desk.number(first)
    lying = desk.ada.tasks(project)
    desk.ada.choose(lying["0.1"], "good")
    again = desk.oracle()
    assert said(again(asked)) == {"0.1": ("label", "good")}
    assert desk.number(again) == project
    assert desk.ada.tasks(project) == lying


def test_what_a_broken_import_left_twice_is_one_ask_and_one_task(desk: Desk) -> None:
    oracle, asked = desk.oracle(), query(0, "a", "b", "c")
    oracle(asked)
    project = desk.number(oracle)
    before = desk.ada.tasks(project)
    task = desk.ada.call("GET", f"/api/projects/{project}/next")["data"]
    made = [{"data": task | {"al_ask": "0.0"}}, {"data": task | {"al_ask": "0.0"}}]
    desk.ada.call("POST", f"/api/projects/{project}/import", made)
    desk.ada.choose(before["0.0"], "good")
    assert said(oracle(asked)) == {"0.0": ("label", "good")}
    assert desk.ada.tasks(project) == before


def test_a_label_is_corrected_and_a_deleted_one_is_open_again(desk: Desk) -> None:
    oracle, asked = desk.oracle(), query(0, "a", "b")
    oracle(asked)
    project = desk.number(oracle)
    lying = desk.ada.tasks(project)
    number = desk.ada.choose(lying["0.0"], "good")
    assert said(oracle(asked)) == {"0.0": ("label", "good")}
    desk.ada.change(number, "bad")
    assert said(oracle(asked)) == {"0.0": ("label", "bad")}
    desk.ada.delete(number)
    assert oracle(asked) == []
    assert desk.ada.next(project)["id"] == lying["0.0"]
    desk.ada.choose(lying["0.0"], "so so")
    desk.ada.choose(lying["0.0"], "good")  # sent twice: the last word counts
    assert said(oracle(asked)) == {"0.0": ("label", "good")}


def test_a_correction_after_the_round_comes_with_its_query(desk: Desk) -> None:
    oracle, first, second = desk.oracle(), query(0, "a"), query(1, "b")
    oracle(first)
    number = desk.ada.choose(desk.ada.tasks(desk.number(oracle))["0.0"], "good")
    oracle.retire(first)
    oracle(second)
    desk.ada.change(number, "bad")
    assert oracle(second) == []
    assert said(oracle(first)) == {"0.0": ("label", "bad")}
    assert said(desk.oracle()(first)) == {"0.0": ("label", "bad")}


def test_a_deleted_task_is_handed_out_again_until_its_round_is_over(desk: Desk) -> None:
    oracle, asked = desk.oracle(), query(0, "a", "b")
    oracle(asked)
    project = desk.number(oracle)
    desk.ada.call("DELETE", f"/api/tasks/{desk.ada.tasks(project)['0.0']}/")
    assert list(desk.ada.tasks(project)) == ["0.1"]
    oracle(asked)
    assert sorted(desk.ada.tasks(project)) == ["0.0", "0.1"]
    oracle.retire(asked)
    assert desk.ada.tasks(project) == {}
    assert desk.oracle()(asked) == []  # also after a crash
    assert desk.ada.tasks(project) == {}


def test_work_that_was_begun_is_not_withdrawn_and_comes_late(desk: Desk) -> None:
    oracle, asked = desk.oracle(), query(0, "a", "b")
    oracle(asked)
    project = desk.number(oracle)
    lying = desk.ada.tasks(project)
    desk.ada.begin(lying["0.1"], "good")
    oracle.retire(asked)
    assert list(desk.ada.tasks(project)) == ["0.1"]
    oracle(query(1, "c"))
    desk.ada.choose(lying["0.1"], "good")
    assert said(oracle(asked)) == {"0.1": ("label", "good")}


def test_a_choice_that_was_not_offered_is_refused_once_and_left_out(desk: Desk) -> None:
    oracle, asked = desk.oracle(), query(0, "a", "b")
    oracle(asked)
    lying = desk.ada.tasks(desk.number(oracle))
    number = desk.ada.choose(lying["0.0"], "goood")
    desk.ada.choose(lying["0.1"], "good")
    with pytest.raises(
        AnswerError, match=rf"annotation {number} of task {lying['0.0']} \(ask 0.0\).*'goood'.*'good'"
    ):
        oracle(asked)
    assert said(oracle(asked)) == {"0.1": ("label", "good")}
    assert len(oracle.refused) == 1
    desk.ada.change(number, "bad")
    assert said(oracle(asked)) == {"0.0": ("label", "bad"), "0.1": ("label", "good")}
    assert not oracle.refused


def test_two_people_say_of_each_item_and_a_tie_is_asked_again(desk: Desk) -> None:
    oracle, asked = desk.oracle(needed=2), query(0, "a", "b", "c")
    oracle(asked)
    project = desk.number(oracle)
    lying = desk.ada.tasks(project)
    desk.ada.choose(lying["0.0"], "good")
    assert desk.grace.next(project)["id"] == lying["0.0"]
    desk.ada.choose(lying["0.1"], "good")
    desk.grace.choose(lying["0.1"], "good")
    desk.ada.choose(lying["0.2"], "good")
    number = desk.grace.choose(lying["0.2"], "bad")
    told = oracle(asked)
    assert said(told) == {"0.1": ("label", "good"), "0.2": ("skip", None)}
    assert told[0].annotator == "ada@example.com, grace@example.com"
    assert told[1].note == "people disagree: ada@example.com said 'good', grace@example.com said 'bad'"
    assert [one.value for one in oracle.votes(asked)] == ["good", "good", "good", "good", "bad"]
    desk.grace.change(number, "good")
    assert said(oracle(asked))["0.2"] == ("label", "good")


def test_both_kinds_of_token_reach_one_project(desk: Desk) -> None:
    asked = query(0, "a")
    one, other = desk.oracle(token=desk.legacy), desk.oracle(token=desk.personal)
    one(asked)
    desk.ada.choose(desk.ada.tasks(desk.number(one))["0.0"], "good")
    assert said(other(asked)) == said(one(asked)) == {"0.0": ("label", "good")}
    assert one.address == other.address


def test_a_project_of_another_run_or_with_other_choices_is_refused(desk: Desk) -> None:
    oracle = desk.oracle()
    oracle(query(0, "a"))
    number = desk.number(oracle)
    with pytest.raises(OracleError, match="belongs to the run"):
        desk.oracle(run=desk.run + " two", project=number)(query(0, "a"))
    with pytest.raises(OracleError, match=r"offers 'bad', 'bad item'.*has 'cannot say', 'no'"):
        desk.oracle(bad="")(query(0, "a", classes=("yes", "no")))
    with pytest.raises(OracleError, match=r"ask 0\.0 for another item than 'z'"):
        desk.oracle()(query(0, "z"))


def test_a_project_that_was_deleted_says_so_and_a_new_oracle_begins_anew(desk: Desk) -> None:
    oracle, asked = desk.oracle(), query(0, "a", "b")
    oracle(asked)
    number = desk.number(oracle)
    desk.ada.call("DELETE", f"/api/projects/{number}/")
    with pytest.raises(OracleError, match=f"project {number} is not at .* any more"):
        oracle(asked)
    fresh = desk.oracle()
    assert fresh(asked) == []
    assert desk.number(fresh) != number
    assert len(desk.ada.tasks(desk.number(fresh))) == 2


def test_what_people_wrote_below_the_mark_stays(desk: Desk) -> None:
    oracle, asked = desk.oracle(), query(0, "a")
    oracle(asked)
    path = f"/api/projects/{desk.number(oracle)}/"
    mark = desk.ada.call("GET", path)["description"]
    desk.ada.call("PATCH", path, {"description": mark + "\nAsk Ann."})
    oracle.retire(asked)
    assert (
        desk.ada.call("GET", path)["description"]
        == f'activeloop run "{desk.run}", rounds closed: 1\nAsk Ann.'
    )
    assert desk.oracle()(asked) == []


def test_late_and_corrected_answers_of_all_rounds_come_once(desk: Desk) -> None:
    oracle = desk.oracle()
    assert oracle.answers() == ([], 0)
    first, second, third = query(0, "a", "b"), query(1, "c"), query(2, "d")
    oracle(first)
    lying = desk.ada.tasks(desk.number(oracle))
    number = desk.ada.choose(lying["0.0"], "good")
    news, after = oracle.answers()
    assert said(news) == {"0.0": ("label", "good")}
    assert oracle.answers(after) == ([], after)
    desk.ada.begin(lying["0.1"], "bad")
    oracle(second)
    oracle.retire(first)
    oracle(third)
    oracle.retire(second)
    desk.ada.choose(lying["0.1"], "bad")
    desk.ada.change(number, "so so")
    news, after = oracle.answers(after)
    assert said(news) == {"0.0": ("label", "so so"), "0.1": ("label", "bad")}
    assert oracle.answers(after) == ([], after)
    fresh = desk.oracle()
    fresh(second)
    assert said(fresh.answers()[0]) == said(news)


def test_a_run_that_begins_anew_hears_of_no_round_that_it_has_not_asked_yet(desk: Desk) -> None:
    oracle = desk.oracle()
    oracle(query(0, "a"))
    oracle(query(1, "b"))
    desk.ada.choose(desk.ada.tasks(desk.number(oracle))["1.0"], "good")
    again = desk.oracle()
    again(query(0, "a"))
    assert again.answers() == ([], 0)
    again(query(1, "b"))
    assert said(again.answers()[0]) == {"1.0": ("label", "good")}


def test_what_cannot_be_used_is_reported_once_instead_of_raised(desk: Desk) -> None:
    reported: list[AnswerError] = []
    oracle, asked = desk.oracle(report=reported.append), query(0, "a", "b")
    oracle(asked)
    lying = desk.ada.tasks(desk.number(oracle))
    desk.ada.choose(lying["0.0"], "nonsense")
    desk.ada.choose(lying["0.1"], "good")
    assert said(oracle(asked)) == said(oracle(asked)) == {"0.1": ("label", "good")}
    assert [str(one) for one in reported] == list(oracle.refused)
