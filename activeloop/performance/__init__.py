"""Where does the model fail: its scores by metric, slices against the rest, and which metric explains it."""

from activeloop.performance.curve import Point as Point
from activeloop.performance.curve import by_metric as by_metric
from activeloop.performance.curve import curve as curve
from activeloop.performance.importance import Importance as Importance
from activeloop.performance.importance import importance as importance
from activeloop.performance.outcome import Outcome as Outcome
from activeloop.performance.outcome import outcome as outcome
from activeloop.performance.verdicts import Verdict as Verdict
from activeloop.performance.verdicts import compare as compare
