"""The tables of a study file: which keys there are, and what each may hold."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, dataclass_transform

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

_STRICT = ConfigDict(extra="forbid", strict=True)
_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def _frozen(table: type[_T]) -> type[_T]:
    made: type[_T] = dataclass(frozen=True, config=_STRICT, kw_only=True)(table)  # type: ignore[assignment]
    return made


def changed(table: _T, **values: Any) -> _T:
    """Give a table with other values.

    >>> changed(Batch(rule="top"), called="best").called
    'best'
    """
    return type(table)(**{**vars(table), **values})


Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Whole: TypeAlias = Annotated[int, Field(ge=1)]
Parameters: TypeAlias = dict[str, Any]
Seeds: TypeAlias = Whole | Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]


@_frozen
class About:
    """What the study is called and what it asks."""

    name: str
    question: str = ""


@_frozen
class Data:
    """Which data set, and how it is split: held out by chance or by a column, nothing (0), or by a function.

    `called` is its name in tables. `split` names a function of the data set and the seed that gives the pool
    and the holdout, or None for it. A `budget` of its own takes the place of the loop's.
    """

    called: str | None = None
    name: str | None = None
    path: str | None = None
    label: str | None = None
    text: str | None = None
    id: str | None = None
    options: Parameters = field(default_factory=dict)
    holdout: float | int | str | list[str] = 0.3
    guide: float | int | None = None
    by: str | None = None
    at: float | str | None = None
    split: str | None = None
    budget: Whole | None = None


@_frozen
class Model:
    """Which model: a name such as "sklearn.svm:SVC" and its parameters; built for the data when left out."""

    called: str | None = None
    name: str | None = None
    parameters: Parameters = field(default_factory=dict)


@_frozen
class Batch:
    """A batch rule and its parameters."""

    called: str | None = None
    rule: str = "top"
    parameters: Parameters = field(default_factory=dict)


@_frozen
class StrategyTable:
    """A strategy with a name of its own, an acquisition function, and a batch rule.

    With `of`, what `acquisition` names makes a strategy of that one.
    """

    acquisition: str
    name: str | None = None
    parameters: Parameters = field(default_factory=dict)
    batch: Batch | None = None
    of: str | StrategyTable | None = None

    @property
    def called(self) -> str:
        """The name under which its runs are kept."""
        return self.name or (f"{self.acquisition}({called(self.of)})" if self.of else self.acquisition)


def called(given: str | StrategyTable) -> str:
    """Give the name of a strategy, however it is given.

    >>> called(StrategyTable(acquisition="slice_aware", of="margin"))
    'slice_aware(margin)'
    """
    return given if isinstance(given, str) else given.called


@_frozen
class LoopTable:
    """What is compared, and how long it goes."""

    strategies: Annotated[list[str | StrategyTable], Field(min_length=1)]
    seeds: Seeds = field(default_factory=lambda: [0])
    batch_rules: Annotated[list[str | Batch], Field(min_length=1)] | None = None
    batch_size: Whole | Annotated[list[Whole], Field(min_length=1)] = 10
    start: str = "random"
    start_size: Whole | None = None
    budget: Whole | None = None
    scoring: Annotated[list[str], Field(min_length=1)] | None = None


@_frozen
class SliceTable:
    """Slices by a column, a metric or "class", or one slice by an expression."""

    by: str | None = None
    bins: Annotated[int, Field(ge=2)] | None = None
    edges: Annotated[list[float], Field(min_length=2)] | None = None
    name: str | None = None
    where: str | None = None


@_frozen
class AnnotatorTable:
    """One simulated annotator."""

    name: str
    noise: Share = 0.0
    abstain: Share = 0.0
    cost: float = 1.0
    seconds: float = 0.0


@_frozen
class Oracle:
    """Who answers: the truth, made worse as the keys say, or a function of one's own."""

    called: str | None = None
    name: str = "simulated"
    noise: Share = 0.0
    confusion: dict[str, dict[str, float]] | None = None
    item_noise: str | None = None
    abstain: Share = 0.0
    cost: float | str = 1.0
    seconds: float | str = 0.0
    annotators: list[AnnotatorTable] = field(default_factory=list)
    votes: Whole = 1


@_frozen
class CaseTable:
    """A test-case: slice, score and one bound; see `activeloop.cases.TestCase`."""

    name: str
    slice: str = "all"
    score: str = "accuracy"
    at_least: float | None = None
    at_most: float | None = None
    max_drop: float | None = None
    decide_on: str = "interval"
    min_support: Whole = 10
    severity: str = "fail"


@_frozen
class ExcludeTable:
    """Runs to leave out: those that match every key that is given."""

    data: str | None = None
    model: str | None = None
    strategy: str | None = None
    batch_size: Whole | None = None
    oracle: str | None = None
    seed: Annotated[int, Field(ge=0)] | None = None


@_frozen
class CompareTable:
    """How strategies are compared: by which measures of a run, with whom, by which test.

    `difference` is the one that a study should be able to see; `targets` are scores to be reached.
    """

    measures: Annotated[list[str], Field(min_length=1)] = field(default_factory=lambda: ["area", "final"])
    baseline: str = "random"
    test: Literal["wilcoxon", "t"] = "wilcoxon"
    difference: Annotated[float, Field(gt=0)] | None = None
    targets: Annotated[list[float], Field(min_length=1)] | None = None


@_frozen
class PredictionsTable:
    """A file of predictions: columns id, predicted, and one per class with its probability, or none."""

    path: str


@_frozen
class CasesFile:
    """A file for `activeloop test`: data, what was predicted of it, and cases; or a finished run."""

    run: str | None = None
    data: Data | None = None
    predictions: PredictionsTable | None = None
    baseline: PredictionsTable | None = None
    slices: list[SliceTable] = field(default_factory=list)
    case: list[CaseTable] = field(default_factory=list)


@_frozen
class StudyFile:
    """A whole study file; where data, model or oracle is a list, every one meets every other."""

    study: About
    data: Data | Annotated[list[Data], Field(min_length=1)]
    loop: LoopTable
    model: Model | Annotated[list[Model], Field(min_length=1)] = field(default_factory=Model)
    slices: list[SliceTable] = field(default_factory=list)
    oracle: Oracle | Annotated[list[Oracle], Field(min_length=1)] = field(default_factory=Oracle)
    exclude: list[ExcludeTable] = field(default_factory=list)
    compare: CompareTable = field(default_factory=CompareTable)
    stop: list[Parameters] = field(default_factory=list)
    baseline: PredictionsTable | None = None
    case: list[CaseTable] = field(default_factory=list)
