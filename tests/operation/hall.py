"""A hall of 342 members in an empty database: `python -m tests.operation.hall make`, or `… verdict VOTE` afterwards.

Both print JSON. `make` gives an open vote with a pass for each member, and the session that belongs to it.
"""

import json
import sys
from typing import Any

import django

MEMBERS = 342
CHOICES = ("for", "against", "abstain")


def make() -> dict[str, Any]:
    """Members with their voters, an open vote, and what each needs to send a ballot."""
    from django.conf import settings

    from omkering.who.models import Member, Person
    from tests.decide.quick import pass_for
    from tests.decide.votes import open_vote, session_of
    from tests.people import make_member, make_person

    if not Member.objects.exists():
        for number in range(MEMBERS):
            member = make_member(f"H{number:04}", inhabitants=1_000 * (number + 1))
            make_person("alderman", member=member, votes=True)
    vote = open_vote(adviser())
    ballots = []
    for number, person in enumerate(Person.objects.filter(mandates__isnull=False).order_by("pk")):
        session = session_of(person)
        ballots.append(
            {
                "pass": pass_for(vote, person, session),
                "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
                "choice": CHOICES[number % 3],
            }
        )
    return {"vote": vote.pk, "ballots": ballots}


def adviser() -> Any:
    """The one of the bureau, also in a later run on the same database."""
    from omkering.who.models import Person
    from tests.people import make_adviser

    return Person.objects.filter(appointments__role="adviser").first() or make_adviser()


def verdict(vote: int) -> dict[str, Any]:
    """Close the vote, seal what waits, and tell what is in the box and which receipts are sound."""
    from omkering.decide.commands import close_vote
    from omkering.decide.models import Ballot, Vote
    from omkering.journal.commands import seal_pending
    from omkering.journal.models import Event
    from omkering.journal.queries import receipt, verify

    closed = close_vote(actor=adviser(), vote=Vote.objects.get(pk=vote))
    seal_pending()
    box = {ballot.event_id: ballot.choice for ballot in Ballot.objects.filter(vote=vote).order_by("event_id")}
    events = Event.objects.filter(subject=f"item:{vote}", verb__startswith="ballot.")
    return {
        "result": closed.result,
        "box": box,
        "told": {event.pk: event.data["choice"] for event in events},
        "receipts": {pk: receipt(pk) for pk in box},
        "log": str(verify().fault or ""),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make() if sys.argv[1] == "make" else verdict(int(sys.argv[2])), default=str))
