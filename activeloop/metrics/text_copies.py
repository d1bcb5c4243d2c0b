"""How similar a text is to the most similar other one: signatures find the candidates, sets decide."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict

import numpy as np
from scipy.sparse import csr_array

from activeloop.arrays import Array, FloatArray, IntArray, KeyArray
from activeloop.metrics.metric import Values, metric
from activeloop.metrics.shingles import BANDS, Sets, bands, normal, shingles

_LEAST = 0.7  # found with probability .9997 when there are no crowds
_CROWD = 16  # texts of one band that a text is compared with at most
_AT_ONCE = 1 << 14  # pairs


class Texts:
    """The distinct texts of a reference set, in their own order, to be asked for the most similar one."""

    def __init__(self, texts: Array, ids: Array) -> None:
        self._ids: dict[str, list[object]] = defaultdict(list)
        for text, one in zip(map(normal, texts), ids.tolist(), strict=True):
            self._ids[text].append(one)
        self._texts = sorted(self._ids)
        sets = shingles(self._texts)
        self._known, self._sizes = np.unique(sets.members), sets.sizes
        self._rows = self._matrix(sets)
        keys = bands(sets)
        self._orders = np.argsort(keys, axis=0, kind="stable").T.copy()  # a row for each band
        self._keys = np.take_along_axis(keys.T, self._orders, axis=1)

    def copied(self, text: str, id: object) -> bool:
        """Tell whether an item beside this one has the same text."""
        return any(one != id for one in self._ids.get(text, ()))

    def similarities(self, texts: list[str]) -> FloatArray:
        """Give the largest similarity, (n,), of each text to another text of the set; 0 below 0.7."""
        sets = shingles(texts)
        rows = self._matrix(sets)
        places = np.array([bisect_left(self._texts, text) for text in texts], dtype=np.int64)
        query, other = self._candidates(bands(sets), places)
        differ = (
            np.array([self._texts[at] for at in other], dtype=object) != np.array(texts, dtype=object)[query]
        )
        query, other = query[differ], other[differ]
        best = np.zeros(len(texts))
        for begin in range(0, len(query), _AT_ONCE):
            one, two = query[begin : begin + _AT_ONCE], other[begin : begin + _AT_ONCE]
            shared = np.asarray(rows[one].multiply(self._rows[two]).sum(axis=1)).ravel()
            np.maximum.at(best, one, shared / (sets.sizes[one] + self._sizes[two] - shared))
        return np.where(best >= _LEAST, best, 0.0)

    def _candidates(self, keys: KeyArray, places: IntArray) -> tuple[IntArray, IntArray]:
        """Give the pairs of a text that is asked about and one of the set that share a band."""
        found = [np.empty(0, dtype=np.int64)]
        n = len(self._texts)
        for band in range(BANDS):
            low = np.searchsorted(self._keys[band], keys[:, band], side="left")
            high = np.searchsorted(self._keys[band], keys[:, band], side="right")
            for crowded in np.flatnonzero(high - low > _CROWD):
                # the members of a band are in the order of the texts, so that similar ones are side by side
                members = self._orders[band, low[crowded] : high[crowded]]
                at = low[crowded] + np.searchsorted(members, places[crowded])
                low[crowded] = np.clip(at - _CROWD // 2, low[crowded], high[crowded] - _CROWD)
                high[crowded] = low[crowded] + _CROWD
            counts = high - low
            query = np.repeat(np.arange(len(keys)), counts)
            offset = np.arange(len(query)) - np.repeat(np.cumsum(counts) - counts, counts)
            found.append(query * n + self._orders[band, low[query] + offset])
        pairs = np.unique(np.concatenate(found))
        query, other = np.divmod(pairs, max(n, 1))
        return query, other

    def _matrix(self, sets: Sets) -> csr_array:
        """Give sets as rows, of the members that the reference knows."""
        columns = np.searchsorted(self._known, sets.members)
        known = columns < len(self._known)
        known[known] = self._known[columns[known]] == sets.members[known]
        rows = np.repeat(np.arange(len(sets.sizes)), sets.sizes)[known]
        ones = np.ones(len(rows), dtype=np.int64)
        return csr_array((ones, (rows, columns[known])), shape=(len(sets.sizes), len(self._known)))


@metric("data", needs=("text", "id"), vectorized=True, direction="high", range=(0.0, 1.0), fit=Texts)
def text_similarity(reference: Texts, texts: Array, ids: Array) -> Values:
    """Compute the Jaccard similarity to the most similar other text; 1 = the same, 0 = none reaches 0.7.

    |A ∩ B| / |A ∪ B| of the runs of 5 characters in both, after case, spaces and forms of the same character
    are made alike; exact for every candidate that MinHash finds. It misses a similarity of 0.7 once in 3000
    times, a higher one less often; where more than 16 texts share a band, the 16 next in order are compared.
    NULL, reason `empty`, without characters. Cost: 384 multiplications per character.
    Source: Broder 1997, "On the resemblance and containment of documents".

    >>> texts = np.array(["A fine day it was.", "a fine day  it was!", "Rain."], dtype=object)
    >>> ids = np.arange(3)
    >>> text_similarity(text_similarity.fit(texts, ids), texts, ids).values.round(2).tolist()
    [0.87, 0.87, 0.0]
    """
    normalized = [normal(text) for text in texts]
    copied = [reference.copied(text, one) for text, one in zip(normalized, ids.tolist(), strict=True)]
    values = np.where(copied, 1.0, reference.similarities(normalized))
    empty = [at for at, text in enumerate(normalized) if not text]
    values[empty] = np.nan
    return Values(values, dict.fromkeys(empty, "empty"))
