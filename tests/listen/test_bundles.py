"""Bundles: what belongs to a signal stays with it, a signal is in one bundle, and every sender hears it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.journal.models import Event
from omkering.listen.commands.bundle_answers import answer_bundle
from omkering.listen.commands.bundles import (
    add_signals,
    make_bundle,
    member_ids,
    merge_bundles,
    remove_signal,
    rename_bundle,
    split_bundle,
)
from omkering.listen.commands.counts import recount
from omkering.listen.commands.suggestions import accept_suggestion, dismiss_suggestion
from omkering.listen.models import Answer, Bundle, Recognition, Signal, Suggestion
from omkering.listen.rules_bundles import LIVE
from omkering.listen.suggestions import suggest
from omkering.thread.chain import downstream_ids
from omkering.thread.models import Item, Link, LinkKind, Notice
from omkering.thread.queries import in_words
from tests.listen.made import make_signal
from tests.people import make_adviser, make_member, make_person, make_theme

pytestmark = pytest.mark.django_db
REASON = "Dit hoort bij een ander onderwerp dan de rest."


@pytest.fixture
def adviser():
    return make_adviser()


def state_of(item) -> str:
    return Item.objects.get(pk=item.pk).state


def texts_for(person) -> list[str]:
    return [in_words(notice).text for notice in Notice.objects.filter(person=person).order_by("pk")]


def test_making_a_bundle_ties_its_signals_and_tells_their_senders_once(adviser):
    theme = make_theme()
    signals = [make_signal(theme=theme) for _ in range(3)]
    bundle = make_bundle(actor=adviser, title="Energierekening te hoog", signals=signals)
    assert member_ids(bundle) == {signal.pk for signal in signals}
    assert bundle.theme == theme
    assert {state_of(signal) for signal in signals} == {"bundled"}
    assert all(Item.objects.get(pk=signal.pk).answered_at for signal in signals)
    for signal in signals:
        (text,) = texts_for(signal.author)
        assert signal.title in text
        assert "Energierekening te hoog" in text
    event = Event.objects.get(verb="bundle.made")
    assert event.data == {"signals": sorted(signal.pk for signal in signals)}


def test_a_signal_is_in_one_bundle_at_most(adviser):
    first, second, third = make_signal(), make_signal(), make_signal()
    make_bundle(actor=adviser, title="Eerste bundel", signals=[first, second])
    with pytest.raises(ValidationError, match=r"already in a bundle|al in een bundel"):
        make_bundle(actor=adviser, title="Tweede bundel", signals=[second, third])
    assert Bundle.objects.count() == 1
    assert state_of(third) == "submitted"


@pytest.mark.parametrize("role", ["official", "mayor"])
def test_only_the_bureau_bundles(role):
    signals = [make_signal(), make_signal()]
    with pytest.raises(PermissionDenied):
        make_bundle(actor=make_person(role, member=make_member()), title="Een bundel", signals=signals)


def test_two_signals_at_least_and_a_title(adviser):
    signals = [make_signal(), make_signal()]
    with pytest.raises(ValidationError) as few:
        make_bundle(actor=adviser, title="Een bundel", signals=signals[:1])
    assert "signals" in few.value.message_dict
    with pytest.raises(ValidationError) as nameless:
        make_bundle(actor=adviser, title="  ", signals=signals)
    assert "title" in nameless.value.message_dict


def test_a_bundle_is_public_only_when_all_its_signals_are(adviser):
    public = [make_signal(visibility="public") for _ in range(2)]
    assert make_bundle(actor=adviser, title="Openbaar", signals=public).visibility == "public"
    mixed = [make_signal(visibility="public"), make_signal(visibility="bureau")]
    assert make_bundle(actor=adviser, title="Gemengd", signals=mixed).visibility == "members"


def test_an_answer_holds_for_all_signals_and_everyone_hears_the_reason(adviser):
    signals = [make_signal(), make_signal()]
    bundle = make_bundle(actor=adviser, title="Stroomnet is vol", signals=signals)
    answer_bundle(actor=adviser, bundle=bundle, state="declined", reason=REASON)
    assert {state_of(item) for item in [*signals, bundle]} == {"declined"}
    for signal in signals:
        assert Answer.objects.get(item=signal).reason == REASON
        assert REASON in texts_for(signal.author)[-1]
    with pytest.raises(ValidationError):
        answer_bundle(actor=adviser, bundle=bundle, state="taken_up", reason=REASON)
    with pytest.raises(ValidationError, match=r"declined|afgewezen"):
        add_signals(actor=adviser, bundle=bundle, signals=[make_signal()])


def test_an_answer_needs_a_reason_and_a_referral_an_addressee(adviser):
    bundle = make_bundle(actor=adviser, title="Stroomnet is vol", signals=[make_signal(), make_signal()])
    with pytest.raises(ValidationError) as error:
        answer_bundle(actor=adviser, bundle=bundle, state="declined", reason=" ")
    assert "reason" in error.value.message_dict
    with pytest.raises(ValidationError) as error:
        answer_bundle(actor=adviser, bundle=bundle, state="referred", reason=REASON)
    assert "referred_to" in error.value.message_dict
    answer_bundle(
        actor=adviser, bundle=bundle, state="referred", reason=REASON, referred_to="de netbeheerder"
    )
    assert state_of(bundle) == "referred"


def test_a_signal_that_had_its_own_answer_keeps_it(adviser):
    own, other, third = make_signal(), make_signal(), make_signal()
    bundle = make_bundle(actor=adviser, title="Stroomnet is vol", signals=[own, other, third])
    Item.objects.filter(pk=own.pk).update(state="taken_up")
    answer_bundle(actor=adviser, bundle=bundle, state="declined", reason=REASON)
    assert (state_of(own), state_of(other)) == ("taken_up", "declined")


def test_who_joins_an_answered_bundle_shares_its_answer(adviser):
    bundle = make_bundle(actor=adviser, title="Stroomnet is vol", signals=[make_signal(), make_signal()])
    answer_bundle(actor=adviser, bundle=bundle, state="taken_up", reason=REASON)
    late = make_signal()
    add_signals(actor=adviser, bundle=bundle, signals=[late])
    assert state_of(late) == "taken_up"
    assert Answer.objects.get(item=late).reason == REASON
    assert len(texts_for(late.author)) == 1


def test_taking_a_signal_out_owes_it_an_answer_again(adviser):
    signals = [make_signal(), make_signal()]
    bundle = make_bundle(actor=adviser, title="Stroomnet is vol", signals=signals)
    remove_signal(actor=adviser, bundle=bundle, signal=signals[0], reason=REASON)
    item = Item.objects.get(pk=signals[0].pk)
    assert (item.state, item.answered_at) == ("in_review", None)
    assert item.due_at is not None
    assert REASON in texts_for(signals[0].author)[-1]
    remove_signal(actor=adviser, bundle=bundle, signal=signals[1], reason=REASON)
    assert state_of(bundle) == "dissolved"
    with pytest.raises(ValidationError):
        add_signals(actor=adviser, bundle=bundle, signals=signals)


def test_signals_stay_together_once_something_follows_from_their_bundle(adviser):
    signals = [make_signal(), make_signal(), make_signal()]
    bundle = make_bundle(actor=adviser, title="Stroomnet is vol", signals=signals)
    proposal = Item.objects.create(kind="proposal", state="draft", title="Voorstel")
    Link.objects.create(upstream=bundle, downstream=proposal, kind=LinkKind.PROPOSES)
    with pytest.raises(ValidationError):
        remove_signal(actor=adviser, bundle=bundle, signal=signals[0], reason=REASON)
    with pytest.raises(ValidationError):
        split_bundle(actor=adviser, bundle=bundle, title="Andere bundel", signals=signals[:1])
    assert member_ids(bundle) == {signal.pk for signal in signals}


def test_a_merger_loses_nothing_and_keeps_the_way_to_what_followed(adviser):
    one = make_bundle(actor=adviser, title="Eerste bundel", signals=[make_signal(), make_signal()])
    two = make_bundle(actor=adviser, title="Tweede bundel", signals=[make_signal(), make_signal()])
    signals = member_ids(one) | member_ids(two)
    proposal = Item.objects.create(kind="proposal", state="draft", title="Voorstel")
    Link.objects.create(upstream=one, downstream=proposal, kind=LinkKind.PROPOSES)
    merged = merge_bundles(actor=adviser, bundles=[one, two], title="Samengevoegd")
    assert member_ids(merged) == signals
    assert {state_of(one), state_of(two)} == {"merged"}
    assert set(downstream_ids([one.pk])) == {proposal.pk, merged.pk}
    for pk in signals:
        assert merged.pk in downstream_ids([pk])
    author = Signal.objects.get(pk=min(signals)).author
    assert "Samengevoegd" in texts_for(author)[-1]
    with pytest.raises(ValidationError):
        merge_bundles(actor=adviser, bundles=[one, merged], title="Nog een keer")


def test_a_merger_of_answered_bundles_keeps_an_answer_they_share(adviser):
    bundles = [
        make_bundle(actor=adviser, title=f"Bundel nummer {n}", signals=[make_signal(), make_signal()])
        for n in range(2)
    ]
    for bundle in bundles:
        answer_bundle(actor=adviser, bundle=bundle, state="taken_up", reason=REASON)
    merged = merge_bundles(actor=adviser, bundles=bundles, title="Samengevoegd")
    assert state_of(merged) == "taken_up"
    assert Answer.objects.filter(item=merged).count() == 1


def test_a_split_moves_signals_and_tells_only_their_senders(adviser):
    signals = [make_signal() for _ in range(4)]
    bundle = make_bundle(actor=adviser, title="Te ruime bundel", signals=signals)
    new = split_bundle(actor=adviser, bundle=bundle, title="Afgesplitst deel", signals=signals[:2])
    assert member_ids(new) == {signal.pk for signal in signals[:2]}
    assert member_ids(bundle) == {signal.pk for signal in signals[2:]}
    assert "Afgesplitst deel" in texts_for(signals[0].author)[-1]
    assert len(texts_for(signals[3].author)) == 1
    with pytest.raises(ValidationError):
        split_bundle(actor=adviser, bundle=bundle, title="Alles eruit", signals=signals[2:])


def test_renaming_needs_a_reason_that_the_history_keeps(adviser):
    bundle = make_bundle(actor=adviser, title="Eerste naam", signals=[make_signal(), make_signal()])
    rename_bundle(actor=adviser, bundle=bundle, title="Betere naam", reason=REASON)
    assert Item.objects.get(pk=bundle.pk).title == "Betere naam"
    with pytest.raises(ValidationError) as error:
        rename_bundle(actor=adviser, bundle=bundle, title="Weer anders", reason="")
    assert "reason" in error.value.message_dict


def facts() -> set[tuple]:
    """Who sent what, and who recognises it with which case."""
    signals = {("signal", row.pk, row.author_id, row.case) for row in Signal.objects.all()}
    seen = Recognition.objects.values_list("signal_id", "member_id", "person_id", "case", "withdrawn_at")
    return signals | {("seen", *row) for row in seen}


STEPS = st.tuples(
    st.sampled_from(["make", "add", "remove", "merge", "split"]),
    st.integers(0, 7),
    st.integers(0, 7),
    st.sets(st.integers(0, 5), min_size=1, max_size=4),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=2, max_size=8))
def test_whatever_is_bundled_split_and_merged_every_signal_keeps_its_own(adviser, steps):
    with transaction.atomic():
        signals = [make_signal(seen_by=[make_member()]) for _ in range(6)]
        before = facts()
        for verb, first, second, chosen in steps:
            live = list(Bundle.objects.filter(state__in=LIVE).order_by("pk"))
            picked = [signals[n] for n in sorted(chosen)]
            one = live[first % len(live)] if live else None
            two = live[second % len(live)] if live else None
            try:
                with transaction.atomic():
                    if verb == "make":
                        make_bundle(actor=adviser, title="Een nieuwe bundel", signals=picked)
                    elif one is None or two is None:
                        continue
                    elif verb == "add":
                        add_signals(actor=adviser, bundle=one, signals=picked)
                    elif verb == "remove":
                        remove_signal(actor=adviser, bundle=one, signal=picked[0], reason=REASON)
                    elif verb == "merge":
                        merge_bundles(actor=adviser, bundles=[one, two], title="Samengevoegde bundel")
                    else:
                        split_bundle(actor=adviser, bundle=one, title="Afgesplitste bundel", signals=picked)
            except ValidationError:
                pass
            assert facts() == before
            homes = Link.objects.filter(
                kind="bundled_in", ended_at__isnull=True, downstream__state__in=LIVE
            ).values_list("upstream_id", flat=True)
            assert len(homes) == len(set(homes))
            for signal in signals:
                assert (state_of(signal) == "bundled") == (signal.pk in set(homes))
        transaction.set_rollback(True)


def test_the_number_of_members_that_see_a_signal_is_kept():
    own, other = make_member(), make_member()
    signal = make_signal(own, seen_by=[other, make_member()])
    assert Signal.objects.get(pk=signal.pk).supporters == 3
    Recognition.objects.filter(signal=signal, member=other).update(withdrawn_at="2026-01-01T00:00Z")
    recount([signal.pk])
    assert Signal.objects.get(pk=signal.pk).supporters == 2


ENERGY = [
    "Inwoners kunnen hun energierekening niet meer betalen",
    "Gezinnen kunnen de hoge energierekening niet betalen",
    "Huishoudens kunnen hun rekening voor energie niet betalen",
]
POOL = ["Het zwembad gaat dicht door personeelstekort", "Zwembad sluit: er is een tekort aan personeel"]


def energy_and_pool() -> list[list[Signal]]:
    return [[make_signal(title=text, summary=text) for text in texts] for texts in (ENERGY, POOL)]


def suggested() -> list[set[int]]:
    rows = Suggestion.objects.filter(state="open").order_by("pk")
    return [set(row.signals.values_list("pk", flat=True)) for row in rows]


def ids(signals) -> set[int]:
    return {signal.pk for signal in signals}


def test_alike_signals_are_suggested_and_a_rerun_changes_nothing():
    energy, pool = energy_and_pool()
    assert suggest() == 2
    assert sorted(suggested(), key=min) == sorted([ids(energy), ids(pool)], key=min)
    before = list(Suggestion.objects.order_by("pk").values("pk", "name", "cohesion"))
    assert all(row["name"] for row in before)
    assert suggest() == 2
    assert list(Suggestion.objects.order_by("pk").values("pk", "name", "cohesion")) == before


def test_an_accepted_bundle_keeps_its_name_and_signals_on_every_rerun(adviser):
    energy, _pool = energy_and_pool()
    suggest()
    suggestion = Suggestion.objects.get(signals=energy[0])
    bundle = accept_suggestion(
        actor=adviser, suggestion=suggestion, title="Armoede door energie", leave_out=[energy[2].pk]
    )
    suggest()
    bundle.refresh_from_db()
    assert bundle.title == "Armoede door energie"
    assert member_ids(bundle) == ids(energy[:2])
    joining = Suggestion.objects.get(state="open", bundle=bundle)
    assert set(joining.signals.values_list("pk", flat=True)) == {energy[2].pk}
    assert accept_suggestion(actor=adviser, suggestion=joining) == bundle
    assert member_ids(bundle) == ids(energy)


def test_a_dismissed_suggestion_returns_only_when_it_has_grown(adviser):
    energy, pool = energy_and_pool()
    suggest()
    dismiss_suggestion(actor=adviser, suggestion=Suggestion.objects.get(signals=energy[0]))
    suggest()
    assert suggested() == [ids(pool)]
    more = [
        make_signal(title=text, summary=text)
        for text in ("De energierekening is niet te betalen", "Niet te betalen: de rekening voor energie")
    ]
    suggest()
    assert ids(energy) | ids(more) in suggested()


def test_a_settled_suggestion_cannot_be_settled_again(adviser):
    energy_and_pool()
    suggest()
    first, second = Suggestion.objects.order_by("pk")
    dismiss_suggestion(actor=adviser, suggestion=first)
    with pytest.raises(ValidationError):
        accept_suggestion(actor=adviser, suggestion=first)
    everyone_but_one = list(second.signals.values_list("pk", flat=True))[1:]
    with pytest.raises(ValidationError, match=r"few|weinig"):
        accept_suggestion(actor=adviser, suggestion=second, leave_out=everyone_but_one)


def test_signals_settled_meanwhile_are_not_suggested(adviser):
    energy, pool = energy_and_pool()
    make_bundle(actor=adviser, title="Zwembaden gaan dicht", signals=pool)
    Item.objects.filter(pk=energy[0].pk).update(state="declined")
    suggest()
    assert suggested() == [ids(energy[1:])]


def test_a_signal_that_joined_meanwhile_is_not_answered_unread(adviser, monkeypatch):
    bundle = make_bundle(actor=adviser, title="Stroomnet is vol", signals=[make_signal(), make_signal()])
    late = make_signal()

    def joined_in_between(row):
        add_signals(actor=adviser, bundle=row, signals=[late])
        return Bundle.objects.select_for_update().get(pk=row.pk)

    monkeypatch.setattr("omkering.listen.commands.bundle_answers.lock_bundle", joined_in_between)
    with pytest.raises(ValidationError):
        answer_bundle(actor=adviser, bundle=bundle, state="declined", reason=REASON)
    assert Answer.objects.count() == 0
