"""Write tests/golden/asked.csv anew: which items each strategy and batch rule asks for, by id.

Run it from the root of the checkout (`python tests/golden/renew.py`) only when a change of what is asked is
wanted, and say in the changelog that recorded runs will differ.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RECORD = Path(__file__).with_name("asked.csv")
FIELDS = ("strategy", "batch", "round", "ids")
CLEAR = 1e-9  # utilities nearer than this might swap places on another machine


def rows() -> Iterator[dict[str, str]]:
    """Ask anew: four rounds on iris with models whose fit has a closed form, so nothing is iterated."""
    import activeloop as al
    from activeloop.batch import mix, power, softmax, softrank, top, uniform

    rules: dict[str, Any] = {
        "top": top,
        "uniform": uniform,
        "softmax(5)": softmax(5.0),
        "power(2)": power(2.0),
        "softrank(1)": softrank(1.0),
        "mix(0.3)": mix(0.3),
    }
    for name in al.strategies.__all__:
        given = getattr(al.strategies, name)
        if getattr(given, "wraps", False):  # it has no utilities of its own
            continue
        given = given.with_parameters(label="virginica") if name == "certainty" else given
        acquisition = given.acquisition if isinstance(given, al.Strategy) else given
        own = {"own": given.batch} if name == "core_set" else {}
        for words, rule in (rules | own).items():
            if name != "random" or words == "uniform":
                strategy = al.Strategy(acquisition, batch=rule, name=name)
                for at, asked in enumerate(_asked(strategy)):
                    ids = " ".join(map(str, asked))
                    yield {"strategy": name, "batch": words, "round": str(at), "ids": ids}


def _asked(strategy: Any) -> Iterator[list[Any]]:
    import numpy as np
    from sklearn.linear_model import RidgeClassifier
    from sklearn.naive_bayes import GaussianNB

    import activeloop as al

    iris = al.load("iris")
    X, rows = np.unique(iris.rows(np.arange(len(iris))), axis=0, return_index=True)  # no twins, so no ties
    if strategy.name == "core_set":  # iris lies on a grid, where distances are equal: bend it a little
        X = X + 0.05 * np.sin(np.outer(rows, [1.0, 2.0, 3.0, 5.0]))
    pool, _ = al.Dataset(X, np.asarray(iris.labels)[rows], ids=rows).split(0.3, seed=3)

    def clear(candidates: Any) -> Any:
        utilities = strategy.acquisition(candidates)
        if strategy.name != "random":
            assert np.diff(np.sort(utilities)).min() > CLEAR, "too near to each other; choose another seed"
        return utilities

    watched = al.Strategy(clear, batch=strategy.batch, name=strategy.name, needs=strategy.needs)
    # smooth, so that no probability is 0 or 1
    model: Any = RidgeClassifier() if "decisions" in strategy.needs else GaussianNB(var_smoothing=1.0)
    loop = al.Loop(model, pool, strategy=watched, batch_size=5, start_size=15, seed=3)
    for _ in range(4):
        query = loop.ask()
        yield list(query.ids)
        loop.tell(dict(zip(query.ids, pool.truth(query.ids).tolist(), strict=True)))


def read() -> list[dict[str, str]]:
    """Give the record."""
    with RECORD.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write() -> None:
    """Renew the record."""
    with RECORD.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows())


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    write()
