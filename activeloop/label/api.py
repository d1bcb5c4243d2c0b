"""What the page asks of the server, and what it is told: one small function an address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from activeloop.errors import AnswerError, nearest
from activeloop.label.annotators import Annotator, Annotators, Role
from activeloop.label.bodies import Body, Given, Invited, Leases, Named, Nothing, Wanted
from activeloop.label.desk import Desk
from activeloop.label.handed import Handed
from activeloop.label.pictures import Encoded
from activeloop.label.recent import Recent
from activeloop.label.sealed import Seal, Sealed
from activeloop.label.showing import legible
from activeloop.people.annotation import Annotation, Said

Told: TypeAlias = dict[str, Any]


class Address(NamedTuple):
    """One address of the API: what it takes, who may call it, what it does."""

    path: str
    body: type[Body]
    role: Role
    does: Callable[[Annotator, Any], Told]


class Api:
    """The desk as the browser sees it; every function is for one person, and blocks until all is on disk."""

    def __init__(self, desk: Desk, annotators: Annotators, address: str, rooms: Iterable[str] = ()) -> None:
        self._rooms = [f"{one}/" for one in rooms]
        self._desk, self._people, self._annotators, self._address = desk, desk.people, annotators, address
        self._seal = Seal(annotators.secret)
        self._handed = Handed(desk, self._seal)
        self._names = {value: name for name, value in desk.labels.items()}
        self._state = Recent(lambda: (desk.standing(), desk.people.counts().told))

    @property
    def addresses(self) -> tuple[Address, ...]:
        """All addresses but those of pictures and of signing in."""
        return (
            Address("/api/setup", Nothing, "annotator", self.setup),
            Address("/api/next", Wanted, "annotator", self.next),
            Address("/api/answer", Given, "annotator", self.answer),
            Address("/api/undo", Nothing, "annotator", self.undo),
            Address("/api/renew", Leases, "annotator", self.renew),
            Address("/api/release", Leases, "annotator", self.release),
            Address("/api/state", Nothing, "annotator", self.state),
            Address("/api/disputes", Nothing, "reviewer", self.disputes),
            Address("/api/settle", Given, "reviewer", self.settle),
            Address("/api/annotators", Nothing, "owner", self.annotators),
            Address("/api/invite", Invited, "owner", self.invite),
            Address("/api/revoke", Named, "owner", self.revoke),
        )

    # a person labels -------------------------------------------------------------------------------------

    def setup(self, who: Annotator, body: Nothing) -> Told:
        """Say what does not change while the page is open."""
        rules = self._people.rules
        # What a browser keeps must not get from one run or person to another.
        scope = hashlib.sha256(f"{self._annotators.secret}/{who.name}".encode()).hexdigest()[:16]
        return {
            "title": legible(self._desk.title, 200),
            "annotator": who.name,
            "role": who.role,
            "scope": scope,
            "classes": list(self._desk.labels),
            "guidelines": legible(self._desk.guidelines),
            "reveal": rules.reveal,
            "several": rules.needed > 1 or bool(self._people.disputes()),
            "rooms": self._rooms if who.may("reviewer") else [],
            "lease_seconds": rules.lease_seconds,
        }

    def next(self, who: Annotator, body: Wanted) -> Told:
        """Give the items that are this person's now."""
        return {"items": [self._handed.lease(one) for one in self._people.next(who.name, body.n)]}

    def answer(self, who: Annotator, body: Given) -> Told:
        """Keep an answer; it is on disk when this returns."""
        sealed = self._opened(who, body)
        receipt = self._people.tell(who.name, self._said(who, body, sealed))
        told: Told = {"saved": True, "repeated": receipt.repeated, "late": receipt.annotation.late}
        if self._people.rules.reveal == "after":
            told["prediction"] = self._handed.prediction(sealed.item)
        return told

    def undo(self, who: Annotator, body: Nothing) -> Told:
        """Take back the person's newest answer, and give them the item again."""
        lease = self._people.undo(who.name)
        return {"item": None if lease is None else self._handed.lease(lease)}

    def renew(self, who: Annotator, body: Leases) -> Told:
        """Keep leases while the page is open."""
        return {"leases": [one.token for one in self._people.renew(who.name, body.leases)]}

    def release(self, who: Annotator, body: Leases) -> Told:
        """Give leases back when the page is left."""
        self._people.release(who.name, body.leases)
        return {}

    def state(self, who: Annotator, body: Nothing) -> Told:
        """Say how far the work is."""
        status, told = self._state.give()
        return status._asdict() | {"told": told, "finished": legible(status.finished, 500)}

    def media(self, who: Annotator, word: str) -> Encoded | None:
        """Give the picture or sound of an ask."""
        return self._handed.media(who.name, word)

    # a reviewer settles ----------------------------------------------------------------------------------

    def disputes(self, who: Annotator, body: Nothing) -> Told:
        """Give the asks on which people do not come to one answer, and what each said."""
        return {
            "disputes": [
                {
                    "ask": (word := self._seal.closed(who.name, Sealed(one.ask_id, one.item))),
                    "shown": self._handed.content(one.item, word),
                    "said": [self._opinion(each) for each in one.annotations],
                }
                for one in self._people.disputes()[:20]
            ]
        }

    def settle(self, who: Annotator, body: Given) -> Told:
        """Keep what is right of a disputed ask, whatever was said."""
        self._people.adjudicate(who.name, self._said(who, body, self._opened(who, body)))
        return {"saved": True}

    def _opinion(self, one: Annotation) -> Told:
        label = self._names.get(one.value) if one.outcome == "label" else None
        return {"annotator": one.annotator, "outcome": one.outcome, "label": label, "note": legible(one.note)}

    # an owner invites ------------------------------------------------------------------------------------

    def annotators(self, who: Annotator, body: Nothing) -> Told:
        """Give everyone who is invited."""
        return {"annotators": [one._asdict() for one in self._annotators.everyone()]}

    def invite(self, who: Annotator, body: Invited) -> Told:
        """Make a link that lets one person in, once."""
        return {"link": entrance(self._address, self._annotators.invite(body.name, body.role))}

    def revoke(self, who: Annotator, body: Named) -> Told:
        """Shut a person out."""
        if body.name == who.name:
            raise AnswerError("an owner cannot shut out themselves")
        self._annotators.revoke(body.name)
        return {}

    # what was meant --------------------------------------------------------------------------------------

    def _opened(self, who: Annotator, body: Given) -> Sealed:
        sealed = self._seal.opened(who.name, body.ask)
        if sealed is None:
            raise AnswerError("ask: nobody handed this item to you")
        return sealed

    def _said(self, who: Annotator, body: Given, sealed: Sealed) -> Said:
        return Said(
            key=f"{who.name}/{body.key}",  # no key of one person's stands for another's
            ask_id=sealed.ask_id,
            value=self._value(body.label) if body.outcome == "label" else None,
            outcome=body.outcome,
            seconds=body.seconds,
            note=body.note,
            flagged=body.flagged,
            lease=body.lease,
        )

    def _value(self, label: str | None) -> Any:
        if label is None or label not in self._desk.labels:
            close = nearest(str(label), list(self._desk.labels)[:1_000])
            hint = f"; did you mean {close!r}?" if close else ""
            raise AnswerError(f"label: {label!r} is no class{hint}")
        return self._desk.labels[label]


def entrance(address: str, token: str) -> str:
    """Give the link of an invitation.

    The token stands behind "#": browsers send that to no server, so it is in no log, and a program that looks
    at links before people do cannot use it up.
    """
    return f"{address}/#enter={token}"
