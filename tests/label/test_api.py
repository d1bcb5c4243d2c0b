"""What the server tells and takes: nothing of the model when blind, nothing twice, nothing of another's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from activeloop.errors import ConfigurationError
from activeloop.label import Desk, Prediction
from activeloop.people.people import People
from activeloop.people.rules import Rules
from tests.label.conftest import GOOD_BAD, Caller, running

TEXTS = [f"review {at}" for at in range(12)]


def _answer(item: Any, **more: Any) -> dict[str, Any]:
    return {"key": "k" + item["ask"][:20], "ask": item["ask"], "lease": item["lease"], "label": "good"} | more


def test_an_answer_is_kept_once_and_tells_only_that() -> None:
    with running(TEXTS) as one:
        ada = one.caller()
        (item,) = ada.next(1)
        first, again = (
            ada.post("/api/answer", _answer(item, seconds=1.5, note="so so")).json for _ in range(2)
        )
        assert first == {"saved": True, "repeated": False, "late": False}
        assert again == {"saved": True, "repeated": True, "late": False}
        (said,) = one.people.everything()
        assert (said.annotator, said.value, said.seconds, said.note) == ("ada", "good", 1.5, "so so")


def test_blind_is_blind() -> None:
    """The model is not asked, and neither the stream, the round, the item nor the strategy can be read."""

    def asked_all_the_same(item: Any) -> Prediction:
        raise AssertionError("the model was asked")

    with running(TEXTS, predict=asked_all_the_same, rules=Rules(audit_share=0.5)) as one:
        one.people.audit(range(6, 12))
        ada = one.caller()
        told = [ada.post(f"/api/{path}").content for path in ("setup", "state")]
        streams = set()
        for _ in range(12):
            answer = ada.post("/api/next", {"n": 1})
            (item,) = answer.json["items"]
            assert set(item) == {"ask", "lease", "shown"}
            told += [answer.content, ada.post("/api/answer", _answer(item)).content]
            streams.add((one.people.everything()[-1].stream, len(item["ask"])))
        assert {stream for stream, _ in streams} == {"active", "audit"}
        assert len({length for _, length in streams}) == 1
        for word in (b"margin", b"audit", b"active", b"predict", b"strategy", b"stream", b"utility"):
            assert not any(word in one for one in told), word


def test_an_item_of_another_person_cannot_be_answered() -> None:
    with running(TEXTS) as one:
        ada, bob = one.caller("ada"), one.caller("bob")
        (item,) = ada.next(1)
        for ask in (item["ask"], "0.0", "audit.0", "A" * 64, "é", "====", item["ask"][:-2] + "AA"):
            told = bob.post("/api/answer", _answer(item, ask=ask))
            assert (told.status, told.json["error"]) == (422, "ask: nobody handed this item to you")
        assert one.people.everything() == ()


def test_two_people_may_use_one_key() -> None:
    with running(TEXTS) as one:
        for name in ("ada", "bob"):
            caller = one.caller(name)
            (item,) = caller.next(1)
            assert caller.post("/api/answer", _answer(item, key="1")).json["repeated"] is False


@pytest.mark.parametrize(
    "given", [{"label": "goood"}, {"label": None}, {"outcome": "maybe"}, {"seconds": -1}, {"more": 1}]
)
def test_what_cannot_be_used_is_refused_with_its_name(given: dict[str, Any]) -> None:
    with running(TEXTS) as one:
        ada = one.caller()
        (item,) = ada.next(1)
        told = ada.post("/api/answer", _answer(item, **given))
        assert told.status == 422
        assert told.json["error"].startswith(next(iter(given)))
        assert one.people.everything() == ()
    if given.get("label"):
        assert "did you mean 'good'?" in told.json["error"]


def test_classes_come_back_as_what_they_are() -> None:
    classes = (1, 2.5, True, np.int64(7), "x")[1:]
    with running(TEXTS, classes=classes) as one:
        ada = one.caller()
        assert ada.post("/api/setup").json["classes"] == ["2.5", "True", "7", "x"]
        (item,) = ada.next(1)
        ada.post("/api/answer", _answer(item, label="True"))
        assert one.people.everything()[0].value is True


def test_the_desk_refuses_what_would_mislead() -> None:
    def made(**rules: Any) -> Desk:
        return Desk(People(None, **rules), TEXTS.__getitem__)

    with pytest.raises(ConfigurationError, match="two classes are both shown as '1'"):
        made(classes=("1", 1))
    with pytest.raises(ConfigurationError, match="needs classes"):
        made(classes=None)
    with pytest.raises(ConfigurationError, match="give predict="):
        made(classes=GOOD_BAD, rules=Rules(reveal="after"))


def test_who_may_do_what() -> None:
    with running(TEXTS) as one:
        people = {role: one.caller(role, role) for role in ("annotator", "reviewer", "owner")}
        people["nobody"] = Caller(one.server.address)
        people["forged"] = Caller(one.server.address, f"{one.server.place.cookie}=forged")
        seen = {
            path: [people[name].post(f"/api/{path}").status for name in people]
            for path in ("state", "disputes", "annotators")
        }
        assert seen == {
            "state": [200, 200, 200, 401, 401],
            "disputes": [403, 200, 200, 401, 401],
            "annotators": [403, 403, 200, 401, 401],
        }


def test_a_room_of_others_is_for_reviewers() -> None:
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def progress(request: Request) -> PlainTextResponse:
        return PlainTextResponse("curve")

    with running(TEXTS, rooms={"/progress": [Route("/", progress)]}) as one:
        seen = {
            role: one.caller(role, role).request("GET", "/progress/").status
            for role in ("annotator", "reviewer")
        }
        assert seen == {"annotator": 403, "reviewer": 200}
        assert Caller(one.server.address).request("GET", "/progress/").status == 401
        rooms = [one.caller("x", role).post("/api/setup").json["rooms"] for role in ("annotator", "owner")]
        assert rooms == [[], ["/progress/"]]


def test_an_owner_invites_and_shuts_out() -> None:
    with running(TEXTS) as one:
        owner = one.caller("zoe", "owner")
        link = owner.post("/api/invite", {"name": "bob", "role": "reviewer"}).json["link"]
        assert link.startswith(f"{one.server.address}/#enter=")
        token = {"token": link.partition("=")[2]}
        told = Caller(one.server.address).post("/api/enter", token)
        assert told.json == {"name": "bob", "role": "reviewer"}
        cookie = told.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        assert str(one.server.place.port) in cookie.partition("=")[0]
        bob = Caller(one.server.address, cookie.partition(";")[0])
        assert bob.post("/api/state").status == 200
        assert Caller(one.server.address).post("/api/enter", token).status == 403
        assert owner.post("/api/revoke", {"name": "bob"}).status == 200
        assert bob.post("/api/state").status == 401
        assert owner.post("/api/revoke", {"name": "zoe"}).status == 422
        assert owner.post("/api/revoke", {"name": "bo"}).status == 422


def test_whoever_leaves_is_out() -> None:
    with running(TEXTS) as one:
        ada = one.caller()
        assert ada.post("/api/leave").status == 200
        assert ada.post("/api/state").status == 401


def test_a_dispute_is_settled_by_a_reviewer() -> None:
    with running(TEXTS[:1], rules=Rules(needed=2)) as one:
        for name, label in (("ada", "good"), ("bob", "bad")):
            caller = one.caller(name)
            (item,) = caller.next(1)
            caller.post("/api/answer", _answer(item, label=label))
        rita = one.caller("rita", "reviewer")
        (dispute,) = rita.post("/api/disputes").json["disputes"]
        assert dispute["shown"]["text"] == TEXTS[0]
        assert [(said["annotator"], said["label"]) for said in dispute["said"]] == [
            ("ada", "good"),
            ("bob", "bad"),
        ]
        assert rita.post("/api/settle", {"key": "1", "ask": dispute["ask"], "label": "bad"}).status == 200
        assert rita.post("/api/disputes").json == {"disputes": []}
        assert [answer.value for answer in one.people.answers()[0]] == ["bad"]


def test_a_picture_is_given_to_whom_it_was_handed_also_after_a_restart(tmp_path: Path) -> None:
    pictures = [np.full((8, 8), 9.0)]
    with running(pictures, store=tmp_path / "run.db") as one:
        ada, bob = one.caller("ada"), one.caller("bob")
        (item,) = ada.next(1)
        assert {name: item["shown"][name] for name in ("kind", "width", "height")} == {
            "kind": "picture",
            "width": 8,
            "height": 8,
        }
        told = ada.request("GET", item["shown"]["address"])
        assert (told.status, told.headers["content-type"]) == (200, "image/png")
        assert bob.request("GET", item["shown"]["address"]).status == 404
        assert Caller(ada.address).request("GET", item["shown"]["address"]).status == 401
        port = one.server.place.port
    with running(pictures, store=tmp_path / "run.db", port=port):
        assert ada.request("GET", item["shown"]["address"]).content == told.content


def test_hostile_texts_come_as_json_can_carry_them() -> None:
    hostile = ["\x00\ud800\u202egnp.exe", "<script>alert(1)</script>", "x" * 300_000, {"\x00": "=1+1"}]
    with running(hostile, classes=("\u202eabc", "\x00", "<img src=x onerror=alert(1)>")) as one:
        told = one.caller().next(4)
        shown = {json.dumps(item["shown"], ensure_ascii=False) for item in told}
        assert all("\x00" not in text for text in shown)
        assert max(map(len, shown)) < 101_000
