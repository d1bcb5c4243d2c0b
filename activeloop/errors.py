"""What can go wrong, drawn as a tree.

ActiveloopError
 ├─ InputError (ValueError)        what was given cannot be used
 │   ├─ DataError                  a dataset, its ids, a file, a recipe
 │   ├─ AnswerError                an answer outside the declared classes, an unknown ask id
 │   ├─ SliceError                 a slice that is not defined, named twice, or holds no item
 │   ├─ ConfigurationError         a key or value of a study file, an option
 │   └─ UnknownNameError           a name that resolves to nothing
 ├─ PluginError                    a plug-in broke its contract
 │   ├─ StrategyError              utilities or positions that cannot be used
 │   ├─ OracleError                answers that do not fit the query, a server that refuses to ask people
 │   │   └─ UnreachableError       the server does not answer now; nothing is lost, ask again later
 │   ├─ MetricError                a metric that gives no number
 │   ├─ ScoreError                 a score that gives no number
 │   └─ StoppingError              a stopping rule that gives neither a reason nor None
 ├─ ModelError                     the model cannot be fitted or gives no usable prediction
 │   └─ NotTrainableError          too little is labelled to train it yet
 ├─ PeekingError                   a rule looked at what only a simulation may know
 ├─ StoreError                     a run on disk that cannot be opened, continued or written
 │   └─ StoreConflictError         another writer was quicker: look at what it wrote, and try again
 └─ MissingDependencyError (ImportError)   an optional package is needed
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ActiveloopError(Exception):
    """The root: catch it to catch all that this package raises on purpose."""


class InputError(ActiveloopError, ValueError):
    """What was given cannot be used."""


class DataError(InputError):
    """A dataset, its ids, a file or a recipe cannot be used."""


class AnswerError(InputError):
    """An answer does not fit what was asked."""


class SliceError(InputError):
    """A slice is not defined, named twice, or holds no item."""


class ConfigurationError(InputError):
    """A key or a value of a study file, or an option, is wrong."""


class UnknownNameError(InputError):
    """A name resolves to nothing."""


class PluginError(ActiveloopError):
    """A plug-in broke its contract."""


class StrategyError(PluginError):
    """A strategy gave utilities or positions that cannot be used."""


class OracleError(PluginError):
    """An oracle gave answers that do not fit the query, or its server refuses to ask people."""


class UnreachableError(OracleError):
    """The server behind an oracle does not answer now: nothing is lost, ask again later."""


class MetricError(PluginError):
    """A metric gave something that is not a number."""


class ScoreError(PluginError):
    """A score gave something that is not a number."""


class StoppingError(PluginError):
    """A stopping rule gave neither a reason nor None."""


class ModelError(ActiveloopError):
    """The model cannot be fitted, or gives no usable prediction."""


class NotTrainableError(ModelError):
    """Too little is labelled to train the model yet."""


class PeekingError(ActiveloopError):
    """A rule looked at what only a simulation may know."""


class StoreError(ActiveloopError):
    """A run on disk cannot be opened, continued or written."""


class StoreConflictError(StoreError):
    """Another writer took the place of an event: read what it wrote, and try again."""


class MissingDependencyError(ActiveloopError, ImportError):
    """An optional package is needed."""

    @classmethod
    def of(cls, package: str, extra: str, purpose: str) -> MissingDependencyError:
        """Say which extra brings the package.

        >>> str(MissingDependencyError.of("pyarrow", "parquet", "to read Parquet"))
        "pyarrow is needed to read Parquet: pip install 'activeloop[parquet]'"
        """
        return cls(f"{package} is needed {purpose}: pip install 'activeloop[{extra}]'")


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """Give the allowed name that is nearest to a misspelt one, or None.

    >>> nearest("margn", ["entropy", "margin"])
    'margin'
    """
    close = difflib.get_close_matches(str(name), list(allowed), n=1, cutoff=0.6)
    return close[0] if close else None


def unknown(what: str, name: object, allowed: Iterable[str]) -> str:
    """Write the sentence for a name that is not allowed: what was wrong, the nearest, all that are allowed.

    >>> unknown("strategy", "margn", ["entropy", "margin"])
    "unknown strategy 'margn'; did you mean 'margin'? Allowed: entropy, margin"
    """
    names = sorted(map(str, allowed))
    close = nearest(str(name), names)
    hint = f"; did you mean '{close}'?" if close else "."
    return f"unknown {what} {str(name)!r}{hint} Allowed: {', '.join(names) if names else 'none'}"
