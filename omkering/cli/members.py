"""`omkering members`: import and export in the format of an association's members.csv."""

from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from omkering.cli import local

app = typer.Typer(help="Members of the association.", no_args_is_help=True)


@app.command("import")
def import_(
    file: Path = typer.Argument(..., help="A CSV in the format of members.csv."),
    write: bool = typer.Option(False, "--write", help="Do it; without this only the plan is shown."),
) -> None:
    """Show what a file would change, and write it with --write. A file with a fault writes nothing.

    Example: omkering members import members-2027.csv --write
    """
    text = file.read_text(encoding="utf-8-sig")
    with local.database():
        from omkering.who.association.plan import plan
        from omkering.who.commands.members import apply_plan
        from omkering.who.current import association
        from omkering.who.queries import member_records

        made = plan(member_records(), text, association().schema, file=file.name)
        if made.faults:
            for fault in made.faults:
                typer.echo(str(fault), err=True)
            typer.echo("Nothing was written.", err=True)
            raise typer.Exit(1)
        _show(made)
        if write:
            typer.echo(f"{apply_plan(actor=None, plan=made)} members were written.")
        else:
            typer.echo("Nothing was written; add --write to do this.")


def _show(made) -> None:
    table = Table("what", "code", "name", "differs", box=None, header_style="bold")
    for member in made.added:
        table.add_row("added", member.code, member.name, "")
    for word, changes in (("changed", made.changed), ("ended", made.ended), ("merged", made.merged)):
        for change in changes:
            table.add_row(word, change.after.code, change.after.name, ", ".join(change.columns))
    Console(highlight=False).print(table)
    typer.echo(
        f"Added {len(made.added)}, changed {len(made.changed)}, ended {len(made.ended)}, "
        f"merged {len(made.merged)}, unchanged {len(made.unchanged)}."
    )


@app.command()
def export(file: Path = typer.Argument(..., help="Where to write the CSV; - is standard output.")) -> None:
    """Write all members, past and present, in the format that import reads.

    Example: omkering members export members.csv
    """
    with local.database():
        from omkering.who.association.members import write_members
        from omkering.who.current import association
        from omkering.who.queries import member_records

        text = write_members(member_records(), [kind.key for kind in association().division_kinds])
    if str(file) == "-":
        typer.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")
        typer.echo(f"Written to {file}.")
