"""The card of a model: what it learned, how that was labeled, how good it is where, how to load it safely."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from activeloop.cases import Verdict
from activeloop.exports.markdown import inline, quoted, table
from activeloop.exports.summary import Summary
from activeloop.scoring import ScoreRow

PACKAGES = ("activeloop", "scikit-learn", "skops", "numpy", "scipy", "pandas")


@dataclass(frozen=True)
class Card:
    """What is said of a saved model.

    model       as scikit-learn writes it, on one line
    takes       what `predict` is given
    n_learned   labels that it learned; those of the audit stream and of an open round are not among them
    scores      each with its interval, on every slice; `measured` says on which items
    verdicts    of the test-cases
    types       what `skops` asks to be trusted when the model is loaded
    versions    (package, version) with which it was saved
    """

    summary: Summary
    model: str
    takes: str
    classes: tuple[str, ...]
    n_learned: int
    scores: tuple[ScoreRow, ...]
    measured: str
    verdicts: tuple[Verdict, ...]
    types: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]

    def markdown(self) -> str:
        """Write it as Markdown, with the front matter that the Hugging Face hub reads."""
        found = self.summary
        parts = (
            _front(found.modality),
            f"# A model for {inline(found.name)}",
            f"    {self.model}",
            f"It takes {inline(self.takes)}, and gives "
            + (f"one of {len(self.classes)} classes." if self.classes else "a number."),
            "## What it learned",
            "\n".join(
                f"- {one}"
                for one in (
                    f"It was fitted on {self.n_learned:,} labels of {found.n_items:,} items.",
                    *found.sentences(),
                    f"Fingerprint of ids, features and labels as they were read: `{found.fingerprint}`",
                    *(f"Guidelines: {inline(one)}" for one in found.guidelines),
                )
            ),
            table(["class", "labels"], found.classes) if found.classes else "",
            "## How good it is",
            self._scores(),
            "## Test-cases",
            self._verdicts(),
            "## How to load it",
            _LOADING.format(types="".join(f"        {quoted(one)},\n" for one in self.types)),
            table(["package", "version when it was saved"], self.versions),
        )
        return "\n\n".join(part for part in parts if part) + "\n"

    def _scores(self) -> str:
        if not self.scores:
            return "No score has been measured: nothing was held out, and no audit is known here."
        header = ["slice", "score", "value", "low", "high", "n", "note"]
        rows = [
            (one.slice, one.score, _number(one.value), _number(one.low), _number(one.high), one.n, one.reason)
            for one in self.scores
        ]
        said = "95 % intervals; a value that is missing is undefined, for the reason in its note."
        return f"Measured on {inline(self.measured)}. {said}\n\n{table(header, rows)}"

    def _verdicts(self) -> str:
        if not self.verdicts:
            return "None was given."
        header = ["test-case", "slice", "score", "outcome", "value", "low", "high", "bound", "n"]
        return table(
            header,
            [
                (
                    *(one.case, one.slice, one.score, one.outcome),
                    *map(_number, (one.value, one.low, one.high)),
                    f"{one.rule} {one.bound:g}",
                    one.n,
                )
                for one in self.verdicts
            ],
        )


def versions(packages: Iterable[str] = PACKAGES) -> tuple[tuple[str, str], ...]:
    """Give Python and the packages that a saved model rests on, with their versions.

    >>> versions()[0][0]
    'python'
    """
    return (("python", platform.python_version()), *((one, _version(one)) for one in packages))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _front(modality: str) -> str:
    task = {"text": "text-classification", "image": "image-classification"}.get(
        modality, "tabular-classification"
    )
    tags: Sequence[str] = ("sklearn", "skops", "activeloop", task)
    return "---\nlibrary_name: sklearn\ntags:\n" + "\n".join(f"- {one}" for one in tags) + "\n---"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


_LOADING = """A `.skops` file holds no code, and skops builds no type that is not trusted. With activeloop:

```python
from activeloop.exports.model import load_model

model = load_model(".")  # this folder
```

Without it skops has to be told which types to trust. Look at what the file asks for, and compare it with
this list; what begins with `activeloop.` are functions of that package, which has to be installed:

```python
import skops.io

print(skops.io.get_untrusted_types(file="model.skops"))
model = skops.io.load(
    "model.skops",
    trusted=[
{types}    ],
)
```

Load it with the version of scikit-learn that saved it; another may refuse it, or predict otherwise."""
