"""Casting a ballot: the one command that many call at the same moment."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide import ballot_box, choices, vote_rule, voting_rights
from omkering.decide.ballot_box import Incoming, Verdict
from omkering.decide.live import CHANNEL
from omkering.decide.models import RollEntry, Vote, VoteState
from omkering.decide.voting_rights import Right
from omkering.journal.origin import current_origin
from omkering.who import rolls
from omkering.who.models import Member, Person


@transaction.atomic
def cast_ballot(
    *,
    actor: Person,
    vote: Vote,
    member: Member | None = None,
    choice: str,
    seen: int | None = None,
    voter: str = "",
    part: int = 0,
) -> int:
    """Vote in the name of a member (or another line of the roll, `voter`), or change its vote; returns the id of the
    event that is its receipt (0 in a secret vote, which gives none).

    The weight is on the roll and nowhere else. The same choice by the same person again makes no second
    event: it returns the first receipt. `seen` is the receipt of the ballot that the person looked at (0: there
    was none): a ballot that changed since is not overwritten. ValidationError with code `not_open`,
    `acclamation`, `not_on_roll`, `choice`, `changed` or `voted_before`; PermissionDenied for who may not vote for
    this line.
    """
    voter = voter or (member.code if member else "")
    kept = checked_choice(vote, choice)
    right = voting_rights.right_for(vote, actor.pk, voter, part)
    if right is None:
        return _without_right(actor, vote, voter, member)
    verdict = put_in([incoming(vote, right, actor, kept, seen)], secret=vote.secret)[0]
    if not verdict.kept:
        raise refusal(verdict.code, vote, right.name)
    return verdict.event


def incoming(vote: Vote, right: Right, actor: Person, choice: str, seen: int | None) -> Incoming:
    """The ballot that somebody casts by a right; `choice` in its one form."""
    return Incoming(
        vote=vote.pk,
        entry=right.entry.pk,
        part=right.part,
        choice=choice,
        data=choices.parts_of(vote_rule.tally_rule(vote.rule), choice),
        person=actor.pk,
        ground=right.ground,
        seen=seen,
        origin=current_origin(),
    )


def checked_choice(vote: Vote, choice: str) -> str:
    """The choice in its one form; ValidationError with code `choice` at its field for what the rule does not allow."""
    rule = vote_rule.tally_rule(vote.rule)
    try:
        return choices.canonical(rule, choice)
    except choices.NoSuchChoice:
        words = (
            _("Choose for, against or abstain.")
            if rule.kind == "for_against_abstain"
            else _("This choice does not fit the vote. Look at what you can fill in, and choose again.")
        )
        raise ValidationError({"choice": ValidationError(words, code="choice")}) from None


def put_in(ballots: list[Incoming], *, secret: bool) -> list[Verdict]:
    """Put ballots in the box, inside the caller's transaction; what became of each."""
    with connection.cursor() as cursor:
        for statement, parameters in ballot_box.statements(ballots, secret=secret, day=timezone.localdate()):
            cursor.execute(statement, parameters)
        found = ballot_box.verdicts(cursor.fetchall())
    tell_turnout({ballot.vote for ballot in ballots})
    return found


def tell_turnout(votes: Collection[int]) -> None:
    """Let the clients of the meetings of these votes know that ballots came in: how many, never what."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, format('%%s:turnout:%%s', meeting_id, item_ptr_id)) FROM decide_vote "
            "WHERE item_ptr_id = ANY(%s) AND meeting_id IS NOT NULL",
            [CHANNEL, list(votes)],
        )


def _without_right(actor: Person, vote: Vote, voter: str, member: Member | None) -> int:
    """Say why somebody cannot cast this ballot: it is not theirs, or the line is not on the roll."""
    if not RollEntry.objects.filter(vote=vote, voter=voter).exists():
        with connection.cursor() as cursor:
            cursor.execute("SELECT state FROM thread_item WHERE id = %s", [vote.pk])
            state = cursor.fetchone()[0]
        if state != VoteState.OPEN:
            raise refusal("planned" if state == VoteState.PLANNED else "closed", vote, voter)
        if member is None or actor.pk not in rolls.mandated([member.pk]):
            raise PermissionDenied("decide.cast_ballot")
        raise refusal("not_on_roll", vote, member.name)
    raise PermissionDenied("decide.cast_ballot")


def refusal(code: str, vote: Vote, name: str) -> ValidationError:
    """Why a ballot was not kept, in one sentence. PermissionDenied is raised for a right that ended meanwhile."""
    if code == "no_right":
        raise PermissionDenied("decide.cast_ballot")
    if code == "planned":
        return ValidationError(_("This vote is not open yet."), code="not_open")
    if code == "closed":
        return ValidationError(
            _("This vote is closed since %(moment)s. What you chose now does not count.")
            % {"moment": date_format(timezone.localtime(vote.closed_at or vote.closes_at), "j F Y, H:i")},
            code="not_open",
        )
    if code == "acclamation":
        return ValidationError(_("Nobody votes here unless somebody objects."), code="acclamation")
    if code == "not_on_roll":
        return ValidationError(
            _("%(member)s is not on the roll of this vote.") % {"member": name}, code="not_on_roll"
        )
    if code == "voted_before":
        return ValidationError(
            _("A vote was cast for %(member)s already. A secret vote cannot be changed.") % {"member": name},
            code="voted_before",
        )
    if code == "no_session":
        return ValidationError(_("You are no longer logged in. Log in and vote again."), code="no_session")
    return ValidationError(
        _("The vote of %(member)s changed in the meantime. Look at it again before you vote.")
        % {"member": name},
        code="changed",
    )
