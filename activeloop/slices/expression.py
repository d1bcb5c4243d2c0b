"""The expressions of slices: `ink < 0.2 and label == '8'`, read by Python's parser, run on whole columns."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

import numpy as np

from activeloop.arrays import Array, BoolArray
from activeloop.errors import SliceError
from activeloop.slices.column import Column, Reader

ALLOWED = (
    "column names (`in backticks` where they are not plain words); text, numbers, True, False, lists of "
    "them; < <= > >= == != in, not in, is None, is not None; and or not; parentheses"
)
# Quoted text first, so that nothing inside it is taken for a name.
_NAMES = re.compile(r"""('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|`([^`]+)`|\b(class)\b""")
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class Truth(NamedTuple):
    """Three-valued, as in SQL: an item is in `yes`, in `no`, or in neither where a NULL left it open."""

    yes: BoolArray
    no: BoolArray


class Expression(NamedTuple):
    """A parsed expression: its tree, and the column that each name in it stands for."""

    text: str
    tree: ast.expr
    names: dict[str, str]


@lru_cache(maxsize=1024)
def parse(text: str) -> Expression:
    """Parse an expression and check every part of it; raise SliceError naming the part that is not allowed.

    >>> sorted(set(parse("ink < 0.2 and class == '8'").names.values()))
    ['ink', 'label']
    """
    quoted: dict[str, str] = {}

    def plain(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        name = f"_column_{len(quoted)}" if match[2] else "label"
        quoted[name] = match[2] or "label"
        return name

    try:
        tree = ast.parse(_NAMES.sub(plain, text).strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        hint = "; use 'and', 'or', 'not'" if re.search(r"&&|\|\||!(?!=)", text) else ""
        raise SliceError(f"cannot read the slice expression {text!r}{hint}. Allowed: {ALLOWED}") from error
    names: dict[str, str] = {}
    _check(tree, text, quoted, names)
    return Expression(text, tree, names)


def evaluate(expression: Expression, read: Reader) -> BoolArray:
    """Give one boolean per item; what a NULL leaves open is not a member."""
    return _truth(expression.tree, expression, read).yes


def _refuse(text: str, part: ast.AST) -> NoReturn:
    what = ast.unparse(part) if isinstance(part, ast.expr) else type(part).__name__
    raise SliceError(f"{what!r} is not allowed in the slice expression {text!r}. Allowed: {ALLOWED}")


def _check(node: ast.expr, text: str, quoted: dict[str, str], names: dict[str, str]) -> None:
    match node:
        case ast.BoolOp(values=parts):
            pass
        case ast.UnaryOp(op=ast.Not(), operand=one):
            parts = [one]
        case ast.Compare(left=left, ops=ops, comparators=right):
            parts = []
            for before, op, after in zip([left, *right], ops, right, strict=False):
                _check_comparison(before, op, after, text)
                parts += [side for side in (before, after) if isinstance(side, ast.Name)]
        case ast.Name(id=name):
            names[name] = quoted.get(name, name)
            parts = []
        case _:
            _refuse(text, node)
    for part in parts:
        _check(part, text, quoted, names)


def _check_comparison(left: ast.expr, op: ast.cmpop, right: ast.expr, text: str) -> None:
    sides = (_is_value(left), _is_value(right))
    if isinstance(op, (ast.Is, ast.IsNot)):
        fits = isinstance(left, ast.Name) and isinstance(right, ast.Constant) and right.value is None
    elif isinstance(op, (ast.In, ast.NotIn)):
        fits = (isinstance(left, ast.Name) and isinstance(right, (ast.List, ast.Tuple)) and sides[1]) or (
            isinstance(left, ast.Constant) and isinstance(right, ast.Name)
        )
    else:
        fits = all(
            isinstance(side, ast.Name) or value for side, value in zip((left, right), sides, strict=True)
        )
        fits = fits and sides != (True, True)
        fits = fits and not any(isinstance(side, (ast.List, ast.Tuple)) for side in (left, right))
    if not fits:
        _refuse(text, ast.Compare(left, [op], [right]))


def _is_value(node: ast.expr) -> bool:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    flat = value if isinstance(value, (list, tuple)) else [value]
    return all(isinstance(one, (str, bool, int, float)) for one in flat)


def _truth(node: ast.expr, expression: Expression, read: Reader) -> Truth:
    match node:
        case ast.BoolOp(op=op, values=parts):
            truths = [_truth(part, expression, read) for part in parts]
            yes, no = [one.yes for one in truths], [one.no for one in truths]
            if isinstance(op, ast.And):
                return Truth(np.logical_and.reduce(yes), np.logical_or.reduce(no))
            return Truth(np.logical_or.reduce(yes), np.logical_and.reduce(no))
        case ast.UnaryOp(operand=one):
            truth = _truth(one, expression, read)
            return Truth(truth.no, truth.yes)
        case ast.Compare(left=left, ops=ops, comparators=right):
            links = [
                _comparison(before, op, after, expression, read)
                for before, op, after in zip([left, *right], ops, right, strict=False)
            ]
            return Truth(
                np.logical_and.reduce([one.yes for one in links]),
                np.logical_or.reduce([one.no for one in links]),
            )
        case ast.Name(id=name):
            column = read(expression.names[name])
            if column.values.dtype != bool:
                raise SliceError(f"column {column.name!r} is not true or false; compare it with something")
            return Truth(column.values & ~column.null, ~column.values & ~column.null)
    _refuse(expression.text, node)


def _comparison(
    left: ast.expr, op: ast.cmpop, right: ast.expr, expression: Expression, read: Reader
) -> Truth:
    sides = [
        read(expression.names[side.id]) if isinstance(side, ast.Name) else ast.literal_eval(side)
        for side in (left, right)
    ]
    columns = [side for side in sides if isinstance(side, Column)]
    null = np.logical_or.reduce([column.null for column in columns])
    if isinstance(op, (ast.Is, ast.IsNot)):
        return Truth(null, ~null) if isinstance(op, ast.Is) else Truth(~null, null)
    if isinstance(op, (ast.In, ast.NotIn)):
        found = _one_of(*sides) if isinstance(sides[0], Column) else _holds(sides[1], sides[0])
        held = found if isinstance(op, ast.In) else ~found
    else:
        values = [_operand(side, columns[0]) for side in sides]
        held = _compared(_COMPARE[type(op)], values, columns)
    return Truth(held & ~null, ~held & ~null)


def _operand(side: Any, column: Column) -> Any:
    """Give what numpy compares: a column's values, or a literal of the column's own kind."""
    if isinstance(side, Column):
        return side.values
    if column.kind == "time":
        try:
            return np.datetime64(side)
        except (ValueError, TypeError) as error:
            raise SliceError(f"column {column.name!r} holds times; {side!r} is not one (ISO 8601)") from error
    if column.kind == "other" or (column.kind == "text") == isinstance(side, str):
        return side
    raise SliceError(f"column {column.name!r} holds {column.kind}s; {side!r} is not one")


def _compared(compare: Callable[[Any, Any], Any], values: list[Any], columns: list[Column]) -> BoolArray:
    try:
        return np.broadcast_to(np.asarray(compare(*values), dtype=bool), columns[0].null.shape)
    except TypeError as error:
        names = " and ".join(repr(column.name) for column in columns)
        raise SliceError(f"column {names}: its values cannot be compared so ({error})") from error


def _one_of(column: Column, allowed: Any) -> BoolArray:
    hits: list[Array] = [
        _compared(operator.eq, [column.values, _operand(one, column)], [column]) for one in allowed
    ]
    return np.logical_or.reduce(hits) if hits else np.zeros(len(column.null), dtype=bool)


def _holds(column: Column, value: Any) -> BoolArray:
    """Say which collections hold the value, or which texts hold the words: Python's own `value in one`."""
    if column.kind not in ("text", "other"):
        raise SliceError(
            f"column {column.name!r} holds {column.kind}s, not collections; write it before 'in'"
        )
    pairs = zip(column.values, column.null, strict=True)
    return np.fromiter((not null and value in one for one, null in pairs), dtype=bool, count=len(column.null))
