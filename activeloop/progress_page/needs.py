"""Which slices lack labels: to learn from, by their share of the pool; to be judged by, for a verdict."""

from __future__ import annotations

from collections.abc import Mapping

from activeloop.history import Bought, Round
from activeloop.progress_page.progress import Need

FEW = 0.5


def needs(last: Round | None, measured: Mapping[str, int], support: int) -> tuple[Need, ...]:
    """Give what each slice has and lacks, those that lack most first.

    A slice lacks labels to learn from when its share of the labels is below half of its share of the pool,
    and labels to be judged by when its scores rest on fewer than `support`.
    """
    bought = {one.slice: one for one in last.slices} if last else {}
    names = dict.fromkeys(name for name in (*bought, *measured) if name != "all")
    rows = [_need(name, bought.get(name), measured.get(name), support) for name in names]
    return tuple(
        sorted(rows, key=lambda row: (not row.lacks, 1.0 if row.ratio is None else row.ratio, row.slice))
    )


def _need(name: str, bought: Bought | None, measured: int | None, support: int) -> Need:
    share = bought.labeled_share if bought else None
    pool_share = bought.pool_share if bought else None
    ratio = share / pool_share if share is not None and pool_share else None
    lacks = []
    if ratio is not None and ratio < FEW:
        lacks.append("labels to learn from")
    if measured is not None and measured < support:
        lacks.append(f"{support - measured} more to be judged")
    return Need(
        slice=name,
        labels=bought.n_labeled_in_slice if bought else 0,
        share=share,
        pool_share=pool_share,
        ratio=ratio,
        measured=measured,
        support=support,
        lacks=", ".join(lacks),
    )
