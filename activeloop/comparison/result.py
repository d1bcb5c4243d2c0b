"""What a comparison of strategies gives: tables of measures, differences, labels saved, ranks and power.

All tables are tidy: a row is one statement. The setting columns are data, model, batch_size, oracle. Numbers
that cannot be given are NaN, and `why` says in words why; `why` is "" where nothing is to be explained.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from activeloop.arrays import FloatArray
from activeloop.curves import StudyRuns

BETTER, WORSE = "better", "worse"
NO_DIFFERENCE = "no difference shown"
INSUFFICIENT = "insufficient"
NOT_COMPARABLE = "not comparable"
VERDICTS = (BETTER, WORSE, NO_DIFFERENCE, INSUFFICIENT, NOT_COMPARABLE)
"""What may be concluded of two strategies.

"better" and "worse": shown, after correction. "no difference shown": the seeds could have shown one.
"insufficient": too few seeds or holdout items for any verdict. "not comparable": there are no two numbers to
compare (runs failed, the score is undefined).
"""

SETTING = ["data", "model", "batch_size", "oracle"]
MEASURED = [
    *SETTING, "strategy", "score", "slice", "measure", "per",
    "value", "low", "high", "seeds", "undefined", "support", "why",
]  # fmt: skip
AGAINST = [
    *SETTING, "strategy", "score", "slice", "measure", "per",
    "seeds", "mean", "baseline_mean", "difference", "low", "high", "p", "p_adjusted", "correction",
    "wins", "ties", "losses", "verdict", "why",
]  # fmt: skip
PAIRS = [
    *SETTING, "strategy", "other",
    "seeds", "mean", "other_mean", "difference", "low", "high", "p", "p_adjusted",
    "wins", "ties", "losses", "verdict", "why",
]  # fmt: skip
SAVED = [
    *SETTING, "strategy", "target", "target_value", "seeds",
    "labels", "baseline_labels", "saved", "saved_share", "low", "high",
    "reached", "baseline_reached", "bound", "why",
]  # fmt: skip
POWER = [
    *SETTING, "strategy", "seeds", "least_seeds", "spread", "difference", "needed_seeds", "detectable", "why",
]  # fmt: skip
PER_SEED = [*SETTING, "strategy", "seed", "score", "measure", "per", "value"]
PRACTICAL = ["strategy", "data_sets", "rope", "worse", "same", "better"]


@dataclass(frozen=True, eq=False)
class Ranks:
    """Strategies over data sets: Friedman's test, and which mean ranks are too near to be told apart.

    `strategies` are best first, and `mean` holds their mean ranks (1 is best). `friedman` is the chi-square
    with `p`, `iman_davenport` the F statistic with `iman_davenport_p`, which is less conservative and is the
    one to read. `critical_difference` is Nemenyi's at 0.05: mean ranks that are nearer are in one of
    `groups` (each a run of neighbors in `strategies`, none within another). `nemenyi` (k, k) holds the
    corrected p of each pair, in the order of `strategies`. `data` are the data sets that count.
    """

    strategies: tuple[str, ...]
    mean: tuple[float, ...]
    data: tuple[str, ...]
    friedman: float
    p: float
    iman_davenport: float
    iman_davenport_p: float
    critical_difference: float
    groups: tuple[tuple[str, ...], ...]
    nemenyi: FloatArray


@dataclass(frozen=True, eq=False)
class Comparison:
    """Which strategy is better, by how much, where, and how sure one may be.

    `measures` are the names of the measures; `lower_is_better` those of which less is better. The first score
    of `runs`, the slice "all", the first measure and per "labels" are the question of the study. Rows with
    per "cost" (the measure over what the labels cost) exist only where cost is not in step with labels.

    `measured` — a row per setting, strategy, score, slice, measure and per.
        value: mean over seeds; low, high: its 95 % t interval over seeds (NaN with one seed); seeds: how
        many have the value; undefined: how many ended well but have no value; support: fewest holdout items.
    `against` — the same rows for every strategy but the baseline, paired by seed. seeds: pairs; mean,
        baseline_mean: over the pairs; difference: mean - baseline_mean, in the measure's unit; low, high:
        its 95 % t interval, not corrected; p: two-sided; p_adjusted: "holm" over the strategies (slice
        "all") or "benjamini-hochberg" over strategies x slices (column correction); wins, ties, losses:
        seeds; verdict: one of VERDICTS, "better" and "worse" in the sense of the measure.
    `pairs` — every ordered pair of strategies in each setting, by the question of the study; p_adjusted is
        Holm's over the unordered pairs of the setting. `win_matrix` counts its verdicts.
    `saved` — labels needed for a target, first score, slice "all", each run's labels counted up to the shared
        end. target: words; target_value: the score; seeds: pairs; labels, baseline_labels: mean number of
        labels; saved: baseline_labels - labels, with a 95 % paired bootstrap interval over seeds low, high;
        saved_share: saved / baseline_labels; reached, baseline_reached: seeds that reached the target;
        bound: "at least" (some baseline runs did not reach it), "at most" (some of the strategy's did not),
        "unknown" (both), or "".
    `ranks` — over data sets, by the question of the study; None where it takes more strategies or data.
    `practical` — Bayesian signed-rank test over data sets; None unless a region of practical equivalence
        was given. worse, same, better: posterior probabilities: the strategy is worse than the baseline by
        more than `rope`, within it, better by more; they sum to 1.
    `power` — by the question of the study, a row per setting and strategy but the baseline. seeds: pairs at
        hand; least_seeds: fewest with which the test can reach 0.05 after correction; spread: standard
        deviation of the paired differences; difference: the one wished for (NaN: none given);
        needed_seeds: for 80 % power at that difference; detectable: the difference that the seeds at
        hand show with 80 % power.
    `per_seed` — a row per run, score, measure and per, slice "all": the value of each seed.
    `warnings` — sentences: what cannot be concluded, where and why.
    """

    runs: StudyRuns
    baseline: str
    measures: tuple[str, ...]
    measured: pd.DataFrame
    against: pd.DataFrame
    pairs: pd.DataFrame
    saved: pd.DataFrame
    power: pd.DataFrame
    per_seed: pd.DataFrame
    ranks: Ranks | None = None
    practical: pd.DataFrame | None = None
    warnings: tuple[str, ...] = ()
    lower_is_better: frozenset[str] = field(default_factory=frozenset)

    def win_matrix(self) -> pd.DataFrame:
        """Count in how many settings the strategy of a row was shown better than that of a column.

        Rows and columns are all strategies, in the order of the runs; the diagonal is 0.
        """
        names = list(self.runs.strategies)
        won = self.pairs[self.pairs["verdict"] == BETTER]
        counts = pd.crosstab(won["strategy"].astype(str), won["other"].astype(str))
        table = counts.reindex(index=names, columns=names, fill_value=0).astype("int64")
        return table.rename_axis(index="strategy", columns="other")

    def by_slice(self) -> pd.DataFrame:
        """Say per setting and strategy which slices it fixes and which pay for it, by the first question.

        Columns: setting, strategy, better, worse (tuples of slices, after correction), undecided,
        insufficient (numbers of slices).
        """
        first = self.against[
            (self.against["score"] == self.runs.scores[0])
            & (self.against["measure"] == self.measures[0])
            & (self.against["per"] == "labels")
            & (self.against["slice"] != "all")
        ]
        rows = []
        for key, group in first.groupby([*SETTING, "strategy"], sort=False, observed=True):
            pairs = list(zip(group["slice"], group["verdict"], strict=True))
            by_verdict = {one: tuple(name for name, found in pairs if found == one) for one in VERDICTS}
            unclear = len(by_verdict[INSUFFICIENT]) + len(by_verdict[NOT_COMPARABLE])
            rows.append(
                (*key, by_verdict[BETTER], by_verdict[WORSE], len(by_verdict[NO_DIFFERENCE]), unclear)
            )
        return pd.DataFrame(
            rows, columns=[*SETTING, "strategy", "better", "worse", "undecided", "insufficient"]
        )
