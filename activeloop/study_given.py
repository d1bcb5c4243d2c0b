"""A study from what Python has: data sets, models, strategies and functions become names of a study file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from activeloop import study_file
from activeloop.data import Dataset
from activeloop.errors import ConfigurationError
from activeloop.models import name_of
from activeloop.plugins import Workplace
from activeloop.strategy import Strategy
from activeloop.study_tables import StrategyTable, StudyFile

Known: TypeAlias = dict[tuple[str, str | None], Any]
"""What was given, by its kind and name."""

Table: TypeAlias = dict[str, Any]


class Given(NamedTuple):
    """A study file, its text, and where its names are found."""

    file: StudyFile
    text: str
    place: Workplace


def given(
    *,
    data: Any,
    strategies: Any,
    model: Any = None,
    oracle: Any = None,
    scoring: Any = None,
    slices: Sequence[Any] = (),
    stop: Any = (),
    measures: Any = None,
    loop: Mapping[str, Any],
    comparison: Mapping[str, Any],
    tables: Mapping[str, Any],
    holdout: float | int = 0.3,
    folder: Path | None = None,
) -> Given:
    """Write a study down: `loop` and `comparison` are keys of [loop] and [compare], None where not given.

    Raises ConfigurationError as reading a study file does.
    """
    known: Known = {}
    loop, comparison = (
        {key: value for key, value in one.items() if value is not None} for one in (loop, comparison)
    )
    if measures is not None:
        comparison["measures"] = [_name_kept("measure", one, known) for one in _listed(measures)]
    if scoring is not None:
        loop["scoring"] = [_name_kept("score", one, known) for one in _listed(scoring)]
    size = loop.get("batch_size", 10)
    plain = {
        "data": [{"holdout": holdout, **_data(*one, known)} for one in _named(data, _data_name)],
        "model": [_model(*one, known) for one in _named(model, _model_name)],
        "oracle": [_oracle(*one, known) for one in _named(oracle, _oracle_name)],
        "loop": {
            **loop,
            "strategies": [_strategy(*one, known) for one in _several(strategies, _strategy_name)],
            "batch_size": list(size) if isinstance(size, Sequence) else [size],
        },
        "slices": [{"by": one} if isinstance(one, str) else one for one in slices],
        "stop": [
            one if isinstance(one, Mapping) else {"rule": _name_kept("stopping rule", one, known)}
            for one in ([stop] if callable(stop) else stop)
        ],
        "compare": comparison,
        **tables,
    }
    try:
        text = json.dumps(plain, indent=1, default=_plain)
    except TypeError as error:
        raise ConfigurationError(f"compare: {error}") from error
    return Given(study_file.parse(text, "compare"), text, Workplace(folder or Path.cwd(), known))


def _plain(one: Any) -> Any:
    """Give a number of numpy, an array, a tuple or a range as JSON has it."""
    if hasattr(one, "tolist"):
        return one.tolist()
    if isinstance(one, Sequence):
        return list(one)
    raise TypeError(f"a {type(one).__name__} ({one!r}) cannot be written into a study; give it a name")


def _named(one: Any, name: Callable[[Any], str]) -> list[tuple[str, Any]]:
    """Give several things with their names: a mapping's, or that of the one thing there is."""
    return list(one.items()) if isinstance(one, Mapping) else [(name(one), one)]


def _several(given: Any, name: Callable[[Any], str]) -> list[tuple[str, Any]]:
    return list(given.items()) if isinstance(given, Mapping) else [(name(one), one) for one in _listed(given)]


def _listed(given: Any) -> list[Any]:
    return [given] if isinstance(given, str) or callable(given) else list(given)


def _name(one: Any) -> str:
    if isinstance(one, str):
        return one
    own = getattr(one, "__name__", None) or getattr(one, "name", None)
    return own if isinstance(own, str) else type(one).__name__


def _data_name(one: Any) -> str:
    if not isinstance(one, str):
        return "data"
    return Path(one).stem if _is_path(one) else one


def _is_path(one: str) -> bool:
    return bool(Path(one).suffix) and ":" not in one


def _model_name(one: Any) -> str:
    if one is None:
        return "default"
    return _name(one) if isinstance(one, str | type) else name_of(one)


def _oracle_name(one: Any) -> str:
    return "exact" if one is None else _name(one)


def _strategy_name(one: Any) -> str:
    if isinstance(one, StrategyTable):
        return one.called
    return one.name if isinstance(one, Strategy) else _name(one)


def _data(called: str, one: Any, known: Known) -> Table:
    if isinstance(one, Dataset):
        known["data set", called] = one
        return {"called": called, "name": called}
    if isinstance(one, Mapping):
        return {"called": called, **one}
    if not isinstance(one, str | Path):
        raise ConfigurationError(
            f"compare: data {called!r} is a {type(one).__name__}; allowed: a Dataset, a name, a path, or a "
            "mapping of names to these"
        )
    key = "path" if isinstance(one, Path) or _is_path(one) else "name"
    return {"called": called, key: str(one)}


def _model(called: str, one: Any, known: Known) -> Table:
    return {"called": called} if one is None else _thing("model", called, one, known)


def _oracle(called: str, one: Any, known: Known) -> Table:
    return {"called": called} if one is None else _thing("oracle", called, one, known)


def _thing(kind: str, called: str, one: Any, known: Known) -> Table:
    """Give the table of what has a name already, is a table itself, or is kept under its name here."""
    if isinstance(one, Mapping):
        return {"called": called, **one}
    if isinstance(one, str):
        return {"called": called, "name": one}
    known[kind, called] = one
    return {"called": called, "name": called}


def _strategy(called: str, one: Any, known: Known) -> Any:
    if isinstance(one, str):
        return one if called == one else {"acquisition": one, "name": called}
    if isinstance(one, StrategyTable):
        return study_file.plain(one)
    if isinstance(one, Mapping):
        return {"name": called, **one}
    if not callable(one) and not isinstance(one, Strategy):
        raise ConfigurationError(
            f"compare: strategy {called!r} is a {type(one).__name__}; allowed: a name, a function, a Strategy"
        )
    known["strategy", called] = one
    return {"acquisition": called, "name": called}


def _name_kept(kind: str, one: Any, known: Known) -> str:
    if not isinstance(one, str):
        if not callable(one):
            raise ConfigurationError(
                f"compare: a {kind} is a {type(one).__name__}; allowed: a name, a function"
            )
        if known.setdefault((kind, _name(one)), one) is not one:
            raise ConfigurationError(f"compare: two of kind {kind} are called {_name(one)!r}; rename one")
    return _name(one)
