"""The log refuses change, seals in batches, proves what is in it, and names what was tampered with."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from omkering.engine import merkle
from omkering.journal import queries
from omkering.journal.commands import record, seal_pending
from omkering.journal.models import Event, Pending, Seal

pytestmark = pytest.mark.django_db


def write(count: int) -> list[Event]:
    with transaction.atomic():
        return [record(verb="test.done", subject=f"item:{n}", actor=7, data={"n": n}) for n in range(count)]


@pytest.mark.parametrize(
    "sql",
    ["UPDATE journal_event SET verb = 'x'", "DELETE FROM journal_event", "TRUNCATE journal_event CASCADE"],
)
def test_an_event_cannot_be_changed(sql):
    write(1)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_sealing_takes_every_event_once():
    events = write(300)
    assert seal_pending(limit=100) == 100
    assert seal_pending() == 200
    assert seal_pending() == 0
    assert Pending.objects.count() == 0
    assert list(Seal.objects.values_list("size", flat=True)) == [100, 300]
    verdict = queries.verify()
    assert (verdict.events, verdict.waiting, verdict.fault) == (300, 0, None)
    assert len(events) == 300


def test_a_receipt_convinces_a_stranger_and_not_of_something_else():
    events = write(70)
    assert queries.receipt(events[5].pk) is None
    seal_pending()
    proof = queries.receipt(events[5].pk)
    path = [bytes.fromhex(step) for step in proof["path"]]
    root = bytes.fromhex(proof["root"])
    leaf = merkle.leaf_hash(proof["event"].encode())
    assert json.loads(proof["event"])["subject"] == "item:5"
    assert merkle.verify_inclusion(leaf, proof["position"], proof["size"], path, root)
    other = merkle.leaf_hash(proof["event"].replace("item:5", "item:6").encode())
    assert not merkle.verify_inclusion(other, proof["position"], proof["size"], path, root)


def test_consistency_between_two_seals():
    write(40)
    seal_pending()
    write(500)
    seal_pending()
    proof = queries.consistency(40)
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert merkle.verify_consistency(
        40, 540, bytes.fromhex(proof["old_root"]), bytes.fromhex(proof["new_root"]), path
    )
    assert queries.consistency(41) is None


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("UPDATE journal_event SET verb = 'forged' WHERE subject = 'item:3'", "was changed"),
        ("DELETE FROM journal_event WHERE subject = 'item:3'", "is missing"),
        ("DELETE FROM journal_leaf WHERE position = 3", "position 3 is missing"),
        ("UPDATE journal_seal SET root = decode(repeat('00', 32), 'hex') WHERE size = 10", "seal at size 10"),
    ],
)
def test_verify_names_the_first_broken_record(sql, expected):
    write(10)
    seal_pending()
    write(10)
    seal_pending()
    with connection.cursor() as cursor:  # as somebody with the rights of the database's owner would
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")
    verdict = queries.verify()
    assert expected in verdict.fault


def test_an_event_taken_out_of_the_queue_is_found():
    (event,) = write(1)
    Pending.objects.all().delete()
    verdict = queries.verify()
    assert verdict.broken_event == event.pk


def test_data_without_one_spelling_is_refused():
    with pytest.raises(TypeError, match=r"data\.share"), transaction.atomic():
        record(verb="test.done", subject="item:1", data={"share": 0.1})


def test_recording_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        record(verb="test.done", subject="item:1")


def test_the_script_of_a_stranger_agrees(tmp_path):
    """`docs/check_receipt.py` says yes to a receipt and no to a forged one, for trees of every shape."""
    script = Path(__file__).parents[2] / "docs" / "check_receipt.py"
    source = script.read_text()
    assert len(source.splitlines()) <= 30
    assert "omkering" not in source
    events = write(19)
    seal_pending()
    for event in (events[0], events[7], events[16], events[18]):
        receipt = queries.receipt(event.pk)
        good, forged = tmp_path / "good.json", tmp_path / "forged.json"
        good.write_text(json.dumps(receipt))
        forged.write_text(
            json.dumps({**receipt, "event": receipt["event"].replace("test.done", "test.d0ne")})
        )
        run = partial(subprocess.run, capture_output=True, text=True)
        assert run([sys.executable, script, good, receipt["root"]]).returncode == 0
        assert run([sys.executable, script, forged]).returncode == 1
