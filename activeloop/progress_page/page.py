"""The page's three texts: markup, one script of many modules, style."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from activeloop.explorer.script import joined
from activeloop.page import templates, text_of

_HERE = "activeloop.progress_page"
_SHARED = ("dom", "intervals", "wording")  # of the explorer


@cache
def script() -> str:
    """Give all modules as one, with those that are the explorer's.

    >>> "import " in script()
    False
    """
    own = {
        one.name[:-3]: text_of(_HERE, one.name) for one in files(_HERE).iterdir() if one.name.endswith(".js")
    }
    return joined({**{name: text_of("activeloop.explorer", f"{name}.js") for name in _SHARED}, **own})


@cache
def style() -> str:
    """Give the palette that all pages share and the style of this one."""
    return text_of("activeloop", "page.css") + text_of(_HERE, "progress.css")


def page(**inside: str) -> str:
    """Give the markup: with files beside it, or with `title`, `data`, `code`, `look` and `policy` inside."""
    return templates(_HERE).get_template("progress.html").render(inside=inside)
