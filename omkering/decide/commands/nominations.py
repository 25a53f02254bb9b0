"""Nomination rounds: planned, open for candidates, weighed, nominated.

What the log says of candidates: an event of a confidential candidacy holds the id of the candidacy, never that of the
person or the member; where the candidate acts nobody is named as the actor, nor the session it came from. Events can
never be removed, and an id of a person in them would tell for ever, to whoever reads the log, who stood and was not
chosen. The row of the candidacy ties that number to somebody, and it goes after its time (`personal_data.bodies`).

Locks are taken in one order: vacancies, then the round, then the body.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from omkering.decide.commands.nomination_rows import (
    locked_vacancies,
    record_on,
    refuse_old,
    representatives,
    set_round,
    set_vacancy,
)
from omkering.decide.commands.seat_rows import (
    locked_body,
    locked_round,
    seat_role,
    texts_of,
)
from omkering.decide.models import (
    Candidacy,
    CandidacyState,
    NominationRound,
    NominationState,
    Seat,
    Vacancy,
    VacancyState,
)
from omkering.journal.clock import database_now
from omkering.thread.commands import announce
from omkering.thread.models import Visibility
from omkering.who.authority import require
from omkering.who.current import association, roles_by_key
from omkering.who.models import Body, Person

logger = logging.getLogger(__name__)

EDITABLE = (NominationState.PLANNED, NominationState.OPEN)


# --- planning --------------------------------------------------------------------------------------------
@transaction.atomic
def plan_nomination(
    *,
    actor: Person,
    body: Body,
    nominating_body: Body,
    seats: Iterable[Seat],
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    starts: date,
    profile_note: str = "",
) -> NominationRound:
    """Prepare a round for seats of a body; the bureau alone sees it until it opens.

    ValidationError at the field, and for a seat that is being filled in another round.
    """
    require(actor, "decide.run_nomination", body)
    body = locked_body(body.pk)
    chosen = _free_seats(body, seats)
    fields = _checked(body, nominating_body, title, profile_note, opens_at, closes_at, starts)
    language = association().languages[0]
    made = NominationRound.objects.create(
        kind="nomination",
        state=NominationState.PLANNED,
        visibility=Visibility.BUREAU,
        language=language,
        author=actor,
        owner_body=body,
        summary=_summary(fields["profile_note"]),
        body=fields["profile_note"],
        **fields,
    )
    for seat in chosen:
        Vacancy.objects.create(
            kind="vacancy",
            state=VacancyState.OPEN,
            title=_vacancy_title(seat, body, language),
            visibility=Visibility.BUREAU,
            language=language,
            author=actor,
            owner_body=body,
            nomination=made,
            seat=seat,
        )
    record_on("nomination.planned", made, actor, seats=[seat.pk for seat in chosen], body=body.key)
    return made


@transaction.atomic
def change_nomination(
    *,
    actor: Person,
    nomination: NominationRound,
    version: int,
    nominating_body: Body,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    starts: date,
    profile_note: str = "",
) -> NominationRound:
    """Change the times and texts of a round until candidates can no longer come forward."""
    require(actor, "decide.run_nomination", nomination)
    row = locked_round(nomination.pk)
    refuse_old(row, version)
    if row.state not in EDITABLE:
        raise ValidationError(_("The nominations are being made, so this round stays as it is."))
    body = row.owner_body
    if body is None:  # a round is always of a body
        raise ValueError("a nomination round without a body")
    if row.state == NominationState.OPEN and nominating_body.pk != row.nominating_body_id:
        raise ValidationError(
            {"nominating_body": _("Candidates were told who weighs them. That can no longer change.")}
        )
    fields = _checked(body, nominating_body, title, profile_note, opens_at, closes_at, starts)
    for name, value in fields.items():
        setattr(row, name, value)
    row.body, row.summary = fields["profile_note"], _summary(fields["profile_note"])
    row.version += 1
    row.changed_at = timezone.now()
    row.save(update_fields=[*fields, "body", "summary", "version", "changed_at"])
    record_on("nomination.changed", row, actor, version=row.version)
    return row


@transaction.atomic
def open_nomination(*, actor: Person | None, nomination: NominationRound) -> NominationRound:
    """Let candidates come forward. `actor` None is the clock, and only once it is time.

    Who may vote for a member and the secretaries of networks hear of it.
    """
    if actor is not None:
        require(actor, "decide.run_nomination", nomination)
    vacancies = locked_vacancies(nomination)
    row = locked_round(nomination.pk)
    if row.state == NominationState.OPEN:
        return row
    if row.state != NominationState.PLANNED:
        raise ValidationError(_("This round is no longer being prepared."))
    now = database_now()
    if actor is None and row.opens_at > now:
        raise ValidationError(_("It is not time yet to open this round."))
    if row.closes_at <= now:
        raise ValidationError(_("The closing time of this round has passed. Choose a later one first."))
    row.opens_at = min(row.opens_at, now)
    row.visibility = Visibility.MEMBERS
    set_round(row, NominationState.OPEN, "opens_at", "visibility")
    for vacancy in vacancies:
        vacancy.visibility, vacancy.changed_at = Visibility.MEMBERS, now
        vacancy.save(update_fields=["visibility", "changed_at"])
    record_on("nomination.opened", row, actor)
    announce(
        item=row,
        milestone="nomination.opened",
        actor=actor,
        data={"closes": date_format(timezone.localtime(row.closes_at), "d-m-Y H:i")},
        audience=representatives(),
    )
    return row


@transaction.atomic
def close_for_candidates(*, actor: Person | None, nomination: NominationRound) -> NominationRound:
    """Candidates can no longer come forward; the nominating body weighs them. `actor` None is the clock."""
    if actor is not None:
        require(actor, "decide.run_nomination", nomination)
    row = locked_round(nomination.pk)
    if row.state == NominationState.WEIGHING:
        return row
    if row.state != NominationState.OPEN:
        raise ValidationError(_("This round is not open."))
    now = database_now()
    if row.closes_at > now:
        if actor is None:
            raise ValidationError(_("It is not time yet to close this round."))
        row.closes_at = now
    set_round(row, NominationState.WEIGHING, "closes_at")
    candidates = Candidacy.objects.filter(vacancy__nomination=row).exclude(state=CandidacyState.WITHDRAWN)
    record_on("nomination.closed", row, actor, candidates=candidates.count())
    return row


@transaction.atomic
def withdraw_nomination(*, actor: Person, nomination: NominationRound, reason: str) -> NominationRound:
    """Call a round off, with a reason, before the nominations are out; candidates hear of it."""
    require(actor, "decide.run_nomination", nomination)
    text = texts_of(reason=reason)["reason"]
    vacancies = locked_vacancies(nomination)
    row = locked_round(nomination.pk)
    if row.state == NominationState.WITHDRAWN:
        return row
    if row.state not in (*EDITABLE, NominationState.WEIGHING):
        raise ValidationError(_("The nominations are out. Leave the seats open one by one instead."))
    now = database_now()
    candidates = Candidacy.objects.filter(vacancy__nomination=row).exclude(state=CandidacyState.WITHDRAWN)
    people = set(candidates.values_list("person_id", flat=True))
    candidates.update(state=CandidacyState.WITHDRAWN, ended_at=now)
    for vacancy in vacancies:
        set_vacancy(vacancy, VacancyState.NOT_FILLED, open_reason=text, decided_at=now)
    set_round(row, NominationState.WITHDRAWN)
    record_on("nomination.withdrawn", row, actor, candidates=len(people))
    if row.visibility != Visibility.BUREAU:
        announce(item=row, milestone="nomination.withdrawn", actor=actor, audience=sorted(people))
    return row


# --- the clock -------------------------------------------------------------------------------------------
def open_and_close_due_nominations() -> tuple[int, int]:
    """Open and close every round whose time has come; returns how many of each."""
    now = database_now()
    opened = closed = 0
    due = Q(state=NominationState.PLANNED, opens_at__lte=now, closes_at__gt=now) | Q(
        state=NominationState.OPEN, closes_at__lte=now
    )
    for row in NominationRound.objects.filter(due).defer("search").order_by("pk"):
        try:
            if row.state == NominationState.PLANNED:
                open_nomination(actor=None, nomination=row)
                opened += 1
            else:
                close_for_candidates(actor=None, nomination=row)
                closed += 1
        except ValidationError as error:
            logger.warning("nomination %s stays %s: %s", row.pk, row.state, "; ".join(error.messages))
    return opened, closed


# --- checks -----------------------------------------------------------------------------------------------
def _free_seats(body: Body, seats: Iterable[Seat]) -> list[Seat]:
    wanted = {seat.pk for seat in seats}
    found = list(Seat.objects.filter(pk__in=wanted, body=body, retired_at__isnull=True))
    if not found or len(found) < len(wanted):
        raise ValidationError({"seats": _("Choose the seats of this body that are to be filled.")})
    busy = Vacancy.objects.filter(seat__in=found, state__in=(VacancyState.OPEN, VacancyState.VOTING))
    if taken := busy.exclude(nomination__state=NominationState.WITHDRAWN).select_related("seat").first():
        raise ValidationError(
            {"seats": _("Seat %(number)s is being filled in another round.") % {"number": taken.seat.number}}
        )
    return found


def _checked(
    body: Body,
    nominating_body: Body,
    title: str,
    profile_note: str,
    opens_at: datetime,
    closes_at: datetime,
    starts: date,
) -> dict:
    texts = texts_of(title=title, profile_note=profile_note)
    if closes_at <= opens_at:
        raise ValidationError({"closes_at": _("The round must close after it opens.")})
    if closes_at <= database_now():
        raise ValidationError({"closes_at": _("This moment has passed. Choose a later one.")})
    if starts <= timezone.localdate(closes_at):
        raise ValidationError(
            {"starts": _("The terms begin after candidates came forward. Choose a later day.")}
        )
    if not seat_role(nominating_body):
        raise ValidationError(
            {"nominating_body": _("Choose a body with seats: its people weigh the candidates.")}
        )
    return {
        **texts,
        "nominating_body": nominating_body,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "starts": starts,
    }


def _vacancy_title(seat: Seat, body: Body, language: str) -> str:
    with override(language):
        role = roles_by_key().get(seat.profile)
        words = _("chair") if seat.chair else str(role.names).lower() if role else ""
        text = _("Seat %(number)s in %(body)s") % {"number": seat.number, "body": body.name}
        return f"{text} ({words})"[:200] if words else text[:200]


def _summary(text: str) -> str:
    return " ".join(text.split())[:300]
