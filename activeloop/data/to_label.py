"""What is to be labeled, as it is named on a command line, and how it is read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

import pandas as pd

from activeloop.data.content_ids import content_ids, row_contents
from activeloop.data.dataset import Dataset
from activeloop.data.existing import existing_labels, with_labels
from activeloop.data.frames import read_frame
from activeloop.data.images import image_folder
from activeloop.data.labels import Task
from activeloop.data.readers import table, texts
from activeloop.data.views import are_pictures
from activeloop.errors import DataError, unknown

Modality: TypeAlias = Literal["text", "table", "image"]
FOLDER, LABEL = "folder", "label"
_SIDE = (
    8  # pixels: a logistic regression on 8 × 8 colors beats one on 32 × 32 grays, with a fifth of the numbers
)


class Unlabeled(NamedTuple):
    """Data to label, of one modality, with sentences about what was noticed in reading."""

    data: Dataset
    modality: Modality
    notes: tuple[str, ...] = ()

    @property
    def initial(self) -> tuple[int | str, ...]:
        """The ids whose labels are known already."""
        return tuple(self.data.ids[self.data.known].tolist())


@dataclass(frozen=True)
class ToLabel:
    """A file or a folder of images, and what its columns are: plain values that can be kept beside a run.

    `path` is a .csv, .tsv, .parquet, .jsonl or .xlsx file, or a folder of images.

    - `text`: the column with the texts; all other columns then describe them (slices, not the model). Without
      it the items are rows, and their numbers, categories and texts are features.
    - `classes`: what a label may be; without them the labels that are there, of which there must be two.
    - `label`: a column with the labels that are known, empty elsewhere: they become initial labels. Of a
      folder of images, "folder" takes the subfolders that are called as a class.
    - `id`: a column of unique integers or strings; without it the column "id", and without that an id is made
      of the content (`content_ids`) of the text, or of the row without its label. The id of an image is its
      path within the folder.
    - `labels`: a file with labels that exist already, by id (`activeloop.data.existing`).
    - `time`, `metadata`: as in `activeloop.data.table`; `sheet`: of a workbook; `size`, `color`: the pixels
      of an image that the model sees.

    >>> ToLabel.from_json(ToLabel("reviews.csv", text="review").to_json()).text
    'review'
    """

    path: str
    text: str | None = None
    classes: tuple[Any, ...] | None = None
    label: str | None = None
    id: str | None = None
    time: str | None = None
    metadata: tuple[str, ...] = ()
    task: Task | None = None
    sheet: str | None = None
    labels: str | None = None
    size: int = _SIDE
    color: bool = True

    def read(self) -> Unlabeled:
        """Read it. Raises DataError, naming column, id or row, for what cannot be labeled as it is."""
        path = Path(self.path)
        if path.is_dir():
            return self._images(path)
        return self._rows(path)

    def to_json(self) -> str:
        """Write it as JSON, with paths made absolute: a run goes on from whatever folder."""
        labels = None if self.labels is None else str(Path(self.labels).resolve())
        return json.dumps(asdict(replace(self, path=str(Path(self.path).resolve()), labels=labels)))

    @classmethod
    def from_json(cls, text: str) -> ToLabel:
        """Give it back; raises DataError for a key that it does not know."""
        given = json.loads(text)
        known = [one.name for one in fields(cls)]
        for key in given:
            if key not in known:
                raise DataError(unknown("key", key, known))
        lists = {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
        return cls(**given | lists)

    def _rows(self, path: Path) -> Unlabeled:
        given = [one for one in (self.text, self.id, self.label, "id") if one]
        frame = read_frame(path, as_written=given, sheet=self.sheet)
        column = self.id or ("id" if "id" in frame and "id" not in (self.text, self.label) else None)
        if LABEL in frame and LABEL not in (self.text, self.label):
            raise DataError(
                f"{path.name!r} has a column {LABEL!r}: name it as the label where it holds labels that are "
                "known, or rename it"
            )
        ids = None if column else self._content_ids(frame)
        data = table(
            frame,
            text=self.text,
            label=self.label,
            id=column,
            time=self.time,
            metadata=self.metadata,
            classes=_like(self.classes, frame[self.label]) if self.label in frame else self.classes,
            task=self.task,
            name=path.name.split(".")[0],
            ids=ids,
        )
        empty = sum(not one.strip() for one in data.features) if self.text else 0
        notes = (*_repeated(ids or []), *([f"{empty} of {len(data)} texts are empty"] if empty else []))
        return self._checked(Unlabeled(data, "text" if self.text else "table", notes))

    def _content_ids(self, frame: pd.DataFrame) -> list[str]:
        if self.text in frame:
            return content_ids(texts(frame[self.text]))
        return content_ids(row_contents(frame, [one for one in frame.columns if one != self.label]))

    def _images(self, path: Path) -> Unlabeled:
        for name in ("text", "id", "time", "sheet", "metadata"):
            if getattr(self, name):
                raise DataError(
                    f"{name}={getattr(self, name)!r} names a column, and {self.path!r} is a folder of images"
                )
        if self.label not in (None, FOLDER):
            raise DataError(
                f"label={self.label!r}; allowed for a folder of images: {FOLDER!r}, its subfolders"
            )
        read = image_folder(path, size=self.size, color=self.color, classes_from=None, skip_corrupt=True)
        folders = [one.rpartition("/")[0] for one in read.ids.tolist()]
        found = [one.partition("/")[0] or None for one in folders]
        classes = self.classes or (tuple(sorted({one for one in found if one})) if self.label else None)
        known = [one if one in (classes or ()) else None for one in found]
        metadata = read.metadata.assign(**({"folder": folders} if any(folders) else {}))
        data = Dataset(
            read.features,
            known if self.label else None,
            ids=read.ids.tolist(),
            items=read.items,
            metadata=metadata,
            classes=classes,
            task="classification",
            name=read.name,
            skipped=read.skipped,
        )
        n = len(read.skipped)
        notes = (f"{n} images cannot be read and are left out (first: {read.skipped[0]})",) if n else ()
        return self._checked(Unlabeled(data, "image", notes))

    def _checked(self, read: Unlabeled) -> Unlabeled:
        data = read.data if self.labels is None else with_labels(read.data, existing_labels(self.labels))
        if data.task == "classification" and len(data.classes or ()) < 2:
            raise DataError(
                f"{self.path!r} has {len(data.classes or ())} classes; name at least two with classes, "
                "or a label column that holds them"
            )
        n = int(data.known.sum())
        known = (f"{n} of {len(data)} items have a label already",) if n else ()
        return read._replace(data=data, notes=(*read.notes, *known))


def _like(classes: tuple[Any, ...] | None, labels: pd.Series[Any]) -> tuple[Any, ...] | None:
    """Give declared classes, which a command line has as texts, the type that the known labels have."""
    if classes is None or not all(isinstance(one, str) for one in classes):
        return classes
    known = labels.dropna()
    whole = len(known) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in known)
    return tuple(int(one) for one in classes) if whole and all(_is_whole(one) for one in classes) else classes


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _repeated(ids: list[str]) -> list[str]:
    again = [one for one in ids if "-" in one]
    if not again:
        return []
    first = again[0].partition("-")[0]
    return [
        f"{len(again)} of {len(ids)} items repeat another, word for word (first: {first!r}); all are asked"
    ]


def modality_of(data: Dataset) -> Modality:
    """Say of which modality the items of a data set are.

    >>> modality_of(Dataset(["a text"])), modality_of(Dataset([[1.0, 2.0]]))
    ('text', 'table')
    """
    if data.kind == "texts":
        return "text"
    return "image" if are_pictures(data) else "table"
