"""Amendments for the tests of every address: on the table, a draft, two in talks, one adopted, one to write in."""

from types import SimpleNamespace

from django.db import transaction

from omkering.deliberate.commands.amendment_advice import advise
from omkering.deliberate.commands.amendment_decisions import adopt_amendment, decided_elsewhere
from omkering.deliberate.commands.amendment_talks import ask_talks, propose_common
from omkering.deliberate.commands.amendments import cosign, draft_amendment, submit_amendment
from omkering.deliberate.commands.document_rows import write_version
from omkering.deliberate.models import Amendment, Document, Paragraph
from omkering.thread.commands import link
from omkering.thread.models import Item
from omkering.who.models import Member
from tests.people import make_person

PARAGRAPHS = (
    "De gemeente betaalt de hulp aan gezinnen vanaf 2030 zelf.",
    "Het rijk vergoedt alle kosten van de uitvoering.",
    "De regio verdeelt de mensen die dit werk doen.",
)
REASON = "De gemeenten kunnen dit niet alleen betalen."
AT_MEMBER = ("alderman", "mayor", "councillor", "clerk", "official", "town_secretary")
BUREAU = ("adviser", "administrator")

ARGUMENTS: dict[str, dict[str, str]] = {
    "deliberate:amendments": {"pk": "amended"},
    "deliberate:export_amendments": {"pk": "amended", "kind": "csv"},
    "deliberate:collisions": {"pk": "amended"},
    "deliberate:voting_order": {"pk": "amended"},
    "deliberate:export_voting_order": {"pk": "amended", "kind": "ods"},
    "deliberate:adopt_amendments": {"pk": "amended"},
    "deliberate:consolidated": {"pk": "amended"},
    "deliberate:propose": {"pk": "amended_paragraph"},
    "deliberate:amendment": {"pk": "amendment"},
    "deliberate:edit_amendment": {"pk": "amendment_draft"},
    "deliberate:submit_amendment": {"pk": "amendment_draft"},
    "deliberate:cosign": {"pk": "amendment_other"},
    "deliberate:replace_amendment": {"pk": "amendment"},
    "deliberate:withdraw_amendment": {"pk": "amendment"},
    "deliberate:advise": {"pk": "amendment"},
    "deliberate:adopt_amendment": {"pk": "amendment"},
    "deliberate:reject_amendment": {"pk": "amendment"},
    "deliberate:hold_amendment": {"pk": "amendment"},
    "deliberate:fall_amendment": {"pk": "amendment_other", "because": "amendment_adopted"},
    "deliberate:write_in": {"pk": "amendment_unwritten"},
    "deliberate:ask_talks": {"pk": "amendment", "other": "amendment_other"},
    "deliberate:end_backing": {"pk": "amendment_backing"},
    "deliberate:amendment_talk": {"pk": "amendment_talk"},
    "deliberate:propose_common": {"pk": "amendment_talk"},
}
POST_ONLY: set[str] = {"deliberate:fall_amendment", "deliberate:ask_talks", "deliberate:end_backing"}
REDIRECTS: set[str] = set()
FILES: set[str] = {"deliberate:export_amendments", "deliberate:export_voting_order"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    "deliberate:propose": ((*AT_MEMBER, "network_secretary"), 403),
    "deliberate:edit_amendment": (AT_MEMBER, 404),
    "deliberate:submit_amendment": (("mayor",), 404),
    "deliberate:cosign": (("mayor", "network_secretary"), 403),
    "deliberate:replace_amendment": (("mayor",), 403),
    "deliberate:withdraw_amendment": (("mayor",), 403),
    "deliberate:advise": (("committee_member", *BUREAU), 403),
    "deliberate:propose_common": (("mayor",), 403),
}


def _document(c: SimpleNamespace) -> Document:
    document = Document.objects.create(
        kind="document",
        state="published",
        visibility="public",
        title="Strategie voor hulp aan gezinnen",
        summary="Wie wat doet en betaalt vanaf 2030.",
        author=c.people["adviser"],
        theme=c.theme,
    )
    blocks = [{"kind": "heading", "level": 1, "label": "1", "text": "Hulp aan gezinnen", "paragraph": None}]
    blocks += [
        {"kind": "paragraph", "level": 0, "label": "", "text": text, "paragraph": None} for text in PARAGRAPHS
    ]
    with transaction.atomic():
        write_version(document, blocks, person=c.people["adviser"])
    return document


def _handed_in(actor, paragraph: Paragraph, owner, title: str, text: str, **more) -> Amendment:
    row = draft_amendment(
        actor=actor, paragraph=paragraph, owner=owner, title=title, text=text, reason=REASON, **more
    )
    return submit_amendment(actor=actor, amendment=row)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    document = _document(c)
    one, two, three = Paragraph.objects.filter(document=document, address__gt=1).order_by("address")
    mayor, adviser = c.people["mayor"], c.people["adviser"]
    theirs = make_person("mayor", member=c.other, votes=True)
    elsewhere = Member.objects.get(code="GM0037")
    far = make_person("mayor", member=elsewhere, votes=True)
    first, second, third = PARAGRAPHS
    mine = _handed_in(mayor, one, c.own, "Een jaar later", first.replace("2030", "2031"))
    other = _handed_in(theirs, one, c.other, "Vijf jaar later", first.replace("2030", "2035"))
    backing = cosign(actor=far, amendment=mine, owner=elsewhere)
    advise(actor=adviser, amendment=mine, body=c.body, kind="adopt", reason="Dit past bij de begroting.")
    talk = ask_talks(actor=theirs, first=mine, second=other)
    propose_common(
        actor=theirs,
        talk=talk,
        owner=c.other,
        title="Drie jaar later",
        text=first.replace("2030", "2033"),
        reason="Zo kunnen beide gemeenten mee.",
    )
    draft = draft_amendment(
        actor=c.people["official"],
        paragraph=two,
        owner=c.own,
        title="Ook het loket",
        text=f"{second} Ook die van het loket.",
        reason=REASON,
    )
    adopted = _handed_in(far, three, elsewhere, "Ook de gemeente", third.replace("De regio", "De gemeente"))
    unwritten = _handed_in(theirs, three, c.other, "De provincie", third.replace("De regio", "De provincie"))
    adopt_amendment(
        actor=adviser,
        amendment=adopted,
        version=Amendment.objects.get(pk=adopted.pk).version,
        reason="Ledenvergadering van juni.",
    )
    vote = Item.objects.create(
        kind="proposal", state="adopted", title="Besluit over de regio", visibility="public", author=adviser
    )
    link(upstream=unwritten, downstream=vote, kind="decided_in", actor=adviser)
    decided_elsewhere(item=Item.objects.get(pk=unwritten.pk), cause=vote, actor=adviser, adopted=True)
    return {
        "amended": document.pk,
        "amended_paragraph": two.pk,
        "amendment": mine.pk,
        "amendment_other": other.pk,
        "amendment_draft": draft.pk,
        "amendment_adopted": adopted.pk,
        "amendment_unwritten": unwritten.pk,
        "amendment_backing": backing.pk,
        "amendment_talk": talk.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    document = Document.objects.get(pk=c.ids["amended"])
    at = list(Paragraph.objects.filter(document=document, address__range=(2, 3)).order_by("address"))
    members = Member.objects.filter(ends__isnull=True).exclude(pk__in=[c.own.pk, c.other.pk])
    mine = Amendment.objects.get(pk=c.ids["amendment"])
    for number, member in enumerate(members.exclude(code="GM0037").order_by("code")[:12]):
        voter = make_person("mayor", member=member, votes=True)
        paragraph = at[number % 2]
        text = (
            PARAGRAPHS[number % 2]
            .replace("kosten", f"kosten van jaar {number}")
            .replace("2030", f"20{40 + number}")
        )
        row = _handed_in(voter, paragraph, member, f"Voorstel {number}", text)
        cosign(actor=voter, amendment=mine, owner=member)
        advise(
            actor=c.people["adviser"],
            amendment=row,
            body=c.body,
            kind="reject",
            reason="Dit past niet bij de rest.",
        )
        if number < 4:
            draft_amendment(
                actor=c.people["official"],
                paragraph=paragraph,
                owner=c.own,
                title=f"Concept {number}",
                text=f"{PARAGRAPHS[number % 2]} Zin {number}.",
            )
