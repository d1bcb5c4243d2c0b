"""Seeds: numbers that hang on id, seed, component and round, and on nothing else."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest

from activeloop.seeds import Component, generator, id_keys, integer, uniforms


def test_numbers_are_the_same_on_every_machine() -> None:
    """Golden numbers: a change here changes every run that was ever recorded."""
    assert uniforms(id_keys(np.arange(3)), 0, Component.BATCH, 1).round(12).tolist() == [
        0.138686012464,
        0.898292267874,
        0.445713040167,
    ]
    assert id_keys(np.array(["a", "b"])).tolist() == [3405396810240292928, 8453121595177857668]
    assert integer(5, Component.MODEL, 2) == 1799087975
    assert generator(0, Component.START).random(2).round(12).tolist() == [0.080824039173, 0.402437791994]


def test_text_ids_hash_the_same_in_another_process() -> None:
    code = (
        "import numpy as np; from activeloop.seeds import id_keys;"
        "print(id_keys(np.array(['a', 'b'])).tolist())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str(id_keys(np.array(["a", "b"])).tolist())


def test_a_number_belongs_to_its_id_whatever_stands_beside_it() -> None:
    keys = id_keys(np.arange(100))
    alone = [float(uniforms(keys[at : at + 1], 7, Component.ORACLE, 2)[0]) for at in range(100)]
    assert uniforms(keys, 7, Component.ORACLE, 2).tolist() == alone


@pytest.mark.parametrize(("seed", "component", "round"), [(1, 4, 0), (0, 5, 0), (0, 4, 1)])
def test_seed_component_and_round_each_make_other_numbers(seed: int, component: int, round: int) -> None:
    keys = id_keys(np.arange(5000))
    base = uniforms(keys, 0, 4, 0)
    other = uniforms(keys, seed, component, round)
    assert abs(np.corrcoef(base, other)[0, 1]) < 0.05
    assert generator(seed, component, round).random() != generator(0, 4, 0).random()
    assert integer(seed, component, round) != integer(0, 4, 0)


@pytest.mark.parametrize("ids", [np.arange(20_000), np.array([f"img/{at}.png" for at in range(20_000)])])
def test_numbers_are_uniform_and_unlike_their_neighbors(ids: Any) -> None:
    drawn = uniforms(id_keys(ids), 3, Component.TIES)
    assert kstest(drawn, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.03
    assert ((drawn > 0) & (drawn < 1)).all()
    assert len(np.unique(drawn)) == len(ids)


def test_an_integer_fits_a_random_state() -> None:
    assert all(0 <= integer(seed, Component.MODEL, 0) < 2**31 for seed in range(200))
