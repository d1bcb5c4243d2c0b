"""Made-up studies: curves that are known exactly, or drawn from a known law."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from activeloop.arrays import FloatArray
from activeloop.curves import Curves, Run, Setting, StudyRuns

HEART = Setting("heart", "SVC", 10, "exact")
Values = Mapping[tuple[str, int], Sequence[float]]


def on(data: str) -> Setting:
    return HEART._replace(data=data)


def study(
    curves: Mapping[Setting, Values],
    *,
    labels: Mapping[tuple[Setting, str, int], Sequence[float]] | None = None,
    cost: Callable[[Run, FloatArray], FloatArray] | None = None,
    status: Mapping[tuple[str, int], str] | None = None,
    slices: Mapping[str, Callable[[Run, FloatArray], FloatArray]] | None = None,
    support: Mapping[str, float] | None = None,
) -> StudyRuns:
    """Make a study of curves given by strategy and seed; labels are 10, 20, 30, ... unless given."""
    given = [(Run(s, name, seed, (status or {}).get((name, seed), "complete"), ""), list(values))
             for s, one in curves.items() for (name, seed), values in one.items()]  # fmt: skip
    runs = tuple(run for run, _ in given)
    longest = max((len(values) for _, values in given), default=0)
    x, y = (np.full((len(runs), longest), np.nan) for _ in "xy")
    for i, (run, values) in enumerate(given):
        own = (labels or {}).get((run.setting, run.strategy, run.seed))
        x[i, : len(values)] = 10.0 * np.arange(1, len(values) + 1) if own is None else own
        y[i, : len(values)] = values
    spent = np.stack([cost(run, row) for run, row in zip(runs, x, strict=True)]) if cost and runs else x
    of_slice = {"all": lambda run, row: row, **(slices or {})}

    def read(score: str, slice: str) -> Curves:
        values = [of_slice[slice](run, row) for run, row in zip(runs, y, strict=True)]
        enough = np.full(len(runs), (support or {}).get(slice, 100.0))
        return Curves(score, slice, runs, x, spent, np.array(values).reshape(x.shape), enough)

    return StudyRuns(
        "made", "is it better?", runs, ("accuracy",), tuple(of_slice), read, (), np.zeros((len(runs), 0)),
        tuple(() for _ in runs),
    )  # fmt: skip


def noisy(
    strategies: Mapping[str, float],
    seeds: int,
    data: Sequence[str] = ("heart",),
    rounds: int = 6,
    noise: float = 0.01,
    draw: int = 0,
) -> dict[Setting, Values]:
    """Draw curves that rise to 0.9, each strategy lifted by its number, with noise a seed and a round."""
    rng = np.random.default_rng(draw)
    rise = 0.9 - 0.4 * 0.6 ** np.arange(rounds)
    made: dict[Setting, Values] = {}
    for name in data:
        split = rng.normal(0, 0.03, seeds)
        made[on(name)] = {
            (strategy, seed): rise + lift + split[seed] + rng.normal(0, noise, rounds) + rng.normal(0, noise)
            for seed in range(seeds)
            for strategy, lift in strategies.items()
        }
    return made
