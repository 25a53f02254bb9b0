"""A made year of deciding: assemblies and meetings of bodies with their agendas, motions, and votes of all members.

Written past the commands, like the rest of the made association; votes are counted as the product counts them.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from psycopg.types.json import Jsonb
from rich.progress import Progress

from omkering.decide import meeting_rules, vote_rule
from omkering.decide.models import (
    AgendaItem,
    AgendaKind,
    AgendaState,
    Attendance,
    Ballot,
    Meeting,
    MeetingForm,
    MeetingState,
    Motion,
    MotionState,
    MotionText,
    Presence,
    RollEntry,
    Signature,
    Speech,
    SpeechState,
    Vote,
    VoteState,
)
from omkering.engine import tally
from omkering.lab import bulk
from omkering.thread.models import Item, Visibility
from omkering.who.models import Body
from omkering.who.rolls import RollMember, roll_on

MEETINGS = 400  # of bodies, in a year
ASSEMBLIES = 12
MOTIONS = 600
REQUESTS = (
    "Verzoekt het bestuur met het rijk te spreken.\nVerzoekt het bestuur te laten weten wat ervan komt."
)
POINTS = 12  # on an agenda, beside the motions
SUBJECTS = (
    "Geld voor energiehulp", "Vaste prijs voor leerlingenvervoer", "Ruimte op het stroomnet", "Minder formulieren",
    "Eén loket voor keuringen", "Opvang in de regio", "Handhaving van milieuzones", "Zwembad open houden",
)  # fmt: skip


@dataclass
class Decisions:
    """What is written at the end, table by table."""

    chance: random.Random
    now: datetime
    roll: list[RollMember]
    people: dict[int, int]  # member → somebody who works for it
    adviser: int
    item: int  # the next free id
    rows: dict[type[Model], list[Model]] = field(default_factory=dict)
    ids: dict[type[Model], int] = field(default_factory=dict)

    def keep(self, row: Model) -> None:
        self.rows.setdefault(type(row), []).append(row)

    def add(self, row: Any) -> Any:
        """Give a row that is no item its id, and keep it."""
        model = type(row)
        if model not in self.ids:
            self.ids[model] = bulk.next_id(model._meta.db_table)
        row.pk = self.ids[model]
        self.ids[model] += 1
        self.keep(row)
        return row

    def add_item(
        self, model: type[Model], kind: str, title: str, state: str, at: datetime, **values: Any
    ) -> Any:
        """A row of a room's table with its item."""
        row: Any = model(
            id=self.item,
            item_ptr_id=self.item,
            kind=kind,
            title=title[:200],
            state=state,
            author_id=self.adviser,
            created_at=at,
            changed_at=at,
            example=True,
            **{"visibility": Visibility.PUBLIC, **values},
        )
        self.item += 1
        self.keep(row)
        return row


def make_decisions(
    chance: random.Random,
    now: datetime,
    people: list[tuple[int, int]],
    advisers: list[int],
    bar: Progress,
    *,
    part: float = 1.0,
) -> None:
    """A year of meetings, or a `part` of one; `people` are (person, member)."""
    assembly = Body.objects.filter(kind="assembly").order_by("pk").first()
    bodies = list(Body.objects.exclude(kind__in=("assembly", "bureau")).order_by("pk"))
    if assembly is None or not bodies or not advisers or not people:
        return
    rule = vote_rule.snapshot(now.date(), None, None, None)
    roll = roll_on(now.date(), rule["weight"])
    made = Decisions(
        chance,
        now,
        roll,
        {member: person for person, member in people},
        advisers[0],
        bulk.next_id("thread_item"),
    )
    assemblies, meetings = max(1, round(ASSEMBLIES * part)), max(1, round(MEETINGS * part))
    task = bar.add_task("Meetings", total=assemblies + meetings)
    for number in range(assemblies):
        _assembly(made, assembly, rule, number, assemblies, max(1, round(MOTIONS * part) // assemblies))
        bar.advance(task)
    for number in range(meetings):
        _meeting(made, bodies[number % len(bodies)], number, meetings)
        bar.advance(task)
    _write(made)


def _when(made: Decisions, number: int, of: int) -> datetime:
    """Spread over the year until now; the last one is still to come."""
    if number == of - 1:
        return made.now + timedelta(days=20)
    return made.now - timedelta(days=max(1, int(360 * (1 - (number + 1) / of))))


def _open_meeting(made: Decisions, body: Body, title: str, begins: datetime) -> Any:
    past = begins < made.now
    rules = meeting_rules.snapshot(body, begins.date())
    return made.add_item(
        Meeting,
        "meeting",
        title,
        MeetingState.CLOSED if past else MeetingState.CALLED,
        begins - timedelta(days=40),
        visibility=Visibility.PUBLIC if body.kind == "assembly" else Visibility.MEMBERS,
        owner_body_id=body.pk,
        form=MeetingForm.HYBRID,
        starts_at=begins,
        ends_at=begins + timedelta(hours=3),
        reference_date=begins.date(),
        rules=rules,
        deadlines=meeting_rules.moments(rules, begins),
        called_at=begins - timedelta(days=28),
        opened_at=begins if past else None,
        closed_at=begins + timedelta(hours=3) if past else None,
    )


def _points(made: Decisions, meeting: Any, number: int) -> list[Any]:
    past = meeting.closed_at is not None
    return [
        made.add(
            AgendaItem(
                meeting_id=meeting.pk,
                position=place,
                kind=AgendaKind.OPENING if place == 1 else AgendaKind.INFORMATION,
                title=f"{SUBJECTS[(number + place) % len(SUBJECTS)]} ({place})",
                text="Ter bespreking.",
                state=AgendaState.DONE if past else AgendaState.WAITING,
                begun_at=meeting.starts_at + timedelta(minutes=10 * place) if past else None,
                ended_at=meeting.starts_at + timedelta(minutes=10 * place + 9) if past else None,
            )
        )
        for place in range(1, POINTS + 1)
    ]


def _meeting(made: Decisions, body: Body, number: int, of: int) -> None:
    meeting = _open_meeting(made, body, f"Vergadering {body.name} {number + 1}", _when(made, number, of))
    points = _points(made, meeting, number)
    if meeting.closed_at is None:
        return
    for place, line in enumerate(made.chance.sample(made.roll, min(8, len(made.roll)))):
        _speech(made, meeting, points[place % len(points)], line, place)


def _speech(made: Decisions, meeting: Any, point: Any, line: RollMember, place: int) -> None:
    person = made.people.get(line.member.pk)
    if person is None:
        return
    begun = meeting.starts_at + timedelta(minutes=10 * (place + 1))
    made.add(
        Speech(
            meeting_id=meeting.pk,
            agenda_item_id=point.pk,
            person_id=person,
            member_id=line.member.pk,
            order=place,
            state=SpeechState.DONE,
            asked_at=begun,
            started_at=begun,
            ended_at=begun + timedelta(seconds=made.chance.randint(30, 180)),
        )
    )


def _assembly(made: Decisions, body: Body, rule: dict[str, Any], number: int, of: int, motions: int) -> None:
    meeting = _open_meeting(made, body, f"Algemene Ledenvergadering {number + 1}", _when(made, number, of))
    points = _points(made, meeting, number)
    for line in made.roll if meeting.closed_at else []:
        person = made.people.get(line.member.pk)
        if person is not None:
            made.add(
                Attendance(
                    meeting_id=meeting.pk,
                    member_id=line.member.pk,
                    person_id=person,
                    presence=Presence.ON_SITE,
                    arrived_at=meeting.starts_at,
                    left_at=meeting.closed_at,
                )
            )
    for each in range(motions):
        _motion(made, meeting, rule, points, number * motions + each, each)


def _motion(
    made: Decisions, meeting: Any, rule: dict[str, Any], points: list[Any], number: int, place: int
) -> None:
    filer = made.roll[(number * 7) % len(made.roll)]
    person = made.people.get(filer.member.pk, made.adviser)
    filed = meeting.starts_at - timedelta(days=15)
    past = meeting.closed_at is not None
    title = f"{SUBJECTS[number % len(SUBJECTS)]}, motie {number + 1}"
    point = made.add(
        AgendaItem(
            meeting_id=meeting.pk,
            position=POINTS + 1 + place,
            kind=AgendaKind.MOTION,
            title=title,
            text="",
            state=AgendaState.DONE if past else AgendaState.WAITING,
        )
    )
    motion = made.add_item(
        Motion,
        "motion",
        title,
        MotionState.FILED,
        filed,
        summary=REQUESTS,
        owner_member_id=filer.member.pk,
        number=number + 1,
        year=filed.year,
        meeting_id=meeting.pk,
        agenda_item_id=point.pk,
        noting="De kosten stijgen in alle gemeenten.",
        considering="Gemeenten kunnen dit niet alleen oplossen.",
        requests=REQUESTS,
        admission="on_time",
        filed_at=filed,
        decided_at=meeting.closed_at,
    )
    point.about_id = motion.pk
    made.add(
        MotionText(
            motion_id=motion.pk,
            number=1,
            title=title,
            noting=motion.noting,
            considering=motion.considering,
            requests=REQUESTS,
            made_by_id=person,
            made_at=filed,
        )
    )
    signers = [filer, *(s for s in made.chance.sample(made.roll, min(5, len(made.roll))) if s is not filer)]
    for line in signers:
        made.add(
            Signature(
                motion_id=motion.pk,
                member_id=line.member.pk,
                person_id=made.people.get(line.member.pk, made.adviser),
                filer=line is filer,
                signed_at=filed,
            )
        )
    if past:
        _vote(made, meeting, point, motion, rule)


def _vote(made: Decisions, meeting: Any, point: Any, motion: Any, rule: dict[str, Any]) -> None:
    opened = meeting.starts_at + timedelta(hours=2)
    closed = opened + timedelta(minutes=2)
    leaning = made.chance.choice((0.5, 0.85, 0.95))
    chosen = {
        line.member.code: made.chance.choices(("for", "against", "abstain"), (leaning, 0.97 - leaning, 0.03))[
            0
        ]
        for line in made.roll
        if made.chance.random() < 0.8
    }
    roll = tally.Roll(tally.Entry(line.member.code, line.weight, line.groups) for line in made.roll)
    ballots = [tally.Ballot(code, choice) for code, choice in chosen.items()]
    result = tally.tally(roll, ballots, vote_rule.tally_rule(rule))
    motion.state = MotionState.ADOPTED if result.outcome == "adopted" else MotionState.REJECTED
    vote = made.add_item(
        Vote,
        "vote",
        motion.title,
        VoteState.CLOSED,
        opened,
        about_id=motion.pk,
        meeting_id=meeting.pk,
        agenda_item_id=point.pk,
        opens_at=opened,
        closes_at=closed,
        reference_date=meeting.reference_date,
        rule=rule,
        opened_at=opened,
        closed_at=closed,
        announced_at=closed,
        answered_at=closed,
        result=result.as_dict(),
    )
    for line in made.roll:
        entry = made.add(
            RollEntry(
                vote_id=vote.pk,
                voter=line.member.code,
                member_id=line.member.pk,
                inhabitants=line.inhabitants,
                weight=line.weight,
                groups=line.groups,
            )
        )
        if choice := chosen.get(line.member.code):
            made.add(
                Ballot(
                    vote_id=vote.pk,
                    entry_id=entry.pk,
                    choice=choice,
                    person_id=made.people.get(line.member.pk, made.adviser),
                    cast_at=opened,
                    event_id=0,
                )
            )


# --- writing ---------------------------------------------------------------------------------------------
def _write(made: Decisions) -> None:
    items = [row for model, rows in made.rows.items() if issubclass(model, Item) for row in rows]
    _copy(Item, items)
    for model, rows in made.rows.items():  # triggers rest, so no order is asked for
        _copy(model, rows)
    for table in ("thread_item", *(model._meta.db_table for model in made.ids)):
        bulk.fix_sequence(table)


def _copy(model: type[Model], rows: Sequence[Model]) -> None:
    """Write rows as the model's own table holds them, without what the database works out itself."""
    fields = [each for each in model._meta.local_concrete_fields if not each.generated]

    def value(row: Model, each: Any) -> Any:
        found = getattr(row, each.attname)
        return Jsonb(found) if each.get_internal_type() == "JSONField" and found is not None else found

    bulk.copy(
        model._meta.db_table,
        [str(each.column) for each in fields],
        ([value(row, each) for each in fields] for row in rows),
    )


def add_decisions(seed: int, now: datetime, bar: Progress) -> None:
    """A year of deciding for a made association that was made before it had one."""
    from omkering.who.models import Appointment

    advisers = list(
        Appointment.objects.filter(role="adviser").order_by("pk").values_list("person_id", flat=True)
    )
    seats = Appointment.objects.filter(member__isnull=False, person__email__endswith="@lab.example")
    people = list(seats.order_by("pk").values_list("person_id", "member_id"))
    part = min(1.0, (len(people) + len(advisers)) / 20_000)
    with bulk.without_triggers():
        make_decisions(random.Random(seed), now, people, advisers, bar, part=part)  # noqa: S311 - the same each time
        bulk.analyze()
