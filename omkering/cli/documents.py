"""`omkering documents`: read files in."""

from pathlib import Path

import typer

from omkering.cli import local
from omkering.config.processes import StartError

app = typer.Typer(help="Documents that members talk about.", no_args_is_help=True)
SHOWN = 60  # letters of a part in the plan


@app.callback()
def _documents() -> None:
    """Documents that members talk about."""


@app.command("import")
def import_(
    file: Path = typer.Argument(..., help="A Markdown, text, docx or PDF file with a text layer."),
    by: str = typer.Option("", "--by", help="The e-mail address of who reads it in: somebody of the bureau."),
    title: str = typer.Option("", "--title", help="Its title; without this the one in the file."),
    confirm: bool = typer.Option(
        False, "--confirm", help="Make a document of it without looking at it first."
    ),
) -> None:
    """Show how a file is built, and with --by keep it to look at (or with --confirm as a document).

    A document that is made so is a draft: only the bureau sees it until it is published. A file that cannot be read
    leaves nothing behind.

    Example: omkering documents import note.docx --by m.devries@example.nl
    """
    data = file.read_bytes()
    if confirm and not by:
        raise StartError("Say with --by who makes the document.")
    with local.database():
        from omkering.deliberate.reading import Unreadable, read

        try:
            parsed = read(data, file.name)
        except Unreadable as problem:
            raise StartError(f"{file.name}: {problem}") from None
        typer.echo(title or parsed.title)
        for part in parsed.blocks:
            indent = "  " * (part.level - 1 if part.kind == "heading" else part.level)
            words = " ".join(f"{part.label} {part.text}".split())
            cut = words if len(words) <= SHOWN else f"{words[:SHOWN]}…"
            typer.echo(f"{part.kind:<10}{indent}{cut}")
        for note in parsed.notes:
            typer.echo(note)
        typer.echo(f"{len(parsed.blocks)} parts.")
        if by:
            _keep(file, data, by, title, confirm)


def _keep(file: Path, data: bytes, by: str, title: str, confirm: bool) -> None:
    from django.core.exceptions import PermissionDenied
    from django.core.files.uploadedfile import SimpleUploadedFile

    from omkering.deliberate.commands.documents import confirm_import
    from omkering.deliberate.commands.imports import take_file
    from omkering.who.models import Person

    person = Person.objects.filter(email__iexact=by).first()
    if person is None:
        raise StartError(f"There is no account {by}.")
    try:
        imported = take_file(actor=person, upload=SimpleUploadedFile(file.name, data), title=title)
        if not confirm:
            typer.echo(f"Kept as import {imported.pk}: look at it in the list of documents.")
            return
        document = confirm_import(actor=person, imported=imported)
    except PermissionDenied:
        raise StartError(f"{by} does not work for the bureau.") from None
    typer.echo(f"Document {document.pk} is made. Only the bureau sees it until it is published.")
