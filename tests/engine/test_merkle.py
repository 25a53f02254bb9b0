"""The Merkle tree against the vectors of Certificate Transparency and against RFC 9162's own recursive
definitions."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine import merkle

LEAVES = [
    bytes.fromhex(text)
    for text in [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
N01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N03 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
N47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
L0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"


def hashes(count, salt=b""):
    return [merkle.leaf_hash(salt + number.to_bytes(4, "big")) for number in range(count)]


# The recursive definitions of RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1, written down as they stand.


def largest_power_below(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def oracle_root(leaves):
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return merkle.node_hash(oracle_root(leaves[:k]), oracle_root(leaves[k:]))


def oracle_path(m, leaves):
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*oracle_path(m, leaves[:k]), oracle_root(leaves[k:])]
    return [*oracle_path(m - k, leaves[k:]), oracle_root(leaves[:k])]


def oracle_subproof(m, leaves, known=True):
    if m == len(leaves):
        return [] if known else [oracle_root(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*oracle_subproof(m, leaves[:k], known), oracle_root(leaves[k:])]
    return [*oracle_subproof(m - k, leaves[k:], False), oracle_root(leaves[:k])]


def test_roots_of_the_known_leaves():
    leaf_hashes = [merkle.leaf_hash(data) for data in LEAVES]
    get_tile = merkle.reader(merkle.build(leaf_hashes))
    assert [merkle.root(size, get_tile).hex() for size in range(9)] == ROOTS


@pytest.mark.parametrize(
    ("index", "size", "expected"),
    [(0, 1, []), (0, 8, [L1, N23, N47]), (5, 8, [L4, N67, N03]), (2, 3, [N01]), (1, 5, [L0, N23, L4])],
)
def test_known_inclusion_proofs(index, size, expected):
    leaf_hashes = [merkle.leaf_hash(data) for data in LEAVES]
    proof = merkle.inclusion_proof(index, size, merkle.reader(merkle.build(leaf_hashes)))
    assert [digest.hex() for digest in proof] == expected
    assert merkle.verify_inclusion(leaf_hashes[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [(1, 1, []), (1, 8, [L1, N23, N47]), (6, 8, [N45, N67, N03]), (2, 5, [N23, L4])],
)
def test_known_consistency_proofs(old, new, expected):
    get_tile = merkle.reader(merkle.build(merkle.leaf_hash(data) for data in LEAVES))
    proof = merkle.consistency_proof(old, new, get_tile)
    assert [digest.hex() for digest in proof] == expected
    assert merkle.verify_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), proof)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 700), max_size=5), st.data())
def test_tiles_equal_the_recursive_definition(batches, data):
    leaves = hashes(sum(batches))
    tiles: merkle.Tiles = {}
    size = 0
    for batch in batches:
        tiles |= merkle.append(size, leaves[size : size + batch], merkle.reader(tiles))
        size += batch
    get_tile = merkle.reader(tiles)
    assert tiles == merkle.build(leaves)
    assert merkle.root(size, get_tile) == oracle_root(leaves)
    new = data.draw(st.integers(0, size))
    old = data.draw(st.integers(0, new))
    proof = merkle.consistency_proof(old, new, get_tile)
    if old:
        assert proof == oracle_subproof(old, leaves[:new])
    assert merkle.verify_consistency(old, new, oracle_root(leaves[:old]), oracle_root(leaves[:new]), proof)
    if new:
        index = data.draw(st.integers(0, new - 1))
        path = merkle.inclusion_proof(index, new, get_tile)
        assert path == oracle_path(index, leaves[:new])
        assert merkle.leaf_at(index, get_tile) == leaves[index]
        assert merkle.verify_inclusion(leaves[index], index, new, path, oracle_root(leaves[:new]))


def test_every_small_tree_and_every_wrong_claim():
    leaves = hashes(20)
    get_tile = merkle.reader(merkle.build(leaves))
    roots = [merkle.root(size, get_tile) for size in range(21)]
    for size in range(1, 21):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, get_tile)
            assert merkle.verify_inclusion(leaves[index], index, size, proof, roots[size])
            for other in range(20):
                assert merkle.verify_inclusion(leaves[index], other, size, proof, roots[size]) == (
                    other == index
                )
        for old in range(size + 1):
            proof = merkle.consistency_proof(old, size, get_tile)
            for claimed in range(size + 1):
                accepted = merkle.verify_consistency(claimed, size, roots[claimed], roots[size], proof)
                # An empty proof also fits the two claims that need none.
                trivially = not proof and claimed in (0, size)
                assert accepted == (claimed == old or trivially)


@settings(deadline=None, max_examples=100)
@given(st.integers(2, 600), st.data())
def test_a_changed_history_is_not_consistent(size, data):
    leaves = hashes(size)
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*leaves]
    rewritten[changed] = merkle.leaf_hash(b"rewritten")
    get_tile = merkle.reader(merkle.build(rewritten))
    proof = merkle.consistency_proof(old, size, get_tile)
    assert not merkle.verify_consistency(
        old, size, oracle_root(leaves[:old]), merkle.root(size, get_tile), proof
    )
    path = merkle.inclusion_proof(changed, size, get_tile)
    assert not merkle.verify_inclusion(leaves[changed], changed, size, path, merkle.root(size, get_tile))


@settings(deadline=None)
@given(
    st.integers(-2, 40),
    st.integers(-2, 40),
    st.lists(st.binary(min_size=0, max_size=40) | st.binary(min_size=32, max_size=32), max_size=8),
)
def test_a_hostile_proof_never_raises(first, second, proof):
    anything = merkle.leaf_hash(b"x")
    merkle.verify_consistency(first, second, anything, merkle.leaf_hash(b"y"), proof)
    assert not merkle.verify_inclusion(anything, first, second, proof, merkle.leaf_hash(b"y"))


def test_a_proof_longer_or_shorter_than_needed_is_refused():
    leaves = hashes(300)
    get_tile = merkle.reader(merkle.build(leaves))
    root = merkle.root(300, get_tile)
    proof = merkle.inclusion_proof(7, 300, get_tile)
    assert not merkle.verify_inclusion(leaves[7], 7, 300, proof[:-1], root)
    assert not merkle.verify_inclusion(leaves[7], 7, 300, [*proof, root], root)
    proof = merkle.consistency_proof(7, 300, get_tile)
    old_root = merkle.root(7, get_tile)
    assert not merkle.verify_consistency(7, 300, old_root, root, proof[:-1])
    assert not merkle.verify_consistency(7, 300, old_root, root, [*proof, root])


def test_a_leaf_cannot_pass_for_a_node():
    left, right = hashes(2)
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


def test_a_large_log_needs_few_tiles():
    """A proof out of a hundred thousand entries reads a handful of tiles, and appending one entry writes
    one."""
    leaves = hashes(100_003)
    tiles = merkle.build(leaves)
    read = []

    def get_tile(level, index):
        read.append((level, index))
        return tiles.get((level, index), b"")

    merkle.inclusion_proof(54_321, 100_003, get_tile)
    assert len(read) == len(set(read)) <= 6
    assert list(merkle.append(100_003, hashes(1, b"new"), get_tile)) == [(0, 390)]


def test_append_refuses_a_store_that_disagrees_with_the_size():
    tiles = merkle.build(hashes(10))
    with pytest.raises(merkle.MerkleError, match="holds 320 bytes where a log of 9 entries has 288"):
        merkle.append(9, hashes(1), merkle.reader(tiles))
    with pytest.raises(merkle.MerkleError, match="holds 320 bytes"):
        merkle.append(11, hashes(1), merkle.reader(tiles))


def test_bad_requests_say_why():
    get_tile = merkle.reader(merkle.build(hashes(10)))
    with pytest.raises(merkle.MerkleError, match="entry 10 is not in a log of 10"):
        merkle.inclusion_proof(10, 10, get_tile)
    with pytest.raises(merkle.MerkleError, match="cannot be the start"):
        merkle.consistency_proof(5, 4, get_tile)
    with pytest.raises(merkle.MerkleError, match="tile 0/0 is missing or shorter"):
        merkle.root(11, get_tile)
    with pytest.raises(merkle.MerkleError, match="32 bytes, not 3"):
        merkle.append(0, [b"abc"], get_tile)
    with pytest.raises(merkle.MerkleError, match="cannot have -1"):
        merkle.root(-1, get_tile)
