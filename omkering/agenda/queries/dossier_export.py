"""The board of dossiers as a table to take away."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from omkering.agenda.queries.dossiers import Board
from omkering.thread.kinds import state_label

EXPORTED = 10_000
BATCH = 500


def header() -> list[str]:
    """The names of the columns, in the reader's language."""
    return [
        *(_("Number"), _("Title"), _("What it is"), _("Model"), _("Step"), _("Owner"), _("Body"), _("Theme")),
        *(_("Since"), _("To be done by"), _("Past its term"), _("Members"), _("Pilots"), _("State")),
        *(_("Opened"), _("Last changed")),
    ]


def export_rows(board: Board) -> Iterator[list[Any]]:
    """The dossiers in the order of the board; three queries for every five hundred."""
    ids = list(board.ordered().values_list("pk", flat=True)[:EXPORTED])
    for start in range(0, len(ids), BATCH):
        for card in board.cards(ids[start : start + BATCH], whole=True):
            row, stay = card.dossier, card.stay
            yield [
                row.pk,
                row.title,
                row.summary,
                card.way,
                card.step,
                card.owner,
                str(row.owner_body or ""),
                str(row.theme or ""),
                stay.started_at.date() if stay else None,
                stay.due_on if stay else None,
                _("yes") if card.late else "",
                card.members,
                card.pilots,
                state_label(row),
                row.created_at.date(),
                row.changed_at.date(),
            ]
