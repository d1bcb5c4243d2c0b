"""When to stop: budgets, what the scores say, and what the model says of the pool."""

from __future__ import annotations

from collections.abc import Callable

from activeloop.errors import ConfigurationError, StoppingError
from activeloop.history import History
from activeloop.peeking import cases_pass as cases_pass
from activeloop.peeking import plateau as plateau
from activeloop.peeking import target as target
from activeloop.peeking import worst_slice as worst_slice
from activeloop.rule import Rule as Rule
from activeloop.rule import all_of as all_of
from activeloop.rule import allowed_for_people as allowed_for_people
from activeloop.rule import any_of as any_of
from activeloop.rule import as_rule as as_rule
from activeloop.rule import number, whole
from activeloop.rule import patience as patience
from activeloop.rule import rule as rule


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
    return _cost_budget(number("budget", "cost", cost, least=0.0))


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


def stabilizing_predictions(kappa: float = 0.99, *, rounds: int = 3) -> Rule:
    """Stop when the mean agreement of successive models on the stop set reaches `kappa` over so many rounds.

    Agreement is Cohen's kappa. Raises StoppingError where the task is a regression. Source: Bloodgood and
    Vijay-Shanker (2009), "A method for stopping active learning based on stabilizing predictions".

    >>> stabilizing_predictions().peeks
    False
    """
    number("stabilizing_predictions", "kappa", kappa, least=-1.0, most=1.0)
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
    number("maximum_confidence", "threshold", threshold, least=0.0, most=1.0)

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
    number("overall_uncertainty", "threshold", threshold, least=0.0, most=1.0)

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


RULES: dict[str, Callable[..., Rule]] = {
    "budget": budget,
    "target": target,
    "worst_slice": worst_slice,
    "plateau": plateau,
    "cases_pass": cases_pass,
    "stabilizing_predictions": stabilizing_predictions,
    "maximum_confidence": maximum_confidence,
    "overall_uncertainty": overall_uncertainty,
    "patience": patience,
    "any_of": any_of,
    "all_of": all_of,
}
