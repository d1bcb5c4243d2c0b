"""The house rules: imports go down the floors, never in a circle; every door has a line; rooms stay small."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "activeloop"
FLOORS = [line.split() for line in (ROOT / "docs" / "floors.txt").read_text().splitlines() if line[0] != "#"]
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
IDEAS = {"arrays", "errors", "seeds", "kernels", "metrics", "candidates", "models", "batch", "strategy"}
LINES, LINES_OF_THE_LOOP, LINES_OF_A_FUNCTION = 250, 340, 40


def _files() -> Iterator[tuple[str, Path]]:
    """Give each module's dotted name and file; the ideas live in a folder of their own."""
    for file in sorted([*PACKAGE.rglob("*.py"), *(ROOT / "strategies").glob("*.py")]):
        if "strategies" in file.parts and file.is_relative_to(PACKAGE):
            continue
        inside = file.relative_to(PACKAGE if file.is_relative_to(PACKAGE) else ROOT).with_suffix("")
        yield ".".join(["activeloop", *inside.parts]).removesuffix(".__init__"), file


FILES = dict(_files())
TREES = {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in FILES.items()}


def _imported(name: str) -> set[str]:
    """Give the modules of the package that one imports, wherever in it; a name is its module's."""
    found = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            wholes = [f"{node.module}.{one.name}" for one in node.names]
            found |= {whole if whole in FILES else str(node.module) for whole in wholes}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return {one for one in found if one.split(".")[0] == "activeloop"} - {name}


IMPORTS = {name: _imported(name) for name in FILES}


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def test_every_room_has_a_floor_and_every_floor_its_rooms() -> None:
    assert sorted(FLOOR) == sorted({_room(name) for name in FILES})
    assert len(FLOOR) == sum(map(len, FLOORS))


def test_imports_go_down_the_floors() -> None:
    up = [
        f"{name} imports {other}"
        for name, others in IMPORTS.items()
        for other in others
        if _room(other) not in (_room(name), "__init__") and FLOOR[_room(other)] >= FLOOR[_room(name)]
    ]
    assert up == []


def test_there_is_no_circle_even_within_a_room() -> None:
    graph = {
        name: {one for one in others if one != "activeloop" and not name.startswith(f"{one}.")}
        for name, others in IMPORTS.items()
    }
    assert set(TopologicalSorter(graph).static_order()) >= set(FILES) - {"activeloop"}


def test_the_package_itself_is_imported_for_its_version_only() -> None:
    assert {name for name, others in IMPORTS.items() if "activeloop" in others} == {"activeloop.cli"}


def test_the_engine_knows_no_strategy_by_name() -> None:
    knowing = {
        name
        for name, others in IMPORTS.items()
        if _room(name) != "strategies" and any(_room(other) == "strategies" for other in others)
    }
    assert knowing <= {"activeloop"}
    ideas = {file.stem for file in (ROOT / "strategies").glob("*.py")} - {"__init__", "random"}
    for name in ("loop", "candidates", "strategy", "settings", "pool", "batch"):
        texts = {
            node.value for node in ast.walk(TREES[f"activeloop.{name}"]) if isinstance(node, ast.Constant)
        }
        assert not ideas & texts


def test_an_idea_imports_low_rooms_only() -> None:
    for name, others in IMPORTS.items():
        if _room(name) == "strategies":
            assert {_room(other) for other in others} <= IDEAS | {"strategies"}, name


def test_pictures_are_drawn_in_one_room() -> None:
    for name, tree in TREES.items():
        modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        modules |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
        if any(one.split(".")[0] == "matplotlib" for one in modules):
            assert _room(name) in ("plots", "report"), name


@pytest.mark.parametrize("name", FILES)
def test_every_door_has_a_line(name: str) -> None:
    text = ast.get_docstring(TREES[name])
    assert text, f"{name} has no docstring"
    assert text.splitlines()[0].endswith((".", "?")), f"the door of {name} ends in the middle of a sentence"


@pytest.mark.parametrize("name", FILES)
def test_rooms_and_functions_stay_small(name: str) -> None:
    most = LINES_OF_THE_LOOP if name == "activeloop.loop" else LINES
    assert len(FILES[name].read_text(encoding="utf-8").splitlines()) <= most
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.FunctionDef):
            told = ast.get_docstring(node) is not None
            body = node.body[1:] if told else node.body
            lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert lines <= LINES_OF_A_FUNCTION, f"{name}.{node.name} has {lines} lines"
