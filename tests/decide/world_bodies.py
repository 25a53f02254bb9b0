"""Bodies with seats and nomination rounds in each state, for the tests of every address."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from omkering.decide.commands import bodies, candidacies, elections, nominations, weighing
from omkering.decide.models import Candidacy, NominationRound, Seat, Vacancy
from omkering.who.models import Body, Member, Network, Organisation, Person
from tests.decide.bodies_made import MOTIVATION, NOT_NOW, REASON, counter_over
from tests.people import make_person

MEMBERS = ("alderman", "mayor", "councillor", "clerk", "official", "town_secretary")
BUREAU = ("adviser", "administrator")
WEIGHING = (*BUREAU, "committee_member")  # in the world's first body, which weighs

ARGUMENTS: dict[str, dict[str, str]] = {
    "decide:body": {"pk": "seated_body"},
    "decide:export_composition": {"pk": "seated_body", "form": "csv"},
    "decide:add_seat": {"pk": "seated_body"},
    "decide:rota": {"pk": "seated_body"},
    "decide:change_seat": {"pk": "held_seat"},
    "decide:retire_seat": {"pk": "empty_seat"},
    "decide:begin_term": {"pk": "empty_seat"},
    "decide:end_term": {"pk": "seat_term"},
    "decide:set_resignation": {"pk": "seat_term"},
    "decide:plan_nomination": {"pk": "seated_body"},
    "decide:nomination": {"pk": "nomination_weighing"},
    "decide:change_nomination": {"pk": "nomination_open"},
    "decide:open_nomination": {"pk": "nomination_planned"},
    "decide:close_nomination": {"pk": "nomination_open"},
    "decide:publish_nominations": {"pk": "nomination_weighing"},
    "decide:withdraw_nomination": {"pk": "nomination_open"},
    "decide:vacancy": {"pk": "vacancy_nominated"},
    "decide:stand": {"pk": "vacancy_open"},
    "decide:put_up": {"pk": "vacancy_counter", "code": "GM0014"},
    "decide:nominate_nobody": {"pk": "vacancy_weighing"},
    "decide:plan_election": {"pk": "vacancy_nominated"},
    "decide:acclaim": {"pk": "vacancy_nominated"},
    "decide:leave_open": {"pk": "vacancy_nominated"},
    "decide:candidacy": {"pk": "candidacy_weighing"},
    "decide:nominate": {"pk": "candidacy_weighing"},
    "decide:answer_candidate": {"pk": "candidacy_weighing"},
    "decide:recommend": {"pk": "candidacy_asking"},
    "decide:record_recommendation": {"pk": "candidacy_asking"},
    "decide:withdraw_candidacy": {"pk": "candidacy_asking"},
    "decide:agree_to_stand": {"pk": "candidacy_asked"},
}
POST_ONLY: set[str] = set()
REDIRECTS: set[str] = set()
FILES: set[str] = {"decide:export_composition"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    "decide:publish_nominations": (WEIGHING, 403),
    "decide:nominate_nobody": (WEIGHING, 403),
    "decide:put_up": (("mayor",), 403),
    # Who may not know of a candidate finds nothing.
    "decide:candidacy": (WEIGHING, 404),
    "decide:nominate": (WEIGHING, 404),
    "decide:answer_candidate": (WEIGHING, 404),
    "decide:recommend": (("network_secretary",), 404),
    "decide:withdraw_candidacy": (("alderman",), 404),
    "decide:agree_to_stand": (("councillor",), 404),
}


def _round(
    c: SimpleNamespace, body: Body, seats: list[Seat], title: str, *, open: bool = True
) -> NominationRound:
    now, adviser = timezone.now(), c.people["adviser"]
    made = nominations.plan_nomination(
        actor=adviser,
        body=body,
        nominating_body=c.weighing_body,
        seats=seats,
        title=title,
        opens_at=now + timedelta(hours=1),
        closes_at=now + timedelta(days=20),
        starts=timezone.localdate() + timedelta(days=90),
        profile_note="Wij zoeken **mensen** uit kleine en grote gemeenten.",
    )
    return nominations.open_nomination(actor=adviser, nomination=made) if open else made


def _stand(vacancy: Vacancy, person: Person, member: Member, *networks: Network) -> Candidacy:
    return candidacies.stand(
        actor=person,
        vacancy=vacancy,
        member=member,
        motivation=MOTIVATION,
        party_kind="local",
        networks=networks,
    )


def _publish(c: SimpleNamespace, round: NominationRound, chosen: Candidacy) -> NominationRound:
    adviser = c.people["adviser"]
    nominations.close_for_candidates(actor=adviser, nomination=round)
    weighing.nominate(actor=adviser, candidacy=chosen, reason=REASON)
    for other in Candidacy.objects.filter(vacancy=chosen.vacancy_id, state="put_forward"):
        weighing.answer_candidate(actor=adviser, candidacy=other, reason=NOT_NOW)
    return weighing.publish_nominations(
        actor=adviser, nomination=round, version=1, counter_until=timezone.now() + timedelta(days=7)
    )


def _seats(c: SimpleNamespace, body: Body, number: int) -> list[Seat]:
    return [bodies.add_seat(actor=c.people["adviser"], body=body, note=f"Zetel {n}") for n in range(number)]


def build(c: SimpleNamespace) -> dict[str, int]:
    """Two bodies with seats and terms, and a round in each state, through the commands."""
    adviser, today = c.people["adviser"], timezone.localdate()
    alderman, councillor = c.people["alderman"], c.people["councillor"]
    board = Body.objects.get(key="bestuur")
    c.weighing_body = _weighing(c)
    seats = _seats(c, board, 6)
    term = bodies.begin_term(
        actor=adviser,
        seat=seats[0],
        person=make_person("mayor", member=c.other),
        member=c.other,
        starts=today,
    )
    ended = bodies.begin_term(
        actor=adviser,
        seat=seats[1],
        person=make_person("alderman", member=c.other),
        member=c.other,
        starts=today - timedelta(days=100),
        party_kind="national",
    )
    bodies.end_term(actor=adviser, term=ended, ends=today)
    bodies.set_rota(actor=adviser, body=board, month=6, day=1)

    opened = _round(c, board, [seats[1]], "Een open ronde")
    asking = _stand(opened.vacancies.get(), alderman, c.own, c.network)
    planned = _round(c, board, [seats[2]], "Een ronde in voorbereiding", open=False)
    weighed_round = _round(c, board, [seats[3]], "Een ronde in weging")
    weighed = _stand(weighed_round.vacancies.get(), make_person("clerk", member=c.other), c.other)
    _stand(weighed_round.vacancies.get(), make_person("clerk", member=c.other), c.other)
    nominations.close_for_candidates(actor=adviser, nomination=weighed_round)
    out = _round(c, board, [seats[4]], "Een ronde met een voordracht")
    nominee = _stand(out.vacancies.get(), make_person("clerk", member=c.other), c.other)
    declined = _stand(out.vacancies.get(), make_person("official", member=c.other), c.other)
    out = counter_over(_publish(c, out, nominee))
    counter = _round(c, board, [seats[5]], "Een ronde met een tegenkandidaat")
    _publish(c, counter, _stand(counter.vacancies.get(), make_person("clerk", member=c.other), c.other))
    asked = candidacies.put_up(
        actor=c.people["mayor"],
        member=c.own,
        vacancy=counter.vacancies.get(),
        person=councillor,
        motivation=MOTIVATION,
    )
    college = Body.objects.get(key="college-voor-arbeidszaken")
    done = _round(c, college, _seats(c, college, 1), "Een ronde die besloten is")
    _publish(c, done, _stand(done.vacancies.get(), make_person("clerk", member=c.other), c.other))
    counter_over(done)
    elections.acclaim(actor=adviser, vacancy=done.vacancies.get())
    empty = _seats(c, board, 1)[0]
    return {
        "seated_body": board.pk,
        "held_seat": seats[0].pk,
        "empty_seat": empty.pk,
        "seat_term": term.pk,
        "nomination_open": opened.pk,
        "nomination_planned": planned.pk,
        "nomination_weighing": weighed_round.pk,
        "nomination_nominated": out.pk,
        "nomination_decided": done.pk,
        "vacancy_open": opened.vacancies.get().pk,
        "vacancy_weighing": weighed_round.vacancies.get().pk,
        "vacancy_nominated": out.vacancies.get().pk,
        "vacancy_counter": counter.vacancies.get().pk,
        "candidacy_asking": asking.pk,
        "candidacy_weighing": weighed.pk,
        "candidacy_nominated": nominee.pk,
        "candidacy_declined": declined.pk,
        "candidacy_asked": asked.pk,
    }


def _weighing(c: SimpleNamespace) -> Body:
    """The body of the world's committee member, or where that has no seats (the assembly), a committee they are in."""
    body = Body.objects.get(key="bestuur-en-veiligheid")
    c.people["committee_member"].appointments.get_or_create(
        role="committee_member", body=body, defaults={"starts": timezone.localdate()}
    )
    return body


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    c.weighing_body = _weighing(c)
    adviser, today = c.people["adviser"], timezone.localdate()
    board = Body.objects.get(pk=c.ids["seated_body"])
    opened = NominationRound.objects.get(pk=c.ids["nomination_open"]).vacancies.get()
    asked = Candidacy.objects.get(pk=c.ids["candidacy_asking"])
    members = Member.objects.on(today).exclude(pk__in=(c.own.pk, c.other.pk)).order_by("code")[:8]
    parties = list(Organisation.objects.order_by("key")[:8])
    own = list(Network.objects.filter(memberships__member=c.own).distinct()[:4])
    for number, (member, party) in enumerate(zip(members, parties, strict=True)):
        person = make_person("alderman", member=member)
        _stand(opened, person, member)
        candidacies.record_recommendation(actor=adviser, candidacy=asked, organisation=party, text=REASON)
        seat, spare = _seats(c, board, 2)
        bodies.begin_term(
            actor=adviser,
            seat=seat,
            person=make_person("mayor", member=member),
            member=member,
            starts=today - timedelta(days=number),
        )
        more = _round(c, board, [spare], f"Nog een ronde {number}")
        chosen = _stand(more.vacancies.get(), make_person("clerk", member=member), member)
        _stand(more.vacancies.get(), make_person("clerk", member=c.own), c.own, *own)
        if number % 2:
            _publish(c, more, chosen)
