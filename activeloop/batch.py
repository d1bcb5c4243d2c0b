"""Batch rules: from utilities to the batch that is asked, with selection probabilities where they exist."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from activeloop import kernels
from activeloop.arrays import Array, FloatArray, IntArray
from activeloop.candidates import Candidates
from activeloop.errors import ConfigurationError, StrategyError
from activeloop.seeds import Component


class Batch(NamedTuple):
    """Positions among the candidates, most wanted first.

    `probabilities[k]` is the chance that pick k fell on its item, given the picks before it: what importance
    weighting of actively chosen labels needs (Farquhar, Gal, Rainforth 2021, "On statistical bias in active
    learning"). None where the rule is deterministic. `utilities[k]` is what pick k was worth when it was
    picked, where a rule knows better than the acquisition function.
    """

    positions: Array
    probabilities: FloatArray | None = None
    utilities: FloatArray | None = None


BatchRule: TypeAlias = Callable[[FloatArray, Candidates], "Batch | Array"]


def top(utilities: FloatArray, candidates: Candidates) -> Batch:
    """Pick the n largest utilities; ties fall by a seeded permutation of the ids."""
    ties = candidates.keyed(Component.TIES)
    return Batch(kernels.top(utilities, candidates.n, ties))


def uniform(utilities: FloatArray, candidates: Candidates) -> Batch:
    """Draw without replacement, every item with the same chance 1/left, whatever its utility."""
    return _draw(np.zeros(len(utilities)), candidates)


@dataclass(frozen=True)
class softmax:  # noqa: N801 - a batch rule is used as a function
    """Draw without replacement with chance ∝ exp(beta · utility), beta > 0: the larger, the nearer to `top`.

    Source: Kirsch, Farquhar, Atighehchian, Jesson, Branchaud-Charron, Gal (2023), "Stochastic batch
    acquisition: a simple baseline for deep active learning". Raises ConfigurationError for another beta.
    """

    beta: float = 1.0

    def __post_init__(self) -> None:
        _positive("softmax", self.beta)

    def __call__(self, utilities: FloatArray, candidates: Candidates) -> Batch:
        """Draw n positions."""
        with np.errstate(over="ignore"):
            return _draw(self.beta * utilities, candidates)


@dataclass(frozen=True)
class power:  # noqa: N801
    """Draw without replacement with chance ∝ utility**beta, beta > 0 (Kirsch et al. 2023).

    The rule needs utilities ≥ 0. Where some are negative (a metric whose low values come first), the lowest
    finite one is taken as 0, so the order of the chances is always that of the utilities. An item whose
    utility is 0 has no chance until all others are picked: where chances serve as weights, use `softrank`.
    """

    beta: float = 1.0

    def __post_init__(self) -> None:
        _positive("power", self.beta)

    def __call__(self, utilities: FloatArray, candidates: Candidates) -> Batch:
        """Draw n positions."""
        finite = utilities[np.isfinite(utilities)]
        lowest = min(float(finite.min()), 0.0) if len(finite) else 0.0
        with np.errstate(divide="ignore", over="ignore"):
            return _draw(self.beta * np.log(np.maximum(utilities - lowest, 0.0)), candidates)


@dataclass(frozen=True)
class softrank:  # noqa: N801
    """Draw without replacement with chance ∝ rank**-beta, rank 1 = most wanted (Kirsch et al. 2023)."""

    beta: float = 1.0

    def __post_init__(self) -> None:
        _positive("softrank", self.beta)

    def __call__(self, utilities: FloatArray, candidates: Candidates) -> Batch:
        """Draw n positions."""
        order = kernels.top(utilities, len(utilities), candidates.keyed(Component.TIES))
        ranks = np.empty(len(utilities))
        ranks[order] = np.arange(1, len(utilities) + 1)
        return _draw(-self.beta * np.log(ranks), candidates)


@dataclass(frozen=True)
class mix:  # noqa: N801
    """Fill each place of the batch at random with chance `share`, and by `rule` otherwise.

    A pick has chance share/left, and 1 − share more where `top` wanted it next; with another rule than `top`
    the chance is not known.
    """

    share: float = 0.1
    rule: BatchRule = top

    def __post_init__(self) -> None:
        if not _is_number(self.share) or not 0.0 <= self.share <= 1.0:
            raise ConfigurationError(f"mix: share is {self.share!r}; allowed: from 0 to 1")
        if not callable(self.rule):
            raise ConfigurationError(f"mix: rule is {self.rule!r}; allowed: a batch rule")

    def __call__(self, utilities: FloatArray, candidates: Candidates) -> Batch:
        """Pick n positions."""
        given = self.rule(utilities, candidates)
        wanted = np.asarray(given.positions if isinstance(given, Batch) else given).tolist()
        lots = candidates.uniforms(Component.MIX)
        drawn = kernels.top(lots, candidates.n, candidates.keyed(Component.TIES))
        by_rule, by_chance = deque(wanted), deque(drawn.tolist())
        picked: dict[int, float] = {}
        for coin in candidates.generator(Component.MIX).random(candidates.n).tolist():
            for waiting in (by_rule, by_chance):
                while waiting and waiting[0] in picked:
                    waiting.popleft()
            if not by_rule:
                raise StrategyError(f"mix: its rule picked {len(wanted)} items; asked for {candidates.n}")
            one = (by_chance if coin < self.share else by_rule)[0]
            left = len(candidates) - len(picked)
            picked[one] = self.share / left + (1.0 - self.share) * (one == by_rule[0])
        known = np.array(list(picked.values())) if self.rule is top else None
        return Batch(np.array(list(picked), dtype=np.int64), known)


BATCH_RULES = {
    "top": top,
    "uniform": uniform,
    "softmax": softmax,
    "power": power,
    "softrank": softrank,
    "mix": mix,
}


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float | np.number) and not isinstance(given, bool)


def _positive(rule: str, beta: Any) -> None:
    if not (_is_number(beta) and np.isfinite(beta) and beta > 0):
        raise ConfigurationError(f"{rule}: beta is {beta!r}; allowed: a number above 0")


def _draw(logits: FloatArray, candidates: Candidates) -> Batch:
    """Draw n positions in order with chance ∝ exp(logits): the Gumbel top-k trick, noise keyed by id.

    Infinite logits are drawn evenly: +inf before all others, −inf after them.
    """
    finite = np.isfinite(logits)
    level = np.zeros(len(logits))
    # Only differences count: with the largest at 0 the noise is not lost beside large numbers.
    with np.errstate(over="ignore"):
        level[finite] = logits[finite] - logits[finite].max(initial=-np.inf)
    level = np.maximum(level, np.finfo(np.float64).min)
    noisy = level - np.log(-np.log(candidates.uniforms(Component.BATCH)))
    ties = candidates.keyed(Component.TIES)
    picks: list[IntArray] = []
    chances: list[FloatArray] = []
    for tier in (np.isposinf(logits), finite, np.isneginf(logits)):
        rows = np.flatnonzero(tier)
        wanted = candidates.n - sum(map(len, picks))
        won = kernels.top(noisy[rows], wanted, lambda at, rows=rows: ties(rows[at]))  # type: ignore[misc]
        picks.append(rows[won])
        chances.append(_chances(level[rows], won))
    return Batch(np.concatenate(picks), np.concatenate(chances))


def _chances(logits: FloatArray, won: IntArray) -> FloatArray:
    """Give the chance of each pick among what the picks before it had left, from the last pick backwards."""
    others = np.logaddexp.reduce(np.delete(logits, won), initial=-np.inf)
    left = np.logaddexp.accumulate(np.append(others, logits[won][::-1]))[:0:-1]
    given: FloatArray = np.exp(logits[won] - left)
    return given
