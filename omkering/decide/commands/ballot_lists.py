"""Several votes on one list: one form, one ballot for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from omkering.decide import voting_rights
from omkering.decide.ballot_box import Incoming
from omkering.decide.commands.ballots import checked_choice, incoming, put_in, refusal
from omkering.decide.models import Vote
from omkering.who.models import Person


@dataclass(frozen=True)
class Choice:
    """One ballot of a list: in this vote, for this line of the roll. `seen` as in `cast_ballot`."""

    vote: Vote
    voter: str
    choice: str
    seen: int | None = None


@transaction.atomic
def cast_list(*, actor: Person, given: Sequence[Choice]) -> list[int]:
    """Cast all of these ballots, or none; returns their receipts in order (0 for a secret one).

    Each is judged as `cast_ballot` does; ValidationError for the first that is refused, PermissionDenied for a line
    that is not theirs.
    """
    receipts = [0] * len(given)
    votes = {one.vote.pk: one.vote for one in given}
    rights = voting_rights.rights_of_votes(list(votes.values()), actor.pk)
    boxes: dict[bool, list[tuple[int, Incoming, str]]] = {}
    for number, one in enumerate(given):
        right = next((r for r in rights[one.vote.pk] if r.entry.voter == one.voter), None)
        if right is None:
            raise PermissionDenied("decide.cast_ballot")
        kept = checked_choice(one.vote, one.choice)
        ballot = incoming(one.vote, right, actor, kept, one.seen)
        boxes.setdefault(one.vote.secret, []).append((number, ballot, right.name))
    for secret, ballots in sorted(boxes.items()):
        verdicts = put_in([ballot for _number, ballot, _name in ballots], secret=secret)
        for (number, ballot, name), verdict in zip(ballots, verdicts, strict=True):
            if not verdict.kept:
                raise refusal(verdict.code, votes[ballot.vote], name)
            receipts[number] = verdict.event
    return receipts
