"""One table with every column that the label and model metrics need, gaps included."""

from __future__ import annotations

from typing import Any

import numpy as np

CLASSES = ("cat", "dog", "owl")


def made_columns(n: int = 60, *, missing: bool = True) -> dict[str, Any]:
    rng = np.random.default_rng(7)
    codes = rng.integers(0, 3, n)
    p, previous = rng.dirichlet(np.ones(3), size=(2, n))
    if missing:
        codes[[3, 11]] = -1
        p[[3, 20]] = np.nan
    labels = np.array([None if code < 0 else CLASSES[code] for code in codes], dtype=object)
    said = [[CLASSES[code] for code in row] for row in rng.integers(0, 3, (n, 4))]
    predicted = np.array(said, dtype=object)
    if missing:
        predicted[20] = None
        predicted[21, 1] = None
    features = rng.integers(0, 3, (n, 2)).astype(float)
    return {
        "id": np.array([f"item {at}" for at in range(n)]),
        "label": labels,
        "label_code": codes,
        "features": features,
        "embedding": rng.normal(size=(n, 4)).astype(np.float32),
        "annotations": [rng.choice(CLASSES, size=at % 4).tolist() for at in range(n)],
        "probabilities": p,
        "previous_probabilities": previous,
        "predicted": predicted[:, -1],
        "predicted_by_round": predicted,
        "committee": rng.dirichlet(np.ones(3), size=(n, 5)),
    }
