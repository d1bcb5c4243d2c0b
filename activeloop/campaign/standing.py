"""How a campaign stands: what the labeling page says in a line, and what the progress page shows."""

from __future__ import annotations

import time

from activeloop.campaign.campaign import Campaign
from activeloop.campaign.honest import agreed, audit_history, told_ahead, told_by_chosen
from activeloop.label.desk import Desk, Prediction, Status
from activeloop.label.pictures import FolderPictures
from activeloop.label.showing import Show, shown
from activeloop.progress_page import Progress, progress


def status(campaign: Campaign, failed: str = "") -> Status:
    """Say what the round needs, and what the model does."""
    driven, setup = campaign.labeling, campaign.setup
    counts = campaign.people.counts()
    needed = counts.asked if setup.close != "batch" else min(setup.batch, counts.asked)
    return Status(
        round=len(campaign.loop.history),
        done=min(counts.answered, needed),
        needed=needed,
        training=driven.training,
        finished=failed or driven.stopped or "",
    )


def shows(campaign: Campaign) -> Show:
    """Give what shows the items; a picture is read from the folder that is labeled, and from nowhere else."""
    return FolderPictures(campaign.setup.data.path) if campaign.modality == "image" else shown


def desk(campaign: Campaign, title: str) -> Desk:
    """Give the page what it needs of a campaign."""

    def predict(item: int | str) -> Prediction | None:
        said = campaign.predict(item)
        return None if said is None else Prediction(*said)

    return Desk(
        campaign.people,
        campaign.item,
        show=shows(campaign),
        title=title,
        guidelines=campaign.setup.guidelines,
        status=lambda: status(campaign),
        predict=predict,
    )


def standing(campaign: Campaign, title: str) -> Progress:
    """Put together what the progress page shows, from what is stored by now."""
    annotations = campaign.people.annotations()
    audited = audit_history(campaign, annotations)
    of_item: dict[int | str, list[str]] = {}
    for name, items in campaign.items_of_slices.items():
        for one in items:
            of_item.setdefault(one, []).append(name)
    now = campaign.labeling
    return progress(
        title,
        at=time.time(),
        annotations=annotations,
        history=campaign.loop.history,
        audit=None if audited is None else audited.to_frame(),
        agreement=agreed(campaign, annotations),
        forecast=(*told_ahead(audited, campaign, annotations), *told_by_chosen(campaign)),
        state="the model is training" if now.training else "waiting for answers",
        stopped=now.stopped,
        slices_of=lambda item: of_item.get(item, ()),
    )
