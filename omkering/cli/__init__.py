"""`omkering`: the command-line tool. Errors are sentences on standard error with exit code 1 or 2."""

import os
import sys

import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omkering.config.settings")

app = typer.Typer(
    name="omkering",
    help="The platform on which an association of municipalities works from the bottom up.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Entry point: every foreseen error becomes one sentence, never a traceback."""
    from omkering.cli import commands
    from omkering.cli.errors import explain

    commands.register(app)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        message = explain(error)
        if message is None or os.environ.get("OMKERING_TRACEBACK"):
            raise
        typer.echo(message, err=True)
        sys.exit(1)
