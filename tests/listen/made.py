"""Signals for the tests, made without the commands that make them; and logging in."""

import time

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from omkering.listen.commands.counts import recount
from omkering.listen.models import Recognition, Signal
from omkering.who.models import Person
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


def log_in(client: Client, person: Person) -> Client:
    """A session of somebody who gave a password and a second factor."""
    session = client.session
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()
    return client
