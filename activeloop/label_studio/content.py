"""One item made into what Label Studio shows: inert text, a row of texts, or an image encoded anew."""

from __future__ import annotations

import base64
import math
import os
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from activeloop.data.decoding import (
    Decoded,
    array_dimensions,
    decode_array,
    decode_file,
    file_dimensions,
    is_image_array,
    white_level,
)
from activeloop.errors import DataError
from activeloop.label_studio.choices import Kind

LONGEST_TEXT, MOST_CELLS, LONGEST_CELL = 100_000, 1_000, 10_000
LARGEST_IMAGE = 50_000_000
"""Pixels up to which an image is decoded: more is refused before it takes the memory."""

SIDE, BYTES = 1_600, 1_000_000
"""Pixels of the longer side, and bytes, up to which an image is sent."""

SMALL = 256
"""Pixels of the longer side below which each pixel is sent as a square: the page would blur them."""

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""Signs that a database of Label Studio, or UTF-8, has no place for."""


class UnshowableError(DataError):
    """The item itself is broken: it cannot be shown to anyone."""


def content(kind: Kind, item: Any) -> Any:
    """Give the value under which Label Studio shows an item of a kind.

    Text stays text, whatever it spells; signs without a place in a database become U+FFFD. An image is
    decoded here and sent as the pixels that it has: neither path nor address nor file reaches the server.

    Raises UnshowableError for an item that is broken or too large, and DataError for one of another kind, and
    for a file that is not there.

    >>> content("text", "<b>\\x00"), content("row", {"age": 3, "name": None})
    ('<b>\ufffd', {'age': '3', 'name': ''})
    """
    return {"text": _text, "row": _row, "image": _image}[kind](item)


def _text(item: Any) -> str:
    if not isinstance(item, str):
        raise DataError(f"an item is {type(item).__name__}, and kind='text' shows texts; allowed: str")
    if len(item) > LONGEST_TEXT:
        raise UnshowableError(f"the text has {len(item)} signs; allowed: {LONGEST_TEXT}")
    return _shown(item) if item.strip() else "(an empty text)"


def _row(item: Any) -> dict[str, str]:
    if isinstance(item, np.ndarray) and item.ndim <= 2 and item.shape[:-1] in ((), (1,)):
        item = {f"column {at}": one for at, one in enumerate(item.ravel().tolist())}
    elif hasattr(item, "to_dict") and getattr(item, "ndim", 0) == 1:
        item = item.to_dict()
    if not isinstance(item, Mapping):
        raise DataError(
            f"an item is {type(item).__name__}, and kind='row' shows rows; allowed: a mapping from column to "
            "value, a Series, an array of one row"
        )
    if len(item) > MOST_CELLS:
        raise UnshowableError(f"the row has {len(item)} columns; allowed: {MOST_CELLS}")
    return {_shown(str(name))[:LONGEST_CELL]: _cell(one) for name, one in item.items()}


def _cell(value: Any) -> str:
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if missing else _shown(str(value))[:LONGEST_CELL]


def _shown(text: str) -> str:
    return _NO_TEXT.sub("\ufffd", text)


def _image(item: Any) -> str:
    decoded = _decoded(item)
    pixels = np.where(decoded.mask[:, :, None], decoded.pixels, np.uint8(255))
    image = Image.fromarray(pixels.astype(np.uint8))
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    times = max(SMALL // max(image.size), 1)
    image = image.resize((image.width * times, image.height * times), Image.Resampling.NEAREST)
    while True:
        for form, options in (("PNG", {}), ("JPEG", {"quality": 90})):
            written = BytesIO()
            image.save(written, form, **options)
            if written.tell() <= BYTES:
                return f"data:image/{form.lower()};base64,{base64.b64encode(written.getvalue()).decode()}"
        image = image.reduce(2)


def _decoded(item: Any) -> Decoded:
    is_file = isinstance(item, str | os.PathLike)
    if not is_file and not is_image_array(item):
        raise DataError(
            f"an item is {type(item).__name__}, and kind='image' shows images; allowed: the path of a file, "
            "or an array (H, W), (H, W, 3) or (H, W, 4)"
        )
    try:
        width, height = file_dimensions(item) if is_file else array_dimensions(item)
        if width * height > LARGEST_IMAGE or not width * height:
            raise UnshowableError(f"the image has {width} x {height} pixels; allowed: 1 to {LARGEST_IMAGE}")
        if is_file:
            return decode_file(item)
        brightest = float(np.max(item))
        return decode_array(item, white_level(brightest) if math.isfinite(brightest) else 1.0)
    except UnshowableError:
        raise
    except DataError as error:
        # A disk that is not mounted breaks no item: only what was read and is no image does.
        if getattr(error.__cause__, "errno", None) is not None:
            raise
        raise UnshowableError(str(error)) from error
