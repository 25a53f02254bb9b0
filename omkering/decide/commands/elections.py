"""Filling a seat: an election by a vote, an acclamation, and what follows from either."""

import logging
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide import live, vote_rule
from omkering.decide.commands.nomination_rows import set_vacancy, tell_each
from omkering.decide.commands.seat_rows import (
    close_if_decided,
    fitting_role,
    locked_body,
    locked_round,
    locked_vacancy,
    place,
    texts_of,
)
from omkering.decide.commands.vote_plans import plan_vote
from omkering.decide.models import (
    AgendaItem,
    Candidacy,
    CandidacyState,
    Meeting,
    NominationState,
    Seat,
    Term,
    Vacancy,
    VacancyState,
    Vote,
    VoteState,
)
from omkering.journal.clock import database_now
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

logger = logging.getLogger(__name__)

ON_THE_BALLOT = (CandidacyState.NOMINATED, CandidacyState.COUNTER)
DECIDED = (VacancyState.FILLED, VacancyState.NOT_FILLED)


def candidates_for_vote(vacancy: Vacancy) -> list[Candidacy]:
    """Who stands in an election: the nominee first, then others in the order of their names; one query."""
    rows = Candidacy.objects.filter(vacancy=vacancy, state__in=ON_THE_BALLOT).select_related(
        "person", "member"
    )
    return sorted(
        rows, key=lambda row: (row.state != CandidacyState.NOMINATED, row.person.name.casefold(), row.pk)
    )


def live_vote(vacancy: Vacancy) -> Vote | None:
    """The vote on a seat that is planned, open, or counted and not yet announced; one query."""
    rows = Vote.objects.filter(about_id=vacancy.pk, announced_at__isnull=True, undone_at__isnull=True)
    return (
        rows.filter(state__in=(VoteState.PLANNED, VoteState.OPEN, VoteState.CLOSED))
        .defer("search")
        .order_by("-pk")
        .first()
    )


@transaction.atomic
def plan_election(
    *,
    actor: Person,
    vacancy: Vacancy,
    opens_at: datetime,
    closes_at: datetime,
    reference_date: date,
    secret: bool = True,
    rule_set_key: str | None = None,
    meeting: Meeting | None = None,
    agenda_item: AgendaItem | None = None,
) -> Vote:
    """Put a seat to the vote: between the candidates, or for or against the only one. Secret, as votes on persons are.

    Not before the time for counter-candidates is over. The names on the ballot are those of now; they stay in the
    record of the vote, as every decision does.
    """
    require(actor, "decide.run_nomination", vacancy)
    row = locked_vacancy(vacancy.pk)
    _check_ready(row)
    Candidacy.objects.filter(vacancy=row, state=CandidacyState.ASKED).update(
        state=CandidacyState.WITHDRAWN, ended_at=database_now()
    )
    standing = candidates_for_vote(row)
    if not standing:
        raise ValidationError(_("Nobody stands for this seat. Leave it open, with the reason."))
    ballot = None
    if len(standing) > 1:
        ballot = vote_rule.ballot_data(
            "options",
            [{"title": _option_title(one), "ref": one.pk} for one in standing],
            seats=1,
        )
    vote = plan_vote(
        actor=actor,
        about=row,
        opens_at=opens_at,
        closes_at=closes_at,
        reference_date=reference_date,
        ballot=ballot,
        secret=secret,
        rule_set_key=rule_set_key,
        meeting=meeting,
        agenda_item=agenda_item,
    )
    set_vacancy(row, VacancyState.VOTING)
    record(
        verb="vacancy.put_to_vote",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"vote": vote.pk, "candidates": len(standing)},
    )
    return vote


def _option_title(candidacy: Candidacy) -> str:
    return f"{candidacy.person.name} ({candidacy.member.name})"


@transaction.atomic
def acclaim(*, actor: Person, vacancy: Vacancy, meeting: Meeting | None = None) -> Vacancy:
    """Record that the only candidate was appointed by acclamation, after the time for others. Twice is once."""
    require(actor, "decide.run_nomination", vacancy)
    row = locked_vacancy(vacancy.pk)
    if row.state == VacancyState.FILLED:
        return row
    _check_ready(row)
    if live_vote(row) is not None:
        raise ValidationError(_("A vote on this seat is planned or open already."))
    standing = candidates_for_vote(row)
    if len(standing) != 1:
        raise ValidationError(_("By acclamation only where there is one candidate. Hold a vote."))
    row.acclaimed_in = meeting
    row.save(update_fields=["acclaimed_in"])
    appoint(row, standing[0], actor=actor, by="acclamation")
    if meeting is not None:
        live.tell(meeting, "agenda", vacancy=row.pk)
    return row


@transaction.atomic
def leave_open(*, actor: Person, vacancy: Vacancy, reason: str) -> Vacancy:
    """Nobody is appointed in this round, with the reason that everybody reads. Doing it twice is doing it once."""
    require(actor, "decide.run_nomination", vacancy)
    text = texts_of(reason=reason)["reason"]
    row = locked_vacancy(vacancy.pk)
    if row.state == VacancyState.NOT_FILLED:
        return row
    if row.nomination.state != NominationState.NOMINATED or row.state == VacancyState.FILLED:
        raise ValidationError(_("A seat is left open between the nominations and the decision."))
    if live_vote(row) is not None:
        raise ValidationError(_("A vote on this seat is planned or open already."))
    _not_filled(row, actor, text)
    return row


def _check_ready(vacancy: Vacancy) -> None:
    round = vacancy.nomination
    if round.state != NominationState.NOMINATED or vacancy.state in DECIDED:
        raise ValidationError(_("A seat is filled after the nominations are out, and once."))
    if round.counter_until is None or database_now() < round.counter_until:
        raise ValidationError(_("Members can still put up other candidates. Wait until that time is over."))


# --- what follows ----------------------------------------------------------------------------------------
def appoint(
    vacancy: Vacancy, candidacy: Candidacy, *, actor: Person | None, by: str, vote: Vote | None = None
) -> None:
    """Somebody is chosen: the term begins on the day of the round, or today where that has passed; the others hear it.

    Inside the caller's transaction. Where the term cannot begin (the account was closed meanwhile, say) the choice
    stands, and the bureau is asked to begin it by hand.
    """
    if vacancy.state == VacancyState.FILLED:
        return
    now = database_now()
    term = _begin(vacancy, candidacy, actor)
    Candidacy.objects.filter(pk=candidacy.pk).update(state=CandidacyState.APPOINTED, ended_at=now)
    others = Candidacy.objects.filter(vacancy=vacancy, state__in=ON_THE_BALLOT)
    passed_over = list(others.values_list("vacancy_id", "person_id"))
    others.update(state=CandidacyState.NOT_APPOINTED, ended_at=now)
    set_vacancy(vacancy, VacancyState.FILLED, term=term, decided_at=now)
    record(
        verb="vacancy.filled",
        subject=vacancy.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={
            "candidacy": candidacy.pk,
            "term": term.pk if term else None,
            "by": by,
            "vote": vote.pk if vote else None,
        },
    )
    announce(item=vacancy, milestone="vacancy.filled", actor=actor, upstream=False)
    tell_each([vacancy], [(vacancy.pk, candidacy.person_id)], "candidacy.appointed", actor)
    tell_each([vacancy], passed_over, "candidacy.not_appointed", actor)
    _close_round(vacancy, actor)


def _begin(vacancy: Vacancy, candidacy: Candidacy, actor: Person | None) -> Term | None:
    starts = max(vacancy.nomination.starts, timezone.localdate())
    person = Person.objects.get(pk=candidacy.person_id)
    try:
        with transaction.atomic():
            locked_body(vacancy.seat.body_id)
            seat = Seat.objects.select_related("body", "network").get(pk=vacancy.seat_id)
            if seat.retired_at is not None or not person.is_active:
                raise ValidationError(_("This seat was retired, or the account is closed."))
            role = fitting_role(seat, person, candidacy.member, timezone.localdate())
            return place(
                actor=actor,
                seat=seat,
                person=person,
                member=candidacy.member,
                role=role,
                party_kind=candidacy.party_kind,
                starts=starts,
            )
    except ValidationError as error:
        logger.warning("the term of vacancy %s did not begin: %s", vacancy.pk, "; ".join(error.messages))
        return None


def _not_filled(vacancy: Vacancy, actor: Person | None, reason: str) -> None:
    now = database_now()
    others = Candidacy.objects.filter(vacancy=vacancy, state__in=(*ON_THE_BALLOT, CandidacyState.ASKED))
    passed_over = list(others.values_list("vacancy_id", "person_id"))
    others.update(state=CandidacyState.NOT_APPOINTED, ended_at=now)
    set_vacancy(vacancy, VacancyState.NOT_FILLED, open_reason=reason, decided_at=now)
    record(
        verb="vacancy.left_open",
        subject=vacancy.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={"candidates": len(passed_over)},
    )
    announce(item=vacancy, milestone="vacancy.not_filled", actor=actor, upstream=False)
    tell_each([vacancy], passed_over, "candidacy.not_appointed", actor)
    _close_round(vacancy, actor)


def _close_round(vacancy: Vacancy, actor: Person | None) -> None:
    """The round is decided once its last seat is."""
    round = locked_round(vacancy.nomination_id)
    if round.state != NominationState.NOMINATED or not close_if_decided(round):
        return
    round.state, round.changed_at, round.answered_at = NominationState.DECIDED, timezone.now(), database_now()
    round.save(update_fields=["state", "changed_at", "answered_at"])
    record(
        verb="nomination.decided",
        subject=round.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
    )


# --- what a vote does (see `milestones.bodies`) ------------------------------------------------------------
def elected(vacancy_id: int, vote: Vote, refs: list[int], actor: Person | None) -> None:
    """The members chose one of several candidates."""
    vacancy = locked_vacancy(vacancy_id)
    chosen = Candidacy.objects.filter(vacancy=vacancy, pk__in=refs).select_related("member").first()
    if chosen is None or chosen.state not in ON_THE_BALLOT:
        back_to_open(
            vacancy_id
        )  # withdrew before the vote opened, or its row is gone: the bureau decides what follows
        return
    appoint(vacancy, chosen, actor=actor, by="vote", vote=vote)


def adopted(vacancy_id: int, vote: Vote, actor: Person | None) -> None:
    """The members are for the only candidate."""
    vacancy = locked_vacancy(vacancy_id)
    standing = candidates_for_vote(vacancy)
    if len(standing) != 1:
        back_to_open(vacancy_id)
        return
    appoint(vacancy, standing[0], actor=actor, by="vote", vote=vote)


def rejected(vacancy_id: int, actor: Person | None) -> None:
    """The members are against the only candidate: the seat stays open in this round."""
    vacancy = locked_vacancy(vacancy_id)
    if vacancy.state not in DECIDED:
        _not_filled(vacancy, actor, _("The members did not appoint the candidate."))


def back_to_open(vacancy_id: int) -> None:
    """The vote decided nothing: those who stand still do, and the bureau plans another vote or leaves the seat open."""
    vacancy = locked_vacancy(vacancy_id)
    if vacancy.state == VacancyState.VOTING:
        set_vacancy(vacancy, VacancyState.OPEN)


def as_vote(item: Any) -> Vote:
    """The vote behind an item that reached a milestone."""
    return item if isinstance(item, Vote) else Vote.objects.defer("search").get(pk=item.pk)
