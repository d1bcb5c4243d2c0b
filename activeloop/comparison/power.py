"""How many seeds a comparison takes: for any verdict at all, and for the difference one wants to see."""

from __future__ import annotations

import math
from functools import lru_cache

from scipy.optimize import brentq
from scipy.special import nctdtr, stdtrit

from activeloop.comparison.paired import Test
from activeloop.errors import ConfigurationError
from activeloop.wording import count

LEVEL, POWER, MOST = 0.05, 0.8, 100_000
EFFICIENCY = 3 / math.pi
"""What a seed is worth in the signed-rank test against the t test, where differences are normal (Pitman)."""


@lru_cache(maxsize=4096)
def least_seeds(strategies: int = 1, test: Test = "wilcoxon", level: float = LEVEL) -> int:
    """Give the fewest seeds with which the test can reach the level at all, corrected for so many strategies.

    The smallest p of n signed ranks is 2^(1 - n), so m · 2^(1 - n) < level; a t test takes 2.

    >>> [least_seeds(m) for m in (1, 2, 5, 18)]
    [6, 7, 8, 10]
    """
    if test == "t":
        return 2
    n = 1
    while max(strategies, 1) * 2.0 ** (1 - n) >= level:
        n += 1
    return n


def seeds_needed(
    difference: float,
    spread: float,
    *,
    strategies: int = 1,
    power: float = POWER,
    level: float = LEVEL,
    test: Test = "wilcoxon",
) -> int | None:
    """Give the number of seeds that show a difference with some power; None beyond 100,000.

    `spread` is the standard deviation of the paired differences, `strategies` how many are compared with the
    baseline, each at level / strategies (Holm's first step). The smallest n with
    P(T > t(1 - level/2m, n - 1)) >= power, T noncentral t with n - 1 degrees and mean √n difference / spread;
    for the signed-rank test n · π/3, and at least `least_seeds`. Differences are taken as normal.

    >>> seeds_needed(0.01, 0.01), seeds_needed(0.01, 0.02), seeds_needed(0.01, 0.02, strategies=5)
    (11, 36, 54)

    Raises ConfigurationError for a difference of 0, or a spread or level that cannot be.
    """
    if not (math.isfinite(difference) and difference != 0):
        raise ConfigurationError(f"difference must be a number other than 0; given: {difference}")
    if not (math.isfinite(spread) and spread >= 0 and 0 < level < 1 and 0 < power < 1):
        raise ConfigurationError(
            f"spread must be at least 0, level and power within (0, 1); given: {spread}, {level}, {power}"
        )
    fewest = least_seeds(strategies, test, level)
    wanted = abs(difference) / spread if spread else math.inf
    low, high = 2, MOST

    def enough(n: int) -> bool:
        return math.sqrt(n) * wanted >= noncentrality(n, level / max(strategies, 1), power)

    if not enough(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    seeds = math.ceil(low / EFFICIENCY) if test == "wilcoxon" and spread else low
    return max(seeds, fewest)


def detectable(seeds: int, spread: float, *, strategies: int = 1, test: Test = "wilcoxon") -> float:
    """Give the difference that so many seeds show with 80 % power; infinite where they can show none.

    >>> round(detectable(10, 0.01), 4), detectable(3, 0.01)
    (0.0103, inf)
    """
    if seeds < least_seeds(strategies, test):
        return math.inf
    worth = max(seeds * EFFICIENCY, 2.0) if test == "wilcoxon" else float(seeds)
    return noncentrality(worth, LEVEL / max(strategies, 1), POWER) * spread / math.sqrt(worth)


def too_few(
    seeds: int,
    strategies: int,
    *,
    difference: float | None = None,
    spread: float | None = None,
    test: Test = "wilcoxon",
) -> str | None:
    """Say before a run, in a sentence, why its seeds are too few to conclude anything; None if they are not.

    `strategies` counts those compared with the baseline. With `difference`, the seeds are also held
    against what it takes to see it; before a run the spread of the paired differences is not known: it is
    taken to be as large as the difference, and the sentence says so.

    >>> print(too_few(5, 3))
    With 5 seeds and 3 strategies against the baseline no difference can be shown, however large:
    it takes 7 seeds.
    >>> too_few(10, 3) is None
    True
    """
    fewest = least_seeds(strategies, test)
    compared = f"{count(strategies, 'strategy')} against the baseline"
    if seeds < fewest:
        return (
            f"With {count(seeds, 'seed')} and {compared} no difference can be shown, however large: "
            f"it takes {fewest} seeds."
        )
    if difference is None:
        return None
    taken = abs(difference) if spread is None else spread
    needed = seeds_needed(difference, taken, strategies=strategies, test=test)
    if needed is not None and seeds >= needed:
        return None
    many = f"about {needed} seeds" if needed else f"more than {count(MOST, 'seed')}"
    given = (
        "if the paired differences spread as widely as that (not known before a run)"
        if spread is None
        else f"with paired differences that spread by {spread:.3g} (standard deviation)"
    )
    return (
        f"To show a difference of {difference:g} with 80 % power, {compared}, takes {many} {given}; "
        f"there are {seeds}."
    )


@lru_cache(maxsize=65536)
def noncentrality(n: float, level: float, power: float) -> float:
    """Give the mean √n difference / spread at which a two-sided t test of n differences has some power."""
    degrees = n - 1.0
    edge = float(stdtrit(degrees, 1 - level / 2))

    def lacking(mean: float) -> float:
        missed = float(nctdtr(degrees, mean, edge))
        return power - 1 + (0.0 if math.isnan(missed) else missed)  # scipy's NaN: too small for a float

    return float(brentq(lacking, 0.0, 4 * edge + 10, xtol=1e-10))
