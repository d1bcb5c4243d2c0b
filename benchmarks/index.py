"""The index of a large set: seconds to fill, to find nothing to do, to slice by an expression; bytes a value.

    python benchmarks/index.py [--items 1000000] [--metrics 20]

Every step is measured in a process of its own on the same file, so that nothing is warm but the disk's cache.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from activeloop.data import Dataset
from activeloop.index import Index
from activeloop.metrics import Metric

EXPRESSION = "metric_0 < 0.2 and metric_1 >= 0.5 or metric_2 is None"


def main() -> None:
    """Print the table."""
    given = _arguments()
    if given.step:
        _step(given.step, given.items, given.metrics, Path(given.file))
        return
    print(f"{given.items:,} items x {given.metrics} metrics; {platform.processor() or platform.machine()}, ")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}\n")
    print("| step | seconds |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.index"
        for step in STEPS:
            command = [sys.executable, __file__, "--step", step, "--file", str(file)]
            command += ["--items", str(given.items), "--metrics", str(given.metrics)]
            subprocess.run(command, check=True)
        size = sum(one.stat().st_size for one in Path(folder).iterdir())
    print(f"\n{size / given.items / given.metrics:.2f} bytes a value")


STEPS = ("fill", "nothing new", "one metric more", "slice")


def _step(step: str, items: int, metrics: int, file: Path) -> None:
    data = Dataset(np.random.default_rng(0).random((items, metrics + 1)))
    begun = time.perf_counter()
    index = Index(data, file)
    opened = time.perf_counter()
    if step == "slice":
        n = len(index.where(EXPRESSION))
        sliced = time.perf_counter()
        index.where(EXPRESSION)
        print(f"| open the file | {opened - begun:.2f} |")
        print(f"| slice by an expression over 3 metrics, first time ({n:,} items) | {sliced - opened:.3f} |")
        print(f"| the same again | {time.perf_counter() - sliced:.3f} |")
        return
    wanted = metrics + (step == "one metric more")
    done = index.compute([_metric(at) for at in range(wanted)])
    print(f"| {step} ({done.computed:,} values computed) | {time.perf_counter() - begun:.2f} |")


def _metric(at: int) -> Metric:
    def value(features: np.ndarray) -> np.ndarray:
        column = features[:, at].copy()
        column[at::50] = np.nan
        return column

    return Metric(value, f"metric_{at}", "data", needs=("features",), vectorized=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--metrics", type=int, default=20)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
