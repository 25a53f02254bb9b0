"""An append-only Merkle tree in the manner of Certificate Transparency.

Source: RFC 9162 section 2.1 (the same tree as RFC 6962), with SHA-256.

Conventions
- A *leaf hash* is ``sha256(0x00 || data)``, a *node hash* ``sha256(0x01 || left || right)``; every hash is
  32 bytes.
- The tree over ``n`` leaves splits at the largest power of two below ``n``; its empty root is ``sha256("")``.
- A log of millions of entries is kept as *tiles*, as in C2SP tlog-tiles: the tile at ``(level, index)``
  holds up to 256 concatenated hashes, of the complete subtrees of height ``8 * level`` at positions ``256 *
  index`` and on. A tile at the right edge holds what is complete so far. Whoever stores the log passes
  ``get_tile(level, index)``, which returns the bytes of that tile, or ``b""`` where there is none.

Nothing here reads or writes: `append` returns the tiles to store. In memory, a dictionary is a store: see
`build`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT

EMPTY_ROOT = hashlib.sha256(b"").digest()

GetTile = Callable[[int, int], bytes]
Tiles = dict[tuple[int, int], bytes]


class MerkleError(ValueError):
    """The request does not fit the tree, or the stored tiles do not hold what their size promises."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry: ``sha256(0x00 || data)`` (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: ``sha256(0x01 || left || right)`` (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(size: int, new_leaf_hashes: Iterable[bytes], get_tile: GetTile) -> Tiles:
    """Add leaves to a log that holds ``size`` of them.

    Returns the whole new content of every tile that changes, by ``(level, index)``; the new size is
    ``size`` plus the number of hashes. Reads one tile per level at most. Raises `MerkleError` where a hash
    is not 32 bytes, or where a stored tile holds more or less than ``size`` says: then the store and the
    size disagree, and writing would rewrite history.
    """
    _check_size(size)
    changed: Tiles = {}
    row = list(new_leaf_hashes)
    for leaf in row:
        _check_hash(leaf)
    level, present = 0, size
    while row:
        index, filled = divmod(present, TILE_WIDTH)
        tile = bytearray()
        if filled:
            tile += get_tile(level, index)
            if len(tile) != filled * HASH_BYTES:
                raise MerkleError(
                    f"tile {level}/{index} holds {len(tile)} bytes where a log of {size} entries has "
                    f"{filled * HASH_BYTES}"
                )
        above: list[bytes] = []
        for digest in row:
            tile += digest
            if len(tile) == TILE_WIDTH * HASH_BYTES:
                changed[level, index] = bytes(tile)
                above.append(_fold_complete(tile))
                index += 1
                tile.clear()
        if tile:
            changed[level, index] = bytes(tile)
        row = above
        present >>= TILE_HEIGHT
        level += 1
    return changed


def root(size: int, get_tile: GetTile) -> bytes:
    """The root of the first ``size`` leaves; `EMPTY_ROOT` for none.

    The store may hold a longer log: the root of any earlier size can be asked for.
    """
    _check_size(size)
    return _Reader(get_tile).span(0, size) if size else EMPTY_ROOT


def leaf_at(index: int, get_tile: GetTile) -> bytes:
    """The leaf hash at position ``index`` (from 0)."""
    return _Reader(get_tile).node(0, index)


def inclusion_proof(index: int, size: int, get_tile: GetTile) -> list[bytes]:
    """The audit path of leaf ``index`` (from 0) in the tree of the first ``size`` leaves (RFC 9162, 2.1.3.1).

    The list runs from the leaf to the root and has at most ``ceil(log2(size))`` hashes. Raises
    `MerkleError` where the leaf lies outside the tree.
    """
    _check_size(size)
    if not 0 <= index < size:
        raise MerkleError(f"entry {index} is not in a log of {size} entries")
    reader = _Reader(get_tile)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(reader.span(middle, end))
            end = middle
        else:
            path.append(reader.span(start, middle))
            start = middle
    path.reverse()
    return path


def consistency_proof(old_size: int, new_size: int, get_tile: GetTile) -> list[bytes]:
    """The proof that the first ``old_size`` leaves are unchanged in the tree of ``new_size`` (RFC 9162,
    2.1.4.1).

    Empty where the sizes are equal or ``old_size`` is 0. Raises `MerkleError` where the old log is the
    longer one.
    """
    _check_size(old_size)
    _check_size(new_size)
    if old_size > new_size:
        raise MerkleError(f"a log of {old_size} entries cannot be the start of one of {new_size}")
    if old_size in (0, new_size):
        return []
    reader = _Reader(get_tile)
    proof: list[bytes] = []
    start, end = 0, new_size
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            proof.append(reader.span(middle, end))
            end = middle
        else:
            proof.append(reader.span(start, middle))
            start = middle
    # The verifier knows the old root; any other subtree that ends the old log has to be given.
    if start:
        proof.append(reader.span(start, end))
    proof.reverse()
    return proof


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether ``proof`` shows that ``leaf`` (a leaf hash) is entry ``index`` of the tree (RFC 9162, 2.1.3.2).

    Never raises on a proof of any content: what does not prove, is not proven.
    """
    if not 0 <= index < size or not _all_hashes([leaf, root_hash, *proof]):
        return False
    node, last, digest = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            digest = node_hash(sibling, digest)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            digest = node_hash(digest, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and digest == root_hash


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether ``proof`` shows that the old tree is the start of the new one (RFC 9162, 2.1.4.2).

    Every log continues the empty one: for ``old_size`` 0 the proof is empty and the old root `EMPTY_ROOT`.
    Never raises on a proof of any content.
    """
    if not 0 <= old_size <= new_size or not _all_hashes([old_root, new_root, *proof]):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root and (old_size > 0 or old_root == EMPTY_ROOT)
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == new_root


def build(leaf_hashes: Iterable[bytes]) -> Tiles:
    """All tiles of a log held in memory; pass `reader` of them as ``get_tile``."""
    return append(0, leaf_hashes, reader({}))


def reader(tiles: Mapping[tuple[int, int], bytes]) -> GetTile:
    """A ``get_tile`` over tiles in a dictionary."""
    return lambda level, index: tiles.get((level, index), b"")


class _Reader:
    """Hashes of subtrees out of tiles, each tile fetched once."""

    def __init__(self, get_tile: GetTile) -> None:
        self._get_tile = get_tile
        self._tiles: Tiles = {}

    def node(self, height: int, position: int) -> bytes:
        """The hash of the complete subtree of ``height`` that stands ``position``-th in its row."""
        level, rest = divmod(height, TILE_HEIGHT)
        index, first = divmod(position << rest, TILE_WIDTH)
        tile = self._tiles.get((level, index))
        if tile is None:
            tile = self._tiles[level, index] = self._get_tile(level, index)
        hashes = tile[first * HASH_BYTES : (first + (1 << rest)) * HASH_BYTES]
        if len(hashes) != HASH_BYTES << rest:
            raise MerkleError(f"tile {level}/{index} is missing or shorter than the log says")
        return _fold_complete(hashes)

    def span(self, start: int, end: int) -> bytes:
        """The root over leaves ``start`` to ``end``, a subtree of the tree (so ``start`` is aligned)."""
        digests: list[bytes] = []
        while start < end:
            height = (end - start).bit_length() - 1
            digests.append(self.node(height, start >> height))
            start += 1 << height
        digest = digests.pop()
        while digests:
            digest = node_hash(digests.pop(), digest)
        return digest


def _fold_complete(hashes: bytes | bytearray) -> bytes:
    """The root of ``2**k`` concatenated hashes."""
    row = bytes(hashes)
    sha256 = hashlib.sha256
    while len(row) > HASH_BYTES:
        row = b"".join(
            sha256(b"\x01" + row[at : at + 2 * HASH_BYTES]).digest()
            for at in range(0, len(row), 2 * HASH_BYTES)
        )
    return row


def _split(length: int) -> int:
    """The largest power of two below ``length`` (≥ 2)."""
    return 1 << ((length - 1).bit_length() - 1)


def _all_hashes(values: Iterable[object]) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_BYTES for value in values)


def _check_size(size: int) -> None:
    if size < 0:
        raise MerkleError(f"a log cannot have {size} entries")


def _check_hash(digest: bytes) -> None:
    if len(digest) != HASH_BYTES:
        raise MerkleError(f"a leaf hash has {HASH_BYTES} bytes, not {len(digest)}")
