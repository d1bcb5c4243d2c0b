"""What is labeled: datasets, how they are read, and where the well-known ones come from.

Names are loaded when they are first used: a process that only decodes images needs none of the readers.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from activeloop.data.dataset import Dataset as Dataset
    from activeloop.data.images import image_folder as image_folder
    from activeloop.data.loading import Listing as Listing
    from activeloop.data.loading import datasets as datasets
    from activeloop.data.loading import load as load
    from activeloop.data.pipeline import default_model as default_model
    from activeloop.data.readers import read_file as read_file
    from activeloop.data.readers import table as table
    from activeloop.data.recipes import Recipe as Recipe
    from activeloop.data.recipes import RecipeFile as RecipeFile

_PLACES = {
    "Dataset": "dataset",
    "Listing": "loading",
    "Recipe": "recipes",
    "RecipeFile": "recipes",
    "datasets": "loading",
    "default_model": "pipeline",
    "image_folder": "images",
    "load": "loading",
    "read_file": "readers",
    "table": "readers",
}

__all__ = list(_PLACES)


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'activeloop.data' has no attribute {name!r}")
    return getattr(importlib.import_module(f"activeloop.data.{_PLACES[name]}"), name)
