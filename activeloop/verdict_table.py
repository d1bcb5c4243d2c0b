"""Verdicts for people, as an aligned table; and for machines, one JSON object a line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence

from activeloop import aligned
from activeloop.cases import OUTCOMES, Verdict
from activeloop.wording import interval, number, printable, short

HEADER = ("outcome", "test-case", "slice", "score", "value", "interval", "n", "bound")
SIGNS = {"at_least": ">=", "at_most": "<=", "max_drop": "drop <="}


def row(one: Verdict) -> tuple[str, ...]:
    """Give the cells of a verdict as `HEADER` names them; with `max_drop` those of the difference.

    >>> row(Verdict("night", "hour >= 22", "accuracy", "fail", 0.5, 0.4, 0.6, 90, "at_least", 0.7))
    ('fail', 'night', 'hour >= 22', 'accuracy', '0.500', '[0.400, 0.600]', '90', '>= 0.7')
    """
    drop = one.rule == "max_drop"
    value, low, high = (
        (one.difference, one.diff_low, one.diff_high) if drop else (one.value, one.low, one.high)
    )
    told = "undefined" if value is None else number(value, signed=drop)
    ends = "" if low is None or high is None else interval(low, high)
    outcome = f"{one.outcome} (warn)" if one.severity == "warn" and not one.passed else one.outcome
    names = (short(one.case, 40), short(one.slice, 40), short(one.score, 40))
    return (outcome, *names, told, ends, str(one.n), f"{SIGNS[one.rule]} {one.bound:g}")


def table(verdicts: Sequence[Verdict], paint: Callable[[str, str], str]) -> str:
    """Write an aligned table, the reason of what did not pass below each row.

    `paint` is given a text and the outcome that it tells.
    """
    rows = [HEADER, *map(row, verdicts)]
    widths = aligned.widths(rows)
    lines = [aligned.line(HEADER, widths)]
    for one, cells in zip(verdicts, rows[1:], strict=True):
        first = aligned.padded(cells[0], widths[0])
        lines.append(paint(first, one.outcome) + aligned.line(cells, widths)[len(first) :])
        if one.reason:
            lines.append(" " * (widths[0] + 2) + printable(one.reason))
    return "\n".join(lines)


def counts(verdicts: Sequence[Verdict]) -> str:
    """Write how many cases had each outcome.

    >>> counts([])
    '0 test-cases'
    """
    found = Counter(one.outcome for one in verdicts)
    told = ", ".join(f"{found[outcome]} {outcome}" for outcome in OUTCOMES if found[outcome])
    word = "test-case" if len(verdicts) == 1 else "test-cases"
    return f"{len(verdicts)} {word}" + (f": {told}" if told else "")


def json_line(suite: str, one: Verdict) -> str:
    """Write a verdict as one JSON object on one line, its keys in the order of `Verdict`."""
    return json.dumps({"suite": suite, **one._asdict()}, allow_nan=False)
