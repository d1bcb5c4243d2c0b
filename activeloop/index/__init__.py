"""Every metric of every item, stored: computed once, sorted, sliced, tagged, exported."""

from activeloop.index.index import Computed as Computed
from activeloop.index.index import Index as Index
