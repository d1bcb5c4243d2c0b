"""Faults of other active-learning libraries (modAL, baal, ALPBench), each held off by a property."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.batch import power
from activeloop.candidates import Candidates
from activeloop.loop import Loop
from activeloop.pool import Holdout, Pool
from activeloop.store import MemoryStore

SEEDS = st.integers(0, 2**31)


def events(store: MemoryStore, kind: str) -> list[Any]:
    return [one.payload for one in store._runs["run"][1] if one.kind == kind]


def shuffled(seed: int) -> tuple[Pool, Holdout]:
    """Iris with its rows in another order, its ids going with them."""
    known = al.load("iris")
    assert known.labels is not None
    order = np.random.default_rng(seed).permutation(150)
    return al.Dataset(known.features[order], known.labels[order], ids=1000 + 7 * order).split(0.3, seed=0)


@settings(max_examples=10, deadline=None)
@given(order=SEEDS, seed=SEEDS, batch=st.integers(1, 9))
def test_pool_relative_indices_the_items_asked_are_those_labeled(order: int, seed: int, batch: int) -> None:
    # baal ranks within a subset and labels those positions of the whole pool.
    pool, _ = shuffled(order)
    known = al.load("iris")
    assert known.labels is not None
    truth: dict[Any, Any] = {1000 + 7 * at: label for at, label in enumerate(known.labels.tolist())}
    store = MemoryStore()
    loop = Loop(GaussianNB(), pool, strategy="margin", batch_size=batch, seed=seed, store=store)
    for _ in range(4):
        query = loop.ask()
        for ask in query.asks:
            assert np.array_equal(query.item(ask), known.features[(int(ask.id) - 1000) // 7])
        loop.tell({item: truth[item] for item in query.ids})
    asked = [one[1] for given in events(store, "asked") for one in given["asks"]]
    assert sorted(asked) == sorted(loop.labeled.ids.tolist())
    assert loop.labeled.labels.tolist() == [truth[item] for item in loop.labeled.ids.tolist()]
    features = known.features[(loop.labeled.ids - 1000) // 7]
    assert np.array_equal(loop.labeled.features, features)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, first=st.integers(0, 90), second=st.integers(0, 90))
def test_two_positions_are_two_items(seed: int, first: int, second: int) -> None:
    # modAL takes an array of two indices for the pair (indices, metric), and asks about one item.
    second = second if second != first else first + 1
    pool, _ = shuffled(0)
    for form in (list, tuple, np.array):
        picked: list[Any] = []

        def pick(utilities: Any, candidates: Candidates, form: Any = form, into: Any = picked) -> Any:
            into.extend(candidates.ids[[first, second]].tolist())
            return form([first, second])

        strategy = al.Strategy(lambda candidates: candidates.uniforms(), batch=pick, name="two")
        loop = Loop(
            GaussianNB(),
            pool,
            strategy=strategy,
            batch_size=2,
            seed=seed,
            initial=pool.ids[:1],
            start=strategy,
        )
        assert list(loop.ask().ids) == picked
        assert len(picked) == 2


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS, batch=st.integers(5, 40), strategy=st.sampled_from(["margin", "random"]))
def test_the_last_batch_is_learned_and_scored(seed: int, batch: int, strategy: str) -> None:
    # baal scores before it labels, so the last batch is never evaluated.
    pool, holdout = al.load("iris").split(0.3, seed=0)
    loop = Loop(
        LogisticRegression(max_iter=2000),
        pool,
        strategy=strategy,
        holdout=holdout,
        scoring=["accuracy", "f1_macro", "neg_log_loss"],
        batch_size=batch,
        start_size=25,
        seed=seed,
    )
    *_, last = loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(60))
    assert last.n_labeled == len(loop.labeled) == 60
    ids = np.sort(loop.labeled.ids)
    source = al.load("iris")
    assert source.labels is not None
    model = LogisticRegression(max_iter=2000).fit(source.features[ids], source.labels[ids])
    X, y = source.features[holdout.ids], source.labels[holdout.ids]
    assert last.score("accuracy") == pytest.approx(accuracy_score(y, model.predict(X)))
    assert last.score("f1_macro") == pytest.approx(f1_score(y, model.predict(X), average="macro"))
    assert last.score("neg_log_loss") == pytest.approx(-log_loss(y, model.predict_proba(X)))


@settings(max_examples=8, deadline=None)
@given(
    seed=SEEDS,
    batch=st.integers(1, 30),
    abstain=st.sampled_from([0.0, 0.3]),
    strategy=st.sampled_from(["random", "margin", al.Strategy(al.strategies.entropy, batch=power(2.0))]),
)
def test_no_item_is_bought_twice(seed: int, batch: int, abstain: float, strategy: Any) -> None:
    # ALPBench discards np.delete, so the same items are bought again.
    pool, _ = al.load("iris").split(0.3, seed=0)
    store = MemoryStore()
    loop = Loop(GaussianNB(), pool, strategy=strategy, batch_size=batch, seed=seed, store=store)
    oracle = al.oracles.simulated(pool, seed=seed, abstain=abstain)
    for _ in zip(loop.run(oracle), range(12), strict=False):
        pass
    asked = [one[1] for given in events(store, "asked") for one in given["asks"]]
    assert len(asked) == len(set(asked))
    assert loop.history.rounds[-1].bought_total == len(loop.labeled)


def test_inputs_are_read_only_for_plug_ins_and_unchanged_for_the_caller() -> None:
    # scikit-activeml's average_kl_divergence writes into the caller's array.
    known = al.load("iris")
    X, y = known.features.copy(), np.asarray(known.labels).copy()
    X_before, y_before = X.copy(), y.copy()
    pool, holdout = al.Dataset(X, y).split(0.3, seed=0)
    tried = []

    def spoiling(candidates: Candidates) -> Any:
        arrays = (
            candidates.features,
            candidates.probabilities,
            candidates.ids,
            candidates.keys,
            candidates.predicted,
            candidates.labeled.features,
            candidates.labeled.ids,
            candidates.labeled.labels,
        )
        for array in arrays:
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0
            tried.append(len(array))
        return candidates.uniforms()

    def plain(candidates: Candidates) -> Any:
        return candidates.uniforms()

    histories = []
    for strategy in (spoiling, plain):
        named = al.Strategy(strategy, name="one")
        loop = Loop(GaussianNB(), pool, strategy=named, holdout=holdout, batch_size=10)
        list(loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(40)))
        histories.append(loop.history)
    assert len(tried) == 24
    assert histories[0] == histories[1]
    assert np.array_equal(X, X_before)
    assert np.array_equal(y, y_before)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, beta=st.sampled_from([1.0, 4.0]))
def test_a_power_batch_prefers_what_its_metric_asks_first(seed: int, beta: float) -> None:
    # baal's PowerSampling(Margin()) prefers the items that are the least uncertain.
    pool, _ = al.load("iris").split(0.3, seed=0)
    chances = []
    for name in ("margin", "entropy"):
        strategy = al.Strategy(getattr(al.strategies, name), batch=power(beta), name=name)
        loop = Loop(GaussianNB(), pool, strategy=strategy, batch_size=104, seed=seed, initial=pool.ids[::9])
        query = loop.ask()
        first_chance = {ask.id: ask.probability for ask in query.asks}
        assert all(one is not None for one in first_chance.values())
        left = 1.0
        weights = []
        for ask in query.asks:
            weights.append((ask.probability or 0.0) * left)
            left -= weights[-1]
        order = np.argsort([-(one.utility or 0.0) for one in query.asks], kind="stable")
        by_utility = np.array(weights)[order]
        positive = by_utility[by_utility > 1e-9]
        chances.append(bool((np.diff(positive) <= 1e-9).all()))
    assert chances == [True, True], "a larger utility never has a smaller chance"


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, noise=SEEDS)
def test_every_draw_hangs_on_the_seed_alone(seed: int, noise: int) -> None:
    # modAL and baal draw from NumPy's global generator.
    pool, _ = al.load("iris").split(0.3, seed=0)
    strategy = al.Strategy(al.strategies.entropy, batch=power(1.0), name="stochastic")
    runs = []
    for global_seed in (noise, noise // 2 + 1):
        np.random.seed(global_seed % 2**32)  # noqa: NPY002 - the global generator must not matter
        before = repr(np.random.get_state())  # noqa: NPY002
        store = MemoryStore()
        loop = Loop(GaussianNB(), pool, strategy=strategy, batch_size=6, seed=seed, store=store)
        oracle = al.oracles.simulated(pool, seed=seed, noise=al.oracles.uniform_noise(0.3))
        list(loop.run(oracle, stop=al.stopping.budget(24)))
        runs.append(store._runs["run"])
        assert repr(np.random.get_state()) == before  # noqa: NPY002
    assert runs[0] == runs[1]
