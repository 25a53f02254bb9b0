"""One association with one of everything in it, and the address of every page: what the matrix of addresses and
roles, and the tests in a browser, walk through.

`ADDRESSES` names the arguments of every address that has some. A new address without them fails the matrix.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from tests import world_rooms

ROLES = (
    "visitor",
    "alderman",
    "mayor",
    "councillor",
    "clerk",
    "official",
    "town_secretary",
    "network_secretary",
    "committee_member",
    "adviser",
    "administrator",
)
AT_MEMBER = ("alderman", "mayor", "councillor", "clerk", "official", "town_secretary")
BUREAU = ("adviser", "administrator")
OWN, OTHER = "GM0014", "GM0034"  # the member all roles of a member are at, and another one
REASON = "Dit past niet bij de agenda van dit jaar; volgend jaar kijken wij opnieuw."
ORIGIN = "web:0123456789ab"  # where the world that is shared came from: see `tests/shared_world.py`
CASE = "Een gezin kan de energierekening niet betalen en krijgt nergens hulp. De gemeente kan niet helpen."


@dataclass
class World:
    """Ids of what there is; people by role."""

    people: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "World":
        return cls(**json.loads(text))


def build() -> World:
    """Make it, through the commands of the product."""
    with translation.override("nl"):
        world = _build()
    analyse()
    return world


def analyse() -> None:
    """Rows of an open transaction are not analysed by themselves."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE who_member, who_population, who_divisionmembership, who_networkmembership")


def _build() -> World:
    from omkering.decide.commands.ballots import cast_ballot
    from omkering.decide.commands.proposals import make_proposal
    from omkering.decide.commands.votes import close_vote, open_vote, plan_vote
    from omkering.journal.commands import seal_pending
    from omkering.journal.models import Event, Seal
    from omkering.listen.commands.answers import answer_signal, object_to_answer, take_into_review
    from omkering.listen.commands.bundles import make_bundle
    from omkering.listen.commands.recognition import recognise
    from omkering.listen.commands.signals import add_evidence, save_draft, submit_signal
    from omkering.listen.models import Draft, SignalState, Suggestion
    from omkering.thread.commands import follow, save_search
    from omkering.thread.models import Item, Theme, Visibility
    from omkering.thread.themes import load_themes
    from omkering.who.commands.association import load_association
    from omkering.who.models import Appointment, Body, Member, Network
    from tests.people import make_person

    load_association()
    load_themes()
    own, other = Member.objects.get(code=OWN), Member.objects.get(code=OTHER)
    network = Network.objects.get(key="g40")
    people = {role: make_person(role, member=own, votes=role == "mayor") for role in AT_MEMBER}
    people["network_secretary"] = make_person("network_secretary", network=network)
    people["committee_member"] = make_person("committee_member", body=Body.objects.order_by("order").first())
    people |= {role: make_person(role) for role in BUREAU}
    stranger = make_person("official", member=other)
    elsewhere = make_person("mayor", member=other, votes=True)
    people["other"] = stranger
    theme = Theme.objects.order_by("order").first()
    official, adviser = people["official"], people["adviser"]

    def signal(title: str, *, by=official, member=own, visibility=Visibility.PUBLIC):
        return submit_signal(
            actor=by, member=member, title=title, case=CASE, touches="Gezinnen met een laag inkomen.",
            helps="Hulp die blijft.", theme=theme, visibility=visibility,
        )  # fmt: skip

    mine = signal("Gezinnen kunnen de energierekening niet betalen")
    theirs = signal("Huishoudens in de knel door hoge gasprijzen", by=stranger, member=other)
    recognise(actor=elsewhere, signal=mine, member=other, case="Bij ons in de stad ook.")
    hidden = signal("Alleen voor het bureau", by=stranger, member=other, visibility=Visibility.BUREAU)
    declined = signal("Zwembad sluit door de stroomprijs")
    take_into_review(actor=adviser, signal=declined)
    answer_signal(actor=adviser, signal=declined, state=SignalState.DECLINED, reason=REASON)
    contested = signal("Bus rijdt niet meer in het dorp")
    take_into_review(actor=adviser, signal=contested)
    answer_signal(actor=adviser, signal=contested, state=SignalState.DECLINED, reason=REASON)
    object_to_answer(
        actor=official, signal=contested, text="Wij zijn het daar niet mee eens, want het is dringend."
    )
    fresh = signal("Loket is vaak dicht op vrijdag")
    reviewed = signal("Keuringen duren een half jaar")
    take_into_review(actor=adviser, signal=reviewed)
    bundled = [signal(f"Warmtenet te duur in wijk {name}") for name in ("Noord", "Zuid", "Oost")]
    bundle = make_bundle(
        actor=adviser, title="Dure warmtenetten", signals=bundled, summary="Warmte is te duur."
    )
    loose = [signal(f"Wachtlijst voor jeugdhulp in {name}") for name in ("de stad", "het dorp", "de regio")]
    suggestion = Suggestion.objects.create(name="wachtlijst, jeugdhulp, regio", cohesion=61)
    suggestion.signals.set(loose)

    draft = save_draft(actor=official, draft=None, step=1, values={"member": own.pk, "title": "Concept"})
    theirs_draft = save_draft(
        actor=stranger, draft=None, step=1, values={"member": other.pk, "title": "Anders"}
    )
    text_file = SimpleUploadedFile("foto.png", PNG, "image/png")
    evidence = add_evidence(actor=official, draft=draft, upload=text_file)
    Draft.objects.filter(pk=draft.pk).update(data={**draft.data, "case": CASE})
    hidden_evidence = add_evidence(
        actor=stranger, draft=theirs_draft, upload=SimpleUploadedFile("foto.png", PNG, "image/png")
    )
    evidence.signal, evidence.draft = mine, None
    evidence.save()
    hidden_evidence.signal, hidden_evidence.draft = hidden, None
    hidden_evidence.save()

    now = timezone.now()

    def planned(title: str, by=adviser):
        proposal = make_proposal(
            actor=by, from_item=bundle, title=title, text="De vereniging maakt één loket."
        )
        return proposal, plan_vote(
            actor=by, about=proposal, opens_at=now, closes_at=now + timedelta(days=7),
            reference_date=timezone.localdate(),
        )  # fmt: skip

    closed_about, closed = planned("Eén loket voor keuringen")
    closed = open_vote(actor=adviser, vote=closed)
    cast_ballot(actor=people["mayor"], vote=closed, member=own, choice="for")
    cast_ballot(actor=elsewhere, vote=closed, member=other, choice="against")
    close_vote(actor=adviser, vote=closed)
    about, running = planned("Vast geld voor energiehulp")
    running = open_vote(actor=adviser, vote=running)
    cast_ballot(actor=elsewhere, vote=running, member=other, choice="for")
    receipt = Event.objects.filter(verb="ballot.cast", actor=people["mayor"].pk).first()
    later_about, later = planned("Ruimte voor het stroomnet")
    bare = make_proposal(
        actor=adviser, from_item=bundle, title="Nog zonder stemming", text="De tekst komt nog."
    )

    rooms = world_rooms.build(
        SimpleNamespace(
            people=people,
            own=own,
            other=other,
            network=network,
            body=Body.objects.order_by("order").first(),
            theme=theme,
            bundle=bundle,
            signals=[mine, theirs, *bundled],
        )
    )
    follow(person=official, item=Item.objects.get(pk=theirs.pk))
    saved = save_search(person=official, name="Energie", kind="signal", query={"q": "energie"})
    seal_pending()
    follow(person=official, theme=theme)
    seal_pending()
    old, new = Seal.objects.order_by("size").values_list("size", flat=True)[:2]
    seat = Appointment.objects.get(person=official)
    leaver = make_person("clerk", member=other)
    return World(
        people={role: person.pk for role, person in people.items()},
        ids={
            "mine": mine.pk, "theirs": theirs.pk, "hidden": hidden.pk, "declined": declined.pk,
            "contested": contested.pk, "fresh": fresh.pk, "reviewed": reviewed.pk, "bundle": bundle.pk,
            "bundled": bundled[0].pk, "loose": loose[0].pk, "suggestion": suggestion.pk, "draft": draft.pk,
            "theirs_draft": theirs_draft.pk, "evidence": evidence.pk, "hidden_evidence": hidden_evidence.pk,
            "closed": closed.pk, "running": running.pk, "later": later.pk, "about": about.pk, "bare": bare.pk,
            "receipt": receipt.pk, "saved": saved.pk, "old": old, "new": new, "seat": seat.pk,
            "leaver": leaver.pk, "loose2": loose[1].pk, "later_about": later_about.pk,
            "closed_about": closed_about.pk, **rooms,
        },
        texts={"theme": theme.key, "network": network.key, "secret": saved.secret},
    )  # fmt: skip


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f00"
    "0384018080a1b2c80000000049454e44ae426082"
)


# Arguments of the addresses that have some: a key of `World.ids` or `World.texts`, or the text itself.
ARGUMENTS: dict[str, dict[str, str]] = {
    "web:remove_search": {"pk": "saved"},
    "web:item": {"pk": "mine"},
    "web:consistency": {"old": "old", "new": "new"},
    "web:receipt": {"pk": "receipt"},
    "web:network": {"key": "network"},
    "web:member": {"code": OWN},
    "web:person": {"pk": "leaver"},
    "web:appoint": {"pk": "leaver"},
    "web:close_account": {"pk": "leaver"},
    "web:export_person": {"pk": "leaver"},
    "web:erase_person": {"pk": "leaver"},
    "web:end_appointment": {"pk": "seat"},
    "web:mandate": {"code": OWN},
    "listen:report_step": {"pk": "draft", "step": "2"},
    "listen:discard_draft": {"pk": "draft"},
    "listen:signal": {"pk": "mine"},
    "listen:recognise": {"pk": "theirs"},
    "listen:withdraw_recognition": {"pk": "theirs"},
    "listen:correct": {"pk": "fresh"},
    "listen:take_into_review": {"pk": "fresh"},
    "listen:answer": {"pk": "reviewed"},
    "listen:object": {"pk": "declined"},
    "listen:answer_objection": {"pk": "contested"},
    "listen:evidence": {"pk": "evidence"},
    "listen:export": {"kind": "csv"},
    "listen:suggestion": {"pk": "suggestion"},
    "listen:dismiss_suggestion": {"pk": "suggestion"},
    "listen:bundle": {"pk": "bundle"},
    "listen:rename_bundle": {"pk": "bundle"},
    "listen:split_bundle": {"pk": "bundle"},
    "listen:add_signals": {"pk": "bundle"},
    "listen:remove_signal": {"pk": "bundle", "signal_pk": "bundled"},
    "listen:answer_bundle": {"pk": "bundle"},
    "listen:theme": {"key": "theme"},
    "listen:theme_feed": {"key": "theme"},
    "listen:search_feed": {"secret": "secret"},
    "decide:propose": {"pk": "bundle"},
    "decide:proposal": {"pk": "about"},
    "decide:edit_proposal": {"pk": "bare"},
    "decide:plan": {"pk": "bare"},
    "decide:vote": {"pk": "running"},
    "decide:change_plan": {"pk": "later"},
    "decide:open": {"pk": "later"},
    "decide:close": {"pk": "running"},
    "decide:withdraw": {"pk": "later"},
    "decide:roll": {"pk": "running", "form": "csv"},
    "decide:roll_call": {"pk": "closed", "form": "csv"},
    "decide:ballot": {"pk": "running", "code": OWN},
    "decide:cast": {"pk": "running", "code": OWN},
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "mfa_remove_webauthn": {"pk": "1"},
    "mfa_edit_webauthn": {"pk": "1"},
    "oidc_login": {"provider_id": "ons"},
    "oidc_callback": {"provider_id": "ons"},
}


# What an address needs behind the question mark to show its page.
QUERIES = {
    "decide:ballot": "?choice=for",
    "listen:make_bundle": "?signal={loose}&signal={loose2}",
    "web:search": "?q=energie",
}


def address(name: str, world: World) -> str:
    """An address of a world; NoReverseMatch where its arguments are not named above."""
    named = (ARGUMENTS.get(name) or world_rooms.arguments().get(name, {})).items()
    given = {key: world.ids.get(value, world.texts.get(value, value)) for key, value in named}
    return reverse(name, kwargs=given) + QUERIES.get(name, "").format(**world.ids)


def patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the product with its full name."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry, inner)
        else:
            yield f"{space}{entry.name or '?'}", entry


def give_session(client: Any, person: Any, *, still: bool = False) -> None:
    """A session of somebody who gave a password and a second factor.

    That a session is used is written once a minute; of one that is `still`, for a day not.
    """
    from omkering.ui.second_factor import PERSON_KEY, SESSION_KEY

    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
    session[PERSON_KEY] = str(person.pk)
    session["started"] = session["last_used"] = int(time.time())
    if still:
        session["last_used"] += 24 * 3600
    session.save()


def main() -> None:
    """Build the world in the database of the settings, and print it."""
    import django

    django.setup()
    from omkering.journal.origin import origin

    with origin(ORIGIN):
        world = build()
    sys.stdout.write(world.json())


if __name__ == "__main__":
    main()
