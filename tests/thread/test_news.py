"""News travels upstream, once, to whom it concerns; and is mailed as each person chose."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.journal.models import Event
from omkering.thread import commands, milestones
from omkering.thread.chain import chain, downstream_ids, upstream_ids, ways_of
from omkering.thread.mail import deliver
from omkering.thread.models import Item, Link, LinkKind, Notice, Visibility
from omkering.thread.queries import in_words, notices_of
from omkering.who.standing import standing_of
from tests.people import make_adviser, make_member, make_person, make_theme

pytestmark = pytest.mark.django_db
milestones.register(
    "test.reached",
    text="“%(title)s” came of your “%(because)s”: %(reason)s",
    text_own="Your “%(title)s”: %(reason)s",
)


def make_item(title: str = "Wachtlijst", **fields) -> Item:
    return Item.objects.create(kind="test", title=title, state="open", **fields)


def chain_of_three():
    member = make_member()
    author = make_person("alderman", member=member)
    signal = make_item("Signaal", author=author, owner_member=member)
    bundle, decision = make_item("Bundel"), make_item("Besluit")
    commands.link(upstream=signal, downstream=bundle, kind=LinkKind.BUNDLED_IN, actor=None)
    commands.link(upstream=bundle, downstream=decision, kind=LinkKind.DECIDED_IN, actor=None)
    return author, signal, bundle, decision


def test_the_sender_hears_what_became_of_it_in_words_and_once(django_assert_num_queries):
    author, signal, _bundle, decision = chain_of_three()
    assert commands.announce(item=decision, milestone="test.reached", actor=None, data={"reason": "ja"}) == 1
    assert commands.announce(item=decision, milestone="test.reached", actor=None, data={"reason": "ja"}) == 0
    notice = notices_of(author).get()
    assert notice.because == signal
    assert in_words(notice).text == "“Besluit” came of your “Signaal”: ja"


def test_who_did_it_hears_nothing_and_a_follower_does():
    author, _signal, bundle, decision = chain_of_three()
    follower = make_adviser()
    commands.follow(person=follower, item=bundle)
    assert commands.announce(item=decision, milestone="test.reached", actor=author, data={"reason": ""}) == 1
    assert Notice.objects.get().person == follower


def test_followers_of_the_theme_hear_it():
    theme = make_theme()
    item = make_item(theme=theme)
    person = make_person("alderman", member=make_member())
    commands.follow(person=person, theme=theme)
    assert commands.announce(item=item, milestone="test.reached", actor=None, data={"reason": ""}) == 1


def test_news_of_what_one_may_not_read_is_not_shown():
    author, _signal, _bundle, decision = chain_of_three()
    commands.announce(item=decision, milestone="test.reached", actor=None, data={"reason": ""})
    Item.objects.filter(pk=decision.pk).update(visibility=Visibility.BUREAU)
    assert not notices_of(author).exists()


def test_an_unknown_milestone_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        commands.announce(item=make_item(), milestone="test.unknown", actor=None)


def test_a_circle_is_refused_and_a_link_is_made_once():
    _author, signal, bundle, decision = chain_of_three()
    with pytest.raises(ValueError, match="circle"):
        commands.link(upstream=decision, downstream=signal, kind=LinkKind.FOLLOWS_FROM, actor=None)
    commands.link(upstream=signal, downstream=bundle, kind=LinkKind.BUNDLED_IN, actor=None)
    assert Link.objects.count() == 2
    commands.unlink(upstream=signal, downstream=bundle, kind=LinkKind.BUNDLED_IN, actor=None)
    assert Link.objects.filter(ended_at__isnull=True).count() == 1
    assert Link.objects.count() == 2


def test_another_room_reacts_in_the_same_transaction(monkeypatch):
    seen = []
    # Handlers of its own: those of the rooms stay for the tests after this one.
    monkeypatch.setattr(milestones, "_handlers", {})

    @milestones.on("test.reached", "test")
    def react(*, item, cause, actor, data):
        seen.append((item.title, cause.title))

    *_rest, decision = chain_of_three()
    commands.announce(item=decision, milestone="test.reached", actor=None, data={"reason": ""})
    assert sorted(seen) == [("Bundel", "Besluit"), ("Signaal", "Besluit")]


def test_nobody_follows_what_they_may_not_read():
    item = make_item(visibility=Visibility.BUREAU)
    with pytest.raises(PermissionDenied):
        commands.follow(person=make_person("alderman", member=make_member()), item=item)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edges=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=16))
def test_the_way_up_is_the_way_down_turned_round(edges):
    items = [make_item(str(n)) for n in range(8)]
    for a, b in edges:
        if a < b:
            commands.link(upstream=items[a], downstream=items[b], kind=LinkKind.FOLLOWS_FROM, actor=None)
    reach = {n.pk: set(downstream_ids([n.pk])) for n in items}
    for n in items:
        assert set(upstream_ids([n.pk])) == {other for other, below in reach.items() if n.pk in below}


def test_the_chain_takes_a_fixed_number_of_queries(django_assert_num_queries):
    author, _signal, bundle, _decision = chain_of_three()
    standing = standing_of(author)
    for extra in (0, 30):
        for n in range(extra):
            other = make_item(f"Signaal {n}")
            commands.link(upstream=other, downstream=bundle, kind=LinkKind.BUNDLED_IN, actor=None)
        with django_assert_num_queries(3):
            found = chain(bundle, ways_of(bundle), standing, author.pk)
        assert len(found.upstream) == 1 + extra


@pytest.mark.parametrize("digest", ["at_once", "daily", "weekly"])
def test_mail_goes_out_once_in_the_language_of_the_reader(digest):
    author, _signal, _bundle, decision = chain_of_three()
    author.digest, author.language = digest, "en"
    author.save()
    commands.announce(item=decision, milestone="test.reached", actor=None, data={"reason": "because"})
    assert deliver("never") == 0
    with translation.override("nl"):
        assert deliver(digest) == 1
        assert deliver(digest) == 0
    (sent,) = mail.outbox
    assert sent.to == [author.email]
    assert "came of your “Signaal”: because" in sent.body
    assert sent.subject == "1 new message for you"


def test_a_mail_that_could_not_be_sent_is_tried_again(monkeypatch):
    _author, _signal, _bundle, decision = chain_of_three()
    commands.announce(item=decision, milestone="test.reached", actor=None, data={"reason": ""})

    def refuse(self):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        assert deliver("daily") == 0
    assert deliver("daily") == 1


def test_old_news_and_read_news_is_not_mailed():
    author, _signal, _bundle, decision = chain_of_three()
    commands.announce(item=decision, milestone="test.reached", actor=None, data={"reason": ""})
    Notice.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert deliver("daily") == 0
    commands.announce(item=decision, milestone="test.reached", actor=None, data={"reason": ""}, once="2")
    commands.mark_read(person=author)
    assert deliver("daily") == 0


def test_events_hold_ids_and_no_texts():
    _author, _signal, _bundle, decision = chain_of_three()
    commands.announce(item=decision, milestone="test.reached", actor=None, data={"reason": "geheim woord"})
    assert not Event.objects.filter(data__icontains="geheim").exists()
