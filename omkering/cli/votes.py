"""`omkering vote`: a vote to count anew elsewhere."""

import json
from pathlib import Path

import typer

from omkering.cli import local
from omkering.config.processes import StartError

app = typer.Typer(help="Votes.", no_args_is_help=True)


@app.callback()
def _votes() -> None:
    """Votes."""


@app.command()
def export(
    number: int = typer.Argument(..., help="The number of the vote, as in its address."),
    file: Path = typer.Argument(..., help="Where to write the JSON."),
) -> None:
    """Write a closed vote with its roll, rule, ballots and sealed receipts, so that anybody can count it anew.

    Check it, also elsewhere, with: python3 docs/verify_vote.py FILE

    Example: omkering vote export 412 vote-412.json
    """
    with local.database():
        from omkering.decide.models import Vote
        from omkering.decide.queries.vote_export import NotExportable, export_text
        from omkering.journal.commands import seal_pending

        vote = Vote.objects.filter(pk=number).first()
        if vote is None:
            raise StartError(f"There is no vote {number}.")
        seal_pending()
        try:
            text = export_text(vote)
        except NotExportable as problem:
            raise StartError(str(problem)) from None
    file.write_text(text, encoding="utf-8")
    data = json.loads(text)
    voted = len(data["ballots"]) or len(data["turnout"])
    typer.echo(
        f"Vote {number} with {len(data['roll'])} lines on its roll and {voted} ballots written to {file}."
    )
    typer.echo(f"The log has {data['log']['size']} events under the root {data['log']['root']}.")
