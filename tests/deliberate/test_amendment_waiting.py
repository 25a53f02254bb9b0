"""What waits in amendments, what is told of them, and what is kept of a person."""

import pytest
from django.utils import translation

from omkering.deliberate.commands.amendment_advice import advise
from omkering.deliberate.commands.amendment_decisions import (
    adopt_amendment,
    decided_elsewhere,
    fall_amendment,
    hold_amendment,
    reject_amendment,
    write_in,
)
from omkering.deliberate.commands.amendment_talks import agree_common, ask_talks, end_talks, propose_common
from omkering.deliberate.commands.amendments import (
    cosign,
    draft_amendment,
    end_backing,
    replace_amendment,
    withdraw_amendment,
)
from omkering.deliberate.milestones.amendments import NEWS
from omkering.deliberate.models import Amendment, CollisionTalk
from omkering.thread.commands import follow, link
from omkering.thread.models import Item, Notice
from omkering.thread.queries import in_words
from omkering.thread.waiting import waiting_for
from omkering.who.models import Body
from omkering.who.personal_data import personal_data_of
from tests.deliberate.amendments_made import ONE, REASON, TWO, make_world, submitted
from tests.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def version(row):
    return Amendment.objects.get(pk=row.pk).version


def waits(person):
    return [entry.url for entry in waiting_for(person) if "amendementen" in entry.url]


def test_a_draft_waits_for_who_can_hand_it_in(w):
    row = draft_amendment(actor=w.official, paragraph=w.one, owner=w.own, title="Later", text=ONE + " Echt.")
    assert waits(w.mayor) == [f"/beraadslagen/amendementen/{row.pk}/"]
    assert not waits(w.official) and not waits(w.theirs)


def test_a_common_text_waits_for_the_other_side_only(w):
    first = submitted(w, ONE.replace("2030", "2031"))
    second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    talk = ask_talks(actor=w.theirs, first=first, second=second)
    propose_common(
        actor=w.mayor, talk=talk, owner=w.own, title="Samen", text=ONE.replace("2030", "2033"), reason=REASON
    )
    assert waits(w.theirs) == [f"/beraadslagen/amendementen/overleg/{talk.pk}/"]
    assert not waits(w.mayor)


def unwritten(w):
    first = submitted(w, ONE.replace("2030", "2031"))
    second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    adopt_amendment(actor=w.adviser, amendment=first, version=version(first))
    vote = Item.objects.create(kind="vote", state="closed", title="Stemming", visibility="members")
    link(upstream=second, downstream=vote, kind="decided_in", actor=None)
    decided_elsewhere(item=Item.objects.get(pk=second.pk), cause=vote, actor=None, adopted=True)
    return second


def test_what_is_to_be_written_in_waits_for_the_bureau(w):
    row = unwritten(w)
    (entry,) = [entry for entry in waiting_for(w.adviser) if "amendementen" in entry.url]
    assert entry.url == f"/beraadslagen/amendementen/{row.pk}/in-de-tekst/" and entry.late
    write_in(actor=w.adviser, amendment=row, text=ONE.replace("2030", "2034"))
    assert not waits(w.adviser)


def test_all_news_can_be_read_in_both_languages(w):
    body = Body.objects.create(
        key="commissie", kind="committee", names={"nl": "Commissie", "en": "Committee"}
    )
    watcher = make_person("clerk", member=w.own)
    follow(person=watcher, item=Item.objects.get(pk=w.document.pk))

    def pair():
        first = submitted(w, ONE.replace("2030", "2031"))
        second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
        for row in (first, second):
            follow(person=watcher, item=Item.objects.get(pk=row.pk))
        return first, second, ask_talks(actor=w.mayor, first=first, second=second)

    first, second, talk = pair()
    backing = cosign(actor=w.far, amendment=first, owner=w.third)
    end_backing(actor=w.far, backing=backing)
    advise(actor=w.adviser, amendment=first, body=body, kind="adopt", reason=REASON)
    end_talks(actor=w.mayor, talk=talk, note="Wij worden het niet eens.")
    replace_amendment(
        actor=w.mayor,
        amendment=first,
        version=version(first),
        title="Nog later",
        text=ONE + " Ooit.",
        reason=REASON,
    )
    withdraw_amendment(actor=w.theirs, amendment=second, reason=REASON)
    first, second, talk = pair()
    common = propose_common(
        actor=w.mayor, talk=talk, owner=w.own, title="Samen", text=ONE.replace("2030", "2033"), reason=REASON
    )
    agree_common(actor=w.theirs, talk=CollisionTalk.objects.get(pk=talk.pk), version=common.version)
    first, second, talk = pair()
    adopt_amendment(actor=w.adviser, amendment=first, version=version(first))
    fall_amendment(actor=w.adviser, amendment=second, because=first)
    row = submitted(w, TWO.replace("alle", "de"), at=w.two)
    hold_amendment(actor=w.adviser, amendment=row, version=version(row), reason=REASON)
    reject_amendment(actor=w.adviser, amendment=row, version=version(row), reason=REASON)

    told = list(Notice.objects.filter(milestone__startswith="amendment."))
    assert {row.milestone.removeprefix("amendment.") for row in told} == set(NEWS)
    for language in ("nl", "en"):
        with translation.override(language):
            for notice in told:
                said = in_words(notice)
                assert w.document.title in said.text and "%(" not in said.text
                assert said.url == f"/beraadslagen/amendementen/{notice.item_id}/"


def test_support_advice_and_talks_are_in_the_copy_of_a_person(w):
    first = submitted(w, ONE.replace("2030", "2031"))
    second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    ask_talks(actor=w.mayor, first=first, second=second)
    body = Body.objects.create(key="commissie", kind="committee", names={"nl": "Commissie"})
    advise(actor=w.adviser, amendment=first, body=body, kind="reject", reason=REASON)
    mine, theirs, bureau = (personal_data_of(person) for person in (w.mayor, w.theirs, w.adviser))
    assert [row["id"] for row in mine["amendment_backings"]] == [first.pk]
    assert [row["id"] for row in theirs["amendment_backings"]] == [second.pk]
    assert mine["amendment_talks"][0]["state"] == "open" and not theirs["amendment_talks"]
    assert bureau["amendment_advices"][0]["text"] == REASON and not mine["amendment_advices"]
