"""When to stop by what the scores say: rules for simulations, as people have no scores to look at."""

from __future__ import annotations

from activeloop.errors import StoppingError
from activeloop.history import History
from activeloop.rule import Rule, number, whole


def target(score: str, value: float, *, slice: str = "all", certain: bool = False) -> Rule:
    """Stop when a score reaches a value on a slice; `certain`: when the low end of its interval does.

    Scores follow scikit-learn: larger is better, always. Peeks.

    >>> target("accuracy", 0.9, slice="class=8").peeks
    True
    """
    number("target", "value", value)

    def decide(history: History) -> str | None:
        if history.last is None:
            return None
        row = history.last.row(score, slice)
        reached = row.low if certain else row.value
        if reached is None or reached < value:
            return None
        return f"{score} on {slice} reached {reached:.4g} (target {value:g})"

    return Rule(decide, "target", peeks=True)


def worst_slice(score: str, value: float, *, enough: int = 10, certain: bool = False) -> Rule:
    """Stop when a score reaches a value on every slice; `certain`: when the low ends of the intervals do.

    Slices that rest on fewer than `enough` items take no part, and it takes one that does; a slice on which
    the score (or the interval) is undefined has not reached it. Peeks.

    >>> worst_slice("accuracy", 0.8).peeks
    True
    """
    number("worst_slice", "value", value)
    whole("worst_slice", "enough", enough, 1)

    def decide(history: History) -> str | None:
        if history.last is None:
            return None
        history.last.row(score)
        rows = [row for row in history.last.scores if row.score == score and row.slice != "all"]
        judged = [(row.low if certain else row.value, row.slice) for row in rows if row.n >= enough]
        reached = [(at, name) for at, name in judged if at is not None and at >= value]
        if not judged or len(reached) < len(judged):
            return None
        worst, name = min(reached)
        return f"{score} reached {value:g} on every slice (worst: {name}, {worst:.4g})"

    return Rule(decide, "worst_slice", peeks=True)


def plateau(score: str, *, rounds: int = 5, delta: float = 0.001, slice: str = "all") -> Rule:
    """Stop when the best value of the last `rounds` rounds is less than `delta` above the best before.

    Rounds in which the score is undefined are passed over. Peeks.

    >>> plateau("f1_macro", rounds=3).name
    'plateau'
    """
    whole("plateau", "rounds", rounds, 1)
    number("plateau", "delta", delta)

    def decide(history: History) -> str | None:
        values = [value for one in history.rounds if (value := one.score(score, slice)) is not None]
        before, since = values[:-rounds], values[-rounds:]
        if not before or max(since) - max(before) >= delta:
            return None
        return f"{score} on {slice} gained less than {delta:g} in {rounds} rounds"

    return Rule(decide, "plateau", peeks=True)


def cases_pass() -> Rule:
    """Stop when every test-case passes, those of severity "warn" left aside. Peeks.

    A verdict is good for one round; over many, the first round in which all pass is also the one that chance
    favored most, so confirm it on data that no round has seen. Raises StoppingError where the loop has no
    test-case.

    >>> cases_pass().peeks
    True
    """

    def decide(history: History) -> str | None:
        if history.last is None:
            return None
        verdicts = [one for one in history.last.verdicts if one.severity == "fail"]
        if not verdicts:
            raise StoppingError("cases_pass needs test-cases of severity 'fail'; give the loop cases=[...]")
        if not all(one.passed for one in verdicts):
            return None
        return f"all {len(verdicts)} test-cases pass" if len(verdicts) > 1 else "the test-case passes"

    return Rule(decide, "cases_pass", peeks=True)
