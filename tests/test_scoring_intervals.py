"""Intervals: Wilson as SciPy has it, the jackknife as its definition has it, the bootstrap near both."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from activeloop.arrays import BoolArray
from activeloop.scoring import Predictions, Scoreboard, ScoreRow, Scoring
from activeloop.scoring.blocks import BLOCKS, blocks
from activeloop.seeds import id_keys
from activeloop.statistics.intervals import jackknife, wilson

N = 90
RANDOM = np.random.default_rng(2)
LABELS = RANDOM.integers(3, size=N)
PREDICTED = np.where(RANDOM.random(N) < 0.7, LABELS, RANDOM.integers(3, size=N))
KEYS = id_keys(np.arange(N))
SOME = RANDOM.random(N) < 0.4


@pytest.mark.parametrize(("hits", "trials"), [(0, 1), (1, 1), (0, 12), (12, 12), (7, 30), (999, 1000)])
def test_wilson_is_scipys(hits: int, trials: int) -> None:
    theirs = stats.binomtest(hits, trials).proportion_ci(method="wilson")
    (low,), (high,) = wilson(np.array([float(hits)]), np.array([float(trials)]))
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert 0 <= low <= hits / trials <= high <= 1


def delete_block_by_hand(values: list[float], without: list[float], sizes: list[int]) -> tuple[float, float]:
    """Busing, Meijer and van der Leeden (1999), equations for the delete-m_j jackknife, in a plain loop."""
    theta, n, g = values[0], sum(sizes), len(sizes)
    center = g * theta - sum((1 - m / n) * t for m, t in zip(sizes, without, strict=True))
    variance = 0.0
    for m, t in zip(sizes, without, strict=True):
        h = n / m
        variance += (h * theta - (h - 1) * t - center) ** 2 / (h - 1) / g
    half = stats.t.ppf(0.975, g - 1) * variance**0.5
    return theta - half, theta + half


def test_the_jackknife_of_unequal_blocks_is_its_definition() -> None:
    dealt = blocks(KEYS)
    sizes = np.bincount(dealt[SOME], minlength=BLOCKS)
    assert 0 < len(set(sizes.tolist())) > 1
    x = RANDOM.gamma(2.0, size=N)
    filled = np.flatnonzero(sizes).tolist()
    whole = float(np.median(x[SOME]))
    without = [float(np.median(x[SOME & (dealt != block)])) for block in range(BLOCKS)]
    low, high = jackknife(np.array([whole]), np.array([without]), sizes[None].astype(float)).interval()
    expected = delete_block_by_hand(
        [whole], [without[block] for block in filled], [int(sizes[block]) for block in filled]
    )
    assert (low[0], high[0]) == pytest.approx(expected)


def accuracy(predictions: Predictions) -> float:
    return float((predictions.labels == predictions.predicted).mean())


def macro_f1(predictions: Predictions) -> float:
    true, said = (np.eye(3)[codes] for codes in (predictions.labels, predictions.predicted))
    occurs = (true.sum(axis=0) + said.sum(axis=0)) > 0
    per_class = 2 * (true * said).sum(axis=0) / np.maximum(true.sum(axis=0) + said.sum(axis=0), 1)
    return float(per_class.sum() / occurs.sum())


def by_calling(
    score: Callable[[Predictions], float], given: Predictions, inside: BoolArray, floor: bool = False
) -> tuple[float, float, float]:
    """Call a score within [0, 1] on all items of a slice and without each block; give value and interval."""
    dealt = blocks(KEYS)
    sizes = np.bincount(dealt[inside], minlength=BLOCKS).astype(float)
    value = score(given.rows(inside))
    without = [score(given.rows(inside & (dealt != block))) for block in range(BLOCKS)]
    low, high = jackknife(np.array([value]), np.array([without]), sizes[None], (0, 1), floor).interval()
    return value, low.tolist()[0], high.tolist()[0]


def test_the_interval_of_sums_is_that_of_calling_the_score_on_every_part() -> None:
    made = Scoreboard(["f1_macro"], [("some", SOME)], LABELS, (0, 1, 2), KEYS)
    given = Predictions(LABELS, PREDICTED)
    for row, inside in zip(made.rows(PREDICTED), (np.ones(N, dtype=bool), SOME), strict=True):
        assert row[2:5] == pytest.approx(by_calling(macro_f1, given, inside, floor=True))


def test_the_bootstrap_of_sums_is_that_of_calling_the_score_on_every_part() -> None:
    scoring: list[Scoring] = ["f1_macro", macro_f1]
    made = Scoreboard(scoring, [("some", SOME)], LABELS, (0, 1, 2), KEYS, interval="bootstrap")
    rows = made.rows(PREDICTED)
    for fast, slow in (rows[:2], rows[2:]):
        assert fast.low is not None
        assert fast[2:6] == pytest.approx(slow[2:6])


def test_an_interval_keeps_within_the_bounds_and_near_the_plain_one_where_there_is_no_skew() -> None:
    values, sizes = np.array([0.5]), np.full((1, BLOCKS), 500.0)
    without = 0.5 + 1e-4 * np.array([[(-1.0) ** block for block in range(BLOCKS)]])
    plain = jackknife(values, without, sizes).interval()
    for bounds in ((0.0, 1.0), (-1.0, 1.0), (-np.inf, 1.0), (0.0, np.inf)):
        ends = np.concatenate(jackknife(values, without, sizes, bounds).interval())
        assert ends == pytest.approx(np.concatenate(plain), abs=1e-5)
    near = 0.99 + 0.01 * (without - 0.5) * 1e4
    low, high = jackknife(np.array([0.99]), near, sizes, (0, 1)).interval()
    assert 0 < low[0] < 0.99 < high[0] < 1
    assert jackknife(np.array([0.99]), near, sizes).interval().high[0] > 1


def test_with_a_floor_parts_that_agree_by_chance_are_no_surer_than_a_proportion() -> None:
    values, sizes = np.array([0.8]), np.full((1, BLOCKS), 2.0)
    without = 0.8 + 1e-4 * np.array([[(-1.0) ** block for block in range(BLOCKS)]])
    of_proportion = pytest.approx(np.concatenate(wilson(np.array([32.0]), np.array([40.0]))))
    assert np.concatenate(jackknife(values, without, sizes, (0, 1), floor=True).interval()) == of_proportion
    low, high = jackknife(values, without, sizes, (0, 1)).interval()
    assert high[0] - low[0] < 0.01
    # Where nothing varies at all there is nothing but the number of items to go by.
    assert (
        np.concatenate(jackknife(values, np.full((1, BLOCKS), 0.8), sizes, (0, 1)).interval())
        == of_proportion
    )


def test_the_interval_of_f1_of_a_class_is_wilsons_of_its_jaccard() -> None:
    f1, jaccard = Scoreboard(["f1[1]", "jaccard[1]"], [], LABELS, (0, 1, 2), KEYS).rows(PREDICTED)
    for of_f1, of_jaccard in zip(f1[2:5], jaccard[2:5], strict=True):
        assert of_jaccard is not None
        assert of_f1 == pytest.approx(2 * of_jaccard / (1 + of_jaccard))
    either = (LABELS == 1) | (PREDICTED == 1)
    both = (LABELS == 1) & (PREDICTED == 1)
    theirs = stats.binomtest(int(both.sum()), int(either.sum())).proportion_ci(method="wilson")
    assert jaccard[3:5] == pytest.approx((theirs.low, theirs.high))
    assert f1.n == either.sum()


def roc_area(predictions: Predictions) -> float:
    one_hot = np.eye(3)[predictions.labels]
    assert predictions.probabilities is not None
    return float(metrics.roc_auc_score(one_hot, predictions.probabilities))


def precision(predictions: Predictions) -> float:
    one_hot = np.eye(3)[predictions.labels]
    assert predictions.probabilities is not None
    return float(metrics.average_precision_score(one_hot, predictions.probabilities))


@pytest.mark.parametrize(("score", "by_hand"), [("roc_auc_ovr", roc_area), ("average_precision", precision)])
def test_the_interval_of_a_ranking_is_that_of_calling_the_score_on_every_part(
    score: str, by_hand: Callable[[Predictions], float]
) -> None:
    probabilities = RANDOM.dirichlet(np.ones(3), size=N).round(1)  # with ties
    made = Scoreboard([score], [("some", SOME)], LABELS, (0, 1, 2), KEYS)
    given = Predictions(LABELS, PREDICTED, probabilities, (0, 1, 2))
    rows = made.rows(PREDICTED, probabilities)
    for row, inside in zip(rows, (np.ones(N, dtype=bool), SOME), strict=True):
        assert row[2:5] == pytest.approx(by_calling(by_hand, given, inside))


def test_the_bootstrap_of_a_ranking_is_near_its_jackknife() -> None:
    probabilities = 0.5 * np.eye(3)[PREDICTED] + 0.5 * RANDOM.dirichlet(np.ones(3), size=N)
    ends = [
        made.rows(PREDICTED, probabilities)[0][3:5]
        for made in (
            Scoreboard(["roc_auc_ovo"], [], LABELS, (0, 1, 2), KEYS, interval="bootstrap"),
            Scoreboard(["roc_auc_ovo"], [], LABELS, (0, 1, 2), KEYS),
        )
    ]
    assert ends[0] == pytest.approx(ends[1], abs=0.05)


def test_the_bootstrap_is_near_the_others_and_the_same_every_time() -> None:
    def rows(interval: str, seed: int = 0) -> tuple[ScoreRow, ...]:
        scoring = ["accuracy", ("called", accuracy), "f1_macro"]
        made = Scoreboard(
            scoring, [], LABELS, (0, 1, 2), KEYS, interval=interval, seed=seed  # type: ignore[arg-type]
        )  # fmt: skip
        return made.rows(PREDICTED)

    proportion, called, f1 = rows("bootstrap")
    assert rows("bootstrap") == (proportion, called, f1)
    assert rows("bootstrap", seed=1)[2] != f1
    assert proportion == rows("jackknife")[0]  # a proportion has Wilson's interval whatever is asked for
    assert called[3:5] == pytest.approx(proportion[3:5], abs=0.03)
    assert f1[3:5] == pytest.approx(rows("jackknife")[2][3:5], abs=0.06)


def test_no_intervals_on_request() -> None:
    made = Scoreboard(["f1_macro", accuracy], [], LABELS, (0, 1, 2), KEYS, interval="none")
    for row in made.rows(PREDICTED):
        assert row.value is not None
        assert (row.low, row.high, row.reason) == (None, None, "no interval: none was asked for")


def test_blocks_hang_on_the_key_of_the_item_and_are_equal() -> None:
    order = RANDOM.permutation(N)
    assert (blocks(KEYS[order]) == blocks(KEYS)[order]).all()
    assert set(np.bincount(blocks(KEYS)).tolist()) == {4, 5}
