"""When is a metric still the same metric? Its name, parameters, version, and what its functions compute."""

from __future__ import annotations

import ast
import hashlib
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from activeloop.metrics.metric import Metric


def fingerprint(metric: Metric) -> str:
    """Give 16 hexadecimal digits that change when the values of a metric may change.

    They are of name, kind, scope, needs, version, parameters, and of the source of `function` and `fit`
    without comments, docstrings and layout. What these call is not followed: raise `version` when it changes.

    >>> def shout(item):
    ...     return len(item)
    >>> one = Metric(shout, name="length", kind="data")
    >>> fingerprint(one) == fingerprint(one), fingerprint(one) == fingerprint(one.with_parameters(a=1))
    (True, False)
    """
    told = (
        metric.name,
        metric.kind,
        metric.scope,
        metric.needs,
        metric.version,
        metric.vectorized,
        sorted((name, repr(value)) for name, value in metric.parameters.items()),
        _source(metric.function),
        _source(metric.fit) if metric.fit is not None else "",
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def described(metric: Metric) -> dict[str, Any]:
    """Give what a reader of values must know of their metric, as plain JSON values."""
    return {
        "kind": metric.kind,
        "scope": metric.scope,
        "direction": metric.direction,
        "range": list(metric.range),
        "unit": metric.unit,
        "needs": list(metric.needs),
        "version": metric.version,
        "parameters": {name: repr(value) for name, value in metric.parameters.items()},
        "about": (metric.__doc__ or "").strip().split("\n")[0].rstrip("."),
    }


def _source(function: Callable[..., Any]) -> str:
    named = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', type(function))}"
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # built in, made at run time, or a part of a line
        return named
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.decorator_list = []
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    held = getattr(function, "__closure__", None) or ()
    values = [repr(cell.cell_contents) for cell in held if _plain(cell.cell_contents)]
    return " ".join([ast.unparse(tree), *values])


def _plain(value: object) -> bool:
    return isinstance(value, int | float | str | bytes | bool | tuple | frozenset | type(None))
