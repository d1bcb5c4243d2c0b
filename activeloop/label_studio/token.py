"""The two kinds of token that Label Studio has, and the header that each of them makes."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from activeloop.errors import ConfigurationError

LIFE = 300.0
"""Seconds that an access token lasts where it does not say so itself."""


@dataclass
class Token:
    """A legacy token, sent as it is, or a personal access token, changed for one that lasts five minutes.

    The access token is renewed in the last fifth of its life, by the clock of this machine since it came: the
    server's clock may differ. What is secret here stands in no message and in no `repr`.

    >>> token = Token("0123456789abcdef0123456789abcdef01234567")
    >>> token.personal, token
    (False, Token(legacy))
    """

    secret: str
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        if (
            not self.secret
            or not self.secret.isascii()
            or not self.secret.isprintable()
            or " " in self.secret
        ):
            raise ConfigurationError(
                "the token of Label Studio is empty, or has spaces or other signs that no token has; copy it "
                "from Account & Settings there"
            )
        told = claims(self.secret)
        if told.get("token_type") == "access":
            raise ConfigurationError(
                "this is an access token, which lasts five minutes; give the personal access token that "
                "Account & Settings of Label Studio shows"
            )
        self.personal = bool(told)
        self._access, self._until = "", 0.0

    def __repr__(self) -> str:
        return f"Token({self.kind})"

    @property
    def kind(self) -> str:
        """Which of the two it is: "personal access" or "legacy"."""
        return "personal access" if self.personal else "legacy"

    def header(self, renew: Callable[[str], str]) -> str:
        """Give the value of the Authorization header; `renew` gives an access token for a personal one."""
        if not self.personal:
            return f"Token {self.secret}"
        if self.clock() >= self._until:
            self._access = renew(self.secret)
            told = claims(self._access)
            life = float(told["exp"]) - float(told["iat"]) if {"exp", "iat"} <= told.keys() else LIFE
            self._until = self.clock() + 0.8 * life
        return f"Bearer {self._access}"

    def forget(self) -> bool:
        """Let the next header be a new one; False where there is nothing to renew."""
        self._until = 0.0
        return self.personal


def claims(token: str) -> Mapping[str, Any]:
    """Read what a JSON web token says of itself (it is not verified); empty for anything else.

    >>> claims("no.such.thing"), claims("0123")
    ({}, {})
    """
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        told = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
