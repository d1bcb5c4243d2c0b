"""A proportion against a bound: the exact binomial test."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betainc, betaincinv


@dataclass(frozen=True)
class Share:
    """Hits of trials: the exact binomial test, and Clopper and Pearson's (1934) ends.

    Exact where the history shows Wilson's interval: a gate may not fail a good model more often than it says,
    and Wilson's does where the bound is near 1 (8 % instead of 2.5 % at 0.95 with 10 items).

    >>> round(Share(8, 10).low(0.025), 4), round(Share(8, 10).high(0.025), 4)
    (0.4439, 0.9748)
    """

    hits: int
    trials: int

    def above(self, bound: float) -> float:
        """P(X >= hits) of Binomial(trials, bound)."""
        if self.hits == 0:
            return 1.0
        return float(betainc(self.hits, self.trials - self.hits + 1, bound))

    def below(self, bound: float) -> float:
        """P(X <= hits) of Binomial(trials, bound)."""
        if self.hits == self.trials:
            return 1.0
        return float(betainc(self.trials - self.hits, self.hits + 1, 1 - bound))

    def low(self, level: float) -> float:
        """Give Clopper and Pearson's lower end."""
        return float(betaincinv(self.hits, self.trials - self.hits + 1, level)) if self.hits else 0.0

    def high(self, level: float) -> float:
        """Give Clopper and Pearson's upper end."""
        all_hit = self.hits == self.trials
        return 1.0 if all_hit else float(betaincinv(self.hits + 1, self.trials - self.hits, 1 - level))
