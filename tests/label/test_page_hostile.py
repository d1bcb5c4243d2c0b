"""Hostile items do nothing in a real browser: they are seen as what they are, or not at all."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from tests.label.conftest import Visit, running
from tests.patience import until

PAYLOADS = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<svg onload='window.hit = 1'><animate onbegin='window.hit = 1' attributeName=x>",
    "</p></section><iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
    "javascript:window.hit = 1",
    "{{constructor.constructor('window.hit = 1')()}}",
    "\u202e\u2066gnp.exe\u2069\u202c right to left",
    "NUL \x00 and bell \x07 and half a pair \ud800",
    "&lt;b&gt; &#0; &nbsp;",
]


def _untouched(page: Any) -> bool:
    return bool(
        page.evaluate(
            "() => window.hit === undefined && document.scripts.length === 1 && frames.length === 0"
        )
    )


@pytest.mark.parametrize("kind", ["text", "row", "class", "guidelines"])
def test_no_payload_runs(visit: Visit, kind: str) -> None:
    every = " ".join(PAYLOADS)
    items: list[Any] = ["harmless"]
    if kind in ("text", "row"):
        items = [every] if kind == "text" else [{one: one for one in PAYLOADS}]
    classes = PAYLOADS if kind == "class" else ("good", "bad")
    with running(items, classes=classes, title=every[:100], guidelines=every) as one:
        page = visit(one)
        page.keyboard.press("g")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        page.keyboard.press("Escape")
        assert "<script>window.hit = 1</script>" in page.locator("body").inner_text()
        assert page.locator("#item b, #item img, #item svg, #item iframe, #classes img").count() == 0
        page.keyboard.press("1")
        until(lambda: page.evaluate("() => document.querySelector('#status').className === 'saved'"))
        assert _untouched(page)
    assert one.people.everything()[0].value == classes[0]


ATTACKS = """() => {
  const attempt = (act) => { try { act(); } catch { return; } };
  const made = document.createElement("b");
  attempt(() => { document.body.innerHTML = "<b>"; });
  const script = document.createElement("script");
  attempt(() => document.body.append(Object.assign(script, { text: "window.hit = 1" })));
  attempt(() => made.setAttribute("onclick", "window.hit = 1"));
  document.body.append(made);
  made.click();
  made.remove();
}"""


def test_a_fault_of_ours_would_be_no_hole(visit: Visit, complaints: list[str]) -> None:
    """The policy stops text that becomes markup, inline scripts and handlers."""
    with running(["harmless"]) as one:
        page = visit(one)
        page.evaluate(ATTACKS)
        assert page.evaluate("() => window.hit") is None
        assert page.locator("main").count() == 1
        assert len(complaints) >= 2
        complaints.clear()


FROM_ELSEWHERE = """async (target) => {
  const json = { "Content-Type": "application/json" };
  const write = { method: "POST", credentials: "include", body: '{"n": 1}' };
  const tries = [
    fetch(`${target}/api/next`, { ...write, headers: json }),
    fetch(`${target}/api/next`, { ...write, mode: "no-cors" }),
    fetch(`${target}/api/setup`, { ...write, headers: json, body: "{}" }),
  ];
  const done = await Promise.allSettled(tries);
  return done.map((one) => one.status === "fulfilled" && one.value.ok);
}"""


def test_a_page_of_another_port_gets_nothing(browser: Any) -> None:
    """It is the same site, so the browser sends the cookie with it; yet nothing is read or written."""
    with running(["a", "b"]) as one, ThreadingHTTPServer(("127.0.0.1", 0), _Evil) as evil:
        threading.Thread(target=evil.serve_forever).start()
        try:
            page = browser.new_context().new_page()
            page.goto(one.server.invite("ada"))
            page.locator("#item .text").wait_for()
            page.goto(f"http://127.0.0.1:{evil.server_port}/")  # which gives the leases back, in its time
            until(lambda: one.people.counts().leased == 0)
            assert page.evaluate(FROM_ELSEWHERE, one.server.address) == [False, False, False]
            assert one.people.counts().leased == 0
        finally:
            page.context.close()
            evil.shutdown()


class _Evil(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_huge_text_and_a_large_picture_leave_the_page_quick(visit: Visit) -> None:
    with running(["a word", "word " * 200_000, np.zeros((3000, 4000, 3), np.uint8)]) as one:
        page = visit(one)
        page.set_default_timeout(10_000)
        for _ in range(3):
            page.get_by_role("button", name="good").click()
            until(
                lambda: page.evaluate("() => document.querySelector('#status').className === 'saved'"),
                seconds=10,
            )
        assert len(one.people.everything()) == 3
