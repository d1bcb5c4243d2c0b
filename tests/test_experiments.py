"""Every study that comes with the project can be read, built and begun, and says what it found."""

import os
from pathlib import Path

import pytest

from activeloop import study_file
from activeloop.build import build
from activeloop.grid import cells

FOLDER = Path(__file__).parents[1] / "experiments"
STUDIES = sorted(FOLDER.glob("*.toml"))
FAR = {"asreview", "clinc150", "lu2023"}


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_a_study_can_be_built_and_asks_its_first_question(file: Path) -> None:
    if file.stem in FAR and "ACTIVELOOP_DATA" not in os.environ:
        pytest.skip("the data set is not here: ACTIVELOOP_DATA is not set")
    study = study_file.parse(study_file.text(file), file.name)
    assert study.study.name == file.stem
    for cell in cells(study)[: len(study.loop.strategies)]:
        made = build(study, cell, FOLDER, None)
        starting = made.loop.pool.initial  # a study of one's own split may begin with a trained model
        assert len(made.loop.ask()) == (study.loop.batch_size if starting else study.loop.start_size)


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_a_study_begins_with_what_it_asks_and_what_it_found(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    words = " ".join(line for line in lines[: lines.index("")] if line.startswith("#"))
    assert words.split("?")[0].startswith("# ")
    assert "Result: " in words
    command = "compare" if "[compare]" in lines else "run"
    assert f"activeloop {command} experiments/{file.name}" in words


def test_the_table_lists_every_study() -> None:
    table = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| [")]
    assert rows == [f"[{file.stem}]({file.name})" for file in STUDIES]
