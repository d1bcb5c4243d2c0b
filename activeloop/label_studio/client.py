"""Plain HTTP to a Label Studio: every status is checked, and only what may be repeated is tried again."""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from activeloop.errors import ConfigurationError, MissingDependencyError, OracleError, UnreachableError
from activeloop.label_studio.token import Token

WAITS = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each further try."""

_BUSY = (429, 502, 503, 504)
_LONGEST = 300


class Client:
    """Requests to one Label Studio, with the token of one user.

    A request that changes nothing when it is repeated (GET, PATCH, DELETE, and what is marked so) is tried
    again when the connection breaks, when time runs out and at a 5xx; any other only when it was never sent
    or was turned away unread. No redirect is followed, so that the token goes to this address only, and no
    cookie is kept.

    Raises MissingDependencyError without httpx, ConfigurationError for what is no address.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float = 30.0,
        transport: Any = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        try:
            self._httpx: Any = importlib.import_module("httpx")
        except ImportError as error:
            raise MissingDependencyError.of(
                "httpx", "label-studio", "to ask people in Label Studio"
            ) from error
        self.url, self._token, self._sleep = _address(url), Token(token, clock), sleep
        self._http = self._httpx.Client(timeout=timeout, transport=transport)

    def __repr__(self) -> str:
        return f"Client({self.url!r}, {self._token!r})"

    def get(self, path: str, **parameters: Any) -> Any:
        """Read something."""
        return self._json("GET", path, parameters, repeat=True)

    def post(self, path: str, body: Any, *, repeat: bool = False, **parameters: Any) -> Any:
        """Send something; `repeat` says that sending it twice does no more than sending it once."""
        return self._json("POST", path, parameters, body, repeat=repeat)

    def patch(self, path: str, body: Any) -> Any:
        """Change something."""
        return self._json("PATCH", path, {}, body, repeat=True)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _json(self, verb: str, path: str, parameters: Any, body: Any = None, *, repeat: bool) -> Any:
        answer = self._authorized(verb, path, parameters, body, repeat)
        if answer.status_code == 401 and self._token.forget():
            answer = self._authorized(verb, path, parameters, body, repeat)
        if not answer.is_success:
            raise self._refusal(answer, verb, path)
        return self._read(answer) if answer.content else None

    def _authorized(self, verb: str, path: str, parameters: Any, body: Any, repeat: bool) -> Any:
        headers = {"Authorization": self._token.header(self._renewed)}
        return self._sent(verb, path, parameters, body, headers, repeat)

    def _renewed(self, secret: str) -> str:
        path = "/api/token/refresh/"
        answer = self._sent("POST", path, {}, {"refresh": secret}, {}, repeat=True)
        if not answer.is_success:
            raise self._refusal(answer, "POST", path)
        access = self._read(answer).get("access")
        if not isinstance(access, str):
            raise self._strange("it changed the personal access token for nothing")
        return access

    def _sent(self, verb: str, path: str, parameters: Any, body: Any, headers: Any, repeat: bool) -> Any:
        """Send a request until it is answered, or may not or need not be sent again."""
        httpx = self._httpx
        content = None if body is None else json.dumps(body, allow_nan=False).encode()
        told = {"Content-Type": "application/json"} if content else {}
        for wait in (*WAITS, None):
            try:
                answer = self._http.request(
                    verb, self.url + path, params=parameters, content=content, headers=headers | told
                )
            except (httpx.TransportError, httpx.DecodingError) as error:
                unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if wait is None or not (repeat or unsent):
                    raise self._unreachable(str(error) or type(error).__name__) from error
            else:
                self._http.cookies.clear()
                again = answer.status_code >= 500 if repeat else answer.status_code == 429
                if wait is None or not (again or answer.status_code == 429):
                    return answer
            self._sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _read(self, answer: Any) -> Any:
        try:
            return answer.json()
        except ValueError:
            raise self._strange("it answers with a page, where Label Studio answers with JSON") from None

    def _strange(self, what: str) -> OracleError:
        return OracleError(f"is {self.url} the address of a Label Studio? {what}")

    def _unreachable(self, why: str) -> UnreachableError:
        return UnreachableError(
            f"Label Studio at {self.url} does not answer ({why}); start it, or check the address. What "
            "people labeled is kept there: ask again and it comes"
        )

    def _refusal(self, answer: Any, verb: str, path: str) -> OracleError:
        """Write what went wrong, and what to do."""
        status = answer.status_code
        if status in _BUSY or status >= 500:
            return self._unreachable(f"status {status} for {verb} {path}")
        if 300 <= status < 400:
            return self._strange(
                f"it sends on to {answer.headers.get('location', 'elsewhere')!r}: give that address"
            )
        if status == 401:
            return OracleError(_unauthorized(self.url, self._token))
        if status == 403:
            return OracleError(
                f"the user of this token may not {verb} {path} at {self.url}; give the token of a user who "
                "may create projects and see all tasks of them"
            )
        return OracleError(
            f"Label Studio at {self.url} refused {verb} {path} with status {status}: {_said(answer)}"
        )


def _unauthorized(url: str, token: Token) -> str:
    if token.personal:
        return (
            f"Label Studio at {url} refused the personal access token: it was withdrawn, or belongs to "
            "another server; copy the one that Account & Settings shows there"
        )
    return (
        f"Label Studio at {url} refused the legacy token: it is not one of that server, or legacy tokens are "
        "switched off there, as they are at first; give a personal access token (Account & Settings), or "
        "switch legacy tokens on (Organization, API Tokens Settings)"
    )


def _said(answer: Any) -> str:
    """Give the server's own words, which stand in one of several places."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict):  # its "id" names the error, and is not the id of anything that was made
        told = told.get("validation_errors") or told.get("detail")
    return json.dumps(told, ensure_ascii=False)[:_LONGEST] if told else answer.text[:_LONGEST]


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ConfigurationError(
            f"{url!r} is no address of a Label Studio; allowed: http://host:port or https://host, with a "
            "path where it is served below one"
        )
    if parts.username or parts.password:
        raise ConfigurationError(
            "an address of a Label Studio has no user and no password in it; give a token"
        )
    return url.rstrip("/")
