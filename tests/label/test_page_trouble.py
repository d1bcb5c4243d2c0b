"""What goes wrong around the page costs no answer: a server that restarts, a network that is slow or dead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.label.conftest import Visit, running
from tests.patience import until

TEXTS = [f"review {at}" for at in range(30)]
REFUSED = "Failed to load resource"


def _expect(page: Any, selector: str) -> Any:
    from playwright.sync_api import expect

    return expect(page.locator(selector))


def _press(page: Any, key: str) -> int:
    before = str(page.locator("#item .text").text_content())
    page.keyboard.press(key)
    _expect(page, "#item").not_to_have_text(before)
    return int(before.split()[1])


@contextmanager
def _expected(complaints: list[str]) -> Iterator[None]:
    """Let the browser say that it cannot load something, as it does by itself, and nothing else."""
    yield
    assert all(REFUSED in one for one in complaints), complaints
    complaints.clear()


def test_no_key_press_is_lost_when_the_server_restarts(
    visit: Visit, complaints: list[str], tmp_path: Path
) -> None:
    store, pressed = tmp_path / "run.db", {}
    with running(TEXTS, store=store) as one:
        port = one.server.place.port
        page = visit(one)
        pressed[_press(page, "1")] = "good"
        _expect(page, "#status").to_have_class("saved")
        kept = [one.contexts.pop()]
    with _expected(complaints):
        pressed[_press(page, "2")] = "bad"
        pressed[_press(page, "1")] = "good"
        _expect(page, "#problem").to_contain_text("the server cannot be reached. 2 answers are kept")
        with running(TEXTS, store=store, port=port) as again:
            again.contexts.extend(kept)
            _expect(page, "#status").to_have_class("saved")
            _expect(page, "#problem").to_be_hidden()
            pressed[_press(page, "2")] = "bad"
            _expect(page, "#status").to_have_text("Saved: bad")
            said = again.people.annotations()
    assert {one.item: one.value for one in said} == pressed
    assert len({one.key for one in said}) == len(said) == 4


def test_unsaved_answers_outlive_a_reload(visit: Visit, complaints: list[str]) -> None:
    with _expected(complaints), running(TEXTS) as one:
        page = visit(one)
        page.route("**/api/answer", lambda route: route.abort())
        items = {_press(page, "1"), _press(page, "1")}
        _expect(page, "#problem").to_contain_text("2 answers are kept in this browser")
        page.reload()
        _expect(page, "#problem").to_contain_text("2 answers are kept in this browser")
        assert one.people.annotations() == ()
        page.unroute_all(behavior="wait")
        _expect(page, "#status").to_have_class("saved")
        _expect(page, "#problem").to_be_hidden()
        assert {said.item for said in one.people.annotations()} == items


def test_an_answer_whose_confirmation_is_lost_is_there_once(visit: Visit, complaints: list[str]) -> None:
    lost: list[tuple[int, bool]] = []

    def lose(route: Any) -> None:
        lost.append((route.fetch().status, page.locator("#problem").is_visible()))
        route.abort()

    with _expected(complaints), running(TEXTS) as one:
        page = visit(one)
        page.route("**/api/answer", lose, times=2)
        item = _press(page, "1")
        _expect(page, "#status").to_have_class("saved")
        assert lost == [(200, False), (200, True)], "the problem is shown from the first loss on"
        _expect(page, "#problem").to_be_hidden()
        assert [said.item for said in one.people.everything()] == [item]


def test_saved_is_said_only_when_it_is(visit: Visit) -> None:
    """While the server has not answered, the page does not say so."""
    with running(TEXTS) as one:
        page = visit(one)
        held: list[Any] = []
        page.route("**/api/answer", lambda route: route.continue_() if held else held.append(route))
        _press(page, "1")
        _press(page, "2")
        _expect(page, "#status").to_have_text("2 answers on their way")
        _expect(page, "#status").not_to_have_class("saved")
        held[0].continue_()
        _expect(page, "#status").to_have_class("saved")


def test_what_was_never_sent_is_taken_back_here(visit: Visit, complaints: list[str]) -> None:
    with _expected(complaints), running(TEXTS) as one:
        page = visit(one)
        page.route("**/api/answer", lambda route: route.abort())
        first = _press(page, "1")
        second = _press(page, "1")
        _expect(page, "#problem").to_contain_text("2 answers")
        page.keyboard.press("z")
        _expect(page, "#item").to_have_text(f"review {second}")
        page.unroute_all(behavior="wait")
        _expect(page, "#status").to_have_text("Saved: good")
        assert [said.item for said in one.people.everything()] == [first]


def test_what_may_be_saved_already_is_answered_anew(visit: Visit, complaints: list[str]) -> None:
    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    with _expected(complaints), running(TEXTS) as one:
        page = visit(one)
        page.route("**/api/answer", lose)
        item = _press(page, "1")
        _expect(page, "#problem").to_be_visible()
        page.keyboard.press("z")
        _expect(page, "#item").to_have_text(f"review {item}")
        _press(page, "2")
        page.unroute_all(behavior="wait")
        _expect(page, "#status").to_have_text("Saved: bad")
        assert [(said.item, said.value) for said in one.people.annotations()] == [(item, "bad")]


def test_an_answer_that_is_refused_stays_to_be_seen(visit: Visit, complaints: list[str]) -> None:
    with _expected(complaints), running(TEXTS) as one:
        page = visit(one)
        refusal = {"status": 422, "json": {"error": "label: 'good' is no class"}}
        page.route("**/api/answer", lambda route: route.fulfill(**refusal), times=1)
        _press(page, "1")
        _expect(page, "#problem").to_contain_text(
            "An answer was refused and not saved: label: 'good' is no class"
        )
        _press(page, "2")
        _expect(page, "#status").to_have_class("saved")
        _expect(page, "#problem").to_be_visible()
        page.get_by_role("button", name="Dismiss").click()
        _expect(page, "#problem").to_be_hidden()


def test_who_is_shut_out_is_told_and_keeps_what_was_not_saved(visit: Visit, complaints: list[str]) -> None:
    with _expected(complaints), running(TEXTS) as one:
        page = visit(one, "bob")
        one.caller("ada", "owner").post("/api/revoke", {"name": "bob"})
        page.keyboard.press("1")
        _expect(page, "#item").to_contain_text("You are not signed in.")
        _expect(page, "#item").to_contain_text("1 answers are kept")
        page.goto("about:blank")
        page.goto(one.server.invite("bob"))
        _expect(page, "#status").to_have_class("saved")
        assert [said.annotator for said in one.people.annotations()] == ["bob"]


def test_a_used_link_says_so(visit: Visit, complaints: list[str], browser: Any) -> None:
    with _expected(complaints), running(TEXTS) as one:
        link = one.server.invite("ada")
        pages = [browser.new_context().new_page() for _ in range(2)]
        try:
            for page in pages:
                page.goto(link)
            _expect(pages[0], "#item .text").to_be_visible()
            assert pages[0].url == f"{one.server.address}/"
            _expect(pages[1], "#item").to_contain_text("this link was used before")
        finally:
            for page in pages:
                page.context.close()


def test_new_items_come_by_themselves_while_and_after_the_model_trains(visit: Visit) -> None:
    from activeloop.label import Status
    from tests.label.conftest import asked

    now = [Status(training=True)]
    with running(TEXTS, first=1, status=lambda: now[0]) as one:
        page = visit(one)
        _expect(page, "#counts").to_contain_text("the model is training, you may go on")
        _press(page, "1")
        _expect(page, "#item").to_contain_text("The model is training.")
        asked(one.people, TEXTS, round=1)
        _expect(page, "#item .text").to_be_visible()


def test_leaving_gives_the_leases_back(visit: Visit) -> None:
    with running(TEXTS[:3]) as one:
        page = visit(one)
        until(
            lambda: page.evaluate(
                "() => performance.getEntriesByName(location.origin + '/api/next').length > 0"
            ),
        )
        assert one.people.counts().leased == 3
        page.goto("about:blank")
        until(lambda: one.people.counts().leased == 0)  # by themselves they end after 15 minutes
