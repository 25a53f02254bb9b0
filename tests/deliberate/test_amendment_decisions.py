"""Talks, advice and decisions on amendments: what is adopted is in the text, and nothing is resolved silently."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from omkering.decide import commands as voting
from omkering.deliberate.commands.amendment_advice import advise
from omkering.deliberate.commands.amendment_decisions import (
    adopt_amendment,
    adopt_amendments,
    decided_elsewhere,
    fall_amendment,
    hold_amendment,
    reject_amendment,
    write_in,
)
from omkering.deliberate.commands.amendment_talks import agree_common, ask_talks, end_talks, propose_common
from omkering.deliberate.commands.amendments import cosign, submit_amendment
from omkering.deliberate.models import Amendment, Basis, CollisionTalk
from omkering.deliberate.queries.amendment_studies import (
    clashes_with_text,
    first_amended,
    text_of,
    traced,
    unwritten,
)
from omkering.engine.merge import Kind
from omkering.thread.commands import link
from omkering.thread.models import Item, Link, Notice
from omkering.who.models import Body
from tests.decide.votes import plan
from tests.deliberate.amendments_made import ONE, REASON, TWO, make_world, submitted, words
from tests.people import make_person

pytestmark = pytest.mark.django_db
COMMON = ONE.replace("2030", "2033")


@pytest.fixture
def w():
    return make_world()


def now(row):
    return Amendment.objects.get(pk=row.pk)


def adopt(w, row, **more):
    return adopt_amendment(actor=w.adviser, amendment=row, version=now(row).version, **more)


# --- adopted -----------------------------------------------------------------------------------------------
def test_adopting_the_second_does_not_undo_the_first(w):
    first = submitted(w, ONE.replace("betaalt", "regelt"))
    second = submitted(w, ONE.replace("2030", "2031"), by=w.theirs, owner=w.other)
    adopt(w, first)
    version = adopt(w, second, reason="Besluit van de ledenvergadering.")
    assert words(w.document) == ["De gemeente regelt de zorg vanaf 2031 zelf.", TWO]
    assert version.number == 3
    assert [basis.item_id for basis in Basis.objects.order_by("version__number")] == [first.pk, second.pk]
    assert now(second).settled_reason == "Besluit van de ledenvergadering."
    assert Notice.objects.filter(person=w.theirs, milestone="amendment.adopted", item=second).exists()


def test_several_are_adopted_into_one_version_and_the_text_says_whose_words_they_are(w):
    rows = [
        submitted(w, ONE.replace("betaalt", "regelt")),
        submitted(w, ONE.replace("2030", "2031"), by=w.theirs, owner=w.other),
        submitted(w, "En dit komt erbij.", deed="add", title="Een zin erbij"),
        submitted(w, deed="drop", at=w.two, title="Alinea eruit"),
    ]
    version = adopt_amendments(actor=w.adviser, amendments=rows, based_on=1)
    assert version.number == 2
    assert words(w.document) == ["De gemeente regelt de zorg vanaf 2031 zelf.", "En dit komt erbij."]
    assert adopt_amendments(actor=w.adviser, amendments=rows, based_on=1) == version
    assert first_amended(w.document.pk) == 1
    pieces, by = traced(text_of(w.document.pk), 1)
    told = {(span.kind, span.text, span.amendments) for piece in pieces for span in piece.spans}
    assert {
        (Kind.INSERTED, "regelt", ("1",)),
        (Kind.INSERTED, "2031", ("2",)),
        (Kind.INSERTED, "En dit komt erbij.", ("3",)),
        (Kind.DELETED, TWO, ("4",)),
    } <= told
    assert {key: row.pk for key, row in by.items()} == {str(row.number): row.pk for row in rows}


def test_only_the_bureau_records_decisions(w):
    row = submitted(w, ONE.replace("2030", "2031"))
    for call in (
        lambda: adopt_amendment(actor=w.mayor, amendment=row, version=2),
        lambda: adopt_amendments(actor=w.mayor, amendments=[row]),
        lambda: reject_amendment(actor=w.mayor, amendment=row, version=2, reason=REASON),
        lambda: hold_amendment(actor=w.mayor, amendment=row, version=2, reason=REASON),
        lambda: fall_amendment(actor=w.mayor, amendment=row, because=row),
        lambda: write_in(actor=w.mayor, amendment=row, text="Iets."),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_what_collides_is_not_adopted_together_and_falls_only_when_it_no_longer_fits(w):
    first = submitted(w, ONE.replace("2030", "2031"))
    second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    loose = submitted(w, ONE.replace("zorg", "hulp"), by=w.far, owner=w.third)
    with pytest.raises(ValidationError, match=r"1 .* 2"):
        adopt_amendments(actor=w.adviser, amendments=[first, second])
    assert words(w.document) == [ONE, TWO]
    with pytest.raises(ValidationError):
        fall_amendment(actor=w.adviser, amendment=second, because=first)
    adopt(w, first, falls=[second])
    assert now(second).state == "fallen" and now(second).settled_in_id == first.pk
    assert Notice.objects.get(person=w.theirs, milestone="amendment.fell").data["by"] == 1
    with pytest.raises(ValidationError, match="3"):
        fall_amendment(actor=w.adviser, amendment=loose, because=first)
    assert not clashes_with_text(now(loose), text_of(w.document.pk))


def test_one_that_collides_with_the_text_needs_words(w):
    first = submitted(w, ONE.replace("2030", "2031"))
    second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    adopt(w, first)
    assert now(second).state == "submitted"  # it is not dropped: it is shown as colliding
    with pytest.raises(ValidationError):
        adopt(w, second)
    adopt(w, second, text=ONE.replace("2030", "2033"))
    assert words(w.document)[0] == ONE.replace("2030", "2033")


def test_an_unseen_version_is_refused(w):
    row = submitted(w, ONE.replace("2030", "2031"))
    with pytest.raises(ValidationError) as caught:
        adopt_amendment(actor=w.adviser, amendment=row, version=1)
    assert caught.value.code == "changed"
    adopt(w, submitted(w, TWO.replace("alle", "de"), at=w.two))
    with pytest.raises(ValidationError) as caught:
        adopt_amendments(actor=w.adviser, amendments=[row], based_on=1)
    assert caught.value.code == "changed"


def test_rejected_and_held_with_a_reason(w):
    row = submitted(w, ONE.replace("2030", "2031"))
    with pytest.raises(ValidationError):
        reject_amendment(actor=w.adviser, amendment=row, version=now(row).version, reason="nee")
    hold_amendment(actor=w.adviser, amendment=row, version=now(row).version, reason=REASON)
    assert now(row).state == "held"
    reject_amendment(actor=w.adviser, amendment=row, version=now(row).version, reason=REASON)
    assert now(row).state == "rejected"
    assert reject_amendment(actor=w.adviser, amendment=row, version=0, reason=REASON).state == "rejected"
    told = Notice.objects.get(person=w.mayor, milestone="amendment.rejected")
    assert told.data["reason"] == REASON


# --- decided in another room -------------------------------------------------------------------------------
def vote_on(w, row):
    made = Item.objects.create(
        kind="vote",
        state="closed",
        title="Stemming over het amendement",
        visibility="members",
        author=w.adviser,
    )
    link(upstream=row, downstream=made, kind="decided_in", actor=None)
    return made


def test_a_vote_by_the_clock_writes_the_text(w):
    row = submitted(w, ONE.replace("2030", "2031"))
    vote = vote_on(w, row)
    decided_elsewhere(item=Item.objects.get(pk=row.pk), cause=vote, actor=None, adopted=True)
    assert words(w.document)[0] == ONE.replace("2030", "2031")
    assert now(row).settled_in == vote
    decided_elsewhere(item=Item.objects.get(pk=row.pk), cause=vote, actor=None, adopted=False)
    assert now(row).state == "adopted"


def test_a_vote_on_something_else_does_nothing(w):
    row = submitted(w, ONE.replace("2030", "2031"))
    further = Item.objects.create(kind="vote", state="closed", title="Iets anders", visibility="members")
    decided_elsewhere(item=Item.objects.get(pk=row.pk), cause=further, actor=None, adopted=True)
    assert now(row).state == "submitted"


def test_a_vote_for_one_that_collides_waits_for_somebody_to_write_it_in(w):
    first = submitted(w, ONE.replace("2030", "2031"))
    second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    adopt(w, first)
    decided_elsewhere(item=Item.objects.get(pk=second.pk), cause=vote_on(w, second), actor=None, adopted=True)
    assert now(second).state == "adopted"
    assert words(w.document)[0] == ONE.replace("2030", "2031")
    assert list(unwritten(w.document)) == [now(second)]
    write_in(actor=w.adviser, amendment=second, text=ONE.replace("2030", "2033"))
    assert words(w.document)[0] == ONE.replace("2030", "2033")
    assert not unwritten(w.document).exists()
    before = text_of(w.document.pk).version
    assert write_in(actor=w.adviser, amendment=second, text="Nog eens anders.") == before


@pytest.mark.parametrize(("choice", "state"), [("for", "adopted"), ("against", "rejected")])
def test_a_vote_in_the_other_room_is_heard(w, choice, state):
    row = submitted(w, ONE.replace("2030", "2031"))
    vote = plan(Item.objects.get(pk=row.pk), w.adviser)
    vote = voting.open_vote(actor=w.adviser, vote=vote)
    for person, member in ((w.mayor, w.own), (w.theirs, w.other), (w.far, w.third)):
        voting.cast_ballot(actor=person, vote=vote, member=member, choice=choice)
    voting.close_vote(actor=w.adviser, vote=vote)
    assert (now(row).state, now(row).settled_in_id) == (state, vote.pk)
    assert words(w.document)[0] == (ONE.replace("2030", "2031") if state == "adopted" else ONE)


def test_words_that_are_in_the_text_already_count_as_written(w):
    first = submitted(w, ONE.replace("2030", "2031"))
    same = submitted(w, ONE.replace("2030", "2031"), by=w.theirs, owner=w.other)
    adopt(w, first)
    assert adopt(w, same).number == 2
    assert not unwritten(w.document).exists()


# --- talks -------------------------------------------------------------------------------------------------
def in_talks(w):
    first = submitted(w, ONE.replace("2030", "2031"))
    second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    cosign(actor=w.far, amendment=second, owner=w.third)
    return first, second, ask_talks(actor=w.theirs, first=second, second=first)


def propose(w, talk, **more):
    values = {
        "actor": w.mayor,
        "talk": talk,
        "owner": w.own,
        "title": "Samen in 2033",
        "text": COMMON,
        "reason": REASON,
    }
    return propose_common(**(values | more))


def test_talks_are_asked_once_and_both_sides_hear(w):
    first, second, talk = in_talks(w)
    assert (talk.first_id, talk.second_id) == (first.pk, second.pk)
    assert ask_talks(actor=w.mayor, first=first, second=second) == talk
    assert Notice.objects.filter(milestone="amendment.talks", person=w.mayor, item=first).exists()
    with pytest.raises(PermissionDenied):
        ask_talks(actor=w.official, first=first, second=second)
    elsewhere = submitted(w, TWO.replace("alle", "de"), at=w.two)
    with pytest.raises(ValidationError):
        ask_talks(actor=w.mayor, first=first, second=elsewhere)


def test_a_common_text_takes_the_place_of_both_with_both_as_authors(w):
    first, second, talk = in_talks(w)
    common = propose(w, talk)
    assert propose(w, talk) == common
    with pytest.raises(ValidationError):  # the other side has not agreed
        submit_amendment(actor=w.mayor, amendment=common)
    with pytest.raises(ValidationError):
        agree_common(actor=w.mayor, talk=CollisionTalk.objects.get(), version=common.version)
    with pytest.raises(PermissionDenied):
        agree_common(actor=w.far, talk=CollisionTalk.objects.get(), version=common.version)
    agreed = agree_common(actor=w.theirs, talk=CollisionTalk.objects.get(), version=common.version)
    assert agree_common(actor=w.theirs, talk=CollisionTalk.objects.get(), version=1) == agreed
    rows = agreed.backings.filter(ended_at__isnull=True)
    assert {(b.member, b.part, b.came_from.pk) for b in rows} == {
        (w.own, "author", first.pk),
        (w.other, "author", second.pk),
        (w.third, "cosigns", second.pk),
    }
    assert {now(first).state, now(second).state} == {"joined"}
    assert now(agreed).state == "submitted"
    assert set(
        Link.objects.filter(downstream=agreed, kind="follows_from").values_list("upstream_id", flat=True)
    ) == {first.pk, second.pk}
    assert CollisionTalk.objects.get().outcome == "common"
    assert Notice.objects.filter(milestone="amendment.joined", person=w.far).exists()


def test_a_counter_proposal_takes_the_place_of_the_first_and_an_old_one_is_not_agreed_to(w):
    _first, _second, talk = in_talks(w)
    common = propose(w, talk)
    stale = CollisionTalk.objects.get()
    other = propose(w, talk, actor=w.theirs, owner=w.other, text=ONE.replace("2030", "2034"))
    assert now(common).state == "replaced"
    with pytest.raises(ValidationError):
        agree_common(actor=w.theirs, talk=stale, version=common.version)
    assert now(agree_common(actor=w.mayor, talk=CollisionTalk.objects.get(), version=other.version)).text == (
        ONE.replace("2030", "2034")
    )


def test_talks_can_end_apart_and_end_by_themselves_when_one_leaves_the_table(w):
    first, second, talk = in_talks(w)
    with pytest.raises(ValidationError):
        end_talks(actor=w.mayor, talk=talk, note="")
    end_talks(actor=w.mayor, talk=talk, note="Wij zijn het niet eens geworden.")
    assert CollisionTalk.objects.get().outcome == "apart"
    again = ask_talks(actor=w.mayor, first=first, second=second)
    assert again.pk != talk.pk
    reject_amendment(actor=w.adviser, amendment=first, version=now(first).version, reason=REASON)
    again.refresh_from_db()
    assert (again.outcome, again.ended_at is not None) == ("apart", True)
    with pytest.raises(ValidationError):
        propose(w, again, actor=w.theirs, owner=w.other)


def test_only_an_author_proposes_a_common_text(w):
    _first, _second, talk = in_talks(w)
    with pytest.raises(ValidationError):
        propose(w, talk, actor=w.far, owner=w.third)
    with pytest.raises(PermissionDenied):
        propose(w, talk, actor=w.official)


# --- advice ------------------------------------------------------------------------------------------------
def test_a_body_advises_and_the_newest_advice_holds(w):
    body = Body.objects.create(key="commissie", kind="committee", names={"nl": "Commissie"})
    seat = make_person("committee_member", body=body)
    row = submitted(w, ONE.replace("2030", "2031"))
    first = advise(actor=seat, amendment=row, body=body, kind="adopt", reason=REASON)
    assert advise(actor=seat, amendment=row, body=body, kind="adopt", reason=REASON) == first
    with pytest.raises(ValidationError):
        advise(actor=seat, amendment=row, body=body, kind="changed", reason=REASON)
    with pytest.raises(ValidationError):
        advise(actor=seat, amendment=row, body=body, kind="reject", reason=REASON, alternative=COMMON)
    second = advise(
        actor=w.adviser, amendment=row, body=body, kind="changed", reason=REASON, alternative=COMMON
    )
    assert list(row.advices.filter(ended_at__isnull=True)) == [second]
    assert row.advices.count() == 2
    assert Notice.objects.filter(milestone="amendment.advised", person=w.mayor).count() == 2
    with pytest.raises(PermissionDenied):
        advise(actor=w.mayor, amendment=row, body=body, kind="adopt", reason=REASON)
