"""What a column carries is what was given, to the last bit, in the smallest type."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.explorer.columns import Coded, bits, numbers, words


def _read(coded: Coded) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.frombuffer(base64.b64decode(coded["data"]), f"<{coded['type']}").astype(np.float64)


@given(st.lists(st.floats() | st.integers(-5, 2**33).map(float)))
def test_numbers_come_back_exactly(values: list[float]) -> None:
    back = _read(numbers(np.array(values, dtype=float)))
    np.testing.assert_array_equal(back, np.array(values, dtype=float))
    assert np.array_equal(np.signbit(back), np.signbit(values)) or np.isnan(back).any()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 255], "u1"),
        ([0, 256], "u2"),
        ([70_000], "u4"),
        ([2**40], "f4"),
        ([2**40 + 1], "f8"),
        ([-1], "f4"),
        ([0.1], "f8"),
        ([-0.0], "f4"),
        ([float("nan"), 0.5], "f4"),
        ([float("inf")], "f4"),
        ([1e300], "f8"),
        ([], "u1"),
    ],
)
def test_numbers_take_the_smallest_exact_type(values: list[float], kind: str) -> None:
    assert numbers(np.array(values, dtype=float))["type"] == kind
    assert _read(numbers(values)).tolist() == pytest.approx(values, nan_ok=True)


@given(st.lists(st.none() | st.just(float("nan")) | st.text(max_size=3) | st.integers()))
def test_words_come_back_as_texts(cells: list[object]) -> None:
    coded = words(cells)
    found = [None if code == 0 else coded["words"][int(code) - 1] for code in _read(coded["codes"])]
    assert found == [None if one is None or one != one else str(one) for one in cells]


@given(st.integers(1, 70), st.data())
def test_positions_come_back(n: int, data: st.DataObject) -> None:
    positions = data.draw(st.lists(st.integers(0, n - 1)))
    packed = np.frombuffer(base64.b64decode(bits(np.array(positions, dtype=int), n)), np.uint8)
    assert np.flatnonzero(np.unpackbits(packed)[:n]).tolist() == sorted(set(positions))
