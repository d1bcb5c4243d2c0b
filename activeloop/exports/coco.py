"""Labeled images as COCO JSON: the category of a whole image, as a box around all of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from activeloop.data.views import images_of
from activeloop.errors import DataError
from activeloop.exports.atomic import whole_file
from activeloop.exports.columns import plain, spelled
from activeloop.exports.labeled import LabeledData, iso


def to_coco(labeled: LabeledData, path: Path) -> None:
    """Write `images`, `categories` and an annotation an image that has a label; `info` says what is meant.

    COCO has boxes and no labels of images, so the box is the whole image: every reader of COCO takes it.
    Category ids count the classes from 1; `file_name` is the path within the folder of images.

    Raises DataError for items that are no images, and for a regression.
    """
    if labeled.modality != "image" or labeled.data.classes is None:
        raise DataError(
            f"COCO holds images and their categories, and {labeled.data.name!r} has items of kind "
            f"{labeled.modality!r}; allowed for them: csv, parquet, jsonl, huggingface, label-studio"
        )
    classes = labeled.data.classes
    number = {name: at for at, name in enumerate(classes, start=1)}
    images = _images(labeled)
    annotations: list[dict[str, Any]] = []
    for image, row in zip(images, labeled.rows, strict=True):
        if row.outcome == "label":
            box = [0, 0, image["width"], image["height"]]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image["id"],
                    "category_id": number[row.label],
                    "bbox": box,
                    "area": box[2] * box[3],
                    "iscrowd": 0,
                    "attributes": {
                        "annotators": [spelled(one) for one in row.annotators],
                        "round": row.round,
                        "strategy": row.strategy,
                        "selection_probability": plain(row.probability),
                        "stream": row.stream,
                        "last_at": iso(row.last),
                    },
                }
            )
    told = {
        "info": {"description": "Each annotation is the category of a whole image; its box is the image."},
        "images": images,
        "categories": [{"id": at, "name": spelled(name), "supercategory": ""} for name, at in number.items()],
        "annotations": annotations,
    }
    with whole_file(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(told, file, ensure_ascii=False, allow_nan=False)


def _images(labeled: LabeledData) -> list[dict[str, Any]]:
    seen = images_of(labeled.data)
    assert seen is not None
    sizes = [seen.dimensions(int(at)) for at in np.asarray(labeled.positions)]
    return [
        {"id": at, "file_name": spelled(row.id), "width": int(width), "height": int(height)}
        for at, (row, (width, height)) in enumerate(zip(labeled.rows, sizes, strict=True), start=1)
    ]
