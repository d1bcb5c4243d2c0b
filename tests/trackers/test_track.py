"""Runs as trackers keep them: all that is defined, names that every tracker takes, ids that last."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop.errors import MissingDependencyError, UnknownNameError
from activeloop.trackers import export, tracks
from activeloop.trackers.package import package
from activeloop.trackers.track import distinct, safe
from tests.trackers.made_study import VERDICTS, curves, study

SAFE = re.compile(r"[\w.-]+")


def test_a_run_holds_every_value_that_is_defined_once() -> None:
    made = study()
    found = tracks(made)
    assert [one.name for one in found] == [
        "random, seed 0",
        "random, seed 1",
        "margin, seed 0",
        "margin, seed 1",
    ]
    for one in found:
        parameters = dict(one.parameters)
        assert list(parameters) == ["study", "strategy", "seed"]
        expected = curves(made, parameters["strategy"], parameters["seed"])
        assert len(one.values) == sum(map(len, expected.values())) < len(made.history) / 4
        assert {(value.name, value.step): value.value for value in one.values} == {
            (name, step): value for name, steps in expected.items() for step, value in steps.items()
        }
        assert [value.step for value in one.values] == sorted(value.step for value in one.values)
    assert [dict(one.verdicts) for one in found] == [VERDICTS, {}, {}, VERDICTS]
    assert found[0].status == "complete"


def test_of_rounds_that_bought_nothing_the_last_counts() -> None:
    made = study(rounds=3)
    history = made.history.copy()
    history.loc[history["round"] == 2, "n_labeled"] = 40
    found = tracks(replace(made, history=history))
    assert {value.step for one in found for value in one.values} == {20, 40}
    last = history[(history["round"] == 2) & (history["slice"] == "all") & (history["score"] == "accuracy")]
    assert [
        value.value for one in found for value in one.values if value[:2] == (40, "all/accuracy")
    ] == last["value"].tolist()


def test_runs_that_never_began_are_left_out_and_those_that_failed_are_told() -> None:
    made = study()
    more = pd.DataFrame(
        [["margin", 7, "broken", "not started", 0, 0], ["margin", 8, "failed", "no disk", 0, 0]],
        columns=made.runs.columns,
    )
    found = tracks(replace(made, runs=pd.concat([made.runs, more])))
    assert [(one.name, one.status, one.reason, one.values) for one in found[4:]] == [
        ("margin, seed 8", "failed", "no disk", ())
    ]


def test_whatever_tells_runs_apart_is_a_parameter() -> None:
    made = study()
    wide = {
        name: pd.concat([getattr(made, name).assign(data=data, batch_size=10) for data in ("heart", "wine")])
        for name in ("history", "runs", "cases")
    }
    found = tracks(replace(made, **wide))
    assert len(found) == len({one.key for one in found}) == 8
    assert dict(found[0].parameters) == {
        "study": "digits", "strategy": "random", "seed": 0, "data": "heart", "batch_size": 10,
    }  # fmt: skip
    assert found[0].name == "random, seed 0, heart, batch size 10"
    assert found[0].values == tracks(made)[0].values


def test_the_key_of_a_run_stays_and_its_digest_changes_with_what_it_holds() -> None:
    first, later = tracks(study(rounds=3)), tracks(study(rounds=4))
    assert [one.key for one in first] == [one.key for one in later]
    assert len({one.key for one in first}) == 4
    assert [one.digest for one in first] == [one.digest for one in tracks(study(rounds=3))]
    assert not {one.digest for one in first} & {one.digest for one in later}


@given(st.lists(st.text(max_size=120), unique=True))
def test_names_are_safe_and_no_two_things_share_one(names: list[str]) -> None:
    made = distinct((name, safe(name)) for name in names)
    assert len(set(made.values())) == len(names)
    for one in made.values():
        assert SAFE.fullmatch(one)
        assert set(one) != {"."}
        assert not one.startswith(".")


def test_an_unknown_tracker_and_a_package_that_is_missing_are_said() -> None:
    with pytest.raises(UnknownNameError, match="unknown tracker 'mlflw'; did you mean 'mlflow'"):
        export(study(), "mlflw", "anywhere")
    with pytest.raises(MissingDependencyError, match=r"no_such is needed to export to wandb.*\[wandb\]"):
        package("no_such.module", "wandb")


def test_a_value_is_a_plain_number() -> None:
    assert {type(value.value) for one in tracks(study()) for value in one.values} == {float}
    assert {type(value.step) for one in tracks(study()) for value in one.values} == {int}
    assert not any(np.isnan(value.value) for one in tracks(study()) for value in one.values)
