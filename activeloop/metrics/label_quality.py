"""Is the label that was given the one that a model, trained without it, would give?"""

from __future__ import annotations

from activeloop.arrays import Array, IntArray
from activeloop.metrics.given import largest_other, probability_of_given
from activeloop.metrics.metric import Values, metric


@metric("label", needs=("probabilities", "label_code"), vectorized=True, direction="low", range=(0.0, None))
def label_quality(p: Array, codes: IntArray) -> Values:
    """Give the probability of the item's label by a model that did not learn it, p(given); low = check it.

    The self-confidence of confident learning; it means little of a model that was fitted on these labels
    (`activeloop.out_of_sample` makes others). NULL without a label (`not_labeled`) or a prediction
    (`not_predicted`). Source: Northcutt, Jiang and Chuang 2021, "Confident learning"; cleanlab's
    `get_label_quality_scores(method="self_confidence")`.

    >>> label_quality(np.array([[0.75, 0.25], [0.75, 0.25]]), np.array([0, 1])).values.tolist()
    [0.75, 0.25]
    """
    return probability_of_given(p, codes)


@metric("label", needs=("probabilities", "label_code"), vectorized=True, direction="low", range=(-1.0, None))
def label_margin(p: Array, codes: IntArray) -> Values:
    """Compute p(given) − the largest probability of another label, in [−1, 1]; low = check first.

    Below 0 the model says another label. With one class it is p(given). NULL as `label_quality`. Source:
    Northcutt et al. 2021; cleanlab's "normalized_margin" is half of 1 + this.

    >>> label_margin(np.array([[0.75, 0.25], [0.75, 0.25]]), np.array([0, 1])).values.tolist()
    [0.5, -0.5]
    """
    given, reasons = probability_of_given(p, codes)
    return Values(given - largest_other(p, codes), reasons)
