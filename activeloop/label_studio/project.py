"""One project of a Label Studio: the calls that are made of it, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from activeloop.errors import OracleError
from activeloop.label_studio.client import Client
from activeloop.label_studio.setting import Mark, Setting

OLDEST = (1, 20)
"""What is older is refused rather than tried; 1.23.2 is what all of this is tested with."""

PAGE = 100
PART_BYTES, PART_TASKS = 8_000_000, 250
"""How much is imported at once."""


class Project:
    """The project of one run; `mark` says which rounds of it are over."""

    def __init__(self, client: Client, number: int, mark: Mark) -> None:
        self.client, self.number, self.mark = client, number, mark

    @classmethod
    def of(cls, client: Client, setting: Setting) -> Project:
        """Find the project of a run by its mark, or make it; of several, the oldest is the one."""
        for one in _listed(client):
            mark = Mark.read(one["description"])
            if mark and mark.run == setting.run:
                return cls.at(client, one["id"], setting)
        mark = Mark(setting.run)
        fixed = {"title": setting.title, "description": mark.on(""), "label_config": setting.page}
        return cls(client, client.post("/api/projects/", fixed | setting.asking())["id"], mark)

    @classmethod
    def at(cls, client: Client, number: int, setting: Setting) -> Project:
        """Take a project that is there, and see to it that it asks as it should.

        Raises OracleError when it belongs to another run, or offers other choices.
        """
        project = cls(client, number, Mark(setting.run))
        there = project.read()
        if project.mark.run != setting.run:
            whose = project.mark.run
            raise OracleError(f"project {number} belongs to the run {whose!r}, not to {setting.run!r}")
        changes = setting.missing(there)
        if Mark.read(there["description"]) is None:
            changes["description"] = project.mark.on(there["description"])
        if changes:
            client.patch(project._path, changes)
        return project

    @property
    def _path(self) -> str:
        return f"/api/projects/{self.number}/"

    @property
    def url(self) -> str:
        """Where people open it."""
        return f"{self.client.url}/projects/{self.number}/data"

    def read(self) -> Any:
        """Read what it is, its mark among it, and how many tasks and annotations it has.

        Raises OracleError when it is gone.
        """
        try:
            there = self.client.get(self._path)
        except OracleError as error:
            if "status 404" not in str(error):
                raise
            raise OracleError(
                f"project {self.number} is not at {self.client.url} any more, or the user of the token may "
                "not see it. What the run was told is kept in its own store: make the oracle anew, and it "
                "opens a new project for what is still to be asked"
            ) from error
        self.mark = Mark.read(there["description"]) or self.mark
        return there

    def add(self, tasks: Sequence[Mapping[str, Any]]) -> None:
        """Add tasks in this order, in parts that the server takes at once."""
        for part in _parts(tasks):
            self.client.post(f"{self._path}import", [{"data": one} for one in part])

    def changed(self, since: str | None) -> Iterator[Mapping[str, Any]]:
        """Give every task that changed at `since` or later (all for None), by the server's own clock.

        Pages begin where the last one ended, and not at a number: what changes meanwhile moves to the end and
        would shift the others.
        """
        page = 1
        while True:
            told = self._page(since, page)
            tasks = told["tasks"]
            yield from tasks
            if page * PAGE >= told["total"]:
                return
            last = tasks[-1]["updated_at"]
            page, since = (page + 1, since) if last == since else (1, last)

    def _page(self, since: str | None, page: int) -> Any:
        query: dict[str, Any] = {"ordering": ["tasks:updated_at"]}
        if since is not None:
            query["filters"] = _all_of(("updated_at", "greater_or_equal", "Datetime", since))
        return self.client.get(
            "/api/tasks/",
            project=self.number,
            fields="all",
            resolve_uri="false",
            page=page,
            page_size=PAGE,
            query=json.dumps(query),
        )

    def delete_untouched(self, tasks: Sequence[int]) -> None:
        """Delete those of some tasks on which nobody worked; the server looks, in the moment of the deed.

        What is submitted meanwhile stays, and so does what someone began.
        """
        if not tasks:  # to Label Studio an empty selection means all tasks that there are
            return
        untouched = _all_of(
            ("total_annotations", "equal", "Number", 0),
            ("cancelled_annotations", "equal", "Number", 0),
            ("draft_exists", "equal", "Boolean", False),
        )
        chosen = {"all": False, "included": list(tasks)}
        self.client.post(
            "/api/dm/actions/",
            {"project": self.number, "selectedItems": chosen, "filters": untouched},
            repeat=True,
            id="delete_tasks",
            project=self.number,
        )

    def close_rounds(self, closed: int) -> None:
        """Write down how many rounds are over, so that their asks are not handed out again."""
        there = self.read()
        if closed > self.mark.closed:
            self.mark = self.mark._replace(closed=closed)
            self.client.patch(self._path, {"description": self.mark.on(there["description"])})

    def people(self) -> dict[int, str]:
        """Give the e-mail address of each user, by the number that annotations have."""
        return {one["id"]: one["email"] for one in self.client.get("/api/users/") if one.get("email")}


def check_version(client: Client) -> None:
    """Raise OracleError for a Label Studio that is too old."""
    release = str(client.get("/api/version").get("release", "unknown"))
    parts = release.split(".")[:2]
    if not all(one.isdecimal() for one in parts) or tuple(map(int, parts)) < OLDEST:
        allowed = ".".join(map(str, OLDEST))
        raise OracleError(
            f"Label Studio at {client.url} is {release}; allowed: {allowed} or later, so update it"
        )


def _listed(client: Client) -> Iterator[Any]:
    """Give the projects that there are, the oldest first."""
    page = 1
    while True:
        told = client.get(
            "/api/projects/", include="id,title,description", ordering="id", page=page, page_size=PAGE
        )
        yield from told["results"]
        if not told["next"]:
            return
        page += 1


def _all_of(*filters: tuple[str, str, str, Any]) -> dict[str, Any]:
    items = [
        {"filter": f"filter:tasks:{name}", "operator": operator, "type": kind, "value": value}
        for name, operator, kind, value in filters
    ]
    return {"conjunction": "and", "items": items}


def _parts(tasks: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Cut tasks into parts of no more than PART_TASKS, and about PART_BYTES at most."""
    part: list[Mapping[str, Any]] = []
    bytes_ = 0
    for one in tasks:
        size = len(json.dumps(one))
        if part and (len(part) == PART_TASKS or bytes_ + size > PART_BYTES):
            yield part
            part, bytes_ = [], 0
        part.append(one)
        bytes_ += size
    if part:
        yield part
