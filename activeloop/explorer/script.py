"""The page's script: modules of one idea each, joined into one that needs no other file."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from importlib.resources import files

from activeloop.page import text_of

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


def script() -> str:
    """Give all modules as one, each in a scope of its own, before those that build on it.

    A module becomes `const from_NAME = (() => { ...; return { what it exports }; })();`, an import a `const`
    that takes names out of that. They import by name only, and never in a circle.

    >>> "import " in script()
    False
    """
    names = (one.name for one in files("activeloop.explorer").iterdir())
    return joined(
        {name[:-3]: text_of("activeloop.explorer", name) for name in sorted(names) if name.endswith(".js")}
    )


def joined(modules: dict[str, str]) -> str:
    """Join modules given by name; raises graphlib.CycleError where they import in a circle."""
    below = {name: sorted(one for _, one in _IMPORT.findall(text)) for name, text in modules.items()}
    return "\n".join(_scoped(name, modules[name]) for name in TopologicalSorter(below).static_order())


def _scoped(name: str, text: str) -> str:
    given = ", ".join(exported for _, exported in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(r"const \1 = from_\2;\n", text))
    return f"const from_{name} = (() => {{\n{body}return {{ {given} }};\n}})();"
