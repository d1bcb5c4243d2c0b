"""Quality metrics: functions that give a value to a data point, a label or a prediction."""

from activeloop.metrics.metric import Columns as Columns
from activeloop.metrics.metric import Metric as Metric
from activeloop.metrics.metric import Values as Values
from activeloop.metrics.metric import metric as metric
