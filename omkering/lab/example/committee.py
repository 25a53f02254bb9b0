"""A committee of the example year: its seats, two meetings with the minutes of the first adopted in the second, and a
seat that is being filled.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.attendance import arrive
from omkering.decide.commands.bodies import add_seat, begin_term
from omkering.decide.commands.live import go_to
from omkering.decide.commands.meetings import call_meeting, close_meeting, open_meeting, plan_meeting
from omkering.decide.commands.minutes import add_note, adopt_minutes, propose_minutes
from omkering.decide.commands.nominations import open_nomination, plan_nomination
from omkering.decide.commands.undertakings import record_undertaking
from omkering.decide.models import AgendaKind, Meeting, Minutes, Presence, Seat
from omkering.lab.example.clock import Story
from omkering.thread.models import Item
from omkering.who.models import Body, Network, Person

if TYPE_CHECKING:
    from omkering.lab.example.year import Year

COMMITTEE = "participatie-schuldhulpverlening-en-integratie"
CHAIR = "GM0344"
SEATED = ("GM0014", "GM0034", "GM0193", "GM0855", "GM0988")  # members of several sizes and provinces


class CommitteeOfTheYear:
    """One playing of the committee."""

    def __init__(self, year: "Year") -> None:
        self.year = year
        self.adviser, self.second = year.adviser, year.second
        self.bodies = {body.key: body for body in Body.objects.all()}
        self.networks = {network.key: network for network in Network.objects.all()}
        self.seated: list[Person] = []

    def committee(self) -> Story:
        """Seats, a meeting, the next one, and a vacancy."""
        on, body = self.year.on, self.bodies[COMMITTEE]
        yield on(300, hour=10)
        chair = add_seat(actor=self.adviser, body=body, profile="alderman", chair=True)
        self.sit(chair, self.year.voters[self.year.members[CHAIR].pk], CHAIR)
        for code in SEATED:
            member = self.year.members[code]
            self.sit(
                add_seat(actor=self.adviser, body=body, profile="alderman"), self.year.voters[member.pk], code
            )
        open_seat = add_seat(
            actor=self.adviser, body=body, profile="councillor", note="Liefst uit een kleine gemeente."
        )
        yield on(70, hour=10)
        first = self.gather(on(46, hour=14), "Commissievergadering over energiehulp")
        second = self.gather(on(18, hour=14), "Commissievergadering over schulden")
        yield on(46, hour=14)
        energy = Item.objects.get(kind="position", title="Vaste energiehulp in elke gemeente")
        self.hold(
            first,
            energy,
            "De commissie wil eerst de cijfers van de leden zien, en dan pas een bedrag noemen.",
        )
        propose_minutes(actor=self.adviser, meeting=first, to=second)
        yield on(18, hour=14)
        doubt = "De commissie vindt dat de brief van het rijk te weinig zegt over jonge mensen met schulden."
        self.hold(second, None, doubt, of=first)
        yield on(13, hour=10)
        nomination = plan_nomination(
            actor=self.adviser,
            body=body,
            nominating_body=self.bodies["bestuur"],
            seats=[open_seat],
            title="Een raadslid voor de commissie",
            opens_at=timezone.now() + timedelta(minutes=1),
            closes_at=self.year.start + timedelta(days=20),
            starts=timezone.localdate() + timedelta(days=60),
            profile_note="Wij zoeken een raadslid dat schuldhulp goed kent, liefst uit een kleine gemeente.",
        )
        open_nomination(actor=self.adviser, nomination=nomination)

    def sit(self, seat: Seat, person: Person, code: str) -> None:
        """Somebody of a member takes a seat."""
        begin_term(
            actor=self.adviser, seat=seat, person=person, member=self.year.members[code],
            starts=timezone.localdate() - timedelta(days=200),
        )  # fmt: skip
        self.seated.append(person)

    def gather(self, begins, title: str) -> Meeting:
        """Plan and call a meeting of the committee."""
        meeting = plan_meeting(
            actor=self.adviser, body=self.bodies[COMMITTEE], title=title, starts_at=begins,
            ends_at=begins + timedelta(hours=2), form="hybrid", place="Den Haag",
        )  # fmt: skip
        add_agenda_item(actor=self.adviser, meeting=meeting, title="Opening", kind=AgendaKind.OPENING)
        return call_meeting(actor=self.adviser, meeting=meeting)

    def hold(self, meeting: Meeting, about: Item | None, note: str, *, of: Meeting | None = None) -> None:
        """Hold a meeting: everybody is there, its items are dealt with, the minutes of an earlier one adopted."""
        if about is not None:
            item = add_agenda_item(actor=self.adviser, meeting=meeting, about=about, minutes=30)
        else:
            item = add_agenda_item(
                actor=self.adviser, meeting=meeting, title="De brief van het rijk over schulden"
            )
        for number, person in enumerate(self.seated):
            presence = Presence.REMOTE if number % 3 == 2 else Presence.ON_SITE
            arrive(actor=person, meeting=meeting, member=None, person=person, presence=presence)
        meeting = open_meeting(actor=self.adviser, meeting=meeting)
        if of is not None:
            adopt_minutes(actor=self.adviser, meeting=meeting, minutes=Minutes.objects.get(meeting=of))
        go_to(actor=self.adviser, meeting=meeting, agenda_item=item)
        add_note(actor=self.adviser, meeting=meeting, agenda_item=item, text=note)
        promised = (
            "Cijfers van tien leden in de volgende vergadering" if about else "Een antwoord aan het rijk"
        )
        record_undertaking(
            actor=self.adviser,
            meeting=meeting,
            agenda_item=item,
            title=promised,
            due=timezone.localdate() + timedelta(days=30),
            body=self.bodies[COMMITTEE],
        )
        close_meeting(actor=self.adviser, meeting=meeting)
