"""Commented files to start from: a study, a metric."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

from activeloop.errors import ConfigurationError, UnknownNameError, unknown


def new_study(file: Path, data: str) -> Path:
    """Write a study of a data set, named or the path of a CSV file; give the file, which ends in .toml.

    Raises ConfigurationError for a file that exists, UnknownNameError for a data set that does not.
    """
    from activeloop.data import datasets

    file = _free(file, ".toml")
    key = "path" if Path(data).suffix else "name"
    if key == "name" and data not in datasets():
        raise UnknownNameError(unknown("data set", data, datasets()) + "; or the path of a CSV file")
    text = _template("new_study.toml").replace("{file}", file.name).replace("{name}", _quoted(file.stem))
    file.write_text(text.replace("{data}", f"{key} = {_quoted(data)}"), encoding="utf-8")
    return file


def new_metric(file: Path) -> Path:
    """Write a metric of one's own; give the file, which ends in .py.

    Raises ConfigurationError for a file that exists.
    """
    file = _free(file, ".py")
    file.write_text(_template("new_metric.txt").replace("{file}", file.name), encoding="utf-8")
    return file


def _free(file: Path, ending: str) -> Path:
    file = file if file.suffix else file.with_suffix(ending)
    if file.exists():
        raise ConfigurationError(f"{str(file)!r} exists; name another file")
    return file


def _template(name: str) -> str:
    return resources.files("activeloop").joinpath(name).read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
