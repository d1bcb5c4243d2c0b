"""What is said of a test-case: pass, fail, inconclusive or insufficient, with the numbers it rests on."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias, get_args

Outcome: TypeAlias = Literal["pass", "fail", "inconclusive", "insufficient"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class Verdict(NamedTuple):
    """One case, judged; None = not known, and `reason` says why the case did not pass.

    `rule` is "at_least", "at_most" or "max_drop", and `bound` its number. `low` and `high` are the ends by
    which the case was judged (see `activeloop.cases.gates`), `n` the items, or the trials of a proportion.
    `difference` is value minus baseline_value on the same items, with ends of its own; None without a
    baseline.
    """

    case: str
    slice: str
    score: str
    outcome: Outcome
    value: float | None
    low: float | None
    high: float | None
    n: int
    rule: str
    bound: float
    baseline_value: float | None = None
    difference: float | None = None
    diff_low: float | None = None
    diff_high: float | None = None
    severity: str = "fail"
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether the case passed; what is inconclusive or insufficient did not."""
        return self.outcome == "pass"
