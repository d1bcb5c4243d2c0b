"""Who may come in, and as what: names, roles, one-time invitations and sign-ins, all kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from activeloop.errors import ConfigurationError, unknown
from activeloop.events import Event, Store
from activeloop.people.journal import Journal, News
from activeloop.store import open_store

Role: TypeAlias = Literal["annotator", "reviewer", "owner"]
ROLES: tuple[Role, ...] = ("annotator", "reviewer", "owner")
"""Each may do what those before it may: label; look at progress and settle disputes; invite and revoke."""

INVITATION_SECONDS = 7 * 86_400.0
SESSION_SECONDS = 90 * 86_400.0
_LONGEST_NAME = 64


class Annotator(NamedTuple):
    """A person by name, and the role that says what they may do."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Say whether the person's role is this one or a higher.

        >>> Annotator("ada", "reviewer").may("annotator"), Annotator("ada", "reviewer").may("owner")
        (True, False)
        """
        return ROLES.index(self.role) >= ROLES.index(role)


class Entry(NamedTuple):
    """Somebody signed in: the secret is in their browser only."""

    secret: str
    annotator: Annotator


class Annotators:
    """The people of a run, as events beside it under `run` + "/annotators"; safe in threads and processes.

    A token of 256 random bits is given out once, as an invitation or as the secret of a browser; the store
    has its SHA-256, which cannot be turned back. An invitation is good once, within seven days.

    >>> annotators = Annotators(None, "reviews")
    >>> entry = annotators.enter(annotators.invite("ada", "owner"))
    >>> annotators.who(entry.secret)
    Annotator(name='ada', role='owner')
    """

    def __init__(
        self,
        store: str | Path | Store | None,
        run: str,
        *,
        clock: Callable[[], float] = time.time,
        token: Callable[[], str] = secrets.token_urlsafe,
    ) -> None:
        self._clock, self._token = clock, token
        self._journal = Journal(open_store(store), f"{run}/annotators", _Known())
        self.secret = self._journal.commit(self._opened)
        """What this run seals ids with, the same after every restart."""

    def _opened(self, known: _Known) -> tuple[str, list[News]]:
        secret = known.secret or self._token()
        return secret, [] if known.secret else [("opened", {"secret": secret})]

    def invite(self, name: str, role: Role = "annotator") -> str:
        """Give a token that lets `name` in once; for a name that is known, one more way in, in the new role.

        Raises ConfigurationError for a name or role that is not allowed.
        """
        if role not in ROLES:
            raise ConfigurationError(unknown("role", role, ROLES))
        token = self._token()
        given = {"name": _name(name), "role": role, "hash": _hash(token), "at": self._clock()}
        return self._journal.commit(lambda known: (token, [("invited", given)]))

    def enter(self, token: str) -> Entry | None:
        """Let in whoever has an invitation that was not used yet; None where there is none."""
        hashed, secret, now = _hash(token), self._token(), self._clock()

        def decide(known: _Known) -> tuple[Entry | None, list[News]]:
            name, at = known.invited.get(hashed, ("", now))
            if not name or now - at > INVITATION_SECONDS:
                return None, []
            told = {"name": name, "used": hashed, "hash": _hash(secret), "at": now}
            return Entry(secret, known.people[name]), [("entered", told)]

        return self._journal.commit(decide)

    def who(self, secret: str) -> Annotator | None:
        """Give the person of a browser's secret; None when it is unknown, too old or was revoked."""
        with self._journal.read() as known:
            name, at = known.entered.get(_hash(secret), ("", 0.0))
            return known.people.get(name) if self._clock() - at <= SESSION_SECONDS else None

    def leave(self, secret: str) -> None:
        """Sign one browser out."""
        told = {"hash": _hash(secret)}
        self._journal.commit(lambda known: (None, [("left", told)] if told["hash"] in known.entered else []))

    def revoke(self, name: str) -> None:
        """Shut a person out, and all their browsers and invitations; what they said stays.

        Raises ConfigurationError when nobody has the name.
        """

        def decide(known: _Known) -> tuple[None, list[News]]:
            if name not in known.people:
                raise ConfigurationError(unknown("annotator", name, known.people))
            return None, [("revoked", {"name": name})]

        self._journal.commit(decide)

    def everyone(self) -> tuple[Annotator, ...]:
        """Give all who are invited or in, by name."""
        with self._journal.read() as known:
            return tuple(known.people[name] for name in sorted(known.people))


class _Known:
    """What follows from the events: people by name; invitations and browsers by hash, with name and time."""

    def __init__(self) -> None:
        self.round = self.events = 0
        self.secret = ""
        self.people: dict[str, Annotator] = {}
        self.invited: dict[str, tuple[str, float]] = {}
        self.entered: dict[str, tuple[str, float]] = {}

    def apply(self, event: Event) -> None:
        told, self.events = event.payload, event.number + 1
        if event.kind == "opened":
            self.secret = told["secret"]
        elif event.kind == "invited":
            self.people[told["name"]] = Annotator(told["name"], told["role"])
            self.invited[told["hash"]] = (told["name"], told["at"])
        elif event.kind == "entered":
            self.invited.pop(told["used"], None)
            self.entered[told["hash"]] = (told["name"], told["at"])
        elif event.kind == "left":
            self.entered.pop(told["hash"], None)
        elif event.kind == "revoked":
            del self.people[told["name"]]
            self.invited, self.entered = (
                {hashed: one for hashed, one in kept.items() if one[0] != told["name"]}
                for kept in (self.invited, self.entered)
            )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _name(given: str) -> str:
    name = given.strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or "/" in name:
        raise ConfigurationError(
            f"annotator {given!r}; allowed: 1 to {_LONGEST_NAME} printable characters without a slash"
        )
    return name
