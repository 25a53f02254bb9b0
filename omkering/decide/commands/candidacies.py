"""Candidates: they come forward themselves, are recommended, and may be put up by a member against a nomination.

All of this is confidential; `commands.nominations` says what the log holds of it.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.commands.nomination_rows import tell_each
from omkering.decide.commands.seat_rows import fitting_role, locked_vacancy, texts_of
from omkering.decide.models import (
    Candidacy,
    CandidacyState,
    NominationState,
    PartyKind,
    Recommendation,
    Vacancy,
    VacancyState,
)
from omkering.journal.clock import database_now
from omkering.journal.commands import record
from omkering.journal.origin import origin
from omkering.thread.commands import announce
from omkering.who.authority import require
from omkering.who.current import roles_by_key
from omkering.who.models import Appointment, Member, Network, Organisation, Person

STANDING = (CandidacyState.PUT_FORWARD, CandidacyState.NOMINATED, CandidacyState.COUNTER)
MOST_NETWORKS = 5
# Where such an act comes from, in the log: the mark of a session would tie it to others of the same person.
SOMEWHERE = "web"


# --- coming forward --------------------------------------------------------------------------------------
@transaction.atomic
def stand(
    *,
    actor: Person,
    vacancy: Vacancy,
    member: Member,
    motivation: str,
    party_kind: str = PartyKind.UNKNOWN,
    networks: Iterable[Network] = (),
) -> Candidacy:
    """Come forward for a seat, for oneself; until the round closes the same again changes what was written.

    `networks` are asked for a recommendation: their secretaries learn of the candidacy, nobody else outside the bureau
    and the nominating body does. ValidationError where the seat is meant for others.
    """
    require(actor, "decide.stand", member)
    motivation = texts_of(motivation=motivation)["motivation"]
    row = locked_vacancy(vacancy.pk)
    _check_open(row)
    role = fitting_role(row.seat, actor, member, timezone.localdate())
    _check_party(party_kind)
    asked = _own_networks(member, networks)
    earlier = (
        Candidacy.objects.filter(vacancy=row, person=actor).exclude(state=CandidacyState.WITHDRAWN).first()
    )
    fields = {"member": member, "role": role, "party_kind": party_kind, "motivation": motivation}
    if earlier is None:
        found = Candidacy.objects.create(vacancy=row, person=actor, **fields)
    else:
        found = earlier
        for name, value in fields.items():
            setattr(found, name, value)
        found.save(update_fields=list(fields))
    with origin(SOMEWHERE):
        _ask(found, asked)
        record(
            verb="candidacy.changed" if earlier else "candidacy.made",
            subject=row.subject,
            data={"candidacy": found.pk, "networks": len(asked)},
        )
    return found


def _ask(candidacy: Candidacy, networks: list[Network]) -> None:
    """Ask these networks, and no longer those that were asked before and said nothing yet."""
    known = {
        row.network_id: row
        for row in candidacy.recommendations.filter(network__isnull=False, withdrawn_at=None)
    }
    wanted = {network.pk for network in networks}
    now = timezone.now()
    for network_id, row in known.items():
        if network_id not in wanted and row.given_at is None:
            row.withdrawn_at = now
            row.save(update_fields=["withdrawn_at"])
    fresh = [network for network in networks if network.pk not in known]
    for network in fresh:
        Recommendation.objects.create(candidacy=candidacy, network=network, asked_at=now)
    if not fresh:
        return
    speaking = [key for key, role in roles_by_key().items() if "network" in role.powers]
    secretaries = Appointment.objects.on(timezone.localdate()).filter(
        role__in=speaking, network__in=fresh, person__is_active=True
    )
    announce(
        item=candidacy.vacancy,
        milestone="recommendation.asked",
        actor=None,
        once=str(candidacy.pk),
        audience=sorted(set(secretaries.values_list("person_id", flat=True)) - {candidacy.person_id}),
        upstream=False,
        followers=False,
    )


@transaction.atomic
def withdraw_candidacy(*, actor: Person, candidacy: Candidacy) -> Candidacy:
    """Stand no longer; for the candidate alone, until the seat is decided. Doing it twice is doing it once."""
    require(actor, "decide.own_candidacy", candidacy)
    vacancy = locked_vacancy(candidacy.vacancy_id)
    row = Candidacy.objects.get(pk=candidacy.pk)
    if row.state == CandidacyState.WITHDRAWN:
        return row
    if row.state not in (*STANDING, CandidacyState.ASKED):
        raise ValidationError(_("This candidacy has been decided."))
    if vacancy.votes.filter(state="open").exists():
        raise ValidationError(_("The members are voting. Ask the bureau to stop the vote first."))
    row.state, row.ended_at = CandidacyState.WITHDRAWN, database_now()
    row.save(update_fields=["state", "ended_at"])
    with origin(SOMEWHERE):
        record(verb="candidacy.withdrawn", subject=vacancy.subject, data={"candidacy": row.pk})
    return row


# --- recommendations -------------------------------------------------------------------------------------
@transaction.atomic
def recommend(*, actor: Person, candidacy: Candidacy, network: Network, text: str) -> Recommendation:
    """A chapter or network recommends a candidate that asked it; the same again changes its words."""
    require(actor, "decide.recommend", network)
    text = texts_of(text=text)["text"]
    row = _recommendable(candidacy)
    asked = row.recommendations.filter(network=network, withdrawn_at__isnull=True).first()
    if asked is None:
        raise ValidationError(_("This candidate did not ask your network."))
    return _give(asked, row, actor, text)


@transaction.atomic
def record_recommendation(
    *, actor: Person, candidacy: Candidacy, organisation: Organisation, text: str
) -> Recommendation:
    """Record, for the bureau, what a professional association outside recommends."""
    require(actor, "decide.record_recommendation", candidacy)
    require(actor, "decide.weigh_candidates", candidacy)
    text = texts_of(text=text)["text"]
    if organisation.retired_at is not None:
        raise ValidationError({"organisation": _("This organisation is retired. Choose another one.")})
    row = _recommendable(candidacy)
    given = row.recommendations.filter(organisation=organisation, withdrawn_at__isnull=True).first()
    return _give(given or Recommendation(candidacy=row, organisation=organisation), row, actor, text)


def _recommendable(candidacy: Candidacy) -> Candidacy:
    vacancy = locked_vacancy(candidacy.vacancy_id)
    row = Candidacy.objects.select_related("vacancy__nomination").get(pk=candidacy.pk)
    weighed = vacancy.nomination.state in (NominationState.OPEN, NominationState.WEIGHING)
    if not weighed or row.state not in (CandidacyState.PUT_FORWARD, CandidacyState.NOMINATED):
        raise ValidationError(_("The nominations are out, or this candidate no longer stands."))
    return row


def _give(given: Recommendation, candidacy: Candidacy, actor: Person, text: str) -> Recommendation:
    first = given.given_at is None
    given.text, given.person, given.given_at = text, actor, given.given_at or timezone.now()
    given.save()
    record(
        verb="recommendation.given",
        subject=candidacy.vacancy.subject,
        actor=actor.pk,
        data={"candidacy": candidacy.pk, "recommendation": given.pk},
    )
    if first:
        announce(
            item=candidacy.vacancy,
            milestone="recommendation.given",
            actor=actor,
            once=str(given.pk),
            audience=[candidacy.person_id],
            upstream=False,
            followers=False,
        )
    return given


@transaction.atomic
def withdraw_recommendation(*, actor: Person, recommendation: Recommendation) -> Recommendation:
    """Take a recommendation back, until the nominations are out. Doing it twice is doing it once."""
    if recommendation.network is not None:
        require(actor, "decide.recommend", recommendation.network)
    else:
        require(actor, "decide.record_recommendation", recommendation)
        require(actor, "decide.weigh_candidates", recommendation.candidacy)
    candidacy = _recommendable(recommendation.candidacy)
    row = Recommendation.objects.get(pk=recommendation.pk)
    if row.withdrawn_at is None:
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        record(
            verb="recommendation.withdrawn",
            subject=candidacy.vacancy.subject,
            actor=actor.pk,
            data={"candidacy": candidacy.pk, "recommendation": row.pk},
        )
    return row


# --- counter-candidates ----------------------------------------------------------------------------------
@transaction.atomic
def put_up(
    *,
    actor: Person,
    member: Member,
    vacancy: Vacancy,
    person: Person,
    motivation: str,
    party_kind: str = PartyKind.UNKNOWN,
) -> Candidacy:
    """A member puts up one of its own people against a nomination, in time; that person must agree first.

    By who holds the member's mandate. Who puts up themselves agrees by doing so.
    """
    require(actor, "decide.put_up", member)
    motivation = texts_of(motivation=motivation)["motivation"]
    row = locked_vacancy(vacancy.pk)
    _check_counter(row)
    _check_party(party_kind)
    if not person.is_active:
        raise ValidationError({"person": _("This account is closed.")})
    role = fitting_role(row.seat, person, member, timezone.localdate(), field="person")
    earlier = (
        Candidacy.objects.filter(vacancy=row, person=person).exclude(state=CandidacyState.WITHDRAWN).first()
    )
    if earlier is not None and earlier.state != CandidacyState.NOT_NOMINATED:
        if earlier.put_up_by_id == member.pk:
            return earlier  # doing it twice is doing it once
        raise ValidationError({"person": _("This person stands for this seat already.")})
    agreed = person.pk == actor.pk
    fields = {
        "member": member,
        "role": role,
        "party_kind": party_kind,
        "motivation": motivation,
        "put_up_by": member,
        "state": CandidacyState.COUNTER if agreed else CandidacyState.ASKED,
        "reason": "",
        "ended_at": None,
    }
    if earlier is None:
        found = Candidacy.objects.create(vacancy=row, person=person, **fields)
    else:
        found = earlier
        for name, value in fields.items():
            setattr(found, name, value)
        found.save(update_fields=list(fields))
    record(
        verb="candidacy.put_up",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{member.code}",
        data={"candidacy": found.pk},
    )
    if agreed:
        _tell_counter(row, actor)
    else:
        tell_each([row], [(row.pk, person.pk)], "candidacy.asked", actor)
    return found


@transaction.atomic
def answer_put_up(*, actor: Person, candidacy: Candidacy, agree: bool) -> Candidacy:
    """Say whether one stands as a member asks. Only after a yes does anybody else know of it."""
    require(actor, "decide.own_candidacy", candidacy)
    vacancy = locked_vacancy(candidacy.vacancy_id)
    row = Candidacy.objects.get(pk=candidacy.pk)
    if row.state != CandidacyState.ASKED:
        if agree and row.state == CandidacyState.COUNTER:
            return row
        raise ValidationError(_("Nobody asks you to stand for this seat, or you have answered."))
    if agree:
        _check_counter(vacancy)
        row.state = CandidacyState.COUNTER
    else:
        row.state, row.ended_at = CandidacyState.WITHDRAWN, database_now()
    row.save(update_fields=["state", "ended_at"])
    with origin(SOMEWHERE):
        record(
            verb="candidacy.agreed" if agree else "candidacy.refused",
            subject=vacancy.subject,
            data={"candidacy": row.pk},
        )
        if agree:
            _tell_counter(vacancy, None)
    return row


def _tell_counter(vacancy: Vacancy, actor: Person | None) -> None:
    """The nominee and who follows the vacancy hear that somebody else stands too."""
    nominee = Candidacy.objects.filter(vacancy=vacancy, state=CandidacyState.NOMINATED)
    announce(
        item=vacancy,
        milestone="vacancy.counter_candidate",
        actor=actor,
        once=str(vacancy.standing_candidates.filter(state=CandidacyState.COUNTER).count()),
        audience=list(nominee.values_list("person_id", flat=True)),
    )


# --- checks ----------------------------------------------------------------------------------------------
def _check_open(vacancy: Vacancy) -> None:
    round, now = vacancy.nomination, database_now()
    if round.state != NominationState.OPEN or round.closes_at <= now:
        raise ValidationError(_("Candidates cannot come forward now."))


def _check_counter(vacancy: Vacancy) -> None:
    round = vacancy.nomination
    in_time = round.counter_until is not None and database_now() < round.counter_until
    if round.state != NominationState.NOMINATED or vacancy.state != VacancyState.OPEN or not in_time:
        raise ValidationError(_("Other candidates cannot be put up for this seat now."))


def _check_party(kind: str) -> None:
    if kind not in PartyKind.values:
        raise ValidationError({"party_kind": _("Choose the kind of party.")})


def _own_networks(member: Member, networks: Iterable[Network]) -> list[Network]:
    chosen = sorted({network.pk: network for network in networks}.values(), key=lambda one: one.pk)
    if len(chosen) > MOST_NETWORKS:
        raise ValidationError({"networks": _("Ask at most %(most)s networks.") % {"most": MOST_NETWORKS}})
    today = timezone.localdate()
    own = set(member.network_memberships.on(today).values_list("network_id", flat=True))  # type: ignore[attr-defined]
    if any(network.pk not in own for network in chosen):
        raise ValidationError({"networks": _("Ask a network in which this member takes part.")})
    return chosen


__all__ = [
    "answer_put_up",
    "put_up",
    "recommend",
    "record_recommendation",
    "stand",
    "withdraw_candidacy",
    "withdraw_recommendation",
]
