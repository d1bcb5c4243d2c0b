"""A Label Studio as it was measured (1.23.2), in memory and over real HTTP, with what surprised about it.

It doubles what is sent twice, takes choices that were never offered, lets anyone submit a locked task, gives
every error an "id", sets a cookie, and takes an empty selection of tasks for all of them.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

LEGACY = "0123456789abcdef0123456789abcdef01234567"
Made = tuple[int, Any]


def web_token(kind: str, life: float) -> str:
    """Make a JSON web token of a kind that lasts so many seconds, with a signature that nobody checks."""
    told = {"token_type": kind, "iat": 1_000.0, "exp": 1_000.0 + life, "jti": str(time.perf_counter_ns())}
    parts = [json.dumps({"alg": "HS256"}), json.dumps(told)]
    return ".".join([*(base64.urlsafe_b64encode(one.encode()).decode().rstrip("=") for one in parts), "sig"])


PERSONAL = web_token("refresh", 6e9)


@dataclass
class StandIn:
    """What the server holds; `users` are the addresses by token, and `faults` what goes wrong next, in turn.

    A fault is a status to answer with, "lost" (done, but the answer never comes) or "slow".
    """

    legacy: bool = True
    life: float = 300.0
    release: str = "1.23.2"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    users: dict[str, str] = field(default_factory=lambda: {LEGACY: "admin@example.com"})
    projects: dict[int, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[int, dict[str, Any]] = field(default_factory=dict)
    faults: list[int | str] = field(default_factory=list)
    faulty: str = ""
    calls: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    access: set[str] = field(default_factory=set)
    url: str = ""

    def __post_init__(self) -> None:
        self._numbers, self._lock = iter(range(1, 10**9)), threading.RLock()

    def now(self) -> str:
        """Give the time, later with each call."""
        time.sleep(2e-6)
        return self.clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def who(self, header: str) -> str | None:
        """Give who an Authorization header belongs to."""
        kind, _, secret = header.partition(" ")
        if kind == "Bearer" and secret in self.access:
            return "admin@example.com"
        return self.users.get(secret) if kind == "Token" and self.legacy else None

    def answer(self, verb: str, path: str, asked: dict[str, str], body: Any, header: str) -> Made:
        """Do what a request asks for."""
        with self._lock:
            if path == "/api/version":
                return 200, {"release": self.release}
            if path == "/api/token/refresh/":
                if body["refresh"] != PERSONAL:
                    return 401, {"detail": "Token is invalid"}
                self.access.add(web_token("access", self.life))
                return 200, {"access": max(self.access, key=lambda one: json.loads(_claims(one))["jti"])}
            user = self.who(header)
            if user is None:
                return 401, {"detail": "Invalid token."}
            for pattern, verbs in ROUTES.items():
                found = re.fullmatch(pattern, path)
                if found and verb in verbs:
                    numbers = [int(one) for one in found.groups()]
                    try:
                        return verbs[verb](self, user, asked, body, *numbers)
                    except KeyError:
                        return 404, {"detail": "No Project matches the given query."}
            return 404, {"detail": "Not found."}

    def listed(self, user: str, asked: dict[str, str], body: Any) -> Made:
        """List projects by pages."""
        page, size = int(asked["page"]), int(asked["page_size"])
        rows = [
            {name: one[name] for name in asked["include"].split(",")}
            for _, one in sorted(self.projects.items())
        ]
        return 200, {
            "results": rows[(page - 1) * size : page * size],
            "next": "more" if page * size < len(rows) else None,
        }

    def made(self, user: str, asked: dict[str, str], body: Any) -> Made:
        """Make a project."""
        if len(body["title"]) < 3:
            return 400, {
                "detail": "Validation error",
                "validation_errors": {"title": ["Ensure this field has at least 3 characters."]},
            }
        number = next(self._numbers)
        self.projects[number] = {"id": number, "description": ""} | body
        return 201, self.shown(number)

    def shown(self, number: int) -> dict[str, Any]:
        """Give a project with what the server adds to it."""
        own = [one for one in self.tasks.values() if one["project"] == number]
        page = ElementTree.fromstring(self.projects[number]["label_config"])
        controls = {
            one.get("name"): {"type": one.tag, "labels": [each.get("value") for each in one]}
            for one in page.iter("Choices")
        }
        return self.projects[number] | {
            "parsed_label_config": controls,
            "task_number": len(own),
            "total_annotations_number": sum(one["total_annotations"] for one in own),
            "skipped_annotations_number": sum(one["cancelled_annotations"] for one in own),
        }

    def project(self, user: str, asked: dict[str, str], body: Any, number: int) -> Made:
        """Read or change a project."""
        self.projects[number].update(body or {})
        return 200, self.shown(number)

    def gone(self, user: str, asked: dict[str, str], body: Any, number: int) -> Made:
        """Delete a project."""
        del self.projects[number]
        return 204, None

    def imported(self, user: str, asked: dict[str, str], body: Any, number: int) -> Made:
        """Add tasks, as often as they are sent."""
        for one in body:
            at, task = self.now(), next(self._numbers)
            self.tasks[task] = {"id": task, "project": self.projects[number]["id"], "data": one["data"]}
            self.tasks[task] |= {"annotations": [], "drafts": [], "created_at": at, "updated_at": at}
            self.count(task)
        return 201, {"task_count": len(body)}

    def count(self, number: int) -> None:
        """Bring the counts of a task up to date."""
        task = self.tasks[number]
        skipped = sum(one["was_cancelled"] for one in task["annotations"])
        task["total_annotations"] = len(task["annotations"]) - skipped
        task["cancelled_annotations"] = skipped
        task["draft_exists"] = bool(task["drafts"])

    def some(self, number: int, filters: Any) -> list[dict[str, Any]]:
        """Give the tasks of a project that pass some filters."""
        compare: dict[str, Callable[[Any, Any], bool]] = {
            "equal": lambda one, other: bool(one == other),
            "greater_or_equal": lambda one, other: bool(one >= other),
        }
        tests = [
            (one["filter"].removeprefix("filter:tasks:"), compare[one["operator"]], one["value"])
            for one in (filters or {"items": []})["items"]
        ]
        own = [one for one in self.tasks.values() if one["project"] == self.projects[number]["id"]]
        return [one for one in own if all(test(one[name], value) for name, test, value in tests)]

    def read(self, user: str, asked: dict[str, str], body: Any) -> Made:
        """List tasks by filter and page."""
        query = json.loads(asked["query"])
        assert query["ordering"] == ["tasks:updated_at"]
        found = sorted(
            self.some(int(asked["project"]), query.get("filters")), key=lambda one: one["updated_at"]
        )
        page, size = int(asked["page"]), int(asked["page_size"])
        return 200, {"tasks": found[(page - 1) * size : page * size], "total": len(found)}

    def acted(self, user: str, asked: dict[str, str], body: Any) -> Made:
        """Delete the tasks of a selection; an empty one is all of them."""
        assert asked["id"] == "delete_tasks"
        found = self.some(int(asked["project"]), body.get("filters"))
        included = body["selectedItems"]["included"]
        for one in [one for one in found if not included or one["id"] in included]:
            del self.tasks[one["id"]]
        return 200, {}

    def people(self, user: str, asked: dict[str, str], body: Any) -> Made:
        """List the users."""
        return 200, [{"id": at, "email": one} for at, one in enumerate(self.users.values(), 1)]

    def next(self, user: str, asked: dict[str, str], body: Any, number: int) -> Made:
        """Give the first task that is not finished."""
        needed = self.projects[number]["maximum_annotations"]
        for one in self.some(number, None):
            mine = any(each["completed_by"] == self.number(user) for each in one["annotations"])
            if len(one["annotations"]) < needed and not mine:
                return 200, one
        return 404, {"detail": "There are still some tasks to complete."}

    def number(self, user: str) -> int:
        """Give the number of a user."""
        return list(self.users.values()).index(user) + 1

    def annotated(self, user: str, asked: dict[str, str], body: Any, number: int) -> Made:
        """Take an annotation, whatever it says."""
        at = self.now()
        made = {"id": next(self._numbers), "completed_by": self.number(user), "was_cancelled": False}
        made |= {"lead_time": None, "created_at": at, "updated_at": at, "task": number} | body
        self.tasks[number]["annotations"].append(made)
        self.tasks[number]["drafts"] = []
        self.tasks[number]["updated_at"] = self.now()
        self.count(number)
        return 201, made

    def discarded(self, user: str, asked: dict[str, str], body: Any, number: int) -> Made:
        """Delete a task."""
        del self.tasks[number]
        return 204, None

    def drafted(self, user: str, asked: dict[str, str], body: Any, number: int) -> Made:
        """Take a draft; the time of the task stays."""
        self.tasks[number]["drafts"].append(body)
        self.count(number)
        return 201, body

    def changed(self, user: str, asked: dict[str, str], body: Any, number: int) -> Made:
        """Change or delete (None) an annotation."""
        task = next(
            one for one in self.tasks.values() if number in [each["id"] for each in one["annotations"]]
        )
        found = next(one for one in task["annotations"] if one["id"] == number)
        if body is None:
            task["annotations"].remove(found)
        else:
            found |= body | {"updated_at": self.now()}
        task["updated_at"] = self.now()
        self.count(task["id"])
        return 200, found


ROUTES: dict[str, dict[str, Callable[..., Made]]] = {
    "/api/projects/": {"GET": StandIn.listed, "POST": StandIn.made},
    r"/api/projects/(\d+)/": {"GET": StandIn.project, "PATCH": StandIn.project, "DELETE": StandIn.gone},
    r"/api/projects/(\d+)/import": {"POST": StandIn.imported},
    r"/api/projects/(\d+)/next": {"GET": StandIn.next},
    "/api/tasks/": {"GET": StandIn.read},
    "/api/dm/actions/": {"POST": StandIn.acted},
    "/api/users/": {"GET": StandIn.people},
    r"/api/tasks/(\d+)/": {"DELETE": StandIn.discarded},
    r"/api/tasks/(\d+)/annotations/": {"POST": StandIn.annotated},
    r"/api/tasks/(\d+)/drafts": {"POST": StandIn.drafted},
    r"/api/annotations/(\d+)/": {"PATCH": StandIn.changed, "DELETE": StandIn.changed},
}


def _claims(token: str) -> str:
    part = token.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


@contextmanager
def serving(studio: StandIn) -> Iterator[StandIn]:
    """Serve it on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length", 0))
            text = self.rfile.read(length).decode()
            studio.calls.append(f"{self.command} {parts.path}")
            studio.bodies.append(text)
            fault = studio.faults.pop(0) if studio.faults and re.search(studio.faulty, self.path) else None
            if isinstance(fault, int):
                return self.reply(fault, {"id": "5b0e", "detail": "a fault"})
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            header = self.headers.get("Authorization", "")
            made = studio.answer(self.command, parts.path, asked, json.loads(text) if text else None, header)
            if fault == "lost":
                self.close_connection = True
                return None
            if fault == "page":
                return self.reply(200, None, "<html>Hello</html>")
            if fault == "moved":
                return self.reply(301, None, "", {"Location": "https://elsewhere.example/api"})
            if fault == "slow":
                time.sleep(0.4)
            return self.reply(*made)

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

        def reply(
            self, status: int, told: Any, text: str = "", headers: dict[str, str] | None = None
        ) -> None:
            if status >= 400 and isinstance(told, dict):
                told = {"id": "ce896bcb-8e52-4f09", "status_code": status, "version": studio.release} | told
            content = (json.dumps(told) if told is not None else text).encode() if status != 204 else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Set-Cookie", "sessionid=abc; HttpOnly; Path=/")
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    studio.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield studio
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
