"""Label Studio is held to the contract of every door that people answer through."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from activeloop.errors import AnswerError, unknown
from activeloop.label_studio import LabelStudio
from activeloop.query import Answer

from .conftest import plain
from .person import Person
from .stand_in import LEGACY, StandIn

testing = pytest.importorskip("activeloop.testing.people_oracles")

NUMBERS = itertools.count()
WORDS = {"abstain": "cannot say", "bad": "bad item"}


class Through:
    """One way through Label Studio: an oracle, and the people of the stand-in."""

    def __init__(self, studio: StandIn, people: dict[str, Person], finish: Callable[..., None]) -> None:
        self.studio, self.people, self.finish = studio, people, finish
        self.run = f"contract {next(NUMBERS)}"

    def make(self) -> LabelStudio:
        oracle = LabelStudio(self.studio.url, LEGACY, run=self.run, kind="text", every=0.0, transport=plain())
        self.finish(oracle.close)
        return oracle

    def tasks(self) -> dict[int, Any]:
        number = next(one for one, project in self.studio.projects.items() if self.run in project["title"])
        return {one: task for one, task in self.studio.tasks.items() if task["project"] == number}

    def open(self) -> list[str]:
        return [one["data"]["al_ask"] for one in self.tasks().values() if not one["annotations"]]

    def answer(self, said: Answer) -> None:
        lying = {one["data"]["al_ask"]: number for number, one in self.tasks().items()}
        if said.ask_id not in lying:
            raise AnswerError(unknown("ask", said.ask_id, lying))
        person, task = self.people[said.annotator], lying[said.ask_id]
        if said.outcome == "skip":
            person.skip(task)
        else:
            person.choose(task, WORDS.get(said.outcome, said.value))


@pytest.mark.parametrize("check", [one for one in testing.PEOPLE_CHECKS if one != "late"])
def test_label_studio_is_a_door_like_the_others(
    stand_in: StandIn, check: str, request: pytest.FixtureRequest
) -> None:
    """What comes late has a test of its own: a task that was withdrawn is not there to be answered."""
    stand_in.users = {LEGACY: "ada", "f" * 40: "grace"}
    with Person(stand_in.url, LEGACY) as ada, Person(stand_in.url, "f" * 40) as grace:
        people = {"ada": ada, "grace": grace}
        testing.check_people_oracle(lambda: Through(stand_in, people, request.addfinalizer), only=[check])
