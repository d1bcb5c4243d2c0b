"""Simulated oracles: who answers in an experiment, and how well, at what cost, how soon."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from activeloop.arrays import Array, FloatArray
from activeloop.errors import ConfigurationError
from activeloop.noise import Asked as Asked
from activeloop.noise import Noise, amount, share, told, whole
from activeloop.noise import confusion as confusion
from activeloop.noise import item_noise as item_noise
from activeloop.noise import uniform_noise as uniform_noise
from activeloop.pool import Pool
from activeloop.query import Answer, Query
from activeloop.seeds import Component, id_keys, uniforms

PerItem: TypeAlias = float | Callable[[Asked], float]

_CHECKS = {"abstain": share, "cost": amount, "seconds": amount}


@dataclass(frozen=True)
class Annotator:
    """One simulated person: a name, and how they err, abstain, cost and take time.

    Raises ConfigurationError for a chance outside [0, 1] and for a cost or time that is no number from 0.
    """

    name: str = ""
    noise: Noise | None = None
    abstain: PerItem = 0.0
    cost: PerItem = 1.0
    seconds: PerItem = 0.0

    def __post_init__(self) -> None:
        if self.noise is not None and not callable(self.noise):
            raise ConfigurationError(
                f"noise is {self.noise!r}; allowed: a function such as oracles.uniform_noise(0.1)"
            )
        for what, check in _CHECKS.items():
            given = getattr(self, what)
            if not callable(given):
                check(what, given)

    @property
    def exact(self) -> bool:
        """Whether they always tell the truth, at one price and in one time."""
        return (
            self.noise is None and self.abstain == 0.0 and not (callable(self.cost) or callable(self.seconds))
        )

    def answers(self, query: Query, truths: Sequence[Any], draws: Array, silent: Array) -> list[Answer]:
        """Answer every ask; `draws` and `silent` are one uniform number each per ask."""
        classes = query.classes or ()
        looks = any(map(callable, (self.noise, self.abstain, self.cost, self.seconds)))
        pairs = zip(query.asks, truths, strict=True) if looks else ()
        asked = [Asked(ask.id, label, classes, query.items) for ask, label in pairs]
        shares, costs, times = (self._each(what, asked, len(query)) for what in _CHECKS)
        mute = (silent < shares).tolist()
        values = truths
        if self.noise is not None:
            values = [told(self.noise, one, draw) for one, draw in zip(asked, draws.tolist(), strict=True)]
        return [
            Answer(ask.ask_id, None, "abstain", self.name, cost, time)
            if quiet
            else Answer(ask.ask_id, value, "label", self.name, cost, time)
            for ask, value, quiet, cost, time in zip(
                query.asks, values, mute, costs.tolist(), times.tolist(), strict=True
            )
        ]

    def _each(self, what: str, asked: Sequence[Asked], n: int) -> FloatArray:
        given, check = getattr(self, what), _CHECKS[what]
        if not callable(given):
            return np.full(n, float(given))
        return np.array([check(f"{what} of item {one.id!r}", given(one)) for one in asked], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Simulated:
    """An oracle that knows the truth; what it answers for an item hangs on the item's id and the seed alone.

    Each item goes to one annotator, drawn by its id; with `votes` > 1 to so many, whose majority is the
    answer, whose costs add up, and who work side by side: the slowest takes the time. Of classes with equally
    many votes the one that was named first is taken; who abstains has no vote.
    """

    pool: Pool
    annotators: tuple[Annotator, ...]
    seed: int = 0
    votes: int = 1

    simulated = True

    def __call__(self, query: Query) -> tuple[Answer, ...]:
        """Answer every ask of the query."""
        truths = self.pool.truth(query.ids).tolist()
        keys = id_keys(np.asarray(query.ids))
        if len(self.annotators) == 1:
            return tuple(self._given(query, truths, keys, 0))
        lots = np.stack([self._draws(keys, who, 0) for who in range(len(self.annotators))], axis=1)
        chosen = np.argsort(lots, axis=1, kind="stable")[:, : self.votes]
        said = dict(self._said(query, truths, keys, chosen))
        votes = [[said[at, who] for who in people] for at, people in enumerate(chosen.tolist())]
        return tuple(one[0] if len(one) == 1 else _majority(one) for one in votes)

    def _said(
        self, query: Query, truths: list[Any], keys: Array, chosen: Array
    ) -> Iterator[tuple[tuple[int, int], Answer]]:
        for who in range(len(self.annotators)):
            rows = np.flatnonzero((chosen == who).any(axis=1))
            mine = rows.tolist()
            part = replace(query, asks=tuple(query.asks[at] for at in mine))
            given = self._given(part, [truths[at] for at in mine], keys[rows], who)
            yield from zip(((at, who) for at in mine), given, strict=True)

    def _given(self, query: Query, truths: list[Any], keys: Array, who: int) -> list[Answer]:
        one = self.annotators[who]
        if one.exact:
            cost, seconds = float(one.cost), float(one.seconds)  # type: ignore[arg-type]
            return [
                Answer(ask.ask_id, value, "label", one.name, cost, seconds)
                for ask, value in zip(query.asks, truths, strict=True)
            ]
        draws, silent = (self._draws(keys, who, what) for what in (1, 2))
        return one.answers(query, truths, draws, silent)

    def _draws(self, keys: Array, annotator: int, what: int) -> FloatArray:
        return uniforms(keys, self.seed, Component.ORACLE, 3 * annotator + what)


def simulated(
    pool: Pool,
    *,
    seed: int = 0,
    noise: Noise | None = None,
    abstain: PerItem = 0.0,
    cost: PerItem = 1.0,
    seconds: PerItem = 0.0,
    annotators: Sequence[Annotator] = (),
    votes: int = 1,
) -> Simulated:
    """Make an oracle that tells the pool's true labels, exactly or with noise, cost, latency and abstention.

    `seconds` is only recorded, never waited. Several `annotators` take the place of the single one that the
    other options describe. Raises DataError when the pool's labels are not known, ConfigurationError when an
    option does not fit.

    >>> import activeloop
    >>> pool, _ = activeloop.load("iris").split(0.3, seed=0)
    >>> oracle = simulated(pool, noise=uniform_noise(0.1), cost=2.5)
    """
    alone = Annotator(noise=noise, abstain=abstain, cost=cost, seconds=seconds)
    if annotators and alone != Annotator():
        raise ConfigurationError("give either annotators, or noise, abstain, cost and seconds of one")
    people = _named(annotators) if annotators else (alone,)
    whole("votes", votes, 1, most=len(people))
    whole("seed", seed, 0)
    pool.truth(pool.ids[:1])
    noisy = [one.noise for one in people if one.noise is not None]
    if pool.classes is None and (noisy or votes > 1):
        raise ConfigurationError("label noise and votes need classes; this data set is a regression")
    for one in noisy:
        if isinstance(one, confusion):
            one.check(pool.classes or ())
    return Simulated(pool, people, seed, votes)


def simulation(oracle: Callable[[Query], Any]) -> Callable[[Query], Any]:
    """Mark an oracle of one's own as simulated, so that stopping rules may look at scores."""

    @functools.wraps(oracle)
    def marked(query: Query) -> Any:
        return oracle(query)

    marked.simulated = True  # type: ignore[attr-defined]
    return marked


def _named(annotators: Sequence[Annotator]) -> tuple[Annotator, ...]:
    """Give each annotator a name, so that an answer says whose it is."""
    people = tuple(
        one if one.name else replace(one, name=f"annotator {at}")
        for at, one in enumerate(annotators, start=1)
    )
    names = [one.name for one in people]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigurationError(f"two annotators have the name {twice!r}; allowed: a name of their own each")
    return people


def _majority(said: Sequence[Answer]) -> Answer:
    given = [one.value for one in said if one.outcome == "label"]
    together = said[0]._replace(
        annotator="+".join(one.annotator for one in said),
        cost=sum(one.cost for one in said),
        seconds=max(one.seconds for one in said),
    )
    if not given:
        return together._replace(value=None, outcome="abstain")
    return together._replace(value=max(given, key=given.count), outcome="label")
