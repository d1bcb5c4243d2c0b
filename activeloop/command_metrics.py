"""The command `metrics`: compute every metric of a data set, and show what they say of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from activeloop.errors import ConfigurationError

if TYPE_CHECKING:
    from activeloop.data import Dataset
    from activeloop.index import Computed, Index
    from activeloop.inspection import Inspection, Wish
    from activeloop.out_of_sample import OutOfSample

F = TypeVar("F", bound=Callable[..., Any])

METRICS_EXIT_CODES = """
\b
Exit codes:
  0    done; values that failed are counted, listed with their reasons, and NULL in the index
  1    with --strict: a value failed
  2    the input cannot be used
  130  broken off by Ctrl-C; the same command goes on
"""

MOST_PAIRS = 50_000  # items up to which all pairs are compared without being asked to


class Options(NamedTuple):
    """What the command line says, besides the data."""

    metrics: tuple[str, ...]
    slices: tuple[str, ...]
    tags: tuple[str, ...]
    outliers: bool
    duplicates: bool
    label_errors: bool
    performance: bool
    discover: bool
    drift: str | None
    cases: Path | None
    predictions: Path | None
    text: str | None
    label: str | None
    id: str | None
    sort: str | None
    top: int
    out: Path | None
    export: Path | None
    open_: bool
    page: bool
    workers: int | None
    retry: bool
    strict: bool
    quiet: bool
    as_json: bool

    @property
    def wish(self) -> Wish:
        """What is to be looked at; the page shows outliers, too."""
        from activeloop.inspection import Wish

        names = tuple(one.rpartition(":")[2] for one in self.metrics)
        lists = (self.outliers or self.shown, self.duplicates, self.label_errors)
        return Wish(names, self.slices, *lists, self.performance, self.discover)

    @property
    def shown(self) -> bool:
        """Whether there is to be a page."""
        return self.page or self.open_

    @property
    def roles(self) -> dict[str, str]:
        """Which columns of a table are what, as far as it was said."""
        roles = {"text": self.text, "label": self.label, "id": self.id}
        return {name: column for name, column in roles.items() if column is not None}


def _option(*names: str, help: str, **told: Any) -> Callable[[F], F]:
    return click.option(*names, help=help, **told)


_PATH = click.Path(path_type=Path)


@click.command("metrics", epilog=METRICS_EXIT_CODES)
@click.argument("data")
@click.argument("file", required=False, type=_PATH)
@_option("--metric", "-m", "metrics", multiple=True, help="Only this: a name, or FILE.py:NAME; repeatable.")
@_option("--slice", "-s", "slices", multiple=True, help='"brightness", or "blur > 0.5"; repeatable.')
@_option("--tag", "tags", multiple=True, help="NAME=EXPRESSION: tag these items, for good; repeatable.")
@_option("--outliers", is_flag=True, help="List the outliers of each metric.")
@_option("--duplicates", is_flag=True, help="List exact and near duplicates.")
@_option("--label-errors", is_flag=True, help="List labels that are probably wrong.")
@_option("--performance", is_flag=True, help="Which metrics explain where a model fails.")
@_option("--discover", is_flag=True, help="Search the worst slices on one half, judge them on the other.")
@_option("--drift", metavar="OTHER", help="What has shifted from DATA to OTHER data?")
@_option("--cases", type=_PATH, help="Judge the test-cases of this file, or of the run in this folder, too.")
@_option(
    "--predictions", type=_PATH, help="CSV: id, predicted, a column a class [default: cross-validation]."
)
@_option("--text", help="Column that holds the text (tables).")
@_option("--label", help="Column that holds the label (tables).")
@_option("--id", help="Column that holds the id (tables).")
@_option("--sort", metavar="METRIC", help="List the items in the order of a metric.")
@_option("--top", default=10, show_default=True, type=click.IntRange(1), help="Lines of each list.")
@_option("--out", "-o", type=_PATH, help="Folder of the index [default: results/NAME-metrics].")
@_option("--export", type=_PATH, help="Write all values: .csv, .csv.gz or .parquet.")
@_option("--open", "open_", is_flag=True, help="Write explorer.html with all of the above, and open it.")
@_option("--page", is_flag=True, help="Write explorer.html, and do not open it.")
@_option("--workers", "-w", type=click.IntRange(1), help="Processes [default: all cores].")
@_option("--retry", is_flag=True, help="Compute values that failed again.")
@_option("--strict", is_flag=True, help="Exit with 1 when a value failed.")
@_option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
@_option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def command(data: str, file: Path | None, **given: Any) -> None:
    """Compute the quality metrics of DATA (a name, a table, a folder of images), and look at it through them.

    `activeloop metrics new [FILE]` writes a commented metric to start from. Values are kept: the same command
    again computes only what has changed.
    """
    if data == "new":
        from activeloop.templates import new_metric

        made = new_metric(file or Path("metrics.py"))
        click.echo(f"wrote {made}; now: activeloop metrics DATA --metric {made}:shouting")
        return
    if file is not None:
        raise ConfigurationError(f"{str(file)!r}: one data set at a time; the second goes to --drift")
    options = Options(**given)
    folder = options.out or Path("results") / f"{Path(data).name.split('.')[0]}-metrics"
    dataset = _loaded(data, options)
    done, found = _looked_at(dataset, options, folder)
    written = _written(found, dataset.name, options, folder)
    _say(found, done, written, options, folder)
    if options.open_:
        click.launch(str(folder / "explorer.html"))
    sys.exit(1 if options.strict and done.failed else 0)


def _loaded(data: str, options: Options) -> Dataset:
    """Load a data set; of a folder of images, broken files stay in, to be NULL with their reason."""
    from activeloop.data import load

    return load(data, size=None, check=False) if Path(data).is_dir() else load(data, **options.roles)


def _looked_at(dataset: Dataset, options: Options, folder: Path) -> tuple[Computed, Inspection]:
    from activeloop import review
    from activeloop.inspection import inspect
    from activeloop.tested import suites

    wish = options.wish
    asked = wish.label_errors or wish.performance or wish.discover or options.predictions is not None
    said = _said(dataset, options.predictions) if asked else None
    index, done = _indexed(dataset, said, folder / "metrics.index", options.metrics, options)
    for one in options.tags:
        name, equals, expression = one.partition("=")
        if not equals:
            raise ConfigurationError(
                f"--tag {one!r}; allowed: NAME=EXPRESSION, such as dark=brightness < 0.2"
            )
        index.tag(name, expression)
    other = None
    if options.drift is not None:
        current = _loaded(options.drift, options)
        current = current.encoded_as(dataset) if dataset.kind != "objects" else current
        other, _ = _indexed(
            current, None, folder / "drift.index", tuple(wish.metrics or index.metrics), options
        )
    if options.shown and (review.by_hashes(index) or len(index) <= MOST_PAIRS):
        wish = wish._replace(duplicates=True)
    found = inspect(index, wish, said, other)
    if options.cases is not None:
        found = replace(found, cases=tuple(one for suite in suites(options.cases) for one in suite.verdicts))
    return done, found


def _said(dataset: Dataset, file: Path | None) -> OutOfSample:
    """Read what a model says of the items, or ask the default model in cross-validation."""
    from activeloop.cases import Predicted
    from activeloop.data.frames import read_frame
    from activeloop.inspection import said_in
    from activeloop.out_of_sample import out_of_sample

    if file is None:
        return out_of_sample(dataset)
    frame = read_frame(file, as_written=("id", "predicted"))
    return said_in(dataset, Predicted.from_frame(frame, dataset.classes, file.name))


def _indexed(
    dataset: Dataset, said: OutOfSample | None, path: Path, metrics: tuple[str, ...], options: Options
) -> tuple[Index, Computed]:
    from tqdm import tqdm

    from activeloop.index import Index

    columns = {} if said is None else {"predicted": said.predicted, "probabilities": said.probabilities}
    given = {name: column for name, column in columns.items() if column is not None}
    index = Index(dataset, path, columns=given, folder=Path.cwd())
    if not metrics and len(dataset) > MOST_PAIRS:
        metrics = tuple(one.name for one in index.suitable() if "embedding" not in one.needs)
    silent = options.quiet or options.as_json or not sys.stderr.isatty()
    with tqdm(total=0, unit="value", desc=dataset.name, disable=silent, unit_scale=True) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        workers = options.workers or os.cpu_count() or 1
        done = index.compute(metrics or None, workers=workers, retry=options.retry, progress=progress)
    return index, done


def _written(found: Inspection, name: str, options: Options, folder: Path) -> list[Path]:
    from activeloop import explorer
    from activeloop.index.export import write
    from activeloop.inspection import exploration

    written = []
    if options.export is not None:
        written.append(write(found.index.frame(), options.export))
    if options.shown:
        written.append(explorer.write(exploration(found, name), folder / "explorer.html"))
    return written


def _say(found: Inspection, done: Computed, written: list[Path], options: Options, folder: Path) -> None:
    from activeloop.inspection import text

    path = folder / "metrics.index"
    if options.as_json:
        told = text.plain(found) | {"computed": done._asdict(), "index": str(path)}
        click.echo(json.dumps(told | {"written": list(map(str, written))}))
    elif not options.quiet:
        click.echo(text.text(found, options.top))
        if options.sort is not None:
            by = text.by_metric(found.index, options.sort, options.top)
            click.echo(f"\nBy {options.sort}\n{by}")
        click.echo("\n" + text.ending(found.index, done, path, written))
