"""Names, invitations that are good once, sign-ins that outlive a restart, hashes in place of tokens."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from activeloop.errors import ConfigurationError
from activeloop.label import Annotators
from activeloop.label.annotators import INVITATION_SECONDS, SESSION_SECONDS
from activeloop.label.sealed import Seal, Sealed


def test_an_invitation_is_good_once(tmp_path: Path) -> None:
    annotators = Annotators(tmp_path / "run.db", "run")
    token = annotators.invite("ada")
    with ThreadPoolExecutor(8) as threads:
        entries = [one for one in threads.map(annotators.enter, [token] * 8) if one]
    assert len(entries) == 1
    assert annotators.enter("no token") is None
    again = Annotators(tmp_path / "run.db", "run")
    assert again.enter(token) is None
    assert again.who(entries[0].secret) == ("ada", "annotator")
    assert again.secret == annotators.secret


def test_the_store_has_no_token(tmp_path: Path) -> None:
    annotators = Annotators(tmp_path / "run.db", "run")
    token = annotators.invite("ada")
    entry = annotators.enter(token)
    assert entry is not None
    with sqlite3.connect(tmp_path / "run.db") as db:
        dump = "\n".join(db.iterdump())
    db.close()
    assert "ada" in dump
    assert token not in dump
    assert entry.secret not in dump


def test_what_is_old_lets_nobody_in() -> None:
    now = [0.0]
    annotators = Annotators(None, "run", clock=lambda: now[0])
    late, early = annotators.invite("ada"), annotators.invite("bob")
    entry = annotators.enter(early)
    assert entry is not None
    now[0] = INVITATION_SECONDS + 1
    assert annotators.enter(late) is None
    assert annotators.who(entry.secret) is not None
    now[0] = SESSION_SECONDS + 1
    assert annotators.who(entry.secret) is None


def test_another_process_invites_and_shuts_out(tmp_path: Path) -> None:
    now = [0.0]
    server = Annotators(tmp_path / "run.db", "run", clock=lambda: now[0])
    command = Annotators(tmp_path / "run.db", "run", clock=lambda: now[0])
    entry = server.enter(command.invite("ada"))
    assert entry is not None
    open_invitation = command.invite("ada", "owner")
    assert [one.role for one in server.everyone()] == ["owner"]
    command.revoke("ada")
    now[0] += 5.0
    assert server.who(entry.secret) is None
    assert server.enter(open_invitation) is None
    assert server.everyone() == ()


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\nb", "\x00", "\u202eada", "x" * 65])
def test_a_name_can_be_read(name: str) -> None:
    annotators = Annotators(None, "run")
    with pytest.raises(ConfigurationError, match="allowed: 1 to 64 printable"):
        annotators.invite(name)
    assert annotators.everyone() == ()
    with pytest.raises(ConfigurationError, match="did you mean 'owner'"):
        annotators.invite("ada", "owne")  # type: ignore[arg-type]


@pytest.mark.parametrize("item", [0, 10**15, "a", "ж" * 100, "\ud800", " spaced "])
def test_a_word_opens_for_its_person_only(item: int | str) -> None:
    seal, sealed = Seal("secret"), Sealed("audit.12", item)
    word = seal.closed("ada", sealed)
    assert seal.opened("ada", word) == sealed
    assert word == Seal("secret").closed("ada", sealed)
    assert seal.opened("bob", word) is None
    assert Seal("other").opened("ada", word) is None
    for at in range(0, len(word) - 1, 7):
        forged = word[:at] + ("A" if word[at] != "A" else "B") + word[at + 1 :]
        assert seal.opened("ada", forged) is None


def test_a_word_tells_no_stream_by_its_length() -> None:
    seal = Seal("secret")
    assert len({len(seal.closed("ada", Sealed(ask, 5))) for ask in ("0.0", "audit.0", "12.345")}) == 1
