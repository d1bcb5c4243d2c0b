"""The gallery: which items each strategy asked first, as thumbnails, texts or ids."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from activeloop.comparison import Comparison
from activeloop.first_asked import Gallery, Items, gallery, looks
from activeloop.plots.compared.effects import BAD
from activeloop.plots.compared.grid import few
from activeloop.plots.paper import WIDTH, Description, blank, picture, sheet
from activeloop.reading import leading, setting_names
from activeloop.wording import isolated, listed, short

STRATEGIES, SETTINGS = 8, 4
"""Rows of a block, the baseline and the best; and blocks, the first settings. The tables have all."""
IMAGES, TEXTS = 12, 4
"""Items in a row: images and ids, and texts, which need more room."""
_NAMES, _HEAD, _PIXELS = 1.5, 0.34, 96


def first_asked(items: Items | None) -> Callable[[Comparison], Figure]:
    """Give the picture of what was asked first, given what the items look like."""

    @picture
    def drawn(compared: Comparison) -> Figure:
        blocks, title = _blocks(compared), "What each strategy asked first"
        if not blocks:
            return blank(title, "it is not known what was asked")
        shown = [_looks(items, block) for block in blocks]
        heights = [
            _HEAD + _cell(look)[1] * len(block.rows) for block, look in zip(blocks, shown, strict=True)
        ]
        note = (
            "From left to right in the order of "
            "asking, one seed that all have. An "
            "orange frame: the baseline asked it "
            "first, too." + few(len(compared.runs.settings), "setting", SETTINGS)
        )
        figure = sheet(title, note, sum(heights) + 0.1 * len(heights))
        names = setting_names(compared)
        axes = figure.subplots(len(blocks), 1, squeeze=False, height_ratios=heights).ravel()
        for panel, block, look in zip(axes, blocks, shown, strict=True):
            panel.set_title(f"{short(names[block.setting], 60)}, seed {block.seed}")
            _draw(panel, block, look, compared.baseline)
        return figure

    return drawn


def describe_first_asked(compared: Comparison) -> Description:
    """Tell how many of its first items each strategy shares with the baseline in the first setting."""
    blocks = _blocks(compared)
    shows = f"Gallery of the first {IMAGES} items that each strategy asked, a block per data set."
    if not blocks:
        return Description(shows, "It is not known what was asked.")
    first = {row.strategy: set(row.ids[:IMAGES]) for row in blocks[0].rows}
    base = first.pop(compared.baseline, set())
    told = [f"{isolated(name)} {len(ids & base)}" for name, ids in first.items()]
    where = isolated(setting_names(compared)[blocks[0].setting])
    shared = f"Of the first {IMAGES} on {where}, asked by {isolated(compared.baseline)}, too: {listed(told)}."
    return Description(shows, shared if told else f"Only one strategy asked on {where}.")


def _blocks(compared: Comparison) -> list[Gallery]:
    strategies = leading(compared, STRATEGIES)
    found = (gallery(compared, setting, strategies) for setting in compared.runs.settings[:SETTINGS])
    return [one for one in found if one is not None]


def _looks(items: Items | None, block: Gallery) -> list[tuple[Any, ...]]:
    return [looks(items, block.setting.data, row.ids[:IMAGES]) for row in block.rows]


def _cell(looked: Sequence[Sequence[Any]]) -> tuple[int, float]:
    """Say how many items stand in a row, and how high it is, in inches."""
    kinds = {type(one) for row in looked for one in row}
    if np.ndarray in kinds:
        return IMAGES, (WIDTH - _NAMES - 0.3) / IMAGES
    return (TEXTS, 0.62) if str in kinds else (IMAGES, 0.3)


def _draw(axes: Axes, block: Gallery, looked: Sequence[Sequence[Any]], baseline: str) -> None:
    columns, height = _cell(looked)
    width = (WIDTH - _NAMES - 0.3) / columns
    theirs = {id for row in block.rows if row.strategy == baseline for id in row.ids[:columns]}
    for place, (row, seen) in enumerate(zip(block.rows, looked, strict=True)):
        for at, (id, look) in enumerate(zip(row.ids[:columns], seen, strict=False)):
            shared = id in theirs and row.strategy != baseline
            if isinstance(look, np.ndarray):
                _draw_image(axes, look, at * width, place * height, min(width, height))
            else:
                text = short(look, 105) if isinstance(look, str) else short(id, 9)
                lines = "\n".join(textwrap.wrap(text, int(width * 15))[:3])
                axes.text(at * width + 0.06, (place + 0.5) * height, lines, va="center", size=8, clip_on=True)
            edge, strong = (BAD, 2.0) if shared else ("#c8c8c8", 0.6)
            corner = (at * width + 0.02, place * height + 0.02)
            frame = Rectangle(
                corner, width - 0.04, height - 0.04, fill=False, edgecolor=edge, linewidth=strong
            )
            axes.add_patch(frame)
    axes.set_yticks(
        [(at + 0.5) * height for at in range(len(block.rows))],
        [short(row.strategy, 20) for row in block.rows],
        fontsize=8,
    )
    axes.set(xticks=[], xlim=(0, columns * width), ylim=(len(block.rows) * height, 0))
    axes.tick_params(length=0)
    axes.grid(False)
    axes.spines[:].set_visible(False)


def _draw_image(axes: Axes, pixels: Any, x: float, y: float, side: float) -> None:
    """Draw an image as large as fits into a square cell, its sides in their proportion."""
    small = Image.fromarray(np.ascontiguousarray(pixels))
    small.thumbnail((_PIXELS, _PIXELS), reducing_gap=2.0)
    room = side - 0.1
    scale = room / max(small.size)
    half_width, half_height = small.width * scale / 2, small.height * scale / 2
    middle = (x + side / 2, y + side / 2)
    extent = (
        middle[0] - half_width,
        middle[0] + half_width,
        middle[1] + half_height,
        middle[1] - half_height,
    )
    axes.imshow(np.asarray(small), extent=extent, aspect="auto", interpolation="nearest", zorder=1)
