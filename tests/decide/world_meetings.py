"""Meetings for the tests of every address: planned, open and over days, with one of everything at them."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.attendance import arrive
from omkering.decide.commands.meeting_requests import request_meeting, support_request
from omkering.decide.commands.meetings import call_meeting, open_meeting, plan_meeting
from omkering.decide.commands.papers import add_paper, declare_interest
from omkering.decide.commands.proxies import give_proxy, name_delegates
from omkering.decide.models import AgendaItem, Meeting, MeetingRequest
from omkering.thread.models import Item
from omkering.who.models import Body, Mandate, Member, Person
from tests.people import make_person

BUREAU = ("adviser", "administrator")
REASON = "De plannen voor jeugdzorg kunnen niet wachten tot het najaar."
INTEREST = "Ik ben bestuurder van een stichting die hier geld van krijgt."
PROXY = "Wij geven een volmacht om in onze naam te stemmen."
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"

ARGUMENTS: dict[str, dict[str, str]] = {
    "decide:body_calendar": {"pk": "assembly"},
    "decide:meeting_request": {"pk": "meeting_request"},
    "decide:support_request": {"pk": "meeting_request"},
    "decide:withdraw_support": {"pk": "meeting_request"},
    "decide:meeting": {"pk": "assembly_open"},
    "decide:meeting_calendar": {"pk": "assembly_open"},
    "decide:change_meeting": {"pk": "assembly_planned"},
    "decide:call_meeting": {"pk": "assembly_planned"},
    "decide:cancel_meeting": {"pk": "assembly_planned"},
    "decide:meeting_step": {"pk": "assembly_open", "step": "sluiten"},
    "decide:edit_agenda": {"pk": "assembly_planned"},
    "decide:add_agenda_item": {"pk": "assembly_planned"},
    "decide:papers": {"pk": "assembly_open"},
    "decide:papers_pdf": {"pk": "assembly_open"},
    "decide:add_paper": {"pk": "assembly_planned"},
    "decide:attendance": {"pk": "assembly_open"},
    "decide:arrive": {"pk": "assembly_open"},
    "decide:leave": {"pk": "assembly_open"},
    "decide:presence": {"pk": "assembly_open"},
    "decide:presence_file": {"pk": "assembly_open", "form": "csv"},
    "decide:give_proxy": {"pk": "assembly_planned", "member": "member_of_meeting"},
    "decide:name_delegates": {"pk": "assembly_planned", "member": "member_of_meeting"},
    "decide:withdraw_proxy": {"pk": "proxy"},
    "decide:agenda_item": {"pk": "agenda_item"},
    "decide:change_agenda_item": {"pk": "agenda_item"},
    "decide:move_agenda_item": {"pk": "agenda_item"},
    "decide:drop_agenda_item": {"pk": "agenda_item"},
    "decide:add_turns": {"pk": "agenda_item"},
    "decide:declare_interest": {"pk": "agenda_item"},
    "decide:withdraw_interest": {"pk": "interest"},
    "decide:put_on_agenda": {"pk": "item_for_agenda"},
    "decide:paper": {"pk": "paper"},
    "decide:paper_file": {"pk": "paper_with_file"},
    "decide:withdraw_paper": {"pk": "paper"},
}
POST_ONLY: set[str] = {
    "decide:support_request",
    "decide:withdraw_support",
    "decide:arrive",
    "decide:leave",
    "decide:withdraw_proxy",
    "decide:move_agenda_item",
    "decide:drop_agenda_item",
    "decide:add_turns",
    "decide:withdraw_interest",
    "decide:withdraw_paper",
}
REDIRECTS: set[str] = set()
FILES: set[str] = {
    "decide:body_calendar",
    "decide:meeting_calendar",
    "decide:papers_pdf",
    "decide:presence_file",
    "decide:paper_file",
}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    "decide:request_meeting": (("mayor",), 403),
    "decide:give_proxy": (("mayor",), 403),
    "decide:name_delegates": (("town_secretary",), 403),
    "decide:declare_interest": (("mayor", "committee_member"), 403),  # the latter sits in the assembly's body
    "decide:meeting_step": (BUREAU, 403),
}


def _assembly() -> Body:
    return Body.objects.get(key="alv")


def _plan(c: SimpleNamespace, title: str, days: int, **more) -> Meeting:
    starts = timezone.now() + timedelta(days=days)
    values = {
        "title": title,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "place": "Stadhuis",
    }
    return plan_meeting(actor=c.people["adviser"], body=_assembly(), **{**values, **more})


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser, mayor = c.people["adviser"], c.people["mayor"]
    held = Mandate.objects.filter(member=c.other).select_related("person").order_by("pk")
    elsewhere = held[0].person
    planned = _plan(c, "Ledenvergadering in het najaar", 50)
    item = add_agenda_item(actor=adviser, meeting=planned, title="Opening", kind="opening", minutes=5)
    add_agenda_item(actor=adviser, meeting=planned, title="Mededelingen", parent=item)
    bundle = Item.objects.get(pk=c.bundle.pk)
    main = add_agenda_item(actor=adviser, meeting=planned, about=bundle, text="Wat vindt u?", minutes=20)
    paper = add_paper(
        actor=adviser, meeting=planned, agenda_item=main, title="Toelichting", text="# Kort\n\nDit is het."
    )
    upload = SimpleUploadedFile("begroting.pdf", PDF)
    with_file = add_paper(actor=adviser, meeting=planned, agenda_item=main, upload=upload)
    add_paper(actor=adviser, meeting=planned, item=bundle)
    interest = declare_interest(actor=c.people["committee_member"], agenda_item=main, text=INTEREST)

    opened = _plan(c, "Ledenvergadering van nu", 3, form="hybrid")
    add_agenda_item(actor=adviser, meeting=opened, about=bundle, minutes=15)
    call_meeting(actor=adviser, meeting=opened)
    add_paper(actor=adviser, meeting=opened, title="Nagezonden", text="Nog iets.")
    opened = open_meeting(actor=adviser, meeting=opened)
    proxy = give_proxy(actor=elsewhere, meeting=opened, giver=c.other, holder=c.own, text=PROXY)
    arrive(actor=mayor, meeting=opened, member=c.own, person=mayor, presence="on_site")
    _plan(c, "Raadpleging van de leden", 20, form="consultation")
    request = request_meeting(
        actor=mayor, member=c.own, body=_assembly(), title="Jeugdzorg kan niet wachten", reason=REASON
    )
    return {
        "assembly": _assembly().pk,
        "assembly_planned": planned.pk,
        "assembly_open": opened.pk,
        "agenda_item": main.pk,
        "paper": paper.pk,
        "paper_with_file": with_file.pk,
        "interest": interest.pk,
        "proxy": proxy.pk,
        "meeting_request": request.pk,
        "item_for_agenda": bundle.pk,
        "member_of_meeting": c.own.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    adviser = c.people["adviser"]
    planned, opened = (Meeting.objects.get(pk=c.ids[key]) for key in ("assembly_planned", "assembly_open"))
    main = AgendaItem.objects.get(pk=c.ids["agenda_item"])
    request = MeetingRequest.objects.get(pk=c.ids["meeting_request"])
    held = Mandate.objects.on(timezone.localdate()).exclude(member__in=(c.own, c.other))
    known = {mandate.member_id: mandate.person for mandate in held.select_related("person")}
    members = list(Member.objects.on(timezone.localdate()).exclude(pk__in=(c.own.pk, c.other.pk))[:8])
    for number, member in enumerate(members):
        voter: Person = known.get(member.pk) or make_person("mayor", member=member, votes=True)
        item = add_agenda_item(actor=adviser, meeting=planned, title=f"Punt {number}")
        add_agenda_item(actor=adviser, meeting=planned, title=f"Deel {number}", parent=main)
        for meeting, at in ((planned, item), (planned, main), (opened, None)):
            add_paper(
                actor=adviser,
                meeting=meeting,
                agenda_item=at,
                title=f"Stuk {number}",
                text=f"Tekst {number}.",
            )
        declare_interest(actor=voter, agenda_item=main, text=INTEREST)
        if number == 0:
            give_proxy(actor=voter, meeting=opened, giver=member, holder=c.own, text=PROXY)
        else:
            arrive(actor=voter, meeting=opened, member=member, person=voter, presence="remote")
        support_request(actor=voter, request=request, member=member)
        _plan(c, f"Vergadering {number}", 10 + number)
        request_meeting(
            actor=voter,
            member=member,
            body=_assembly(),
            title=f"Verzoek {number}",
            reason=f"{REASON} {number}",
        )
    mayor, alderman = c.people["mayor"], c.people["alderman"]
    name_delegates(
        actor=c.people["town_secretary"],
        meeting=planned,
        member=c.own,
        shares=[(mayor, None), (alderman, None)],
    )
