"""The modules become one script, in the order in which they build on each other."""

from graphlib import CycleError
from pathlib import Path

import pytest

from activeloop import explorer
from activeloop.explorer.script import joined, script

FOLDER = Path(explorer.__file__).parent


def test_what_a_module_gives_stands_before_what_takes_it() -> None:
    one = joined({"b": 'import { a } from "./a.js";\nuse(a);\n', "a": "export const a = 1;\n"})
    assert one.index("const from_a") < one.index("const { a } = from_a;")
    assert "return { a };" in one


def test_modules_in_a_circle_are_refused() -> None:
    with pytest.raises(CycleError):
        joined({"a": 'import { b } from "./b.js";\n', "b": 'import { a } from "./a.js";\n'})


def test_the_script_is_whole_and_cannot_end_early() -> None:
    text = script()
    assert "\nimport " not in text
    assert "\nexport " not in text
    assert "</script" not in text
    assert "innerHTML" not in text


@pytest.mark.parametrize("module", sorted(FOLDER.glob("*.js")), ids=lambda file: file.stem)
def test_a_module_is_small_says_what_it_is_and_is_used(module: Path) -> None:
    lines = module.read_text("utf-8").splitlines()
    assert lines[0].startswith("// ")
    assert lines[0].endswith(".")
    assert len(lines) <= 250
    others = [one.read_text("utf-8") for one in FOLDER.glob("*.js") if one != module]
    assert module.stem == "main" or any(f'from "./{module.name}"' in one for one in others)
