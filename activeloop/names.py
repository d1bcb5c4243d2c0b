"""How a name becomes the thing: built in, an entry point, `package.module:attribute`, or a `.py` file."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from activeloop.errors import UnknownNameError, nearest, unknown

FILE_MODULE = "activeloop file "  # begins the names of modules that no other process can import


def resolve(what: str, name: str, built_in: Mapping[str, Any], folder: Path | None = None) -> Any:
    """Give what a name stands for.

    Tried in this order: a built-in name; `package.module:attribute`; `file.py:attribute`, beside the study
    (`folder`) or in the working folder; an entry point of the group `activeloop.<what>` in an installed
    package.

    >>> resolve("score", "math:sqrt", {})(9.0)
    3.0

    Raises UnknownNameError with the nearest name and all that are allowed.
    """
    if name in built_in:
        return built_in[name]
    if ":" in name:
        place, _, attribute = name.rpartition(":")
        module = (
            from_file(what, Path(folder or "") / place)
            if place.endswith(".py")
            else _from_package(what, place)
        )
        return _attribute(what, module, attribute, place)
    found = {one.name: one for one in entry_points(what)}
    if name in found:
        return found[name].load()
    raise UnknownNameError(unknown(what, name, [*built_in, *found]) + "; or 'package.module:attribute'")


def entry_points(what: str) -> tuple[importlib.metadata.EntryPoint, ...]:
    """Give what installed packages offer under the group `activeloop.<what>`, spaces written as `_`."""
    return _installed(f"activeloop.{what.replace(' ', '_')}", tuple(sys.path))


@lru_cache
def _installed(group: str, path: tuple[str, ...]) -> tuple[importlib.metadata.EntryPoint, ...]:
    """Look into every installed package, once: there are hundreds, and every run of a study asks."""
    return tuple(importlib.metadata.entry_points(group=group))


def _from_package(what: str, place: str) -> ModuleType:
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        raise UnknownNameError(f"{what}: no module {place!r} can be imported ({error})") from error


def from_file(what: str, path: Path) -> ModuleType:
    """Import a plug-in file, once; raises UnknownNameError where there is none."""
    path = path.resolve()
    if not path.is_file():
        raise UnknownNameError(f"{what}: there is no file {path}")
    name = f"{FILE_MODULE}{path}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UnknownNameError(f"{what}: {path} cannot be read as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _attribute(what: str, module: ModuleType, attribute: str, place: str) -> Any:
    if hasattr(module, attribute):
        return getattr(module, attribute)
    public = [name for name in vars(module) if not name.startswith("_")]
    close = nearest(attribute, public)
    hint = f"; did you mean '{close}'?" if close else ""
    raise UnknownNameError(f"{what}: {place} has no {attribute!r}{hint}")
