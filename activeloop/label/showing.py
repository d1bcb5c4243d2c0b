"""What a person is shown of an item: text, a row, a picture, a sound; anything else is refused."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from numbers import Number
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from PIL import Image

from activeloop.data.decoding import is_image_array

MOST_CHARACTERS = 100_000
MOST_CELLS = 200
MOST_CELL_CHARACTERS = 5_000
MOST_SOUND_BYTES = 32 * 2**20

# Controls but tab and line feed, and halves of surrogate pairs, which no UTF-8 can carry.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_PICTURE_OF_NUL = 0x2400


class Text(NamedTuple):
    """A text, shown as it is and never read as markup."""

    text: str


class Row(NamedTuple):
    """The named cells of one row of a table."""

    cells: tuple[tuple[str, str], ...]


class Picture(NamedTuple):
    """Pixels, as an array, a Pillow image or the bytes of an image file; the browser gets it encoded anew.

    `description` is what a screen reader says of it.
    """

    image: Any
    description: str = ""


class Audio(NamedTuple):
    """The bytes of a WAV, Ogg, FLAC or MP3 file."""

    sound: bytes


class Refused(NamedTuple):
    """Why an item is not shown; the person may still call it bad, or skip it."""

    reason: str


Shown: TypeAlias = Text | Row | Picture | Audio | Refused
Show: TypeAlias = Callable[[Any], Shown]
SAFE = (Text, Row, Picture, Audio, Refused)


def shown(item: Any) -> Shown:
    """Show a raw item by its type: no text is ever opened as a path or an address.

    >>> shown("<b>good</b>")
    Text(text='<b>good</b>')
    >>> shown({"age": 41, "town": "Riga"})
    Row(cells=(('age', '41'), ('town', 'Riga')))
    >>> shown(None).reason
    'the item is empty'
    """
    if isinstance(item, SAFE):
        return item
    if item is None or item is pd.NA or (isinstance(item, float) and np.isnan(item)):
        return Refused("the item is empty")
    if isinstance(item, str):
        return Text(item)
    if isinstance(item, Image.Image) or is_image_array(item):
        return Picture(item)
    if isinstance(item, bytes | bytearray | memoryview):
        sound = bytes(item)
        return Audio(sound) if kind_of_sound(sound) else Picture(sound)
    return _several(item)


def _several(item: Any) -> Shown:
    if isinstance(item, pd.Series):
        return row(zip(item.index, item, strict=True))
    if isinstance(item, Mapping):
        return row(item.items())
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        return row((one.name, getattr(item, one.name)) for one in dataclasses.fields(item))
    if isinstance(item, tuple) and hasattr(item, "_fields"):
        return row(zip(item._fields, item, strict=True))
    if isinstance(item, list | tuple) or (isinstance(item, np.ndarray) and item.ndim == 1):
        return row(enumerate(item))
    if isinstance(item, Number | np.generic):
        return Text(str(item))
    return Refused(f"there is no way to show a {type(item).__name__}; give the page a renderer with show=")


def row(cells: Iterable[tuple[Any, Any]]) -> Row:
    """Make a row of names and values of any type.

    >>> row([("price", 3.5), ("note", None)])
    Row(cells=(('price', '3.5'), ('note', '')))
    """
    return Row(tuple((str(name), "" if value is None else str(value)) for name, value in cells))


def legible(text: str, most: int = MOST_CHARACTERS) -> str:
    r"""Make invisible controls visible, drop what no browser can be sent, and say where a long text was cut.

    >>> legible("a\x00b\r\nc")
    'a␀b\nc'
    >>> legible("abcdef", most=3)
    'abc … (cut: 3 of 6 characters are shown)'
    """
    cut = text[:most].replace("\r\n", "\n").replace("\r", "\n")
    seen = _UNSEEN.sub(_visible, cut)
    return seen if len(text) <= most else f"{seen} … (cut: {most} of {len(text)} characters are shown)"


def _visible(control: re.Match[str]) -> str:
    code = ord(control.group())
    return chr(_PICTURE_OF_NUL + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"


def kind_of_sound(sound: bytes) -> str | None:
    """Give the media type of a sound by its first bytes, or None.

    >>> kind_of_sound(b"OggS...."), kind_of_sound(b"<svg>")
    ('audio/ogg', None)
    """
    if sound[:4] == b"RIFF" and sound[8:12] == b"WAVE":
        return "audio/wav"
    if sound[:4] in (b"OggS", b"fLaC"):
        return "audio/ogg" if sound[:4] == b"OggS" else "audio/flac"
    is_mp3 = sound[:3] == b"ID3" or sound[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")
    return "audio/mpeg" if is_mp3 else None
