"""What members said in deliberation reaches who decides: views, stances and backings, as far as they may read them."""

import pytest

from omkering.deliberate.commands.formal_views import hand_in_view, save_view, start_view
from omkering.deliberate.commands.stances import take_stance
from omkering.thread.commands import link
from omkering.thread.models import Item, LinkKind
from omkering.thread.voices import voices_about
from tests.deliberate.amendments_made import make_world, submitted
from tests.deliberate.consultations_made import open_one
from tests.deliberate.positions_made import make_position
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
TEXT = "Kleine gemeenten hebben hier geen mensen voor."


def test_a_view_counts_once_it_is_handed_in_and_also_for_what_follows_from_the_document():
    adviser, member = make_adviser(), make_member()
    voter = make_person("mayor", member=member, votes=True)
    round = open_one()
    document = round.consultation.document
    later = Item.objects.create(kind="proposal", title="Voorstel", state="made", visibility="public")
    link(upstream=document, downstream=later, kind=LinkKind.PROPOSES, actor=adviser)
    view = start_view(actor=voter, round=round, member=member)
    view = save_view(actor=voter, view=view, version=view.version, text=TEXT, points=[])
    assert voices_about(later, adviser) == []
    hand_in_view(actor=voter, view=view, version=view.version)
    (voice,) = voices_about(later, adviser)
    assert (voice.member, voice.text, voice.network) == (member.pk, TEXT, None)
    assert voices_about(document, adviser) == [voice]


def test_stances_are_for_insiders_and_only_the_one_that_holds():
    position, member = make_position(readers="public"), make_member()
    voter = make_person("mayor", member=member, votes=True)
    take_stance(actor=voter, position=position, party=member, kind="carries")
    take_stance(actor=voter, position=position, party=member, kind="other", remark="Wij willen iets anders.")
    (voice,) = voices_about(position, voter)
    assert voice.member == member.pk and voice.text == "Wij willen iets anders." and voice.stance
    assert voices_about(position, None) == []


def test_who_stands_behind_an_amendment_is_seen_by_who_may_read_it():
    w = make_world()
    row = submitted(w, "De gemeente betaalt de zorg vanaf 2032 zelf.")
    assert [voice.member for voice in voices_about(row, w.adviser)] == [w.own.pk]
    assert voices_about(row, None) == []  # the document is for members
