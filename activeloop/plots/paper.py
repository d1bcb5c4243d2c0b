"""The paper every picture is drawn on: one look, and the same bytes each time."""

from __future__ import annotations

import functools
import io
import math
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from activeloop.wording import short

T = TypeVar("T")
Format: TypeAlias = Literal["png", "svg"]

# Okabe and Ito (2008), without the yellow that white paper swallows.
_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_MARKERS = "osD^vPX*"
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (4, 1.5, 1, 1.5)), (0, (1.5, 1.2)))
_STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#666666",
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.unicode_minus": False,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    "font.size": 9,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "svg.fonttype": "none",
    "svg.hashsalt": "activeloop",
    "text.parse_math": False,
}
WIDTH = 11.0
FAINT = "#666666"
_TITLE, _LINE, _MARGIN = 0.38, 0.19, 0.12


class Description(NamedTuple):
    """A picture in words: what it shows, and what is found in it."""

    shows: str
    found: str


class Look(NamedTuple):
    """Color, marker and dash: any one of them is enough to tell neighbors apart."""

    color: str
    marker: str
    dash: Any


def look(position: int) -> Look:
    """Give the look of the strategy (or phase) at a position: no two of the first 56 are equal."""
    turn = position // len(_COLORS) + position % len(_COLORS)
    return Look(
        _COLORS[position % len(_COLORS)], _MARKERS[position % len(_MARKERS)], _DASHES[turn % len(_DASHES)]
    )


@contextmanager
def style() -> Iterator[None]:
    """Draw with matplotlib's defaults and our look, whatever the user has set, and put it all back."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        # SVG leaves the letters to the reader's fonts, which have what the drawing font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support .* natively")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def picture(draw: Callable[[T], Figure]) -> Callable[[T], Figure]:
    """Let a function draw in our style, and lay its panels out once for all files written of them."""

    @functools.wraps(draw)
    def styled(what: T) -> Figure:
        with style():
            figure = draw(what)
            engine = figure.get_layout_engine()
            if engine is not None:
                engine.execute(figure)
            figure.set_layout_engine("none")
        return figure

    return styled


def legend_line(label: str, color: str, marker: str = "", dash: Any = "-", **more: Any) -> Line2D:
    """Make an entry of a legend."""
    return Line2D([], [], color=color, marker=marker, linestyle=dash, label=short(label), **more)


def sheet(title: str, note: str, body: float, legend: Sequence[Any] = (), width: float = WIDTH) -> Figure:
    """Make a figure with a title, a legend below it, `body` inches for the panels, and a note at the foot."""
    lines = textwrap.wrap(note, int(width * 15))
    columns, rows = _legend_shape(legend, width)
    head = _TITLE + (rows * _LINE + 0.08 if legend else 0)
    foot = len(lines) * 0.16 + _MARGIN
    height = head + body + foot
    figure = Figure(figsize=(width, height), layout="constrained", dpi=150)
    FigureCanvasAgg(figure)
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0, foot / height, 1, body / height))
    left = _MARGIN / width
    figure.text(left, 1 - _MARGIN / height, title, va="top", weight="bold", size=11)
    figure.text(left, _MARGIN / 2 / height, "\n".join(lines), va="bottom", size=8, color=FAINT)
    if legend:
        figure.legend(
            handles=list(legend),
            loc="upper left",
            bbox_to_anchor=(left, 1 - _TITLE / height),
            ncols=columns,
            borderpad=0,
            borderaxespad=0,
            labelspacing=0.35,
            handlelength=3,
        )
    return figure


def _legend_shape(legend: Sequence[Any], width: float) -> tuple[int, int]:
    longest = max((len(str(entry.get_label())) for entry in legend), default=1)
    columns = max(1, min(len(legend), int((width - 2 * _MARGIN) / (0.75 + 0.085 * longest))))
    return columns, math.ceil(len(legend) / columns)


def across(n: int, most: int = 3) -> int:
    """Say how many of n panels stand side by side: at most three or as told, and four as two by two."""
    return 2 if n == 4 else min(n, most)


def down(n: int, most: int = 3) -> int:
    """Say how many rows n panels take."""
    return math.ceil(n / across(n, most))


def panels(figure: Figure, n: int, most: int = 3, **shared: Any) -> list[Axes]:
    """Divide a sheet into n panels, at most three side by side or as many as told."""
    columns = across(n, most)
    rows = down(n, most)
    axes: list[Axes] = figure.subplots(rows, columns, squeeze=False, **shared).ravel().tolist()
    for spare in axes[n:]:
        spare.remove()
    for axis in axes[:n]:
        axis.tick_params(labelbottom=True)
    return axes[:n]


def better(score: str) -> str:
    """Label an axis with a score, in two lines where one would be longer than the axis."""
    name = short(score)
    return f"{name}{chr(10) if len(name) > 14 else ' '}(higher is better)"


def whole_numbers(axes: Axes) -> None:
    """Let the horizontal axis count things: whole numbers, few enough to read."""
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True, min_n_ticks=1))


def say(axes: Axes, text: str) -> None:
    """Write into an empty panel why it is empty."""
    axes.grid(False)
    axes.set(xticks=[], yticks=[])
    axes.text(
        0.5, 0.5, textwrap.fill(text, 60), transform=axes.transAxes, ha="center", va="center", color=FAINT
    )


def blank(title: str, text: str) -> Figure:
    """Make the picture that says why there is nothing to draw."""
    figure = sheet(title, f"{text[:1].upper()}{text[1:]}.", 0.1)
    figure.set_layout_engine("none")
    return figure


def to_bytes(figure: Figure, format: Format) -> bytes:
    """Write a figure as PNG (150 dpi) or SVG, without a date: equal figures are equal files."""
    page = io.BytesIO()
    # The canvases are asked directly: savefig would draw everything twice, the first time into nothing.
    with style():
        canvas: Any = FigureCanvasSVG(figure) if format == "svg" else FigureCanvasAgg(figure)
        if format == "svg":
            canvas.print_svg(page, metadata={"Date": None, "Creator": None})
        else:
            canvas.print_png(page, metadata={"Software": None})
    return page.getvalue()
