"""What strategies are compared on."""

from typing import NamedTuple


class Setting(NamedTuple):
    """A data set, model, batch size and oracle: under one seed all share split, start labels and noise."""

    data: str
    model: str
    batch_size: int
    oracle: str
