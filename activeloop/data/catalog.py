"""The data recipes that are known by name; each says what it holds and under which licence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from activeloop.data.benchmarks import PUBLISHED
from activeloop.data.dataset import Dataset
from activeloop.data.readers import read_file
from activeloop.data.recipes import Recipe, RecipeFile

_CLINC = "https://raw.githubusercontent.com/clinc/oos-eval/master/data"
_BANKING = "https://raw.githubusercontent.com/PolyAI-LDN/task-specific-datasets/master/banking_data"
_PMLB = (
    "https://raw.githubusercontent.com/EpistasisLab/pmlb/d398b31f27655348e22686bdb38f5cc859d218f5/datasets"
)


def read_clinc150(files: Mapping[str, Path], *, out_of_scope: bool = False) -> Dataset:
    """Read CLINC150: `domain` (10) and `split` (train, val, test) are metadata.

    With `out_of_scope=True` the 1,200 queries that fit no intent come too, as class and domain "oos".
    """
    domains = json.loads(files["domains.json"].read_text(encoding="utf-8"))
    domain_of = {intent: domain for domain, intents in domains.items() for intent in intents} | {"oos": "oos"}
    parts = json.loads(files["data_full.json"].read_text(encoding="utf-8"))
    names = ["train", "val", "test", *(["oos_train", "oos_val", "oos_test"] if out_of_scope else [])]
    rows = [
        (f"{part}-{number}", text, intent, domain_of[intent], part.removeprefix("oos_"))
        for part in names
        for number, (text, intent) in enumerate(parts[part])
    ]
    ids, texts, labels, domain, split = (list(column) for column in zip(*rows, strict=True))
    return Dataset(texts, labels, ids=ids, metadata={"domain": domain, "split": split}, name="clinc150")


def read_banking77(files: Mapping[str, Path]) -> Dataset:
    """Read BANKING77: `split` (train, test) is metadata."""
    parts = {
        part: read_file(files[f"{part}.csv"], text="text", label="category") for part in ("train", "test")
    }
    return Dataset(
        [text for data in parts.values() for text in data.features],
        [label for data in parts.values() for label in data.column("label")],
        ids=[f"{part}-{row}" for part, data in parts.items() for row in range(len(data))],
        metadata={"split": [part for part, data in parts.items() for _ in range(len(data))]},
        name="banking77",
    )


def read_adult(files: Mapping[str, Path]) -> Dataset:
    """Read Adult: numbers as they are, the coded columns as categories, `split` as published by UCI."""
    frame = pd.read_csv(files["adult.tsv.gz"], sep="\t")
    labels = frame.pop("target").map({1: "<=50K", 0: ">50K"}).tolist()
    categories = [
        "workclass", "education", "marital-status", "occupation", "relationship", "race", "native-country"
    ]  # fmt: skip
    coded: dict[str, Any] = dict.fromkeys(categories, "category")
    sex = frame["sex"].map({0: "female", 1: "male"}).astype("category")
    split = ["train"] * 32_561 + ["test"] * (len(frame) - 32_561)
    return Dataset(frame.astype(coded).assign(sex=sex), labels, metadata={"split": split}, name="adult")


_ALL = (
    Recipe(
        name="adult",
        about="48,842 people of the 1994 US census in 14 columns; income above or below 50K",
        source="https://github.com/EpistasisLab/pmlb (UCI Adult)",
        licence="MIT (PMLB); UCI Adult: CC BY 4.0",
        folder="pmlb",
        files=(
            RecipeFile(
                "adult.tsv.gz",
                f"{_PMLB}/adult/adult.tsv.gz",
                "e0194b79ba0f9ca48258678642fc296cae8c88cc2396b893478a6d367a3c3670",
                498_345,
            ),
        ),
        read=read_adult,
    ),
    Recipe(
        name="banking77",
        about="13,083 questions to a bank, 77 intents",
        source="https://github.com/PolyAI-LDN/task-specific-datasets",
        licence="CC BY 4.0",
        folder="banking77",
        files=(
            RecipeFile(
                "train.csv",
                f"{_BANKING}/train.csv",
                "b06e26ac675513959a63135f11b94ea7786ed02da65db93a5650d8838cbc664b",
                839_073,
            ),
            RecipeFile(
                "test.csv",
                f"{_BANKING}/test.csv",
                "d12d6e3bc4c3103966ae786dc435913c0c563dfa328f5a3646d0e62cfeeb474d",
                239_961,
            ),
        ),
        read=read_banking77,
    ),
    Recipe(
        name="clinc150",
        about="22,500 queries to an assistant, 150 intents in 10 domains",
        source="https://github.com/clinc/oos-eval",
        licence="CC BY 3.0",
        folder="clinc150",
        files=(
            RecipeFile(
                "data_full.json",
                f"{_CLINC}/data_full.json",
                "36923c3705a59e08fe9c3883d8bc2dd966ef93e22cb78ac41171782a698d56e0",
                2_495_390,
            ),
            RecipeFile(
                "domains.json",
                f"{_CLINC}/domains.json",
                "b947b579d3b8e74b06f93b01083d8efaff2888b43a3e362533bd88a6e1211b3a",
                3_818,
            ),
        ),
        read=read_clinc150,
    ),
)
RECIPES: Mapping[str, Recipe] = {recipe.name: recipe for recipe in (*_ALL, *PUBLISHED)}
