"""A campaign from a file to scores: what is kept, what is honest, and that it goes on where it was."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from activeloop.campaign import Campaign, Setup
from activeloop.campaign.driving import driven
from activeloop.campaign.honest import agreed, audit_history, by_chosen
from activeloop.campaign.kept import reopened, write_report
from activeloop.campaign.standing import standing, status
from activeloop.data.to_label import ToLabel
from activeloop.errors import ConfigurationError, StoreError
from activeloop.people.annotation import Said

GOOD = ("lovely", "warm", "funny", "superb", "moving", "clever")
BAD = ("dull", "slow", "noisy", "silly", "flat", "cold")


@pytest.fixture
def reviews(tmp_path: Path) -> ToLabel:
    path = tmp_path / "reviews.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "review", "kind"])
        for at in range(200):
            words = (GOOD, BAD)[at % 2]
            text = f"{words[at % 6]} and {words[at // 6 % 6]}, seen {at} times"
            writer.writerow([at, text, ("film", "book")[at % 3 == 0]])
    return ToLabel(str(path), text="review", classes=("good", "bad"))


def told(campaign: Campaign, who: Iterable[str], n: int) -> None:
    """Let each of these people label n items, without a fault."""
    for name in who:
        for lease in campaign.people.next(name, n):
            label = "good" if str(campaign.item(lease.item)).split()[0] in GOOD else "bad"
            said = Said(f"{name} {lease.token}", lease.ask_id, label, seconds=2.0, lease=lease.token)
            campaign.people.tell(name, said)


def run(campaign: Campaign, rounds: int, who: Iterable[str] = ("ada",)) -> None:
    people = tuple(who)
    campaign.labeling.step()
    while len(campaign.loop.history) < rounds:
        told(campaign, people, 12)
        while campaign.labeling.step():
            pass  # the next round is out before anybody goes on


def test_scores_by_the_audit_and_by_what_was_chosen_are_there(reviews: ToLabel, tmp_path: Path) -> None:
    campaign = Campaign(
        Setup(reviews, batch_rule="softmax", audit=0.3, batch=15), tmp_path / "run.db", tmp_path
    )
    run(campaign, 4)
    annotations = campaign.people.annotations()
    audited = audit_history(campaign, annotations)
    assert audited is not None
    labels = {one.item for one in annotations if one.stream == "audit"}
    assert labels
    assert labels.isdisjoint(campaign.loop.pool.ids.tolist()), "what is audited is never learned"
    for one in audited.rounds:
        assert one.row("accuracy").n == len(labels), "every round is scored on all audit labels"
    assert audited.rounds[-1].score("accuracy") == 1.0
    assert {row.slice for row in audited.rounds[-1].scores} >= {"all", "class good", "kind book"}
    weighted = by_chosen(campaign).rounds[:-1]
    assert all(one.score("accuracy") is not None for one in weighted)
    shown = json.loads(standing(campaign, "reviews").to_json())
    assert any("LURE" in line for line in shown["forecast"])
    assert shown["team"]["labels"] == len(annotations)
    assert sum(one["bought"] for one in shown["bought"] if one["slice"] == "kind book") > 0


def test_without_chances_nothing_is_weighted(reviews: ToLabel, tmp_path: Path) -> None:
    campaign = Campaign(Setup(reviews, audit=0.0), tmp_path / "run.db", tmp_path)
    run(campaign, 3)
    assert audit_history(campaign, campaign.people.annotations()) is None
    row = by_chosen(campaign).rounds[0].row("accuracy")
    assert (row.value, row.reason) == (None, "the strategy picks without chance, so nothing can be weighted")


def test_it_goes_on_where_it_was(reviews: ToLabel, tmp_path: Path) -> None:
    whole = Campaign(Setup(reviews), tmp_path / "whole.db", tmp_path / "whole")
    run(whole, 4)
    folder = tmp_path / "broken"
    for rounds in (1, 2, 3, 4):
        part = reopened(folder) or Campaign(Setup(reviews), folder / "run.db", folder)
        run(part, rounds)
    assert part.loop.history.to_frame().equals(whole.loop.history.to_frame())
    audits = [audit_history(one, one.people.annotations()) for one in (part, whole)]
    assert audits[0] is not None
    assert audits[1] is not None
    assert audits[0].to_frame().equals(audits[1].to_frame())


def test_two_people_agree_and_the_page_says_how_far(reviews: ToLabel, tmp_path: Path) -> None:
    campaign = Campaign(Setup(reviews, needed=2), tmp_path / "run.db", tmp_path)
    run(campaign, 2, ("ada", "ben"))
    rows = {(one.measure, one.slice): one.value for one in agreed(campaign, campaign.people.annotations())}
    assert rows["krippendorff", "all"] == 1.0
    assert ("raw", "kind film") in rows
    assert {one.annotator for one in campaign.people.annotations()} == {"ada", "ben"}


def test_a_report_is_left(reviews: ToLabel, tmp_path: Path) -> None:
    campaign = Campaign(Setup(reviews), tmp_path / "run.db", tmp_path)
    assert write_report(campaign, tmp_path / "first").is_file(), "before anything was told, too"
    run(campaign, 2)
    page = write_report(campaign, tmp_path / "then")
    assert "<script" in page.read_text()
    assert {one.name for one in page.parent.iterdir()} == {"progress.html", "history.csv", "chosen.csv"}


def test_the_line_above_the_page_says_what_the_round_needs(reviews: ToLabel, tmp_path: Path) -> None:
    campaign = Campaign(Setup(reviews, audit=0.0, budget=10), tmp_path / "run.db", tmp_path)
    campaign.labeling.step()
    assert status(campaign)[:3] == (0, 0, 10)
    told(campaign, ("ada",), 4)
    assert status(campaign)[:3] == (0, 4, 10)
    told(campaign, ("ada",), 6)
    campaign.labeling.step()
    campaign.labeling.step()
    assert status(campaign).finished == "the budget of 10 labels is spent"


def test_labels_that_are_known_are_learned_and_not_asked(reviews: ToLabel, tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text("id,label\n" + "".join(f"{at},{('good', 'bad')[at % 2]}\n" for at in range(20)))
    setup = Setup(ToLabel(reviews.path, text="review", classes=("good", "bad"), labels=str(known)))
    campaign = Campaign(setup, tmp_path / "run.db", tmp_path)
    run(campaign, 2)
    assert campaign.loop.history.rounds[0].n_labeled == 20
    asked = {one.item for one in campaign.people.annotations()}
    assert asked.isdisjoint(range(20))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"batch": 0}, "batch is 0; allowed: 1 or more"),
        ({"audit": 1.0}, "audit is 1.0; allowed: a share from 0 to below 1"),
        ({"close": "quorm 0.5"}, r"unknown closing policy 'quorm 0.5'. Allowed: .*quorum SHARE"),
        ({"close": "quorum 2"}, "quorum: share is 2.0"),
        ({"close": "after soon"}, "unknown closing policy 'after soon'"),
        ({"needed": 0}, "needed is 0"),
        ({"reveal": "now"}, "reveal is 'now'; allowed: never, after, before"),
    ],
)
def test_what_cannot_be_used_is_refused(reviews: ToLabel, wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Setup(reviews, **wrong)  # type: ignore[arg-type]


def test_a_setup_comes_back_as_it_was(reviews: ToLabel) -> None:
    setup = Setup(reviews, strategy="entropy", guidelines="be fair", overlap=0.5)
    assert Setup.from_json(setup.to_json()).differs(setup) is None
    assert setup.differs(Setup(reviews, strategy="margin", guidelines="be fair", overlap=0.5)) == (
        "strategy",
        "entropy",
        "margin",
    )
    newer = json.dumps(json.loads(setup.to_json()) | {"mood": "good"})
    with pytest.raises(StoreError, match="'mood', which this activeloop does not know"):
        Setup.from_json(newer)


def test_a_second_process_on_one_campaign_lets_people_label_and_leaves_training_to_the_first(
    reviews: ToLabel, tmp_path: Path
) -> None:
    setup, heard = Setup(reviews, audit=0.0), list[str]()
    campaigns = []
    for _ in range(2):
        campaigns.append(Campaign(setup, tmp_path / "run.db", tmp_path))
        campaigns[-1].labeling.step()
    told(campaigns[1], ("ada",), 10)
    assert [len(one.loop.history) for one in campaigns] == [0, 0]
    (closed,) = campaigns[0].labeling.step()
    assert closed.n_labeled == 10, "what was told at one is heard at the other"
    with driven(campaigns[1], heard.append) as driver:
        driver.wait(30)
        assert not driver.running
        assert driver.failed == ""
    assert heard == ["another process trains this campaign; this one lets people label"]
    campaigns[0].labeling.step()
    told(campaigns[1], ("ben",), 5)
    assert campaigns[0].people.counts("ben").told == 5


def test_doubtful_labels_are_looked_at_by_somebody_else(reviews: ToLabel, tmp_path: Path) -> None:
    setup = Setup(reviews, audit=0.0, batch=20, relabel=0.5)
    campaign = Campaign(setup, tmp_path / "run.db", tmp_path)
    campaign.labeling.step()
    for _ in range(6):
        for lease in campaign.people.next("careless", 20):
            said = Said(f"{lease.token}", lease.ask_id, "good", lease=lease.token)
            campaign.people.tell("careless", said)
            told(campaign, ("careful",), 1)
        while campaign.labeling.step():
            pass
    opinions: dict[object, set[str]] = {}
    for one in campaign.people.annotations():
        opinions.setdefault(one.item, set()).add(one.annotator)
    twice = [item for item, who in opinions.items() if len(who) == 2]
    assert twice, "somebody else was asked"
    assert len(twice) < len(opinions) / 2
