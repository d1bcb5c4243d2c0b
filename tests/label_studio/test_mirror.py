"""What is read of a project: all of it, whatever the server's clock does, and no more than is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activeloop.label_studio import LabelStudio
from activeloop.label_studio.project import PAGE, PART_TASKS
from activeloop.query import Query

from .conftest import plain, query
from .stand_in import LEGACY, ROUTES, StandIn

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA = "ada@example.com"


@pytest.fixture
def oracle(stand_in: StandIn) -> Iterator[LabelStudio]:
    made = LabelStudio(stand_in.url, LEGACY, run="r", kind="text", every=0.0, transport=plain())
    yield made
    made.close()


def many(n: int) -> Query:
    return query(0, *(f"item {at}" for at in range(n)))


def choose(studio: StandIn, ask_id: str, words: str) -> int:
    (task,) = (number for number, one in studio.tasks.items() if one["data"]["al_ask"] == ask_id)
    chosen = [{"from_name": "label", "value": {"choices": [words]}}]
    return int(studio.annotated(ADA, {}, {"result": chosen}, task)[1]["id"])


def values(oracle: LabelStudio, asked: Query) -> dict[str, str]:
    return {one.ask_id: one.value for one in oracle(asked)}


def test_a_large_batch_keeps_its_order_and_is_read_whole_though_all_have_one_time(
    stand_in: StandIn, oracle: LabelStudio
) -> None:
    stand_in.clock = lambda: NOW
    asked = many(PART_TASKS + PAGE + 7)
    oracle(asked)
    assert [one["data"]["al_ask"] for one in stand_in.tasks.values()] == [one.ask_id for one in asked.asks]
    oracle(asked)
    assert len(stand_in.tasks) == len(asked)


def test_what_changes_between_two_pages_is_not_passed_over(stand_in: StandIn, oracle: LabelStudio) -> None:
    asked = many(3 * PAGE)
    oracle(asked)
    pages: list[str] = []

    def moving(studio: StandIn, user: str, told: dict[str, str], body: Any) -> Any:
        read = studio.read(user, told, body)
        if not pages:
            choose(studio, "0.0", "good")  # the first of the page goes to the end
        pages.append(told["page"])
        return read

    again = LabelStudio(stand_in.url, LEGACY, run="r", kind="text", every=0.0, transport=plain())
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ROUTES["/api/tasks/"], "GET", moving)
        assert values(again, asked) == {"0.0": "good"}
    assert pages == ["1"] * len(pages)
    assert len(pages) > 2
    assert len(stand_in.tasks) == 3 * PAGE
    again.close()


def test_a_label_that_was_committed_late_is_seen(stand_in: StandIn, oracle: LabelStudio) -> None:
    stand_in.clock, asked = (lambda: NOW), many(2)
    oracle(asked)
    choose(stand_in, "0.0", "good")
    assert values(oracle, asked) == {"0.0": "good"}
    stand_in.clock = lambda: NOW - timedelta(seconds=5)
    choose(stand_in, "0.1", "bad")
    assert values(oracle, asked) == {"0.0": "good", "0.1": "bad"}


def test_a_time_from_the_future_hides_nothing(stand_in: StandIn, oracle: LabelStudio) -> None:
    """Label Studio writes the time of a task in local time when annotations are deleted in bulk."""
    asked = many(2)
    oracle(asked)
    number = choose(stand_in, "0.0", "good")
    for one in stand_in.tasks.values():
        one["updated_at"] = "2099-01-01T00:00:00.000000Z"
    assert values(oracle, asked) == {"0.0": "good"}
    stand_in.changed(ADA, {}, {"result": [{"from_name": "label", "value": {"choices": ["bad"]}}]}, number)
    assert values(oracle, asked) == {"0.0": "bad"}


def test_annotations_deleted_without_a_trace_are_missed(stand_in: StandIn, oracle: LabelStudio) -> None:
    asked = many(2)
    oracle(asked)
    choose(stand_in, "0.0", "good")
    assert values(oracle, asked) == {"0.0": "good"}
    task = next(iter(stand_in.tasks.values()))
    task["annotations"].clear()
    task["updated_at"] = "2001-01-01T00:00:00.000000Z"
    stand_in.count(task["id"])
    assert values(oracle, asked) == {}


def test_where_nothing_changed_two_requests_are_made(stand_in: StandIn, oracle: LabelStudio) -> None:
    stand_in.clock, asked = (lambda: NOW), many(3)
    oracle(asked)
    stand_in.clock = lambda: NOW + timedelta(minutes=1)
    choose(stand_in, "0.0", "good")
    oracle(asked)
    stand_in.calls.clear()
    oracle(asked)
    assert [one.split()[0] for one in stand_in.calls] == ["GET", "GET"]


def test_retiring_what_was_never_handed_out_deletes_nothing(stand_in: StandIn, oracle: LabelStudio) -> None:
    oracle(query(1, "a", "b"))
    oracle.retire(query(0, "c"))
    assert len(stand_in.tasks) == 2


def test_tasks_that_people_added_are_left_alone(stand_in: StandIn, oracle: LabelStudio) -> None:
    asked = many(1)
    oracle(asked)
    (project,) = stand_in.projects
    stand_in.imported(ADA, {}, [{"data": {"text": "mine"}}], project)
    assert oracle(asked) == []
    oracle.retire(asked)
    assert [one["data"] for one in stand_in.tasks.values()] == [{"text": "mine"}]


def test_of_two_projects_of_one_run_the_oldest_is_used(stand_in: StandIn, oracle: LabelStudio) -> None:
    oracle(many(1))
    (first,) = stand_in.projects
    for number in range(1_000, 1_150):
        stand_in.projects[number] = stand_in.projects[first] | {"id": number}
    again = LabelStudio(stand_in.url, LEGACY, run="r", kind="text", every=0.0, transport=plain())
    again(many(1))
    assert again.address == oracle.address
    again.close()


def test_the_server_is_not_asked_more_often_than_was_said(stand_in: StandIn) -> None:
    oracle = LabelStudio(stand_in.url, LEGACY, run="r", kind="text", every=600.0, transport=plain())
    asked = many(2)
    oracle(asked)
    stand_in.calls.clear()
    for _ in range(3):
        oracle(asked)
        oracle.answers()
    assert stand_in.calls == []
    oracle(query(1, "new"))  # what is new goes out at once
    assert len(stand_in.tasks) == 3
    oracle.close()
