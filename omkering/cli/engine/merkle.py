"""`omkering engine merkle`: roots and proofs of a log, and checking them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from omkering.cli.engine import _io

IndexOption = Annotated[
    int | None, typer.Option("--index", help="Prove that this entry (from 0) is in the log.")
]
OldOption = Annotated[
    int | None, typer.Option("--old", help="Prove that the first so many entries are unchanged.")
]
HexFlag = Annotated[bool, typer.Option("--hex", help="Every line is an entry in hexadecimal.")]
CheckFlag = Annotated[
    bool, typer.Option("--check", help="FILE is what this command printed with --json: check its proofs.")
]


def register(app: typer.Typer) -> None:
    app.command()(merkle)


def merkle(
    file: Annotated[str, typer.Argument(help="One entry a line; - for standard input.")],
    index: IndexOption = None,
    old: OldOption = None,
    in_hex: HexFlag = False,
    check: CheckFlag = False,
    as_json: _io.JsonFlag = False,
) -> None:
    """The root of a log (RFC 9162, SHA-256) with a proof of inclusion or consistency, or the check of one.

    With --check the exit code is 1 when a proof does not hold.

    Example: omkering engine merkle LOG.txt --index 3 --old 2 --json
    """
    with _io.refusing():
        data = checked(_io.read_json(file), file) if check else proven(file, index, old, in_hex)
    _io.output(data, as_json, lambda: _io.print_table("Merkle tree", ("what", "value"), _lines(data), left=2))
    if check and not all(data.values()):
        raise typer.Exit(1)


def proven(path: str, index: int | None, old: int | None, in_hex: bool) -> dict[str, Any]:
    """Size, root and the proofs asked for, hashes in hexadecimal."""
    from omkering.engine import merkle as engine

    entries = [engine.leaf_hash(entry) for entry in read_entries(path, in_hex)]
    size = len(entries)
    get_tile = engine.reader(engine.build(entries))
    data: dict[str, Any] = {"size": size, "root": engine.root(size, get_tile).hex()}
    try:
        if index is not None:
            proof = engine.inclusion_proof(index, size, get_tile)
            data["inclusion"] = {"index": index, "leaf_hash": entries[index].hex(), "proof": _hex(proof)}
        if old is not None:
            proof = engine.consistency_proof(old, size, get_tile)
            data["consistency"] = {
                "old_size": old,
                "old_root": engine.root(old, get_tile).hex(),
                "proof": _hex(proof),
            }
    except engine.MerkleError as error:
        raise _io.InputError(path, None, error) from None
    return data


def read_entries(path: str, in_hex: bool) -> list[bytes]:
    """The entries of a log, one a line, as bytes."""
    entries = []
    text = _io.read_text(path)
    lines = text.removesuffix("\n").split("\n") if text else []
    for number, line in enumerate(lines, 1):
        try:
            entries.append(bytes.fromhex(line) if in_hex else line.encode())
        except ValueError:
            raise _io.InputError(path, number, "is no hexadecimal") from None
    return entries


def checked(data: Any, path: str) -> dict[str, bool]:
    """Whether each proof in what `proven` gave holds."""
    from omkering.engine import merkle as engine

    results = {}
    try:
        size, root = int(data["size"]), bytes.fromhex(data["root"])
        if "inclusion" in data:
            part = data["inclusion"]
            results["inclusion"] = engine.verify_inclusion(
                bytes.fromhex(part["leaf_hash"]), int(part["index"]), size, _bytes(part["proof"]), root
            )
        if "consistency" in data:
            part = data["consistency"]
            results["consistency"] = engine.verify_consistency(
                int(part["old_size"]), size, bytes.fromhex(part["old_root"]), root, _bytes(part["proof"])
            )
    except (KeyError, TypeError, ValueError, OverflowError):
        raise _io.InputError(path, None, "is not what this command prints with --json") from None
    if not results:
        raise _io.InputError(path, None, "holds no proof to check")
    return results


def _hex(proof: list[bytes]) -> list[str]:
    return [digest.hex() for digest in proof]


def _bytes(proof: list[str]) -> list[bytes]:
    return [bytes.fromhex(digest) for digest in proof]


def _lines(data: dict[str, Any]) -> list[tuple[str, object]]:
    """The data as rows, nested names joined by a point."""
    rows: list[tuple[str, object]] = []
    for name, value in data.items():
        if isinstance(value, dict):
            rows += [(f"{name}.{inner}", each) for inner, each in _lines(value)]
        elif isinstance(value, list):
            rows += [(f"{name}.{number}", each) for number, each in enumerate(value)]
        else:
            rows.append((name, value))
    return rows
