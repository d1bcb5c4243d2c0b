"""What the browser is sent of an item, and nothing more: no id, no prediction unless the rules reveal it."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from activeloop.errors import ActiveloopError, DataError
from activeloop.label.desk import Desk
from activeloop.label.pictures import Encoded, encoded
from activeloop.label.sealed import Seal, Sealed
from activeloop.label.showing import (
    MOST_CELL_CHARACTERS,
    MOST_CELLS,
    MOST_SOUND_BYTES,
    SAFE,
    Audio,
    Picture,
    Refused,
    Row,
    Shown,
    Text,
    kind_of_sound,
    legible,
)
from activeloop.people.annotation import Lease

MOST_KEPT_BYTES = 128 * 2**20
_log = logging.getLogger("activeloop.label")


class Handed:
    """Items on their way to people; pictures and sounds are encoded once and kept while there is room."""

    def __init__(self, desk: Desk, seal: Seal) -> None:
        self._desk, self._seal = desk, seal
        self._kept = _Kept(MOST_KEPT_BYTES)

    def lease(self, lease: Lease) -> dict[str, Any]:
        """Give a lease as the page takes it."""
        word = self._seal.closed(lease.annotator, Sealed(lease.ask_id, lease.item))
        told: dict[str, Any] = {"ask": word, "lease": lease.token, "shown": self.content(lease.item, word)}
        if self._desk.people.rules.reveal == "before":
            told["prediction"] = self.prediction(lease.item)
        return told

    def prediction(self, item: int | str) -> dict[str, Any] | None:
        """Give what the model says of an item, where the rules let people see it."""
        if self._desk.people.rules.reveal == "never" or self._desk.predict is None:
            return None
        said = self._desk.predict(item)
        return said and {"label": legible(str(said.value), 200), "probability": said.probability}

    def media(self, annotator: str, word: str) -> Encoded | None:
        """Give the picture or sound of an ask that was handed to this person."""
        sealed = self._seal.opened(annotator, word)
        if sealed is None:
            return None
        one = self._shown(sealed.item)
        try:
            return self._encoded(sealed.item, one) if isinstance(one, Picture | Audio) else None
        except DataError:
            return None

    def _shown(self, item: int | str) -> Shown:
        try:
            one = self._desk.show(self._desk.items(item))
        except ActiveloopError as error:
            return Refused(str(error))
        except Exception as error:  # noqa: BLE001 - a stranger's renderer: its failure is shown instead
            _log.exception("item %r cannot be shown", item)
            return Refused(f"the item cannot be shown ({type(error).__name__})")
        if isinstance(one, SAFE):
            return one
        return Refused(f"the renderer gave a {type(one).__name__}; allowed: Text, Row, Picture, Audio")

    def content(self, item: int | str, word: str) -> dict[str, Any]:
        """Give what is shown of an item; a picture or sound by the address of its ask's word."""
        one = self._shown(item)
        try:
            if isinstance(one, Text):
                return {"kind": "text", "text": legible(str(one.text))}
            if isinstance(one, Row):
                return {"kind": "row", "cells": _cells(one), "left_out": max(0, len(one.cells) - MOST_CELLS)}
            if isinstance(one, Picture | Audio):
                return self._media(item, one, word)
        except DataError as error:
            one = Refused(str(error))
        return {"kind": "refused", "reason": legible(str(one.reason), 500)}

    def _media(self, item: int | str, one: Picture | Audio, word: str) -> dict[str, Any]:
        content, address = self._encoded(item, one), f"/api/media/{word}"
        if isinstance(one, Audio):
            return {"kind": "audio", "address": address}
        told = legible(one.description, 500) or "The picture to label"
        size = {"width": content.width, "height": content.height}
        return {"kind": "picture", "address": address, "description": told, **size}

    def _encoded(self, item: int | str, one: Picture | Audio) -> Encoded:
        make = (lambda: encoded(one.image)) if isinstance(one, Picture) else (lambda: _sound(one.sound))
        return self._kept.give(item, make)


def _cells(one: Row) -> list[tuple[str, str]]:
    most = MOST_CELL_CHARACTERS
    return [(legible(str(name), 200), legible(str(value), most)) for name, value in one.cells[:MOST_CELLS]]


def _sound(sound: bytes) -> Encoded:
    media = kind_of_sound(sound)
    if media is None:
        raise DataError("the sound is none that can be played; allowed: WAV, Ogg, FLAC, MP3")
    if len(sound) > MOST_SOUND_BYTES:
        raise DataError(f"the sound has {len(sound)} bytes; allowed: {MOST_SOUND_BYTES}")
    return Encoded(sound, media)


class _Kept:
    """Encoded contents by item, the least lately used given up first."""

    def __init__(self, most: int) -> None:
        self._most, self._bytes = most, 0
        self._contents: OrderedDict[int | str, Encoded] = OrderedDict()
        self._changing = threading.Lock()

    def give(self, item: int | str, make: Callable[[], Encoded]) -> Encoded:
        with self._changing:
            if item in self._contents:
                self._contents.move_to_end(item)
                return self._contents[item]
        made = make()
        with self._changing:
            if item not in self._contents:
                self._contents[item] = made
                self._bytes += len(made.content)
            while self._bytes > self._most and len(self._contents) > 1:
                self._bytes -= len(self._contents.popitem(last=False)[1].content)
        return made
