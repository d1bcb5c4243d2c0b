"""Slices as JSON and back, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

from activeloop.errors import SliceError, unknown
from activeloop.slices.rules import Category, Missing, Range, Rule, Tag, Where
from activeloop.slices.slice import Slice, distinct

_RULES: dict[str, type[Rule]] = {
    "range": Range,
    "category": Category,
    "missing": Missing,
    "tag": Tag,
    "where": Where,
}


def to_json(slices: Iterable[Slice]) -> list[dict[str, Any]]:
    """Give the slices as a list of flat dictionaries that JSON can hold.

    >>> to_json([Slice("wet", Where("rain > 0"))])
    [{'name': 'wet', 'rule': 'where', 'expression': 'rain > 0'}]
    """
    kinds = {made: kind for kind, made in _RULES.items()}
    return [{"name": one.name, "rule": kinds[type(one.rule)], **asdict(one.rule)} for one in slices]


def from_json(saved: Sequence[dict[str, Any]]) -> tuple[Slice, ...]:
    """Give back the slices that `to_json` wrote; raise SliceError naming what cannot be read."""
    return distinct(_slice(dict(one)) for one in saved)


def _slice(saved: dict[str, Any]) -> Slice:
    name, kind = saved.pop("name", ""), saved.pop("rule", "")
    if kind not in _RULES:
        raise SliceError(f"slice {name!r}: {unknown('rule', kind, _RULES)}")
    allowed = [field.name for field in fields(_RULES[kind])]
    for key in saved:
        if key not in allowed:
            raise SliceError(f"slice {name!r}: {unknown('key', key, allowed)}")
    try:
        return Slice(name, _RULES[kind](**saved))
    except TypeError as error:
        raise SliceError(
            f"slice {name!r}: a key of the rule {kind!r} is missing; it has {allowed}"
        ) from error
