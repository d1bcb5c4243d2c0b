"""A study as a file: TOML in, checked key by key; errors name key, value, what is allowed, the nearest."""

from __future__ import annotations

import dataclasses
import json
import tomllib
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from activeloop import grid
from activeloop.errors import ConfigurationError, nearest, unknown
from activeloop.study_faults import sentence
from activeloop.study_tables import CasesFile, CaseTable, Data, Oracle, SliceTable, StudyFile

_T = TypeVar("_T")


def parse(text: str, source: str = "the study") -> StudyFile:
    """Read a study from TOML text.

    >>> text = '[study]\\nname="s"\\n[data]\\nname="iris"\\n[loop]\\nstrategies=["random"]\\nbudget=50'
    >>> parse(text).loop.batch_size
    10

    Raises ConfigurationError naming key, value, what is allowed and the nearest allowed key.
    """
    return consistent(_read(text, StudyFile, source), source)


def parse_cases(text: str, source: str = "the test file") -> CasesFile:
    """Read a file for `activeloop test` from TOML text.

    >>> parse_cases('run = "results/digits"').run
    'results/digits'

    Raises ConfigurationError as `parse` does.
    """
    made = _read(text, CasesFile, source)
    if made.run is not None:
        beside = [key for key, value in vars(made).items() if value and key != "run"]
        if beside:
            raise ConfigurationError(f"{source}: {beside[0]} does nothing beside run, which has its own")
        return made
    for key in ("data", "predictions", "case"):
        if not getattr(made, key):
            name = "[[case]]" if key == "case" else f"[{key}]"
            raise ConfigurationError(f"{source}: {name} is missing; or name a finished run: run = FOLDER")
    assert made.data is not None
    for key, usual in (("holdout", Data().holdout), ("by", None), ("at", None), ("split", None)):
        if getattr(made.data, key) != usual:
            raise ConfigurationError(f"{source}: data.{key} does nothing; all predicted items are scored")
    _check_data(made.data, made.slices, source)
    _check_cases(made.case, source)
    return made


def _read(text: str, table: type[_T], source: str) -> _T:
    given = _plain_values(text, source)
    _known_keys(given, table, (), source)
    try:
        return TypeAdapter(table).validate_json(json.dumps(given, default=str))
    except ValidationError as error:
        raise ConfigurationError(f"{source}: {sentence(error)}") from error


def _plain_values(text: str, source: str) -> Any:
    """Read TOML, or the JSON as which a study is kept that was made in Python."""
    try:
        return json.loads(text) if text.startswith("{") else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise ConfigurationError(f"{source} is not valid TOML: {error}") from error


def text(path: Path, what: str = "study file") -> str:
    """Read the text of a study file; raises ConfigurationError when there is none."""
    if path.is_dir():
        hint = (
            f"; to go on with the run in it: activeloop resume {path}" if (path / "run.db").is_file() else ""
        )
        raise ConfigurationError(f"{str(path)!r} is a folder, not a {what}{hint}")
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError as error:
        beside = (one.name for one in path.parent.glob("*.toml"))
        close = nearest(path.name, beside)
        hint = f"; did you mean {str(path.parent / close)!r}?" if close else ""
        raise ConfigurationError(f"there is no {what} {str(path)!r}{hint}") from error
    except OSError as error:
        raise ConfigurationError(f"{str(path)!r} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{str(path)!r} is not UTF-8 text") from error


def to_plain(given: StudyFile) -> dict[str, Any]:
    """Give the study as plain values, to be compared and kept."""
    return dict(TypeAdapter(StudyFile).dump_python(given, mode="json"))


def plain(one: Any) -> Any:
    """Give a table of a study, or a name, as plain values."""
    return one if isinstance(one, str) else TypeAdapter(type(one)).dump_python(one, mode="json")


def _tables(annotation: Any) -> list[type]:
    """Give the table classes that a key may hold."""
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        return [annotation]
    return [one for inner in get_args(annotation) for one in _tables(inner)]


def _known_keys(given: Any, table: type, path: tuple[str, ...], source: str) -> None:
    """Find a misspelt key before types are checked, so that the message is about the key."""
    if not isinstance(given, dict):
        return
    fields = {one.name: _resolved(table, one.name) for one in dataclasses.fields(table)}
    for key, value in given.items():
        if key not in fields:
            place = f" in [{'.'.join(path)}]" if path else ""
            raise ConfigurationError(f"{source}: {unknown('key', key, fields)}{place}")
        for inner in _tables(fields[key]):
            for one in value if isinstance(value, list) else [value]:
                _known_keys(one, inner, (*path, key), source)


def _resolved(table: type, name: str) -> Any:
    return typing.get_type_hints(table, include_extras=True)[name]


def _check_data(data: Data, slices: Sequence[SliceTable], source: str) -> None:
    if (data.name is None) == (data.path is None):
        raise ConfigurationError(f"{source}: [data] needs either name or path")
    beside = [key for key in ("holdout", "by", "at") if getattr(data, key) != getattr(Data(), key)]
    if data.split is not None and beside:
        raise ConfigurationError(f"{source}: data.{beside[0]} does nothing beside split, which says it all")
    for one in slices:
        if (one.by is None) == (one.where is None):
            raise ConfigurationError(f"{source}: each [[slices]] needs either by, or where with name")
        if (one.where is not None) != (one.name is not None):
            raise ConfigurationError(f"{source}: where and name go together; this has {_given(one)}")
        if (one.bins, one.edges).count(None) + (one.by is not None) < 2:
            raise ConfigurationError(f"{source}: bins or edges go with by; this has {_given(one)}")


def _check_cases(given: Sequence[CaseTable], source: str) -> None:
    if not given:
        return
    from activeloop.cases import TestCase  # loads numpy and scikit-learn, once all keys are known to be right
    from activeloop.cases.place import distinct

    try:
        distinct([TestCase(**vars(one)) for one in given])
    except ConfigurationError as error:
        raise ConfigurationError(f"{source}: {error}") from error


def consistent(made: StudyFile, source: str) -> StudyFile:
    """Give a study back whose tables go together; raises ConfigurationError."""
    try:
        grid.cells(made)
    except ConfigurationError as error:
        raise ConfigurationError(f"{source}: {error}") from error
    varied = grid.axes(made)
    for data in varied.data.values():
        _check_data(data, made.slices, source)
        if data.budget is None and made.loop.budget is None and not made.stop:
            raise ConfigurationError(f"{source}: name a budget in [loop], or a rule in [[stop]]")
    for oracle in varied.oracles.values():
        _check_oracle(oracle, source)
    _check_cases(made.case, source)
    for rule in made.stop:
        _check_rule(rule, source)
    return made


def _given(one: SliceTable) -> str:
    return ", ".join(f"{key} = {value!r}" for key, value in vars(one).items() if value is not None)


def _check_oracle(given: Oracle, source: str) -> None:
    """Refuse keys that would do nothing: an oracle of one's own, and annotators, take the place of others."""
    usual = Oracle()
    named = [key for key, value in vars(given).items() if value != getattr(usual, key, None)]
    of_its_own = [key for key in named if key not in ("name", "called")]
    if given.name != usual.name and of_its_own:
        raise ConfigurationError(
            f"{source}: oracle.{of_its_own[0]} does nothing beside name = {given.name!r}"
        )
    single = [key for key in of_its_own if key not in ("annotators", "votes")]
    if given.annotators and single:
        raise ConfigurationError(
            f"{source}: oracle.{single[0]} does nothing beside annotators; give it to each"
        )


_HOLDS = {"any_of": "rules", "all_of": "rules", "patience": "of"}
"""The stopping rules that are made of others, and the key that holds these."""


def _check_rule(given: Any, source: str) -> None:
    """Hold a [[stop]] table to its shape, those inside it too; its other keys the rule knows."""
    if not isinstance(given, dict) or not isinstance(given.get("rule"), str):
        raise ConfigurationError(f"{source}: each [[stop]] is a table with a rule; this is {given!r}")
    key = _HOLDS.get(given["rule"])
    if key is None:
        return
    inner = given.get(key)
    if not inner or isinstance(inner, list) != (key == "rules"):
        allowed = "a list of tables, each with a rule" if key == "rules" else "one table with a rule"
        raise ConfigurationError(f"{source}: the stopping rule {given['rule']} needs {key} = {allowed}")
    foreign = given.keys() - {"rule", key, *(("rounds",) if key == "of" else ())}
    if foreign:
        raise ConfigurationError(
            f"{source}: {unknown('key', min(foreign), [key])} in the rule {given['rule']}"
        )
    for one in inner if key == "rules" else [inner]:
        _check_rule(one, source)
