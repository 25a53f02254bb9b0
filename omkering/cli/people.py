"""`omkering people` and `omkering retention`: what is kept of people, and for how long."""

import json
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from omkering.cli import local
from omkering.config.processes import StartError

app = typer.Typer(help="What is kept of people.", no_args_is_help=True)
retention_app = typer.Typer(help="How long what is kept of people stays.", no_args_is_help=True)


@app.command()
def export(
    person: str = typer.Argument(..., help="An e-mail address, or the number of an account."),
    file: Path = typer.Argument(..., help="Where to write it: a .zip with all files, or a .json."),
) -> None:
    """Write everything that is kept of somebody to a file only you may read (GDPR articles 15 and 20).

    Example: omkering people export m.devries@example.nl data.zip
    """
    if file.suffix not in (".zip", ".json"):
        raise StartError(f"{file} ends neither in .zip nor in .json.")
    with local.database():
        from omkering.web.personal_copy import archive
        from omkering.who.commands.leaving import export_person

        found = _find(person)
        data = export_person(actor=None, person=found)
        if file.suffix == ".json":
            content = json.dumps(data, indent=1, ensure_ascii=False).encode()
        else:
            with archive(found, data) as packed:
                content = packed.read()
    file.touch(mode=0o600)
    file.write_bytes(content)
    typer.echo(f"Written to {file}.")


@app.command()
def erase(
    person: str = typer.Argument(..., help="An e-mail address, or the number of an account."),
    yes: bool = typer.Option(False, "--yes", help="Do it; without this it is only said what would happen."),
) -> None:
    """Make somebody unrecognisable; what they contributed stays. This cannot be undone.

    Example: omkering people erase m.devries@example.nl --yes
    """
    with local.database():
        from omkering.who.commands.leaving import erase_person

        found = _find(person)
        if found.erased_at:
            typer.echo(f"Account {found.pk} was erased before.")
        elif yes:
            erase_person(actor=None, person=found)
            typer.echo(f"Account {found.pk} is erased.")
        else:
            typer.echo(f"Account {found.pk} would be erased. Nothing was done; add --yes to do this.")


def _find(person: str) -> Any:
    from omkering.who.models import Person

    found = Person.objects.filter(**({"pk": person} if person.isdecimal() else {"email__iexact": person}))
    if not found:
        raise StartError(f"There is no account {person}.")
    return found[0]


@retention_app.command()
def show() -> None:
    """Show what goes after which time.

    Example: omkering retention show
    """
    with local.database():
        from omkering.who.retention import rules

        table = Table("what", "after", box=None, header_style="bold")
        for key, rule in sorted(rules().items()):
            lasts = rule.lasts()
            table.add_row(key, f"{lasts.amount} {lasts.unit}" if lasts else "as soon as it is over")
        Console(highlight=False).print(table)


@retention_app.command()
def apply() -> None:
    """Delete and erase now what is past its term; the worker does this every night.

    Example: omkering retention apply
    """
    with local.database():
        from omkering.who import retention

        done = retention.apply()
    for key, count in sorted(done.items()):
        typer.echo(f"{key}: {count}")
