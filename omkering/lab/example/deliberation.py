"""The deliberation of the example year: a note that is talked through, answered, amended, and is open again now.

Its texts were made up for this project and stand in `deliberation_texts`; amendments and positions have files of
their own.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from omkering.deliberate.commands.answer_versions import Change, version_from_note
from omkering.deliberate.commands.answers_known import owe_answers, publish_note
from omkering.deliberate.commands.consultation_rounds import plan_chapter_rounds, plan_round
from omkering.deliberate.commands.consultation_times import close_round, open_round
from omkering.deliberate.commands.consultations import plan_consultation
from omkering.deliberate.commands.documents import confirm_import, publish_document
from omkering.deliberate.commands.imports import correct_import, take_file
from omkering.deliberate.commands.opinion import renew_map
from omkering.deliberate.commands.questions import add_question, reply
from omkering.deliberate.commands.statements import refuse_statement, write_statement
from omkering.deliberate.models import Consultation, ConsultationRound, Document, Statement
from omkering.lab.example import deliberation_texts as texts
from omkering.lab.example.amendments import AmendmentsOfTheYear
from omkering.lab.example.clock import Story
from omkering.lab.example.deliberation_deeds import LARGE, SMALL
from omkering.lab.example.positions import PositionsOfTheYear

if TYPE_CHECKING:
    from omkering.lab.example.year import Year


def stories(year: "Year") -> list[Story]:
    """What members talk about, to be played through the rest of the year."""
    talks = DeliberationOfTheYear(year)
    positions = PositionsOfTheYear(year)
    return [
        talks.first(),
        talks.second_reading(),
        talks.amendments(),
        talks.amendments_of_now(),
        talks.decided(),
        positions.positions(),
        positions.stances(),
        positions.contacts(),
        positions.differences(),
    ]


class DeliberationOfTheYear(AmendmentsOfTheYear):
    """One playing of the deliberation."""

    # --- the text and the first consultation -----------------------------------------------------------
    def first(self) -> Story:
        """The note comes in, is talked through by all members and in two chapters, and gets its note of answer."""
        on, adviser = self.year.on, self.adviser
        yield on(206, hour=10)
        self.document = self.bring_in()
        yield on(203, hour=9)
        self.document = publish_document(actor=adviser, document=self.document, visibility="public")
        first = self.consultations["first"] = plan_consultation(
            actor=adviser,
            title="Van onderop werken: wat vindt u?",
            summary="Wij leggen de notitie voor aan alle leden. Zeg wat u van de vier voorstellen vindt.",
            document=self.document,
            visibility="public",
            owner=adviser,
        )
        opened, asked = timezone.localtime(), []
        plan: dict[str, Any] = {
            "opens_at": opened + timedelta(hours=1),
            "closes_at": opened + timedelta(days=36),
        }
        members = plan_round(
            actor=adviser,
            consultation=first,
            title="Alle leden",
            takes_reactions=True,
            takes_views=True,
            takes_statements=True,
            asks_questions=True,
            **plan,
        )
        for kind, text, options in texts.QUESTIONS:
            asked.append(add_question(actor=adviser, round=members, kind=kind, text=text, options=options))
        chapters = plan_chapter_rounds(
            actor=adviser,
            consultation=first,
            networks=[self.networks[key] for key, *_rest in texts.MEETINGS],
            title="Gesprek in de afdeling",
            takes_reactions=True,
            **plan,
        )
        yield on(202, hour=11)
        self.rounds["first"] = members = open_round(actor=adviser, round=members)
        chapters = [open_round(actor=adviser, round=row) for row in chapters]
        meetings = [
            self.meet(row, place=meeting[1], days=days)
            for row, meeting, days in zip(chapters, texts.MEETINGS, (18, 22), strict=True)
        ]
        yield on(190, hour=14)
        for said in texts.REACTIONS:
            self.react(members, said)
        self.state(members, [text for text, _small, _large in texts.FIRST_STATEMENTS], key="statements")
        yield on(179, hour=13)
        for number, (person, _member) in enumerate([*self.voters(SMALL), *self.voters(LARGE)]):
            values = {asked[0].pk: 1 + number % 3 + number % 2, asked[1].pk: (0, 1, 0, 2, 0)[number % 5]}
            reply(actor=person, round=members, values=values)
        self.vote(members, texts.FIRST_STATEMENTS)
        for meeting, words in zip(meetings, texts.MEETINGS, strict=True):
            self.report(meeting, *words[2:])
        for who, code, text, points in texts.VIEWS:
            self.view(members, self.year.members[code], text, points, self.person(who))
        yield on(167, hour=9)
        for row in (members, *chapters):
            close_round(actor=adviser, round=row)
        renew_map(round_id=members.pk)
        yield on(140, hour=11)
        for key, (kind, reason) in texts.ANSWERS.items():
            self.answer(first, key, kind, reason)
        publish_note(actor=adviser, consultation=Consultation.objects.get(pk=first.pk))
        yield on(134, hour=15)
        self.new_text(first)

    def bring_in(self) -> Document:
        """The note is read from a file; the guide for the reader becomes a box, and the document is confirmed."""
        upload = SimpleUploadedFile("van-onderop-werken.md", texts.NOTE.encode())
        imported = take_file(actor=self.adviser, upload=upload)
        blocks = [dict(block) for block in imported.blocks]
        for block in blocks:
            if block["text"].startswith("Leeswijzer"):
                block["kind"] = "box"
        imported = correct_import(
            actor=self.adviser, imported=imported, version=imported.version, blocks=blocks
        )
        return confirm_import(
            actor=self.adviser,
            imported=imported,
            version=imported.version,
            summary=texts.SUMMARY,
            theme=self.year.themes["bestuur"],
            owner=self.adviser,
            owner_body=self.bodies["bestuur"],
        )

    def new_text(self, consultation: Consultation) -> None:
        """The second version, made from the answers that were taken over."""
        time, online = self.items["time"], self.items["online"]
        first, drives = self.block("Voorstel 1"), self.block("Het stroomnet is vol")
        report = self.block("Van elk gesprek")
        version_from_note(
            actor=self.adviser,
            consultation=consultation,
            based_on=1,
            note="Gemaakt uit de nota van beantwoording: meer tijd, ook op afstand, en vervoer erbij.",
            changes={
                first.paragraph.address: Change(first.text.replace("vier weken", "zes weken"), points=time),
                report.paragraph.address: Change(
                    report.text, after="Een afdeling mag ook op afstand vergaderen.", points=online
                ),
                drives.paragraph.address: Change(
                    drives.text.replace("groeien.", "groeien. Bussen kunnen niet laden."),
                    points=self.items["transport"],
                ),
            },
        )

    # --- the second consultation -----------------------------------------------------------------------
    def second_reading(self) -> Story:
        """The new text is read again: a round that is over, with answers that are late, and rounds that are open."""
        on, adviser = self.year.on, self.adviser
        yield on(126, hour=10)
        assert self.document is not None
        second = self.consultations["second"] = plan_consultation(
            actor=adviser,
            title="Van onderop werken: de tweede tekst",
            summary="De notitie is aangepast. Lees haar nog eens, en stel een andere tekst voor waar dat nodig is.",
            document=self.document,
            visibility="public",
            owner=adviser,
        )
        opened = timezone.localtime()
        reading = plan_round(
            actor=adviser,
            consultation=second,
            title="Eerste lezing",
            takes_reactions=True,
            takes_amendments=True,
            opens_at=opened + timedelta(hours=1),
            closes_at=opened + timedelta(days=64),
        )
        self.rounds["reading"] = reading = open_round(actor=adviser, round=reading)
        yield on(96, hour=14)
        for said in texts.SECOND_REACTIONS:
            self.react(reading, said, prefix="second:")
        yield on(62, hour=10)
        close_round(actor=adviser, round=reading)
        yield on(61, hour=10)
        owe_answers()
        yield on(30, hour=11)
        for key, (kind, reason) in texts.SECOND_ANSWERS.items():
            self.answer(second, f"second:{key}", kind, reason)

        yield on(6, hour=9)
        opened = timezone.localtime()
        last = plan_round(
            actor=adviser,
            consultation=second,
            title="Tweede lezing",
            takes_reactions=True,
            takes_statements=True,
            takes_amendments=True,
            takes_views=True,
            opens_at=opened + timedelta(hours=1),
            closes_at=(opened + timedelta(days=18)).replace(hour=17, minute=0),
        )
        small = plan_round(
            actor=adviser,
            consultation=second,
            title="Gesprek in het netwerk K80",
            public="network",
            network=self.networks["k80"],
            takes_reactions=True,
            opens_at=opened + timedelta(hours=1),
            closes_at=(opened + timedelta(days=18)).replace(hour=17, minute=0),
        )
        self.rounds["last"] = last = open_round(actor=adviser, round=last)
        self.rounds["k80"] = small = open_round(actor=adviser, round=small)
        self.meet(small, place="Op afstand", days=4, actor=self.year.people["netwerk"])
        yield on(5, hour=13)
        self.state(last, [text for text, _small, _large in texts.STATEMENTS], key="")
        again, reason = texts.SAME_STATEMENT
        refuse_statement(
            actor=adviser,
            statement=write_statement(actor=self.person("GM1681"), round=last, text=again),
            reason=reason,
            same_as=Statement.objects.get(in_round=last, number=1),
        )
        yield on(3, hour=13)
        self.vote(last, texts.STATEMENTS, also=("raadslid", "burgemeester"))
        renew_map(round_id=last.pk)
        for said in texts.REACTIONS_OF_NOW:
            self.react(last, said)
        self.views_of_now(last)
        yield on(1, hour=12)
        write_statement(actor=self.person("raadslid"), round=last, text=texts.WAITING_STATEMENT)

    def views_of_now(self, last: ConsultationRound) -> None:
        """One view is there, one is being written; the other members are silent."""
        members = self.year.members
        self.view(
            last,
            members["GM0344"],
            "De tweede tekst is beter. Met één punt erbij kunnen wij instemmen.",
            (("Voorstel 4", "Spreek af hoe snel het gesprek er is als een boodschap afwijkt.", ""),),
            self.person("GM0344"),
        )
        self.view(
            last,
            members["GM1680"],
            "Wij kunnen ons in de tekst vinden. Voor kleine gemeenten telt vooral de tijd.",
            (("Voorstel 1", "Houd zes weken vast.", ""),),
            self.person("wethouder"),
            hand_in=False,
        )
