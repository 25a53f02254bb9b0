"""Amendments: prepared by one, given by another, co-signed, replaced and withdrawn; support and authors stay."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from omkering.deliberate.commands.amendments import (
    cosign,
    draft_amendment,
    edit_amendment,
    end_backing,
    replace_amendment,
    submit_amendment,
    withdraw_amendment,
)
from omkering.deliberate.commands.document_rows import write_version
from omkering.deliberate.models import Amendment, Backing, Consultation, ConsultationRound
from omkering.journal.models import Event
from omkering.thread.models import Item, Link, Notice
from omkering.who.standing import standing_of
from tests.deliberate.amendments_made import ONE, REASON, TWO, make_document, make_world, paragraph, submitted
from tests.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def draft(w, **more):
    values = {
        "actor": w.official,
        "paragraph": w.one,
        "owner": w.own,
        "title": "Een jaar later",
        "text": ONE.replace("2030", "2031"),
        "reason": REASON,
    }
    return draft_amendment(**(values | more))


def wrong(field, call, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    assert field in (getattr(caught.value, "error_dict", None) or {"": 0}), caught.value
    return caught.value


def open_round(w, *, closes_in=1, **fields):
    now = timezone.now()
    consultation = Consultation.objects.create(
        kind="consultation", state="open", title="Raadpleging", document=w.document, visibility="members"
    )
    return ConsultationRound.objects.create(
        consultation=consultation,
        number=1,
        title="Ronde",
        takes_amendments=True,
        opens_at=now - timedelta(days=9),
        closes_at=now + timedelta(days=closes_in),
        state=fields.pop("state", "open"),
        **fields,
    )


# --- drafts ------------------------------------------------------------------------------------------------
def test_a_colleague_drafts_and_only_the_mandated_person_hands_in(w):
    row = draft(w)
    assert (row.state, row.number, row.base, row.visibility) == ("draft", 1, ONE, "bureau")
    with pytest.raises(PermissionDenied):
        submit_amendment(actor=w.official, amendment=row)
    submit_amendment(actor=w.mayor, amendment=row)
    row = Amendment.objects.get(pk=row.pk)
    assert (row.state, row.visibility, row.late) == ("submitted", "members", False)
    assert [(b.member, b.part) for b in row.backings.all()] == [(w.own, "author")]
    assert Link.objects.filter(upstream=w.document, downstream=row, kind="amends").exists()
    verbs = Event.objects.filter(subject=row.subject, verb__startswith="amendment.").values_list(
        "verb", flat=True
    )
    assert sorted(verbs) == ["amendment.drafted", "amendment.submitted"]


@pytest.mark.parametrize("who", ["theirs", "stranger", "secretary", "adviser"])
def test_nobody_else_drafts_for_a_member(w, who):
    with pytest.raises(PermissionDenied):
        draft(w, actor=getattr(w, who))


def test_a_draft_is_read_by_its_own_only(w):
    row = draft(w)

    def sees(person):
        return Item.objects.filter(pk=row.pk).visible_to(standing_of(person), person.pk).exists()

    assert sees(w.mayor) and sees(w.official)
    assert not sees(w.theirs) and not sees(w.secretary)
    submit_amendment(actor=w.mayor, amendment=row)
    assert sees(w.theirs) and not sees(w.stranger)


def test_a_network_speaks_through_its_secretary(w):
    row = submitted(w, ONE.replace("2030", "2031"), by=w.secretary, owner=w.network)
    assert (row.network, row.owner_member) == (w.network, None)
    assert row.backings.get().network == w.network
    with pytest.raises(PermissionDenied):
        draft(w, actor=w.mayor, owner=w.network)


def test_bad_words_are_told_at_their_field(w):
    assert "says now" in str(wrong("text", draft, w, text=ONE)) or "nu" in str(
        wrong("text", draft, w, text=ONE)
    )
    wrong("text", draft, w, text="  ")
    wrong("text", draft, w, deed="add", text=ONE)
    wrong("deed", draft, w, deed="paint")
    wrong("title", draft, w, title="x")
    wrong("reason", draft, w, reason="Bel 06-12345678 maar.")
    row = draft(w, reason="kort")
    wrong("reason", submit_amendment, actor=w.mayor, amendment=row)
    assert draft(w, deed="drop", text="laat maar", title="Weg ermee").text == ""


def test_what_the_document_itself_says_is_no_personal_data_of_the_author(w):
    document = make_document("Mail naar info@vereniging.example.", reason="Het adres van de vereniging zelf.")
    at = paragraph(document, 2)
    assert draft(w, paragraph=at, text="Mail snel naar info@vereniging.example.").number == 1
    wrong("text", draft, w, paragraph=at, text="Mail naar naam@gemeente.example.")


def test_two_clicks_are_one_and_an_unseen_change_is_refused(w):
    row = draft(w)
    assert draft(w) == row
    changed = edit_amendment(
        actor=w.mayor, amendment=row, version=1, title="Later", text=ONE + " Echt.", reason=REASON
    )
    assert changed.version == 2
    with pytest.raises(ValidationError) as caught:
        edit_amendment(
            actor=w.official, amendment=row, version=1, title="Eerder", text="Iets.", reason=REASON
        )
    assert caught.value.code == "changed" and w.mayor.name in str(caught.value)
    with pytest.raises(ValidationError, match=w.mayor.name):
        submit_amendment(actor=w.mayor, amendment=row, version=1)
    done = submit_amendment(actor=w.mayor, amendment=row, version=2)
    assert submit_amendment(actor=w.mayor, amendment=row, version=2) == done
    assert Backing.objects.count() == 1
    with pytest.raises(ValidationError):
        edit_amendment(actor=w.mayor, amendment=row, version=done.version, title="Anders", text="Iets.")


def test_numbers_run_through_the_document(w):
    rows = [draft(w), draft(w, paragraph=w.two, text="Iets anders."), draft(w, actor=w.theirs, owner=w.other)]
    assert [row.number for row in rows] == [1, 2, 3]


def test_a_text_that_is_not_published_takes_none(w):
    w.document.state = "adopted"
    w.document.save()
    with pytest.raises(ValidationError):
        draft(w)
    w.document.visibility = "bureau"
    w.document.save()
    with pytest.raises(PermissionDenied):
        draft(w)


# --- rounds ------------------------------------------------------------------------------------------------
def test_a_round_lets_its_public_in_and_after_closing_a_draft_comes_in_late(w):
    round = open_round(w)
    row = draft(w)
    assert row.in_round == round
    round.state = "closed"
    round.save()
    with pytest.raises(ValidationError, match=r"laat|late"):
        draft(w, title="Een nieuwe na sluiting")
    submit_amendment(actor=w.mayor, amendment=row)
    assert Amendment.objects.get(pk=row.pk).late


def test_the_clock_counts_also_before_the_round_was_closed(w):
    round = open_round(w)
    row = draft(w)
    ConsultationRound.objects.filter(pk=round.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    assert submit_amendment(actor=w.mayor, amendment=Amendment.objects.get(pk=row.pk)).late


def test_a_round_of_a_network_does_not_ask_others(w):
    open_round(w, public="network", network=w.network)
    assert draft(w).in_round is not None
    with pytest.raises(ValidationError):
        draft(w, actor=w.theirs, owner=w.other)
    row = submit_amendment(actor=w.mayor, amendment=Amendment.objects.get())
    assert (row.visibility, row.audience) == ("network", w.network)


def test_before_the_first_round_one_hears_when_it_opens(w):
    open_round(w, state="planned")
    with pytest.raises(ValidationError):
        draft(w)


# --- support -----------------------------------------------------------------------------------------------
def test_others_cosign_and_step_out_and_that_stays_known(w):
    row = submitted(w, ONE.replace("2030", "2031"))
    backing = cosign(actor=w.theirs, amendment=row, owner=w.other)
    assert cosign(actor=w.theirs, amendment=row, owner=w.other) == backing
    assert cosign(actor=w.secretary, amendment=row, owner=w.network).part == "cosigns"
    assert Notice.objects.filter(person=w.mayor, milestone="amendment.cosigned").count() == 2
    with pytest.raises(PermissionDenied):
        cosign(actor=w.stranger, amendment=row, owner=w.other)
    end_backing(actor=w.theirs, backing=backing)
    end_backing(actor=w.theirs, backing=backing)
    backing.refresh_from_db()
    assert backing.ended_at is not None
    assert cosign(actor=w.theirs, amendment=row, owner=w.other).pk != backing.pk
    assert Backing.objects.filter(amendment=row).count() == 4
    author = row.backings.get(part="author")
    with pytest.raises(ValidationError):
        end_backing(actor=w.mayor, backing=author)


def test_a_draft_is_not_cosigned(w):
    with pytest.raises(PermissionDenied):
        cosign(actor=w.theirs, amendment=draft(w), owner=w.other)


# --- replaced, withdrawn -----------------------------------------------------------------------------------
def test_replacing_keeps_authors_and_support_with_where_they_came_from(w):
    old = submitted(w, ONE.replace("2030", "2031"))
    cosign(actor=w.theirs, amendment=old, owner=w.other)
    new = replace_amendment(
        actor=w.mayor,
        amendment=old,
        version=Amendment.objects.get(pk=old.pk).version,
        title="Twee jaar later",
        text=ONE.replace("2030", "2032"),
        reason=REASON,
    )
    old.refresh_from_db()
    assert (old.state, new.state, new.number) == ("replaced", "submitted", 2)
    rows = new.backings.filter(ended_at__isnull=True)
    assert {(b.member, b.part, b.came_from.pk) for b in rows} == {
        (w.own, "author", old.pk),
        (w.other, "cosigns", old.pk),
    }
    assert Link.objects.filter(upstream=old, downstream=new, kind="follows_from").exists()
    assert Notice.objects.filter(person=w.theirs, milestone="amendment.replaced", item=old).exists()
    with pytest.raises(ValidationError):
        replace_amendment(
            actor=w.mayor, amendment=old, version=old.version, title="Nog eens", text="Iets.", reason=REASON
        )


def test_replacing_brings_an_old_amendment_onto_the_newest_text(w):
    old = submitted(w, ONE.replace("2030", "2031"))
    blocks = [
        {"kind": "heading", "level": 1, "label": "1", "text": "Zorg", "paragraph": None},
        {
            "kind": "paragraph",
            "level": 0,
            "label": "",
            "text": "De zorg is er vanaf 2030.",
            "paragraph": w.one,
        },
        {"kind": "paragraph", "level": 0, "label": "", "text": TWO, "paragraph": w.two},
    ]
    write_version(w.document, blocks, person=None)
    new = replace_amendment(
        actor=w.mayor,
        amendment=old,
        version=Amendment.objects.get(pk=old.pk).version,
        title="Een jaar later",
        text="De zorg is er vanaf 2031.",
        reason=REASON,
    )
    assert (new.base, new.written_on.number) == ("De zorg is er vanaf 2030.", 2)


def test_withdrawing_needs_a_reason_and_stays_visible(w):
    row = submitted(w, ONE.replace("2030", "2031"))
    wrong("why", withdraw_amendment, actor=w.mayor, amendment=row, reason="")
    with pytest.raises(PermissionDenied):
        withdraw_amendment(actor=w.official, amendment=row, reason=REASON)
    withdraw_amendment(actor=w.mayor, amendment=row, reason=REASON)
    row.refresh_from_db()
    assert (row.state, row.settled_reason) == ("withdrawn", REASON)
    assert withdraw_amendment(actor=w.mayor, amendment=row, reason=REASON).version == row.version


def test_a_colleague_may_end_a_draft_without_a_reason(w):
    row = withdraw_amendment(actor=w.official, amendment=draft(w))
    assert row.state == "withdrawn"
    with pytest.raises(ValidationError):
        submit_amendment(actor=w.mayor, amendment=row)


# --- collisions --------------------------------------------------------------------------------------------
def test_both_sides_hear_of_a_collision_from_the_first_minute(w):
    mine = submitted(w, ONE.replace("2030", "2031"))
    apart = submitted(w, ONE.replace("zorg", "hulp"), title="Ander woord voor zorg")
    theirs = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    told = Notice.objects.filter(milestone="amendment.collides")
    assert {(row.person, row.item_id, row.data["other"]) for row in told} == {
        (w.mayor, mine.pk, theirs.number),
    }  # who handed in the second sees it on its own page, and is not told of what they do themselves
    assert not told.filter(item=apart).exists()


def test_colleagues_of_the_second_side_hear_of_it_too(w):
    submitted(w, ONE.replace("2030", "2031"))
    colleague = make_person("clerk", member=w.other, votes=True)
    theirs = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    assert Notice.objects.get(person=colleague, milestone="amendment.collides").item_id == theirs.pk
