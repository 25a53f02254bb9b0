"""344 weighted votes: ours beside OpenSlides 3.3 (where Python 3.8 is there to run it).

Both cast each ballot through the product's own request path in one process, one after another, and then
close and count.
"""

import time
from datetime import date, timedelta

from benchmarks.made import ready
from benchmarks.peer_openslides import openslides_seconds

CHOICES = ("for", "against", "abstain")


def run() -> list[dict]:
    """One row: casting, closing and counting, as seconds and as a ratio."""
    ready()
    ours, weights = _ours()
    peer, note = openslides_seconds(weights)
    return [
        {
            "work": f"{len(weights)} weighted ballots cast, closed and counted",
            "ours_s": ours,
            "peer": "OpenSlides 3.3",
            "peer_s": peer,
            "ratio": round(peer / ours, 1) if peer else None,
            "note": f"{len(weights) / ours:.0f} ballots/s; {note}",
        }
    ]


def _ours() -> tuple[float, list[int]]:
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from omkering.decide.commands.proposals import make_proposal
    from omkering.decide.commands.votes import close_vote, open_vote, plan_vote
    from omkering.decide.models import Ballot
    from omkering.lab.example.people import make_voters
    from omkering.thread.models import Item
    from omkering.who.models import Appointment, Mandate, Person

    voters = make_voters()
    adviser = Person.objects.get(pk=Appointment.objects.filter(role="adviser").order_by("pk")[0].person_id)
    bundle = Item.objects.filter(kind="bundle").order_by("pk")[0]
    proposal = make_proposal(
        actor=adviser, from_item=bundle, title="Stemming op snelheid", text="Meten is weten." * 5
    )
    now = timezone.now()
    vote = plan_vote(
        actor=adviser,
        about=proposal,
        opens_at=now + timedelta(seconds=1),
        closes_at=now + timedelta(days=1),
        reference_date=date(2022, 6, 1),
    )
    vote = open_vote(actor=adviser, vote=vote)
    roll = list(vote.roll.select_related("member").order_by("member__code"))
    clients = []
    for entry in roll:
        client = Client()
        person = voters.get(entry.member_id)
        if person is None:  # ended since the reference date: whoever votes for its successor votes for it
            person = voters[entry.member.successor_id]
            Mandate.objects.create(person=person, member=entry.member, starts=now.date())
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "mfa": True, "at": time.time()}]
        session.save()
        clients.append((client, reverse("decide:ballot", args=[vote.pk, entry.member.code])))
    started = time.perf_counter()
    for number, (client, url) in enumerate(clients):
        answer = client.post(url, {"choice": CHOICES[number % 3]})
        assert answer.status_code == 302, (answer.status_code, url)
    close_vote(actor=adviser, vote=vote)
    seconds = time.perf_counter() - started
    assert Ballot.objects.filter(vote=vote).count() == len(roll) == 344
    return seconds, [entry.weight for entry in roll]
