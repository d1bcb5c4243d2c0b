"""Model test-cases: slice, score, bound; each round says pass, fail, inconclusive or insufficient."""

from activeloop.cases.case import TestCase as TestCase
from activeloop.cases.judge import Judge as Judge
from activeloop.cases.judge import judge as judge
from activeloop.cases.predicted import Predicted as Predicted
from activeloop.cases.verdict import OUTCOMES as OUTCOMES
from activeloop.cases.verdict import Outcome as Outcome
from activeloop.cases.verdict import Verdict as Verdict
