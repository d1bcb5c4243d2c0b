"""Which strategy is better, by how much, where, and how sure one may be: from runs to verdicts."""

from activeloop.comparison.compare import compare as compare
from activeloop.comparison.measures import MEASURES as MEASURES
from activeloop.comparison.measures import Measure as Measure
from activeloop.comparison.measures import measure as measure
from activeloop.comparison.power import detectable as detectable
from activeloop.comparison.power import least_seeds as least_seeds
from activeloop.comparison.power import seeds_needed as seeds_needed
from activeloop.comparison.power import too_few as too_few
from activeloop.comparison.result import VERDICTS as VERDICTS
from activeloop.comparison.result import Comparison as Comparison
from activeloop.comparison.result import Ranks as Ranks
from activeloop.comparison.setting_runs import SettingRuns as SettingRuns
