"""`omkering signals`: import and export."""

from pathlib import Path

import typer

from omkering.cli import local

app = typer.Typer(help="Signals of members.", no_args_is_help=True)


@app.command("import")
def import_(
    file: Path = typer.Argument(..., help="A CSV as export writes it."),
    write: bool = typer.Option(False, "--write", help="Do it; without this only the plan is shown."),
) -> None:
    """Show what a file would add, and write it with --write. A file with a fault writes nothing.

    Example: omkering signals import signals.csv --write
    """
    text = file.read_text(encoding="utf-8-sig")
    with local.database():
        from omkering.listen.transfer import import_signals

        for line in import_signals(text, file=file.name, write=write):
            typer.echo(line)


@app.command()
def export(file: Path = typer.Argument(..., help="Where to write the CSV.")) -> None:
    """Write all signals as CSV, safe to open in a spreadsheet.

    Example: omkering signals export signals.csv
    """
    with local.database():
        from omkering.listen.transfer import export_signals

        with file.open("w", encoding="utf-8", newline="") as stream:
            count = export_signals(stream)
    typer.echo(f"{count} signals written to {file}.")
