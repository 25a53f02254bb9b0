"""`omkering lab`: a made association of real size."""

import typer

from omkering.cli import local

app = typer.Typer(
    help="A made association of real size, for load and for trying things out.", no_args_is_help=True
)


@app.callback()
def _group() -> None:
    """Keeps `make` a command of a group."""


@app.command()
def make(
    members: int = typer.Option(342, min=1, max=342),
    people: int = typer.Option(20_000, min=10, max=1_000_000),
    signals: int = typer.Option(100_000, min=1, max=2_000_000),
    events: int = typer.Option(1_000_000, min=1, max=20_000_000),
    dossiers: int = typer.Option(2_000, min=0, max=100_000),
    conditions: int = typer.Option(40_000, min=0, max=1_000_000),
    rounds: int = typer.Option(200, min=0, max=2_000),
    seed: int = typer.Option(1, help="The same seed makes the same association."),
) -> None:
    """Fill the database in use with made people, signals, dossiers, priority rounds and events.

    What members talk about (documents with amendments, consultations, statements, positions, lobby contacts) grows
    with the number of people. It must hold no signals yet.

    Example: omkering lab make --members 342 --people 20000 --signals 100000 --events 1000000 --seed 1
    """
    with local.database():
        from omkering.config.prepare import prepare
        from omkering.lab.generate import make as generate

        prepare(typer.echo)
        generate(
            members=members,
            people=people,
            signals=signals,
            events=events,
            dossiers=dossiers,
            conditions=conditions,
            rounds=rounds,
            seed=seed,
        )
