"""Every random choice, from one seed: a generator a component and round, or a number that belongs to an id.

A choice about *items* uses `uniforms`: its number hangs on the item's id, the seed, the component and the
round, and on nothing else, so the order of the pool, the batch, the number of workers and the machine cannot
change it. Any other choice uses `generator`.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from functools import lru_cache

import numpy as np

from activeloop.arrays import Array, FloatArray, KeyArray


class Component(IntEnum):
    """Who draws: each part of a run has a stream of its own."""

    SPLIT = 1
    START = 2
    STRATEGY = 3
    BATCH = 4
    TIES = 5
    MODEL = 6
    ORACLE = 7
    BLOCKS = 8
    METRIC = 9
    MIX = 10
    PERMUTATION = 11
    HALVES = 12
    FOLDS = 13
    BOOTSTRAP = 14
    POSTERIOR = 15
    AUDIT = 16
    FORECAST = 17
    ORDER = 18
    OVERLAP = 19
    TURN = 20


def _sequence(seed: int, component: int, round: int) -> np.random.SeedSequence:
    return np.random.SeedSequence([seed, component, round])


def generator(seed: int, component: int, round: int = 0) -> np.random.Generator:
    """Give the generator of one component in one round.

    >>> one, same = generator(0, Component.START, 1), generator(0, Component.START, 1)
    >>> bool(one.random() == same.random())
    True
    """
    return np.random.Generator(np.random.PCG64(_sequence(seed, component, round)))


def integer(seed: int, component: int, round: int = 0) -> int:
    """Give one integer in [0, 2**31), as scikit-learn's `random_state` takes it."""
    return int(_sequence(seed, component, round).generate_state(1, np.uint32)[0] >> 1)


def id_keys(ids: Array) -> KeyArray:
    """Give a 64-bit key per id, the same on every machine: the integer itself, or a hash of the text.

    >>> id_keys(np.array(["a", "b", "a"])).tolist().count(id_keys(np.array(["a"]))[0])
    2
    """
    if ids.dtype.kind in "iu":
        return ids.astype(np.int64).view(np.uint64)
    digests = (hashlib.blake2b(str(one).encode(), digest_size=8).digest() for one in ids)
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def uniforms(keys: KeyArray, seed: int, component: int, round: int = 0) -> FloatArray:
    """Give a uniform number in (0, 1) per key, by hashing it with the seed, the component and the round.

    The mix is the finaliser of splitmix64 (Steele, Lea, Flood 2014), applied twice around the salt.

    >>> keys = id_keys(np.arange(3))
    >>> bool((uniforms(keys, 0, Component.TIES)[::-1] == uniforms(keys[::-1], 0, Component.TIES)).all())
    True
    """
    salts = _salts(seed, component, round)
    mixed = mix(mix(keys ^ salts[0]) + salts[1])
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


@lru_cache(maxsize=256)
def _salts(seed: int, component: int, round: int) -> KeyArray:
    return _sequence(seed, component, round).generate_state(2, np.uint64).astype(np.uint64)


def mix(x: KeyArray) -> KeyArray:
    """Scatter 64-bit numbers, one to one, so that near numbers come to lie far from each other."""
    with np.errstate(over="ignore"):
        x = x + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))
