"""Positions, stances, contacts and alignments for the tests of every address."""

from datetime import date, timedelta
from types import SimpleNamespace

from django.utils import timezone

from omkering.deliberate.commands.alignments import end_alignment, log_talk
from omkering.deliberate.commands.contacts import cancel_contact, hold_contact, record_contact
from omkering.deliberate.commands.positions import add_position, end_position, take_position
from omkering.deliberate.commands.stances import take_stance
from omkering.deliberate.models import Alignment, Contact, Position
from omkering.deliberate.queries.related_positions import message_text, related_positions
from omkering.who.models import Member, Network, Organisation, Person
from tests.people import LONG_AGO, make_person

TEXT = "Gemeenten helpen gezinnen die de energierekening niet betalen. Daar hoort vast geld van het rijk bij."
MESSAGE = "Gemeenten vragen vast geld voor hulp bij de energierekening, want nu betalen zij dit zelf."
OTHER = (
    "Wij vragen geen vast geld voor de energierekening, maar een lagere belasting op energie voor gezinnen."
)
WHY = "Onze leden zien meer in een lagere belasting dan in geld via gemeenten."
REPORTING = ("alderman", "mayor", "councillor", "clerk", "official", "town_secretary")
SPEAKERS = (*REPORTING, "network_secretary", "adviser", "administrator")

ARGUMENTS: dict[str, dict[str, str]] = {
    "deliberate:export_positions": {"kind": "csv"},
    "deliberate:export_contacts": {"kind": "ods"},
    "deliberate:export_voice": {"kind": "csv"},
    "deliberate:position_from": {"pk": "about"},
    "deliberate:position": {"pk": "position"},
    "deliberate:edit_position": {"pk": "position"},
    "deliberate:take_position": {"pk": "position_draft"},
    "deliberate:end_position": {"pk": "position"},
    "deliberate:stance": {"pk": "position", "party": "GM0014"},
    "deliberate:contact": {"pk": "contact_held"},
    "deliberate:edit_contact": {"pk": "contact"},
    "deliberate:hold_contact": {"pk": "contact"},
    "deliberate:cancel_contact": {"pk": "contact"},
    "deliberate:alignment": {"pk": "alignment"},
    "deliberate:log_talk": {"pk": "alignment"},
    "deliberate:end_alignment": {"pk": "alignment"},
}
POST_ONLY: set[str] = set()
REDIRECTS: set[str] = set()
FILES: set[str] = {"deliberate:export_positions", "deliberate:export_contacts", "deliberate:export_voice"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    "deliberate:stance": (("mayor",), 403),
    "deliberate:record_contact": (SPEAKERS, 403),
    "deliberate:edit_contact": (("network_secretary",), 403),
    "deliberate:hold_contact": (("network_secretary",), 403),
    "deliberate:cancel_contact": (("network_secretary",), 403),
    "deliberate:log_talk": (("network_secretary", "adviser", "administrator"), 403),
    "deliberate:end_alignment": (("network_secretary", "adviser", "administrator"), 403),
}


def _position(c: SimpleNamespace, title: str, *, readers: str = "public", **more) -> Position:
    adviser = c.people["adviser"]
    made = add_position(
        actor=adviser,
        **{
            "title": title,
            "summary": "Het rijk betaalt gemeenten voor hulp bij een te hoge energierekening.",
            "text": TEXT,
            "messages": "Hulp kost geld.\nGemeenten kunnen dit niet alleen.",
            "figures": "In 2024 vroeg 1 op de 12 gezinnen hulp. Bron: eigen telling.",
            "theme": c.theme,
            "addressees": list(Organisation.objects.filter(key__in=("bzk", "kgg"))),
            "source": "assembly",
            "source_body": c.body,
            "source_note": "Algemene ledenvergadering van 5 juni 2024",
            "taken_on": date(2024, 6, 5),
            "owner": adviser,
            **more,
        },
    )
    return take_position(actor=adviser, position=made, readers=readers) if readers else made


def _contact(
    c: SimpleNamespace,
    actor: Person,
    party: Member | Network | None,
    title: str,
    position: Position,
    kind: str = "carries",
    *,
    readers: str = "public",
    days: int = 3,
) -> Contact:
    message = OTHER if kind == "departs" else MESSAGE
    said = {
        entry.position.pk: ("none", "") for entry in related_positions(message_text(title, message), actor)
    }
    said[position.pk] = (kind, WHY if kind == "departs" else "")
    return record_contact(
        actor=actor,
        party=party,
        organisation=Organisation.objects.get(key="bzk"),
        with_function="Beleidscoördinator",
        on=timezone.localdate() + timedelta(days=days),
        title=title,
        message=message,
        said=said,
        readers=readers,
    )


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser, secretary, mayor = c.people["adviser"], c.people["network_secretary"], c.people["mayor"]
    position = _position(c, "Vast geld voor energiehulp")
    draft = _position(c, "Nog in voorbereiding", readers="")
    hidden = _position(c, "Onze inzet in het overleg", readers="involved")
    ended = _position(c, "Dit gold vroeger")
    end_position(
        actor=adviser,
        position=ended,
        version=ended.version,
        ends_on=timezone.localdate(),
        reason="De wet is gewijzigd, dus dit is geregeld.",
    )
    take_stance(actor=mayor, position=position, party=c.own, kind="carries")
    take_stance(
        actor=mayor, position=position, party=c.own, kind="remark", remark="Ook voor kleine bedrijven.",
        red_line="Geen taken zonder geld.",
    )  # fmt: skip
    take_stance(actor=secretary, position=position, party=c.network, kind="other", remark=WHY, differs=True)
    planned = _contact(c, secretary, c.network, "Gesprek over energiehulp", position, "adds")
    held = _contact(c, adviser, None, "Overleg over energiehulp", position, days=-2)
    held = hold_contact(
        actor=adviser,
        contact=held,
        on=timezone.localdate() - timedelta(days=2),
        outcome="Het ministerie komt in september met een brief hierover.",
    )
    cancelled = _contact(c, c.people["official"], c.own, "Werkbezoek over energie", position)
    cancel_contact(actor=c.people["official"], contact=cancelled, reason="De minister is verhinderd.")
    departing = _contact(c, secretary, c.network, "Brief over belasting op energie", position, "departs")
    alignment = Alignment.objects.get(relation__contact=departing)
    log_talk(
        actor=adviser,
        alignment=alignment,
        on=timezone.localdate(),
        said="Wij kijken nog eens naar de cijfers.",
    )
    apart = Alignment.objects.get(
        relation__contact=_contact(c, secretary, c.network, "Nog een brief", position, "departs")
    )
    end_alignment(actor=secretary, alignment=apart, version=apart.version, outcome="apart", reason=WHY)
    sensitive = _contact(c, secretary, c.network, "Besloten overleg", position, "departs", readers="involved")
    return {
        "position": position.pk,
        "position_draft": draft.pk,
        "position_hidden": hidden.pk,
        "position_ended": ended.pk,
        "contact": planned.pk,
        "contact_held": held.pk,
        "contact_sensitive": sensitive.pk,
        "alignment": alignment.pk,
        "alignment_sensitive": Alignment.objects.get(relation__contact=sensitive).pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    secretary, adviser = c.people["network_secretary"], c.people["adviser"]
    position = Position.objects.get(pk=c.ids["position"])
    alignment = Alignment.objects.get(pk=c.ids["alignment"])
    members = Member.objects.on(timezone.localdate()).exclude(pk__in=(c.own.pk, c.other.pk))[:8]
    networks = Network.objects.exclude(pk=c.network.pk)[:8]
    for number, (member, network) in enumerate(zip(members, networks, strict=True)):
        mayor = make_person("mayor", member=member, votes=True)
        voice = make_person("network_secretary", network=network)
        more = _position(c, f"Nog een standpunt {number}")
        for about in (position, more):
            take_stance(
                actor=mayor,
                position=about,
                party=member,
                kind=("carries", "other")[number % 2],
                remark="Wij willen dit zelf bepalen.",
            )
            take_stance(
                actor=mayor, position=about, party=member, kind="remark", remark="Ook voor bedrijven."
            )
            take_stance(actor=voice, position=about, party=network, kind="other", remark=WHY)
        _contact(c, adviser, None, f"Overleg {number}", position, days=-number)
        _contact(c, mayor, member, f"Bezoek {number}", position, "adds")
        _contact(c, secretary, c.network, f"Brief {number}", more, "departs")
        _contact(c, voice, network, f"Besloten {number}", position, "departs", readers="involved")
        log_talk(
            actor=secretary, alignment=alignment, on=LONG_AGO, said=f"Wij spraken hierover, keer {number}."
        )
