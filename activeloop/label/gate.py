"""What every request passes and every response carries: who may call, from where, how often, with what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from starlette.responses import JSONResponse

from activeloop.label.place import Place
from activeloop.label.rates import Rates

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

MOST_BODY_BYTES = 64 * 1024
PER_SECOND, BURST = 500.0, 2_000  # of one address, behind which there may be a whole team's proxy

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",  # no text can become markup, not even by a fault of ours
        "trusted-types 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cache-control": "no-store",
}
_RAW = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]


class TooLargeError(Exception):
    """A body is larger than any that the page sends."""


class Gate:
    """An ASGI application around another: refuses foreign hosts and origins, anything but JSON, floods.

    A cookie with SameSite=Strict does not keep out another port of this machine, which is the same site: the
    origin is what tells. Host is checked against DNS rebinding.
    """

    def __init__(self, app: App, place: Place, rates: Rates | None = None) -> None:
        self._app, self._origins = app, place.origins
        self._hosts = {urlsplit(one).netloc for one in place.origins}
        self._rates = rates or Rates(PER_SECOND, BURST)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        refused = self._refusal(scope)
        app = _error(*refused) if refused else self._app
        await app(scope, _limited(receive), _with_headers(send))

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get("host", "").lower() not in self._hosts:
            return 403, "unknown host"
        origin = headers.get("origin")
        writes = scope["method"] not in ("GET", "HEAD")
        if (origin is not None or writes) and origin not in self._origins:
            return 403, "bad origin"
        if not self._rates.allows(str((scope.get("client") or ("",))[0])):
            return 429, "too many requests; wait a second"
        if writes and headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return 415, "a body is JSON, with the content type application/json"
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return 400, "bad content-length"
        if len(length) > 9 or int(length) > MOST_BODY_BYTES:
            return 413, f"a body has at most {MOST_BODY_BYTES} bytes"
        return None


def _error(status: int, told: str) -> JSONResponse:
    return JSONResponse({"error": told}, status)


def _limited(receive: Receive) -> Receive:
    """Count the bytes of a body that came without its length."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BODY_BYTES:
            raise TooLargeError
        return message

    return limited


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_RAW]
        await send(message)

    return sending
