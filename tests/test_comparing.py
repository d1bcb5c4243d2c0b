"""al.compare: from a file, or from what Python has, to a comparison; the same folder goes on."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

import activeloop as al
from activeloop.candidates import Candidates
from activeloop.comparison import SettingRuns
from activeloop.errors import ActiveloopError, ConfigurationError, StoreError
from activeloop.history import History

SMALL: dict[str, Any] = {"data": "iris", "strategies": ["margin"], "seeds": 2, "budget": 30}


def widest(candidates: Candidates) -> Any:
    return candidates.features[:, 3]


def enough(history: History) -> str | None:
    return "enough" if len(history) > 1 else None


def highest(runs: SettingRuns) -> Any:
    return np.nanmax(runs.values, axis=1)


def test_what_python_has_is_compared_as_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(
        '[study]\nname = "comparison"\n[[data]]\nname = "iris"\n[[data]]\nname = "wine"\n'
        '[loop]\nstrategies = ["margin"]\nseeds = 2\nbatch_size = [10]\nbudget = 30\n'
        '[[model]]\ncalled = "nb"\nname = "sklearn.naive_bayes:GaussianNB"\n[[slices]]\nby = "class"\n'
    )
    file = al.compare(tmp_path / "study.toml", out=tmp_path / "out")
    both = {"iris": al.load("iris"), "wine": "wine"}
    here = al.compare(**SMALL | {"data": both}, model={"nb": GaussianNB()}, slices=["class"])
    assert here.runs.runs == file.runs.runs
    pd.testing.assert_frame_equal(here.against, file.against)
    pd.testing.assert_frame_equal(here.saved, file.saved)


def test_every_kind_of_plug_in_may_be_given() -> None:
    found = al.compare(
        **SMALL
        | {
            "strategies": {"widest": widest, "by entropy": "entropy", "even": al.Strategy(widest, name="x")},
            "model": {"lr": LogisticRegression(max_iter=1000), "nb": "sklearn.naive_bayes:GaussianNB"},
        },
        oracle={"exact": None, "noisy": {"noise": 0.3}},
        stop=[enough],
        measures=["area", highest],
        batch_size=[5, 10],
    )
    assert found.runs.strategies == ("random", "widest", "by entropy", "even")
    assert len(found.runs.runs) == 2 * 2 * 2 * 4 * 2
    assert found.measures == ("area", "highest")
    assert {run.reason for run in found.runs.runs} == {"enough"}
    rows = found.measured.set_index(["model", "oracle", "batch_size", "strategy", "measure"])["value"]
    assert rows.loc["nb", "exact", 10, "widest", "highest"] >= rows.loc["nb", "exact", 10, "widest", "area"]
    same = rows.xs("widest", level="strategy").to_numpy() == rows.xs("even", level="strategy").to_numpy()
    assert same.all()


@pytest.mark.parametrize(
    ("name", "value"),
    [("data", "iris"), ("seeds", 3), ("measures", ["final"]), ("budget", 20), ("test", "t")],
)
def test_what_a_study_file_says_itself_is_refused_beside_it(tmp_path: Path, name: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"has its own {name}; give it alone"):
        al.compare(tmp_path / "study.toml", out=tmp_path / "out", workers=2, **{name: value})
    assert not (tmp_path / "out").exists()


def test_the_same_folder_goes_on_and_computes_only_what_is_new(tmp_path: Path) -> None:
    al.compare(**SMALL, out=tmp_path)
    written = (tmp_path / "run.db").read_bytes()
    first = al.compare(**SMALL, out=tmp_path)
    assert (tmp_path / "run.db").read_bytes() == written
    more = al.compare(
        **SMALL | {"data": {"iris": "iris", "wine": "wine"}, "strategies": ["margin", "entropy"], "seeds": 3},
        out=tmp_path,
    )
    assert len(more.runs.runs) == 2 * 3 * 3
    ours = more.measured.merge(first.measured, on=["data", "strategy", "seeds"], how="inner")
    assert ours.empty
    old = more.per_seed.merge(first.per_seed, on=["data", "strategy", "seed", "measure"])
    assert len(old) == len(first.per_seed)
    assert (old["value_x"] == old["value_y"]).all()


def test_another_study_in_the_folder_is_refused(tmp_path: Path) -> None:
    al.compare(**SMALL, out=tmp_path)
    with pytest.raises(StoreError, match=r"another study: loop\.budget is 30 there and 40 here"):
        al.compare(**SMALL | {"budget": 40}, out=tmp_path)


def test_a_strategy_that_always_fails_is_told_and_the_rest_compared() -> None:
    def broken(candidates: Candidates) -> Any:
        raise ValueError("never works")

    found = al.compare(**SMALL | {"strategies": ["margin", broken]})
    verdicts = found.against.set_index(["strategy", "measure"])["verdict"]
    assert verdicts["broken", "area"] == "not comparable"
    assert any("broken" in one for one in found.warnings)
    assert {run.reason for run in found.runs.runs if run.strategy == "broken"} == {"ValueError: never works"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"data": 3}, ["data", "int", "a Dataset"]),
        ({"data": None}, ["data", "NoneType"]),
        ({"strategies": [3]}, ["strategy", "int"]),
        ({"strategies": ["margn"]}, ["'margn'", "did you mean 'margin'"]),
        ({"budget": None}, ["name a budget"]),
        ({"measures": ["aera"]}, ["'aera'", "did you mean 'area'"]),
        ({"measures": [3]}, ["measure", "int"]),
        ({"baseline": "marg"}, ["baseline", "did you mean 'margin'"]),
        ({"loop": {"batchsize": 3}}, ["'batchsize'", "did you mean 'batch_size'"]),
        ({"oracle": {"noisy": {"noise": 2}}}, ["noise", "2"]),
        ({"seeds": 0}, ["seeds", "0"]),
        ({"study": "study.toml"}, ["give it alone"]),
        ({"backend": "lokky"}, ["'lokky'", "did you mean 'loky'"]),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(
    given: dict[str, Any], said: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ActiveloopError) as caught:
        al.compare(**SMALL | {"out": tmp_path / "out"} | given)
    for words in said:
        assert words in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_study_of_names_that_python_gave_says_so_when_they_are_gone(tmp_path: Path) -> None:
    from activeloop import study as studies

    al.compare(**SMALL | {"strategies": [widest]}, out=tmp_path)
    again = studies.recalled(tmp_path)
    with pytest.raises(ActiveloopError, match="unknown strategy 'widest'"):
        studies.check(again)


def test_an_unknown_kind_of_seed_is_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match="seeds"):
        al.compare(**SMALL | {"seeds": "many"})


def test_slices_of_other_data_sets_are_no_slices_of_this_one() -> None:
    found = al.compare(**SMALL | {"data": {"iris": "iris", "wine": "wine"}}, slices=["class"])
    assert len(found.runs.slices) == 7
    for name, own in (("iris", "class setosa"), ("wine", "class class_0")):
        rows = found.against[found.against["data"] == name]
        assert rows["slice"].nunique() == 4
        assert own in set(rows["slice"])
    counted = found.by_slice().set_index("data")["insufficient"]
    assert counted.to_dict() == {"iris": 3, "wine": 3}
