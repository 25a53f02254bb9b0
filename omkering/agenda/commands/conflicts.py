"""Conflicts of aims: two laws or departments pull apart. Record one, change it, and say how it was solved."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.commands.challenges import refuse_changed
from omkering.agenda.models import Challenge, ChallengeState, Conflict, ConflictState, Placement
from omkering.agenda.texts_challenges import checked
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Follow, Visibility
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Organisation, Person
from omkering.who.owners import BUREAU

TEXTS = ("title", "summary", "first_law", "first_aim", "second_law", "second_aim", "source")


@transaction.atomic
def record_conflict(
    *,
    actor: Person,
    title: str,
    summary: str,
    first_law: str,
    first_aim: str,
    second_law: str,
    second_aim: str,
    source: str,
    challenges: Iterable[Challenge],
    first_party: Organisation | None = None,
    second_party: Organisation | None = None,
) -> Conflict:
    """Record that two laws or policies pull apart, what members meet of it, and under which challenges it hangs.

    The followers of those challenges hear it.
    """
    require(actor, "agenda.record_conflict")
    texts = _checked(
        title=title,
        summary=summary,
        first_law=first_law,
        first_aim=first_aim,
        second_law=second_law,
        second_aim=second_aim,
        source=source,
    )
    chosen = _chosen(challenges)
    conflict = Conflict.objects.create(
        kind="conflict",
        state=ConflictState.OPEN,
        visibility=Visibility.PUBLIC,
        language=association().languages[0],
        author=actor,
        **texts,
        body=searchable(texts),
        first_party=first_party,
        second_party=second_party,
    )
    _place(conflict, chosen, actor)
    record(
        verb="conflict.recorded",
        subject=conflict.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"challenges": [challenge.pk for challenge in chosen]},
    )
    announce(item=conflict, milestone="conflict.recorded", actor=actor, audience=_followers(conflict))
    return conflict


@transaction.atomic
def edit_conflict(
    *,
    actor: Person,
    conflict: Conflict,
    version: int,
    title: str,
    summary: str,
    first_law: str,
    first_aim: str,
    second_law: str,
    second_aim: str,
    source: str,
    challenges: Iterable[Challenge],
    first_party: Organisation | None = None,
    second_party: Organisation | None = None,
) -> Conflict:
    """Change a conflict of aims and the challenges it hangs under; not what somebody else changed meanwhile."""
    require(actor, "agenda.record_conflict", conflict)
    texts = _checked(
        title=title,
        summary=summary,
        first_law=first_law,
        first_aim=first_aim,
        second_law=second_law,
        second_aim=second_aim,
        source=source,
    )
    conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    refuse_changed(conflict.version, version)
    placed = {
        row.challenge_id: row
        for row in Placement.objects.filter(item=conflict, ended_at__isnull=True).select_related("challenge")
    }
    chosen = _chosen(challenges, already=set(placed))
    wanted = {challenge.pk for challenge in chosen}
    now = timezone.now()
    for name, value in {**texts, "first_party": first_party, "second_party": second_party}.items():
        setattr(conflict, name, value)
    conflict.body = searchable(texts)
    conflict.changed_at = now
    conflict.version += 1
    conflict.save()
    _place(conflict, [challenge for challenge in chosen if challenge.pk not in placed], actor)
    Placement.objects.filter(pk__in=[row.pk for pk, row in placed.items() if pk not in wanted]).update(
        ended_at=now
    )
    record(
        verb="conflict.changed",
        subject=conflict.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"version": conflict.version, "challenges": sorted(wanted)},
    )
    return conflict


@transaction.atomic
def solve_conflict(*, actor: Person, conflict: Conflict, resolution: str) -> Conflict:
    """Say how a conflict of aims was solved; its followers and those of its challenges hear it."""
    require(actor, "agenda.record_conflict", conflict)
    text = checked({"resolution": resolution})["resolution"]
    conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if conflict.state == ConflictState.SOLVED:
        raise ValidationError(_("This conflict of aims has been solved already."))
    conflict.state, conflict.resolution = ConflictState.SOLVED, text
    conflict.body = f"{conflict.body}\n\n{text}"
    conflict.changed_at = timezone.now()
    conflict.version += 1
    conflict.save()
    record(verb="conflict.solved", subject=conflict.subject, actor=actor.pk, on_behalf_of=BUREAU)
    announce(
        item=conflict,
        milestone="conflict.solved",
        actor=actor,
        data={"resolution": text},
        audience=_followers(conflict),
    )
    return conflict


def searchable(texts: dict[str, str]) -> str:
    """The texts a reader may search for, beside title and summary."""
    return "\n\n".join(texts[name] for name in TEXTS[2:])


def _checked(**texts: str) -> dict[str, str]:
    """The texts tidied; ValidationError also when a law is set against itself."""
    tidied = checked(texts)
    if (tidied["first_law"].casefold(), tidied["first_aim"].casefold()) == (
        tidied["second_law"].casefold(),
        tidied["second_aim"].casefold(),
    ):
        raise ValidationError(
            {"second_aim": _("Both sides say the same. Write what the other law or policy wants instead.")}
        )
    return tidied


def _chosen(challenges: Iterable[Challenge], already: set[int] = frozenset()) -> list[Challenge]:  # type: ignore[assignment]
    """The challenges as they stand now; ValidationError without one, or for one that is off the agenda."""
    chosen = list(Challenge.objects.filter(pk__in={challenge.pk for challenge in challenges}).order_by("pk"))
    if not chosen:
        raise ValidationError({"challenges": _("Choose at least one challenge that this touches.")})
    for challenge in chosen:
        if challenge.state != ChallengeState.ACTIVE and challenge.pk not in already:
            raise ValidationError(
                {
                    "challenges": _(
                        "“%(title)s” is no longer on the agenda. Choose another challenge, or put it back first."
                    )
                    % {"title": challenge.title}
                }
            )
    return chosen


def _place(conflict: Conflict, challenges: Iterable[Challenge], actor: Person) -> None:
    for challenge in challenges:
        Placement.objects.create(item=conflict, challenge=challenge, person=actor)


def _followers(conflict: Conflict) -> list[int]:
    """Ids of who follows a challenge that a conflict hangs under."""
    placed = Placement.objects.filter(item=conflict, ended_at__isnull=True).values("challenge_id")
    return list(Follow.objects.filter(item_id__in=placed).values_list("person_id", flat=True).distinct())
