"""What is wrong with a table of a study, in the words of TOML: key, value, what is allowed."""

from __future__ import annotations

import dataclasses

from pydantic import ValidationError

from activeloop import study_tables


def sentence(error: ValidationError) -> str:
    """Say the innermost fault, the first of them: key, value, what is allowed."""
    faults = error.errors(include_url=False)
    first = max(faults, key=lambda one: (len(one["loc"]), one["type"] not in _WRONG_KIND))
    key = ".".join(str(part) for part in first["loc"] if not _is_kind(str(part)))
    message = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    if first["type"] == "missing":
        return f"key {key!r} is missing"
    allowed = _ALLOWED.get(first["type"], message)
    return f"{key} is {first['input']!r}; allowed: {allowed}"


def _is_kind(part: str) -> bool:
    """Say whether a step on the way to a fault is one of pydantic's words for a kind, and no key."""
    table = getattr(study_tables, part, None)
    plain = part in ("str", "int", "float") or part.startswith("constrained-")
    return plain or "[" in part or dataclasses.is_dataclass(table)


_WRONG_KIND = ("dataclass_type", "list_type", "int_type", "string_type")
"""Where a key may hold one or several, the fault of the kind that is not meant."""


_ALLOWED = {
    "dataclass_type": "a table",
    "list_type": "a list",
    "dict_type": "a table",
    "string_type": "a text",
}
"""What pydantic says otherwise, in the words of TOML."""
