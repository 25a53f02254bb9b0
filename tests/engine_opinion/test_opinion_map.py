"""What the opinion map promises: the same for any order of rows, steady groups, silence on small ones."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine.opinion import (
    Memory,
    OpinionError,
    VoteTable,
    as_json,
    opinion_map,
    read_memory,
    read_votes,
)
from omkering.engine.opinion.cluster import BASE_CLUSTERS, assign, partitions, silhouettes
from omkering.engine.opinion.oracle import slow_counts, slow_place, slow_silhouette, slow_z_between
from omkering.engine.opinion.space import place
from omkering.engine.opinion.statements import count, z_against_even, z_between


def camps(sizes, statements=20, seed=0, filled=0.8, noise=0.1):
    """Votes of people in camps that each have an opinion of their own on every statement."""
    rng = np.random.default_rng(seed)
    stands = rng.choice((-1, 1), size=(len(sizes), statements))
    camp = np.repeat(np.arange(len(sizes)), sizes)
    votes = stands[camp].astype(float)
    votes[rng.random(votes.shape) < noise] = 0
    votes[rng.random(votes.shape) > filled] = np.nan
    return votes, camp


def table_of(votes):
    people, statements = votes.shape
    return VoteTable.from_dense(
        votes, participants=[f"p{i}" for i in range(people)], statements=[f"s{j}" for j in range(statements)]
    )


matrices = st.integers(2, 14).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([1.0, -1.0, 0.0, np.nan]), min_size=width, max_size=width),
        min_size=2,
        max_size=30,
    )
)


@settings(deadline=None, max_examples=60)
@given(matrices, st.integers(0, 3))
def test_positions_equal_the_slow_version(rows, out):
    votes = np.array(rows)
    table = table_of(votes)
    excluded = np.arange(votes.shape[1]) < min(out, votes.shape[1])
    slow_components, _ = slow_place(table, excluded)
    space = place(table, excluded)
    dense = table.dense()
    dense[:, excluded] = 0
    centred = np.nan_to_num(dense - space.center)
    values = np.linalg.svd(centred, compute_uv=False)
    values = np.append(values, np.zeros(3))
    for i in range(2):
        # A direction is determined only where its variance differs from that of its neighbours.
        apart = values[i] - values[i + 1] > 1e-3 and (i == 0 or values[i - 1] - values[i] > 1e-3)
        if not apart:
            continue
        sign = np.sign(space.components[i] @ slow_components[i])
        assert np.allclose(space.components[i], sign * slow_components[i], atol=1e-6)


def test_positions_are_scaled_for_sparsity_as_in_the_slow_version():
    table = table_of(camps([20, 15], filled=0.4)[0])
    excluded = np.zeros(20, dtype=bool)
    components, positions = slow_place(table, excluded)
    space = place(table, excluded)
    signs = np.sign((space.components * components).sum(axis=1))
    assert np.allclose(space.positions, positions * signs, atol=1e-9)


def test_the_sparse_and_the_iterative_way_give_the_same_plane(monkeypatch):
    table = table_of(camps([40, 30, 20], statements=30, filled=0.3)[0])
    excluded = np.zeros(30, dtype=bool)
    dense = place(table, excluded)
    monkeypatch.setattr("omkering.engine.opinion.space.DENSE_CELLS", 0)
    assert np.allclose(place(table, excluded).positions, dense.positions, atol=1e-9)
    monkeypatch.setattr("omkering.engine.opinion.space.LARGEST_DENSE", 0)
    assert np.allclose(place(table, excluded).positions, dense.positions, atol=1e-6)


def test_more_statements_than_participants():
    votes, _ = camps([6, 5], statements=60)
    table = table_of(votes)
    components, _ = slow_place(table, np.zeros(60, dtype=bool))
    space = place(table, np.zeros(60, dtype=bool))
    assert np.allclose(np.abs((space.components * components).sum(axis=1)), 1, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5), st.integers(0, 2)), min_size=3, max_size=25)
)
def test_silhouette_equals_the_slow_version(rows):
    points = np.array([row[:2] for row in rows], dtype=float)
    labels = np.array([row[2] for row in rows])
    if len(set(labels.tolist())) < 2:
        return
    distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    turned = labels[::-1].copy()
    assert silhouettes(distances, [labels, turned]) == pytest.approx(
        [slow_silhouette(points, labels), slow_silhouette(points, turned)]
    )


@given(*[st.integers(0, 40)] * 4)
def test_two_proportion_test_equals_the_slow_version(a, b, more_a, more_b):
    fast = z_between(np.array([a]), np.array([b]), np.array([a + more_a]), np.array([b + more_b]))
    assert fast[0] == pytest.approx(slow_z_between(a, b, a + more_a, b + more_b))


def test_counts_equal_the_slow_version():
    table = table_of(camps([12, 9, 7], filled=0.5)[0])
    labels = np.random.default_rng(1).integers(-1, 3, len(table.participants))
    counts = count(table, labels, 3)
    for group in range(3):
        slow = slow_counts(table, labels, group)
        for j, name in enumerate(table.statements):
            got = (counts.agree[group, j], counts.disagree[group, j], counts.votes[group, j])
            assert got == slow[name]


@pytest.mark.parametrize("sizes", [(30, 20), (30, 25, 20), (200, 150, 90)])
def test_finds_the_camps_that_are_there(sizes):
    votes, camp = camps(sizes, statements=40)
    result = opinion_map(table_of(votes))
    assert result.k == len(sizes)
    order = [int(name[1:]) for name in result.participants]
    for group in range(result.k):
        assert len(set(camp[order][result.labels == group].tolist())) == 1
    assert [g.size for g in result.groups] == sorted(sizes, reverse=True)
    assert all(g.representative for g in result.groups)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([(9, 8), (70, 60)]))
def test_the_order_of_rows_and_columns_changes_nothing(seed, sizes):
    votes, _ = camps(sizes, statements=12, seed=seed, noise=0.3, filled=0.6)
    people = [f"p{i}" for i in range(votes.shape[0])]
    statements = [f"s{j}" for j in range(votes.shape[1])]
    rng = np.random.default_rng(seed)
    row, column = rng.permutation(len(people)), rng.permutation(len(statements))
    first = opinion_map(VoteTable.from_dense(votes, participants=people, statements=statements))
    second = opinion_map(
        VoteTable.from_dense(
            votes[row][:, column],
            participants=[people[i] for i in row],
            statements=[statements[j] for j in column],
        )
    )
    assert json.dumps(as_json(first)) == json.dumps(as_json(second))


def test_the_arrays_of_the_caller_stay_as_they_are():
    counts = [np.array([3, 5]), np.array([2, 2]), np.array([6, 7]), np.array([8, 9])]
    before = [c.copy() for c in counts]
    z_between(*counts)
    z_against_even(counts[0], counts[2])
    votes, _ = camps([20, 15])
    kept = votes.copy()
    rows, columns = np.nonzero(~np.isnan(votes))
    values = votes[rows, columns]
    triples = rows[::-1].copy(), columns[::-1].copy(), values[::-1].copy()
    copies = [t.copy() for t in triples]
    names = {"participants": [f"p{i}" for i in range(35)], "statements": [f"s{j}" for j in range(20)]}
    table = VoteTable.from_codes(*triples, **names)
    frozen = table.values.copy()
    opinion_map(table)
    opinion_map(table_of(votes))
    assert all(np.array_equal(a, b) for a, b in zip(counts + list(triples), before + copies, strict=True))
    assert np.array_equal(votes, kept, equal_nan=True)
    assert np.array_equal(table.values, frozen)
    with pytest.raises(ValueError, match="read-only"):
        table.values[0] = 1


def test_small_groups_are_never_described():
    votes, _ = camps([40, 4], statements=40, noise=0.02, filled=1)
    result = opinion_map(table_of(votes))
    assert [g.size for g in result.groups] == [40, 4]
    large, small = result.groups
    assert large.described and not small.described and small.representative == ()
    assert all(s.divisiveness is None for s in result.statements)
    large_only = count(table_of(votes), np.where(result.labels == 0, 0, -1), 1)
    for j, statement in enumerate(result.statements):
        chance = (large_only.agree[0, j] + 1) / (large_only.votes[0, j] + 2)
        assert statement.consensus == pytest.approx(chance)
    assert opinion_map(table_of(votes), least_group=4).groups[1].described


def test_k_changes_only_when_the_change_persists():
    two, three = table_of(camps([40, 30], statements=30)[0]), table_of(camps([30, 25, 20], statements=30)[0])
    run = opinion_map(two)
    assert run.k == 2
    for seen in (1, 2, 3):
        run = opinion_map(three, memory=run.memory)
        assert (run.k, run.memory.candidate, run.memory.seen) == (2, 3, seen)
    run = opinion_map(three, memory=run.memory)
    assert run.k == 3
    # One run in between that prefers the old number starts the count anew.
    again = opinion_map(two)
    again = opinion_map(three, memory=again.memory)
    again = opinion_map(two, memory=again.memory)
    for _ in range(3):
        again = opinion_map(three, memory=again.memory)
        assert again.k == 2


def test_groups_keep_their_number_when_sizes_turn_around():
    votes, camp = camps([30, 20, 18], statements=30)
    first = opinion_map(table_of(votes))
    number = {int(camp[int(n[1:])]): int(g) for n, g in zip(first.participants, first.labels, strict=True)}
    more, more_camp = camps([30, 60, 18], statements=30)
    names = [f"p{i}" for i in range(30)] + [f"q{i}" for i in range(40)] + [f"p{i}" for i in range(30, 68)]
    table = VoteTable.from_dense(more, participants=names, statements=[f"s{j}" for j in range(30)])
    second = opinion_map(table, memory=first.memory)
    where = dict(zip(names, more_camp.tolist(), strict=True))
    for name, group in zip(second.participants, second.labels.tolist(), strict=True):
        assert group == number[where[name]]


def test_who_was_in_stays_in():
    votes, _ = camps([20, 15])
    votes[0, 3:] = np.nan
    table = table_of(votes)
    assert "p0" not in opinion_map(table).memory.groups
    earlier = Memory(2, 2, 1, {f"p{i}": int(i >= 20) for i in range(35)})
    assert "p0" in opinion_map(table, memory=earlier).memory.groups


def test_the_most_active_are_added_below_fifteen():
    votes = np.full((18, 20), np.nan)
    for i in range(18):
        votes[i, : 1 + i // 3] = 1 if i % 2 else -1
    assert len(opinion_map(table_of(votes)).memory.groups) == 15


def test_excluded_statements_are_not_put_forward_and_place_nobody():
    votes, _ = camps([30, 25], statements=12)
    out = {"s0", "s5"}
    result = opinion_map(table_of(votes), excluded=out)
    said = {r.statement for g in result.groups for r in g.representative} | {
        m.statement for m in result.majority
    }
    assert said and not said & out
    changed = votes.copy()
    changed[:, 0] = -changed[:, 0]
    other = opinion_map(table_of(changed), excluded=out)
    assert np.array_equal(result.positions, other.positions)


def test_everyone_alike_is_one_group_without_division():
    result = opinion_map(table_of(np.ones((30, 8))))
    assert result.k == 1 and result.groups[0].size == 30 and result.groups[0].representative == ()
    assert [m.direction for m in result.majority] == ["agree"] * 5


@pytest.mark.parametrize(
    "votes", [np.empty((0, 0)), np.empty((0, 4)), np.full((3, 4), np.nan), np.ones((1, 4))]
)
def test_hardly_anything_to_map(votes):
    result = opinion_map(table_of(votes))
    assert len(result.participants) == len(votes)
    assert sum(g.size for g in result.groups) == int((~np.isnan(votes)).any(axis=1).sum())


def test_base_clusters_lose_nobody():
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.normal(c, 0.3, (BASE_CLUSTERS * 2, 2)) for c in (-3, 0, 3)])
    best = max(partitions(points, np.ones(len(points))).values(), key=lambda p: p.silhouette)
    assert best.k == 3
    labels = assign(points, np.ones(len(points)), best)
    assert np.bincount(labels).tolist() == [BASE_CLUSTERS * 2] * 3


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "the file is empty"),
        ("a,b\n", 1, "the header must be"),
        ("participant,statement,vote\np,s,2\n", 2, "the vote '2' is not 1, 0 or -1"),
        ("participant,statement,vote\np,s,1\np,s,-1\n", 3, "participant p votes twice on statement s"),
        ("participant,statement,vote\np,s\n", 2, "a row must hold"),
        ("participant,group-id,0\np,,1\nq,1\n", 3, "the row has 2 cells and the header 3"),
        ("participant,group-id,0\np,,1\np,,1\n", 3, "the participant 'p' is empty or has a row already"),
        ("participant,group-id,0\np,,x\n", 2, "the vote 'x' is not 1, 0 or -1"),
        ('participant,statement,vote\n"p,s,1\n', 2, "unexpected end of data"),
    ],
)
def test_bad_files_are_refused_with_the_line(text, line, told):
    with pytest.raises(OpinionError, match=told) as refusal:
        read_votes(text.splitlines(keepends=True))
    assert refusal.value.line == line


def test_both_formats_give_the_same_map():
    wide = ["participant,group-id,n-votes,0,1\n", "b,1,2,1,-1\n", "a,,1,,0\n"]
    long = ["participant,statement,vote\n", "a,1,0\n", "b,0,1\n", "b,1,-1\n"]
    (first, published), (second, nothing) = read_votes(wide), read_votes(long)
    assert first.participants == second.participants == ("a", "b")
    assert np.array_equal(first.dense(), second.dense(), equal_nan=True)
    assert (published, nothing) == ({"b": "1"}, {})


def test_memory_survives_json_and_rubbish_is_refused():
    result = opinion_map(table_of(camps([20, 15])[0]))
    assert read_memory(json.loads(json.dumps(as_json(result)))) == dataclasses.replace(result.memory)
    for rubbish in (
        None,
        {},
        {"memory": 3},
        {"memory": {"k": 2, "candidate": 2, "seen": 1, "groups": {"p": 7}}},
    ):
        with pytest.raises(OpinionError):
            read_memory(rubbish)


def test_wrong_arguments_are_refused():
    table = table_of(camps([10, 8])[0])
    with pytest.raises(OpinionError, match="excluded statement nope"):
        opinion_map(table, excluded=["nope"])
    with pytest.raises(OpinionError, match="at least 1"):
        opinion_map(table, least_group=0)
    with pytest.raises(OpinionError, match="p1 votes twice on statement s1"):
        VoteTable.from_triples([("p1", "s1", 1), ("p1", "s1", 1)])
    with pytest.raises(OpinionError, match="is 3, not 1, 0 or -1"):
        VoteTable.from_triples([("p1", "s1", 3)])
    with pytest.raises(OpinionError, match="participant p is listed twice"):
        VoteTable.from_codes([], [], [], participants=["p", "p"], statements=[])
