"""What the pages of a running meeting show; each function has a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count as CountOf
from django.db.models import Exists, OuterRef, Q, Sum

from omkering.decide import voting_rights, words
from omkering.decide.autopilot import State, Step, VoteNow, next_step
from omkering.decide.models import (
    AgendaItem,
    AgendaState,
    Attendance,
    Ballot,
    Delegate,
    LiveChange,
    Meeting,
    MeetingState,
    Proxy,
    RollEntry,
    SecretTurnout,
    Speech,
    SpeechState,
    Vote,
    VoteState,
)
from omkering.decide.queries.meetings import Line, numbered
from omkering.decide.queries.votes import Turnout
from omkering.decide.speaking import in_turn, seconds_of
from omkering.decide.voting_rights import Right
from omkering.journal import clock
from omkering.thread.models import Visibility
from omkering.who.models import Member, Person
from omkering.who.standing import standing_of

PASSED_BY = (AgendaState.DROPPED, AgendaState.HELD)
VOTE = (  # what the pages show of a vote, and its ballots ask of it
    *(
        "kind",
        "title",
        "state",
        "visibility",
        "about",
        "agenda_item",
        "opens_at",
        "closes_at",
        "reference_date",
    ),
    *("rule", "procedure", "secret", "on_advice", "replaces", "opened_at", "closed_at", "announced_at"),
    *("chair_choice", "undone_at", "undone_reason", "result"),
)
SPEECH = (
    "agenda_item",
    "kind",
    "name",
    "side",
    "subject",
    "order",
    "seconds",
    "state",
    "started_at",
    "ended_at",
)


def newest_change(meeting: Meeting) -> int:
    """The key of the newest change; read it before the rest, so that nothing is missed in between. One query."""
    newest = LiveChange.objects.filter(meeting=meeting).order_by("-pk").values_list("pk", flat=True)
    return newest.first() or 0


@dataclass(frozen=True)
class Speaker:
    """A request to speak or a speech, with how long it took until now."""

    speech: Speech
    seconds: int

    @property
    def name(self) -> str:
        """Who speaks: the member, or the person."""
        speech = self.speech
        return str(speech.member or speech.name or speech.person or "")

    @property
    def left(self) -> int:
        """Seconds left; below nought once the time is over."""
        return self.speech.seconds - self.seconds


@dataclass(frozen=True)
class VoteLine:
    """A vote of the meeting with how many have voted; its result only once it was announced."""

    vote: Vote
    turnout: Turnout | None

    @property
    def announced(self) -> bool:
        """Whether everybody may know the result."""
        return self.vote.announced_at is not None

    @property
    def title(self) -> str:
        """What the vote is called for everybody who may know of the meeting: that of the item on the agenda where the
        vote itself is for fewer eyes.
        """
        vote = self.vote
        if vote.visibility == Visibility.PUBLIC or vote.meeting is None or vote.agenda_item is None:
            return vote.title
        return vote.title if vote.visibility == vote.meeting.visibility else vote.agenda_item.title

    @property
    def needed(self) -> str:
        """What is needed to pass, in words."""
        return words.needed_in_words(self.vote.rule)

    @property
    def outcome(self) -> str:
        """What it came to, in one sentence; "" until it was announced."""
        return words.outcome_of(self.vote) if self.announced else ""


@dataclass(frozen=True)
class Running:
    """A meeting as it stands now, with the speeches and votes that its pages may show (not those of other items)."""

    meeting: Meeting
    agenda: Iterable[AgendaItem]  # more than once
    speeches: Sequence[Speech]
    all_votes: Sequence[VoteLine]
    now: datetime
    since: int
    all_undone: Sequence[Vote] = ()

    @cached_property
    def current(self) -> AgendaItem | None:
        """The item that the meeting is at."""
        here = self.meeting.current_id
        return next((item for item in self.agenda if item.pk == here), None) if here else None

    @cached_property
    def lines(self) -> list[Line]:
        """The agenda with the numbers of the items."""
        return numbered(self.meeting, list(self.agenda))

    @cached_property
    def number(self) -> str:
        """The number of the current item; "" without one."""
        here = self.meeting.current_id
        return next((line.number for line in self.lines if line.item.id == here), "") if here else ""

    @property
    def following(self) -> AgendaItem | None:
        """The next item that waits, after the current one or else before it."""
        waiting = self.waiting_items
        return waiting[0] if waiting else None

    @property
    def waiting_items(self) -> list[AgendaItem]:
        """The items still to come: those after the current one first, then what was passed over."""
        here = self.current.position if self.current else 0
        waiting = [item for item in self.agenda if item.state == AgendaState.WAITING]
        return sorted(waiting, key=lambda item: (item.position < here, item.position))

    @property
    def earlier(self) -> AgendaItem | None:
        """The item before the current one."""
        if self.current is None:
            return None
        before = [i for i in self.agenda if i.position < self.current.position and i.state not in PASSED_BY]
        return before[-1] if before else None

    @cached_property
    def speaking(self) -> Speaker | None:
        """Who speaks now."""
        running = next((speech for speech in self.speeches if speech.state == SpeechState.SPEAKING), None)
        return Speaker(running, seconds_of(running, self.now)) if running else None

    @cached_property
    def waiting(self) -> list[Speaker]:
        """Who waits to speak on the current item, or at the meeting as a whole, in the order of speaking."""
        here = (None, self.meeting.current_id)
        waiting = [s for s in self.speeches if s.state == SpeechState.WAITING and s.agenda_item_id in here]
        return [Speaker(speech, 0) for speech in sorted(waiting, key=in_turn)]

    @property
    def spoken(self) -> list[Speaker]:
        """Who has spoken or speaks on the current item, in order of time."""
        held = [
            s for s in self.speeches if s.started_at and s.agenda_item_id in (None, self.meeting.current_id)
        ]
        return [Speaker(s, seconds_of(s, self.now)) for s in sorted(held, key=lambda s: (s.started_at, s.pk))]

    @property
    def votes(self) -> list[VoteLine]:
        """The votes of the current item that count, in the order in which they are held."""
        here = [line for line in self.all_votes if line.vote.agenda_item_id == self.meeting.current_id]
        return here if self.meeting.current_id else []

    @property
    def undone(self) -> list[Vote]:
        """The votes of the current item that were undone, with their reason; they count no more."""
        return [vote for vote in self.all_undone if vote.agenda_item_id == self.meeting.current_id]

    @property
    def open_votes(self) -> list[VoteLine]:
        """Every vote of the meeting that takes ballots."""
        return [line for line in self.all_votes if line.vote.state == VoteState.OPEN]

    @property
    def announced(self) -> VoteLine | None:
        """The last announced vote of the current item."""
        known = [line for line in self.votes if line.announced]
        return max(known, key=lambda line: line.vote.announced_at or self.now) if known else None

    @property
    def going_on(self) -> bool:
        """Whether the meeting is going on now."""
        return self.meeting.state == MeetingState.OPEN

    @cached_property
    def step(self) -> Step:
        """The usual next step."""
        return next_step(
            State(
                meeting=self.meeting.state,
                current=self.meeting.current_id,
                waiting_items=[item.pk for item in self.waiting_items],
                speaking=self.speaking.speech.pk if self.speaking else None,
                waiting=[speaker.speech.pk for speaker in self.waiting],
                votes=[
                    VoteNow(line.vote.pk, line.vote.state, line.announced, line.vote.waits_for_chair)
                    for line in self.votes
                ],
            )
        )


def running(meeting: Meeting) -> Running:
    """A meeting as it stands; seven queries at most: the agenda is read once something asks for it. A vote that was
    withdrawn is not in it.
    """
    since = newest_change(meeting)
    meeting.refresh_from_db(fields=["state", "current", "on_screen", "autopilot", "speaking_seconds"])
    agenda = meeting.agenda.order_by("position")
    votes = _votes_of(meeting, agenda)
    counted = turnouts([vote for vote in votes if vote.state == VoteState.OPEN or _unannounced(vote)])
    lines = [VoteLine(vote, counted.get(vote.pk)) for vote in votes if vote.state != VoteState.UNDONE]
    undone = [vote for vote in votes if vote.state == VoteState.UNDONE]
    return Running(meeting, agenda, _speeches_of(meeting), lines, clock.database_now(), since, undone)


def _votes_of(meeting: Meeting, agenda: Iterable[AgendaItem]) -> list[Vote]:
    """The votes that a page may show, in order: at the item of now, under way, to be announced, and on the screen."""
    shown = Q(state=VoteState.OPEN) | Q(state=VoteState.CLOSED, announced_at=None)
    shown |= Q(pk=meeting.on_screen.get("vote") or 0)
    if meeting.current_id is not None:
        shown |= Q(agenda_item=meeting.current_id)
    rows = Vote.objects.filter(shown, meeting=meeting).exclude(state=VoteState.WITHDRAWN)
    votes = list(rows.only(*VOTE).order_by("opens_at", "pk"))
    of_item = {item.pk: item for item in agenda} if votes else {}
    for vote in votes:
        vote.meeting = meeting
        vote.agenda_item = of_item.get(vote.agenda_item_id or 0)
    return votes


def _speeches_of(meeting: Meeting) -> list[Speech]:
    """The speeches at the item of now or at the whole meeting, and all that wait or go on, in the order asked."""
    here = Q(agenda_item=None) | Q(state__in=(SpeechState.WAITING, SpeechState.SPEAKING))
    if meeting.current_id is not None:
        here |= Q(agenda_item=meeting.current_id)
    rows = Speech.objects.filter(here, meeting=meeting).select_related("member", "person")
    return list(rows.only(*SPEECH, "member__code", "member__name", "person__name").order_by("pk"))


def _unannounced(vote: Vote) -> bool:
    return vote.state == VoteState.CLOSED and vote.announced_at is None


def turnouts(votes: Sequence[Vote]) -> dict[int, Turnout]:
    """How many have voted in each of these votes, also in a secret one, never what; one query."""
    if not votes:
        return {}
    voted = Exists(Ballot.objects.filter(entry=OuterRef("pk"))) | Exists(
        SecretTurnout.objects.filter(entry=OuterRef("pk"), voted=True)
    )
    rows = (
        RollEntry.objects.filter(vote__in=votes)
        .annotate(has_voted=voted)
        .values("vote_id")
        .annotate(
            heads=CountOf("pk", filter=Q(has_voted=True)),
            cast=Sum("weight", filter=Q(has_voted=True), default=0),
            of_heads=CountOf("pk"),
            of_votes=Sum("weight"),
        )
    )
    return {
        row["vote_id"]: Turnout(row["heads"], row["cast"], row["of_heads"], row["of_votes"]) for row in rows
    }


# --- for whom somebody is there --------------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """A member that somebody speaks and votes for at a meeting."""

    member: Member
    delegate: bool  # named for this meeting; else by mandate
    votes: int | None  # the part of the weight that it holds, where the member divides its votes
    stay: Attendance | None
    given: Proxy | None  # the member gave its vote to another one
    held: Sequence[Proxy]  # members that gave theirs to this one


def parts_of(meeting: Meeting, person: Person) -> list[Part]:
    """The members that somebody is there for, in the order of names; at most five queries."""
    named = Delegate.objects.filter(meeting=meeting, ended_at__isnull=True)
    own = {row.member_id: row for row in named.filter(person=person)}
    mandates = standing_of(person).votes_for
    taken = (
        set(named.filter(member_id__in=mandates).values_list("member_id", flat=True)) if mandates else set()
    )
    members = own.keys() | (mandates - taken)
    if not members:
        return []
    stays = {
        stay.member_id: stay
        for stay in Attendance.objects.filter(
            meeting=meeting, person=person, member_id__in=members, left_at__isnull=True
        )
    }
    proxies = list(
        Proxy.objects.filter(meeting=meeting, ended_at__isnull=True)
        .filter(Q(giver_id__in=members) | Q(holder_id__in=members))
        .select_related("giver", "holder")
        .order_by("giver__sort_key")
    )
    return [
        Part(
            member=member,
            delegate=member.pk in own,
            votes=own[member.pk].votes if member.pk in own else None,
            stay=stays.get(member.pk),
            given=next((proxy for proxy in proxies if proxy.giver_id == member.pk), None),
            held=[proxy for proxy in proxies if proxy.holder_id == member.pk],
        )
        for member in Member.objects.filter(pk__in=members).order_by("sort_key")
    ]


# --- ballots ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Card:
    """One ballot that somebody may cast: for a line of the roll or a part of it, and what it says so far."""

    line: VoteLine
    right: Right
    ballot: Ballot | None
    voted: bool  # also in a secret vote, where nobody can say what

    @property
    def vote(self) -> Vote:
        """The vote it is for."""
        return self.line.vote

    @property
    def key(self) -> str:
        """How the page and the phone name it: "12-345-0"."""
        return f"{self.vote.pk}-{self.right.entry.pk}-{self.right.part}"

    @property
    def choice_words(self) -> str:
        """What was voted so far, in words; "" for nothing yet."""
        return words.choice_in_words(self.vote.rule, self.ballot.choice) if self.ballot else ""


def cards(state: Running, person: Person) -> list[Card]:
    """The ballots that somebody may cast now, vote by vote, each on a card of its own; at most ten queries."""
    lines = state.open_votes
    rights = voting_rights.rights_of_votes([line.vote for line in lines], person.pk)
    entries = [right.entry.pk for held in rights.values() for right in held]
    if not entries:
        return []
    cast = {
        (b.entry_id, b.part): b for b in Ballot.objects.filter(entry__in=entries).select_related("person")
    }
    marked = set(SecretTurnout.objects.filter(entry__in=entries, voted=True).values_list("entry_id", "part"))
    found = []
    for line in lines:
        for right in rights[line.vote.pk]:
            place = (right.entry.pk, right.part)
            found.append(Card(line, right, cast.get(place), place in cast or place in marked))
    return found


def own_stay(meeting: Meeting, person: Person) -> Attendance | None:
    """The stay of the holder of a seat that goes on; one query."""
    return Attendance.objects.filter(
        meeting=meeting, person=person, member__isnull=True, left_at__isnull=True
    ).first()
