"""Statistics of values: how many tests were made, what lies outside, what has shifted, what goes together."""

from activeloop.statistics.association import Association as Association
from activeloop.statistics.association import Information as Information
from activeloop.statistics.association import mutual_information as mutual_information
from activeloop.statistics.association import spearman as spearman
from activeloop.statistics.comparison import Difference as Difference
from activeloop.statistics.comparison import Jackknifed as Jackknifed
from activeloop.statistics.comparison import jackknifed as jackknifed
from activeloop.statistics.comparison import proportions as proportions
from activeloop.statistics.domain import Domain as Domain
from activeloop.statistics.domain import Importance as Importance
from activeloop.statistics.domain import domain as domain
from activeloop.statistics.drift import Drift as Drift
from activeloop.statistics.drift import Least as Least
from activeloop.statistics.drift import drift as drift
from activeloop.statistics.fences import Fences as Fences
from activeloop.statistics.fences import Method as Method
from activeloop.statistics.fences import fences as fences
from activeloop.statistics.multiplicity import benjamini_hochberg as benjamini_hochberg
from activeloop.statistics.multiplicity import holm as holm
from activeloop.statistics.outliers import Outliers as Outliers
from activeloop.statistics.outliers import outliers as outliers
