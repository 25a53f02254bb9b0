"""Add to the world of `tests.world`, whose JSON comes in, what the browser tests need; print it as JSON with sessions.

Beside the people of the world there is one person for each test that changes what others look at.
"""

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from omkering.who.models import Member, Person

# Who: role, member or network, whether with a mandate to vote.
EXTRA = {
    "keyboard_voter": ("mayor", "GM0080", True),
    "plain_voter": ("mayor", "GM0085", True),
    "passkey_voter": ("mayor", "GM0090", True),
    "lapsed_official": ("official", "GM0093", False),
    "lapsed_adviser": ("adviser", None, False),
    "reporter": ("official", "GM0098", False),
    "plain_reporter": ("official", "GM0106", False),
    "breaker": ("official", "GM0109", False),
    "passkey_official": ("official", "GM0114", False),
    "codes_official": ("official", "GM0118", False),
    "way_official": ("official", "GM0119", False),
    "way_alderman": ("alderman", "GM0141", True),
    "way_adviser": ("adviser", None, False),
    # A consultation with chapters: two members of one chapter, its secretary and somebody of the bureau.
    "talk_adviser": ("adviser", None, False),
    "talk_official": ("official", "GM0664", False),
    "talk_alderman": ("alderman", "GM0664", True),
    "talk_mayor": ("mayor", "GM0677", True),
    "talk_secretary": ("network_secretary", "afdeling-zeeland", False),
    # Statements: all of one chapter, which the round asks.
    "phone_adviser": ("adviser", None, False),
    "phone_reader": ("councillor", "GM0888", False),
    "phone_writer": ("councillor", "GM0899", False),
    "plain_phone": ("councillor", "GM0907", False),
    "hasty_phone": ("councillor", "GM0917", False),
    # An alignment: who keeps the position, who lobbies, and somebody outside of it.
    "align_adviser": ("adviser", None, False),
    "align_secretary": ("network_secretary", "afdeling-utrecht", False),
    "align_outsider": ("official", "GM0703", False),
    # A meeting that is going on: a chair, a member with a proxy, one that divides its votes, one that gave a proxy.
    "live_chair": ("adviser", None, False),
    "live_one": ("alderman", "GM0150", True),
    "live_two": ("councillor", "GM0153", False),
    "live_three": ("councillor", "GM0153", False),
    "live_giver": ("mayor", "GM0164", True),
}
CHAPTER = "afdeling-limburg"  # that the round with statements asks
VOTERS = 12


def _fill_board() -> None:
    """Signals enough for a second page of the board."""
    from omkering.listen.commands.signals import submit_signal
    from omkering.thread.models import Theme, Visibility
    from omkering.who.models import Member
    from tests.people import make_person

    member = Member.objects.get(code="GM0037")
    sender, theme = make_person("official", member=member), Theme.objects.order_by("order").last()
    for number in range(1, 31):
        submit_signal(
            actor=sender, member=member, title=f"Fietspad nummer {number} is te smal", touches="", helps="",
            case=f"Op fietspad nummer {number} kunnen fietsers elkaar niet meer passeren.",
            theme=theme, visibility=Visibility.PUBLIC,
        )  # fmt: skip


def _statement_round(adviser: "Person", writer: "Person", members: "list[Member]") -> int:
    """An open round of a chapter with statements that are shown, on which half of its people votes the other way than
    the other half, and the opinion map that comes of it.
    """
    from omkering.deliberate.commands.consultation_rounds import plan_round
    from omkering.deliberate.commands.consultation_times import open_round
    from omkering.deliberate.commands.consultations import plan_consultation
    from omkering.deliberate.commands.opinion import renew_map
    from omkering.deliberate.commands.statements import vote
    from omkering.who.models import Network
    from tests.deliberate.statement_rounds import with_statements
    from tests.people import make_person

    consultation = plan_consultation(
        actor=adviser, title="Waar staan wij in 2030?", summary="Wij vragen wat de afdeling hiervan vindt.",
        question="Wat vraagt 2030 van ons?", visibility="members",
    )  # fmt: skip
    now = timezone.now()
    round = plan_round(
        actor=adviser, consultation=consultation, title="Stellingen van de afdeling", public="network",
        network=Network.objects.get(key=CHAPTER), opens_at=now, closes_at=now + timedelta(days=14),
        takes_statements=True,
    )  # fmt: skip
    round = open_round(actor=adviser, round=round)
    shown = with_statements(round, 4, by=writer)
    for number in range(VOTERS):
        person = make_person("councillor", member=members[number % len(members)])
        for place, statement in enumerate(shown):
            vote(actor=person, statement=statement, value=1 if place == 0 or number % 2 else -1)
    renew_map(round_id=round.pk)
    return round.pk


def _live_meeting(people: "dict[str, Person]") -> int:
    """An assembly that is open, at none of its items yet: with a proxy, a divided member, a vote that stands ready."""
    from types import SimpleNamespace

    from omkering.decide.commands.proposals import make_proposal
    from omkering.decide.commands.proxies import give_proxy, name_delegates
    from omkering.decide.commands.vote_plans import plan_vote
    from omkering.decide.models import AgendaItem
    from omkering.who.models import Member
    from tests.decide.world_live import running_meeting
    from tests.people import make_person

    chair = people["live_chair"]
    context = SimpleNamespace(people={"adviser": chair})
    meeting = running_meeting(context, "Algemene Ledenvergadering", "Opening", "Visie op 2030", "Sluiting")
    holder, divided, giver = (Member.objects.get(code=code) for code in ("GM0150", "GM0153", "GM0164"))
    give_proxy(
        actor=people["live_giver"], meeting=meeting, giver=giver, holder=holder,
        text="Wij geven een volmacht om in onze naam te stemmen.",
    )  # fmt: skip
    name_delegates(
        actor=make_person("town_secretary", member=divided), meeting=meeting, member=divided,
        shares=[(people["live_two"], 40), (people["live_three"], 20)],
    )  # fmt: skip
    proposal = make_proposal(
        actor=chair, from_item=meeting, title="De visie op 2030", text="De leden stellen de visie vast."
    )
    later = timezone.now() + timedelta(hours=2)
    plan_vote(
        actor=chair, about=proposal, opens_at=later, closes_at=later + timedelta(hours=1),
        reference_date=meeting.reference_date, meeting=meeting,
        agenda_item=AgendaItem.objects.get(meeting=meeting, position=2),
    )  # fmt: skip
    return meeting.pk


def _kinds_meeting(people: "dict[str, Person]") -> int:
    """An assembly at an item with open votes of other kinds than for or against, and a delegate who is there."""
    from types import SimpleNamespace

    from omkering.decide.commands.attendance import arrive
    from omkering.decide.commands.live import go_to
    from omkering.decide.commands.proposals import make_proposal
    from omkering.decide.commands.vote_plans import plan_vote
    from omkering.decide.commands.votes import open_vote
    from omkering.decide.vote_rule import ballot_data
    from omkering.who.models import Member
    from tests.decide.world_live import running_meeting

    chair, person = people["live_chair"], people["live_one"]
    meeting = running_meeting(
        SimpleNamespace(people={"adviser": chair}), "Ledenvergadering met keuzes", "Keuzes"
    )
    item = meeting.agenda.get()
    go_to(actor=chair, meeting=meeting, agenda_item=item)
    arrive(
        actor=person,
        meeting=meeting,
        member=Member.objects.get(code="GM0150"),
        person=person,
        presence="on_site",
    )
    later = timezone.now() + timedelta(hours=2)
    options = [{"title": title} for title in ("Bus", "Trein", "Fiets")]
    for kind, limits in (("ranking", {}), ("points", {"total_points": 4}), ("approval", {"max_choices": 2})):
        proposal = make_proposal(actor=chair, from_item=meeting, title=f"Keuze: {kind}", text="Kies.")
        vote = plan_vote(
            actor=chair, about=proposal, opens_at=later, closes_at=later + timedelta(hours=1),
            reference_date=meeting.reference_date, meeting=meeting, agenda_item=item,
            ballot=ballot_data(kind, options, **limits),
        )  # fmt: skip
        open_vote(actor=chair, vote=vote)
    return meeting.pk


def _desk_meeting(people: "dict[str, Person]") -> "tuple[int, int]":
    """An assembly with an open vote, for those at the desk; one delegate is there, by whom they do not sit."""
    from types import SimpleNamespace

    from omkering.decide.commands.attendance import arrive
    from omkering.decide.commands.live import go_to
    from omkering.decide.commands.quick_votes import quick_vote
    from omkering.who.models import Member
    from tests.decide.world_live import running_meeting

    chair, person = people["live_chair"], people["live_one"]
    meeting = running_meeting(
        SimpleNamespace(people={"adviser": chair}), "Ledenvergadering met een balie", "Begroting"
    )
    item = meeting.agenda.get()
    go_to(actor=chair, meeting=meeting, agenda_item=item)
    arrive(
        actor=person,
        meeting=meeting,
        member=Member.objects.get(code="GM0150"),
        person=person,
        presence="on_site",
    )
    vote = quick_vote(actor=chair, meeting=meeting, agenda_item=item, minutes=120)
    return meeting.pk, vote.pk


def main() -> None:
    """Build and print."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.utils import translation

    from omkering.web.models import OutboxMail
    from omkering.who.example_people import DOMAIN
    from omkering.who.models import Member, Network, Person
    from tests.browser import prepare_decide
    from tests.people import make_person
    from tests.world import World, give_session

    world = World.from_json(sys.stdin.read())
    with translation.override("nl"):
        _fill_board()
    people: dict[str, Person] = {}
    for name, (role, code, votes) in {**EXTRA, **prepare_decide.PEOPLE}.items():
        member = Member.objects.filter(code=code).first()
        network = Network.objects.filter(key=code).first()
        people[name] = make_person(role, member=member, network=network, votes=votes)
    world.people |= {name: person.pk for name, person in people.items()}
    with translation.override("nl"):
        world.ids["phone_round"] = _statement_round(
            people["phone_adviser"],
            people["phone_writer"],
            list(Member.objects.filter(code__in=("GM0928", "GM0935"))),
        )
        world.ids["live"], world.ids["live_kinds"] = _live_meeting(people), _kinds_meeting(people)
        world.ids["live_desk"], world.ids["desk_vote"] = _desk_meeting(people)
        world.ids |= prepare_decide.prepare(people)
    mayor = make_person("mayor", member=Member.objects.get(code="GM0119"))
    Person.objects.filter(pk=mayor.pk).update(email=f"burgemeester@{DOMAIN}")
    OutboxMail.objects.create(
        recipient=f"burgemeester@{DOMAIN}", subject="Nieuws", text="Er is nieuws.\n\nLees het."
    )
    for name, pk in world.people.items():
        person, client = Person.objects.get(pk=pk), Client()
        give_session(client, person)
        world.texts[f"session:{name}"] = client.cookies[settings.SESSION_COOKIE_NAME].value
        world.texts[f"email:{name}"] = person.email
    sys.stdout.write(world.json())


if __name__ == "__main__":
    main()
