"""`omkering backup` and `omkering restore`."""

from pathlib import Path

import typer
from rich.console import Console

from omkering.cli import local
from omkering.config.processes import StartError


def backup(file: Path = typer.Argument(..., help="The file to write; it must not be there yet.")) -> None:
    """Write the database and all uploaded files to one file that only you may read.

    Web and worker may go on meanwhile.

    Example: omkering backup /backup/omkering-2026-11-24.tar
    """
    if file.exists():
        raise StartError(f"{file} is there already; a backup never overwrites another.")
    with local.database():
        from omkering.config.backup import backup as write

        manifest = write(file)
    size = file.stat().st_size / 2**20
    typer.echo(
        f"Written to {file}: {size:.1f} MB, {len(manifest.sha256) - 1} files, {manifest.log_size} sealed events."
    )


def restore(
    file: Path = typer.Argument(..., help="A file of `omkering backup`."),
    overwrite: bool = typer.Option(False, "--overwrite", help="Lose the data that is here now."),
) -> None:
    """Put a backup back and check it: versions, every part, and the whole log. All or nothing.

    Stop web and worker first, and set the SECRET_KEY the backup was made under: it encrypts the second factors.

    Example: omkering restore /backup/omkering-2026-11-24.tar
    """
    with local.database():
        from omkering.config.backup import compare
        from omkering.config.backup import restore as put_back
        from omkering.config.prepare import pending_migrations

        with Console(stderr=True).status("Restoring"):
            done = put_back(file, overwrite=overwrite)
        behind, fault = pending_migrations(), compare(done)
    typer.echo(f"Restored what was backed up on {done.manifest.made} by version {done.manifest.version}.")
    for name in done.missing:
        typer.echo(f"A file is missing: {name}", err=True)
    if fault:
        typer.echo(fault, err=True)
        raise typer.Exit(1)
    typer.echo(f"The log is sound: {done.log.events} events under {done.log.seals} seals.")
    if behind:
        typer.echo(f"The database is {behind} migrations behind. Run: omkering manage migrate")
    if done.missing:
        raise typer.Exit(1)
