"""What an item holds, as a 64-bit number: a value is computed again only where this has changed."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from activeloop.arrays import Array, KeyArray
from activeloop.seeds import mix


def column_keys(values: Any, of_file: Callable[[str], int] | None = None) -> KeyArray:
    """Give the key of each row of a column: an array, a sparse matrix, a DataFrame, or any objects.

    With `of_file`, strings and paths are files, and it gives the key of what they hold. Two rows of different
    content share a key with a chance of 2⁻⁶⁴.

    >>> keys = column_keys(np.array([0.1, 0.2, 0.1]))
    >>> bool(keys[0] == keys[2]), bool(keys[0] == keys[1])
    (True, False)
    """
    if isinstance(values, pd.DataFrame):
        return np.asarray(pd.util.hash_pandas_object(values, index=False), dtype=np.uint64)
    if hasattr(values, "tocsr"):
        rows = values.tocsr()
        parts = zip(rows.indptr[:-1], rows.indptr[1:], strict=True)
        return _each(rows.indices[a:b].tobytes() + rows.data[a:b].tobytes() for a, b in parts)
    if isinstance(values, np.ndarray) and values.dtype.kind in "biufcmM":
        return _rows(values)
    if of_file is not None:
        cells = (values[at] for at in range(len(values)))
        keys = (of_file(str(one)) if isinstance(one, str | Path) else _digest(_bytes(one)) for one in cells)
        return np.fromiter(keys, dtype=np.uint64, count=len(values))
    return _each(_bytes(values[at]) for at in range(len(values)))


def combined(keys: Iterable[KeyArray]) -> KeyArray:
    """Give one key per row of several columns; their order counts."""
    together: KeyArray | None = None
    for one in keys:
        together = mix(one) if together is None else mix(together ^ one)
    assert together is not None
    return together


def whole(keys: KeyArray) -> str:
    """Give one text for all rows together, whatever their order."""
    return hashlib.sha256(np.sort(keys).tobytes()).hexdigest()[:16]


def file_key(path: str) -> int:
    """Give the key of the bytes of a file; of its name where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return int.from_bytes(hashlib.file_digest(file, _blake).digest(), "little")
    except OSError:
        return _digest(b"unreadable " + os.fsencode(path))


def _blake() -> Any:
    return hashlib.blake2b(digest_size=8)


def _digest(content: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


def _each(contents: Iterable[bytes]) -> KeyArray:
    return np.fromiter(map(_digest, contents), dtype=np.uint64)


def _bytes(one: Any) -> bytes:
    if isinstance(one, str):
        return b"text " + one.encode("utf-8", "surrogatepass")
    if isinstance(one, np.ndarray) and one.dtype.kind != "O":
        return f"array {one.dtype.str} {one.shape} ".encode() + one.tobytes()
    if one is None or isinstance(one, int | float | Path | np.generic):
        return f"{type(one).__name__} {one!s}".encode()
    try:
        return pickle.dumps(one, protocol=5)
    except Exception:  # noqa: BLE001 - what cannot be pickled may raise anything; its text is the next best
        return repr(one).encode()


def _rows(values: Array) -> KeyArray:
    """Mix the 64-bit words of each row, all rows at once."""
    n = len(values)
    flat = np.ascontiguousarray(values).reshape(n, -1)
    keys = np.full(n, _digest(f"{values.dtype.str} {values.shape[1:]}".encode()), dtype=np.uint64)
    if flat.size == 0:
        return keys
    width = flat.shape[1] * flat.dtype.itemsize
    words = np.zeros((n, -(-width // 8) * 8), dtype=np.uint8)
    words[:, :width] = flat.view(np.uint8).reshape(n, width)
    for word in words.view(np.uint64).T:
        keys = mix(keys ^ word)
    return keys
