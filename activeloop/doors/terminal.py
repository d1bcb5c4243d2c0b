"""The terminal as the door: one item, one key, saved before the next is shown."""

from __future__ import annotations

import getpass
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

from activeloop.doors.commands_by_key import Command, Pressed, pressed, typed
from activeloop.doors.item_screen import ItemScreen
from activeloop.doors.keyboard import Keyboard
from activeloop.doors.visible import visible
from activeloop.errors import AnswerError
from activeloop.people.annotation import Lease, Said
from activeloop.people.people import People
from activeloop.query import Answer, Outcome, Query


class Terminal:
    """An oracle that shows item after item in a terminal and takes a key for each.

    Called with a query, it opens the asks and asks this person until none is left or they quit; then it gives
    all answers so far. What was answered is on disk before the next item is shown: after Ctrl-C, a closed
    window or a crash the next call goes on with the item that was open. `label` does the same without a
    query, for a controller that opens asks meanwhile.

    people      who are asked; several terminals and pages may share them
    annotator   who sits here (the name of the account where none is given)
    guidelines  a text that is shown on demand
    item        gives the raw item of an id; until it is given, that of the query
    keyboard, screen, clock   standard input, standard output, seconds that only go forward

    Nothing that an item holds is obeyed by the terminal, and no line of an item looks like one of ours.

    >>> import io
    >>> from activeloop.query import Ask
    >>> query = Query(0, (Ask("0.0", "a", None, None),), "random", 0, ("good", "bad"), {"a": "a text"}.get)
    >>> people, screen = People(None, classes=("good", "bad")), io.StringIO()
    >>> door = Terminal(people, annotator="ada", keyboard=Keyboard(io.StringIO("2")), screen=screen)
    >>> door(query)[0].value
    'bad'
    >>> print(*screen.getvalue().splitlines()[1:3], sep=chr(10))
    ── 0 told by you, 1 to go ──
    │ a text
    """

    simulated = False

    def __init__(
        self,
        people: People,
        *,
        annotator: str = "",
        guidelines: str = "",
        item: Callable[[int | str], Any] | None = None,
        keyboard: Keyboard | None = None,
        screen: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.people, self.annotator = people, annotator or getpass.getuser()
        self._item, self._clock = item, clock
        self._keyboard = keyboard or Keyboard()
        self._screen = ItemScreen(screen or sys.stdout, people.classes, guidelines)

    def __call__(self, query: Query) -> list[Answer]:
        """Open the asks, let this person answer, and give all answers so far."""
        self.people(query)
        self._item = self._item or query.items
        self.label()
        return self.people(query)

    def answers(self, after: int = 0) -> tuple[list[Answer], int]:
        """Give what is new since `after`, of any round, and the number to give back next time."""
        return self.people.answers(after)

    def retire(self, query: Query) -> None:
        """Withdraw what is open."""
        self.people.retire(query)

    def close(self) -> None:
        """Nothing is held open here."""

    def label(self, more: Callable[[], bool] = lambda: False) -> bool:
        """Ask this person item after item; give False once they quit, True when nothing is left.

        `more` is called where there is nothing to ask about now: it may wait, and says whether to look again.
        """
        try:
            while True:
                leases = self.people.next(self.annotator)
                if leases:
                    self._one(leases[0])
                elif not more():
                    self._screen.say("Nothing is left to label now.")
                    return True
        except (_QuitError, EOFError, KeyboardInterrupt):
            told = self.people.counts(self.annotator).told
            self._screen.say(f"\n{told} answers of yours are saved; start again to go on.")
            return False

    # one item --------------------------------------------------------------------------------------------

    def _one(self, lease: Lease) -> None:
        """Show an item until it is answered; one whose answer is undone comes first."""
        shown = self._show(lease)
        while True:
            try:
                given = self._given()
                if given.command in _OUTCOMES:
                    self._tell(lease, shown, given)
                    return
                if given.command == "undo":
                    if self._undo():
                        self._screen.item(self._item_of(lease), "back to where you were")
                else:
                    self._aside(given.command, shown)
            except AnswerError as error:
                self._screen.say(visible(str(error), keep=""))
            except BaseException:
                self.people.release(self.annotator, [lease.token])
                raise

    def _undo(self) -> bool:
        undone = self.people.undo(self.annotator)
        if undone is None:
            self._screen.say("There is nothing to undo.")
            return False
        self._screen.say("Undone:")
        self._one(undone)
        return True

    def _show(self, lease: Lease) -> _Shown:
        counts = self.people.counts(self.annotator)
        self._screen.item(self._item_of(lease), f"{counts.told} told by you, {counts.waiting} to go")
        return _Shown(self._clock())

    def _item_of(self, lease: Lease) -> Any:
        return lease.item if self._item is None else self._item(lease.item)

    def _given(self) -> Pressed:
        """Give what the next key or line means."""
        classes, single = self.people.classes, self._keyboard.single
        if single and classes is not None:
            return pressed(self._keyboard.key(), classes, single=True)
        return pressed(self._line(">"), classes, single=False)

    def _line(self, prompt: str) -> str:
        self._screen.say(prompt, end=" ")
        return self._keyboard.line()

    def _aside(self, command: Command, shown: _Shown) -> None:
        """Do what is no answer."""
        if command == "quit":
            raise _QuitError
        if command == "note":
            shown.note = self._line("note:")
        elif command == "flag":
            shown.flagged = not shown.flagged
            self._screen.say("flagged" if shown.flagged else "not flagged")
        elif command == "more":
            self._screen.more()
        elif command == "guidelines":
            self._screen.guidelines()
        else:
            self._screen.help()

    def _tell(self, lease: Lease, shown: _Shown, given: Pressed) -> None:
        label, outcome = given.value, _OUTCOMES[given.command]
        if given.command == "type":
            label = typed(self._line("label:"), self.people.classes)
        said = Said(
            key=f"terminal-{secrets.token_hex(16)}",
            ask_id=lease.ask_id,
            value=label,
            outcome=outcome,
            seconds=max(self._clock() - shown.at, 0.0),
            note=shown.note,
            flagged=shown.flagged,
            lease=lease.token,
        )
        self.people.tell(self.annotator, said)
        self._screen.say(f"saved: {visible(str(label), keep='') if outcome == 'label' else outcome}")


class _QuitError(Exception):
    """The person wants to stop."""


@dataclass
class _Shown:
    """What a person has done so far with the item before them: since when, and what they added."""

    at: float
    note: str = ""
    flagged: bool = False


_OUTCOMES: dict[str, Outcome] = {
    "label": "label",
    "type": "label",
    "skip": "skip",
    "abstain": "abstain",
    "bad": "bad",
}
