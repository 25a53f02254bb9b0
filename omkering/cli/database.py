"""`omkering db`: the embedded PostgreSQL of this folder."""

import os
import shutil

import typer

from omkering.cli import local
from omkering.config.processes import StartError

app = typer.Typer(help="The embedded PostgreSQL of this folder.", no_args_is_help=True)


@app.command()
def start() -> None:
    """Start the database and leave it running; prints its address.

    Example: export DATABASE_URL="$(omkering db start)"
    """
    cluster = local.cluster()
    if not cluster.running():
        cluster.start(detached=True)
    typer.echo(cluster.url())


@app.command()
def stop() -> None:
    """Stop the database that runs in this folder.

    Example: omkering db stop
    """
    cluster = local.cluster()
    if not cluster.running():
        raise StartError("The database of this folder does not run.")
    cluster.stop()
    typer.echo("Stopped; the data stays.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open psql on the database in use; further words go to psql.

    Example: omkering db psql -c "SELECT count(*) FROM who_member"
    """
    program = shutil.which("psql")
    if program is None:
        raise StartError("psql is not installed on this machine (Debian: apt install postgresql-client).")
    url = os.environ.get("DATABASE_URL")
    if url is None:
        cluster = local.cluster()
        if not cluster.running():
            raise StartError("The database of this folder does not run. Start it: omkering db start")
        url = cluster.url()
    os.execv(program, ["psql", url, *context.args])  # noqa: S606 - the user's own words to psql
