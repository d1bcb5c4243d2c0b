"""Ask, be told, learn, score, go round again. Read this first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from activeloop import models, settings
from activeloop.acquired import Acquired
from activeloop.answering import answers_of, by_id
from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.candidates import Candidates, Labeled
from activeloop.cases import Predicted, TestCase
from activeloop.clock import Clock
from activeloop.errors import DataError, NotTrainableError, StoreError
from activeloop.events import AsDurable, Event, Store
from activeloop.history import History, Round
from activeloop.learner import Examiner, Learner
from activeloop.ledger import Ledger
from activeloop.pool import Holdout, Pool
from activeloop.query import Answer, Query, written
from activeloop.signals import StopSet, Watched
from activeloop.stopping import Rule, allowed_for_people, as_rule
from activeloop.store import open_store


class Loop:
    """An active-learning run: `ask` and `tell` are its two verbs, and `run` is a few lines over them.

    model       any scikit-learn estimator, or what behaves as one; a fresh clone is fitted every round
    pool        who may be asked; it is not changed, so loops that are compared may share it
    strategy    a name, a metric, an acquisition function or a Strategy
    holdout     labeled items, with slices, on which every score is measured each round
    guide       labeled items whose scores the strategy may know, on slices of their own or else the holdout's
    scoring     scikit-learn's `scoring=` names, or functions of `Predictions`
    batch_size  items asked per round; `start_size` of them (as batch_size when None) at the start
    start       the strategy that asks until the model can be trained
    initial     ids whose labels are known from the beginning, besides those of the pool
    seed        of every random choice: the same seed gives the same run
    store       a path, a store, or None for memory; a run that is there already goes on where it was
    name        of the run, within its store
    watch       log what stopping rules want to know of the pool (`run` sees to it by itself)
    cases       test-cases, judged on the holdout each round (see `activeloop.cases.TestCase`)
    baseline    predictions of the holdout by another model, for cases with `max_drop`

    Raises an InputError, StrategyError or StoreError when these do not fit, before anything is asked.
    """

    def __init__(
        self,
        model: Any,
        pool: Pool,
        *,
        strategy: Any,
        holdout: Holdout | None = None,
        guide: Holdout | None = None,
        scoring: Sequence[Any] | None = None,
        batch_size: int = 1,
        start: Any = "random",
        start_size: int | None = None,
        initial: Iterable[Any] = (),
        seed: int = 0,
        store: str | Path | Store | None = None,
        name: str = "run",
        watch: bool = False,
        cases: Sequence[TestCase] = (),
        baseline: Predicted | None = None,
    ) -> None:
        self._seen, self._guide = settings.guided(pool, holdout, guide, scoring)
        self.model, self.pool, self.holdout, self.name = model, pool, holdout, name
        self.settings = settings.checked(
            pool,
            model,
            strategy=strategy,
            start=start,
            batch_size=batch_size,
            start_size=start_size,
            seed=seed,
            initial=initial,
            guide=self._guide,
        )
        board, judge = settings.board(holdout, scoring), settings.judge(holdout, cases, baseline)
        self._ledger, self._acquired, self._clock = Ledger(pool), Acquired(self._seen, holdout), Clock()
        self._stop_set, self._watch = StopSet(pool, self.settings.seed), watch
        self._rounds: list[Round] = []
        self._query: Query | None = None
        self._stopped: str | None = None
        self._learner = Learner(model, pool, Examiner(holdout, board, judge), self.settings.seed, self._clock)
        self._events = 0
        scores = [one.name for one in board.scores] if board else []
        described = settings.describe(self._seen, holdout, model, self.settings, scores, judge, self._guide)
        self._open(store, described)

    def _open(self, store: str | Path | Store | None, described: str) -> None:
        """Go on where the stored run is, or start it."""
        given = self.settings
        labels = self.pool.truth(given.initial).tolist() if given.initial else []
        self._store = open_store(store)
        for event in self._store.open(self.name, described):
            self._apply(event)
        if self._events == 0:
            self._write("started", {"ids": list(given.initial), "labels": labels})

    @property
    def history(self) -> History:
        """All closed rounds."""
        return History(tuple(self._rounds))

    @property
    def stopped(self) -> str | None:
        """Why the run has stopped, or None."""
        return self._stopped

    @property
    def labeled(self) -> Labeled:
        """What has been labeled so far."""
        rows = self._ledger.labeled()
        return Labeled(
            self.pool.ids[rows],
            self._ledger.labels(rows),
            rows=lambda: self.pool.rows(rows),
            columns=lambda name: self._seen.blind(name, rows),
        )

    @property
    def fitted(self) -> Any:
        """The model fitted on all that is labeled, or None while it cannot be trained."""
        try:
            return self._learner.fit(max(len(self._rounds) - 1, 0), self._ledger)
        except NotTrainableError:
            return None

    # ask -------------------------------------------------------------------------------------------------

    def ask(self, n: int | None = None) -> Query:
        """Give `n` items to label next (batch_size when None), most wanted first.

        The query is stored before anyone sees it; an open query is given again until its round is closed.
        Raises DataError when no item is left to ask about.
        """
        self._catch_up()
        if self._query is not None:
            return self._query
        rows = self._ledger.candidates()
        if len(rows) == 0:
            raise DataError(f"no item is left to ask about: all {len(self.pool)} are labeled or set aside")
        fitted = self.fitted
        strategy = self.settings.start if fitted is None else self.settings.strategy
        wanted = self._usual() if n is None else settings.whole("n", n, 1)
        candidates = self._candidates(rows, min(wanted, len(rows)), fitted)
        with self._clock.phase("rank"):
            picked = strategy.pick(candidates)
        shrunk = [f"asked {len(rows)} instead of {wanted}: no more were left"] if len(rows) < wanted else []
        ids = candidates.ids[picked.positions]
        asks = written(candidates.round, ids, picked.utilities, picked.probabilities)
        trained = 0 if fitted is None else len(candidates.labeled)
        asked = {"asks": asks, "strategy": strategy.name, "n_trained": trained, "notes": shrunk}
        self._write("asked", asked)
        assert self._query is not None
        return self._query

    def _usual(self) -> int:
        return self.settings.start_size if self.fitted is None else self.settings.batch_size

    def _candidates(self, rows: IntArray, n: int, fitted: Any) -> Candidates:
        pool, guide = self._seen, self._guide

        def predict_proba(features: Any, ids: Array) -> Array:
            with self._clock.phase("predict"):
                return models.class_probabilities(fitted, features, pool.classes or (), ids)

        def decide(features: Any, ids: Array) -> FloatArray:
            with self._clock.phase("predict"):
                return models.decision_values(fitted, features, pool.classes or (), ids)

        return Candidates(
            ids=pool.ids[rows],
            keys=pool.keys[rows],
            n=n,
            round=len(self._rounds),
            seed=self.settings.seed,
            classes=pool.classes,
            model=fitted,
            labeled=self.labeled,
            rows=lambda at: pool.rows(rows[at]),
            columns=lambda name, at: pool.blind(name, rows[at]),
            predict_proba=predict_proba if models.has_probabilities(fitted) else None,
            score_guide=(lambda: guide.scores(fitted)) if guide and fitted is not None else None,
            decide=decide if models.has_decisions(fitted) else None,
        )

    # be told ---------------------------------------------------------------------------------------------

    def tell(self, answers: Iterable[Answer] | Mapping[Any, Any]) -> Round | None:
        """Store answers durably; give the closed round once every ask of the query is answered, else None.

        `answers` are Answers, or a mapping from item id to label (None = abstain) for the newest ask of each.
        They may be partial, late, repeated (harmless) or corrected: the model is then fitted again before it
        ranks. Raises AnswerError, with nothing stored, when one of them cannot be used.
        """
        waiting = self._catch_up()
        if isinstance(answers, Mapping):
            answers = by_id(self._ledger.newest, answers)
        news = self._ledger.checked(answers)
        if news:
            touched = self._ledger.touched(news, len(self._rounds))
            told = {"answers": [list(one) for one in news]}
            self._write("answered", told | ({"rounds_touched": touched} if touched else {}))
        return self._catch_up() or waiting

    def close(self) -> Round:
        """Close the round with what has been answered; asks left open go back to the pool.

        Fits the model, measures every score on every slice and stores all. Raises StoreError without a round.
        """
        if self._query is None:
            raise StoreError("no round is open: ask first")
        return self._close(self._query)

    def _close(self, query: Query | None) -> Round:
        ledger, before = self._ledger, self._rounds[-1].bought_total if self._rounds else 0
        notes = list(query.notes) if query else []
        corrected = ledger.corrected_from is not None
        if corrected:
            notes.append(f"labels were corrected that models had learned since round {ledger.corrected_from}")
        watched: Watched | None = None
        try:
            fitted = self._learner.fit(len(self._rounds), ledger)
            found = self._learner.examine(fitted)
            watched = self._stop_set.watch(fitted) if self._watch else None
        except NotTrainableError as error:
            notes.append(f"the model is not trained: {error}")
            found = self._learner.unexamined(error)
        rows = ledger.labeled()
        closed = Round(
            number=len(self._rounds),
            strategy=query.strategy if query else "initial",
            n_labeled=len(rows),
            asked=len(query) if query else 0,
            bought=ledger.bought - before,
            bought_total=ledger.bought,
            cost_total=ledger.cost,
            seconds_total=ledger.seconds,
            scores=found.scores,
            slices=self._acquired.count(rows, ledger.labels(rows), corrected=corrected),
            means=self._acquired.means(rows),
            signals=watched.signals if watched else None,
            notes=tuple(notes),
            verdicts=found.verdicts,
        )
        self._write("closed", closed.to_payload() | {"watched": watched.codes if watched else ""}, closed)
        return self._rounds[-1]

    # go round again --------------------------------------------------------------------------------------

    def run(self, oracle: Any, stop: Any = None) -> Iterator[Round]:
        """Ask the oracle until a stopping rule gives a reason or no item is left; yield every closed round.

        A run that was broken off goes on where it was. Where answers are missing (people take their time) the
        generator ends with the query open. Raises PeekingError when a rule looks at scores and people label.
        """
        rule = as_rule(stop) if stop is not None else Rule(lambda history: None, "none")
        simulated = bool(getattr(oracle, "simulated", False))
        if not simulated:
            allowed_for_people(rule)
        self._watch = self._watch or rule.watches
        while True:
            with AsDurable(self._store, not simulated):
                closed = self._next(oracle, rule)
            if closed is None:
                return
            yield closed

    def _next(self, oracle: Any, rule: Rule) -> Round | None:
        """Give the next closed round; None when there is a reason to stop, or answers are missing."""
        waiting = self._catch_up()
        if waiting is not None:
            return waiting
        reason = self._reason(rule)
        if reason is not None:
            if self._stopped != reason:
                self._write("stopped", {"reason": reason})
            return None
        query = self.ask(self._affordable(rule))
        with self._clock.phase("answer"):
            answers = answers_of(oracle, query, self._ledger.open)
        return self.tell(answers)

    def _catch_up(self) -> Round | None:
        """Close what only waits to be closed: initial labels, or a round whose answers are all in."""
        if self._query is not None:
            return self.close() if not self._ledger.open else None
        return self._close(None) if not self._rounds and len(self._ledger.labeled()) else None

    def _reason(self, rule: Rule) -> str | None:
        if self._query is not None:
            return None
        nothing_left = len(self._ledger.candidates()) == 0
        return rule(self.history) or ("no item is left to ask about" if nothing_left else None)

    def _affordable(self, rule: Rule) -> int | None:
        if self._query is not None:
            return None
        left = rule.remaining(self.history)
        return left if left is not None and 0 < left < self._usual() else None

    # what has happened -----------------------------------------------------------------------------------

    def _write(self, kind: str, payload: Mapping[str, Any], told: Round | None = None) -> None:
        """Make an event durable, then let it take effect: what is not on disk has not happened."""
        event = Event(self._events, len(self._rounds), kind, dict(payload))
        times = self._clock.take(event.round) if kind in ("closed", "stopped") else ()
        with self._clock.phase("store"):
            self._store.append(self.name, [event], times)
        self._apply(event, told)

    def _apply(self, event: Event, told: Round | None = None) -> None:
        self._events = event.number + 1
        self._stopped = str(event.payload["reason"]) if event.kind == "stopped" else None
        self._ledger.apply(event)
        if event.kind == "asked":
            self._query = Query.from_payload(
                event.round,
                event.payload,
                classes=self.pool.classes,
                items=lambda one: self.pool.item(int(self.pool.find([one])[0])),
            )
        elif event.kind == "closed":
            closed = told or Round.from_payload(event.payload)
            self._stop_set.apply(event.payload)
            self._acquired.keep(self._ledger.labeled(), closed.slices)
            self._rounds.append(closed)
            self._query = None
