"""Cells that a spreadsheet would run as formulas, made inert, and how they are given back."""

from __future__ import annotations

import re

_RUN = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    Those begin with = + - @, their full-width forms, a tab, a carriage return or a line feed (OWASP, "CSV
    Injection"). A text that begins with apostrophes and one of these gets one more, so nothing is lost.

    >>> guarded("=1+2"), guarded("fine"), guarded("'=1+2")
    ("'=1+2", 'fine', "''=1+2")
    """
    return f"'{text}" if _RUN.match(text) else text


def unguarded(text: str) -> str:
    """Take the apostrophe away again: unguarded(guarded(text)) is text.

    >>> unguarded("'=1+2"), unguarded("'tis fine")
    ('=1+2', "'tis fine")
    """
    return text[1:] if text.startswith("'") and _RUN.match(text) else text
