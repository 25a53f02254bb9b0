"""Bundles: what people accepted stays, order does not matter, names follow the texts."""

import random
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine.similar import (
    Background,
    Index,
    encode,
    name_words,
    rerank,
    score,
    suggest_bundles,
    word_similarity,
    words,
)

TEXTS = {
    "a1": "Inwoners kunnen hun energierekening niet meer betalen en komen in de schulden.",
    "a2": "Huishoudens in financiële problemen door hoge gasprijzen.",
    "a3": "Gezinnen met een slecht geïsoleerd huis betalen een hoge gasrekening.",
    "b1": "Het zwembad moet dicht omdat er geen badmeesters te vinden zijn.",
    "b2": "Zwemles valt uit: het zwembad vindt geen badmeester.",
    "b3": "Ons zwembad draait halve dagen door gebrek aan zwemonderwijzers.",
    "c1": "De lijnbus rijdt niet meer door de dorpen en ouderen komen niet bij het ziekenhuis.",
    "c2": "Buslijn geschrapt, het dorp heeft geen openbaar vervoer meer.",
    "d1": "De wolf is gezien bij een schaapskooi.",
}
IDS, BODIES = list(TEXTS), list(TEXTS.values())


@cache
def encoded():
    return encode(BODIES)


@pytest.fixture
def vectors():
    return encoded()


def members(result):
    return {bundle.id: bundle.members for bundle in result.bundles}


def test_what_belongs_together_is_bundled(vectors):
    result = suggest_bundles(IDS, BODIES, vectors)
    assert {frozenset(bundle.members) for bundle in result.bundles} >= {frozenset(("b1", "b2", "b3"))}
    assert "d1" in result.loose
    assert sorted([m for b in result.bundles for m in b.members] + list(result.loose)) == IDS


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(len(IDS))))
def test_the_order_of_texts_does_not_matter(order):
    fixed = encoded()
    expected = suggest_bundles(IDS, BODIES, fixed, {"x": ["b1"]})
    shuffled = suggest_bundles(
        [IDS[i] for i in order], [BODIES[i] for i in order], fixed[order], {"x": ["b1"]}
    )
    assert shuffled == expected


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_an_accepted_bundle_keeps_id_name_and_members_whatever_is_added(data):
    """Even bundles that no machine would make, and after any number of new texts."""
    fixed = encoded()
    known = data.draw(st.integers(2, len(IDS)))
    chosen = data.draw(st.lists(st.sampled_from(IDS[:known]), min_size=1, unique=True))
    cut = data.draw(st.integers(0, len(chosen) - 1))
    accepted = {key: group for key, group in (("x", chosen[cut:]), ("y", chosen[:cut])) if group}
    names = {"x": ("een", "eigen", "naam")}
    before = suggest_bundles(IDS[:known], BODIES[:known], fixed[:known], accepted, names=names)
    after = suggest_bundles(IDS, BODIES, fixed, accepted, names=names)

    def kept(result):
        return {b.id: (b.name, b.members, b.cohesion > -1) for b in result.bundles if b.accepted}

    assert kept(before) == kept(after)
    assert {key: list(value[1]) for key, value in kept(after).items()} == accepted
    assert kept(after)["x"][0] == ("een", "eigen", "naam")
    everyone = [m for b in after.bundles for m in (*b.members, *b.joining)] + list(after.loose)
    assert sorted(everyone) == IDS


def test_a_new_text_is_suggested_to_the_bundle_it_resembles(vectors):
    result = suggest_bundles(IDS, BODIES, vectors, {"bad": ["b1", "b2"], "energie": ["a1", "a2"]})
    joining = {bundle.id: bundle.joining for bundle in result.bundles}
    assert joining["bad"] == ("b3",)
    assert joining["energie"] == ("a3",)


def test_a_suggestion_does_not_depend_on_other_loose_texts(vectors):
    accepted = {"bad": ["b1", "b2"]}
    few = suggest_bundles(IDS[:6], BODIES[:6], vectors[:6], accepted)
    many = suggest_bundles(IDS, BODIES, vectors, accepted)
    assert few.bundles[0].joining == many.bundles[0].joining == ("b3",)


@pytest.mark.parametrize(
    ("ids", "accepted", "reason"),
    [
        (["1", "1"], {}, "id '1' stands twice"),
        (["1", "2"], {"x": ["3"]}, "accepted bundle 'x' names unknown id '3'"),
        (["1", "2"], {"x": ["1"], "y": ["1"]}, "id '1' is in accepted bundles 'x' and 'y'"),
        (["1", "2"], {"x": []}, "accepted bundle 'x' has no members"),
        (["1"], {}, "1 ids and 2 texts"),
    ],
)
def test_bad_input_is_refused(ids, accepted, reason):
    with pytest.raises(ValueError, match=reason):
        suggest_bundles(ids, ["een", "twee"], accepted=accepted)


def test_no_texts_no_bundles():
    result = suggest_bundles([], [])
    assert result.bundles == () and result.loose == () and result.pairs == ()


def test_texts_without_words_stay_loose():
    result = suggest_bundles(["1", "2", "3"], ["", "de het een", BODIES[0]])
    assert "3" in result.loose


def test_equal_texts_are_one_bundle():
    result = suggest_bundles([str(i) for i in range(60)], BODIES[:1] * 40 + BODIES[3:4] * 20)
    assert [len(bundle.members) for bundle in result.bundles] == [40, 20]
    assert result.bundles[0].cohesion == pytest.approx(1, abs=1e-4)


# --- nearest, rerank ---


def slow_scores(texts, vectors, query, vector, idf):
    terms = words(query)
    return [
        float(score(vector @ v, word_similarity(terms, words(t), idf)))
        for t, v in zip(texts, vectors, strict=True)
    ]


def test_index_equals_the_slow_version(vectors):
    index = Index(BODIES, vectors)
    for query in [
        "zwembad zonder badmeester",
        "Inwoners kunnen hun rekening niet betalen",
        "iets heel anders",
        "",
    ]:
        vector = encode([query])[0]
        expected = slow_scores(BODIES, vectors, query, vector, index.idf)
        assert index.scores(query) == pytest.approx(expected, abs=1e-5)
        best = sorted(range(len(expected)), key=lambda i: (-expected[i], i))[:4]
        assert [position for position, _ in index.nearest(query, 4)] == best
        assert rerank(query, vector, BODIES, vectors, idf=index.idf) == pytest.approx(expected, abs=1e-5)


def test_the_example_of_the_energy_bill_is_found():
    """Other reports about paying share its words; this one shares only the meaning."""
    others = [text for key, text in TEXTS.items() if not key.startswith("a")]
    wanted = "huishoudens in financiële problemen door hoge gasprijzen"
    index = Index([*others, wanted, "Inwoners kunnen hun parkeervergunning niet ophalen aan de balie"])
    (best, _), *_ = index.nearest("Inwoners kunnen hun energierekening niet betalen", 1)
    assert best == len(others)


def test_nearest_of_few():
    assert Index([]).nearest("iets") == []
    assert [i for i, _ in Index(["aap", "noot"]).nearest("aap", 5)] == [0, 1]


def test_rerank_checks_shapes(vectors):
    assert rerank("x", vectors[0], [], np.empty((0, 512))).shape == (0,)
    with pytest.raises(ValueError, match="2 texts, but vectors of shape"):
        rerank("x", vectors[0], ["a", "b"], vectors)


def test_vectors_are_unit_float32_and_independent_of_the_batch(vectors):
    assert vectors.dtype == np.float32 and vectors.shape == (len(BODIES), 512)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert encode([BODIES[4]])[0] == pytest.approx(vectors[4], abs=1e-4)
    assert np.isfinite(encode(["", " ", "🙂", "x" * 100_000])).all()
    assert encode([]).shape == (0, 512)
    with pytest.raises(TypeError):
        encode("een tekst")


# --- names ---


def test_a_name_is_three_telling_words_as_written():
    name = name_words([TEXTS["b1"], TEXTS["b2"], TEXTS["b3"]], BODIES)
    assert len(name) == 3 and name[0] == "zwembad"
    assert all(any(word in TEXTS[key].lower() for key in ("b1", "b2", "b3")) for word in name)


def test_abbreviations_keep_their_capitals():
    assert "NIS2" in name_words(["NIS2 vraagt veel van ons", "Wij halen NIS2 niet"], BODIES)


def test_a_name_does_not_depend_on_order_or_on_how_the_background_is_given():
    texts = BODIES[:6]
    shuffled = random.Random(1).sample(texts, len(texts))
    assert name_words(texts, BODIES) == name_words(shuffled, Background.of(reversed(BODIES)))


def test_few_words_give_a_shorter_name():
    assert name_words(["zwembad"]) == ("zwembad",)
    assert name_words(["de het"]) == ()
    assert name_words([]) == ()
