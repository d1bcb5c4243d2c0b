"""What was heard of people so far: their votes, what could not be used, and which answers are new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from activeloop.errors import AnswerError
from activeloop.label_studio.choices import Choices
from activeloop.label_studio.mirror import Task
from activeloop.label_studio.project import Project
from activeloop.label_studio.votes import Skips, Vote, answer, votes_by_ask
from activeloop.query import Answer


class Hearing:
    """Reads tasks as votes and answers; what cannot be used is told once, to `report` or by raising it."""

    def __init__(
        self,
        project: Project,
        choices: Choices,
        skips: Skips,
        needed: int,
        report: Callable[[AnswerError], None] | None,
    ) -> None:
        self._project, self._choices, self._skips = project, choices, skips
        self._needed, self._report = needed, report
        self._people: dict[int, str] = {}
        self._refused: dict[tuple[int, str], str] = {}
        self._told: set[tuple[int, str]] = set()
        self._heard: dict[str, tuple[Answer, int]] = {}
        self._last = 0

    @property
    def refused(self) -> tuple[str, ...]:
        """What cannot be used, each with what to do."""
        return tuple(self._refused.values())

    def votes(self, tasks: Mapping[str, Sequence[Task]]) -> dict[str, tuple[Vote, ...]]:
        """Give what each person last said, by ask; raises AnswerError for what was not told of yet."""
        annotations = (one for same in tasks.values() for task in same for one in task.annotations)
        strangers = {one["completed_by"] for one in annotations} - self._people.keys()
        if strangers:
            self._people |= {number: f"user {number}" for number in strangers} | self._project.people()
        said, self._refused = votes_by_ask(tasks, self._choices, self._people, self._skips)
        self._tell()
        return said

    def answers(self, tasks: Mapping[str, Sequence[Task]]) -> dict[str, Answer]:
        """Give the answers that there are, by ask."""
        given = {ask_id: answer(votes, self._needed) for ask_id, votes in self.votes(tasks).items()}
        return {ask_id: one for ask_id, one in given.items() if one is not None}

    def news(self, tasks: Mapping[str, Sequence[Task]], after: int) -> tuple[list[Answer], int]:
        """Give the answers that came or changed after a number, and the last number."""
        for ask_id, one in self.answers(tasks).items():
            if ask_id not in self._heard or self._heard[ask_id][0] != one:
                self._last += 1
                self._heard[ask_id] = one, self._last
        return [one for one, at in self._heard.values() if at > after], self._last

    def _tell(self) -> None:
        new = [text for key, text in self._refused.items() if key not in self._told]
        self._told |= self._refused.keys()
        if self._report is not None:
            for text in new:
                self._report(AnswerError(text))
        elif new:
            more = f" (and {len(new) - 1} more: see `refused`)" if len(new) > 1 else ""
            raise AnswerError(new[0] + more)
