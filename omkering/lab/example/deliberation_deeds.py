"""The small deeds of the deliberation of the example year: react, vote, meet, report, hand in and answer."""

import random
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from omkering.deliberate.commands.answers import give_answer
from omkering.deliberate.commands.formal_views import hand_in_view, save_view, start_view
from omkering.deliberate.commands.meetings import plan_meeting, publish_report, save_report
from omkering.deliberate.commands.reactions import react
from omkering.deliberate.commands.statements import show_statement, vote, write_statement
from omkering.deliberate.models import (
    Block,
    Consultation,
    ConsultationRound,
    Document,
    Meeting,
    Paragraph,
    Statement,
    View,
)
from omkering.lab.example.deliberation_texts import Said
from omkering.thread.models import Item
from omkering.who.models import Body, Member, Network, Person
from omkering.who.queries import register_on

if TYPE_CHECKING:
    from omkering.lab.example.year import Year

SMALL, LARGE = 30_000, 90_000  # inhabitants: below and above these members think alike in the example
VOTERS = 17  # of each of both


class Deeds:
    """What the deliberation needs of the year, and what it made so far."""

    def __init__(self, year: "Year") -> None:
        self.year = year
        self.adviser, self.second = year.adviser, year.second
        self.bodies = {body.key: body for body in Body.objects.all()}
        self.networks = {network.key: network for network in Network.objects.all()}
        self.items: dict[str, list[int]] = {}  # what was put in, by the answer that it gets
        self.rounds: dict[str, ConsultationRound] = {}
        self.consultations: dict[str, Consultation] = {}
        self.document: Document | None = None
        self.chance = random.Random(2031)  # noqa: S311 - the same year each time

    def person(self, who: str) -> Person:
        """An example log-in, or who votes for the member with this code."""
        return self.year.people.get(who) or self.year.voters[self.year.members[who].pk]

    def voters(self, size: int) -> list[tuple[Person, Member]]:
        """The first so many members that are smaller (`SMALL`) or larger (`LARGE`), without the example log-ins."""
        examples = set(self.year.people.values())
        found = []
        for profile in register_on(timezone.localdate()).profiles:
            fits = profile.inhabitants < size if size == SMALL else profile.inhabitants > size
            person = self.year.voters.get(profile.member.pk)
            if fits and person is not None and person not in examples:
                found.append((person, profile.member))
        return found[:VOTERS]

    def block(self, place: str) -> Block:
        """The part of the present text with this label, or that begins with these words."""
        assert self.document is not None
        newest = self.document.versions.order_by("-number").first()
        assert newest is not None
        rows = newest.blocks.select_related("paragraph")
        return rows.filter(label=place).first() or rows.get(text__startswith=place)

    def keep(self, key: str, items: Iterable[Item]) -> None:
        """Remember which answer these get."""
        if key:
            self.items.setdefault(key, []).extend(item.pk for item in items)

    def react(self, round_: ConsultationRound, said: Said, prefix: str = "") -> None:
        """Somebody reacts."""
        place: Paragraph | None = self.block(said.place).paragraph if said.place else None
        made = react(actor=self.person(said.who), round=round_, text=said.text, paragraph=place)
        self.keep(f"{prefix}{said.answer}" if said.answer else "", [made])

    def state(self, round_: ConsultationRound, lines: list[str], key: str) -> None:
        """Members write statements, and the adviser shows them."""
        writers = self.voters(SMALL)
        for number, line in enumerate(lines):
            made = write_statement(actor=writers[number % len(writers)][0], round=round_, text=line)
            self.keep(key, [show_statement(actor=self.adviser, statement=made)])

    def vote(
        self,
        round_: ConsultationRound,
        leanings: tuple[tuple[str, int, int], ...],
        also: tuple[str, ...] = (),
    ) -> None:
        """Smaller and larger members vote, each leaning to their own side; some pass or skip one."""
        shown = list(Statement.objects.filter(in_round=round_, state="shown").order_by("number"))
        for statement in shown:
            statement.in_round = round_
        people = [(person, 1) for person, _member in self.voters(SMALL)]
        people += [(person, 2) for person, _member in self.voters(LARGE)]
        people += [(self.person(who), 1) for who in also]
        for person, side in people:
            for statement, leaning in zip(shown, leanings, strict=True):
                draw = self.chance.random() * 100
                if draw > 95:
                    continue
                agrees = self.chance.random() * 100 < int(leaning[side])  # type: ignore[call-overload]
                value = 0 if draw > 91 else 1 if agrees else -1
                vote(actor=person, statement=statement, value=value)

    def meet(
        self, round_: ConsultationRound, *, place: str, days: int, actor: Person | None = None
    ) -> Meeting:
        """The meeting of a chapter or network, so many days from now in the evening."""
        starts = (timezone.localtime() + timedelta(days=days)).replace(hour=19, minute=30)
        assert round_.network is not None
        return plan_meeting(
            actor=actor or self.adviser,
            round=round_,
            network=round_.network,
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            place=place,
            link="https://vergadering.example/afdeling",
        )

    def points(self, points: Iterable[tuple[str, str, str]]) -> list[dict[str, Any]]:
        """Points as the form gives them."""
        return [
            {"point": None, "paragraph": self.block(place).paragraph.address, "text": text}
            for place, text, _answer in points
        ]

    def report(
        self, meeting: Meeting, report: str, points: tuple[tuple[str, str, str], ...], advice: str
    ) -> None:
        """The report of a meeting, with its points and the advice of the chapter."""
        meeting = save_report(
            actor=self.adviser,
            meeting=meeting,
            version=meeting.version,
            report=report,
            advice=advice,
            points=self.points(points),
        )
        meeting = publish_report(actor=self.adviser, meeting=meeting, version=meeting.version)
        made = list(meeting.points.order_by("order", "pk"))
        for point in made:
            answers = [answer for _place, text, answer in points if text == point.text] or ["chapters"]
            self.keep(answers[0], [point])

    def view(
        self,
        round_: ConsultationRound,
        member: Member,
        text: str,
        points: tuple[tuple[str, str, str], ...],
        actor: Person,
        *,
        hand_in: bool = True,
    ) -> View:
        """The view of a member, written and handed in by who has its mandate."""
        view = start_view(actor=actor, round=round_, member=member)
        view = save_view(actor=actor, view=view, version=view.version, text=text, points=self.points(points))
        if not hand_in:
            return view
        view = hand_in_view(actor=actor, view=view, version=view.version)
        if text:
            self.keep("views", [view])
        for point in view.points.all():
            self.keep(next(answer for _place, said, answer in points if said == point.text), [point])
        return view

    def answer(self, consultation: Consultation, key: str, kind: str, reason: str) -> None:
        """One answer to all points that say the same."""
        items = Item.objects.filter(pk__in=self.items[key])
        give_answer(actor=self.adviser, consultation=consultation, items=items, kind=kind, reason=reason)
