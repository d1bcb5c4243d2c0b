"""The page on which people label: one item, one key, saved."""

from activeloop.label.annotators import Annotator, Annotators
from activeloop.label.desk import Desk, Prediction, Status
from activeloop.label.pictures import FolderPictures
from activeloop.label.place import Place
from activeloop.label.server import Server, serve
from activeloop.label.showing import Audio, Picture, Refused, Row, Text, row, shown

__all__ = [
    "Annotator",
    "Annotators",
    "Audio",
    "Desk",
    "FolderPictures",
    "Picture",
    "Place",
    "Prediction",
    "Refused",
    "Row",
    "Server",
    "Status",
    "Text",
    "row",
    "serve",
    "shown",
]
