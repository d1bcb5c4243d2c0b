"""What a card says of labeled data: how much, of which classes, asked how, by how many people, how alike."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from activeloop.exports.labeled import LabeledData, iso


class Summary(NamedTuple):
    """Labeled data in numbers.

    agreement   mean over the `n_overlapping` items with two labels or more; None without any
    audit       items of the audit stream that have a label; audit_share is their share of all labels
    """

    name: str
    fingerprint: str
    modality: str
    n_items: int
    n_labeled: int
    outcomes: tuple[tuple[str, int], ...]
    classes: tuple[tuple[str, int], ...]
    strategies: tuple[tuple[str, int], ...]
    n_rounds: int
    n_annotators: int
    n_overlapping: int
    agreement: float | None
    audit: int
    audit_share: float
    first: str | None
    last: str | None
    guidelines: tuple[str, ...]

    def sentences(self) -> tuple[str, ...]:
        """Say how it was labeled, for a card."""
        asked = ", ".join(f"{name} {n:,}" for name, n in self.strategies) or "none"
        agreed = (
            "no item was labeled by two people"
            if self.agreement is None
            else f"{self.agreement:.1%} of the pairs of labels of one item are equal "
            f"({self.n_overlapping:,} items with two or more)"
        )
        when = f", from {self.first} to {self.last}" if self.first else ""
        return (
            f"{self.n_labeled:,} of {self.n_items:,} items have a label.",
            f"Labels by the strategy that asked: {asked}; rounds: {self.n_rounds:,}.",
            f"Annotators: {self.n_annotators:,}{when}; agreement: {agreed}.",
            f"Audit share: {self.audit_share:.1%} of the labels ({self.audit:,}) are of items that were "
            "drawn by chance, and that no model has learned.",
        )


def summary(labeled: LabeledData) -> Summary:
    """Count all that is known, whatever rows are exported."""
    rows, data = labeled.every, labeled.data
    given = [one for one in rows if one.outcome == "label"]
    counted = Counter(one.label for one in given)
    audit = sum(one.stream == "audit" for one in given)
    overlapping = [one.agreement for one in rows if one.agreement is not None]
    times = [at for one in rows for at in (one.first, one.last) if at is not None]
    return Summary(
        name=data.name,
        fingerprint=data.fingerprint(),
        modality=labeled.modality,
        n_items=len(data),
        n_labeled=len(given),
        outcomes=tuple(sorted(Counter(one.outcome for one in rows if one.outcome).items())),
        classes=tuple((str(one), counted[one]) for one in data.classes or ()),
        strategies=tuple(sorted(Counter(one.strategy or one.stream for one in given).items())),
        n_rounds=len({one.round for one in rows if one.round is not None}),
        n_annotators=len({name for one in rows for name in one.annotators}),
        n_overlapping=len(overlapping),
        agreement=float(np.mean(overlapping)) if overlapping else None,
        audit=audit,
        audit_share=audit / len(given) if given else 0.0,
        first=iso(min(times, default=None)),
        last=iso(max(times, default=None)),
        guidelines=tuple(sorted({one.guidelines for one in rows if one.guidelines})),
    )
