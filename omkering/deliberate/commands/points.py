"""The points of a view or a report as contributions: made, changed and withdrawn when it is handed in."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.consultation_texts import title_of
from omkering.deliberate.models import (
    Answered,
    Block,
    ConsultationRound,
    Contribution,
    ContributionState,
    Meeting,
    Paragraph,
    View,
)
from omkering.deliberate.publics import visibility_of
from omkering.deliberate.view_drafts import Point
from omkering.thread.commands import remember_meaning
from omkering.thread.models import Visibility
from omkering.thread.texts import summary_of
from omkering.who.models import Member, Person


def addresses_of(round: ConsultationRound) -> dict[int, int]:
    """Address → id of the paragraphs of the text that a round asks about; one query, none about a question."""
    version = round.consultation.version_id
    if version is None:
        return {}
    blocks = Block.objects.filter(version_id=version).values("paragraph_id")
    rows = Paragraph.objects.filter(pk__in=blocks)
    return dict(rows.values_list("address", "pk"))


def known_points(whole: View | Meeting) -> list[int]:
    """The ids of the points that were handed in before, also of those that were withdrawn."""
    return list(whole.points.values_list("pk", flat=True))


def hand_in_points(
    *,
    whole: View | Meeting,
    kind: str,
    points: Sequence[Point],
    actor: Person,
    late: bool,
    member: Member | None = None,
) -> list[Point]:
    """Make the contributions of a whole what its points say; returns the points with their ids.

    A point that is gone is withdrawn. ValidationError where one that changes has an answer already. Inside the
    caller's transaction, which holds the lock on the whole.
    """
    round = whole.in_round
    places = addresses_of(round)
    there = {row.pk: row for row in whole.points.filter(kind=kind).defer("search", "body")}
    visibility, audience = visibility_of(round)
    shared: dict[str, Any] = {"visibility": visibility, "audience_id": audience}
    made: list[Point] = []
    changed: list[Contribution] = []
    for order, point in enumerate(points):
        number = point["point"]
        paragraph = places[point["paragraph"]] if point["paragraph"] is not None else None
        words = {"text": point["text"], "paragraph_id": paragraph, "order": order}
        row = there.pop(number, None) if number is not None else None
        if row is None:
            row = _new(whole, kind, actor, member, late, words | shared)
        elif _differs(row, words):
            _set(row, {**words, **shared, "state": ContributionState.SUBMITTED})
            changed.append(row)
        made.append({"point": row.pk, "paragraph": point["paragraph"], "text": point["text"]})
    gone = [row for row in there.values() if row.state == ContributionState.SUBMITTED]
    _refuse_answered([*changed, *gone])
    for row in changed:
        row.save()
        remember_meaning(item=row)
    for row in gone:
        withdraw_point(row)
    return made


def withdraw_point(row: Contribution) -> None:
    """Withdraw a point: it is kept, and no longer shown to others."""
    _set(row, {"state": ContributionState.WITHDRAWN, "visibility": Visibility.BUREAU, "audience_id": None})
    row.due_at = None
    row.save()


def _differs(row: Contribution, words: dict[str, Any]) -> bool:
    return row.state != ContributionState.SUBMITTED or any(
        getattr(row, name) != words[name] for name in words
    )


def _new(
    whole: View | Meeting,
    kind: str,
    actor: Person,
    member: Member | None,
    late: bool,
    values: dict[str, Any],
) -> Contribution:
    row = Contribution(
        kind=kind,
        in_round=whole.in_round,
        author=actor,
        owner_member=member,
        late=late,
        theme_id=whole.in_round.consultation.theme_id,
        **{"view" if isinstance(whole, View) else "meeting": whole},
    )
    _set(row, {**values, "state": ContributionState.SUBMITTED})
    row.save()
    remember_meaning(item=row)
    return row


def _set(row: Contribution, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.title, row.summary, row.body = title_of(row.text), summary_of(row.text), row.text
    row.changed_at = timezone.now()


def _refuse_answered(rows: Sequence[Contribution]) -> None:
    answered = Answered.objects.filter(item__in=[row.pk for row in rows], ended_at__isnull=True)
    found = answered.select_related("item").defer("item__search", "item__body").first() if rows else None
    if found is not None:
        raise ValidationError(
            _("The point “%(title)s” has an answer already, so it stays as it is.")
            % {"title": found.item.title}
        )
