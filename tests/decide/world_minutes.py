"""Minutes for the tests of every address: of a meeting that is over, laid before one that goes on."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from omkering.decide.commands.ballots import cast_ballot
from omkering.decide.commands.meetings import close_meeting
from omkering.decide.commands.minutes import add_note, propose_minutes, record_correction
from omkering.decide.commands.proposals import make_proposal
from omkering.decide.commands.speakers import ask_to_speak, call_speaker, end_speech
from omkering.decide.commands.vote_results import announce_result
from omkering.decide.commands.votes import close_vote, open_vote, plan_vote
from omkering.decide.meeting_rules import snapshot
from omkering.decide.models import Meeting, Minutes, Vote
from omkering.who.models import Body
from tests.decide.running import items, make_meeting, put_there
from tests.people import make_person
from tests.world import BUREAU

TEXT = "De leden vragen om een overzicht van de kosten."

ARGUMENTS: dict[str, dict[str, str]] = {
    **{
        f"decide:{name}": {"pk": "minutes_meeting"}
        for name in (
            "minutes", "print_minutes", "decision_list", "add_note", "correct_minutes", "propose_minutes",
            "adopt_minutes",
        )
    },
    "decide:minutes_file": {"pk": "minutes_meeting", "form": "json"},
    "decide:decisions_file": {"pk": "minutes_meeting", "form": "docx"},
    "decide:kept_minutes": {"pk": "minutes"},
    "decide:change_note": {"pk": "minutes_note"},
    "decide:remove_note": {"pk": "minutes_note"},
}  # fmt: skip
POST_ONLY: set[str] = {"decide:remove_note"}
REDIRECTS: set[str] = {"decide:kept_minutes"}
FILES: set[str] = {"decide:minutes_file", "decide:decisions_file"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {"decide:adopt_minutes": (BUREAU, 403)}


def _vote(c: SimpleNamespace, meeting: Meeting, title: str) -> Vote:
    """A vote in the meeting, announced, with the mayor for it."""
    adviser, item = c.people["adviser"], items(meeting)[0]
    about = make_proposal(
        actor=adviser, from_item=c.bundle, title=title, text="De vereniging maakt één loket."
    )
    now = timezone.now()
    vote = plan_vote(
        actor=adviser, about=about, opens_at=now, closes_at=now + timedelta(hours=1),
        reference_date=timezone.localdate(), meeting=meeting, agenda_item=item,
    )  # fmt: skip
    vote = open_vote(actor=adviser, vote=vote)
    cast_ballot(actor=c.people["mayor"], vote=vote, member=c.own, choice="for")
    return announce_result(actor=adviser, vote=close_vote(actor=adviser, vote=vote))


def _speech(c: SimpleNamespace, meeting: Meeting) -> None:
    adviser = c.people["adviser"]
    speech = ask_to_speak(
        actor=c.people["mayor"], meeting=meeting, member=c.own, agenda_item=items(meeting)[0]
    )
    call_speaker(actor=adviser, speech=speech)
    end_speech(actor=adviser, speech=speech)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser = c.people["adviser"]
    body: Body = c.body
    now = timezone.now()
    rules = snapshot(body, timezone.localdate())
    meeting = make_meeting(
        "Eén loket", "Rondvraag", body=body, title="Ledenvergadering van het voorjaar",
        starts_at=now - timedelta(days=90), ends_at=now - timedelta(days=90, hours=-3), opened_at=now, rules=rules,
    )  # fmt: skip
    put_there(meeting, c.own, c.people["mayor"])
    _speech(c, meeting)
    vote = _vote(c, meeting, "Eén loket voor alles")
    add_note(
        actor=adviser, meeting=meeting, text=TEXT, source=f"vote:{vote.pk}", agenda_item=items(meeting)[0]
    )
    note = add_note(actor=adviser, meeting=meeting, text="De voorzitter dankt iedereen.")
    close_meeting(actor=adviser, meeting=meeting)
    later = make_meeting(
        "Verslag", body=body, title="Ledenvergadering van het najaar", opened_at=now, rules=rules
    )
    propose_minutes(actor=adviser, meeting=meeting, to=later)
    record_correction(actor=adviser, meeting=meeting, member=c.own, text="Het ging over twee loketten.")
    return {
        "minutes_meeting": meeting.pk,
        "minutes": Minutes.objects.get(meeting=meeting).pk,
        "minutes_note": note.pk,
        "minutes_later": later.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Many more votes, speeches, stays and notes in the same meeting."""
    meeting = Meeting.objects.get(pk=c.ids["minutes_meeting"])
    adviser = c.people["adviser"]
    Meeting.objects.filter(pk=meeting.pk).update(closed_at=None)
    type(meeting.item_ptr).objects.filter(pk=meeting.pk).update(state="open")
    meeting = Meeting.objects.get(pk=meeting.pk)
    put_there(meeting, c.own, c.people["mayor"])
    for number in range(6):
        _speech(c, meeting)
        vote = _vote(c, meeting, f"Loket nummer {number}")
        add_note(actor=adviser, meeting=meeting, text=f"{TEXT} {number}", source=f"vote:{vote.pk}")
        put_there(meeting, c.other, make_person("mayor", member=c.other))
    close_meeting(actor=adviser, meeting=meeting)
