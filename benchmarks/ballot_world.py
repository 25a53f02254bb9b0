"""Open votes in which every member has a voter with a session and a pass, for the benchmarks of ballots."""

import time
from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from omkering.decide import passes, voting_rights
from omkering.decide.commands import close_vote, make_proposal, open_vote, plan_vote
from omkering.decide.models import Vote
from omkering.lab.example.people import make_voters
from omkering.thread.models import Item
from omkering.who.models import Appointment, Mandate, Person

CHOICES = ("for", "against", "abstain")


def adviser() -> Person:
    """Somebody of the bureau."""
    return Person.objects.get(pk=Appointment.objects.filter(role="adviser").order_by("pk")[0].person_id)


def make_votes(number: int) -> list[dict[str, Any]]:
    """So many open votes: `{"vote": id, "weights": […], "ballots": [{"cookie", "body"}, …]}`."""
    by = adviser()
    voters = make_voters()
    bundle = Item.objects.filter(kind="bundle").order_by("pk")[0]
    sessions: dict[int, Any] = {}
    made = []
    for each in range(number):
        proposal = make_proposal(
            actor=by, from_item=bundle, title=f"Stemming op snelheid {each}", text="Meten is weten." * 5
        )
        now = timezone.now()
        vote = plan_vote(
            actor=by,
            about=proposal,
            opens_at=now + timedelta(seconds=1),
            closes_at=now + timedelta(days=1),
            reference_date=date(2022, 6, 1),
        )
        vote = open_vote(actor=by, vote=vote)
        if not each:
            _mandates(vote, voters)
        made.append(_work(vote, sessions))
    return made


def _mandates(vote: Vote, voters: dict[int, Person]) -> None:
    """Members that ended since the reference date: whoever votes for the successor votes for them too."""
    for entry in vote.roll.select_related("member"):
        member = entry.member
        if member and member.pk not in voters and member.successor_id:
            person = voters[member.successor_id]
            Mandate.objects.get_or_create(
                person=person, member=member, defaults={"starts": timezone.localdate()}
            )


def _work(vote: Vote, sessions: dict[int, Any]) -> dict[str, Any]:
    people = Person.objects.in_bulk(
        Mandate.objects.filter(member__in=vote.roll.values("member")).values_list("person_id", flat=True)
    )
    ballots: dict[int, dict[str, str]] = {}
    for person, rights in voting_rights.rights(vote, list(people)).items():
        session = sessions.get(person) or sessions.setdefault(person, _session(people[person]))
        request: Any = SimpleNamespace(user=people[person], session=session)
        for right in rights:
            ballots.setdefault(
                right.entry.pk,
                {
                    "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
                    "pass": passes.issue(request, vote, right),
                    "choice": CHOICES[right.entry.pk % 3],
                },
            )
    weights = list(vote.roll.order_by("voter").values_list("weight", flat=True))
    assert len(ballots) == len(weights), (len(ballots), len(weights))
    return {"vote": vote.pk, "weights": weights, "ballots": list(ballots.values())}


def _session(person: Person) -> Any:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["started"] = session["last_used"] = int(time.time())
    session["account_authentication_methods"] = [{"method": "mfa", "mfa": True, "at": time.time()}]
    session.save()
    return session


def close(vote: int) -> float:
    """Close and count a vote; the seconds it took."""
    started = time.perf_counter()
    closed = close_vote(actor=adviser(), vote=Vote.objects.get(pk=vote))
    seconds = time.perf_counter() - started
    assert closed.result and closed.result["cast"]["heads"] == closed.roll.count()
    return seconds
