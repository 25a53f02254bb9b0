"""Weighing candidates: one is nominated for each seat, the others get an answer, and the nominations become known."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide.commands.nomination_rows import (
    locked_vacancies,
    record_on,
    refuse_old,
    representatives,
    set_round,
    set_vacancy,
    tell_each,
)
from omkering.decide.commands.seat_rows import locked_round, locked_vacancy, texts_of
from omkering.decide.models import (
    Candidacy,
    CandidacyState,
    NominationRound,
    NominationState,
    Vacancy,
    VacancyState,
)
from omkering.journal.clock import database_now
from omkering.thread.commands import announce
from omkering.who.authority import require
from omkering.who.models import Person


@transaction.atomic
def nominate(*, actor: Person, candidacy: Candidacy, reason: str) -> Candidacy:
    """Nominate one candidate for a seat, with the reason that everybody reads; it takes the place of an earlier choice.

    Nobody outside hears of it until the nominations are published.
    """
    require(actor, "decide.weigh_candidates", candidacy)
    text = texts_of(reason=reason)["reason"]
    vacancy, row = _weighing(candidacy)
    if row.state == CandidacyState.NOMINATED and row.reason == text:
        return row
    Candidacy.objects.filter(vacancy=vacancy, state=CandidacyState.NOMINATED).exclude(pk=row.pk).update(
        state=CandidacyState.PUT_FORWARD, reason=""
    )
    row.state, row.reason = CandidacyState.NOMINATED, text
    row.save(update_fields=["state", "reason"])
    if vacancy.open_reason:
        set_vacancy(vacancy, VacancyState.OPEN, open_reason="")
    record_on("candidacy.chosen", vacancy, actor, candidacy=row.pk)
    return row


@transaction.atomic
def answer_candidate(*, actor: Person, candidacy: Candidacy, reason: str) -> Candidacy:
    """Write down why a candidate is not nominated; the candidate alone reads it, once the nominations are published."""
    require(actor, "decide.weigh_candidates", candidacy)
    text = texts_of(reason=reason)["reason"]
    vacancy, row = _weighing(candidacy)
    if row.state == CandidacyState.PUT_FORWARD and row.reason == text:
        return row
    row.state, row.reason = CandidacyState.PUT_FORWARD, text
    row.save(update_fields=["state", "reason"])
    record_on("candidacy.answered", vacancy, actor, candidacy=row.pk)
    return row


def _weighing(candidacy: Candidacy) -> tuple[Vacancy, Candidacy]:
    vacancy = locked_vacancy(candidacy.vacancy_id)
    row = Candidacy.objects.get(pk=candidacy.pk)
    if vacancy.nomination.state != NominationState.WEIGHING:
        raise ValidationError(
            _(
                "Candidates are weighed after they can no longer come forward, and until the nominations are out."
            )
        )
    if row.state not in (CandidacyState.PUT_FORWARD, CandidacyState.NOMINATED):
        raise ValidationError(_("This candidate no longer stands."))
    return vacancy, row


@transaction.atomic
def nominate_nobody(*, actor: Person, vacancy: Vacancy, reason: str) -> Vacancy:
    """Nominate nobody for a seat, with the reason that everybody reads; members can still put up candidates."""
    require(actor, "decide.weigh_candidates", vacancy)
    text = texts_of(reason=reason)["reason"]
    row = locked_vacancy(vacancy.pk)
    if row.nomination.state != NominationState.WEIGHING:
        raise ValidationError(_("This can be said while the nominations are being made."))
    Candidacy.objects.filter(vacancy=row, state=CandidacyState.NOMINATED).update(
        state=CandidacyState.PUT_FORWARD, reason=""
    )
    if row.open_reason != text:
        set_vacancy(row, VacancyState.OPEN, open_reason=text)
        record_on("vacancy.without_nomination", row, actor)
    return row


@transaction.atomic
def publish_nominations(
    *, actor: Person, nomination: NominationRound, version: int, counter_until: datetime
) -> NominationRound:
    """Make the nominations known to all members, one for each seat; until `counter_until` members put up others.

    Every other candidate gets an answer with a reason, for their eyes alone. ValidationError while a seat has neither a
    nomination nor a reason for none, or while a candidate has no answer.
    """
    require(actor, "decide.weigh_candidates", nomination)
    vacancies = locked_vacancies(nomination)
    row = locked_round(nomination.pk)
    if row.state == NominationState.NOMINATED:
        return row
    refuse_old(row, version)
    if row.state != NominationState.WEIGHING:
        raise ValidationError(_("This round is not at the nominations."))
    now = database_now()
    if counter_until <= now:
        raise ValidationError({"counter_until": _("This moment has passed. Choose a later one.")})
    _check_complete(vacancies)
    standing = Candidacy.objects.filter(vacancy__nomination=row)
    nominated = standing.filter(state=CandidacyState.NOMINATED)
    chosen = list(nominated.values_list("vacancy_id", "person_id"))
    nominated.update(nominated_at=now)
    others = standing.filter(state=CandidacyState.PUT_FORWARD)
    declined = list(others.values_list("vacancy_id", "person_id"))
    others.update(state=CandidacyState.NOT_NOMINATED, ended_at=now)
    row.counter_until = counter_until
    row.version += 1
    set_round(row, NominationState.NOMINATED, "counter_until", "version")
    record_on(
        "nomination.published", row, actor, nominated=len(chosen), others=len(declined), version=row.version
    )
    announce(
        item=row,
        milestone="nomination.published",
        actor=actor,
        data={"until": date_format(timezone.localtime(counter_until), "d-m-Y H:i")},
        audience=representatives(),
    )
    tell_each(vacancies, chosen, "candidacy.nominated", actor)
    tell_each(vacancies, declined, "candidacy.not_nominated", actor)
    return row


def _check_complete(vacancies: list[Vacancy]) -> None:
    with_one = set(
        Candidacy.objects.filter(vacancy__in=vacancies, state=CandidacyState.NOMINATED).values_list(
            "vacancy_id", flat=True
        )
    )
    if any(vacancy.pk not in with_one and not vacancy.open_reason for vacancy in vacancies):
        raise ValidationError(_("Nominate somebody for each seat, or say why nobody is nominated for it."))
    unanswered = Candidacy.objects.filter(vacancy__in=vacancies, state=CandidacyState.PUT_FORWARD, reason="")
    if number := unanswered.count():
        raise ValidationError(
            _("%(number)s candidates have no answer yet. Write each of them why they are not nominated.")
            % {"number": number}
        )
