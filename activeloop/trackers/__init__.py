"""The history of a study for MLflow, Weights & Biases and TensorBoard: one file a tracker."""

from activeloop.trackers.export import TRACKERS as TRACKERS
from activeloop.trackers.export import Exported as Exported
from activeloop.trackers.export import export as export
from activeloop.trackers.track import Track as Track
from activeloop.trackers.track import Value as Value
from activeloop.trackers.track import tracks as tracks
