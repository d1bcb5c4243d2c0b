"""Texts as sets of short pieces, and short signatures that similar sets are likely to share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from activeloop.arrays import IntArray, KeyArray
from activeloop.seeds import Component, generator

_LENGTH = 5
_CHARACTERS = 1 << 20  # of all the texts that are in work at once
_TEXTS, _MEMBERS = 1 << 12, 1 << 13
BANDS, ROWS = 64, 6  # two sets of similarity s share a band with probability 1 − (1 − s⁶)⁶⁴: .9997 at .7


class Sets(NamedTuple):
    """The pieces of many texts: 64-bit keys, rising within each text, and how many each text has, (n,)."""

    members: KeyArray
    sizes: IntArray


def normal(text: str) -> str:
    """Give a text without what hardly tells two apart: case, kinds of space, kinds of the same character.

    >>> normal("  Ｆine\u00a0\tDay "), normal("Cafe\u0301") == normal("CAFÉ")
    ('fine day', True)
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def shingles(texts: Sequence[str]) -> Sets:
    """Give the distinct runs of 5 characters of each text; one of a shorter text, none of an empty one.

    >>> shingles(["abcdef", "aaaaaaaaa", "ab", ""]).sizes.tolist()
    [2, 1, 1, 0]
    """
    made = [_distinct(part) for part in _parts(texts)]
    members = [np.empty(0, dtype=np.uint64), *(one.members for one in made)]
    return Sets(
        np.concatenate(members), np.concatenate([np.empty(0, np.int64), *(one.sizes for one in made)])
    )


def bands(sets: Sets) -> KeyArray:
    """Give the keys of the bands of each set, (n, 64): MinHash signatures of 384, 6 of them to a band.

    Source: Broder 1997, "On the resemblance and containment of documents"; bands as in Leskovec, Rajaraman
    and Ullman, "Mining of massive datasets", 3.4.
    """
    draw = generator(0, Component.METRIC)
    factors = draw.integers(0, 1 << 63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    ends = np.cumsum(sets.sizes)
    keys = np.zeros((len(ends), BANDS), dtype=np.uint64)
    for begin in range(0, len(ends), _TEXTS):
        part = slice(begin, begin + _TEXTS)
        members = sets.members[ends[begin] - sets.sizes[begin] : ends[part][-1]]
        least = _least(Sets(members, sets.sizes[part]), factors)
        for row in range(ROWS):
            keys[part] = _mixed(keys[part] ^ least[:, row::ROWS])
    return keys


def _least(sets: Sets, factors: KeyArray) -> KeyArray:
    """Give the least of the products of each factor with the members of each set, (n, factors)."""
    least = np.full((len(sets.sizes), len(factors)), np.iinfo(np.uint64).max)
    owner = np.repeat(np.arange(len(sets.sizes)), sets.sizes)
    for begin in range(0, len(owner), _MEMBERS):
        rows, first = np.unique(owner[begin : begin + _MEMBERS], return_index=True)
        hashed = np.multiply.outer(sets.members[begin : begin + _MEMBERS], factors)
        least[rows] = np.minimum(least[rows], np.minimum.reduceat(hashed, first, axis=0))
    return least


def _parts(texts: Sequence[str]) -> Iterator[list[str]]:
    part, characters = [], 0
    for text in texts:
        part.append(text)
        characters += len(text)
        if characters > _CHARACTERS:
            yield part
            part, characters = [], 0
    if part:
        yield part


def _distinct(texts: list[str]) -> Sets:
    padded = [text.ljust(_LENGTH, "\0") if text else "" for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
    keys = np.zeros(max(0, len(codes) - _LENGTH + 1), dtype=np.uint64)
    for at in range(_LENGTH):
        keys = _mixed(keys ^ codes[at : at + len(keys)])
    inside = owner[: len(keys)] == owner[_LENGTH - 1 :]  # not from the end of one text into the next
    keys, owner = keys[inside], owner[: len(keys)][inside]
    order = np.lexsort((keys, owner))
    keys, owner = keys[order], owner[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = (keys[1:] != keys[:-1]) | (owner[1:] != owner[:-1])
    return Sets(keys[new], np.bincount(owner[new], minlength=len(texts)))


def _mixed(keys: KeyArray) -> KeyArray:
    """Spread the bits: a step of splitmix64."""
    keys = keys + np.uint64(0x9E3779B97F4A7C15)
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: KeyArray = keys ^ (keys >> np.uint64(31))
    return mixed
