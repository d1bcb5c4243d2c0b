"""What went wrong at a door, told where it cannot hide what went well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from activeloop.errors import ActiveloopError
from activeloop.query import Answer

Report: TypeAlias = Callable[[ActiveloopError], None]


class Problems:
    """Hands problems to `report` once each; without it, the first is raised by a call that has no new answer.

    So good answers always reach the loop, and what went wrong is never silent.
    """

    def __init__(self, report: Report | None = None) -> None:
        self._report = report
        self._given: set[Answer] = set()
        self.now: tuple[ActiveloopError, ...] = ()

    def beside(self, answers: Sequence[Answer], problems: Iterable[ActiveloopError]) -> list[Answer]:
        """Give the answers, once the problems of this call are told."""
        before, self.now = set(map(str, self.now)), tuple(problems)
        news = set(answers) - self._given
        self._given |= news
        if self._report is not None:
            for one in self.now:
                if str(one) not in before:
                    self._report(one)
        elif self.now and not news:
            first, more = self.now[0], len(self.now) - 1
            raise type(first)(f"{first} (and {more} more)") if more else first
        return list(answers)
