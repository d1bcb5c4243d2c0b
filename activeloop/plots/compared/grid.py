"""How many panels and rows a picture of many data sets has; the tables always have all."""

ACROSS = 4
"""Panels side by side."""
PANELS = 32
"""Panels that a picture has at most: the first, in the order of the study."""


def few(n: int, word: str, most: int = PANELS) -> str:
    """Say how many are drawn; nothing where all are.

    >>> few(40, "data set"), few(3, "data set")
    (' The first 32 of 40 data sets are drawn.', '')
    """
    return f" The first {most} of {n} {word}s are drawn." if n > most else ""
