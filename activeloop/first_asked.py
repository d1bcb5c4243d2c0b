"""Which items each strategy asked first, under one seed that all of them have: the gallery as values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from activeloop.comparison import Comparison
from activeloop.curves import Setting
from activeloop.data.pixels import Images, are_images

Items: TypeAlias = Callable[[str, int | str], Any]
"""Gives an item by data set and id: an image (array, path of a file), a text, or None for no look at all."""


class Asked(NamedTuple):
    """What one strategy asked first, in order."""

    strategy: str
    ids: tuple[int | str, ...]


class Gallery(NamedTuple):
    """One setting under one seed, a row per strategy that asked anything."""

    setting: Setting
    seed: int
    rows: tuple[Asked, ...]


def gallery(compared: Comparison, setting: Setting, strategies: Sequence[str]) -> Gallery | None:
    """Give what strategies asked first in a setting, under the seed that most have; None for nothing."""
    found: dict[int, dict[str, tuple[int | str, ...]]] = {}
    for run, ids in zip(compared.runs.runs, compared.runs.asked, strict=True):
        if run.setting == setting and run.strategy in strategies and ids:
            found.setdefault(run.seed, {})[run.strategy] = ids
    if not found:
        return None
    seed = max(sorted(found), key=lambda one: len(found[one]))
    rows = tuple(Asked(name, found[seed][name]) for name in strategies if name in found[seed])
    return Gallery(setting, seed, rows)


def looks(items: Items | None, data: str, ids: Sequence[int | str]) -> tuple[Any, ...]:
    """Give what each item looks like: RGB pixels (H, W, 3) uint8, a text, or None where it has no look.

    An item that cannot be read has none: the gallery stops at nothing.
    """
    things = [_tried(items, data, id) for id in ids]
    if not are_images(things):
        return tuple(thing if isinstance(thing, str) else None for thing in things)
    images = Images(things)
    return tuple(_tried(lambda _, at: images.pixels(int(at)), data, at) for at in range(len(things)))


def _tried(items: Items | None, data: str, id: int | str) -> Any:
    try:
        return None if items is None else items(data, id)
    except Exception:  # noqa: BLE001 - a stranger's function or file: the id stands in its place
        return None
