"""Click, made to speak in sentences: the nearest name for a misspelt one, one exit code per kind of end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from activeloop.errors import ActiveloopError, unknown

F = TypeVar("F", bound=Callable[..., Any])
EXIT_CODES = """
\b
Exit codes:
  0    done, or nothing to do
  1    some runs failed, and say why; the others are stored
  2    the input cannot be used; nothing was changed
  130  broken off by Ctrl-C; `activeloop resume` goes on
"""


class Commands(click.Group):
    """Commands, with the nearest name for a misspelt one, and errors as one sentence."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Find a command, or say which one was meant."""
        found = super().get_command(context, name)
        if found is None:
            context.fail(unknown("command", name, self.list_commands(context)))
        return found

    def invoke(self, context: click.Context) -> Any:
        """Run a command; what went wrong on purpose is one sentence and exit code 2."""
        try:
            return super().invoke(context)
        except ActiveloopError as error:
            _refuse(context, str(error))
        except OSError as error:
            if error.filename is None:
                raise
            _refuse(context, f"{error.filename}: {error.strerror}")
        except KeyboardInterrupt:
            click.echo("activeloop: broken off", err=True)
            context.exit(130)


class Listed(click.Choice[str]):
    """One of a few words, with the nearest for a misspelt one; `what` they are words for."""

    def __init__(self, what: str, choices: Sequence[str]) -> None:
        super().__init__(choices)
        self.what = what

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> str:
        """Give the word."""
        if value not in self.choices:
            self.fail(unknown(self.what, value, self.choices), parameter, context)
        return str(value)


def executing(command: F) -> F:
    """Give a command the options of where cells run: `workers`, `backend` and `scheduler`."""
    workers = click.option(
        "--workers",
        "-w",
        type=click.IntRange(1),
        default=1,
        show_default=True,
        help="Processes that run at once, one thread each.",
    )
    backend = click.option(
        "--backend",
        default="loky",
        show_default=True,
        help="Where: loky (here), dask, ray, or another of joblib.",
    )
    scheduler = click.option(
        "--scheduler", metavar="ADDRESS", help="The cluster's, as tcp://host:8786; all its workers are used."
    )
    return workers(backend(scheduler(command)))


def _refuse(context: click.Context, sentence: str) -> None:
    click.echo(f"activeloop: {sentence}", err=True)
    context.exit(2)
