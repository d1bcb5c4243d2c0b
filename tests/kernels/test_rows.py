"""Row scores: right by hand and by scipy, and the same bits however the work is laid out."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from activeloop.arrays import Array
from activeloop.errors import ConfigurationError, InputError, MissingDependencyError
from activeloop.kernels import compiled, row_entropy, row_margin, row_max, row_variance, rows, threads

SCORES = (row_entropy, row_max, row_margin, row_variance)
DTYPES = (np.float64, np.float32)
needs_numba = pytest.mark.skipif(not compiled.INSTALLED, reason="numba is not installed")


def probabilities(n: int, C: int, dtype: type = np.float64, seed: int = 0) -> Array:
    p = np.random.default_rng(seed).dirichlet(np.full(C, 0.3), n)
    p[:: max(1, n // 3)] = np.eye(C)[0]
    return p.astype(dtype)


@given(n=st.integers(1, 40), C=st.integers(1, 70), seed=st.integers(0, 2**32 - 1))
def test_scores_are_their_formulas(n: int, C: int, seed: int) -> None:
    p = probabilities(n, C, seed=seed)
    ranked = np.sort(np.column_stack([p, np.zeros(n)]))[:, ::-1]
    assert np.allclose(row_entropy(p), scipy.stats.entropy(p, base=2, axis=1), atol=1e-13)
    assert (row_max(p) == p.max(axis=1)).all()
    assert (row_margin(p) == ranked[:, 0] - ranked[:, 1]).all()
    assert np.allclose(row_variance(p), p.var(axis=1), rtol=1e-11, atol=1e-16)


@pytest.mark.parametrize("C", [2, 3, 10, 17, 1000])
@pytest.mark.parametrize("dtype", DTYPES)
def test_certainty_and_indifference_are_the_extremes(C: int, dtype: type) -> None:
    certain: Array = np.eye(C, dtype=dtype)[:1]
    even: Array = np.full((1, C), 1 / C, dtype)
    assert [row_entropy(certain)[0], row_max(certain)[0], row_margin(certain)[0]] == [0, 1, 1]
    assert not np.signbit(row_entropy(certain))[0]
    assert row_variance(certain)[0] == pytest.approx((C - 1) / C**2)
    assert row_entropy(even)[0] == pytest.approx(np.log2(C), rel=1e-6)
    assert (row_max(even)[0], row_margin(even)[0]) == (even[0, 0], 0)
    assert row_variance(even)[0] == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("C", [1, 2, 10, 33, 64, 200])
def test_bits_do_not_hang_on_layout(score, dtype, C, monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    p = probabilities(501, C, dtype)
    expected = score(p, threads=1)
    wide = np.zeros((1002, C + 3), dtype)
    wide[::2, 1 : C + 1] = p
    mapped = np.memmap(tmp_path / "p", dtype, "w+", shape=p.shape)
    mapped[:] = p
    p.flags.writeable = False
    for other in (p, np.asfortranarray(p), wide[::2, 1 : C + 1], mapped):
        assert (score(other) == expected).all()
    order = np.random.default_rng(1).permutation(len(p))
    assert (score(p[order]) == expected[order]).all()
    monkeypatch.setattr(threads, "_THREAD_VALUES", 1)
    for block_bytes in (1, 1000, 1 << 18):
        monkeypatch.setattr(rows, "_BLOCK_BYTES", block_bytes)
        for n_threads in (1, 2, 5):
            assert (score(p, threads=n_threads) == expected).all()


@pytest.mark.parametrize("score", SCORES)
def test_the_input_is_left_as_it_was(score) -> None:  # type: ignore[no-untyped-def]
    p = probabilities(50, 5)
    before = p.copy()
    score(p)
    assert (p == before).all()


@pytest.mark.parametrize("score", SCORES)
@given(seed=st.integers(0, 2**32 - 1))
def test_classes_may_be_renamed(score, seed: int) -> None:  # type: ignore[no-untyped-def]
    p = probabilities(20, 9, seed=seed)
    order = np.random.default_rng(seed).permutation(9)
    assert np.allclose(score(p[:, order]), score(p), rtol=1e-12, atol=1e-15)


def test_float32_is_scored_in_float64() -> None:
    p = probabilities(200, 30, np.float32)
    for score in SCORES:
        assert score(p).dtype == np.float64
        assert (score(p) == score(p.astype(np.float64))).all()


def test_no_rows_give_no_numbers_and_a_vector_is_refused() -> None:
    for score in SCORES:
        assert score(np.empty((0, 3))).shape == (0,)
        for wrong in (np.ones(3), np.empty((2, 0))):
            with pytest.raises(InputError, match=r"allowed: \(n items, C classes\)"):
                score(wrong)


def test_integers_and_half_precision_are_taken_too() -> None:
    assert row_entropy(np.array([[0, 1]])).tolist() == [0]
    assert row_margin(np.array([[0.75, 0.25]], np.float16)).tolist() == [0.5]


def test_threads_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVELOOP_THREADS", "3")
    assert threads.available() == 3
    for wrong in ("0", "two", "-1", ""):
        monkeypatch.setenv("ACTIVELOOP_THREADS", wrong)
        with pytest.raises(ConfigurationError, match="whole number from 1"):
            threads.available()
    monkeypatch.delenv("ACTIVELOOP_THREADS")
    assert threads.available() >= 1


def test_numba_is_imported_only_when_asked_for() -> None:
    code = "import sys, activeloop.metrics; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_error_in_a_thread_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_THREAD_VALUES", 1)

    def work(begin: int, end: int) -> None:
        raise RuntimeError(f"at {begin}")

    with pytest.raises(RuntimeError, match="at 0"):
        threads.share_out(100, 100, work, threads=2)


@needs_numba
@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("C", [1, 2, 10, 31, 32, 100, 300])
def test_compiled_loops_agree(score, dtype, C, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    p = probabilities(700, C, dtype)
    expected = score(p)
    monkeypatch.setenv("ACTIVELOOP_FAST", "1")
    monkeypatch.setattr(threads, "_THREAD_VALUES", 1)
    found = score(p, threads=1)
    assert np.allclose(found, expected, rtol=0, atol=1e-12)
    for other in (score(p, threads=3), score(np.asfortranarray(p)), score(p[::-1])[::-1]):
        assert (other == found).all()


@pytest.mark.skipif(compiled.INSTALLED, reason="numba is installed")
def test_compiled_loops_without_numba_say_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVELOOP_FAST", "1")
    with pytest.raises(MissingDependencyError, match=r"activeloop\[fast\]"):
        row_max(np.ones((1, 1)))
