"""An inspection as tables for a terminal, and as plain values for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from activeloop import aligned, verdict_table
from activeloop.explorer import Finding
from activeloop.index import Computed, Index
from activeloop.inspection.inspect import Inspection, SliceLine

NUMBER = "{:.4g}"
MOST_REASONS = 10
SUMMARY = ("metric", "n", "NULL", "lowest", "quartile", "median", "quartile", "highest", "outliers")


def text(of: Inspection, top: int) -> str:
    """Write all parts that there are; of long lists the first `top` lines, and how many more there are."""
    parts = [
        _table(
            ["metric", "n", "NULL", "lowest", "quartile", "median", "quartile", "highest", "outliers"],
            of.summary,
        )
    ]
    if of.slices is not None:
        head = ["slice", "items", "value", "low", "high", "n", "rest", "adjusted p", "verdict"]
        scores = {f" ({one.verdict.score})" for one in of.slices if one.verdict}
        parts.append(f"Slices{''.join(scores)}\n" + _table(head, map(_slice_row, of.slices)))
    for title, found in (
        ("Outliers", of.outliers),
        ("Duplicates", of.duplicates),
        ("Label errors", of.label_errors),
    ):
        if found is not None:
            parts.append(f"{title}\n" + _findings(found, top))
    if of.drift is not None:
        parts.append("Drift\n" + _drift(of))
    if of.importance is not None:
        parts.append("What explains the errors\n" + _importance(of))
    if of.discovered is not None:
        parts.append("Slices that were found\n" + _discovered(of))
    if of.cases is not None:
        parts.append("Test-cases\n" + verdict_table.table(of.cases, lambda cell, outcome: cell))
    return "\n\n".join(parts)


def _drift(of: Inspection) -> str:
    head = ["metric", "verdict", "effect", "value", "q", "n", "n now"]
    rows = [
        (one.metric, one.verdict, one.effect, one.value, one.q, one.n_reference, one.n_current)
        for one in of.drift or ()
    ]
    whole = "" if of.domain is None else f"\n{of.domain.reason}"
    return _table(head, rows) + whole


def _importance(of: Inspection) -> str:
    head = ["metric", "rank correlation", "low", "high", "information", "adjusted p", ""]
    rows = [
        (one.metric, one.rho, one.low, one.high, one.information, one.p_adjusted, one.sentence)
        for one in of.importance or ()
    ]
    return _table(head, rows)


def _discovered(of: Inspection) -> str:
    head = ["slice", "searched", "held out", "low", "high", "n", "adjusted p", "verdict"]
    rows = []
    for one in of.discovered or ():
        held = one.held_out
        numbers = (one.searched_value, held.value, held.low, held.high, held.n, held.p_adjusted)
        rows.append((one.slice.name, *numbers, held.verdict))
    return _table(head, rows) if rows else "none"


def plain(of: Inspection) -> dict[str, Any]:
    """Give all parts that there are as JSON values; what is undefined is null."""
    made: dict[str, Any] = {"items": len(of.index), "summary": [one._asdict() for one in of.summary]}
    if of.slices is not None:
        made["slices"] = [
            {"slice": one.slice.name, "items": int(one.members.sum())}
            | (one.verdict._asdict() if one.verdict else {})
            for one in of.slices
        ]
    for name in ("outliers", "duplicates", "label_errors", "points", "importance"):
        found = getattr(of, name)
        if found is not None:
            made[name] = [one._asdict() for one in found]
    if of.cases is not None:
        made["cases"] = [one._asdict() for one in of.cases]
    if of.drift is not None:
        made["drift"] = [vars(one) for one in of.drift]
    if of.domain is not None:
        made["domain"] = vars(of.domain)
    if of.discovered is not None:
        made["discovered"] = [
            {"searched_value": one.searched_value, "searched_n": one.searched_n} | one.held_out._asdict()
            for one in of.discovered
        ]
    return {name: _finite(part) for name, part in made.items()}


def by_metric(index: Index, name: str, top: int) -> str:
    """List the first items in the order of a metric, NULL last."""
    values, reasons = index.values(name)
    places = {one: at for at, one in enumerate(index.ids.tolist())}
    first = [(one, places[one]) for one in index.sort(name, n=top).tolist()]
    return _table(["id", name, ""], [(one, float(values[at]), reasons.get(at, "")) for one, at in first])


def ending(index: Index, done: Computed, path: Path, written: Sequence[Path]) -> str:
    """Say how much was computed, what failed and why, and where it all is."""
    lines = [f"{len(index):,} items; {done.computed:,} values computed, {done.kept:,} were there: {path}"]
    why: dict[str, list[str]] = {}
    for name in index.metrics:
        for at, reason in index.values(name).reasons.items():
            if reason.startswith("failed"):
                why.setdefault(f"{_cell(index.ids[at])}: {_cell(reason)}", []).append(name)
    for reason, names in list(why.items())[:MOST_REASONS]:
        several = f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]
        lines.append(f"{reason} ({several})")
    if len(why) > MOST_REASONS:
        lines.append(f"... and {len(why) - MOST_REASONS} more failures; --export and the page have them all")
    return "\n".join([*lines, *(f"wrote {one}" for one in written)])


def _slice_row(one: SliceLine) -> tuple[Any, ...]:
    verdict = one.verdict
    if verdict is None:
        return (one.slice.name, int(one.members.sum()), *[None] * 7)
    numbers = (verdict.value, verdict.low, verdict.high, verdict.n, verdict.rest_value, verdict.p_adjusted)
    return one.slice.name, int(one.members.sum()), *numbers, verdict.verdict


def _findings(found: Sequence[Finding], top: int) -> str:
    if not found:
        return "none"
    shown = _table(["id", "reason"], [(one.id, one.reason) for one in found[:top]])
    return shown + (f"\n... and {len(found) - top} more" if len(found) > top else "")


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    cells = [list(head), *([_cell(one) for one in row] for row in rows)]
    widths = aligned.widths(cells)
    numeric = [all(_is_number(row[at]) for row in cells[1:]) for at in range(len(head))]
    return "\n".join(aligned.line(row, widths, numeric) for row in cells)


def _cell(one: Any) -> str:
    if one is None or (isinstance(one, float) and math.isnan(one)):
        return "-"
    if isinstance(one, float):
        return NUMBER.format(one)
    return " ".join("".join(letter if letter.isprintable() else "?" for letter in str(one)).split())


def _is_number(cell: str) -> bool:
    return cell == "-" or cell.lstrip("-").replace(".", "").replace("e-", "").replace("e+", "").isdigit()


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)
