"""One person who labels in a Label Studio, real or stood in for: over HTTP, as its page does."""

from __future__ import annotations

import importlib
from typing import Any


class Person:
    """Someone with a legacy token of their own."""

    def __init__(self, url: str, token: str) -> None:
        told = {"Authorization": f"Token {token}"}
        httpx: Any = importlib.import_module("httpx")
        self._http = httpx.Client(base_url=url, headers=told, timeout=60, verify=False)

    def __enter__(self) -> Person:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(self, verb: str, path: str, body: Any = None, **parameters: Any) -> Any:
        answer = self._http.request(verb, path, json=body, params=parameters)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def next(self, project: int) -> Any:
        """Give the task that Label Studio shows next, or None."""
        answer = self._http.get(f"/api/projects/{project}/next")
        assert answer.status_code in (200, 404), answer.text
        return answer.json() if answer.status_code == 200 else None

    def tasks(self, project: int) -> dict[str, int]:
        """Give the tasks by ask id."""
        told = self.call(
            "GET",
            "/api/tasks/",
            project=project,
            page=1,
            page_size=100,
            query='{"ordering":["tasks:updated_at"]}',
        )
        found = [(one["data"]["al_ask"], one["id"]) for one in told["tasks"]]
        assert len(dict(found)) == len(found), f"an ask lies there twice: {found}"
        return dict(found)

    def choose(self, task: int, words: str, seconds: float = 2.5) -> int:
        """Choose and submit; gives the number of the annotation."""
        body = {"result": _result(words), "lead_time": seconds, "was_cancelled": False}
        return int(self.call("POST", f"/api/tasks/{task}/annotations/", body)["id"])

    def skip(self, task: int) -> int:
        """Press Skip."""
        body = {"result": [], "was_cancelled": True}
        return int(self.call("POST", f"/api/tasks/{task}/annotations/", body)["id"])

    def begin(self, task: int, words: str) -> None:
        """Choose, but do not submit."""
        self.call("POST", f"/api/tasks/{task}/drafts", {"result": _result(words), "lead_time": 1.0})

    def change(self, annotation: int, words: str) -> None:
        """Choose otherwise in what was submitted."""
        self.call("PATCH", f"/api/annotations/{annotation}/", {"result": _result(words)})

    def delete(self, annotation: int) -> None:
        """Delete what was submitted."""
        self.call("DELETE", f"/api/annotations/{annotation}/")


def _result(words: str) -> list[dict[str, Any]]:
    chosen = {"choices": [words]}
    return [{"from_name": "label", "to_name": "item", "type": "choices", "value": chosen}]
