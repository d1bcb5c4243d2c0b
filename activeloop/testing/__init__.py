"""Does my plug-in keep its contract? One check per kind, for a test suite of your own.

Each is a plain function that returns nothing, or raises AssertionError with a sentence that says what is
wrong. They run on the bundled iris data unless they are given something else.
"""

from activeloop.testing.metrics import check_metric as check_metric
from activeloop.testing.oracles import check_oracle as check_oracle
from activeloop.testing.stopping import check_stopping_rule as check_stopping_rule
from activeloop.testing.strategies import check_strategy as check_strategy

__all__ = ["check_metric", "check_oracle", "check_stopping_rule", "check_strategy"]
