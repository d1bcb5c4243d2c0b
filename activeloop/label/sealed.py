"""Which ask is meant, as a word that tells the browser nothing: not its round, its stream, or its item."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import NamedTuple

_MARK = 16
_BLOCK = 32
_ASK = 32


class Sealed(NamedTuple):
    """An ask and its item, of one person."""

    ask_id: str
    item: int | str


class Seal:
    """Turn asks into words and back, by a secret alone: a word is still good after a restart.

    The word is HMAC-SHA256 of the content followed by the content, masked by a stream made of that mark
    (a synthetic initialization vector: Rogaway and Shrimpton 2006). A word of another person, or one that
    nobody made, does not open.

    >>> seal = Seal("secret")
    >>> word = seal.closed("ada", Sealed("audit.3", 17))
    >>> seal.opened("ada", word)
    Sealed(ask_id='audit.3', item=17)
    >>> seal.opened("bob", word) is None, "audit" in word
    (True, False)
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def closed(self, annotator: str, sealed: Sealed) -> str:
        """Give the word for an ask."""
        content = json.dumps([sealed.ask_id.ljust(_ASK), sealed.item]).encode()
        whole = content.ljust(-(-len(content) // _BLOCK) * _BLOCK)
        mark = self._mark(annotator, whole)
        return base64.urlsafe_b64encode(mark + self._masked(mark, whole)).decode().rstrip("=")

    def opened(self, annotator: str, word: str) -> Sealed | None:
        """Give the ask of a word, or None."""
        try:
            raw = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        mark, whole = raw[:_MARK], self._masked(raw[:_MARK], raw[_MARK:])
        if not hmac.compare_digest(mark, self._mark(annotator, whole)):
            return None
        ask_id, item = json.loads(whole)
        return Sealed(ask_id.rstrip(" "), item)

    def _mark(self, annotator: str, whole: bytes) -> bytes:
        told = b"\0".join((b"mark", annotator.encode(), whole))
        return hmac.digest(self._secret, told, hashlib.sha256)[:_MARK]

    def _masked(self, mark: bytes, whole: bytes) -> bytes:
        blocks = range(-(-len(whole) // _BLOCK))
        stream = b"".join(
            hmac.digest(self._secret, b"mask\0" + mark + at.to_bytes(4, "big"), hashlib.sha256)
            for at in blocks
        )
        return bytes(one ^ other for one, other in zip(whole, stream, strict=False))
