"""`omkering engine …`: every function of the engine as a tool on files, for an analyst.

Each command stands in a file of its own with a `register(app)`; the list below is the menu.
"""

import typer

from omkering.cli.engine import budget, match, merge, merkle, opinion, peers, power, similar, tally

app = typer.Typer(
    help="The algorithms as tools on files: tables for people, --json for programs.", no_args_is_help=True
)

for command in (tally, power, budget, opinion, similar, merge, peers, match, merkle):
    command.register(app)
