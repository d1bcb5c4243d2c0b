"""Click, made to speak in sentences: the nearest name for a misspelt one, one exit code per kind of end."""

from __future__ import annotations

from typing import Any

import click

from activeloop.errors import ActiveloopError, unknown

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
    """One of a few words, with the nearest for a misspelt one."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> str:
        """Give the word."""
        if value not in self.choices:
            self.fail(unknown("list", value, self.choices), parameter, context)
        return str(value)


def _refuse(context: click.Context, sentence: str) -> None:
    click.echo(f"activeloop: {sentence}", err=True)
    context.exit(2)
