"""A real browser, a real server, and pages that fail the test when they complain."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from activeloop.progress_page import Progress, routes

# The strictest that a server may send with the page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)


class Served:
    """A page that is served; `progress` may be changed while it is looked at, `broken` makes answers fail."""

    def __init__(self, progress: Progress, address: str) -> None:
        self.progress, self.address = progress, address
        self.broken = False
        self.asked = 0

    def __call__(self) -> Progress:
        self.asked += 1
        if self.broken:
            raise OSError("the disk is gone")
        return self.progress


@contextmanager
def serving(progress: Progress) -> Iterator[Served]:
    """Serve the page below /progress under a strict policy, with uvicorn, on a free port."""
    uvicorn = pytest.importorskip("uvicorn", reason="uvicorn is in the extra label")
    from starlette.applications import Starlette
    from starlette.routing import Mount

    door = socket.create_server(("127.0.0.1", 0))
    served = Served(progress, f"http://127.0.0.1:{door.getsockname()[1]}/progress/")
    own = Starlette(routes=[Mount("/progress", routes=routes(served))])

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        await own(scope, receive, sent)

    server = uvicorn.Server(uvicorn.Config(guarded, log_level="critical", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        yield served
    finally:
        server.should_exit = True
        thread.join()
        door.close()


Browse = Callable[..., Any]


@pytest.fixture
def browse(browser: Any) -> Iterator[Browse]:
    """Open an address; after the test the page must have complained of nothing, but of what is `allowed`."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def opened(address: str, allowed: str = "", **options: Any) -> Any:
        def heard(words: str) -> None:
            if not (allowed and allowed in words):
                complaints.append(words)

        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard(str(error)))
        page.on("dialog", lambda dialog: heard(f"dialog: {dialog.message}"))
        page.goto(address)
        page.wait_for_selector("#section-summary > *")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
