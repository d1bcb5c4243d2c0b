"""Labeled data and the fitted model as files that other tools read; one file a format."""

from activeloop.exports.formats import FORMATS as FORMATS
from activeloop.exports.formats import Format as Format
from activeloop.exports.formats import export as export
from activeloop.exports.gather import labeled_data as labeled_data
from activeloop.exports.labeled import LabeledData as LabeledData
from activeloop.exports.labeled import LabeledRow as LabeledRow
