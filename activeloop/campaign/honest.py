"""What is known of a model without a labeled test set: scores on audit labels, agreement, a forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from activeloop.agreement import agreement
from activeloop.agreement.table import AgreementRow
from activeloop.audit import SaidOf, audited, forecast
from activeloop.campaign.campaign import RUN, Campaign
from activeloop.campaign.chosen import weighted
from activeloop.campaign.setup import SCORING
from activeloop.consensus.votes import Votes
from activeloop.errors import ActiveloopError
from activeloop.history import History
from activeloop.people.annotation import Annotation
from activeloop.store import open_store

AHEAD = 0.5
"""The forecast is for half of the errors that are left."""


def audit_labels(annotations: Sequence[Annotation]) -> dict[int | str, Any]:
    """Give the labels of the audit items so far: of several the most frequent, the first at a tie."""
    said: dict[int | str, list[Any]] = {}
    for one in annotations:
        if one.stream == "audit" and one.outcome == "label":
            said.setdefault(one.item, []).append(one.value)
    return {item: max(values, key=values.count) for item, values in said.items()}


def audit_history(campaign: Campaign, annotations: Sequence[Annotation]) -> History | None:
    """Give the history with the scores of every round on all audit labels; None without an audit stream."""
    if campaign.recorder is None:
        return None
    labels = audit_labels(annotations)
    ids = campaign.audit.ids
    said = [
        SaidOf(one.number, ids, np.array(predicted.tolist()))
        for one in campaign.loop.history.rounds
        if (predicted := campaign.recorder.predicted(one.number)) is not None
    ]
    slices = campaign.items_of_slices | _classes(campaign, labels)
    task = campaign.data.task
    return audited(campaign.loop.history, said, labels, campaign.data.classes, SCORING[task], slices)


def _classes(campaign: Campaign, labels: Mapping[Any, Any]) -> dict[str, frozenset[Any]]:
    """Give the ids of each slice by class, by the labels that are known."""
    names = {one.name for one in campaign.slicing.slices} - campaign.items_of_slices.keys()
    return {
        name: frozenset(item for item, label in labels.items() if f"class {label}" == name)
        for name in sorted(names)
    }


def agreed(campaign: Campaign, annotations: Sequence[Annotation]) -> tuple[AgreementRow, ...]:
    """Give how far people agree; nothing while no item has labels of two."""
    votes = Votes.among(annotations, campaign.data.classes)
    if not len(votes) or votes.per_item.max() < 2:
        return ()
    return agreement(votes, campaign.items_of_slices).rows


def by_chosen(campaign: Campaign) -> History:
    """Give the history with scores on the pool, by the labels that the strategy chose, weighted (LURE)."""
    store: Any = open_store(campaign.store)
    try:
        events = store.events(RUN)
    finally:
        store.close()
    return weighted(campaign.loop, events, campaign.chosen, SCORING[campaign.data.task])


def told_by_chosen(campaign: Campaign) -> tuple[str, ...]:
    """Say what the labels that the strategy chose tell of the newest model that they can tell of."""
    name = SCORING[campaign.data.task][0]
    for one in reversed(by_chosen(campaign).rounds):
        row = one.row(name)
        if row.value is not None:
            between = f", 95 % {row.low:.3f} to {row.high:.3f}" if row.low is not None else f"; {row.reason}"
            return (
                f"{name} on the pool after round {one.number}, by the {row.n} labels chosen next, weighted "
                f"by their chances (LURE): {row.value:.3f}{between}",
            )
    return ()


def told_ahead(
    history: History | None, campaign: Campaign, annotations: Sequence[Annotation]
) -> tuple[str, ...]:
    """Say how many labels it may take until half of the errors are gone, or why nobody knows."""
    if history is None or campaign.recorder is None or campaign.data.classes is None or history.last is None:
        return ()
    labels = audit_labels(annotations)
    place = {one: at for at, one in enumerate(campaign.audit.ids.tolist())}
    rows = [place[one] for one in labels]
    rounds, right = [], []
    for one in history.rounds:
        predicted = campaign.recorder.predicted(one.number)
        if predicted is not None:
            rounds.append(one.n_labeled)
            right.append([predicted[row] == label for row, label in zip(rows, labels.values(), strict=True)])
    if not rounds or not rows:
        return ()
    values = np.array(right, dtype=np.float64).T
    target = 1.0 - AHEAD * (1.0 - float(values[:, -1].mean()))
    try:
        found = forecast(np.array(rounds), values, target, seed=campaign.setup.seed)
    except ActiveloopError as error:
        return (f"accuracy {target:.3f} (half of the errors): {error}",)
    if found.labels is None:
        return (f"accuracy {target:.3f} (half of the errors): {found.reason}",)
    high = "no end can be told" if found.high is None else f"{found.high:.0f}"
    return (
        f"accuracy {target:.3f} (half of the errors) at about {found.labels:.0f} labels in all "
        f"(95 %: {found.low:.0f} to {high}), if all goes on as it has",
    )
