"""People keep the contract of every door."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from activeloop.people.annotation import Said
from activeloop.people.people import People
from activeloop.query import Answer
from activeloop.store import MemoryStore
from activeloop.testing import PEOPLE_CHECKS, check_people_oracle

CLASSES = ("good", "bad", "so so")


class Ada:
    """One person at a desk of their own, on a store that outlives it."""

    def __init__(self) -> None:
        self.store, self.told = MemoryStore(), 0

    def make(self) -> People:
        self.people = People(self.store, classes=CLASSES)
        return self.people

    def open(self) -> Sequence[str]:
        leases = self.people.next("ada", 100)
        self.people.release("ada", [one.token for one in leases])
        return [one.ask_id for one in leases]

    def answer(self, said: Answer) -> None:
        self.told += 1
        given = Said(f"key {self.told}", said.ask_id, said.value, said.outcome, said.seconds, said.note)
        self.people.tell(said.annotator or "ada", given)


@pytest.mark.parametrize("check", PEOPLE_CHECKS)
def test_people_keep_the_contract(check: str) -> None:
    check_people_oracle(Ada, classes=CLASSES, only=[check])
