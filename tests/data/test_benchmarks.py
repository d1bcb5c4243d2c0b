"""The readers of published benchmarks on small files of their form; the files themselves where they are."""

import os
from pathlib import Path

import numpy as np
import pytest

from activeloop.data import load, recipes
from activeloop.data.benchmarks import PUBLISHED, read_libsvm, read_review
from activeloop.errors import DataError

here = pytest.mark.skipif("ACTIVELOOP_DATA" not in os.environ, reason="ACTIVELOOP_DATA names no local folder")


def test_a_table_in_libsvm_form(tmp_path: Path) -> None:
    path = tmp_path / "made-svmstyle.txt"
    path.write_text("+1 1:0.5 3:2\n0 2:1.5\n+1 1:1\n")
    data = read_libsvm({path.name: path})
    assert (data.name, data.classes) == ("made", (-1, 1))
    assert data.features.tolist() == [[0.5, 0, 2], [0, 1.5, 0], [1, 0, 0]]
    assert data.column("label").tolist() == [1, -1, 1]
    path.write_text("1 1:1\n-1 1:2\n0 1:3\n")  # 0 is a class of its own beside -1
    assert read_libsvm({path.name: path}).classes == (-1, 0, 1)


@pytest.mark.parametrize("mark", ["included", "label_included"])
def test_a_screened_review(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "made.csv"
    path.write_text(f'id,title,abstract,{mark}\n7,A title,"An abstract, long",1\n9,NA,,0\n')
    data = read_review({path.name: path})
    assert data.features.tolist() == ["A title An abstract, long", "NA "]
    assert data.column("label").tolist() == ["relevant", "irrelevant"]
    assert data.column("title").tolist() == ["A title", "NA"]


@pytest.mark.parametrize("recipe", PUBLISHED, ids=lambda one: one.name)
def test_another_file_under_the_name_is_refused(
    recipe: recipes.Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIVELOOP_DATA", str(tmp_path))
    path = tmp_path / recipe.folder / recipe.files[0].name
    path.parent.mkdir()
    path.write_text("+1 1:0.5\n")
    with pytest.raises(DataError, match="is not the file that was published: its SHA-256 is"):
        load(recipe.name)


@here
@pytest.mark.parametrize("recipe", PUBLISHED, ids=lambda one: one.name)
def test_the_published_file_holds_what_the_recipe_says(recipe: recipes.Recipe) -> None:
    data = load(recipe.name)
    assert recipe.about.startswith(f"{len(data):,} ")
    assert data.known.all()
    assert len(data.classes or ()) == 2
    for file in recipe.files:
        assert recipes.files(recipe)[file.name].stat().st_size == file.size
    if recipe.name.startswith("asreview"):
        assert recipe.about.endswith(f"; {np.sum(data.labels == 'relevant')} relevant")
    else:
        assert f" {data.features.shape[1]} numbers" in recipe.about
