"""An optional package, imported with its reports about its users switched off."""

from __future__ import annotations

import importlib
import os
from typing import Any

from activeloop.errors import MissingDependencyError


def package(module: str, extra: str, switch: tuple[str, str] | None = None) -> Any:
    """Import a module; `switch` is the variable of the environment that keeps it silent, unless it is set.

    Raises MissingDependencyError when it, or what it needs, is not installed.
    """
    if switch is not None:
        os.environ.setdefault(*switch)
    try:
        return importlib.import_module(module)
    except ImportError as error:
        missing = str(error.name or module).partition(".")[0]
        raise MissingDependencyError.of(missing, extra, f"to export to {extra}") from error
