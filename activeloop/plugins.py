"""What a study file names, found and called; a wrong name, parameter or file is one sentence."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from activeloop.errors import ActiveloopError, ConfigurationError, PluginError, unknown
from activeloop.names import entry_points, resolve


@dataclass(frozen=True, eq=False)
class Workplace:
    """The folder of a study file, and what was given in Python under a kind and a name of its own."""

    folder: Path
    given: Mapping[tuple[str, str | None], Any] = field(default_factory=dict)

    def __truediv__(self, path: str) -> Path:
        return self.folder / path


Place: TypeAlias = Path | Workplace
"""Where the names of a study are looked up."""


def is_plugin(what: str, name: str, place: Place | None = None) -> bool:
    """Say whether a name is of a plug-in: `module:attribute`, `file.py:attribute`, given, an entry point.

    >>> is_plugin("score", "accuracy"), is_plugin("score", "math:sqrt")
    (False, True)
    """
    if isinstance(place, Workplace) and (what, name) in place.given:
        return True
    return ":" in name or any(one.name == name for one in entry_points(what))


def named(what: str, name: str, built_in: Mapping[str, Any], folder: Place) -> Any:
    """Give what a name stands for: what was given under it, or else what `names.resolve` finds.

    Raises UnknownNameError as that does, PluginError with file and line when importing it fails.
    """
    if isinstance(folder, Workplace):
        if (what, name) in folder.given:
            return folder.given[what, name]
        folder = folder.folder
    try:
        return resolve(what, name, built_in, folder)
    except ActiveloopError:
        raise
    except Exception as error:
        raise PluginError(
            f"{what} {name!r} cannot be imported: {type(error).__name__}: {error} ({_place(error)})"
        ) from error


def called(what: str, function: Any, parameters: Mapping[str, Any]) -> Any:
    """Call a factory with the parameters that a study file gives.

    >>> called("model 'dict'", dict, {"a": 1})
    {'a': 1}

    Raises ConfigurationError for a parameter that it does not take, with the nearest that it does, and for
    values that it refuses.
    """
    allowed = takes(function)
    for key in parameters:
        if allowed is not None and key not in allowed:
            raise ConfigurationError(f"{what}: {unknown('parameter', key, allowed)}")
    try:
        return function(**parameters)
    except (TypeError, ValueError) as error:
        if isinstance(error, ActiveloopError):
            raise
        raise ConfigurationError(f"{what}, parameters {dict(parameters)}: {error}") from error


def parameter(given: Any, folder: Place) -> Any:
    """Give a parameter of a study file; a table of name and parameters is made into what it names.

    >>> parameter({"name": "fractions:Fraction", "parameters": {"numerator": 1}}, Path())
    Fraction(1, 1)
    >>> parameter(0.5, Path())
    0.5

    Raises what `named` and `called` do.
    """
    if not isinstance(given, dict) or "name" not in given or not given.keys() <= {"name", "parameters"}:
        return given
    what = f"model {given['name']!r}"
    return called(what, named("model", given["name"], {}, folder), given.get("parameters", {}))


def takes(function: Any) -> list[str] | None:
    """Give the names that a factory takes; None when it takes any, or nobody can know.

    >>> takes(called)
    ['what', 'function', 'parameters']
    """
    try:
        given = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(one.kind is one.VAR_KEYWORD for one in given):
        return None
    return [one.name for one in given if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]


def _place(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}, line {frame.lineno}"
