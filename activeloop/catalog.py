"""What a study may name, each with one line: strategies, rules, metrics, scores, measures, data sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from activeloop import settings
from activeloop.names import entry_points, from_file


def catalog(what: str) -> dict[str, str]:
    """Give names and one line each, entry points of installed packages included."""
    made = {
        "strategies": _strategies,
        "batch-rules": _batch_rules,
        "metrics": _metrics,
        "scores": _scores,
        "measures": _measures,
        "stopping-rules": _stopping_rules,
        "consensus": _consensus,
        "closing-policies": _closing_policies,
        "data": _data,
    }[what]()
    kinds = {
        "strategies": "strategy",
        "batch-rules": "batch rule",
        "metrics": "metric",
        "scores": "score",
        "measures": "measure",
        "stopping-rules": "stopping rule",
        "consensus": "consensus",
    }
    offered = entry_points(kinds[what]) if what in kinds else ()
    return made | {one.name: f"from {one.value}" for one in offered}


def _strategies() -> dict[str, str]:
    import importlib

    found = settings.built_in_strategies()
    rooms = {name: importlib.import_module(f"activeloop.strategies.{name}") for name in found}
    return {name: _first_line(room) for name, room in rooms.items()}


def _batch_rules() -> dict[str, str]:
    from activeloop.batch import BATCH_RULES

    return {name: _first_line(rule) for name, rule in BATCH_RULES.items()}


def _metrics() -> dict[str, str]:
    from activeloop.metrics import built_in

    return {
        name: f"{_first_line(one)} ({one.kind}, {one.direction} first)" for name, one in built_in().items()
    }


def metrics_in(file: Path) -> dict[str, str]:
    """Give the metrics of a plug-in file, as a study and the command line name them."""
    from activeloop.metrics import Metric

    module = from_file("metric", file)
    found = {name: one for name, one in vars(module).items() if isinstance(one, Metric)}
    return {
        f"{file}:{name}": f"{_first_line(one)} ({one.kind}, {one.direction} first)"
        for name, one in found.items()
    }


def _scores() -> dict[str, str]:
    from sklearn.metrics import get_scorer, get_scorer_names

    return {name: _score_line(get_scorer(name)) for name in get_scorer_names()}


def _score_line(scorer: Any) -> str:
    words = str(scorer).split("(", 1)[-1].rstrip(")").split(",")
    return f"scikit-learn's {words[0]}" + (
        ", negated: larger is better" if "greater_is_better=False" in str(scorer) else ""
    )


def _measures() -> dict[str, str]:
    from activeloop.comparison import MEASURES

    return {
        name: _first_line(one.function) + (" (less is better)" if one.lower_is_better else "")
        for name, one in MEASURES.items()
    }


def _stopping_rules() -> dict[str, str]:
    from activeloop.stopping import RULES

    return {name: _first_line(rule) for name, rule in RULES.items()}


def _consensus() -> dict[str, str]:
    from activeloop.consensus.named import CONSENSUS

    return {name: _first_line(one) for name, one in CONSENSUS.items()}


def _closing_policies() -> dict[str, str]:
    from activeloop.campaign.setup import POLICIES

    return dict(POLICIES)


def _data() -> dict[str, str]:
    from activeloop.data import datasets

    return {name: f"{one.about} ({one.licence})" for name, one in datasets().items()}


def _first_line(thing: Any) -> str:
    return (thing.__doc__ or "").strip().splitlines()[0].rstrip(".") if thing.__doc__ else ""
