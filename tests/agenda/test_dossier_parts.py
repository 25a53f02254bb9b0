"""What belongs to a dossier: documents, parties from outside and members that take part; added, ended, never gone."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from omkering.agenda.commands.documents import add_document, add_party, end_party, withdraw_document
from omkering.agenda.commands.participation import change_part, end_part, take_part
from omkering.agenda.commands.steps import stop_dossier
from omkering.agenda.models import Dossier, DossierDocument, Participation, Party
from omkering.journal.models import Event
from omkering.thread.models import Follow, Item, Notice, Visibility
from omkering.who.models import ContactRole
from tests.agenda.dossiers import REASON, make_bundle_of, make_dossier, make_pilot
from tests.agenda.factory_conditions import make_contact, make_party
from tests.people import make_adviser, make_member, make_network, make_person
from tests.world import PNG

pytestmark = pytest.mark.django_db
URL = "https://vereniging.example/verslag"
WHAT = "Wij beginnen in het centrum."


def verbs(dossier: Dossier) -> list[str]:
    found = Event.objects.filter(subject=dossier.subject, verb__startswith="dossier.")
    return list(found.order_by("pk").values_list("verb", flat=True))


def picture(name: str = "kaart.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, "image/png")


def stopped(dossier: Dossier) -> Dossier:
    fresh = Dossier.objects.get(pk=dossier.pk)
    stop_dossier(actor=make_adviser(), dossier=fresh, reason=REASON, version=fresh.version)
    return Dossier.objects.get(pk=dossier.pk)


# --- documents -----------------------------------------------------------------------------------------------
def test_a_link_and_a_file_stand_at_the_step_they_were_added_in():
    dossier = make_dossier()
    linked = add_document(actor=make_adviser(), dossier=dossier, name="  Verslag  ", url=URL)
    filed = add_document(actor=make_adviser(), dossier=dossier, upload=picture())
    assert (linked.name, linked.url, bool(linked.file)) == ("Verslag", URL, False)
    assert (filed.name, filed.content_type, filed.size) == ("kaart.png", "image/png", len(PNG))
    assert "kaart" not in filed.file.name, "a stored file has a name of its own"
    assert {linked.step.step, filed.step.step} == {"signalled"}
    assert verbs(dossier)[-2:] == ["dossier.document_added"] * 2


def test_the_same_document_twice_in_one_step_is_one():
    dossier, adviser = make_dossier(), make_adviser()
    for _again in range(2):
        add_document(actor=adviser, dossier=dossier, name="Verslag", url=URL)
        add_document(actor=adviser, dossier=dossier, upload=picture())
    assert DossierDocument.objects.filter(dossier=dossier).count() == 2
    assert verbs(dossier).count("dossier.document_added") == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "Verslag"}, "url"),
        ({"name": "Verslag", "url": URL, "upload": True}, "url"),
        ({"name": "Verslag", "url": "javascript:alert(1)"}, "url"),
        ({"name": "V", "url": URL}, "name"),
        ({"name": "V" * 201, "url": URL}, "name"),
        ({"name": "Bel 06-12345678", "url": URL}, "name"),
    ],
)
def test_a_document_that_is_not_right_is_refused_at_its_field(values, field):
    if values.get("upload"):
        values = {**values, "upload": picture()}
    with pytest.raises(ValidationError) as raised:
        add_document(actor=make_adviser(), dossier=make_dossier(), **values)
    assert list(raised.value.message_dict) == [field]
    assert not DossierDocument.objects.exists()


def test_a_file_is_known_by_its_content_not_by_its_name():
    with pytest.raises(ValidationError):
        add_document(
            actor=make_adviser(),
            dossier=make_dossier(),
            upload=SimpleUploadedFile("kaart.png", b"<script>alert(1)</script>", "image/png"),
        )
    assert not DossierDocument.objects.exists()


def test_a_withdrawn_document_stays_known_and_withdrawing_twice_is_once():
    dossier, adviser = make_dossier(), make_adviser()
    document = add_document(actor=adviser, dossier=dossier, name="Verslag", url=URL)
    withdraw_document(actor=adviser, document=document)
    withdraw_document(actor=adviser, document=document)
    assert DossierDocument.objects.get().withdrawn_at is not None
    assert verbs(dossier).count("dossier.document_withdrawn") == 1
    add_document(actor=adviser, dossier=dossier, name="Verslag", url=URL)
    assert DossierDocument.objects.filter(withdrawn_at__isnull=True).count() == 1, "it may come back"


# --- parties ---------------------------------------------------------------------------------------------------
def test_a_party_has_a_part_with_a_function_and_not_a_person():
    dossier, party = make_dossier(), make_party("bzk")
    contact = make_contact(party)
    row = add_party(
        actor=make_adviser(), dossier=dossier, organisation=party, contact=contact, part="maakt de wet"
    )
    assert (row.organisation, row.contact, row.part) == (party, contact, "maakt de wet")
    assert "person" not in {field.name for field in ContactRole._meta.get_fields()}
    assert verbs(dossier)[-1] == "dossier.party_added"


def test_a_party_that_does_not_fit_is_refused_at_its_field():
    adviser, dossier, party = make_adviser(), make_dossier(), make_party()
    foreign = make_contact(make_party())
    retired = make_party()
    retired.retired_at = timezone.now()
    retired.save()
    add_party(actor=adviser, dossier=dossier, organisation=party)
    for values, field in (
        ({"organisation": party}, "organisation"),
        ({"organisation": retired}, "organisation"),
        ({"organisation": make_party(), "contact": foreign}, "contact"),
        ({"organisation": make_party(), "part": "x" * 201}, "part"),
    ):
        with pytest.raises(ValidationError) as raised:
            add_party(actor=adviser, dossier=dossier, **values)
        assert list(raised.value.message_dict) == [field]
    assert Party.objects.filter(dossier=dossier).count() == 1
    with pytest.raises(ValidationError):
        add_party(actor=adviser, dossier=stopped(dossier), organisation=make_party())


def test_a_party_that_left_can_come_back_and_both_stay_known():
    adviser, dossier, party = make_adviser(), make_dossier(), make_party()
    row = add_party(actor=adviser, dossier=dossier, organisation=party)
    end_party(actor=adviser, party=row)
    end_party(actor=adviser, party=row)
    add_party(actor=adviser, dossier=dossier, organisation=party)
    assert Party.objects.filter(dossier=dossier).count() == 2
    assert verbs(dossier).count("dossier.party_ended") == 1


# --- members that take part -------------------------------------------------------------------------------------
def test_a_member_takes_part_by_its_own_people_who_follow_and_the_senders_hear_of_a_pilot():
    adviser = make_adviser()
    bundle = make_bundle_of(adviser)
    sender = Item.objects.filter(kind="signal").order_by("pk").first().author
    dossier = make_dossier(adviser, source=bundle)
    member = make_member(name="Dorp aan Zee")
    official = make_person("official", member=member)
    row = take_part(actor=official, dossier=dossier, member=member, what=WHAT)
    assert (row.part, row.what, row.under_way_since) == ("pilot", WHAT, None)
    assert Follow.objects.filter(person=official, item=dossier).exists()
    told = Notice.objects.filter(person=sender, milestone="dossier.member_joined")
    assert told.count() == 1
    change_part(
        actor=official, participation=row, part="pilot", what=WHAT, under_way_since=timezone.localdate()
    )
    assert Notice.objects.filter(person=sender, milestone="dossier.pilot_started").count() == 1
    # Only who carries out or waits is no news.
    take_part(actor=adviser, dossier=dossier, member=make_member(), part="follows")
    assert Notice.objects.filter(person=sender, milestone="dossier.member_joined").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"part": "pilot"}, "what"),
        ({"part": "koploper"}, "part"),
        ({"part": "follows", "under_way_since": timezone.localdate()}, "under_way_since"),
        ({"what": WHAT, "under_way_since": timezone.localdate() + timedelta(days=1)}, "under_way_since"),
        ({"what": "x" * 3_001}, "what"),
        ({"what": "Bel 06-12345678"}, "what"),
    ],
)
def test_how_a_member_takes_part_is_refused_at_its_field(values, field):
    member = make_member()
    with pytest.raises(ValidationError) as raised:
        take_part(
            actor=make_person("official", member=member), dossier=make_dossier(), member=member, **values
        )
    assert list(raised.value.message_dict) == [field]
    assert not Participation.objects.exists()


def test_a_member_takes_part_once_and_may_come_back():
    adviser, dossier, member = make_adviser(), make_dossier(), make_member()
    row = make_pilot(dossier, member=member)
    with pytest.raises(ValidationError, match="doet al mee"):
        make_pilot(dossier, member=member)
    end_part(actor=adviser, participation=row)
    end_part(actor=adviser, participation=row)
    with pytest.raises(ValidationError):
        change_part(actor=adviser, participation=row, part="follows")
    make_pilot(dossier, member=member)
    assert Participation.objects.filter(dossier=dossier).count() == 2
    assert verbs(dossier).count("dossier.member_left") == 1


def test_nobody_speaks_for_another_member_or_on_a_dossier_they_may_not_read():
    network = make_network("m50", make_member())
    hidden = make_dossier(visibility=Visibility.NETWORK, audience=network)
    member = make_member()
    official = make_person("official", member=member)
    with pytest.raises(PermissionDenied):
        take_part(actor=official, dossier=hidden, member=member, what=WHAT)
    dossier = make_dossier()
    with pytest.raises(PermissionDenied):
        take_part(actor=official, dossier=dossier, member=make_member(), what=WHAT)
    row = make_pilot(dossier)
    for deed in (
        lambda: change_part(actor=official, participation=row, part="follows"),
        lambda: end_part(actor=official, participation=row),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    with pytest.raises(PermissionDenied):
        take_part(actor=make_person(), dossier=dossier, member=member, what=WHAT)


def test_a_member_that_went_up_in_another_is_spoken_for_by_that_one():
    dossier, new = make_dossier(), make_member()
    old = make_member()
    row = make_pilot(dossier, member=old)
    old.successor, old.ends = new, timezone.localdate()
    old.save()
    official = make_person("official", member=new)
    change_part(actor=official, participation=Participation.objects.get(pk=row.pk), part="follows")
    assert Participation.objects.get(pk=row.pk).part == "follows"
    with pytest.raises(ValidationError) as raised:
        take_part(actor=make_adviser(), dossier=dossier, member=old, what=WHAT)
    assert list(raised.value.message_dict) == ["member"]


def test_nothing_joins_a_stopped_dossier_but_leaving_it_is_possible():
    dossier = make_dossier()
    row = make_pilot(dossier)
    closed = stopped(dossier)
    with pytest.raises(ValidationError):
        make_pilot(closed)
    with pytest.raises(ValidationError):
        change_part(actor=make_adviser(), participation=row, part="follows")
    end_part(actor=make_adviser(), participation=row)
    assert not Participation.objects.filter(ended_at__isnull=True).exists()
