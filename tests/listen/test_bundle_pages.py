"""Pages of the board, bundles, suggestions and themes: who comes in, what they show, and that they do the deed."""

from datetime import date

import pytest
from django.urls import reverse

from omkering.listen.commands.bundles import make_bundle, member_ids, rename_bundle
from omkering.listen.models import Bundle, Suggestion
from omkering.listen.queries.bundles import bundle_page, theme_page
from omkering.thread.models import Item
from omkering.who.models import Division, DivisionMembership, Population
from tests.listen.made import log_in, make_signal
from tests.people import LONG_AGO, make_adviser, make_member, make_network, make_person, make_theme

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)
REASON = "Dit hoort bij een ander onderwerp dan de rest."


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def bureau(client, adviser):
    return log_in(client, adviser)


def state_of(item) -> str:
    return Item.objects.get(pk=item.pk).state


# --- who stands behind a bundle ------------------------------------------------------------------------------
def test_a_member_counts_once_and_ended_members_count_as_their_successor(adviser):
    city = make_member(inhabitants=900_000)
    ended = make_member(inhabitants=20_000, ends=date(2022, 3, 24), successor=city)
    Population.objects.create(member=city, day=date(2027, 1, 1), inhabitants=950_000, source="later")
    other = make_member(inhabitants=10_000)
    signals = [make_signal(ended, seen_by=[other]), make_signal(city, seen_by=[other])]
    bundle = make_bundle(actor=adviser, title="Samen een bundel", signals=signals)
    now = bundle_page(bundle, adviser, TODAY, {}).spread
    assert {member.pk for member in now.members} == {city.pk, other.pk}
    assert now.inhabitants == 910_000
    assert now.signals_of == {city.pk: 2, other.pk: 2}
    before = bundle_page(bundle, adviser, date(2022, 1, 15), {}).spread
    assert {member.pk for member in before.members} == {city.pk, ended.pk, other.pk}
    assert before.inhabitants == 930_000


def test_minorities_show_with_their_share(adviser):
    small = [make_member(inhabitants=8_000) for _ in range(4)]
    large = [make_member(inhabitants=80_000) for _ in range(16)]
    make_network("p10", *small)
    make_network("g40", *large)
    province = Division.objects.create(kind="province", code="PV22", names={"nl": "Drenthe"})
    for member in small:
        DivisionMembership.objects.create(member=member, division=province, starts=LONG_AGO)
    signals = [make_signal(small[0]), make_signal(small[1]), make_signal(large[0])]
    bundle = make_bundle(actor=adviser, title="Samen een bundel", signals=signals)
    spread = bundle_page(bundle, adviser, TODAY, {}).spread
    by_network = {row.key: row for row in spread.slices["network"]}
    assert (len(by_network["p10"].members), by_network["p10"].size, by_network["p10"].often) == (2, 4, True)
    assert (len(by_network["g40"].members), by_network["g40"].size, by_network["g40"].often) == (1, 16, False)
    (drenthe,) = spread.slices["province"]
    assert (drenthe.name, drenthe.inhabitants, drenthe.of_inhabitants) == ("Drenthe", 16_000, 32_000)
    assert [len(row.members) for row in spread.slices["size_class"]] == [2, 1]


def test_what_one_may_not_read_does_not_count(adviser, client):
    secret_member = make_member(name="Geheimdam")
    signals = [make_signal(), make_signal(), make_signal(secret_member, visibility="bureau")]
    bundle = make_bundle(actor=adviser, title="Samen een bundel", signals=signals)
    person = make_person("official", member=make_member())
    page = bundle_page(bundle, person, TODAY, {})
    assert (len(page.signals), page.hidden, len(page.spread.members)) == (2, 1, 2)
    html = log_in(client, person).get(reverse("listen:bundle", args=[bundle.pk])).content.decode()
    assert signals[2].title not in html
    client.cookies.clear()
    assert client.get(reverse("listen:bundle", args=[bundle.pk])).status_code == 404


@pytest.mark.parametrize("number", [2, 12])
def test_a_bundle_page_takes_a_fixed_number_of_queries(adviser, number, django_assert_num_queries):
    signals = [make_signal(seen_by=[make_member(), make_member()]) for _ in range(number)]
    bundle = make_bundle(actor=adviser, title="Samen een bundel", signals=signals)
    with django_assert_num_queries(15):
        bundle_page(bundle, adviser, TODAY, {})


@pytest.mark.parametrize("number", [2, 12])
def test_a_theme_page_takes_a_fixed_number_of_queries(adviser, number, django_assert_num_queries):
    theme = make_theme()
    signals = [make_signal(theme=theme, seen_by=[make_member()]) for _ in range(number)]
    make_bundle(actor=adviser, title="Samen een bundel", signals=signals)
    with django_assert_num_queries(11):
        page = theme_page(theme, adviser, TODAY)
    assert page.total == number
    assert len(page.spread.members) == 2 * number


# --- pages ---------------------------------------------------------------------------------------------------
def test_the_board_shows_what_it_is_asked(bureau):
    theme = make_theme()
    signal = make_signal(theme=theme, title="Huizen te duur", example=True)
    make_signal(title="Zwembad dicht", summary="Geen personeel")
    html = bureau.get(reverse("listen:board"), {"text": "huis", "theme": theme.key}).content.decode()
    assert signal.title in html
    assert "Zwembad" not in html
    nothing = bureau.get(reverse("listen:board"), {"state": "declined"})
    assert nothing.status_code == 200
    assert signal.title not in nothing.content.decode()


@pytest.mark.parametrize(
    "query",
    ["state=onzin", "since=31-31-2026", "theme=%00", "sort=-x", "after=zzz", "member=GM9999", "text=%27%28%29",
     "bundled=9"],
)  # fmt: skip
def test_nonsense_in_the_address_is_left_out(client, query):
    make_signal(visibility="public")
    assert client.get(f"{reverse('listen:board')}?{query}").status_code == 200


@pytest.mark.parametrize(
    "name", ["suggestions", "make_bundle", "merge_bundles", "import", "renew_suggestions"]
)
def test_what_is_for_the_bureau_stays_with_the_bureau(client, name):
    assert client.get(reverse(f"listen:{name}")).status_code == 302
    log_in(client, make_person("network_secretary"))
    assert client.get(reverse(f"listen:{name}")).status_code in (403, 404)


def test_an_adviser_makes_answers_splits_and_merges(bureau, adviser):
    signals = [make_signal() for _ in range(5)]
    make = f"{reverse('listen:make_bundle')}?" + "&".join(f"signal={signal.pk}" for signal in signals[:4])
    assert bureau.get(make).status_code == 200
    wrong = bureau.post(make, {"title": "", "signals": [signals[0].pk]})
    assert wrong.status_code == 422
    chosen = [signal.pk for signal in signals[:4]]
    assert bureau.post(make, {"title": "Stroomnet is vol", "signals": chosen}).status_code == 302
    bundle = Bundle.objects.get()
    page = reverse("listen:bundle", args=[bundle.pk])
    assert "Stroomnet is vol" in bureau.get(page).content.decode()

    def post(name: str, data: dict, *more) -> int:
        address = reverse(f"listen:{name}", args=[bundle.pk, *more])
        assert bureau.get(address).status_code == 200
        return bureau.post(address, data).status_code

    assert post("add_signals", {"signals": [signals[4].pk]}) == 302
    assert post("remove_signal", {"reason": "kort"}, signals[4].pk) == 422
    assert post("remove_signal", {"reason": REASON}, signals[4].pk) == 302
    assert post("rename_bundle", {"title": "Het stroomnet is vol", "reason": REASON}) == 302
    assert post("split_bundle", {"title": "Kabels in de grond", "signals": chosen[:1]}) == 302
    assert post("split_bundle", {"title": "Alles eruit", "signals": chosen[1:]}) == 422
    new = Bundle.objects.exclude(pk=bundle.pk).get()
    assert member_ids(new) == set(chosen[:1])
    assert [item.pk for item in bundle_page(new, adviser, TODAY, {}).origins] == [bundle.pk]
    html = bureau.get(page).content.decode()
    assert "Stroomnet is vol" in html  # its old name, with the reason
    assert REASON in html
    merge = reverse("listen:merge_bundles")
    assert bureau.get(merge, {"bundle": bundle.pk}).status_code == 200
    data = {"title": "Samengevoegd weer", "bundles": [bundle.pk, new.pk]}
    assert bureau.post(merge, data).status_code == 302
    merged = Bundle.objects.get(title="Samengevoegd weer")
    assert "Samengevoegd weer" in bureau.get(page).content.decode()
    answer = reverse("listen:answer_bundle", args=[merged.pk])
    assert bureau.post(answer, {"state": "referred", "reason": REASON}).status_code == 422
    assert bureau.post(answer, {"state": "taken_up", "reason": REASON}).status_code == 302
    assert state_of(signals[0]) == "taken_up"
    assert REASON in bureau.get(reverse("listen:bundle", args=[merged.pk])).content.decode()


def test_an_adviser_settles_suggestions(bureau):
    signals = [make_signal() for _ in range(3)]
    suggestion = Suggestion.objects.create(name="Energie rekening betalen", cohesion=60)
    suggestion.signals.set(signals)
    assert "Energie rekening betalen" in bureau.get(reverse("listen:suggestions")).content.decode()
    page = reverse("listen:suggestion", args=[suggestion.pk])
    assert bureau.get(page).status_code == 200
    data = {"title": "Energierekening", "signals": [signal.pk for signal in signals[:2]]}
    assert bureau.post(page, data).status_code == 302
    assert member_ids(Bundle.objects.get()) == {signal.pk for signal in signals[:2]}
    assert bureau.get(page).status_code == 404
    other = Suggestion.objects.create(name="Iets anders", cohesion=60)
    assert bureau.post(reverse("listen:dismiss_suggestion", args=[other.pk])).status_code == 302
    other.refresh_from_db()
    assert other.state == "dismissed"
    assert bureau.post(reverse("listen:renew_suggestions")).status_code == 302
    assert bureau.post(reverse("listen:renew_suggestions")).status_code == 302


def test_bundles_and_themes_have_their_lists(client, adviser):
    theme = make_theme()
    signals = [make_signal(theme=theme, visibility="public") for _ in range(2)]
    bundle = make_bundle(actor=adviser, title="Openbare bundel", signals=signals)
    rename_bundle(actor=adviser, bundle=bundle, title="Andere naam", reason=REASON)
    for name, args in (("bundles", []), ("themes", []), ("theme", [theme.key]), ("bundle", [bundle.pk])):
        html = client.get(reverse(f"listen:{name}", args=args)).content.decode()
        assert ("Andere naam" in html) or name == "themes"
    assert client.get(reverse("listen:theme", args=["geen"])).status_code == 404
    assert client.get(reverse("listen:bundles"), {"state": "merged", "theme": "x"}).status_code == 200


def test_a_large_bundle_pages_through_its_signals(client, adviser):
    signals = [make_signal(visibility="public") for _ in range(28)]
    bundle = make_bundle(actor=adviser, title="Grote bundel", signals=signals)
    first = bundle_page(bundle, adviser, TODAY, {})
    second = bundle_page(bundle, adviser, TODAY, {"after": first.page.next})
    assert (first.total, len(first.signals), len(second.signals)) == (28, 25, 3)
    assert {row.pk for row in [*first.signals, *second.signals]} == {row.pk for row in signals}
    assert len(second.spread.members) == 28
