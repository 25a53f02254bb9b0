"""A meeting that was held, for the tests of its minutes."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from omkering.decide import commands
from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.attendance import arrive
from omkering.decide.commands.live import go_to
from omkering.decide.commands.meetings import close_meeting
from omkering.decide.commands.proxies import give_proxy
from omkering.decide.commands.speakers import ask_to_speak, call_speaker, end_speech
from omkering.decide.commands.vote_results import announce_result
from omkering.decide.models import Meeting, Undertaking, UndertakingState, Vote
from omkering.decide.voting_rights import rights_of
from omkering.thread.models import Item
from omkering.who.models import Member, Person
from tests.decide.meetings import opened, put
from tests.decide.votes import make_proposal, members_with_voters
from tests.people import make_adviser

PROXY = "Hierbij geef ik de stemmen van mijn gemeente in handen van de andere gemeente."


def vote_on(about: Item, meeting: Meeting, item: object, adviser: Person, **more: object) -> Vote:
    """An open vote at an item of the agenda."""
    now = timezone.now()
    vote = commands.plan_vote(
        actor=adviser, about=about, opens_at=now, closes_at=now + timedelta(hours=1),
        reference_date=meeting.reference_date, meeting=meeting, agenda_item=item, **more,
    )  # fmt: skip
    return commands.open_vote(actor=adviser, vote=vote)


def cast_all(vote: Vote, people: list[Person], choice: str) -> None:
    """Each of these people casts all that they may."""
    for person in people:
        for right in rights_of(vote, person.pk):
            commands.cast_ballot(
                actor=person, vote=vote, voter=right.entry.voter, part=right.part, choice=choice
            )


def under_way(adviser: Person | None = None, **changes: object) -> SimpleNamespace:
    """A meeting that goes on: three members there, a fourth by proxy, one spoke, a proposal adopted, an undertaking."""
    adviser = adviser or make_adviser()
    members: list[tuple[Member, Person]] = members_with_voters(120_000, 45_000, 30_000, 10_000)
    meeting = opened(adviser, **changes)
    first = meeting.agenda.get()
    proposal = make_proposal(adviser)
    item = add_agenda_item(actor=adviser, meeting=meeting, about=proposal)
    for member, person in members[:3]:
        arrive(actor=adviser, meeting=meeting, member=member, person=person, presence="on_site")
    give_proxy(actor=members[3][1], meeting=meeting, giver=members[3][0], holder=members[0][0], text=PROXY)
    go_to(actor=adviser, meeting=meeting, agenda_item=item)
    speech = ask_to_speak(
        actor=members[0][1], meeting=meeting, member=members[0][0], agenda_item=item, subject="Kosten"
    )
    call_speaker(actor=adviser, speech=speech)
    end_speech(actor=adviser, speech=speech)
    vote = vote_on(proposal, meeting, item, adviser)
    cast_all(vote, [person for _member, person in members[:2]], "for")
    cast_all(vote, [members[2][1]], "against")
    vote = commands.close_vote(actor=adviser, vote=vote)
    undertaking = Undertaking.objects.create(
        kind="undertaking",
        state=UndertakingState.OPEN,
        title="Een overzicht van de kosten",
        text="Het bestuur stuurt voor de zomer een overzicht van de kosten.",
        meeting=meeting,
        agenda_item=item,
        asked_by=members[0][0],
        visibility="public",
        due_at=timezone.now() + timedelta(days=90),
    )
    meeting.refresh_from_db()
    return SimpleNamespace(
        adviser=adviser, members=members, meeting=meeting, first=first, item=item, proposal=proposal,
        speech=speech, vote=vote, undertaking=undertaking,
    )  # fmt: skip


def held(adviser: Person | None = None, **changes: object) -> SimpleNamespace:
    """The same, announced and closed."""
    made = under_way(adviser, **changes)
    announce_result(actor=made.adviser, vote=made.vote)
    made.meeting = close_meeting(actor=made.adviser, meeting=made.meeting)
    return made


def later(made: SimpleNamespace, **changes: object) -> Meeting:
    """A meeting of the same body that goes on now, after it."""
    meeting = opened(made.adviser, title="Volgende ledenvergadering", **changes)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=made.meeting.starts_at + timedelta(days=1))
    meeting.refresh_from_db()
    put(meeting, made.adviser, "Rondvraag")
    return meeting
