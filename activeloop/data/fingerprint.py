"""One hash for what a dataset holds, so that a run knows its data again."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

import numpy as np
import pandas as pd

from activeloop.arrays import Array
from activeloop.data.columns import column_values
from activeloop.data.features import is_sparse

_BLOCK_BYTES = 1 << 24


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def fingerprint(*parts: Any) -> str:
    """Give the SHA-256 of arrays, sparse matrices, tables and objects, read in blocks of 16 MB.

    It hangs on the values, their order, their types and the names of columns; not on byte order or memory
    layout. Times count to the microsecond. An object that is no text, number, array or list counts by its
    type alone.

    >>> fingerprint(np.arange(3)) == fingerprint(np.arange(6)[:3]), fingerprint(None) == fingerprint("")
    (True, False)
    """
    digest = hashlib.sha256()
    for part in parts:
        _feed(digest, part)
    return digest.hexdigest()


def _feed(digest: _Hash, part: Any) -> None:
    if isinstance(part, str):
        _say(digest, f"str {part}")
    elif is_sparse(part):
        # the same matrix may be stored with its columns in any order
        ordered = part if part.has_sorted_indices else part.sorted_indices()
        _say(digest, f"sparse {part.shape}")
        for array in (ordered.indptr.astype(np.int64), ordered.indices.astype(np.int64), ordered.data):
            _feed(digest, array)
    elif isinstance(part, pd.DataFrame):
        _say(digest, f"table {part.shape}")
        for name in part.columns:
            _say(digest, str(name))
            _feed(digest, column_values(part[name]))
    elif isinstance(part, np.ndarray) and part.dtype.kind not in "OU":
        _feed_numbers(digest, part)
    elif isinstance(part, np.ndarray | list | tuple):
        _say(digest, f"objects {np.shape(part) if isinstance(part, np.ndarray) else len(part)}")
        for one in part:
            _feed(digest, one)
    else:
        plain = part.item() if isinstance(part, np.generic) else part
        stable = plain is None or isinstance(plain, bytes | bool | int | float)
        _say(digest, f"{type(plain).__name__} {plain if stable else ''}")


def _feed_numbers(digest: _Hash, array: Array) -> None:
    kind = array.dtype.newbyteorder("<")
    if kind.kind in "mM":  # pandas chooses the unit, and its versions choose differently
        kind = np.dtype(f"<{kind.kind}8[us]")
    _say(digest, f"array {kind.str} {array.shape}")
    if array.ndim == 0 or len(array) == 0:
        digest.update(array.astype(kind).tobytes())
        return
    step = max(1, _BLOCK_BYTES // max(1, array.itemsize * (array.size // len(array))))
    for start in range(0, len(array), step):
        digest.update(np.ascontiguousarray(array[start : start + step], dtype=kind).tobytes())


def _say(digest: _Hash, text: str) -> None:
    # the length first, so that no two sequences of texts run together into one
    encoded = text.encode("utf-8", "surrogatepass")
    digest.update(len(encoded).to_bytes(8, "little") + encoded)
