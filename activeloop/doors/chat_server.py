"""One request to a server of the chat protocol: bounded in time and size, retried where that can help."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from activeloop.errors import ConfigurationError, MissingDependencyError, OracleError

if TYPE_CHECKING:
    import httpx

_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_FOR_ALL = frozenset({401, 402, 403, 404, 405})
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Patience(NamedTuple):
    """How long and how often to try: seconds of one request, number of tries, seconds to wait between them.

    The wait doubles from `first_wait` and never exceeds `longest_wait`; a server that asks for less is
    obeyed, one that asks for more is given up on. A reply is read up to `most_bytes`.
    """

    seconds: float = 120.0
    tries: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0
    most_bytes: int = 1_000_000


class RefusedForAllError(OracleError):
    """The server refuses whoever asks, or whatever is asked: no other item would fare better."""


class _TryAgainError(Exception):
    def __init__(self, why: str, wait: float | None = None, *, sent: bool = False) -> None:
        super().__init__(why)
        self.wait, self.sent = wait, sent


class ChatServer:
    """Speaks to `url`/chat/completions; the key is read from the environment for each request, and not kept.

    Raises ConfigurationError for an address that would show the key, MissingDependencyError without httpx.
    """

    def __init__(self, url: str, key_variable: str, patience: Patience = Patience()) -> None:  # noqa: B008
        try:
            import httpx
        except ImportError as error:
            raise MissingDependencyError.of("httpx", "chat", "to speak to a hosted model") from error
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise ConfigurationError(f"{_without_secrets(url)!r} is no address; allowed: https://HOST/v1")
        self._plain = parts.scheme == "http" and parts.hostname not in _LOOPBACK
        self._url, self._key_variable, self.patience = url.rstrip("/"), key_variable, patience
        # Certificates take a while to load, and where nothing is encrypted there are none to check.
        verify = parts.scheme == "https"
        self._client = httpx.Client(timeout=patience.seconds, follow_redirects=False, verify=verify)
        self._over = Event()

    def complete(self, body: Mapping[str, Any], name: str, lost: Callable[[], None]) -> dict[str, Any]:
        """Give the completion of a request; `name` is the same for the same request, in every try.

        `lost` is called whenever a reply may have been paid for and did not arrive. Raises OracleError when
        the server refuses, or fails in every try.
        """
        wait, why = self.patience.first_wait, ""
        for attempt in range(self.patience.tries):
            if attempt and self._over.wait(wait):
                raise OracleError("closed")
            try:
                return self._once(body, name)
            except _TryAgainError as error:
                why = str(error)
                if error.sent:
                    lost()
                wait = min(self.patience.first_wait * 2**attempt, self.patience.longest_wait)
                if error.wait is not None:
                    wait = error.wait
                if wait > self.patience.longest_wait:
                    raise OracleError(f"{why}, and asks to wait {wait:.0f} s; go on later") from None
        raise OracleError(f"{why}, {self.patience.tries} times over; go on later")

    def close(self) -> None:
        """End all waiting and let go of the connections."""
        self._over.set()
        self._client.close()

    def _key(self) -> str:
        return os.environ.get(self._key_variable, "").strip() if self._key_variable else ""

    def _headers(self, name: str) -> dict[str, str]:
        key = self._key()
        if key and self._plain:
            raise RefusedForAllError(f"{self._url} is not encrypted and would show the key; use https://")
        if not (key.isascii() and key.isprintable()):
            raise RefusedForAllError(f"the key in {self._key_variable} has characters that no key has")
        return {"Idempotency-Key": name} | ({"Authorization": f"Bearer {key}"} if key else {})

    def _once(self, body: Mapping[str, Any], name: str) -> dict[str, Any]:
        import httpx

        try:
            with self._client.stream(
                "POST", f"{self._url}/chat/completions", json=body, headers=self._headers(name)
            ) as response:
                content = self._content(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _TryAgainError(f"{self._url} cannot be reached: {error}") from error
        except httpx.HTTPError as error:
            raise _TryAgainError(f"{self._url} broke off: {type(error).__name__}", sent=True) from error
        if response.status_code in _AGAIN:
            raise _TryAgainError(f"{self._url} answered {response.status_code}", _asked_to_wait(response))
        if response.status_code != 200:
            kind = RefusedForAllError if response.status_code in _FOR_ALL else OracleError
            raise kind(f"{self._url} answered {response.status_code}: {self._said(content)}")
        try:
            found = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise _TryAgainError(f"{self._url} answered with what is no JSON", sent=True) from error
        if not isinstance(found, dict):
            raise _TryAgainError(f"{self._url} answered with no JSON object", sent=True)
        return found

    def _content(self, response: httpx.Response) -> bytes:
        """Read a reply piece by piece: one that drips, or never ends, is given up."""
        until, content = time.monotonic() + self.patience.seconds, bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > self.patience.most_bytes:
                raise _TryAgainError(f"{self._url} answered without end", sent=True)
            if time.monotonic() > until:
                raise _TryAgainError(f"{self._url} answered too slowly", sent=True)
        return bytes(content)

    def _said(self, content: bytes) -> str:
        """Give the server's own words, in one line and without the key."""
        try:
            words = str(json.loads(content)["error"]["message"])
        except (ValueError, KeyError, TypeError, RecursionError):
            words = content.decode("utf-8", errors="replace")
        key = self._key()
        return repr(" ".join((words.replace(key, "[key]") if key else words).split())[:300])


def _asked_to_wait(response: httpx.Response) -> float | None:
    """Read Retry-After: seconds, or a date; None where it says neither."""
    given = response.headers.get("retry-after", "").strip()
    try:
        seconds = float(given)
        return max(seconds, 0.0) if seconds == seconds else None
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max((when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)


def _without_secrets(url: str) -> str:
    return url.split("?")[0].rsplit("@", 1)[-1]
