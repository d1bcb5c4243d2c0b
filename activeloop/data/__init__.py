"""What is labeled: datasets, how they are read, and where the well-known ones come from."""

from activeloop.data.dataset import Dataset
from activeloop.data.images import image_folder
from activeloop.data.loading import Listing, datasets, load
from activeloop.data.pipeline import default_model
from activeloop.data.readers import read_file, table
from activeloop.data.recipes import Recipe, RecipeFile

__all__ = [
    "Dataset",
    "Listing",
    "Recipe",
    "RecipeFile",
    "datasets",
    "default_model",
    "image_folder",
    "load",
    "read_file",
    "table",
]
