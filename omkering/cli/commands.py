"""The commands beside the groups, and the list of all of them."""

import os
import secrets
import sys
from pathlib import Path

import typer
from rich.console import Console

from omkering.cli import local
from omkering.cli.backup import backup, restore
from omkering.cli.demo import demo
from omkering.config.processes import StartError

log_app = typer.Typer(help="The sealed log of what happened.", no_args_is_help=True)
association_app = typer.Typer(help="The association folder.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang every command and group under `app`."""
    from omkering.cli import database, documents, engine, lab, members, people, signals, votes

    app.command()(demo)
    app.command()(up)
    app.command()(worker)
    app.command()(backup)
    app.command()(restore)
    app.command(
        context_settings={
            "allow_extra_args": True,
            "ignore_unknown_options": True,
            "help_option_names": ["--help"],
        },
    )(manage)
    app.add_typer(database.app, name="db")
    app.add_typer(members.app, name="members")
    app.add_typer(signals.app, name="signals")
    app.add_typer(documents.app, name="documents")
    app.add_typer(votes.app, name="vote")
    app.add_typer(people.app, name="people")
    app.add_typer(people.retention_app, name="retention")
    app.add_typer(log_app, name="log")
    app.add_typer(association_app, name="association")
    app.add_typer(engine.app, name="engine")
    app.add_typer(lab.app, name="lab")


def up(
    host: str = typer.Option("127.0.0.1", help="Address to listen on; a proxy with TLS stands before it."),
    port: int = typer.Option(8000, envvar="PORT", min=1, max=65535),
    workers: int = typer.Option(2, min=1, max=64, help="Web processes."),
) -> None:
    """Start the web server for production; refuses to start insecurely.

    Settings come from the environment: DATABASE_URL, SECRET_KEY, ALLOWED_HOSTS (docs: production guide).

    Example: omkering up --port 8000 --workers 4
    """
    if faults := insecure(dict(os.environ)):
        raise StartError(
            "Not started, because it would not be safe:\n" + "\n".join(f"- {fault}" for fault in faults)
        )
    import django

    django.setup()
    from omkering.config.prepare import collect_static, pending_migrations
    from omkering.config.server import serve
    from omkering.ui import messages

    if count := pending_migrations():
        raise StartError(f"The database is {count} migrations behind. Run first: omkering manage migrate")
    messages.compile_all()
    collect_static()
    serve(host, port, workers)


def insecure(environment: dict[str, str]) -> list[str]:
    """What in this environment is unsafe or missing, a sentence each."""
    faults = []
    if not environment.get("DATABASE_URL"):
        faults.append("DATABASE_URL is not set: name the PostgreSQL to use, as postgresql://user@host/name.")
    key = environment.get("SECRET_KEY", "")
    if len(key) < 50 or len(set(key)) < 10:
        faults.append(
            "SECRET_KEY is missing or too easy to guess: set 50 random characters or more, for example "
            f"{secrets.token_urlsafe(50)}"
        )
    hosts = [host.strip() for host in environment.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    if not hosts:
        faults.append("ALLOWED_HOSTS is not set: name the host names of the site, with commas between them.")
    if "*" in hosts:
        faults.append(
            "ALLOWED_HOSTS is *: name the host names of the site, so that nobody can pose as another."
        )
    for name, meaning in (
        ("OMKERING_DEMO", "one-click log-in"),
        ("OMKERING_INSECURE_HTTP", "cookies without TLS"),
    ):
        if environment.get(name, "").lower() in ("1", "true", "yes", "on"):
            faults.append(f"{name} is on, and that gives {meaning}: unset it.")
    return faults


def worker() -> None:
    """Take jobs from the database: sealing, mail, suggestions. Stops at SIGTERM, after the job under way.

    Example: DATABASE_URL=postgresql://… SECRET_KEY=… omkering worker
    """
    if "DATABASE_URL" not in os.environ:
        embedded = local.cluster()
        if not embedded.running():
            raise StartError("DATABASE_URL is not set, and the demo does not run here.")
        local.demo_environment(embedded.url(), "http://127.0.0.1:8000")
    from omkering.config.worker import work

    work()


def manage(context: typer.Context) -> None:
    """Django's own commands, on the database in use.

    Example: omkering manage check --deploy
    """
    from django.core.management import execute_from_command_line

    with local.database():
        execute_from_command_line(["omkering manage", *context.args])


@log_app.command()
def verify() -> None:
    """Check every hash and every seal; exit code 1 and the first broken record when something is wrong.

    Example: omkering log verify
    """
    from rich.progress import Progress

    with local.database():
        from omkering.journal.commands import tree_size
        from omkering.journal.queries import verify as check

        with Progress(transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task("Checking", total=tree_size())
            verdict = check(lambda done: bar.update(task, completed=done))
    if verdict.fault:
        typer.echo(f"The log is broken: {verdict.fault}.", err=True)
        raise typer.Exit(1)
    Console(highlight=False).print(
        f"The log is sound: {verdict.events} events under {verdict.seals} seals; {verdict.waiting} wait to be sealed."
    )


@association_app.command()
def check(folder: Path = typer.Argument(..., help="The folder with association.toml.")) -> None:
    """Check an association folder: every fault with its file and line; exit code 1 when there are any.

    Example: omkering association check associations/nl
    """
    from omkering.who.association import check as faults_in
    from omkering.who.association import load

    if faults := faults_in(folder):
        for fault in faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1)
    found = load(folder)
    typer.echo(f"{found.names}: no faults; {len(found.members)} members, {len(found.networks)} networks.")
