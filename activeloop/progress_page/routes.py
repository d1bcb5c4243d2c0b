"""The page as Starlette routes, for a server that already knows who is asking."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from activeloop.errors import MissingDependencyError
from activeloop.progress_page.page import page, script, style
from activeloop.progress_page.progress import Progress

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 14 5 8l4 2 6-8" fill="none" '
    'stroke="#2a7fb5" stroke-width="2"/></svg>'
)


def routes(progress: Callable[[], Progress], *, clock: Callable[[], float] = time.monotonic) -> list[Route]:
    """Give the routes, to be mounted below a folder: the page, its script and style, and its data.

    The page asks for `data.json` every two seconds while it is looked at; `progress` is called at most once
    a second, however many look, in a thread of its own. No script or style stands within the page, so it runs
    under the strictest policy (`script-src 'self'; style-src 'self'; connect-src 'self'`).

    Raises MissingDependencyError without the extra `label`.
    """
    try:
        from starlette.responses import Response
        from starlette.routing import Route
    except ImportError as error:
        raise MissingDependencyError.of("starlette", "label", "to serve the progress page") from error
    newest = _Newest(progress, clock)

    def fixed(path: str, content: Callable[[], str], media: str) -> Route:
        def answer(request: Request) -> Response:
            return Response(content(), media_type=media)

        return Route(path, answer)

    def data(request: Request) -> Response:
        text, tag = newest()
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return Response(text, media_type="application/json", headers={"etag": tag})

    return [
        fixed("/", page, "text/html"),
        fixed("/progress.js", script, "text/javascript"),
        fixed("/progress.css", style, "text/css"),
        fixed("/icon.svg", lambda: _ICON, "image/svg+xml"),
        Route("/data.json", data),
    ]


class _Newest:
    """The newest progress as JSON with its tag, made again after a second."""

    def __init__(self, progress: Callable[[], Progress], clock: Callable[[], float]) -> None:
        self._progress, self._clock, self._lock = progress, clock, threading.Lock()
        self._made: tuple[float, str, str] | None = None

    def __call__(self) -> tuple[str, str]:
        with self._lock:
            if self._made is None or self._clock() - self._made[0] >= 1.0:
                text = self._progress().to_json()
                tag = hashlib.sha256(text.encode()).hexdigest()[:20]
                self._made = self._clock(), text, f'"{tag}"'
            return self._made[1:]
