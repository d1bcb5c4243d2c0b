"""The golden record: the items that each strategy and batch rule asks for do not change by accident."""

from __future__ import annotations

from tests.golden import renew


def test_each_strategy_asks_for_the_recorded_items() -> None:
    asked, recorded = list(renew.rows()), renew.read()
    assert len(recorded) > 80
    differ = [
        f"{one} (recorded: {was['ids']})" for one, was in zip(asked, recorded, strict=True) if one != was
    ]
    assert not differ, (
        f"{len(differ)} of {len(recorded)} batches are not those of tests/golden/asked.csv, the first: "
        f"{differ[0]}. If that is meant, renew the record with `python tests/golden/renew.py` and tell it in "
        "the changelog: runs recorded before will not be repeated by this version."
    )
