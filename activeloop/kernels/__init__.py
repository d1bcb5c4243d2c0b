"""The inner loops that strategies and metrics share: fast, exact, and blind to what the numbers mean."""

from activeloop.kernels.farthest import distances_to_nearest as distances_to_nearest
from activeloop.kernels.farthest import farthest_first as farthest_first
from activeloop.kernels.nearby import Pairs as Pairs
from activeloop.kernels.nearby import pairs_within as pairs_within
from activeloop.kernels.neighbors import Neighbors as Neighbors
from activeloop.kernels.neighbors import nearest as nearest
from activeloop.kernels.rows import row_entropy as row_entropy
from activeloop.kernels.rows import row_margin as row_margin
from activeloop.kernels.rows import row_max as row_max
from activeloop.kernels.rows import row_variance as row_variance
from activeloop.kernels.space import Distance as Distance
from activeloop.kernels.space import as_points as as_points
from activeloop.kernels.top import top as top
