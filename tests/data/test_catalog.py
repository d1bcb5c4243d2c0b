"""The readers of the catalog, on small files of the published form: no network, no local folder."""

import gzip
import json
from pathlib import Path

from activeloop.data.catalog import read_adult, read_banking77, read_clinc150


def test_clinc150(tmp_path: Path) -> None:
    parts = {"train": [["move money", "transfer"]], "val": [["hi", "greeting"]]}
    parts |= {"test": [["send it", "transfer"]]}
    parts |= {"oos_train": [], "oos_val": [], "oos_test": [["what is love", "oos"]]}
    (tmp_path / "data_full.json").write_text(json.dumps(parts))
    (tmp_path / "domains.json").write_text(json.dumps({"banking": ["transfer"], "small_talk": ["greeting"]}))
    files = {name: tmp_path / name for name in ("data_full.json", "domains.json")}
    data = read_clinc150(files)
    assert data.ids.tolist() == ["train-0", "val-0", "test-0"]
    assert data.classes == ("greeting", "transfer")
    assert data.column("domain").tolist() == ["banking", "small_talk", "banking"]
    wider = read_clinc150(files, out_of_scope=True)
    assert wider.ids.tolist()[-1] == "oos_test-0"
    assert (wider.column("domain")[-1], wider.column("split")[-1]) == ("oos", "test")


def test_banking77(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text('text,category\n"Where, please?",card\nNA,top_up\n')
    (tmp_path / "test.csv").write_text("text,category\nHelp!,card\n")
    data = read_banking77({name: tmp_path / name for name in ("train.csv", "test.csv")})
    assert data.ids.tolist() == ["train-0", "train-1", "test-0"]
    assert data.features.tolist() == ["Where, please?", "NA", "Help!"]
    assert data.column("split").tolist() == ["train", "train", "test"]


def test_adult(tmp_path: Path) -> None:
    columns = "age workclass fnlwgt education education-num marital-status occupation relationship"
    columns += " race sex capital-gain capital-loss hours-per-week native-country target"
    row = ["39", "7", "77516", "9", "13", "4", "1", "1", "4", "1", "2174", "0", "40", "39", "1"]
    other = [*row[:9], "0", *row[10:14], "0"]  # a woman with the higher income, the first of the test part
    lines = ["\t".join(one) for one in [columns.split(" "), *[row] * 32_561, other]]
    (tmp_path / "adult.tsv.gz").write_bytes(gzip.compress("\n".join(lines).encode(), compresslevel=1))
    data = read_adult({"adult.tsv.gz": tmp_path / "adult.tsv.gz"})
    assert data.column("split")[-2:].tolist() == ["train", "test"]
    assert data.column("label")[-2:].tolist() == ["<=50K", ">50K"]
    assert data.column("sex")[-2:].tolist() == ["male", "female"]
    assert data.features["race"].dtype == "category"
