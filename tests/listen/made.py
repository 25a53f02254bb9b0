"""Signals for the tests, made without the commands that make them."""

from omkering.listen.commands.counts import recount
from omkering.listen.models import Recognition, Signal
from tests.people import make_member, make_person


def make_signal(member=None, *, person=None, seen_by=(), **fields) -> Signal:
    member = member or make_member()
    person = person or make_person("official", member=member)
    signal = Signal.objects.create(
        **{
            "kind": "signal",
            "state": "submitted",
            "title": f"Signaal van {member}",
            "summary": "Inwoners kunnen hun rekening niet betalen",
            "case": "Inwoners kunnen hun rekening niet betalen",
            "owner_member": member,
            "author": person,
            **fields,
        }
    )
    for other in seen_by:
        Recognition.objects.create(
            signal=signal, member=other, person=make_person("official", member=other), case="Bij ons ook"
        )
    recount([signal.pk])
    return signal
