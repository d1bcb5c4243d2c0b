"""The index: what is computed, kept, followed, sorted, sliced, tagged and exported."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import activeloop as al
from activeloop.data import Dataset, image_folder
from activeloop.errors import DataError, MetricError, SliceError, StoreError, UnknownNameError
from activeloop.index import Index
from activeloop.index.export import write
from activeloop.metrics import Metric, metric
from activeloop.slices import Tag, by_quantile, where
from activeloop.slices.slice import Slice

HERE = Path(__file__).parent
TEXTS = ["a text", "", "three little words", "none", "bad"]


class Counting:
    """A metric function that remembers what it was asked."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def __call__(self, item: Any) -> int:
        self.seen.append(item)
        return len(item)

    def metric(self, **told: Any) -> Metric:
        return Metric(self, **({"name": "length", "kind": "data"} | told))


def _texts(n: int) -> list[str]:
    return [f"{'word ' * (at % 7)}{at}" for at in range(n)]


def test_values_and_reasons_of_every_item() -> None:
    index = Index(Dataset([*TEXTS, "endless"]), folder=HERE)
    done = index.compute(["plugin_metrics.py:touchy"])
    values, reasons = index.values("touchy")
    assert values[:3].tolist() == [6, 0, 18]
    assert np.isnan(values[3:]).all()
    assert reasons == {
        3: "not_applicable",
        4: "failed: RuntimeError: this one is bad",
        5: "failed: gave inf",
    }
    assert (done.computed, done.kept, done.failed) == (6, 0, 2)


def test_nothing_is_computed_twice(tmp_path: Path) -> None:
    for expected in (700, 0):
        counting = Counting()
        done = Index(Dataset(_texts(700)), tmp_path / "texts.index").compute([counting.metric()])
        assert len(counting.seen) == done.computed == expected
        assert done.kept == 700 - expected


def test_only_what_has_changed_is_computed_again(tmp_path: Path) -> None:
    texts = _texts(1200)
    Index(Dataset(texts), tmp_path / "i").compute([Counting().metric()])
    texts[3], texts[1100] = "changed", "changed, too"
    counting = Counting()
    index = Index(Dataset(texts), tmp_path / "i")
    index.compute([counting.metric()])
    assert counting.seen == ["changed", "changed, too"]
    assert index.column("length").tolist() == [len(one) for one in texts]


def test_a_new_version_or_parameter_is_another_metric(tmp_path: Path) -> None:
    data = Dataset(_texts(10))
    Index(data, tmp_path / "i").compute([Counting().metric()])
    counting = Counting()
    Index(data, tmp_path / "i").compute([counting.metric(version="2")])
    assert len(counting.seen) == 10


def test_items_keep_their_values_under_new_ids_and_in_another_order(tmp_path: Path) -> None:
    texts = _texts(1100)
    Index(Dataset(texts, ids=[f"old {at}" for at in range(1100)]), tmp_path / "i").compute(
        [Counting().metric()]
    )
    order = np.random.default_rng(0).permutation(1100)
    moved = [*(texts[at] for at in order[:1000]), "a new one"]
    counting = Counting()
    index = Index(Dataset(moved, ids=[f"new {at}" for at in range(1001)]), tmp_path / "i")
    index.compute([counting.metric()])
    assert counting.seen == ["a new one"]
    assert index.column("length").tolist() == [len(one) for one in moved]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["", "a", "bb", "bad", "none"])), max_size=8),
        min_size=1,
        max_size=4,
    )
)
def test_after_any_changes_the_index_is_that_of_a_fresh_computation(
    tmp_path_factory: pytest.TempPathFactory, versions: list[list[tuple[int, str]]]
) -> None:
    path = tmp_path_factory.mktemp("index") / "i"
    for version in versions:
        items = dict(version) or {0: "a"}
        data = Dataset(list(items.values()), ids=list(items))
        kept, fresh = Index(data, path, folder=HERE), Index(data, folder=HERE)
        for index in (kept, fresh):
            index.compute(["plugin_metrics.py:touchy", "random", _centered])
        for name in fresh.metrics:
            assert np.array_equal(kept.values(name).values, fresh.values(name).values, equal_nan=True)
            assert kept.values(name).reasons == fresh.values(name).reasons
        again = Index(data, path, folder=HERE)
        assert again.compute(["plugin_metrics.py:touchy", "random", _centered]).computed == 0
        assert again.records().equals(fresh.records())


def _mean_length(items: Any) -> float:
    return float(np.mean([len(one) for one in items]))


@metric("data", vectorized=True, fit=_mean_length)
def _centered(mean: float, items: Any) -> Any:
    return np.array([len(one) for one in items]) - mean


def test_a_fitted_metric_is_computed_anew_when_any_item_has_changed(tmp_path: Path) -> None:
    Index(Dataset(["a", "bbb"]), tmp_path / "i").compute([_centered])
    index = Index(Dataset(["a", "bbb", "ccccc"]), tmp_path / "i")
    assert index.compute([_centered]).computed == 3
    assert index.column("_centered").tolist() == [-2, 0, 2]


def test_metrics_that_share_a_fit_are_fitted_once() -> None:
    fits = []

    def fit(items: Any) -> int:
        fits.append(len(items))
        return len(items)

    one = Metric(lambda n, items: np.full(len(items), n), "one", "data", vectorized=True, fit=fit)
    two = Metric(lambda n, items: np.full(len(items), -n), "two", "data", vectorized=True, fit=fit)
    index = Index(Dataset(_texts(5)))
    index.compute([one, two])
    assert fits == [5]
    assert index.column("two").tolist() == [-5] * 5


def test_a_failure_is_kept_until_it_is_tried_again(tmp_path: Path) -> None:
    broken = {"bad"}

    def fickle(item: str) -> int:
        if item in broken:
            raise OSError("the disk was full")
        return len(item)

    one = Metric(fickle, "fickle", "data")
    index = Index(Dataset(TEXTS), tmp_path / "i")
    assert index.compute([one]).failed == 1
    broken.clear()
    assert index.compute([one]).computed == 0
    assert index.compute([one], retry=True).computed == 1
    assert index.column("fickle")[4] == 3


def test_a_whole_column_that_fails_is_a_reason_and_stops_nothing() -> None:
    def fails(items: Any) -> Any:
        raise ValueError("no")

    index = Index(Dataset(TEXTS))
    index.compute([Metric(fails, "fails", "data", vectorized=True), Counting().metric()])
    assert index.values("fails").reasons == dict.fromkeys(range(5), "failed: ValueError: no")
    assert index.column("length")[0] == 6


def test_several_processes_give_the_same_values(tmp_path: Path) -> None:
    shift = 3
    local = Metric(lambda item: len(item) + shift, "local", "data")
    data = Dataset([*_texts(1500), "bad", "none"])
    one, two = Index(data, folder=HERE), Index(data, tmp_path / "i", folder=HERE)
    seen: list[tuple[int, int]] = []
    for index, workers in ((one, 1), (two, 2)):
        index.compute(
            ["plugin_metrics.py:touchy", local],
            workers=workers,
            progress=lambda done, total: seen.append((done, total)),
        )
    assert one.records().equals(two.records())
    assert seen[-1] == (3004, 3004)


SCRIPT = """
import sys
from pathlib import Path
from activeloop.data import Dataset
from activeloop.index import Index
if __name__ == "__main__":
    texts = [f"{at} text" for at in range(3000)]
    index = Index(Dataset(texts), sys.argv[1], folder=Path(sys.argv[2]))
    print("go", flush=True)
    print(index.compute(["plugin_metrics.py:slow"], workers=int(sys.argv[3])), flush=True)
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_while_indexing_only_what_is_missing_is_computed(tmp_path: Path, workers: int) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "i"), str(HERE), str(workers)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "SECONDS_PER_ITEM": "0.002"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "go\n"
        deadline = time.monotonic() + 60
        while _blocks(tmp_path / "i") < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    kept = _blocks(tmp_path / "i") * 480
    assert 960 <= kept < 3000
    data = Dataset([f"{at} text" for at in range(3000)])
    index = Index(data, tmp_path / "i", folder=HERE)
    slow = al.Metric(lambda item: len(item), "slow", "data")
    assert index.values("slow").reasons != {}
    assert int((~np.isnan(index.column("slow"))).sum()) == kept
    done = index.compute(["plugin_metrics.py:slow"], workers=2)
    assert (done.computed, done.kept) == (3000 - kept, kept)
    assert index.column("slow").tolist() == [slow(one) for one in data.features]


def _blocks(path: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM blocks").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_two_writers_of_different_items_do_not_mix(tmp_path: Path) -> None:
    one = Index(Dataset(_texts(5)), tmp_path / "i")
    one.compute([Counting().metric()])
    Index(Dataset(_texts(9)[4:]), tmp_path / "i").compute([Counting().metric()])
    with pytest.raises(StoreError, match="another process has changed the items"):
        one.compute([Counting().metric(name="other")])
    two = Index(Dataset(_texts(9)[4:]), tmp_path / "i")
    two.compute([Counting().metric()])
    assert two.column("length").tolist() == [len(text) for text in _texts(9)[4:]]


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for at in range(3):
        Image.new("L", (4 + at, 4), at).save(folder / f"{at}.png")
    seen: list[str] = []

    def width(item: str, pixels: Any) -> int:
        seen.append(Path(item).name)
        with Image.open(item) as image:
            return image.size[0]

    def index() -> Index:
        made = Index(image_folder(folder, size=None), tmp_path / "i")
        made.compute([Metric(width, "file_width", "data", needs=("item", "pixels"))])
        return made

    assert index().column("file_width").tolist() == [4, 5, 6]
    assert seen == ["0.png", "1.png", "2.png"]
    Image.new("L", (9, 4), 0).save(folder / "1.png")
    os.utime(folder / "0.png")
    assert index().column("file_width").tolist() == [4, 9, 6]
    assert seen[3:] == ["1.png"]


def test_sorted_with_null_last_and_ties_by_id() -> None:
    data = Dataset(["bb", "none", "a", "cc", ""], ids=["e", "d", "c", "b", "a"])
    index = Index(data, folder=HERE)
    index.compute(["plugin_metrics.py:touchy"])
    assert index.sort("touchy").tolist() == ["b", "e", "c", "a", "d"]
    assert index.sort("touchy", first="low").tolist() == ["a", "c", "b", "e", "d"]
    assert index.sort("touchy", n=2).tolist() == ["b", "e"]


def test_a_metric_whose_low_end_is_wanted_is_sorted_that_way() -> None:
    index = Index(Dataset(["bb", "a"]))
    index.compute([Counting().metric(direction="low")])
    assert index.sort("length").tolist() == [1, 0]


def test_slices_and_tags(tmp_path: Path) -> None:
    index = Index(Dataset(TEXTS), tmp_path / "i", folder=HERE)
    index.compute(["plugin_metrics.py:touchy"])
    index.save(*by_quantile("touchy", index.column("touchy"), 2), where("short", "touchy < 7"))
    index.tag("look", "short")
    index.tag("look", np.array([4]))
    index.untag("look", [0])
    again = Index(Dataset(TEXTS), tmp_path / "i")
    assert [one.name for one in again.slices] == ["touchy < 6", "touchy >= 6", "touchy missing", "short"]
    assert again.where("touchy missing").tolist() == [3, 4]
    assert again.where(Slice("looked at", Tag("look"))).tolist() == [1, 4]
    assert again.where("touchy < 7 and tags is not None").tolist() == [0, 1]
    again.untag("look")
    assert again.where(Slice("looked at", Tag("look"))).tolist() == []


def test_a_slice_that_cannot_be_evaluated_is_not_saved() -> None:
    index = Index(Dataset(TEXTS))
    with pytest.raises(SliceError, match=r"slice 'x': data set 'data': unknown column 'brightnes'"):
        index.save(where("x", "brightnes < 1"))
    assert index.slices == ()


def test_any_metric_slices_a_holdout_and_describes_what_is_bought() -> None:
    from sklearn.naive_bayes import GaussianNB

    data = al.load("iris")
    index = Index(data)
    index.compute(["random"])
    pool, holdout = data.split(0.4, seed=0)
    loop = al.Loop(
        GaussianNB(),
        index.over(pool),
        strategy="margin",
        holdout=index.over(holdout).slice_by("random", bins=2),
        batch_size=10,
    )
    for _ in loop.run(al.oracles.simulated(pool), stop=al.stopping.budget(30)):
        pass
    last = loop.history.last
    assert last is not None
    assert {row.slice for row in last.scores} >= {"all", *(one.name for one in index.slices)}
    assert sum(one.n_labeled_in_slice for one in last.slices) == 30


def test_tables(tmp_path: Path) -> None:
    index = Index(Dataset(TEXTS, ids=list("abcde")), folder=HERE)
    index.compute(["plugin_metrics.py:touchy", "plugin_metrics.py:length"])
    assert index.frame().loc["c"].to_dict() == {"touchy": 18, "length": 18}
    table = index.records(["touchy"])
    assert table["reason"].tolist() == ["", "", "", "not_applicable", "failed: RuntimeError: this one is bad"]
    for name in ("t.csv", "t.csv.gz", "t.parquet"):
        write(table, tmp_path / name)
    assert pd.read_csv(tmp_path / "t.csv.gz", keep_default_na=False)["id"].tolist() == list("abcde")
    assert pd.read_parquet(tmp_path / "t.parquet")["value"].equals(table["value"])
    with pytest.raises(DataError, match=r"cannot write 't.xls': allowed endings are .csv"):
        write(table, tmp_path / "t.xls")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["t.csv", "t.csv.gz", "t.parquet"]


def test_what_is_given_wrongly_is_said_in_one_sentence(tmp_path: Path) -> None:
    index = Index(Dataset(TEXTS), folder=HERE)
    with pytest.raises(UnknownNameError, match=r"unknown metric 'entropi'; did you mean 'entropy'\?"):
        index.compute(["entropi"])
    with pytest.raises(MetricError, match="metric 'entropy' needs probabilities, and data set"):
        index.compute(["entropy"])
    with pytest.raises(MetricError, match="two metrics are named 'length'"):
        index.compute([Counting().metric(), Counting().metric()])
    with pytest.raises(MetricError, match="is no metric"):
        index.compute(["plugin_metrics.py:CALLS"])
    with pytest.raises(DataError, match="metric 'random' is not computed yet"):
        index.column("random")
    with pytest.raises(UnknownNameError, match="unknown metric 'x'"):
        index.values("x")
    with pytest.raises(DataError, match="column 'predicted' has 2 values for 5 items"):
        Index(Dataset(TEXTS), columns={"predicted": [1, 2]})
    (tmp_path / "other").write_text("no database")
    with pytest.raises(StoreError, match="cannot be opened as an index"):
        Index(Dataset(TEXTS), tmp_path / "other")
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as database:
        database.execute("CREATE TABLE t (x)")
    with pytest.raises(StoreError, match="database of something else"):
        Index(Dataset(TEXTS), tmp_path / "foreign.db")


def test_model_metrics_are_computed_of_what_is_given() -> None:
    index = Index(Dataset(["a", "b"]), columns={"probabilities": np.array([[0.5, 0.5], [1.0, 0.0]])})
    index.compute(["entropy"])
    assert index.column("entropy").tolist() == [1.0, 0.0]
    assert {"entropy", "margin", "random"} <= {one.name for one in index.suitable()}
