"""The front door is light: names are loaded when they are used, and every name that it promises is there."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import activeloop

ROOT = Path(__file__).parents[1]
HEAVY = ("sklearn", "pandas", "matplotlib", "scipy", "numpy", "pydantic", "jinja2", "tqdm")


def loaded(code: str) -> set[str]:
    """Give which heavy packages a fresh interpreter has loaded after some code."""
    tail = f"\nimport sys\nprint(*[one for one in {HEAVY!r} if one in sys.modules], sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code + tail], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()) & set(HEAVY)


def test_the_front_door_loads_nothing_heavy() -> None:
    assert loaded("import activeloop") == set()


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["--version"], ["nonsense"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    code = (
        "from activeloop.cli import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit as end:\n    assert end.code in (0, 2)"
    )
    assert loaded(code) == set()


def test_a_misspelt_study_is_told_before_the_models_are_loaded(tmp_path: Path) -> None:
    code = "from activeloop import study_file\nimport activeloop.errors"
    assert loaded(code) <= {"pydantic"}


def test_a_loop_draws_no_pictures() -> None:
    assert "matplotlib" not in loaded(
        "import activeloop\nactiveloop.Loop, activeloop.load, activeloop.strategies"
    )


def test_every_promised_name_is_there() -> None:
    assert activeloop.__all__ == sorted(set(activeloop.__all__))
    for name in activeloop.__all__:
        assert getattr(activeloop, name) is not None
    assert set(activeloop.__all__) <= set(dir(activeloop))
    with pytest.raises(AttributeError, match="has no attribute 'Lop'; did you mean 'Loop'"):
        activeloop.Lop  # noqa: B018


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(activeloop.__file__).read_text(encoding="utf-8"))
    branch = next(node for node in tree.body if isinstance(node, ast.If))
    seen = [one.asname for node in branch.body if isinstance(node, ast.ImportFrom) for one in node.names]
    assert sorted(map(str, seen)) == activeloop.__all__


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "activeloop", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"activeloop, version {activeloop.__version__}\n"
