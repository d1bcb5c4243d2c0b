"""modAL 0.4.2, the real one, both ways, on the scikit-learn of today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

import activeloop as al
from activeloop.batch import softmax
from activeloop.errors import StrategyError
from activeloop.strategies.modal import from_modal, to_modal

modal = pytest.importorskip("modAL")

from modAL.acquisition import max_EI  # noqa: E402
from modAL.batch import uncertainty_batch_sampling  # noqa: E402
from modAL.density import information_density  # noqa: E402
from modAL.disagreement import (  # noqa: E402
    consensus_entropy_sampling,
    max_disagreement_sampling,
    max_std_sampling,
    vote_entropy_sampling,
)
from modAL.models import ActiveLearner, BayesianOptimizer, Committee  # noqa: E402
from modAL.uncertainty import entropy_sampling, margin_sampling, uncertainty_sampling  # noqa: E402


def density_sampling(learner: Any, X: Any, n_instances: int = 1) -> Any:
    """Weigh uncertainty by density, as modAL's users write it: positions alone come back."""
    unsure = 1 - learner.predict_proba(X).max(axis=1)
    return np.argsort(unsure * information_density(X, "euclidean"))[-n_instances:]


def committee(query_strategy: Any) -> Committee:
    members = [GaussianNB(), DecisionTreeClassifier(max_depth=3), KNeighborsClassifier(3)]
    return Committee([ActiveLearner(one) for one in members], query_strategy=query_strategy)


MODAL: dict[str, Any] = {
    "uncertainty": lambda: uncertainty_sampling,
    "margin": lambda: margin_sampling,
    "entropy": lambda: entropy_sampling,
    "ranked batch": lambda: uncertainty_batch_sampling,
    "density": lambda: density_sampling,
    "learner": lambda: ActiveLearner(GaussianNB(), query_strategy=entropy_sampling),
    "tree learner": lambda: ActiveLearner(DecisionTreeClassifier(max_depth=2)),
    "vote entropy": lambda: committee(vote_entropy_sampling),
    "consensus entropy": lambda: committee(consensus_entropy_sampling),
    "max disagreement": lambda: committee(max_disagreement_sampling),
}


def asked(strategy: Any, store: Path | None = None, labels: int = 32, data: str = "iris") -> list[Any]:
    """Run a loop and give what was asked, round by round."""
    pool, holdout = al.load(data).split(0.3, seed=0)
    loop = al.Loop(
        GaussianNB(), pool, strategy=strategy, holdout=holdout, batch_size=5, start_size=12, store=store
    )
    batches: list[Any] = []
    oracle = al.oracles.simulated(pool)

    def watched(query: Any) -> Any:
        batches.append([(one.id, one.utility) for one in query.asks])
        return oracle(query)

    for _ in loop.run(watched, stop=al.stopping.budget(labels)):
        pass
    return batches


@pytest.mark.parametrize("name", MODAL)
def test_modal_runs_in_the_loop_and_a_resumed_run_asks_the_same(name: str, tmp_path: Path) -> None:
    whole = asked(from_modal(MODAL[name]()))
    assert [len(one) for one in whole] == [12, 5, 5, 5, 5]
    ids = [one for batch in whole for one, _ in batch]
    assert len(set(ids)) == len(ids)
    first = asked(from_modal(MODAL[name]()), tmp_path / "run.db", labels=22)
    rest = asked(from_modal(MODAL[name]()), tmp_path / "run.db")
    assert first + rest == whole


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [(uncertainty_sampling, "least_confidence"), (margin_sampling, "margin"), (entropy_sampling, "entropy")],
)
def test_modal_and_we_ask_for_the_same_items(theirs: Any, ours: str) -> None:
    by_theirs, by_ours = asked(from_modal(theirs), data="wine"), asked(ours, data="wine")  # iris has twins
    for one, other in zip(by_theirs[1:], by_ours[1:], strict=True):
        assert [item for item, _ in one] == [item for item, _ in other]
        scale = np.log(2) if ours == "entropy" else 1.0  # modAL's entropy is in nats
        assert [worth for _, worth in one] == pytest.approx([worth * scale for _, worth in other], abs=1e-9)


def test_a_committee_of_one_learner_asks_as_the_learner_does() -> None:
    alone = ActiveLearner(GaussianNB(), query_strategy=entropy_sampling)
    group = Committee([ActiveLearner(GaussianNB())], query_strategy=consensus_entropy_sampling)
    assert [[one for one, _ in batch] for batch in asked(from_modal(alone))] == [
        [one for one, _ in batch] for batch in asked(from_modal(group))
    ]


def test_classes_that_are_numbers_stay_as_they_are_in_a_committee() -> None:
    batches = asked(from_modal(committee(vote_entropy_sampling)), data="wine")
    assert [len(one) for one in batches] == [12, 5, 5, 5, 5]


def test_what_was_given_stays_as_it_is() -> None:
    given = committee(consensus_entropy_sampling)
    given.learner_list[0].on_transformed = True
    asked(from_modal(given))
    assert [one.X_training for one in given.learner_list] == [None] * 3
    assert not hasattr(given.learner_list[0].estimator, "classes_")


def test_the_settings_of_a_learner_are_kept() -> None:
    seen = []

    def looking(learner: Any, X: Any, n_instances: int = 1) -> Any:
        seen.append((learner.on_transformed, type(learner), learner.X_training.shape[0]))
        return np.arange(n_instances)

    asked(from_modal(ActiveLearner(GaussianNB(), query_strategy=looking, on_transformed=True)), labels=22)
    assert seen == [(True, ActiveLearner, 12), (True, ActiveLearner, 17)]


def test_an_array_of_two_positions_asks_for_those_two() -> None:
    """The `query` of modAL itself takes it for (positions, metric) and asks for one item."""

    def two(learner: Any, X: Any, n_instances: int = 1) -> Any:
        return np.array([3, 7])

    pool, _ = al.load("iris").split(0.3, seed=0)
    loop = al.Loop(GaussianNB(), pool, strategy=from_modal(two), initial=pool.ids[::5].tolist(), batch_size=2)
    query = loop.ask()
    left = [one for at, one in enumerate(pool.ids.tolist()) if at % 5]
    assert query.ids == (left[3], left[7])


@pytest.mark.parametrize(
    ("gave", "message"),
    [
        (np.array([1]), "picked 1 items; asked for 2"),
        (np.array([1, 1]), "more than once"),
        ((np.array([1, 2]), np.array([0.1, 0.2]), "x"), "gave a tuple of 3; allowed: positions, or"),
        (np.array([0.5, 1.5]), "allowed: a flat array of whole numbers"),
    ],
)
def test_wrong_positions_of_modal_are_one_sentence(gave: Any, message: str) -> None:
    pool, _ = al.load("iris").split(0.3, seed=0)

    def mine(learner: Any, X: Any) -> Any:
        return gave

    loop = al.Loop(
        GaussianNB(), pool, strategy=from_modal(mine), initial=pool.ids[::5].tolist(), batch_size=2
    )
    with pytest.raises(StrategyError, match=f"strategy 'mine' .*{message}"):
        loop.ask()


def test_global_draws_of_modal_are_seeded_and_the_generator_is_put_back() -> None:
    strategy = from_modal(uncertainty_sampling, name="shuffled", random_tie_break=True)

    def with_ties(seed: int) -> Any:
        pool, _ = al.load("iris").split(0.3, seed=0)
        loop = al.Loop(
            DecisionTreeClassifier(max_depth=2),  # few leaves, so nearly all is tied
            pool,
            strategy=strategy,
            initial=pool.ids[::5].tolist(),
            batch_size=5,
            seed=seed,
        )
        return loop.ask().ids

    np.random.seed(123)  # noqa: NPY002
    expected = np.random.random(4).tolist()  # noqa: NPY002
    np.random.seed(123)  # noqa: NPY002
    first = with_ties(0)
    assert np.random.random(4).tolist() == expected  # noqa: NPY002
    np.random.seed(99)  # noqa: NPY002
    assert with_ties(0) == first
    assert len({with_ties(seed) for seed in range(5)}) > 1


def test_the_generator_is_put_back_when_the_strategy_raises() -> None:
    def broken(learner: Any, X: Any) -> Any:
        np.random.random()  # noqa: NPY002
        raise LookupError("my own fault")

    pool, _ = al.load("iris").split(0.3, seed=0)
    loop = al.Loop(GaussianNB(), pool, strategy=from_modal(broken), initial=pool.ids[::5].tolist())
    before = joblib.hash(np.random.get_state())  # noqa: NPY002
    with pytest.raises(LookupError, match="my own fault"):
        loop.ask()
    assert joblib.hash(np.random.get_state()) == before  # noqa: NPY002


def regression_pool() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    X = np.linspace(0, 10, 80)[:, None]
    return al.Dataset(X, np.sin(X[:, 0]) + rng.normal(0, 0.05, 80)).split(20, seed=0)


GAUSSIAN = GaussianProcessRegressor(RBF(1.0, "fixed") + WhiteKernel(0.01, "fixed"))


@pytest.mark.parametrize(
    "strategy", [max_std_sampling, BayesianOptimizer(GAUSSIAN, query_strategy=max_EI)], ids=["std", "EI"]
)
def test_a_regressor_asks_by_its_standard_deviation(strategy: Any) -> None:
    pool, holdout = regression_pool()
    loop = al.Loop(GAUSSIAN, pool, strategy=from_modal(strategy), holdout=holdout, batch_size=3, start_size=3)
    values = [one.score("r2") for one in loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(24))]
    assert values[-1] is not None
    assert values[0] is not None
    if strategy is max_std_sampling:
        assert values[-1] > 0.95 > values[0]


def test_utilities_of_the_standard_deviation_are_the_largest_of_the_pool() -> None:
    pool, _ = regression_pool()
    loop = al.Loop(
        GAUSSIAN, pool, strategy=from_modal(max_std_sampling), initial=pool.ids[:9].tolist(), batch_size=4
    )
    query = loop.ask()
    left = pool.rows(np.arange(9, len(pool)))
    deviations = loop.fitted.predict(left, return_std=True)[1]
    assert [one.utility for one in query.asks] == pytest.approx(sorted(deviations.tolist())[: -4 - 1 : -1])


def test_a_model_without_probabilities_is_refused_at_the_door() -> None:
    pool, _ = al.load("iris").split(0.3, seed=0)
    with pytest.raises(StrategyError, match="'margin_sampling' needs class probabilities, and LinearSVC"):
        al.Loop(LinearSVC(), pool, strategy=from_modal(margin_sampling))
    own = from_modal(ActiveLearner(GaussianNB()))
    assert al.Loop(LinearSVC(), pool, strategy=own).settings.strategy.needs == ()  # it brings its own model


def test_before_the_model_is_trained_modal_is_refused() -> None:
    pool, _ = al.load("iris").split(0.3, seed=0)
    with pytest.raises(
        StrategyError, match="start is 'margin_sampling', which needs probabilities while no model"
    ):
        al.Loop(GaussianNB(), pool, strategy="margin", start=from_modal(margin_sampling))
    unsaid = from_modal(ActiveLearner(GaussianNB(), query_strategy=margin_sampling))
    loop = al.Loop(GaussianNB(), pool, strategy="margin", start=unsaid)
    with pytest.raises(StrategyError, match="'margin_sampling' needs a trained model; use another as start"):
        loop.ask()


def test_what_modal_does_not_know_is_refused() -> None:
    with pytest.raises(StrategyError, match="'margin' is no modAL query strategy, learner or committee"):
        from_modal("margin")


OURS = ["margin", "entropy", "random", "soft"]


def strategy_of(name: str) -> Any:
    if name == "soft":
        return al.Strategy(al.strategies.margin, batch=softmax(5.0), name="soft")
    return getattr(al.strategies, name)


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("name", OURS)
def test_our_strategy_answers_a_modal_learner(name: str, n: int) -> None:
    data = al.load("iris")
    X, y = np.array(data.rows(np.arange(150))), np.asarray(data.labels)
    learner = ActiveLearner(
        GaussianNB(), query_strategy=to_modal(strategy_of(name)), X_training=X[::10], y_training=y[::10]
    )
    rest = np.delete(X, np.arange(0, 150, 10), axis=0)
    copied = rest.copy()
    positions, rows, worth = learner.query(rest, n_instances=n, return_metrics=True)
    assert len(set(positions.tolist())) == n
    assert rows.tolist() == rest[positions].tolist()
    assert worth.shape == (n,)
    assert (rest == copied).all()
    assert learner.query(rest, n_instances=n)[0].tolist() == positions.tolist()
    if name in ("margin", "entropy"):
        theirs = {"margin": margin_sampling, "entropy": entropy_sampling}[name]
        assert set(theirs(learner, rest, n_instances=n)[0].tolist()) == set(positions.tolist())


@pytest.mark.parametrize("n", [1, 2, 5])
def test_our_strategy_answers_a_modal_committee(n: int) -> None:
    data = al.load("wine")
    X, y = np.array(data.rows(np.arange(178))), np.asarray(data.labels)
    members = [
        ActiveLearner(one, X_training=X[::9], y_training=y[::9])
        for one in (GaussianNB(), KNeighborsClassifier(3))
    ]
    group = Committee(members, query_strategy=to_modal(al.metrics.entropy))
    positions, _ = group.query(X, n_instances=n)
    expected = consensus_entropy_sampling(group, X, n_instances=n)[1]
    mean = np.mean([one.predict_proba(X) for one in members], axis=0)
    assert al.metrics.entropy(mean)[positions] * np.log(2) == pytest.approx(sorted(expected)[::-1])


def test_our_random_moves_on_as_modal_is_taught() -> None:
    data = al.load("iris")
    X, y = np.array(data.rows(np.arange(150))), np.asarray(data.labels)
    first, second = (
        ActiveLearner(
            LogisticRegression(max_iter=2000),
            query_strategy=to_modal(al.strategies.random, seed=1),
            X_training=X[::step],
            y_training=y[::step],
        )
        for step in (10, 11)
    )
    assert first.query(X, n_instances=5)[0].tolist() != second.query(X, n_instances=5)[0].tolist()


def test_our_strategy_reads_data_frames_and_lists() -> None:
    import pandas as pd

    data = al.load("iris")
    X, y = np.array(data.rows(np.arange(150))), np.asarray(data.labels)
    frame = pd.DataFrame(X, columns=["a", "b", "c", "d"])
    learner = ActiveLearner(GaussianNB(), query_strategy=to_modal(al.strategies.margin))
    learner.estimator.fit(frame.iloc[::10], y[::10])
    by_frame = to_modal(al.strategies.margin)(learner, frame, 3)[0]
    learner.estimator.fit(X[::10], y[::10])
    assert to_modal(al.strategies.margin)(learner, X.tolist(), 3)[0].tolist() == by_frame.tolist()
