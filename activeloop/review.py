"""What a person should look at first: outliers, duplicates and label errors, ranked, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from activeloop.arrays import Array
from activeloop.explorer import Finding
from activeloop.index import Index
from activeloop.metrics import hamming, perceptual
from activeloop.metrics.duplicates import duplicates as near_in_space
from activeloop.metrics.label_errors import label_errors as probable_errors
from activeloop.out_of_sample import out_of_sample
from activeloop.statistics import outliers as outside

HASHES = ("perceptual_hash", "pixel_hash")

# Chance, ranks and hashes: their values are spread evenly on purpose, so the ends of them are no outliers.
EVEN = ("random", "diversity_rank", *HASHES)


def outliers(index: Index, metrics: Iterable[str] | None = None) -> tuple[Finding, ...]:
    """List the outliers of each metric, or of some: extreme before mild, then the furthest first.

    Metrics that are spread evenly by definition have none.

    >>> from activeloop.data import Dataset
    >>> index = Index(Dataset(["a" * n for n in range(1, 21)] + ["b" * 90]))
    >>> _ = index.compute(["text_characters"])
    >>> [(one.id, one.severity) for one in outliers(index)]
    [(20, 'extreme')]
    """
    found = []
    known = index.metrics
    for name in known if metrics is None else metrics:
        if metrics is None and not has_outliers(name):
            continue
        out = outside(index.column(name))
        ids = index.ids[out.positions].tolist()
        found += [
            Finding(one, out.reason(at, name), name, float(out.statistic[at]), str(out.severity[at]))
            for at, one in enumerate(ids)
        ]
    return tuple(sorted(found, key=lambda one: (one.severity != "extreme", -one.statistic)))


def has_outliers(name: str) -> bool:
    """Say whether the ends of a metric can be out of the usual."""
    return name not in EVEN


def duplicates(index: Index) -> tuple[Finding, ...]:
    """List groups of exact and near duplicates: of images by their hashes, of other items by the embedding.

    Every item but the first of its group is listed; exact copies come first.
    """
    if by_hashes(index):
        return _alike(index)
    found = []
    for at, group in enumerate(near_in_space(index)):
        severity = "exact" if group.exact else "near"
        found += [
            Finding(
                one, group.reason, "embedding", float(distance), severity, group.ids[:1], f"group {at + 1}"
            )
            for one, distance in zip(group.ids[1:], group.distances[1:].tolist(), strict=True)
        ]
    return tuple(found)


def by_hashes(index: Index) -> bool:
    """Say whether duplicates are found by hashes, without a comparison of all pairs."""
    return "perceptual_hash" in index.metrics


def _alike(index: Index) -> tuple[Finding, ...]:
    found, seen = [], set()
    for metric, radius, severity in (
        ("pixel_hash", 0, "exact"),
        ("perceptual_hash", perceptual.RADIUS, "near"),
    ):
        if metric not in index.metrics:
            continue
        bits = hamming.BITS if radius == 0 else perceptual.HASH_BITS
        for at, group in enumerate(hamming.groups(index.column(metric), radius, bits)):
            ids = sorted(index.ids[group].tolist())
            if severity == "near" and all(one in seen for one in ids[1:]):
                continue
            how = (
                "the same pixels"
                if severity == "exact"
                else f"at most {radius} of {bits} bits apart in a chain"
            )
            reason = f"looks like {ids[0]!r}: one of {len(ids)} images with {how}"
            found += [
                Finding(one, reason, metric, float(radius), severity, (ids[0],), f"{severity} {at + 1}")
                for one in ids[1:]
                if one not in seen
            ]
            seen.update(ids[1:])
    return tuple(found)


def label_errors(index: Index, probabilities: Array | None = None) -> tuple[Finding, ...]:
    """List the items whose label is probably wrong, by what a model says that did not learn it.

    `probabilities` are (n, C), of such models; by default the default model's, in cross-validation.
    """
    said = out_of_sample(index.data).probabilities if probabilities is None else probabilities
    if said is None:
        return ()
    return tuple(
        Finding(one.id, one.reason, "label_quality", one.statistic)
        for one in probable_errors(index.data, np.asarray(said))
    )
