"""Dossiers for the tests of every address: one that two members take part in, on its way in the third model."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from omkering.agenda.commands.documents import add_document, add_party
from omkering.agenda.commands.dossiers import edit_dossier, open_dossier
from omkering.agenda.commands.participation import take_part
from omkering.agenda.commands.steps import take_step
from omkering.agenda.models import Challenge, Dossier
from omkering.thread.models import Item
from omkering.who.models import Member, Organisation

NOTE = "De gemeenten hebben dit samen besproken."
SUMMARY = "Warmte is te duur. Gemeenten willen één regel. Het rijk moet daarvoor de wet wijzigen."
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f00"
    "0384018080a1b2c80000000049454e44ae426082"
)
REPORTING = ("alderman", "mayor", "councillor", "clerk", "official", "town_secretary")

ARGUMENTS: dict[str, dict[str, str]] = {
    "agenda:export_dossiers": {"kind": "csv"},
    "agenda:open_dossier": {"pk": "bundle"},
    "agenda:dossier": {"pk": "dossier"},
    "agenda:print_dossier": {"pk": "dossier"},
    "agenda:dossier_pdf": {"pk": "dossier"},
    "agenda:edit_dossier": {"pk": "dossier"},
    "agenda:take_step": {"pk": "dossier"},
    "agenda:go_back": {"pk": "dossier"},
    "agenda:change_model": {"pk": "dossier"},
    "agenda:stop_dossier": {"pk": "dossier"},
    "agenda:add_source": {"pk": "dossier"},
    "agenda:add_document": {"pk": "dossier"},
    "agenda:add_party": {"pk": "dossier"},
    "agenda:take_part": {"pk": "dossier"},
    "agenda:document": {"pk": "dossier_document"},
    "agenda:withdraw_document": {"pk": "dossier_document"},
    "agenda:end_party": {"pk": "dossier_party"},
    "agenda:change_part": {"pk": "dossier_part"},
    "agenda:end_part": {"pk": "dossier_part"},
}
POST_ONLY: set[str] = {"agenda:withdraw_document", "agenda:end_party", "agenda:end_part"}
REDIRECTS: set[str] = set()
FILES: set[str] = {"agenda:export_dossiers", "agenda:dossier_pdf", "agenda:document"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    "agenda:take_part": ((*REPORTING, "adviser", "administrator"), 403),
    "agenda:change_part": ((*REPORTING, "adviser", "administrator"), 403),
}


def _step(c: SimpleNamespace, dossier: Dossier, to: str) -> Dossier:
    row = Dossier.objects.get(pk=dossier.pk)
    return take_step(actor=c.people["adviser"], dossier=row, to=to, note=NOTE, version=row.version)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser = c.people["adviser"]
    challenge = Challenge.objects.get(pk=c.ids["challenge"])
    dossier = open_dossier(
        actor=adviser,
        from_item=Item.objects.get(pk=c.bundle.pk),
        title="Warmte die te betalen is",
        summary=SUMMARY,
        model="omgekeerd_medebewind",
        route="eerst_beginnen",
        owner=adviser,
        owner_body=c.body,
        challenges=[challenge],
        visibility="public",
    )
    _step(c, dossier, "owner_found")
    elsewhere = Member.objects.get(code="GM0037")
    take_part(
        actor=adviser,
        dossier=dossier,
        member=c.other,
        what="Wij beginnen in één wijk.",
        under_way_since=timezone.localdate(),
    )
    take_part(actor=adviser, dossier=dossier, member=elsewhere, part="follows")
    _step(c, dossier, "pilot_members")
    row = Dossier.objects.get(pk=dossier.pk)
    edit_dossier(
        actor=adviser,
        dossier=row,
        version=row.version,
        solution="Eén prijs voor warmte in elke wijk.",
        asks="Doe mee als pilot.",
    )
    _step(c, dossier, "solution")
    add_document(actor=adviser, dossier=dossier, name="Verslag", url="https://vereniging.example/verslag")
    document = add_document(
        actor=adviser, dossier=dossier, upload=SimpleUploadedFile("kaart.png", PNG, "image/png")
    )
    party = add_party(
        actor=adviser,
        dossier=dossier,
        organisation=Organisation.objects.get(key="bzk"),
        part="maakt de wet",
    )
    second = open_dossier(
        actor=adviser,
        title="Warmte in het dorp",
        summary=SUMMARY,
        model="een_overheid",
        route="standaard",
        owner=adviser,
        visibility="public",
    )
    part = take_part(actor=c.people["official"], dossier=second, member=c.own, what="Wij doen mee als pilot.")
    return {
        "dossier": dossier.pk,
        "dossier_document": document.pk,
        "dossier_party": party.pk,
        "dossier_second": second.pk,
        "dossier_part": part.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    adviser = c.people["adviser"]
    dossier = Dossier.objects.get(pk=c.ids["dossier"])
    challenge = Challenge.objects.get(pk=c.ids["challenge"])
    parties = list(Organisation.objects.exclude(key__in=("bzk", "ienw")).order_by("key")[:8])
    taken = dossier.participations.values("member_id")
    members = list(Member.objects.on(timezone.localdate()).exclude(pk__in=taken).exclude(pk=c.own.pk)[:16])
    for number, party in enumerate(parties):
        add_party(actor=adviser, dossier=dossier, organisation=party, part="denkt mee")
        add_document(
            actor=adviser,
            dossier=dossier,
            name=f"Verslag {number}",
            url=f"https://vereniging.example/{number}",
        )
        take_part(
            actor=adviser,
            dossier=dossier,
            member=members[number],
            what="Ook wij beginnen.",
            under_way_since=timezone.localdate() - timedelta(days=number),
        )
        take_part(actor=adviser, dossier=dossier, member=members[-1 - number], part="carries_out")
        made = open_dossier(
            actor=adviser,
            from_item=Item.objects.get(pk=c.signals[number % len(c.signals)].pk),
            title=f"Dossier {number}",
            summary=SUMMARY,
            model="omgekeerd_medebewind",
            route="overleg_vooraf",
            owner=adviser,
            owner_body=c.body,
            challenges=[challenge],
            visibility="public",
        )
        take_part(actor=c.people["official"], dossier=made, member=c.own, what="Wij doen mee als pilot.")
        if number % 2:
            _step(c, made, "owner_found")
