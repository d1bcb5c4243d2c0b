"""When to stop: budgets, what the scores say, and what the model says of the pool."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from activeloop.errors import ConfigurationError, StoppingError
from activeloop.history import History
from activeloop.rule import Rule as Rule
from activeloop.rule import all_of as all_of
from activeloop.rule import allowed_for_people as allowed_for_people
from activeloop.rule import any_of as any_of
from activeloop.rule import as_rule as as_rule
from activeloop.rule import patience as patience
from activeloop.rule import rule as rule
from activeloop.rule import whole


def budget(labels: int | None = None, *, cost: float | None = None) -> Rule:
    """Stop when so many labels are bought, or so much is spent; the last batch shrinks to fit.

    What a batch will cost is not known before it is answered: the last batch holds as many items as the money
    left pays for at the mean cost of an ask so far, and at least one.

    >>> budget(200).name
    'budget'
    """
    if (labels is None) == (cost is None):
        raise ConfigurationError("budget: give either labels or cost")
    if labels is not None:
        return _label_budget(whole("budget", "labels", labels, 0))
    return _cost_budget(_number("budget", "cost", cost, least=0.0))


def _label_budget(labels: int) -> Rule:
    def remaining(history: History) -> int:
        return labels - (history.last.bought_total if history.last else 0)

    def decide(history: History) -> str | None:
        return f"the budget of {labels} labels is spent" if remaining(history) <= 0 else None

    return Rule(decide, "budget", remaining=remaining)


def _cost_budget(cost: float) -> Rule:
    def spent(history: History) -> float:
        return history.last.cost_total if history.last else 0.0

    def decide(history: History) -> str | None:
        return f"the budget of {cost:g} is spent ({spent(history):g})" if spent(history) >= cost else None

    def remaining(history: History) -> int | None:
        asked = sum(one.asked for one in history.rounds)
        if asked == 0 or spent(history) == 0.0:
            return None
        # A hair more, so that 0.3 left at 0.1 each are three items.
        return max(int((cost - spent(history)) / (spent(history) / asked) + 1e-9), 1)

    return Rule(decide, "budget", remaining=remaining)


def target(score: str, value: float, *, slice: str = "all", certain: bool = False) -> Rule:
    """Stop when a score reaches a value on a slice; `certain`: when the low end of its interval does.

    Scores follow scikit-learn: larger is better, always. Peeks.

    >>> target("accuracy", 0.9, slice="class=8").peeks
    True
    """
    _number("target", "value", value)

    def decide(history: History) -> str | None:
        if history.last is None:
            return None
        row = history.last.row(score, slice)
        reached = row.low if certain else row.value
        if reached is None or reached < value:
            return None
        return f"{score} on {slice} reached {reached:.4g} (target {value:g})"

    return Rule(decide, "target", peeks=True)


def plateau(score: str, *, rounds: int = 5, delta: float = 0.001, slice: str = "all") -> Rule:
    """Stop when the best value of the last `rounds` rounds is less than `delta` above the best before.

    Rounds in which the score is undefined are passed over. Peeks.

    >>> plateau("f1_macro", rounds=3).name
    'plateau'
    """
    whole("plateau", "rounds", rounds, 1)
    _number("plateau", "delta", delta)

    def decide(history: History) -> str | None:
        values = [value for one in history.rounds if (value := one.score(score, slice)) is not None]
        before, since = values[:-rounds], values[-rounds:]
        if not before or max(since) - max(before) >= delta:
            return None
        return f"{score} on {slice} gained less than {delta:g} in {rounds} rounds"

    return Rule(decide, "plateau", peeks=True)


def stabilizing_predictions(kappa: float = 0.99, *, rounds: int = 3) -> Rule:
    """Stop when the mean agreement of successive models on the stop set reaches `kappa` over so many rounds.

    Agreement is Cohen's kappa. Raises StoppingError where the task is a regression. Source: Bloodgood and
    Vijay-Shanker (2009), "A method for stopping active learning based on stabilizing predictions".

    >>> stabilizing_predictions().peeks
    False
    """
    _number("stabilizing_predictions", "kappa", kappa, least=-1.0, most=1.0)
    whole("stabilizing_predictions", "rounds", rounds, 1)

    def decide(history: History) -> str | None:
        watched = [one.signals for one in history.rounds[-max(rounds, 2) :]]
        known = [one.agreement for one in watched[-rounds:] if one and one.agreement is not None]
        # Two models in a row that cannot be compared predict no classes.
        if len(watched) > 1 and all(one and one.agreement is None for one in watched[-2:]):
            raise StoppingError("stabilizing_predictions needs predicted classes; this task is a regression")
        if len(known) < rounds or sum(known) / rounds < kappa:
            return None
        return (
            f"predictions are stable: mean kappa {sum(known) / rounds:.4f} over {rounds} rounds "
            f"(threshold {kappa:g})"
        )

    return Rule(decide, "stabilizing_predictions", watches=True)


def maximum_confidence(threshold: float = 0.9) -> Rule:
    """Stop when the model gives its best class at least `threshold` on every item of the stop set.

    Raises StoppingError where the model gives no class probabilities. Source: after Zhu, Wang, Hovy, Ma
    (2010), "Confidence-based stopping criteria for active learning for data annotation".

    >>> maximum_confidence(0.8).watches
    True
    """
    _number("maximum_confidence", "threshold", threshold, least=0.0, most=1.0)

    def decide(history: History) -> str | None:
        value = _signal("maximum_confidence", "confidence", history)
        if value is None or value < threshold:
            return None
        return f"the least confident prediction reached {value:.4g} (threshold {threshold:g})"

    return Rule(decide, "maximum_confidence", watches=True)


def overall_uncertainty(threshold: float = 0.05) -> Rule:
    """Stop when the mean normalized entropy on the stop set is at most `threshold` (Zhu et al. 2010).

    Raises StoppingError where the model gives no class probabilities.

    >>> overall_uncertainty(0.1).watches
    True
    """
    _number("overall_uncertainty", "threshold", threshold, least=0.0, most=1.0)

    def decide(history: History) -> str | None:
        value = _signal("overall_uncertainty", "uncertainty", history)
        if value is None or value > threshold:
            return None
        return f"overall uncertainty fell to {value:.4g} (threshold {threshold:g})"

    return Rule(decide, "overall_uncertainty", watches=True)


def _signal(rule: str, name: str, history: History) -> float | None:
    """Give a signal of the newest round; None while the model is not trained."""
    signals = history.last.signals if history.last else None
    value: float | None = getattr(signals, name, None)
    if signals is not None and value is None:
        raise StoppingError(f"{rule} needs class probabilities, and the model gives none")
    return value


def _number(rule: str, key: str, value: Any, *, least: float = -math.inf, most: float = math.inf) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not least <= value <= most:
        lower = f" from {least:g}" if least > -math.inf else ""
        upper = f" to {most:g}" if most < math.inf else ""
        raise ConfigurationError(f"{rule}: {key} is {value!r}; allowed: a number{lower}{upper}")
    return float(value)


RULES: dict[str, Callable[..., Rule]] = {
    "budget": budget,
    "target": target,
    "plateau": plateau,
    "stabilizing_predictions": stabilizing_predictions,
    "maximum_confidence": maximum_confidence,
    "overall_uncertainty": overall_uncertainty,
    "patience": patience,
    "any_of": any_of,
    "all_of": all_of,
}
