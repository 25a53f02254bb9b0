"""Votes for the tests of this folder."""

import time
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils import timezone

from omkering.decide import commands
from omkering.decide.models import Proposal, Vote
from omkering.thread.models import Item, Visibility
from omkering.who.models import Mandate, Member, Person
from tests.people import LONG_AGO, make_adviser, make_member, make_person

DAY = date(2022, 6, 1)


def make_source(**fields) -> Item:
    """Something members put in, from which a proposal can follow."""
    values = {
        "kind": "signal",
        "title": "Keuringen duren lang",
        "state": "bundled",
        "visibility": Visibility.PUBLIC,
    }
    return Item.objects.create(**{**values, **fields})


def make_proposal(adviser: Person | None = None, *, source: Item | None = None, **texts) -> Proposal:
    return commands.make_proposal(
        actor=adviser or make_adviser(),
        from_item=source or make_source(),
        **{"title": "Eén loket voor keuringen", "text": "De vereniging maakt één loket.", **texts},
    )


def plan(about: Item, adviser: Person, **changes) -> Vote:
    now = timezone.now()
    values = {"opens_at": now, "closes_at": now + timedelta(days=1), "reference_date": DAY}
    return commands.plan_vote(actor=adviser, about=about, **{**values, **changes})


def open_vote(adviser: Person | None = None, *, source: Item | None = None, **changes) -> Vote:
    """An open vote on a proposal, with all members there are on its roll."""
    adviser = adviser or make_adviser()
    vote = plan(make_proposal(adviser, source=source), adviser, **changes)
    return commands.open_vote(actor=adviser, vote=vote)


def voter_of(member: Member) -> Person:
    return make_person("alderman", member=member, votes=True)


def members_with_voters(*inhabitants: int) -> list[tuple[Member, Person]]:
    members = [make_member(inhabitants=number) for number in inhabitants]
    return [(member, voter_of(member)) for member in members]


def mandate(person: Person, member: Member, **period) -> Mandate:
    return Mandate.objects.create(person=person, member=member, **{"starts": LONG_AGO, **period})


def session_of(person: Person, *, second_factor: bool = True, seconds_ago: float = 0) -> Any:
    """A session as it is after logging in with a second factor so long ago."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["started"] = session["last_used"] = int(time.time())
    if second_factor:
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - seconds_ago}]
    session.save()
    return session


def log_in(client: Client, person: Person, *, second_factor: bool = True, hours_ago: float = 0) -> None:
    """Let a client go on in such a session."""
    session = session_of(person, second_factor=second_factor, seconds_ago=hours_ago * 3600)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def past_its_time(vote: Vote) -> Vote:
    """The same vote once its closing time is over and the clock has not come by yet."""
    moment: datetime = timezone.now() - timedelta(seconds=1)
    Vote.objects.filter(pk=vote.pk).update(opens_at=moment - timedelta(days=1), closes_at=moment)
    return Vote.objects.get(pk=vote.pk)
