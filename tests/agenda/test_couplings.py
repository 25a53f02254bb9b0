"""Couplings: what is refused, that needing first never goes round, the map, and its page."""

from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from omkering.agenda.commands.challenges import close_challenge
from omkering.agenda.commands.couplings import couple, end_coupling, way
from omkering.agenda.coupling_map import (
    BOX_HEIGHT,
    BOX_WIDTH,
    KINDS,
    Edge,
    Node,
    coupling_map,
    curves,
    layout,
    sample,
)
from omkering.agenda.models import Challenge, Coupling, CouplingKind
from omkering.journal.models import Event
from tests.agenda.challenges_made import REASON, SOURCE, make_challenge, make_coupling
from tests.listen.made import log_in
from tests.people import make_adviser, make_member, make_person

database = pytest.mark.django_db


# --- making and ending -----------------------------------------------------------------------------------
@database
def test_two_challenges_are_coupled_and_uncoupled():
    first, second = make_challenge(), make_challenge()
    coupling = make_coupling(first, second, "competes_space")
    event = Event.objects.get(verb="coupling.made")
    assert event.data == {"coupling": coupling.pk, "second": second.pk, "kind": "competes_space"}
    ended = end_coupling(actor=make_adviser(), coupling=coupling, reason="Dit geldt niet meer.")
    assert ended.ended_at and ended.end_reason == "Dit geldt niet meer."
    with pytest.raises(ValidationError):
        end_coupling(actor=make_adviser(), coupling=coupling, reason="Dit geldt niet meer.")
    make_coupling(first, second, "competes_space")
    assert Coupling.objects.count() == 2, "what ended stays, and can be made anew"


@database
def test_only_the_bureau_couples():
    with pytest.raises(PermissionDenied):
        couple(
            actor=make_person("mayor", member=make_member()),
            first=make_challenge(),
            second=make_challenge(),
            kind="strengthens",
            reason=REASON,
            source=SOURCE,
        )


@database
@pytest.mark.parametrize("kind", CouplingKind.values)
def test_a_challenge_with_itself_and_the_same_twice_are_refused(kind):
    first, second = make_challenge("Wonen"), make_challenge("Water")
    with pytest.raises(ValidationError) as error:
        make_coupling(first, first, kind)
    assert list(error.value.message_dict) == ["second"] and "zichzelf" in str(error.value)
    make_coupling(first, second, kind)
    with pytest.raises(ValidationError, match="Wonen"):
        make_coupling(first, second, kind)
    with pytest.raises(ValidationError):
        make_coupling(second, first, kind)
    other = next(value for value in CouplingKind.values if value not in (kind, "needs_first"))
    make_coupling(second, first, other)


@database
def test_texts_and_kinds_are_checked():
    first, second = make_challenge(), make_challenge()
    for values, field in (
        ({"kind": "loves"}, "kind"),
        ({"reason": "Kort"}, "reason"),
        ({"source": ""}, "source"),
        ({"reason": "Mail naar jan@example.org voor de reden."}, "reason"),
    ):
        with pytest.raises(ValidationError) as error:
            make_coupling(first, second, **values)
        assert list(error.value.message_dict) == [field]
    close_challenge(actor=make_adviser(), challenge=second, reason="Deze opgave is klaar.")
    with pytest.raises(ValidationError, match="agenda"):
        make_coupling(first, second)


@database
@pytest.mark.parametrize("length", [2, 3, 6])
def test_a_circle_of_needing_first_is_refused_and_named(length):
    ring = [make_challenge(f"Opgave {letter}") for letter in "ABCDEF"[:length]]
    for one, other in pairwise(ring):
        make_coupling(one, other, "needs_first")
    with pytest.raises(ValidationError) as error:
        make_coupling(ring[-1], ring[0], "needs_first")
    (sentence,) = error.value.message_dict["second"]
    names = [ring[-1], *ring]
    assert " → ".join(f"“{challenge.title}”" for challenge in names) in sentence
    end_coupling(actor=make_adviser(), coupling=Coupling.objects.first(), reason="Dit geldt niet meer.")
    make_coupling(ring[-1], ring[0], "needs_first")


def has_circle(pairs: set[tuple[int, int]]) -> bool:
    """Slow and obvious: take away what needs nothing until nothing is left, or nothing can be taken."""
    left = set(pairs)
    while left:
        free = {other for _one, other in left} - {one for one, _other in left}
        kept = {(one, other) for one, other in left if other not in free}
        if kept == left:
            return True
        left = kept
    return False


DEEDS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from(["needs_first", "end", "strengthens"])),
    max_size=25,
)


class NeverACircle(TestCase):
    """Whatever is coupled and ended in whatever order."""

    def setUp(self) -> None:
        self.adviser = make_adviser()
        self.challenges = [make_challenge(f"Opgave {n}", adviser=self.adviser) for n in range(5)]

    @given(deeds=DEEDS)
    def test_needing_first_has_no_circle(self, deeds):
        for one, other, deed in deeds:
            first, second = self.challenges[one], self.challenges[other]
            before = set(Coupling.objects.filter(ended_at=None).values_list("first", "second", "kind"))
            try:
                if deed == "end":
                    found = Coupling.objects.filter(first=first, ended_at=None).order_by("pk").first()
                    if found:
                        end_coupling(actor=self.adviser, coupling=found, reason="Dit geldt niet meer.")
                else:
                    couple(
                        actor=self.adviser,
                        first=first,
                        second=second,
                        kind=deed,
                        reason=REASON,
                        source=SOURCE,
                    )
            except ValidationError:
                present = set(Coupling.objects.filter(ended_at=None).values_list("first", "second", "kind"))
                assert present == before, "what is refused changes nothing"
                if deed == "needs_first" and one != other and (first.pk, second.pk, deed) not in before:
                    needs = {(a, b) for a, b, kind in before if kind == "needs_first"}
                    assert has_circle(needs | {(first.pk, second.pk)}), "only a circle is refused"
            live = Coupling.objects.filter(kind="needs_first", ended_at=None)
            assert not has_circle(set(live.values_list("first_id", "second_id")))


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20))
def test_a_way_is_a_way_and_is_found_when_there_is_one(pairs):
    reached = {0}
    while True:
        more = {other for one, other in pairs if one in reached} - reached
        if not more:
            break
        reached |= more
    for goal in range(7):
        found = way(pairs, 0, goal)
        assert bool(found) == (goal in reached)
        if found:
            assert found[0] == 0 and found[-1] == goal and len(set(found)) == len(found)
            assert all(step in pairs for step in pairwise(found))


# --- the map ---------------------------------------------------------------------------------------------
def edges_of(number: int):
    pairs = list(combinations(range(number), 2))
    return st.lists(
        st.tuples(st.sampled_from(pairs), st.sampled_from(KINDS)).map(
            lambda row: Edge(row[0][0], row[0][1], row[1], "woorden")
        ),
        max_size=30,
    )


@given(st.integers(1, 60))
def test_no_two_boxes_overlap_and_each_stands_beside_the_field(number):
    plan = layout(range(number))
    assert list(plan.places) == list(range(number))
    left, top, right, bottom = plan.field
    for one, other in combinations(plan.places.values(), 2):
        assert abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT
    for place in plan.places.values():
        assert 0 <= place.x <= plan.width - BOX_WIDTH and 0 <= place.y <= plan.height - BOX_HEIGHT
        beside = place.x + BOX_WIDTH <= left or place.x >= right
        assert beside or place.y + BOX_HEIGHT <= top or place.y >= bottom


@given(st.integers(2, 30).flatmap(lambda n: st.tuples(st.just(n), edges_of(n))))
def test_no_line_runs_through_a_box(given_):
    number, edges = given_
    plan = layout(range(number))
    left, top, right, bottom = plan.field
    for line in curves(plan, edges):
        for point in (line.start, line.bend, line.other_bend, line.end):  # the curve lies within their hull
            assert left <= point[0] <= right and top <= point[1] <= bottom


@given(st.integers(2, 20).flatmap(lambda n: st.tuples(st.just(n), edges_of(n))))
def test_the_picture_is_sound_and_the_same_each_time(given_):
    number, edges = given_
    nodes = [
        Node(n, f'Opgave {n} <&>"', f"/o/{n}/", f'Opgave {n} <&>"', warning=n % 2 == 0) for n in range(number)
    ]
    svg = coupling_map(nodes, edges, title='Titel <&>"', description="Uitleg")
    assert svg == coupling_map(nodes, edges, title='Titel <&>"', description="Uitleg")
    assert "style=" not in svg and "<script" not in svg
    tree = ElementTree.fromstring(svg)
    assert [child.tag for child in tree][:2] == ["title", "desc"]
    assert tree.get("aria-labelledby") == tree[0].get("id")
    links = tree.findall("a")
    assert [link.get("href") for link in links] == [f"/o/{n}/" for n in range(number)]
    assert all(link.get("aria-label").startswith("Opgave") for link in links)
    drawn = [path for path in tree.iter("path") if "app-coupling " in path.get("class", "")]
    assert len(drawn) == len(edges)


def test_each_kind_has_a_line_and_a_sign_of_its_own():
    assert set(KINDS) == set(CouplingKind.values)
    assert len({sample(kind).replace(kind, "") for kind in KINDS}) == len(KINDS), "not by colour alone"
    with pytest.raises(ValueError, match="loves"):
        coupling_map([Node(1, "A", "/", "A")], [Edge(1, 1, "loves", "")], title="", description="")
    with pytest.raises(ValueError, match="twice"):
        coupling_map([Node(1, "A", "/", "A")] * 2, [], title="", description="")
    assert coupling_map([], [], title="", description="") == ""


@database
def test_the_page_shows_the_map_and_the_same_in_a_table(client):
    first, second, third = (make_challenge(title) for title in ("Wonen", "Water", "Werk"))
    make_coupling(
        first, second, "competes_space", reason="Beide vragen ruimte.", source="https://example.org/r"
    )
    make_coupling(second, third, "needs_first", reason="Zonder water geen werk.")
    page = client.get(reverse("agenda:couplings")).content.decode()
    for words in ("Beide vragen ruimte.", "Zonder water geen werk.", 'href="https://example.org/r"', "<svg"):
        assert words in page, words
    assert 'aria-label="Water: 2 koppelingen"' in page
    only = client.get(reverse("agenda:couplings"), {"kind": "needs_first"}).content.decode()
    assert "Beide vragen ruimte." not in only and "Zonder water geen werk." in only
    around = client.get(reverse("agenda:couplings"), {"challenge": first.pk}).content.decode()
    assert "Zonder water geen werk." not in around and "app-coupling--faint" in around
    assert around.count("app-coupling__marked") == 1


@database
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(client):
    first, second = make_challenge("Wonen"), make_challenge("Water")
    log_in(client, make_adviser())
    path = reverse("agenda:couple")
    assert f'value="{first.pk}" selected' in client.get(path, {"first": first.pk}).content.decode()
    typed = {"first": first.pk, "second": first.pk, "kind": "strengthens", "reason": REASON, "source": SOURCE}
    answer = client.post(path, typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "zichzelf" in page and REASON in page and SOURCE in page
    assert client.post(path, {**typed, "second": second.pk}).status_code == 302
    coupling = Coupling.objects.get()
    end = reverse("agenda:end_coupling", args=[coupling.pk])
    assert client.post(end, {"reason": "Dit geldt niet meer."}).status_code == 302
    assert client.get(end).status_code == 404


@database
def test_the_number_of_queries_is_fixed(client, django_assert_max_num_queries):
    ring = [make_challenge() for _number in range(12)]
    for one, other in combinations(ring, 2):
        make_coupling(one, other)
    with django_assert_max_num_queries(12):
        client.get(reverse("agenda:couplings"), {"challenge": ring[0].pk})
    with django_assert_max_num_queries(16):
        client.get(reverse("agenda:challenge", args=[ring[0].pk]))
    assert Challenge.objects.count() == 12
