"""From numbers to a verdict: what may be said of one case, and the sentence that says why."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

from activeloop.cases.evidence import Evidence, of_difference, of_parts
from activeloop.cases.gates import ALPHA
from activeloop.cases.place import Placed
from activeloop.cases.verdict import Outcome, Verdict
from activeloop.scoring.parts import Parts

Ends: TypeAlias = tuple[float | None, float | None]
_NO_ENDS: Ends = (None, None)
_ROUNDING = 1e-12  # 0.88 - 0.9 is a little less than -0.02


class Chances(NamedTuple):
    """p-values of "the bound is kept" and "the bound is broken"; NaN where they are not tested."""

    kept: float
    broken: float


class Said(NamedTuple):
    """What the gates say of one case, and the levels that they went by."""

    kept: bool
    broken: bool
    level_of_kept: float
    level_of_broken: float


class Tried(NamedTuple):
    """A case with its numbers and the evidence on what is held to the bound; `reason`: why it has none."""

    placed: Placed
    new: Parts | None
    old: Parts | None
    evidence: Evidence | None
    reason: str

    @property
    def bound(self) -> float:
        """The bound of the value, or of the difference to the baseline."""
        case = self.placed.case
        return -case.bound if case.rule == "max_drop" else case.bound

    @property
    def chances(self) -> Chances:
        """The evidence against the bound; a case that goes by the value alone is not tested."""
        if self.evidence is None or self.placed.case.decide_on == "point":
            return Chances(math.nan, math.nan)
        above, below = self.evidence.above(self.bound), self.evidence.below(self.bound)
        return Chances(above, below) if self.placed.case.rule == "at_most" else Chances(below, above)


def conclude(tried: Tried, said: Said) -> Verdict:
    """Give the verdict of a case."""
    if tried.reason:
        return unjudged(tried)
    case, evidence = tried.placed.case, tried.evidence
    outcome: Outcome = "inconclusive"
    if case.decide_on == "point":
        outcome, levels = "pass" if _keeps(tried) else "fail", (ALPHA, ALPHA)
    else:
        outcome = "pass" if said.kept else "fail" if said.broken else "inconclusive"
        levels = (said.level_of_kept, said.level_of_broken)
        levels = levels[::-1] if case.rule == "at_most" else levels
    ends = _NO_ENDS if evidence is None else (evidence.low(levels[0]), evidence.high(levels[1]))
    return _with_numbers(tried, outcome, ends)._replace(reason=_why(tried, outcome, ends))


def unjudged(tried: Tried) -> Verdict:
    """Give the verdict of a case that cannot be judged: insufficient, with its reason."""
    return _with_numbers(tried, "insufficient", _NO_ENDS)


def _with_numbers(tried: Tried, outcome: Outcome, ends: Ends) -> Verdict:
    case, slice, score = tried.placed.case, tried.placed.slice, tried.placed.score
    new, old = tried.new, tried.old
    value, before = _or_none(new), _or_none(old)
    difference = None if value is None or before is None else value - before
    of_value, of_drop = ends, _NO_ENDS
    if outcome != "insufficient" and case.rule == "max_drop":
        of_value, of_drop = _plain(of_parts(new)) if new else _NO_ENDS, ends
    elif outcome != "insufficient" and new and old and difference is not None:
        of_drop = _plain(of_difference(new, old))
    return Verdict(
        case.name,
        "all" if slice is None else slice.name,
        score,
        outcome,
        value,
        *of_value,
        new.n if new else 0,
        case.rule,
        case.bound,
        before,
        difference,
        *of_drop,
        case.severity,
        tried.reason,
    )


def _plain(evidence: Evidence | None) -> Ends:
    return _NO_ENDS if evidence is None else (evidence.low(ALPHA), evidence.high(ALPHA))


def _or_none(parts: Parts | None) -> float | None:
    return None if parts is None or math.isnan(parts.value) else parts.value


def _held(tried: Tried) -> float:
    """Give what is held to the bound: the value, or its difference to the baseline."""
    assert tried.new is not None
    drop = tried.placed.case.rule == "max_drop" and tried.old is not None
    return tried.new.value - (tried.old.value if drop and tried.old else 0.0)


def _keeps(tried: Tried) -> bool:
    held = _held(tried)
    if tried.placed.case.rule == "at_most":
        return held <= tried.bound + _ROUNDING
    return held >= tried.bound - _ROUNDING


def _why(tried: Tried, outcome: Outcome, ends: Ends) -> str:
    """Say why a case did not pass."""
    case = tried.placed.case
    if outcome == "pass":
        return ""
    side = "above" if case.rule == "at_most" else "below"
    what = "the difference" if case.rule == "max_drop" else tried.placed.score
    if case.decide_on == "point":
        return f"{what} is {_held(tried):.4g}, {side} {tried.bound:g}"
    if ends[0] is None or ends[1] is None:
        reason = tried.new.reason if tried.new and case.rule != "max_drop" else ""
        return reason or "no interval: the same without any of the blocks, or undefined without one"
    interval = f"[{ends[0]:.4g}, {ends[1]:.4g}]"
    if outcome == "fail":
        return f"{what} lies in {interval}, {side} {tried.bound:g}"
    alone = next((name for name, p in zip(("pass", "fail"), _evidence(tried), strict=True) if p <= ALPHA), "")
    among = f"; alone it would {alone}, among so many cases that may be chance" if alone else ""
    return f"{what} lies in {interval}, on either side of {tried.bound:g}{among}"


def _evidence(tried: Tried) -> tuple[float, float]:
    """Give the p-values that speak for pass and for fail."""
    return tried.chances.broken, tried.chances.kept
