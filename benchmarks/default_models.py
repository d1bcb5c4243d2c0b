"""How long the model that is built for the data takes to learn, and to say what it thinks of a pool.

    python benchmarks/default_models.py

It needs ACTIVELOOP_DATA with banking77, adult and sign_digits, from which rows are drawn with replacement.
The model learns 1,000 or all of the rows; a round of labeling learns what is labeled, and predicts the pool.
"""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

import numpy as np
import sklearn

from activeloop.data import Dataset, default_model, load
from activeloop.data.to_label import ToLabel

SIZES = (1_000, 10_000, 100_000)


def drawn(data: Dataset, n: int) -> Dataset:
    """Give n rows, with replacement."""
    rows = np.random.default_rng(0).integers(0, len(data), n)
    assert data.labels is not None
    return Dataset(data.rows(rows).copy(), data.labels[rows].tolist(), ids=np.arange(n))


def seconds(data: Dataset, n: int) -> tuple[float, float]:
    """Time the model: learn n rows, then predict all."""
    model, start = default_model(data), time.perf_counter()
    rows = np.arange(n)
    assert data.labels is not None
    model.fit(data.rows(rows), data.labels[:n])
    learned = time.perf_counter()
    model.predict_proba(data.features)
    return learned - start, time.perf_counter() - learned


def main() -> None:
    """Print the table."""
    photos = Path(os.environ["ACTIVELOOP_DATA"]) / "sign_digits"
    given = {
        "texts (banking77, 77 classes)": load("banking77"),
        "rows (adult, 2 classes)": load("adult"),
        "images (sign_digits, 8 × 8 colors, 10 classes)": ToLabel(str(photos), label="folder").read().data,
    }
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}\n")
    print("| data | items | learn 1,000 (s) | learn all (s) | predict all (s) |")
    print("|---|---:|---:|---:|---:|")
    for name, data in given.items():
        for n in SIZES:
            made = drawn(data, n)
            (few, _), (every, predict) = seconds(made, 1_000), seconds(made, n)
            print(f"| {name} | {n:,} | {few:.2f} | {every:.2f} | {predict:.2f} |", flush=True)


if __name__ == "__main__":
    main()
