"""`omkering manage prepare`: load the association, and make the first administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from omkering.agenda.commands.loading import load_challenges
from omkering.thread.themes import load_themes
from omkering.who.commands.association import load_association
from omkering.who.commands.people import make_first_administrator


class Command(BaseCommand):
    """Safe to run again: what is there stays."""

    help = "Load the association folder; with --administrator also make the first account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--administrator", metavar="EMAIL", help="e-mail address of the first administrator"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            "Loaded the association." if load_association() else "The association was there already."
        )
        load_themes()
        load_challenges()
        if email := options["administrator"]:
            password = make_first_administrator(email=email)
            if password is None:
                raise CommandError("There is an administrator already; that person can add others.")
            self.stdout.write(f"Log in as {email} with password {password} and change it at once.")
