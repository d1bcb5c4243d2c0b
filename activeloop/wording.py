"""How names, numbers and intervals are written for a reader."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_BROKEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(name: object) -> str:
    """Write a name on one line, without what XML forbids and without marks that turn the text around it.

    >>> printable("two\\nlines \\x00")
    'two lines \ufffd'
    """
    one_line = " ".join(re.split(r"[\t\n\r\f\v]+", str(name).strip()))
    return _BROKEN.sub("\ufffd", _STEERING.sub("", one_line)) or "(no name)"


def printable_lines(text: str) -> str:
    """Write a text of several lines, each as it stands, without what XML forbids.

    >>> printable_lines("[study]" + chr(10) + "  seeds = 5" + chr(0)).splitlines()
    ['[study]', '  seeds = 5�']
    """
    return "\n".join(_BROKEN.sub("�", line.expandtabs(4)) for line in text.splitlines())


def isolated(name: object) -> str:
    """Write a name for use in a sentence: a very long one is cut, one that runs right to left is fenced.

    >>> isolated("margin"), len(isolated("א")), len(isolated("long " * 60))
    ('margin', 3, 60)
    """
    text = short(name, 60)
    turned = any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text)
    return f"⁨{text}⁩" if turned else text


def short(name: object, limit: int = 28) -> str:
    """Write a name in at most `limit` characters, its middle left out.

    >>> short("a very long name of a strategy", 15)
    'a very …trategy'
    """
    text = printable(name)
    if len(text) <= limit:
        return text
    head = limit // 2
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"


def number(value: float, signed: bool = False) -> str:
    """Write a number with three decimals, fewer where it is large, more where it is tiny.

    >>> number(0.94712), number(-123.456), number(0.00002), number(0.02, signed=True), number(float("nan"))
    ('0.947', '-123.5', '2.0e-05', '+0.020', 'undefined')
    """
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else str(value)
    size, sign = abs(value), "+" if signed else ""
    if 0 < size < 0.0005 or size >= 1e7:
        return f"{value:{sign}.1e}"
    decimals = 3 if size < 10 else 2 if size < 100 else 1 if size < 1000 else 0
    return f"{value:{sign}.{decimals}f}"


def interval(low: float, high: float) -> str:
    """Write an interval, both ends with the decimals that the end nearer to 0 needs.

    >>> interval(0.019, 0.0331), interval(0.00044, 0.024), interval(-20.123, 3.5)
    ('[0.019, 0.033]', '[0.0004, 0.0240]', '[-20.12, 3.50]')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "unknown"
    small, large = sorted((abs(low), abs(high)))
    if large >= 1e7 or large < 5e-6:
        return f"[{low:.1e}, {high:.1e}]"
    usual = 3 if large < 10 else 2 if large < 100 else 1 if large < 1000 else 0
    needed = math.ceil(-math.log10(small)) if small else 0
    decimals = max(usual, min(needed, 6))
    return f"[{low:.{decimals}f}, {high:.{decimals}f}]"


def labels(n: float) -> str:
    """Write a mean number of labels: one decimal, none where it is whole.

    >>> labels(45.71), labels(60.0), labels(float("nan"))
    ('45.7', '60', 'unknown')
    """
    return f"{n:.1f}".removesuffix(".0") if math.isfinite(n) else "unknown"


def count(n: int, word: str) -> str:
    """Write a number of things.

    >>> count(1, "seed"), count(5, "seed"), count(2, "strategy")
    ('1 seed', '5 seeds', '2 strategies')
    """
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{n} {word if n == 1 else plural}"


def listed(names: Sequence[str]) -> str:
    """Write names as a list within a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
