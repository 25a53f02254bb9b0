"""What the tests of deciding look at: an assembly with motions and amendments, an election, and a consultation."""

from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

if TYPE_CHECKING:
    from omkering.decide.models import Meeting
    from omkering.who.models import Member, Person

# Who: role, member, whether with a mandate to vote. Both members have the most votes there are: they can be equal.
PEOPLE = {
    "deciding_chair": ("adviser", None, False),
    "deciding_one": ("alderman", "GM0200", True),
    "deciding_two": ("mayor", "GM0202", True),
    "electing_chair": ("adviser", None, False),
    "electing_one": ("alderman", "GM0268", True),
    "electing_two": ("mayor", "GM0344", True),
    "electing_rival": ("mayor", "GM0402", True),
    "remote_adviser": ("adviser", None, False),
    "remote_one": ("alderman", "GM0363", True),
    "remote_two": ("mayor", "GM0392", True),
}
TEXT = (
    "De gemeente helpt ieder huishouden dat de energierekening niet kan betalen, vanaf de eerste aanmaning."
)
FURTHER = "Het Rijk en de gemeente helpen samen ieder huishouden met lage inkomsten, vanaf de eerste dag van de winter."
NEAR = TEXT.replace("eerste aanmaning", "tweede aanmaning")


def prepare(people: "dict[str, Person]") -> dict[str, int]:
    """Build all, and give their ids."""
    return {**_assembly(people), **_election(people), **_consultation(people)}


def _member(code: str) -> "Member":
    from omkering.who.models import Member

    return Member.objects.get(code=code)


def _meeting(chair: "Person", title: str, *titles: str) -> "Meeting":
    """An assembly that is planned, long before its deadlines."""
    from tests.decide.meetings import plan, put

    meeting = plan(chair, title=title, form="hybrid")
    for each in titles:
        put(meeting, chair, each)
    return meeting


def _open(chair: "Person", meeting: "Meeting", *delegates: "Person") -> "Meeting":
    """Open it, with these delegates in the hall, past its deadline for motions."""
    from omkering.decide.commands.attendance import arrive
    from omkering.decide.commands.meetings import call_meeting, open_meeting
    from omkering.decide.models import Meeting

    meeting = open_meeting(actor=chair, meeting=call_meeting(actor=chair, meeting=meeting))
    for person in delegates:
        member = person.appointments.get().member
        arrive(actor=person, meeting=meeting, member=member, person=person, presence="on_site")
    passed = {name: timezone.now().isoformat() for name in meeting.deadlines}
    Meeting.objects.filter(pk=meeting.pk).update(deadlines=passed)
    return meeting


def _assembly(people: "dict[str, Person]") -> dict[str, int]:
    """A text with two amendments that exclude each other, and a motion that asks two things."""
    from omkering.decide import commands
    from omkering.decide.commands.agenda_items import add_agenda_item
    from omkering.thread.models import Item
    from tests.deliberate.amendments_made import make_document, paragraph, submitted

    chair, one, two = (people[f"deciding_{name}"] for name in ("chair", "one", "two"))
    meeting = _meeting(chair, "Ledenvergadering over de winter", "Opening")
    with transaction.atomic():
        document = make_document(TEXT, visibility="public")
    Item.objects.filter(pk=document.pk).update(title="Notitie over energiehulp")
    world = SimpleNamespace(one=paragraph(document, 2), mayor=one, own=_member("GM0200"))
    submitted(world, NEAR, title="Vanaf de tweede aanmaning")
    submitted(world, FURTHER, by=two, owner=_member("GM0202"), title="Samen met het Rijk")
    add_agenda_item(actor=chair, meeting=meeting, about=Item.objects.get(pk=document.pk))
    motion = commands.draft_motion(
        actor=one, owner=_member("GM0200"), title="Warm wonen", noting="Huizen zijn slecht geïsoleerd.",
        requests="Een fonds voor isolatie te vragen.\nElk jaar te laten zien hoeveel huizen warm zijn.",
    )  # fmt: skip
    motion = commands.file_motion(actor=one, motion=motion, meeting=meeting)
    _open(chair, meeting, one, two)
    return {"deciding": meeting.pk, "deciding_motion": motion.pk, "deciding_document": document.pk}


def _election(people: "dict[str, Person]") -> dict[str, int]:
    """A seat with a nominee and a counter-candidate, and an assembly with the election on its agenda."""
    from omkering.decide.commands.candidacies import put_up
    from omkering.thread.models import Item
    from tests.decide import bodies_made as made
    from tests.decide.meetings import put

    chair, one, two = (people[f"electing_{name}"] for name in ("chair", "one", "two"))
    body = made.make_body("kiescommissie", "committee")
    round = made.make_round(made.make_seat(body), adviser=chair, title="Een nieuw lid van de kiescommissie")
    vacancy = made.vacancy_of(round)
    made.published(round, made.stand(vacancy, made.alderman(_member("GM0085"))), adviser=chair)
    put_up(
        actor=people["electing_rival"], member=_member("GM0402"), vacancy=vacancy, person=people["electing_rival"],
        motivation="Ik wil meedenken over de agenda van de vereniging.", party_kind="local",
    )  # fmt: skip
    made.counter_over(round)
    meeting = _meeting(chair, "Ledenvergadering die kiest", "Opening")
    put(meeting, chair, "Verkiezing", kind="election", about=Item.objects.get(pk=vacancy.pk))
    _open(chair, meeting, one, two)
    return {"electing": meeting.pk, "electing_vacancy": vacancy.pk}


def _consultation(people: "dict[str, Person]") -> dict[str, int]:
    """A proposal that can be put to the members over days."""
    from omkering.decide.commands.proposals import make_proposal

    adviser = people["remote_adviser"]
    source = _meeting(adviser, "Ledenvergadering in het najaar", "Opening")
    proposal = make_proposal(
        actor=adviser, from_item=source, title="Een akkoord over energiehulp",
        text="De leden stemmen in met het akkoord over energiehulp.",
    )  # fmt: skip
    return {"remote_later": source.pk, "remote_proposal": proposal.pk}
