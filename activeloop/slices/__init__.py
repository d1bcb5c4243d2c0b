"""Slices: named groups of items, saved as frozen definitions and evaluated on current data."""

from activeloop.slices.builders import by_category as by_category
from activeloop.slices.builders import by_class as by_class
from activeloop.slices.builders import by_column as by_column
from activeloop.slices.builders import by_edges as by_edges
from activeloop.slices.builders import by_quantile as by_quantile
from activeloop.slices.builders import where as where
from activeloop.slices.rules import Category as Category
from activeloop.slices.rules import Missing as Missing
from activeloop.slices.rules import Range as Range
from activeloop.slices.rules import Rule as Rule
from activeloop.slices.rules import Tag as Tag
from activeloop.slices.rules import Where as Where
from activeloop.slices.saved import from_json as from_json
from activeloop.slices.saved import to_json as to_json
from activeloop.slices.slice import Slice as Slice
from activeloop.slices.slice import distinct as distinct
from activeloop.slices.slice import known as known
from activeloop.slices.slice import members as members
from activeloop.slices.slice import memberships as memberships
