"""People who label in Label Studio, as an oracle: asks go out as tasks, annotations come back as answers."""

from __future__ import annotations

import hashlib
import json
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from activeloop.errors import AnswerError, ConfigurationError, DataError, OracleError, unknown
from activeloop.label_studio.choices import KINDS, Choices, Kind
from activeloop.label_studio.client import Client
from activeloop.label_studio.content import UnshowableError, content
from activeloop.label_studio.hearing import Hearing
from activeloop.label_studio.mirror import Mirror, Task
from activeloop.label_studio.project import Project, check_version
from activeloop.label_studio.setting import Setting
from activeloop.label_studio.votes import Skips, Vote
from activeloop.query import Answer, Ask, Query


class LabelStudio:
    """An oracle whose people label in a Label Studio of your own (1.20 or later, Community is enough).

    url         where it is served, as http://127.0.0.1:8080
    token       of a user who may create projects: a personal access token, or a legacy token
    run         names the run: it has one project there, which is found again by this name
    kind        how items are shown: "text", "row" (a mapping or an array) or "image" (a path or an array)
    needed      how many people say of each ask; the majority counts, and a tie is a skip
    skips       what the button Skip means: "skip", the item is asked again later, or "abstain", it is not
    unsure, bad the words of the choices for "abstain" and "bad item"; "" takes a choice away
    guidelines  what people read before they begin; Label Studio takes HTML
    every       seconds for which what was read counts: the server is asked no more often
    report      is given what cannot be used, instead of it being raised
    project     the number of a project to use, instead of one that is found or made

    Called with a query it adds the asks that the project does not have yet, in their order, and gives every
    answer that there is by now. It waits for nobody, and nothing is lost or doubled when it is called again,
    also after a crash. No prediction goes to the server.

    Raises AnswerError, once, for an annotation that names no choice of the run: called again, the oracle
    leaves it out, and `refused` lists it. Raises ConfigurationError for what cannot be used, OracleError when
    Label Studio refuses something, and UnreachableError while it does not answer.
    """

    simulated = False

    def __init__(
        self,
        url: str,
        token: str,
        *,
        run: str,
        kind: Kind,
        needed: int = 1,
        skips: Skips = "skip",
        unsure: str = "cannot say",
        bad: str = "bad item",
        guidelines: str = "",
        every: float = 2.0,
        report: Callable[[AnswerError], None] | None = None,
        project: int | None = None,
        timeout: float = 30.0,
        transport: Any = None,
    ) -> None:
        for what, given, allowed in (("kind", kind, KINDS), ("skips", skips, ("skip", "abstain"))):
            if given not in allowed:
                raise ConfigurationError(unknown(what, given, allowed))
        if not run.strip() or not run.isprintable():
            raise ConfigurationError(f"run={run!r} names no run; give it a name")
        if needed < 1:
            raise ConfigurationError(f"needed={needed}; allowed: 1 or more people")
        self._run, self._kind, self._needed, self._skips = run, kind, needed, skips
        self._words, self._guidelines, self._number = (unsure, bad), guidelines, project
        self._client = Client(url, token, timeout=timeout, transport=transport)
        self._lock, self._every, self._report = threading.Lock(), every, report
        self._read_at, self._round = -math.inf, -1
        self._opened: tuple[Project, Mirror, Hearing] | None = None
        self._broken: dict[str, Answer] = {}

    def __call__(self, query: Query) -> list[Answer]:
        """Hand out what is new of a query, and give the answers to it that there are."""
        with self._lock:
            project, mirror, hearing = self._open(query)
            self._round = max(self._round, query.round)
            self._look(mirror)
            if query.round >= project.mark.closed and self._new(query, mirror):
                self._hand_out(query, project, mirror)
            self._one_task_each(project, mirror)
            told = hearing.answers(mirror.by_ask()) | self._broken
        return [told[ask.ask_id] for ask in query.asks if ask.ask_id in told]

    def answers(self, after: int = 0) -> tuple[list[Answer], int]:
        """Give the answers that came or changed after a number, of all rounds; and the last number.

        This is how late and corrected answers reach a loop: give the number back the next time.
        """
        with self._lock:
            if self._opened is None:
                return [], after
            _, mirror, hearing = self._opened
            self._look(mirror)
            asked = {ask: same for ask, same in mirror.by_ask().items() if same[0].round <= self._round}
            return hearing.news(asked, after)

    def votes(self, query: Query) -> tuple[Vote, ...]:
        """Give what each person last said of each ask of a query, to see how far they agree."""
        with self._lock:
            _, mirror, hearing = self._open(query)
            self._look(mirror)
            said = hearing.votes(mirror.by_ask())
        return tuple(one for ask in query.asks for one in said.get(ask.ask_id, ()))

    def retire(self, query: Query) -> None:
        """Withdraw the asks of a round on which nobody worked; what was submitted or begun stays."""
        with self._lock:
            project, mirror, _ = self._open(query)
            self._look(mirror, again=True)
            project.close_rounds(query.round + 1)
            tasks = mirror.by_ask()
            project.delete_untouched([one.number for ask in query.asks for one in tasks.get(ask.ask_id, ())])
            self._look(mirror, again=True)

    @property
    def refused(self) -> tuple[str, ...]:
        """What was submitted and cannot be used, each with what to do."""
        return self._opened[2].refused if self._opened else ()

    @property
    def address(self) -> str | None:
        """Where people open the project; None before the first query."""
        return self._opened[0].url if self._opened else None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _open(self, query: Query) -> tuple[Project, Mirror, Hearing]:
        if self._opened is None:
            choices = Choices.of(query.classes, *self._words)
            check_version(self._client)
            setting = Setting(self._run, self._kind, choices, self._needed, self._guidelines)
            project = (
                Project.of(self._client, setting)
                if self._number is None
                else Project.at(self._client, self._number, setting)
            )
            hearing = Hearing(project, choices, self._skips, self._needed, self._report)
            self._opened = project, Mirror(project), hearing
        return self._opened

    def _look(self, mirror: Mirror, *, again: bool = False) -> None:
        """Read what changed, unless that was done a moment ago."""
        if again or time.monotonic() - self._read_at >= self._every:
            mirror.refresh()
            self._read_at = time.monotonic()

    def _new(self, query: Query, mirror: Mirror) -> list[Ask]:
        there = mirror.by_ask()
        for ask in query.asks:
            _same_item(ask, there.get(ask.ask_id, ()))
        return [ask for ask in query.asks if ask.ask_id not in there and ask.ask_id not in self._broken]

    def _hand_out(self, query: Query, project: Project, mirror: Mirror) -> None:
        """Add the tasks that are missing, once it was looked what is there by now."""
        self._look(mirror, again=True)
        tasks = [one for one in (self._task(query, ask) for ask in self._new(query, mirror)) if one]
        if tasks:
            project.add(tasks)
            self._look(mirror, again=True)

    def _one_task_each(self, project: Project, mirror: Mirror) -> None:
        """Take away what a broken import left twice."""
        twice = [one.number for same in mirror.by_ask().values() for one in same[1:] if not one.annotations]
        if twice:
            project.delete_untouched(twice)
            self._look(mirror, again=True)

    def _task(self, query: Query, ask: Ask) -> Mapping[str, Any] | None:
        """Give the data of a task; None for an item that is broken, which answers for itself."""
        try:
            shown = content(self._kind, query.item(ask))
        except UnshowableError as error:
            self._broken[ask.ask_id] = Answer(ask.ask_id, outcome="bad", cost=0.0, note=str(error))
            return None
        except DataError as error:
            raise DataError(f"item {ask.id!r} cannot be shown: {error}") from error
        return {
            self._kind: shown,
            "al_ask": ask.ask_id,
            "al_round": query.round,
            "al_item": _fingerprint(ask),
        }


def _same_item(ask: Ask, tasks: Sequence[Task]) -> None:
    for one in tasks:
        if one.item != _fingerprint(ask):
            raise OracleError(
                f"the project has ask {ask.ask_id} for another item than {ask.id!r}: it belongs "
                "to an earlier run of this name; give the run another name, or delete the project"
            )


def _fingerprint(ask: Ask) -> str:
    """Give what tells items apart and says nothing of them: an id may be a path, with the class in it."""
    return hashlib.blake2b(json.dumps(ask.id).encode(), digest_size=8).hexdigest()
