"""Honest numbers without a labeled test set: a random audit, weighted active labels, and what is to come."""

from activeloop.audit.apart import Apart as Apart
from activeloop.audit.apart import set_apart as set_apart
from activeloop.audit.estimate import audited as audited
from activeloop.audit.forecast import Forecast as Forecast
from activeloop.audit.forecast import forecast as forecast
from activeloop.audit.lure import Draws as Draws
from activeloop.audit.lure import lure as lure
from activeloop.audit.said import SaidOf as SaidOf
from activeloop.audit.weights import Drawn as Drawn
from activeloop.audit.weights import Mean as Mean
