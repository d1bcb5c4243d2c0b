"""What is known of the tasks of a project: read whole once, then only what changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from activeloop.label_studio.project import Project

OVERLAP = timedelta(seconds=10)
"""How far back each reading goes: what a server commits late is older than what was read before."""


class Task(NamedTuple):
    """One task, with the ask and the item that it stands for ("" where people made it), and what was said."""

    number: int
    ask_id: str
    item: str
    round: int
    annotations: tuple[Mapping[str, Any], ...]


class Mirror:
    """The tasks of a project as they were when it was last refreshed."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._forget()

    def _forget(self) -> None:
        self._tasks: dict[int, Task] = {}
        self._newest = ""

    def refresh(self) -> None:
        """Read what changed, and all again when tasks or annotations are fewer than were known.

        Deleted annotations move the time of their task, but deleted tasks are simply not there.
        """
        known = sum(len(one.annotations) for one in self._tasks.values())
        there = self._project.read()
        fewer = there["total_annotations_number"] + there["skipped_annotations_number"] < known
        self._read(self._since())
        if there["task_number"] != len(self._tasks) or fewer:
            self._forget()
            self._read(None)

    def _read(self, since: str | None) -> None:
        for told in self._project.changed(since):
            annotations = tuple(told["annotations"])
            data = told["data"]
            # Not the task's own time, which is written in local time when annotations are deleted in bulk.
            times = [told["created_at"], *(one["updated_at"] for one in annotations)]
            self._newest = max(self._newest, *times)
            ask_id, item = (str(data.get(name, "")) for name in ("al_ask", "al_item"))
            round = int(data["al_round"]) if ask_id else -1
            self._tasks[told["id"]] = Task(told["id"], ask_id, item, round, annotations)

    def _since(self) -> str | None:
        if not self._newest:
            return None
        since = datetime.fromisoformat(self._newest) - OVERLAP
        return since.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def by_ask(self) -> dict[str, list[Task]]:
        """Give the tasks of each ask, the oldest first: after a broken import there may be two."""
        found: dict[str, list[Task]] = {}
        for _, one in sorted(self._tasks.items()):
            if one.ask_id:
                found.setdefault(one.ask_id, []).append(one)
        return found
