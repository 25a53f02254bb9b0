"""How well words, vectors and both find what belongs together, on Dutch signals written and labelled by hand.

`labelled_signals.csv` has 344 signals: 40 bundles, and 120 near-misses that share words or a theme with a bundle but
tell of another problem. Weights were tuned on it. `fresh_signals.csv` has 55 signals about other matters, written
after the word lists and weights were fixed: what to expect of themes that nobody thought of.
"""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from omkering.engine.similar import Index, encode, score, suggest_bundles, word_similarity, words
from omkering.engine.similar.features import hybrid_features, weigh_terms

DATA = Path(__file__).parent / "data"


class Labelled:
    def __init__(self, file):
        with (DATA / file).open(encoding="utf-8", newline="") as lines:
            self.rows = list(csv.DictReader(lines))
        self.ids = [row["id"] for row in self.rows]
        self.texts = [f"{row['title']}. {row['text']}" for row in self.rows]
        self.labels = np.array([row["bundle"] for row in self.rows])
        self.upper = np.triu_indices(len(self.rows), 1)
        same = (self.labels[:, None] == self.labels) & (self.labels != "")
        self.truth = same[self.upper]
        self.vectors = encode(self.texts)
        terms = weigh_terms(self.texts)
        self.features = hybrid_features(self.vectors, terms)
        self.by_vector = self.vectors @ self.vectors.T
        self.by_word = (terms.matrix @ terms.matrix.T).toarray()
        self.both = score(self.by_vector, self.by_word)

    def quality(self, scores):
        """Precision, recall and F1 over all pairs at the best border, and average precision over all borders."""
        scores = scores[self.upper]
        hits = self.truth[np.argsort(-scores, kind="stable")]
        found = np.cumsum(hits)
        precision, recall = found / np.arange(1, len(hits) + 1), found / hits.sum()
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
        best = int(f1.argmax())
        average = float(precision[hits].mean())
        return float(precision[best]), float(recall[best]), float(f1[best]), average

    def pairs_of(self, groups):
        """Precision, recall and F1 of a division in groups, over pairs that are together."""
        group_of = {member: i for i, group in enumerate(groups) for member in group}
        group = np.array([group_of.get(key, -1 - i) for i, key in enumerate(self.ids)])
        together = (group[:, None] == group)[self.upper]
        right = (together & self.truth).sum()
        precision, recall = right / together.sum(), right / self.truth.sum()
        return precision, recall, 2 * precision * recall / (precision + recall)


@pytest.fixture(scope="module")
def labelled():
    return Labelled("labelled_signals.csv")


@pytest.fixture(scope="module")
def fresh():
    return Labelled("fresh_signals.csv")


def test_the_set_is_what_it_says(labelled):
    sizes = Counter(labelled.labels.tolist())
    near_misses = sizes.pop("")
    assert len(labelled.rows) >= 300 and len(sizes) == 40 and min(sizes.values()) >= 4
    assert near_misses / len(labelled.rows) >= 1 / 3
    assert len(set(labelled.ids)) == len(set(labelled.texts)) == len(labelled.rows)


def test_both_together_beat_each_half(labelled, capsys):
    outcome = {
        "words": labelled.quality(labelled.by_word),
        "vectors": labelled.quality(labelled.by_vector),
        "both": labelled.quality(labelled.both),
    }
    with capsys.disabled():
        print()
        for name, (precision, recall, f1, average) in outcome.items():
            print(
                f"  {name:8} precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f} average precision {average:.3f}"
            )
    for half in ("words", "vectors"):
        assert outcome["both"][2] > outcome[half][2]
        assert outcome["both"][3] > outcome[half][3]
    assert outcome["both"][2] >= 0.58


def test_nearest_texts_are_of_the_same_bundle(labelled):
    index = Index(labelled.texts, labelled.vectors)
    right = total = 0
    for i, text in enumerate(labelled.texts):
        if labelled.labels[i]:
            best = next(j for j, _ in index.nearest(text, 2, labelled.vectors[i]) if j != i)
            right += labelled.labels[best] == labelled.labels[i]
            total += 1
    assert right / total >= 0.8


def test_suggested_bundles_resemble_those_of_a_person(labelled):
    result = suggest_bundles(labelled.ids, labelled.texts, labelled.vectors)
    _, recall, f1 = labelled.pairs_of([bundle.members for bundle in result.bundles])
    assert f1 >= 0.57 and recall >= 0.75


def test_half_of_each_bundle_accepted_finds_the_other_half(labelled):
    accepted, rest = {}, {}
    for i, label in enumerate(labelled.labels):
        if label:
            members = accepted.setdefault(label, [])
            (members if len(members) < 3 else rest.setdefault(label, [])).append(labelled.ids[i])
    result = suggest_bundles(labelled.ids, labelled.texts, labelled.vectors, accepted)
    home = {member: bundle.id for bundle in result.bundles for member in bundle.joining}
    outcome = Counter(
        "right" if home.get(member) == label else "elsewhere" if member in home else "loose"
        for label, members in rest.items()
        for member in members
    )
    assert outcome["right"] / outcome.total() >= 0.8
    assert outcome["elsewhere"] / outcome.total() <= 0.15


def test_themes_that_nobody_thought_of(fresh, capsys):
    outcome = {name: fresh.quality(getattr(fresh, name)) for name in ("by_word", "by_vector", "both")}
    with capsys.disabled():
        print()
        for name, (precision, recall, f1, average) in outcome.items():
            print(
                f"  fresh {name:9} precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f} average {average:.3f}"
            )
    assert outcome["both"][3] > max(outcome["by_word"][3], outcome["by_vector"][3])
    assert outcome["both"][2] >= 0.45


def test_points_give_hybrid_scores(labelled):
    """The shortcut of the bundles against the exact score."""
    difference = labelled.features @ labelled.features.T - labelled.both
    assert difference.std() < 0.02 and abs(difference).max() < 0.15


def test_word_similarities_of_the_matrix_equal_the_slow_version(labelled):
    index = Index(labelled.texts, labelled.vectors)
    terms = [words(text) for text in labelled.texts]
    for i, j in ((0, 1), (5, 200), (17, 300), (44, 45)):
        assert labelled.by_word[i, j] == pytest.approx(
            word_similarity(terms[i], terms[j], index.idf), abs=1e-5
        )
