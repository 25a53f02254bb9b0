"""The challenges, couplings and conflicts of aims of the association folder, in the database.

Only what is not there yet is added: what was changed or ended here stays so.
"""

from collections.abc import Mapping

from django.db import transaction

from omkering.agenda.commands.challenges import lock_challenges
from omkering.agenda.commands.conflicts import searchable
from omkering.agenda.commands.couplings import DIRECTED, circle_of
from omkering.agenda.models import Challenge, ChallengeState, Conflict, ConflictState, Coupling, Placement
from omkering.journal.commands import record
from omkering.thread.models import Theme, Visibility
from omkering.who.association.agenda_records import ConflictRecord
from omkering.who.current import association
from omkering.who.models import Body, Organisation


@transaction.atomic
def load_challenges() -> int:
    """Add what the folder has and the database has not; returns how much was added.

    A coupling that was ended here does not come back, nor does one that would make a circle with those made here.
    """
    lock_challenges()
    counts = {"challenges": _challenges(), "couplings": _couplings(), "conflicts": _conflicts()}
    added = sum(counts.values())
    if added:
        record(verb="challenges.loaded", subject="association", data=counts)
    return added


def _challenges() -> int:
    bodies = dict(Body.objects.values_list("key", "pk"))
    themes = dict(Theme.objects.filter(challenge__isnull=True).values_list("key", "pk"))
    present = set(Challenge.objects.values_list("key", flat=True))
    added = 0
    for position, entry in enumerate(association().challenges):
        if entry.key in present:
            continue
        Challenge.objects.create(
            kind="challenge",
            key=entry.key,
            title=str(entry.names),
            summary=str(entry.summaries),
            state=ChallengeState.ACTIVE,
            visibility=Visibility.PUBLIC,
            language=association().languages[0],
            main_theme_id=themes.pop(entry.theme or "", None),
            owner_body_id=bodies.get(entry.body or ""),
            position=position,
        )
        added += 1
    return added


def _couplings() -> int:
    challenges = _by_key()
    known = set(Coupling.objects.values_list("first_id", "second_id", "kind"))  # ended ones too
    added = 0
    for entry in association().couplings:
        first, second = challenges[entry.first], challenges[entry.second]
        same = {(first, second, entry.kind)}
        if entry.kind != DIRECTED:
            same.add((second, first, entry.kind))
        if same & known or (entry.kind == DIRECTED and circle_of(first, second)):
            continue
        Coupling.objects.create(
            first_id=first,
            second_id=second,
            kind=entry.kind,
            reason=str(entry.reasons),
            source=entry.source,
        )
        known |= same
        added += 1
    return added


def _conflicts() -> int:
    challenges = _by_key()
    parties = dict(Organisation.objects.values_list("key", "pk"))
    present = set(Conflict.objects.exclude(key="").values_list("key", flat=True))
    added = 0
    for entry in association().conflicts:
        if entry.key in present:
            continue
        texts = _texts(entry)
        conflict = Conflict.objects.create(
            kind="conflict",
            key=entry.key,
            state=ConflictState.OPEN,
            visibility=Visibility.PUBLIC,
            language=association().languages[0],
            **texts,
            body=searchable(texts),
            first_party_id=parties.get(entry.first.party or ""),
            second_party_id=parties.get(entry.second.party or ""),
        )
        for key in entry.challenges:
            Placement.objects.create(item=conflict, challenge_id=challenges[key])
        added += 1
    return added


def _texts(entry: ConflictRecord) -> dict[str, str]:
    return {
        "title": str(entry.names),
        "summary": str(entry.effects),
        "first_law": str(entry.first.laws),
        "first_aim": str(entry.first.aims),
        "second_law": str(entry.second.laws),
        "second_aim": str(entry.second.aims),
        "source": entry.source,
    }


def _by_key() -> Mapping[str, int]:
    return dict(Challenge.objects.values_list("key", "pk"))
