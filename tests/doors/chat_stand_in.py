"""A real HTTP server of the chat protocol that answers as a test tells it to, well or badly."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Request(NamedTuple):
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def item(self) -> Any:
        """The item that it is about."""
        return json.loads(self.body["messages"][-1]["content"])["item"]


class Raw(NamedTuple):
    """A reply to the byte; `length` claims another length, `pause` waits before each of the parts."""

    status: int = 200
    content: bytes | tuple[bytes, ...] = b""
    headers: tuple[tuple[str, str], ...] = ()
    pause: float = 0.0
    length: int | None = None


Answering = Callable[[Request], Raw]


def completion(content: Any, *, finish: str = "stop", read: int = 100, written: int = 10, **more: Any) -> Raw:
    """A completion; what is not text is written as JSON."""
    text = content if isinstance(content, str | None) else json.dumps(content)
    payload = {
        "choices": [{"finish_reason": finish, "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": read, "completion_tokens": written},
    }
    return Raw(content=json.dumps(payload | more).encode())


def label(value: Any) -> Raw:
    """A completion that gives a label."""
    return completion({"outcome": "label", "label": value})


class StandIn:
    """The server: `requests` came in, `answer` says what goes out, `most_at_once` were under way together."""

    def __init__(self, answer: Answering) -> None:
        self.answer, self.requests = answer, list[Request]()
        self.most_at_once = self._at_once = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, request: Request) -> Raw:
        with self._lock:
            self.requests.append(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return self.answer(request)
        finally:
            with self._lock:
                self._at_once -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["content-length"]))
                said = take(Request(self.path, dict(self.headers.items()), json.loads(sent)))
                parts = (said.content,) if isinstance(said.content, bytes) else said.content
                try:
                    self.send_response(said.status)
                    for name, value in said.headers:
                        self.send_header(name, value)
                    length = sum(map(len, parts)) if said.length is None else said.length
                    self.send_header("content-length", str(length))
                    self.end_headers()
                    for part in parts:
                        time.sleep(said.pause)
                        self.wfile.write(part)
                        self.wfile.flush()
                except OSError:  # who asked has gone
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
