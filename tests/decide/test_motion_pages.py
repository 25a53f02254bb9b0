"""Pages of motions and undertakings, by role, and what waits on the home page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from omkering.decide import commands
from omkering.decide.models import Motion, MotionTalk, Undertaking
from omkering.thread.waiting import waiting_for
from omkering.ui import next_steps
from omkering.who.models import Person
from tests.decide.motions import (
    REASON,
    REQUESTS,
    called,
    draft,
    filed,
    going_on,
    late,
    make_world,
    past_deadline,
    voted,
)
from tests.decide.votes import log_in, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def at(client, name, *args):
    return client.get(reverse(f"decide:{name}", args=args))


def send(client, name, *args, **data):
    return client.post(reverse(f"decide:{name}", args=args), data)


def as_(client, person):
    log_in(client, person)
    return client


def waits(person) -> list[str]:
    """Addresses of what waits, as somebody who just logged in sees it."""
    return [entry.url for entry in waiting_for(Person.objects.get(pk=person.pk))]


FORM = {"title": "Sneller keuren", "noting": "Het duurt lang.", "considering": "", "requests": REQUESTS}


# --- writing -------------------------------------------------------------------------------------------------
def test_a_motion_is_made_of_a_bundle(client, w):
    source = make_source(kind="bundle", state="taken_up", visibility="members")
    label = [step["url"] for step in next_steps.steps(w.mayor, source)]
    address = reverse("decide:motion_from", args=[source.pk])
    assert address in label
    as_(client, w.mayor)
    assert source.title in client.get(address).content.decode()
    page = client.post(address, {**FORM, "go": "draft"})
    row = Motion.objects.get()
    assert page.url == reverse("decide:motion", args=[row.pk])
    assert row.upstream_links.get().upstream_id == source.pk


def test_looking_keeps_nothing_and_shows_the_usual_form(client, w):
    filed(w, by=w.theirs, owner=w.other, title="Keuringen moeten sneller")
    as_(client, w.mayor)
    page = send(client, "new_motion", **FORM, go="look").content.decode()
    assert "constaterende dat" in page and "<li>Het duurt lang.</li>" in page
    assert "Keuringen moeten sneller" in page  # what is there already
    assert not Motion.objects.filter(state="draft").exists()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(client, w):
    as_(client, w.mayor)
    page = send(client, "new_motion", **{**FORM, "title": "x"}, go="draft")
    assert page.status_code == 422 and "Het duurt lang." in page.content.decode()


def test_a_draft_is_not_found_by_others(client, w):
    row = draft(w)
    for person, status in ((w.official, 200), (w.adviser, 200), (w.theirs, 404), (w.secretary, 404)):
        assert at(as_(client, person), "motion", row.pk).status_code == status
    client.logout()
    assert at(client, "motion", row.pk).status_code == 404


def test_two_who_change_one_draft_do_not_overwrite_each_other(client, w):
    row = draft(w)
    as_(client, w.official)
    commands.change_motion(
        actor=w.mayor, motion=row, version=row.version, title="Iets anders", requests=REQUESTS
    )
    page = send(client, "change_motion", row.pk, **FORM, version=row.version, go="draft")
    assert page.status_code == 422 and Motion.objects.get(pk=row.pk).title == "Iets anders"


# --- filing --------------------------------------------------------------------------------------------------
def test_before_filing_one_sees_what_is_there_and_the_lighter_road(client, w):
    other = filed(w, by=w.theirs, owner=w.other, title="Keuringen moeten sneller")
    row = draft(w)
    as_(client, w.mayor)
    page = at(client, "file_motion", row.pk).content.decode()
    assert other.title in page and "/melden/?title=Sneller%20keuren" in page
    assert (
        "Sneller keuren" in client.get(reverse("listen:report") + "?title=Sneller%20keuren").content.decode()
    )
    page = send(client, "file_motion", row.pk, meeting=w.meeting.pk, version=row.version)
    assert page.status_code == 302
    assert Motion.objects.get(pk=row.pk).state == "filed"


def test_who_has_no_mandate_sees_it_but_cannot_file(client, w):
    row = draft(w)
    as_(client, w.official)
    assert at(client, "file_motion", row.pk).status_code == 200
    assert send(client, "file_motion", row.pk, meeting=w.meeting.pk).status_code == 403


def test_a_late_motion_says_what_is_needed(client, w):
    past_deadline(w)
    row = draft(w)
    as_(client, w.mayor)
    page = send(client, "file_motion", row.pk, meeting=w.meeting.pk, version=row.version)
    assert page.status_code == 422 and "id_urgency_current" in page.content.decode()


def test_filing_and_signing_ask_for_a_second_factor(client, w):
    row = filed(w)
    log_in(client, w.theirs, second_factor=False)
    assert send(client, "sign_motion", row.pk).status_code == 403
    assert row.signatures.count() == 1
    as_(client, w.theirs)
    assert send(client, "sign_motion", row.pk).status_code == 302
    assert row.signatures.count() == 2


# --- one motion ----------------------------------------------------------------------------------------------
def test_the_page_tells_the_whole_life(client, w):
    row = filed(w, sources=[make_source()])
    commands.sign_motion(actor=w.theirs, motion=row, owner=w.other)
    commands.advise(actor=w.adviser, about=row, body=w.board, kind="adopt", reason=REASON)
    voted(w, row)
    commands.plan_execution(
        actor=w.adviser, about=row, owner_body=w.board, plan="Wij spreken een termijn af.",
        due=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    commands.report(actor=w.adviser, about=row, text="Het eerste gesprek was er.")
    settling = commands.propose_settling(actor=w.adviser, about=row, account="De termijn geldt nu overal.")
    commands.answer_settling(actor=w.mayor, settlement=settling, agrees=True)
    commands.decide_settling(actor=w.adviser, settlement=settling, meeting=going_on(w), settled=True)
    page = at(client, "motion", row.pk).content.decode()  # a visitor
    told = page[page.index("h-life") :]
    words = [
        "ingediend",
        "ondertekend",
        "Advies",
        "geopend",
        "aangenomen",
        "voert het uit",
        "verteld",
        "afgedaan",
    ]
    places = [told.index(word) for word in words]
    assert places == sorted(places)
    assert "Keuringen duren lang" in page


def test_merged_and_split_motions_tell_of_each_other(client, w):
    one, other = filed(w), filed(w, by=w.theirs, owner=w.other, title="Keuringen sneller")
    made = commands.merge_motions(
        actor=w.adviser, motions=[one, other], title="Samen sneller keuren", requests=REQUESTS
    )
    assert "Samen sneller keuren" in at(client, "motion", one.pk).content.decode()
    page = at(client, "motion", made.pk).content.decode()
    assert one.title in page and other.title in page
    as_(client, w.adviser)
    data = {"request_0": "1", "request_1": "2", "title_1": "De termijn", "title_2": "", "version": 0}
    assert send(client, "split_motion", made.pk, **data).status_code == 422
    data["version"] = Motion.objects.get(pk=made.pk).version
    assert send(client, "split_motion", made.pk, **data).status_code == 302
    page = at(client, "motion", made.pk).content.decode()
    assert "De termijn" in page and "deel 2" in page


def test_a_changed_text_is_shown_word_by_word(client, w):
    row = filed(w)
    as_(client, w.mayor)
    page = send(
        client, "change_motion", row.pk, title=row.title, noting=row.noting, considering=row.considering,
        requests=REQUESTS.replace("kwartaal", "half jaar"), version=Motion.objects.get(pk=row.pk).version,
        reason=REASON, go="keep",
    )  # fmt: skip
    assert page.status_code == 302
    page = at(client, "motion", row.pk).content.decode()
    assert "kwartaal" in page[page.index("<del>") :] and "half jaar" in page[page.index("<ins>") :]


def test_talks_are_for_those_inside(client, w):
    one, other = filed(w), filed(w, by=w.theirs, owner=w.other, title="Keuringen sneller")
    as_(client, w.mayor)
    assert send(client, "ask_motion_talk", one.pk, other=other.pk, message="Samen?").status_code == 302
    talk = MotionTalk.objects.get()
    assert (
        send(client, "propose_merger", talk.pk, title="Samen sneller", requests=REQUESTS).status_code == 302
    )
    assert at(as_(client, w.far), "motion_talk", talk.pk).status_code == 404
    as_(client, w.theirs)
    page = at(client, "motion_talk", talk.pk).content.decode()
    assert "Samen?" in page and 'value="agree"' in page
    talk.refresh_from_db()
    page = send(client, "motion_talk", talk.pk, go="agree", version=talk.common.version)
    assert Motion.objects.get(pk=one.pk).merged_into_id == talk.common_id
    assert page.url == reverse("decide:motion", args=[talk.common_id])


def test_only_who_leads_records_what_was_decided(client, w):
    row = late(w)
    as_(client, w.mayor)
    for name in ("decide_urgency", "hold_motion", "merge_motions"):
        assert at(client, name, row.pk).status_code == 403
    as_(client, w.adviser)
    data = {"admitted": "yes", "reason": REASON}
    assert send(client, "decide_urgency", row.pk, **data).status_code == 302
    assert Motion.objects.get(pk=row.pk).admission == "urgent"
    assert send(client, "place_motion", row.pk).status_code == 302
    assert Motion.objects.get(pk=row.pk).agenda_item is not None
    later = called(150)
    commands.hold_motion(actor=w.adviser, motion=row, reason=REASON)
    as_(client, w.mayor)
    assert send(client, "bring_motion", row.pk, meeting=later.pk).status_code == 302
    assert Motion.objects.get(pk=row.pk).meeting_id == later.pk


# --- lists ---------------------------------------------------------------------------------------------------
def test_the_board_and_the_table_filter(client, w):
    one = filed(w)
    other = filed(w, by=w.secretary, owner=w.network, title="Meer ruimte voor het net")
    commands.hold_motion(actor=w.adviser, motion=other, reason=REASON)
    page = at(client, "motions").content.decode()
    assert one.title in page and other.title in page
    own = reverse("decide:motions")
    for query, there, gone in (
        (f"filer=network-{w.network.pk}", other, one),
        (f"filer=member-{w.own.pk}", one, other),
        ("state=held", other, one),
        ("view=table&state=to_decide", one, other),
        ("q=stroomnet+ruimte", None, one),
        (f"year={one.year}&meeting={w.meeting.pk}&state=filed", one, other),
    ):
        page = client.get(f"{own}?{query}").content.decode()
        assert there is None or f"/motie/{there.pk}/" in page
        assert f"/motie/{gone.pk}/" not in page
    for bad in ("state=x&year=x&theme=999999999&filer=member-x", "after=x&view=table", "year=-1"):
        assert client.get(f"{own}?{bad}").status_code == 200
    draft(w, title="Nog een concept")
    assert "Nog een concept" not in at(as_(client, w.adviser), "motions").content.decode()
    assert "Nog een concept" in at(as_(client, w.mayor), "my_motions").content.decode()


def test_the_tables_to_take_away(client, w):
    row = filed(w)
    text = b"".join(at(client, "export_motions", "csv").streaming_content).decode()
    assert f"Motie {row.year}-1" in text and row.title in text
    assert at(client, "export_motions", "pdf").status_code == 404
    made = commands.record_undertaking(actor=w.adviser, meeting=going_on(w), title="Een brief voor de zomer")
    text = b"".join(at(client, "export_undertakings", "csv").streaming_content).decode()
    assert made.title in text
    assert at(client, "export_undertakings", "ods").status_code == 200


# --- undertakings --------------------------------------------------------------------------------------------
def test_an_undertaking_from_the_meeting_to_its_end(client, w):
    meeting = going_on(w)
    as_(client, w.mayor)
    assert at(client, "record_undertaking", meeting.pk).status_code == 403
    as_(client, w.adviser)
    data = {"title": "Een brief voor de zomer", "asked_by": w.own.pk, "due": "2020-01-01"}
    assert send(client, "record_undertaking", meeting.pk, **data).status_code == 302
    row = Undertaking.objects.get()
    own = reverse("decide:undertakings")
    assert row.title in client.get(f"{own}?state=late").content.decode()
    assert row.title not in client.get(f"{own}?state=settled").content.decode()
    assert reverse("decide:undertaking", args=[row.pk]) in waits(w.adviser)
    account = "De brief is vorige week verstuurd."
    assert send(client, "propose_settling", row.pk, account=account).status_code == 302
    settling = row.settlements.get()
    assert reverse("decide:answer_settling", args=[settling.pk]) in waits(w.mayor)
    as_(client, w.mayor)
    page = send(client, "answer_settling", settling.pk, answer="object", objection="")
    assert page.status_code == 422
    page = send(client, "answer_settling", settling.pk, answer="object", objection="Er kwam geen antwoord.")
    assert page.status_code == 302
    assert reverse("decide:decide_settling", args=[settling.pk]) in waits(w.adviser)
    as_(client, w.adviser)
    page = at(client, "decide_settling", settling.pk).content.decode()
    assert "Er kwam geen antwoord." in page
    data = {"meeting": meeting.pk, "settled": "yes"}
    assert send(client, "decide_settling", settling.pk, **data).status_code == 302
    client.logout()
    page = at(client, "undertaking", row.pk).content.decode()
    assert "Afgedaan" in page and "Er kwam geen antwoord." in page


def test_the_meeting_shows_its_motions_and_undertakings(client, w):
    row = filed(w)
    assert row.title in at(client, "meeting", w.meeting.pk).content.decode()


# --- what waits ----------------------------------------------------------------------------------------------
def test_what_waits_for_members_and_the_bureau(w):
    shared = draft(w, title="Gedeeld concept", shared_with=w.network)
    address = reverse("decide:motion", args=[shared.pk])
    assert address in waits(w.mayor) and address in waits(w.theirs) and address not in waits(w.far)
    commands.sign_motion(actor=w.theirs, motion=shared, owner=w.other)
    assert address not in waits(w.theirs)
    row = filed(w, title="Nog een motie", meeting=called(15))
    advise = reverse("decide:advise", args=[row.pk])
    assert advise in waits(w.adviser)
    commands.advise(actor=w.adviser, about=row, body=w.board, kind="hold", reason=REASON)
    assert advise not in waits(w.adviser)
    urgent = late(w, title="Een late motie")
    assert reverse("decide:decide_urgency", args=[urgent.pk]) in waits(w.adviser)
    voted(w, row)
    assert reverse("decide:plan_execution", args=[row.pk]) in waits(w.adviser)
