"""Quality metrics: functions that give a value to a data point, a label or a prediction."""

from activeloop.metrics.acquisition import entropy as entropy
from activeloop.metrics.acquisition import least_confidence as least_confidence
from activeloop.metrics.acquisition import margin as margin
from activeloop.metrics.acquisition import variance as variance
from activeloop.metrics.built_in import built_in as built_in
from activeloop.metrics.duplicates import Duplicates as Duplicates
from activeloop.metrics.duplicates import duplicates as duplicates
from activeloop.metrics.fingerprint import fingerprint as fingerprint
from activeloop.metrics.label_errors import LabelError as LabelError
from activeloop.metrics.label_errors import label_errors as label_errors
from activeloop.metrics.metric import Columns as Columns
from activeloop.metrics.metric import Metric as Metric
from activeloop.metrics.metric import Values as Values
from activeloop.metrics.metric import metric as metric
from activeloop.metrics.predictions import Ragged as Ragged
from activeloop.metrics.predictions import aggregate as aggregate
from activeloop.metrics.predictions import check_probabilities as check_probabilities
from activeloop.metrics.predictions import fill_missing as fill_missing
from activeloop.metrics.regions import Region as Region
from activeloop.metrics.regions import on_regions as on_regions
from activeloop.metrics.regions import region_values as region_values
from activeloop.metrics.table import Table as Table
