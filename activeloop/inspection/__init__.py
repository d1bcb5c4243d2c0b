"""A data set looked at through its metrics: as one value, as tables for a terminal, as JSON, as a page."""

from activeloop.inspection.inspect import Inspection as Inspection
from activeloop.inspection.inspect import Wish as Wish
from activeloop.inspection.inspect import inspect as inspect
from activeloop.inspection.page import exploration as exploration
from activeloop.inspection.said import said_in as said_in
