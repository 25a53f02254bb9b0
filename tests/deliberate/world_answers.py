"""The note of answer for the tests of every address: one that is published, and one that is being made."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from omkering.deliberate.commands.answers import add_to_answer, change_answer, give_answer
from omkering.deliberate.commands.answers_known import publish_note
from omkering.deliberate.commands.consultation_rounds import plan_round
from omkering.deliberate.commands.consultation_times import close_round, open_round
from omkering.deliberate.commands.consultations import plan_consultation
from omkering.deliberate.commands.formal_views import hand_in_view, save_view, start_view
from omkering.deliberate.commands.reactions import react
from omkering.deliberate.models import Answer, Consultation, ConsultationRound, Document, Paragraph
from omkering.deliberate.queries.answer_points import open_points
from omkering.thread.models import Item
from omkering.who.models import Person
from tests.people import make_person

TEXT = "De tekst over kleine gemeenten is te kort. Zet erbij wat zij nodig hebben."
REASON = "Wij nemen dit over, want het maakt de tekst duidelijker voor iedereen."

ARGUMENTS: dict[str, dict[str, str]] = {
    "deliberate:answers": {"pk": "answered_consultation"},
    "deliberate:print_answers": {"pk": "answered_consultation"},
    "deliberate:answers_pdf": {"pk": "answered_consultation"},
    "deliberate:answers_docx": {"pk": "answered_consultation"},
    "deliberate:export_answers": {"pk": "answered_consultation", "kind": "csv"},
    "deliberate:unanswered": {"pk": "answering_consultation"},
    "deliberate:alike": {"pk": "answering_consultation"},
    "deliberate:give_answer": {"pk": "answering_consultation"},
    "deliberate:answer_one": {"pk": "unanswered_point"},
    "deliberate:publish_note": {"pk": "answering_consultation"},
    "deliberate:version_from_note": {"pk": "answered_consultation"},
    "deliberate:answer": {"pk": "answer"},
    "deliberate:change_answer": {"pk": "answer"},
    "deliberate:add_to_answer": {"pk": "answer"},
    "deliberate:take_back_answer": {"pk": "answer_to_be"},
}
POST_ONLY: set[str] = {"deliberate:take_back_answer"}
REDIRECTS: set[str] = {"deliberate:give_answer", "deliberate:add_to_answer"}  # without points
FILES: set[str] = {"deliberate:answers_pdf", "deliberate:answers_docx", "deliberate:export_answers"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {}


def _round(c: SimpleNamespace, title: str) -> tuple[Consultation, ConsultationRound]:
    consultation = plan_consultation(
        actor=c.people["adviser"],
        title=title,
        summary="Wij vragen alle leden wat zij van deze tekst vinden.",
        document=Document.objects.get(pk=c.ids["consultation_document"]),
        visibility="public",
        theme=c.theme,
        owner=c.people["adviser"],
    )
    now = timezone.now()
    round = plan_round(
        actor=c.people["adviser"],
        consultation=consultation,
        title="Alle leden",
        opens_at=now,
        closes_at=now + timedelta(days=30),
        public="everyone",
        takes_reactions=True,
        takes_views=True,
    )
    return consultation, open_round(actor=c.people["adviser"], round=round)


def _put_in(c: SimpleNamespace, round: ConsultationRound) -> None:
    """A reaction to a paragraph and one to the whole, and the view of a member."""
    official, mayor = c.people["official"], c.people["mayor"]
    paragraph = Paragraph.objects.get(pk=c.ids["consultation_paragraph"])
    react(actor=official, round=round, text=TEXT, paragraph=paragraph)
    react(actor=c.people["clerk"], round=round, text=f"{TEXT} Het mag korter.")
    view = start_view(actor=official, round=round, member=c.own)
    points = [{"point": None, "paragraph": paragraph.address, "text": TEXT}]
    view = save_view(actor=official, view=view, version=view.version, text="", points=points)
    hand_in_view(actor=mayor, view=view, version=view.version)


def _waiting(consultation: Consultation) -> list[Item]:
    found = [point.pk for point in open_points([consultation.pk])]
    return list(Item.objects.filter(pk__in=found).order_by("pk"))


def _answer(c: SimpleNamespace, consultation: Consultation, items: list[Item], **changes: Any) -> Answer:
    values = {"kind": "taken_over", "reason": REASON, **changes}
    return give_answer(actor=c.people["adviser"], consultation=consultation, items=items, **values)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser = c.people["adviser"]
    done, round = _round(c, "Eerste gesprek over de tekst")
    _put_in(c, round)
    close_round(actor=adviser, round=round)
    first, *others = _waiting(done)
    _answer(c, done, [first], kind="not")
    answer = _answer(c, done, others)
    publish_note(actor=adviser, consultation=Consultation.objects.get(pk=done.pk))
    row = Answer.objects.get(pk=answer.pk)
    answer = change_answer(
        actor=adviser, answer=row, version=row.version, kind="partly", reason=f"{REASON} Deels."
    )
    going, round = _round(c, "Tweede gesprek over de tekst")
    _put_in(c, round)
    close_round(actor=adviser, round=round)
    first, second, *_others = _waiting(going)
    to_be = _answer(c, going, [first])
    return {
        "answered_consultation": done.pk,
        "answer": answer.pk,
        "answering_consultation": going.pk,
        "answer_to_be": to_be.pk,
        "unanswered_point": second.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Many more points in both: of the published note all with an answer, of the other one without."""
    adviser = c.people["adviser"]
    paragraphs = list(Paragraph.objects.filter(document=c.ids["consultation_document"]).order_by("address"))
    for key in ("answered_consultation", "answering_consultation"):
        consultation = Consultation.objects.get(pk=c.ids[key])
        round = consultation.rounds.get()
        # Put in before the round closed, as far as the rows tell.
        ConsultationRound.objects.filter(pk=round.pk).update(state="open")
        for number in range(8):
            person: Person = make_person("official", member=c.own)
            paragraph = paragraphs[number % len(paragraphs)]
            text = f"Bij onderdeel {number} ontbreekt wat gemeenten in de praktijk zien."
            react(actor=person, round=round, text=text, paragraph=paragraph)
        ConsultationRound.objects.filter(pk=round.pk).update(state="closed")
        if key == "answered_consultation":
            answer = Answer.objects.get(pk=c.ids["answer"])
            waiting = _waiting(consultation)
            _answer(c, consultation, waiting[:3])
            for number, item in enumerate(waiting[3:6]):
                _answer(c, consultation, [item], reason=f"{REASON} Punt {number}.")
            add_to_answer(actor=adviser, answer=answer, items=waiting[6:])
