"""Recipes: found locally, checked, downloaded whole or not at all, refused in one sentence."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from activeloop.data import Dataset, Recipe, RecipeFile, datasets, load, recipes
from activeloop.data.catalog import RECIPES
from activeloop.errors import DataError

CONTENT = b"0.5\n1.5\n2.5\n"


def read_numbers(files: Mapping[str, Path], *, scale: float = 1.0) -> Dataset:
    return Dataset(np.loadtxt(files["numbers.txt"]).reshape(-1, 1) * scale, name="made-up")


def recipe(source: Path, content: bytes = CONTENT) -> Recipe:
    sum_of_content = hashlib.sha256(content).hexdigest()
    return Recipe(
        name="made-up",
        about="three numbers",
        source="a folder of this test",
        licence="CC0",
        folder="made_up",
        files=(RecipeFile("numbers.txt", source.as_uri(), sum_of_content, len(content)),),
        read=read_numbers,
    )


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a public source (a file: address), an empty cache, and a local folder that is named but absent."""
    monkeypatch.setenv("ACTIVELOOP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ACTIVELOOP_DATA", str(tmp_path / "local"))
    path = tmp_path / "numbers.txt"
    path.write_bytes(CONTENT)
    return path


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_download_lands_in_the_cache_and_is_not_repeated(source: Path, tmp_path: Path) -> None:
    made = recipe(source)
    assert not recipes.is_local(made)
    path = recipes.files(made)["numbers.txt"]
    assert path == tmp_path / "cache" / "made_up" / "numbers.txt"
    assert recipes.is_local(made)
    source.unlink()
    assert made.read(recipes.files(made), scale=2.0).features.tolist() == [[1], [3], [5]]


def test_the_local_folder_comes_before_the_cache_and_is_read_in_place(source: Path, tmp_path: Path) -> None:
    recipes.files(recipe(source))
    local = put(tmp_path / "local" / "made_up" / "numbers.txt", CONTENT)
    assert recipes.files(recipe(source)) == {"numbers.txt": local}


def test_the_cache_follows_the_environment(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACTIVELOOP_DATA")
    monkeypatch.delenv("ACTIVELOOP_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert recipes.local_folders(recipe(source)) == (tmp_path / "xdg" / "activeloop" / "made_up",)
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert recipes.local_folders(recipe(source)) == (Path.home() / ".cache" / "activeloop" / "made_up",)


@pytest.mark.parametrize("place", ["local", "cache"])
def test_a_local_file_with_another_checksum_is_refused(source: Path, tmp_path: Path, place: str) -> None:
    put(tmp_path / place / "made_up" / "numbers.txt", b"tampered")
    got, wanted = (hashlib.sha256(one).hexdigest() for one in (b"tampered", CONTENT))
    with pytest.raises(DataError, match=f"'made-up': .*{place}.* SHA-256 is {got}, expected {wanted}"):
        recipes.files(recipe(source))


def test_a_download_with_another_checksum_leaves_nothing(source: Path, tmp_path: Path) -> None:
    source.write_bytes(b"other")
    with pytest.raises(DataError, match="is not the file that was published"):
        recipes.files(recipe(source))
    assert [one for one in (tmp_path / "cache").rglob("*") if one.is_file()] == []


def test_what_cannot_be_had_is_one_sentence(source: Path, tmp_path: Path) -> None:
    source.unlink()
    with pytest.raises(DataError) as caught:
        recipes.files(recipe(source))
    message = str(caught.value)
    assert "\n" not in message
    for part in (
        "data set 'made-up' needs numbers.txt",
        str(tmp_path / "local" / "made_up"),
        str(tmp_path / "cache" / "made_up"),
        source.as_uri(),
        "set ACTIVELOOP_DATA to a folder that has made_up/numbers.txt",
    ):
        assert part in message


def test_every_recipe_says_what_it_is() -> None:
    for name, one in RECIPES.items():
        assert one.name == name
        assert one.about
        assert one.licence
        assert one.source.startswith("https://")
        for file in one.files:
            assert file.url.startswith("https://")
            assert len(file.sha256) == 64
            assert file.size > 0


def test_the_list_says_what_is_at_hand(source: Path) -> None:
    listed = datasets()
    assert list(listed) == sorted(listed)
    assert listed["digits"].available
    assert not listed["clinc150"].available
    assert listed["clinc150"].licence == "CC BY 3.0"


@pytest.mark.skipif("ACTIVELOOP_DATA" not in os.environ, reason="ACTIVELOOP_DATA names no local folder")
@pytest.mark.parametrize(
    ("name", "n", "n_classes", "parts"),
    [
        ("clinc150", 22_500, 150, {"train": 15_000, "val": 3_000, "test": 4_500}),
        ("banking77", 13_083, 77, {"train": 10_003, "test": 3_080}),
        ("adult", 48_842, 2, {"train": 32_561, "test": 16_281}),
    ],
)
def test_the_published_files_are_read(name: str, n: int, n_classes: int, parts: dict[str, int]) -> None:
    data = load(name)
    assert (len(data), len(data.classes or ()), bool(data.known.all())) == (n, n_classes, True)
    assert data.metadata["split"].value_counts().to_dict() == parts
    for file in RECIPES[name].files:
        assert recipes.files(RECIPES[name])[file.name].stat().st_size == file.size


@pytest.mark.skipif("ACTIVELOOP_DATA" not in os.environ, reason="ACTIVELOOP_DATA names no local folder")
def test_clinc150_has_ten_domains_of_fifteen_intents() -> None:
    data = load("clinc150")
    intents = data.metadata.assign(intent=data.labels).groupby("domain")["intent"].nunique()
    assert intents.tolist() == [15] * 10
    assert data.ids[0] == "train-0"
    wider = load("clinc150", out_of_scope=True)
    assert (len(wider), (wider.column("label") == "oos").sum()) == (23_700, 1_200)
