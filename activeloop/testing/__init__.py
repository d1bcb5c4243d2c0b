"""Does my plug-in keep its contract? One check per kind, for a test suite of your own.

Each is a plain function that returns nothing, or raises AssertionError with a sentence that says what is
wrong. They run on the bundled iris data unless they are given something else.
"""

from activeloop.testing.door_on_trial import Person as Person
from activeloop.testing.metrics import check_metric as check_metric
from activeloop.testing.oracles import check_oracle as check_oracle
from activeloop.testing.people_oracles import PEOPLE_CHECKS as PEOPLE_CHECKS
from activeloop.testing.people_oracles import check_people_oracle as check_people_oracle
from activeloop.testing.stopping import check_stopping_rule as check_stopping_rule
from activeloop.testing.stores import check_store as check_store
from activeloop.testing.strategies import check_strategy as check_strategy

__all__ = [
    "PEOPLE_CHECKS",
    "Person",
    "check_metric",
    "check_oracle",
    "check_people_oracle",
    "check_stopping_rule",
    "check_store",
    "check_strategy",
]
