"""The files of the page, read once from the package: no path that a browser names is ever opened."""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

_MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" '
    'fill="#0f5f8c"/><path d="m9 17 5 5 10-12" fill="none" stroke="#fff" stroke-width="4" '
    'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


class File(NamedTuple):
    """Content and media type."""

    content: bytes
    media: str


def page_files() -> dict[str, File]:
    """Give the files by address.

    >>> sorted(page_files())[:2], sum(len(one.content) for one in page_files().values()) < 100_000
    (['/', '/api.js'], True)
    """
    found = {"/icon.svg": File(_ICON.encode(), "image/svg+xml")}
    for one in files("activeloop.label").iterdir():
        ending = one.name[one.name.rfind(".") :]
        if ending in _MEDIA:
            address = "/" if one.name == "label.html" else f"/{one.name}"
            found[address] = File(one.read_bytes(), _MEDIA[ending])
    return found
