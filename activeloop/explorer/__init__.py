"""The explorer: one HTML file that shows an indexed data set, with no server and no network."""

from activeloop.explorer.exploration import (
    Case,
    Drift,
    Exploration,
    Finding,
    Importance,
    MetricColumn,
    Modality,
    PerformanceBin,
    Pictures,
    SliceRow,
)
from activeloop.explorer.write import write

__all__ = [
    "Case",
    "Drift",
    "Exploration",
    "Finding",
    "Importance",
    "MetricColumn",
    "Modality",
    "PerformanceBin",
    "Pictures",
    "SliceRow",
    "write",
]
