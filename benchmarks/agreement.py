"""How often 95 % intervals of agreement hold what all items would say, by simulation.

    python benchmarks/agreement.py [--trials 400]

Each population has 20,000 items; people give the true class with chance `right`, else one by chance. Each
trial draws n items of it. A trial without an interval is left out of `held`.
"""

from __future__ import annotations

import argparse

import numpy as np

from activeloop.agreement import agreement
from activeloop.arrays import Array
from activeloop.consensus import Votes

CASES = {
    "two people, 3 even classes": (2, [1 / 3] * 3, 0.7, 1.0),
    "two people, 90 and 10 %": (2, [0.9, 0.1], 0.8, 1.0),
    "five people, 40 % of the labels missing": (5, [0.5, 0.3, 0.2], 0.7, 0.6),
    "two people, right in 97 %": (2, [0.5, 0.5], 0.97, 1.0),
}
MEASURES = ["raw", "cohen", "krippendorff"]


def votes_of(table: Array, kinds: int) -> Votes:
    """Make votes of a table, items × people, NaN = none."""
    item, person = np.nonzero(~np.isnan(table))
    return Votes.of(item, person.astype(str), table[item, person].astype(int), range(kinds))


def main() -> None:
    """Simulate and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--trials", type=int, default=400)
    trials = parser.parse_args().trials
    print("| case | measure | true | n = 30: held, width | 100: held, width |\n|---|---|---|---|---|")
    for name, (people, shares, right, share) in CASES.items():
        random = np.random.default_rng(0)
        truth = random.choice(len(shares), size=(20_000, 1), p=shares)
        other = random.choice(len(shares), size=(20_000, people), p=shares)
        every = np.where(random.random((20_000, people)) < right, truth, other).astype(float)
        every[random.random(every.shape) > share] = np.nan
        true = {
            row[1:3]: row.value or 0.0 for row in agreement(votes_of(every, len(shares)), None, MEASURES).rows
        }
        found: dict[tuple[int, str], list[tuple[float, float, float]]] = {}
        for n in (30, 100):
            for _ in range(trials):
                part = votes_of(every[random.choice(len(every), size=n, replace=False)], len(shares))
                for row in agreement(part, None, MEASURES).rows:
                    if row.low is not None and row.high is not None:
                        ends = (row.low, row.high, true[row[1:3]])
                        found.setdefault((n, row.measure), []).append(ends)
        for measure in MEASURES:
            cells = []
            for n in (30, 100):
                low, high, value = np.array(found[n, measure]).T
                cells.append(f"{np.mean((low <= value) & (value <= high)):.3f}, {np.mean(high - low):.2f}")
            mean = np.mean([one[2] for one in found[30, measure]])
            print(f"| {name} | {measure} | {mean:.3f} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
