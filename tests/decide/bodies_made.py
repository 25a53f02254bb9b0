"""Bodies, seats, terms and nomination rounds for the tests of this folder."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from omkering.decide.commands import bodies, candidacies, elections, nominations, weighing
from omkering.decide.models import Candidacy, NominationRound, NominationState, Seat, Vacancy
from omkering.thread.models import Notice
from omkering.who.models import Body, Member, Person
from tests.decide.votes import voter_of
from tests.people import make_adviser, make_member, make_person

REASON = "Deze kandidaat kent het onderwerp goed en brengt de kleine gemeenten mee."
NOT_NOW = "U bent een goede kandidaat, maar voor deze zetel zochten wij iemand uit een kleine gemeente."
MOTIVATION = "Ik wil meedenken over de agenda van de vereniging, vanuit een kleine gemeente."


def make_body(key: str = "bestuur", kind: str = "board") -> Body:
    return Body.objects.get_or_create(
        key=key, defaults={"kind": kind, "names": {"nl": key.title(), "en": key}}
    )[0]


def nominating_body() -> Body:
    return make_body("voordracht", "committee")


def make_seat(body: Body | None = None, **fields) -> Seat:
    return bodies.add_seat(actor=make_adviser(), body=body or make_body(), **fields)


def alderman(member: Member | None = None, **fields) -> Person:
    return make_person("alderman", member=member or make_member(), **fields)


def member_of(person: Person) -> Member:
    return person.appointments.get(member__isnull=False).member


def sit(seat: Seat, person: Person | None = None, *, starts: date | None = None, **fields):
    person = person or alderman()
    return bodies.begin_term(
        actor=make_adviser(),
        seat=seat,
        person=person,
        member=member_of(person),
        starts=starts or timezone.localdate(),
        **fields,
    )


def make_round(*seats: Seat, adviser: Person | None = None, state: str = "open", **fields) -> NominationRound:
    """A round that is planned, open, weighing or nominated (with an empty field then)."""
    adviser, now = adviser or make_adviser(), timezone.now()
    seats = seats or (make_seat(),)
    round = nominations.plan_nomination(
        actor=adviser,
        **{
            "body": seats[0].body,
            "nominating_body": nominating_body(),
            "seats": seats,
            "title": "Nieuwe bestuursleden",
            "opens_at": now + timedelta(days=1),
            "closes_at": now + timedelta(days=14),
            "starts": timezone.localdate() + timedelta(days=60),
            "profile_note": "Wij zoeken mensen uit kleine en grote gemeenten.",
            **fields,
        },
    )
    if state != "planned":
        round = nominations.open_nomination(actor=adviser, nomination=round)
    return round


def stand(vacancy: Vacancy, person: Person | None = None, **fields) -> Candidacy:
    person = person or alderman()
    return candidacies.stand(
        actor=person,
        vacancy=vacancy,
        member=fields.pop("member", None) or member_of(person),
        **{"motivation": MOTIVATION, "party_kind": "local", **fields},
    )


def closed(round: NominationRound, adviser: Person | None = None) -> NominationRound:
    return nominations.close_for_candidates(actor=adviser or make_adviser(), nomination=round)


def published(
    round: NominationRound, *chosen: Candidacy, adviser: Person | None = None, until: datetime | None = None
) -> NominationRound:
    """The nominations are out: these are nominated, the others answered, and other seats without a nomination."""
    adviser = adviser or make_adviser()
    round = NominationRound.objects.get(pk=round.pk)
    if round.state == NominationState.OPEN:
        round = closed(round, adviser)
    for row in Candidacy.objects.filter(vacancy__nomination=round, state="put_forward"):
        if row.pk in {one.pk for one in chosen}:
            weighing.nominate(actor=adviser, candidacy=row, reason=REASON)
        else:
            weighing.answer_candidate(actor=adviser, candidacy=row, reason=NOT_NOW)
    for vacancy in Vacancy.objects.filter(nomination=round).exclude(
        pk__in=[one.vacancy_id for one in chosen]
    ):
        weighing.nominate_nobody(actor=adviser, vacancy=vacancy, reason="Er was geen kandidaat die past.")
    round = NominationRound.objects.get(pk=round.pk)
    return weighing.publish_nominations(
        actor=adviser,
        nomination=round,
        version=round.version,
        counter_until=until or timezone.now() + timedelta(days=7),
    )


def counter_over(round: NominationRound) -> NominationRound:
    """The same round once the time for other candidates is over."""
    NominationRound.objects.filter(pk=round.pk).update(counter_until=timezone.now() - timedelta(seconds=1))
    return NominationRound.objects.get(pk=round.pk)


def vacancy_of(round: NominationRound) -> Vacancy:
    return Vacancy.objects.get(nomination=round)


def refused(deed, field: str = "", **fields) -> None:
    with pytest.raises(ValidationError) as error:
        deed(**fields)
    assert field in (error.value.message_dict if hasattr(error.value, "error_dict") else {"": 1}), error.value


def denied(deed, **fields) -> None:
    with pytest.raises(PermissionDenied):
        deed(**fields)


def news(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("milestone", flat=True))


def plan_election(vacancy: Vacancy, adviser: Person, **fields):
    now = timezone.now()
    return elections.plan_election(
        actor=adviser,
        vacancy=vacancy,
        **{
            "opens_at": now,
            "closes_at": now + timedelta(days=3),
            "reference_date": timezone.localdate(),
            "rule_set_key": "persons",
            **fields,
        },
    )


def counter(vacancy: Vacancy, person: Person | None = None, **fields) -> Candidacy:
    member = make_member()
    person = person or voter_of(member)
    return candidacies.put_up(
        actor=person,
        member=member_of(person),
        vacancy=vacancy,
        person=person,
        motivation=MOTIVATION,
        **fields,
    )
