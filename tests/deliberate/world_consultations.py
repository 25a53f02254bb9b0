"""Consultations for the tests of every address: rounds in every state, with one of everything that can be put in."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from omkering.deliberate.commands.consultation_rounds import plan_chapter_rounds, plan_round
from omkering.deliberate.commands.consultation_times import close_round, extend_round, open_round
from omkering.deliberate.commands.consultations import plan_consultation
from omkering.deliberate.commands.formal_views import hand_in_view, save_view, start_view
from omkering.deliberate.commands.meetings import plan_meeting, publish_report, save_report
from omkering.deliberate.commands.questions import add_question, reply
from omkering.deliberate.commands.reactions import react
from omkering.deliberate.models import (
    Consultation,
    ConsultationRound,
    Document,
    Meeting,
    Paragraph,
    Question,
    View,
)
from omkering.who.models import Member, Network, Person
from tests.people import make_person

TEXT = "Kleine gemeenten hebben hier geen mensen voor. Geef hun tijd en geld."
REASON = "De gemeenteraden hebben meer tijd nodig."
ALL = {
    "takes_reactions": True,
    "takes_statements": True,
    "takes_amendments": True,
    "takes_views": True,
    "asks_questions": True,
}
SECRETARY = ("network_secretary", "adviser", "administrator")  # of the network of the meeting

ARGUMENTS: dict[str, dict[str, str]] = {
    "deliberate:consultation": {"pk": "consultation"},
    "deliberate:change_consultation": {"pk": "consultation"},
    "deliberate:withdraw_consultation": {"pk": "consultation"},
    "deliberate:plan_round": {"pk": "consultation"},
    "deliberate:plan_chapter_rounds": {"pk": "consultation"},
    "deliberate:round": {"pk": "consultation_round"},
    "deliberate:change_round": {"pk": "consultation_planned"},
    "deliberate:open_round": {"pk": "consultation_planned"},
    "deliberate:close_round": {"pk": "consultation_round"},
    "deliberate:extend_round": {"pk": "consultation_round"},
    "deliberate:remind_round": {"pk": "consultation_round"},
    "deliberate:withdraw_round": {"pk": "consultation_round"},
    "deliberate:following": {"pk": "consultation_round"},
    "deliberate:response_file": {"pk": "consultation_round", "form": "csv"},
    "deliberate:contributions": {"pk": "consultation_round"},
    "deliberate:contributions_file": {"pk": "consultation_round", "form": "csv"},
    "deliberate:react_to_whole": {"pk": "consultation_round"},
    "deliberate:react": {"pk": "consultation_paragraph"},
    "deliberate:contribution": {"pk": "reaction"},
    "deliberate:change_reaction": {"pk": "reaction"},
    "deliberate:withdraw_reaction": {"pk": "reaction"},
    "deliberate:views": {"pk": "consultation_round"},
    "deliberate:start_view": {"pk": "consultation_round", "member": "consultation_member"},
    "deliberate:view": {"pk": "formal_view"},
    "deliberate:view_versions": {"pk": "formal_view"},
    "deliberate:write_view": {"pk": "formal_view"},
    "deliberate:hand_in_view": {"pk": "formal_view"},
    "deliberate:take_back_view": {"pk": "formal_view"},
    "deliberate:reply": {"pk": "consultation_round"},
    "deliberate:question_results": {"pk": "consultation_closed"},
    "deliberate:question_results_file": {"pk": "consultation_closed", "form": "csv"},
    "deliberate:edit_questions": {"pk": "consultation_planned"},
    "deliberate:withdraw_question": {"pk": "consultation_question"},
    "deliberate:plan_meeting": {"pk": "consultation_network"},
    "deliberate:meeting": {"pk": "meeting"},
    "deliberate:meeting_calendar": {"pk": "meeting"},
    "deliberate:change_meeting": {"pk": "meeting"},
    "deliberate:cancel_meeting": {"pk": "meeting"},
    "deliberate:report_meeting": {"pk": "meeting"},
}
POST_ONLY: set[str] = {"deliberate:start_view", "deliberate:withdraw_question"}
REDIRECTS: set[str] = set()
FILES: set[str] = {
    "deliberate:response_file",
    "deliberate:contributions_file",
    "deliberate:question_results_file",
    "deliberate:meeting_calendar",
}
AT_MEMBER = ("alderman", "mayor", "councillor", "clerk", "official", "town_secretary")
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    "deliberate:change_reaction": (("official",), 403),
    "deliberate:withdraw_reaction": (("official", "adviser", "administrator"), 403),
    "deliberate:write_view": (AT_MEMBER, 403),
    "deliberate:hand_in_view": (("mayor",), 403),
    "deliberate:take_back_view": (("mayor",), 403),
    "deliberate:plan_meeting": (SECRETARY, 403),
    "deliberate:change_meeting": (SECRETARY, 403),
    "deliberate:cancel_meeting": (SECRETARY, 403),
    "deliberate:report_meeting": (SECRETARY, 403),
}


def _document(c: SimpleNamespace) -> Document:
    """A published document that everybody may read: the one of the documents' part, else one made here."""
    there = Document.objects.filter(pk=getattr(c, "ids", {}).get("document"))
    there = there.filter(state="published", visibility="public", versions__isnull=False).first()
    if there is not None:
        return there
    from tests.deliberate.consultations_made import make_document

    return make_document(c.people["adviser"])


def _round(c: SimpleNamespace, consultation: Consultation, title: str, **changes: Any) -> ConsultationRound:
    now = timezone.now()
    plan = {"title": title, "opens_at": now, "closes_at": now + timedelta(days=30), "public": "everyone"}
    return plan_round(actor=c.people["adviser"], consultation=consultation, **{**plan, **changes})


def _with_view(
    round_: ConsultationRound,
    member: Member,
    voter: Person,
    paragraph: Paragraph,
    writer: Person | None = None,
) -> View:
    view = start_view(actor=writer or voter, round=round_, member=member)
    points = [{"point": None, "paragraph": paragraph.address, "text": TEXT}]
    view = save_view(actor=writer or voter, view=view, version=view.version, text=TEXT, points=points)
    return hand_in_view(actor=voter, view=view, version=view.version)


def _with_report(
    c: SimpleNamespace, round_: ConsultationRound, network: Network, paragraph: Paragraph
) -> Meeting:
    when = timezone.now() + timedelta(days=1)
    place = {"place": "Stadhuis", "link": "https://vergadering.example/leden"}
    meeting = plan_meeting(
        actor=c.people["adviser"],
        round=round_,
        network=network,
        starts_at=when,
        ends_at=when + timedelta(hours=2),
        **place,
    )
    points = [{"point": None, "paragraph": paragraph.address, "text": TEXT}]
    meeting = save_report(
        actor=c.people["adviser"],
        meeting=meeting,
        version=1,
        report=TEXT,
        advice="Neem dit over.",
        points=points,
    )
    return publish_report(actor=c.people["adviser"], meeting=meeting, version=meeting.version)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser, official, mayor = (c.people[role] for role in ("adviser", "official", "mayor"))
    document = _document(c)
    consultation = plan_consultation(
        actor=adviser,
        title="Samen verder: wat vindt u",
        summary="Wij vragen alle leden wat zij van deze tekst vinden.",
        document=document,
        question="Wat moet anders?",
        visibility="public",
        theme=c.theme,
        owner=adviser,
    )
    paragraph = consultation.version.blocks.order_by("position").last().paragraph
    planned = _round(
        c,
        consultation,
        "Daarna",
        opens_at=timezone.now() + timedelta(days=3),
        **{**ALL, "takes_views": False},
    )
    question = add_question(actor=adviser, round=planned, kind="scale", text="Hoe belangrijk vindt u dit?")

    closed = _round(c, consultation, "Verkenning", takes_reactions=True, asks_questions=True)
    choice = add_question(
        actor=adviser, round=closed, kind="choice", text="Wat moet eerst?", options=["Geld", "Ruimte"]
    )
    closed = open_round(actor=adviser, round=closed)
    reply(actor=official, round=closed, values={choice.pk: 1})
    react(actor=c.people["clerk"], round=closed, text=f"{TEXT} Dat was eerder ook zo.")
    closed = close_round(actor=adviser, round=closed)

    opened = _round(c, consultation, "Alle leden", **ALL)
    asked = add_question(actor=adviser, round=opened, kind="scale", text="Hoe belangrijk is dit voor u?")
    opened = open_round(actor=adviser, round=opened)
    extend_round(actor=adviser, round=opened, closes_at=opened.closes_at + timedelta(days=3), reason=REASON)
    opened = ConsultationRound.objects.select_related("consultation").get(pk=opened.pk)
    reaction = react(actor=official, round=opened, text=TEXT, paragraph=paragraph)
    react(actor=c.people["clerk"], round=opened, text=f"{TEXT} En ook ruimte.")
    reply(actor=mayor, round=opened, values={asked.pk: 4})
    view = _with_view(opened, c.own, mayor, paragraph, writer=official)

    of_network = _round(
        c,
        consultation,
        "Netwerk",
        public="network",
        network=c.network,
        takes_reactions=True,
        takes_views=True,
    )
    of_network = open_round(actor=adviser, round=of_network)
    meeting = _with_report(c, of_network, c.network, paragraph)
    draft = start_view(actor=official, round=of_network, member=c.own)
    of_body = _round(c, consultation, "Commissie", public="body", of_body=c.body, takes_reactions=True)
    open_round(actor=adviser, round=of_body)
    react(actor=c.people["committee_member"], round=of_body, text=f"{TEXT} Dat vindt de commissie.")
    point = view.points.get()
    return {
        "consultation": consultation.pk,
        "consultation_document": document.pk,
        "consultation_paragraph": paragraph.pk,
        "consultation_planned": planned.pk,
        "consultation_question": question.pk,
        "consultation_round": opened.pk,
        "consultation_closed": closed.pk,
        "consultation_network": of_network.pk,
        "consultation_body": of_body.pk,
        "consultation_member": c.own.pk,
        "reaction": reaction.pk,
        "formal_view": view.pk,
        "formal_view_draft": draft.pk,
        "view_point": point.pk,
        "meeting": meeting.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything: reactions, views, replies, rounds, meetings, questions."""
    adviser = c.people["adviser"]
    opened = ConsultationRound.objects.select_related("consultation").get(pk=c.ids["consultation_round"])
    consultation = Consultation.objects.get(pk=c.ids["consultation"])
    paragraphs = list(
        Paragraph.objects.filter(blocks__version_id=consultation.version_id).order_by("address").distinct()
    )
    asked = Question.objects.get(in_round=opened)
    others = list(
        Member.objects.on(timezone.localdate()).exclude(pk__in=(c.own.pk, c.other.pk)).order_by("-pk")[:8]
    )
    for number, member in enumerate(others):
        voter = make_person("clerk", member=member, votes=True)
        paragraph = paragraphs[number % len(paragraphs)]
        react(actor=voter, round=opened, text=f"{TEXT} Reactie {number}.", paragraph=paragraph)
        react(
            actor=c.people["official"],
            round=opened,
            text=f"{TEXT} Nog een reactie {number}.",
            paragraph=paragraph,
        )
        reply(actor=voter, round=opened, values={asked.pk: 1 + number % 5})
        _with_view(opened, member, voter, paragraph)
        own = View.objects.get(pk=c.ids["formal_view"])
        points = [
            *own.draft["points"],
            {"point": None, "paragraph": paragraph.address, "text": f"{TEXT} Punt {number}."},
        ]
        own = save_view(
            actor=c.people["official"], view=own, version=own.version, text=f"{TEXT} {number}", points=points
        )
        hand_in_view(actor=c.people["mayor"], view=own, version=own.version)
    planned = ConsultationRound.objects.select_related("consultation").get(pk=c.ids["consultation_planned"])
    for number in range(8):
        add_question(
            actor=adviser, round=planned, kind="scale", text=f"Hoe belangrijk is onderdeel {number}?"
        )
        made = plan_consultation(
            actor=adviser,
            title=f"Vraag {number} aan de leden",
            summary="Wij vragen alle leden wat zij hiervan vinden.",
            question="Waar moet de vereniging mee stoppen?",
            visibility="public",
            theme=c.theme,
        )
        open_round(actor=adviser, round=_round(c, made, "Alle leden", takes_reactions=True, takes_views=True))
    chapters = Network.objects.exclude(pk=c.network.pk).order_by("order")[:6]
    now = timezone.now()
    plan = {
        "title": "Afdeling",
        "opens_at": now,
        "closes_at": now + timedelta(days=20),
        "takes_reactions": True,
    }
    made_rounds = plan_chapter_rounds(actor=adviser, consultation=consultation, networks=chapters, **plan)
    for row in made_rounds:
        row = open_round(actor=adviser, round=row)
        _with_report(c, row, row.network, paragraphs[0])
