"""Pixel metrics of 10,000 images against cleanvision: time on 2 processes, and the values metric by metric.

    python benchmarks/images.py                   10,000 images of 256 x 256
    python benchmarks/images.py --images 1000

The images are made by the script: clouds of color and shapes, blurred and lit at random, as JPEG. One in 50
is a second copy of another at a lower quality, one in 100 an exact copy, one in 20 gray, stored as gray.
Both read the same files, with 2 processes. Ours is the index, which keeps every value in a file: all pixel
metrics, and those that both have; then once more with nothing changed, and with one metric more.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from activeloop.arrays import Array
from activeloop.metrics import Metric, built_in
from activeloop.metrics.hamming import groups
from activeloop.metrics.perceptual import HASH_BITS, RADIUS

PROCESSES = 2
COMMON = (
    "near_duplicate",
    "exact_duplicate",
    "aspect_ratio",
    "brightness",
    "brightness_p5",
    "brightness_p99",
    "colorfulness",
    "gray_entropy",
    "perceptual_hash",
    "pixel_hash",
    "sharpness",
)
NEEDS: tuple[tuple[str, ...], ...] = (("pixels", "mask"), ("dimensions",))


def photograph(seed: int, side: int = 256) -> Image.Image:
    """Draw something that a JPEG encoder, and a metric, meets in photographs."""
    random = np.random.default_rng(seed)
    layers = np.zeros((side, side, 3))
    for cells in (2, 4, 16, 64):
        noise = random.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
        layers += np.asarray(Image.fromarray(noise).resize((side, side), Image.Resampling.BICUBIC)) / 4
    image = Image.fromarray(layers.astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(random.integers(3, 12)):
        x, y, width, height = random.integers(0, side, 4).tolist()
        color = tuple(random.integers(0, 256, 3).tolist())
        draw.ellipse((x, y, x + width // 2, y + height // 2), fill=color)
    image = image.filter(ImageFilter.GaussianBlur(float(random.exponential(1.0))))
    lit = np.asarray(image) * random.uniform(0.2, 1.2) + random.normal(0, 4, (side, side, 1))
    return Image.fromarray(lit.clip(0, 255).astype(np.uint8))


def write(folder: str, at: int) -> None:
    """Make one file."""
    file = Path(folder) / f"{at:06d}.jpg"
    if at % 100 == 1:
        shutil.copy(Path(folder) / f"{at - 1:06d}.jpg", file)
        return
    copy = at % 50 == 3
    image = photograph(at - 1 if copy else at)
    if at % 20 == 7:
        image = image.convert("L")
    image.save(file, quality=60 if copy else 75 + at % 20)


def ours(folder: str, metrics: Sequence[str | Metric], file: Path | None = None) -> dict[str, Any]:
    """Index all images: metrics, and the duplicates."""
    from activeloop.data import image_folder  # here, as every process of the index reads this file, too
    from activeloop.index import Index

    index = Index(image_folder(folder, size=None, check=False, classes_from=None), file)
    index.compute(metrics, workers=PROCESSES)
    found: dict[str, Any] = {name: index.column(name) for name in index.metrics}
    if "perceptual_hash" in found:
        found["near groups"] = groups(found["perceptual_hash"], RADIUS, HASH_BITS)
    return found


DECODED = Metric(lambda pixels: pixels[0, 0, 0], "decoded", "data", needs=("pixels",))
ANOTHER = Metric(lambda pixels, mask: pixels.max(), "another", "data", needs=("pixels", "mask"))


def cleanvision(folder: str) -> dict[str, Any]:
    """Find all issues that cleanvision looks for by default."""
    os.environ["TQDM_DISABLE"] = "1"
    from cleanvision import Imagelab

    lab = Imagelab(data_path=folder, verbose=False)
    lab.find_issues(n_jobs=PROCESSES, verbose=False)
    issues = lab.issues.sort_index()
    raw = [lab.info[issue] for issue in ("dark", "odd_aspect_ratio", "low_information", "blurry")]
    found = {name: table[name].sort_index().to_numpy() for table in raw for name in table}
    return {**found, **{name: issues[name].to_numpy() for name in issues}}


def clock(run: Callable[[], Any]) -> tuple[float, float, Any]:
    """Give the seconds it took, those of CPU in all processes, and what it gave."""
    start, busy = time.perf_counter(), _busy()
    result = run()
    return time.perf_counter() - start, _busy() - busy, result


def _busy() -> float:
    return sum(os.times()[:4])


def compare(mine: dict[str, Any], peer: dict[str, Any]) -> None:
    """Print how alike the values are."""
    from scipy.stats import spearmanr

    square = mine["aspect_ratio"]
    pairs = (
        ("aspect_ratio, the smaller way", np.minimum(square, 1 / square), peer["aspect_ratio"]),
        ("brightness", mine["brightness"], peer["brightness"]),
        ("brightness_p99 (dark)", mine["brightness_p99"], peer["brightness_perc_99"]),
        ("brightness_p5 (light)", mine["brightness_p5"], peer["brightness_perc_5"]),
        ("gray_entropy", mine["gray_entropy"], peer["entropy"]),
        ("sqrt(sharpness) (blurry)", np.sqrt(mine["sharpness"]), peer["blurriness"]),
    )
    gray = mine["colorfulness"] == 0
    print("| metric | largest difference | rank correlation | the same on gray files |\n|---|---|---|---|")
    for name, one, other in pairs:
        apart = np.abs(one - other)
        rank = spearmanr(one, other).statistic if np.ptp(other) else 1.0
        print(f"| {name} | {apart.max():.3g} | {rank:.4f} | to {apart[gray].max(initial=0):.1g} |")
    for name, one, issue in (
        ("gray: colorfulness = 0", gray, "is_grayscale_issue"),
        ("exact_duplicate > 0", mine["exact_duplicate"] > 0, "is_exact_duplicates_issue"),
        ("near_duplicate > 0", mine["near_duplicate"] > 0, "is_near_duplicates_issue"),
    ):
        other = peer[issue]
        print(f"{name}: ours {one.sum()}, cleanvision {other.sum()}, both {(one & other).sum()}")
    _planted(mine["near_duplicate"] > 0, peer["is_near_duplicates_issue"])


def _planted(mine: Array, peer: Array) -> None:
    copies = np.arange(len(mine)) % 50 == 3
    print(f"planted copies at quality 60: {copies.sum()}, found by ours {mine[copies].sum()}, ", end="")
    print(f"by cleanvision {peer[copies].sum()}")


def again(folder: str, every: tuple[str, ...], file: Path) -> None:
    """Print what the first run costs, one of which nothing has changed, and one with a metric more."""
    first = clock(lambda: ours(folder, every, file))
    nothing = clock(lambda: ours(folder, every, file))
    more = clock(lambda: ours(folder, [*every, ANOTHER], file))
    size = file.stat().st_size / 1e6
    print("|  | seconds | first run / it |\n|---|---|---|")
    for name, one in (("first run", first), ("nothing changed", nothing), ("one metric more", more)):
        print(f"| {name} | {one[0]:.2f} | {first[0] / one[0]:.1f} |")
    print(f"\nThe index: {size:.1f} MB\n")


def main() -> None:
    """Make the images, run both in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3, help="medians of so many interleaved runs")
    options = parser.parse_args()
    pixels = sorted(name for name, one in built_in().items() if one.needs in NEEDS)
    every = (*pixels, "near_duplicate", "exact_duplicate")
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as beside:
        with ProcessPoolExecutor(PROCESSES) as pool:
            list(pool.map(write, [folder] * options.images, range(options.images), chunksize=100))
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / options.images
        print(f"{options.images} JPEGs of {size:,.0f} bytes, {PROCESSES} processes, {os.cpu_count()} cores")
        runs: dict[str, Callable[[], Any]] = {
            f"ours, all {len(every)} metrics": lambda: ours(folder, every),
            "ours, what both have": lambda: ours(folder, COMMON),
            "ours, decoding alone": lambda: ours(folder, [DECODED]),
            "cleanvision": lambda: cleanvision(folder),
        }
        again(folder, every, Path(beside) / "images.index")
        timed = [{name: clock(run) for name, run in runs.items()} for _ in range(options.repeats)]
    print("|  | seconds | times faster | CPU ms an image | times less |\n|---|---|---|---|---|")
    wall, cpu = ({name: statistics.median(one[name][at] for one in timed) for name in runs} for at in (0, 1))
    for name in runs:
        ratios = wall["cleanvision"] / wall[name], cpu["cleanvision"] / cpu[name]
        each = cpu[name] / options.images * 1e3
        print(f"| {name} | {wall[name]:.1f} | {ratios[0]:.1f} | {each:.2f} | {ratios[1]:.1f} |")
    compare(*(timed[0][name][2] for name in (next(iter(runs)), "cleanvision")))


if __name__ == "__main__":
    main()
