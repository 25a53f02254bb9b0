"""Ballots at the desk, by hand or on paper with the name: one person enters them, another one confirms them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide import choices, vote_rule
from omkering.decide.ballot_box import Incoming
from omkering.decide.commands.ballots import checked_choice, put_in, refusal
from omkering.decide.commands.vote_rows import tell_meeting
from omkering.decide.models import Ballot, DeskBallot, RollEntry, Vote, VoteState, Way
from omkering.decide.voting_rights import Ground
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.journal.origin import current_origin
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

DESK_WAYS = (Way.HAND, Way.PAPER)


@dataclass(frozen=True)
class Given:
    """What the desk takes down for a line of the roll, or for a part of a divided one."""

    voter: str
    choice: str
    part: int = 0


def enter_desk_ballot(
    *, actor: Person, vote: Vote, voter: str, choice: str, way: str, part: int = 0
) -> DeskBallot:
    """Take down one ballot; see `enter_desk_ballots`."""
    return enter_desk_ballots(actor=actor, vote=vote, given=[Given(voter, choice, part)], way=way)[0]


@transaction.atomic
def enter_desk_ballots(*, actor: Person, vote: Vote, given: Sequence[Given], way: str) -> list[DeskBallot]:
    """Take down ballots for somebody else to confirm; they count from then on. All of them, or none.

    The same again by the same person is the one that waits already. ValidationError where a line has voted with its
    own phone or waits with another choice: a member counts once.
    """
    require(actor, "decide.desk_ballots", vote)
    if way not in DESK_WAYS:
        raise ValidationError({"way": _("Choose by hand or on paper.")})
    if vote.secret:
        raise ValidationError(_("A secret vote takes no ballots with a name on it."))
    vote = Vote.objects.select_for_update(no_key=True, of=("self",)).get(pk=vote.pk)
    if vote.state != VoteState.OPEN or vote.closes_at <= clock.database_now():
        raise ValidationError(_("This vote is not open."))
    entries = {
        entry.voter: entry
        for entry in RollEntry.objects.select_for_update(no_key=True, of=("self",))
        .filter(vote=vote, voter__in=[one.voter for one in given])
        .select_related("member", "person")
        .order_by("pk")
    }
    made = [_enter(actor, vote, entries.get(one.voter), one, Way(way)) for one in given]
    tell_meeting(vote, "desk")
    return made


def _enter(actor: Person, vote: Vote, entry: RollEntry | None, one: Given, way: Way) -> DeskBallot:
    if entry is None:
        raise refusal("not_on_roll", vote, one.voter)
    name = str(entry.member or entry.person)
    known_parts = {part["part"] for part in entry.parts} or {0}
    if one.part not in known_parts:
        raise ValidationError(_("%(member)s divides its votes; take down each part.") % {"member": name})
    choice = checked_choice(vote, one.choice)
    if Ballot.objects.filter(entry=entry, part=one.part, way=Way.SCREEN).exists():
        raise ValidationError(
            _("%(member)s has voted by phone or computer already, and can change that itself.")
            % {"member": name}
        )
    waiting = DeskBallot.objects.filter(
        entry=entry, part=one.part, confirmed_at__isnull=True, refused_at__isnull=True
    ).first()
    if waiting is not None:
        if (waiting.choice, waiting.way, waiting.entered_by_id) == (choice, way, actor.pk):
            return waiting
        raise ValidationError(
            _("A vote of %(member)s waits to be confirmed already. Refuse that one first.") % {"member": name}
        )
    made = DeskBallot.objects.create(
        vote=vote, entry=entry, part=one.part, choice=choice, way=way, entered_by=actor
    )
    record(
        verb="desk_ballot.entered",
        subject=vote.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"desk_ballot": made.pk, "voter": entry.voter, "part": one.part, "way": str(way)},
    )
    return made


@transaction.atomic
def confirm_desk_ballot(*, actor: Person, desk: DeskBallot) -> int:
    """Confirm what somebody else took down: from now on it counts. Returns the event that is its receipt.

    Doing it twice is doing it once. ValidationError for one's own (four eyes), after closing, or where the member
    voted itself in the meantime.
    """
    require(actor, "decide.desk_ballots", desk.vote)
    desk = _waiting(desk)
    if desk.confirmed_at is not None:
        return Ballot.objects.get(entry=desk.entry_id, part=desk.part).event_id
    if desk.refused_at is not None:
        raise ValidationError(_("This vote was refused before."))
    if desk.entered_by_id == actor.pk:
        raise ValidationError(_("Somebody else must confirm what you took down."))
    vote, name = desk.vote, str(desk.entry.member or desk.entry.person)
    verdict = put_in(_incoming(vote, [desk]), secret=False)[0]
    if not verdict.kept:
        raise refusal(verdict.code, vote, name)
    _confirmed(actor, desk, verdict.event)
    tell_meeting(vote, "turnout")
    return verdict.event


@transaction.atomic
def confirm_all_desk_ballots(*, actor: Person, vote: Vote) -> tuple[int, list[str]]:
    """Confirm all that others took down and that waits: how many count from now on, and the names of those that cannot,
    because they voted themselves in the meantime. ValidationError after closing.
    """
    require(actor, "decide.desk_ballots", vote)
    vote = Vote.objects.select_for_update(no_key=True, of=("self",)).get(pk=vote.pk)
    rows = list(
        DeskBallot.objects.select_for_update(no_key=True, of=("self",))
        .filter(vote=vote, confirmed_at__isnull=True, refused_at__isnull=True)
        .exclude(entered_by=actor)
        .select_related("entry__member", "entry__person")
        .order_by("entry_id", "part")
    )
    if not rows:
        return 0, []
    done, left = 0, []
    for desk, verdict in zip(rows, put_in(_incoming(vote, rows), secret=False), strict=True):
        desk.vote = vote
        name = str(desk.entry.member or desk.entry.person)
        if verdict.kept:
            _confirmed(actor, desk, verdict.event)
            done += 1
        elif verdict.code == "overtaken":
            left.append(name)
        else:
            raise refusal(verdict.code, vote, name)
    tell_meeting(vote, "turnout")
    return done, left


def _incoming(vote: Vote, rows: Sequence[DeskBallot]) -> list[Incoming]:
    """What was taken down, as it goes into the box: it takes the place of nothing but what the desk put there."""
    rule = vote_rule.tally_rule(vote.rule)
    before = Ballot.objects.filter(entry__in=[row.entry_id for row in rows]).exclude(way=Way.SCREEN)
    seen = {(entry, part): event for entry, part, event in before.values_list("entry_id", "part", "event_id")}
    return [
        Incoming(
            vote=vote.pk,
            entry=row.entry_id,
            part=row.part,
            choice=row.choice,
            data=choices.parts_of(rule, row.choice),
            person=row.entered_by_id,
            ground=Ground(),
            way=row.way,
            seen=seen.get((row.entry_id, row.part), 0),
            desk=True,
            origin=current_origin(),
        )
        for row in rows
    ]


def _confirmed(actor: Person, desk: DeskBallot, event: int) -> None:
    desk.confirmed_by, desk.confirmed_at = actor, clock.database_now()
    desk.save(update_fields=["confirmed_by", "confirmed_at"])
    record(
        verb="desk_ballot.confirmed",
        subject=desk.vote.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"desk_ballot": desk.pk, "ballot_event": event},
    )


@transaction.atomic
def refuse_desk_ballot(*, actor: Person, desk: DeskBallot) -> DeskBallot:
    """Refuse what was taken down: it does not count, and stays to be seen. Also one's own, as a slip of the pen."""
    require(actor, "decide.desk_ballots", desk.vote)
    desk = _waiting(desk)
    if desk.refused_at is not None:
        return desk
    if desk.confirmed_at is not None:
        raise ValidationError(_("This vote was confirmed before."))
    desk.refused_by, desk.refused_at = actor, clock.database_now()
    desk.save(update_fields=["refused_by", "refused_at"])
    record(
        verb="desk_ballot.refused",
        subject=desk.vote.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"desk_ballot": desk.pk},
    )
    tell_meeting(desk.vote, "desk")
    return desk


def _waiting(desk: DeskBallot) -> DeskBallot:
    """The row, locked after its vote and line as a ballot would be."""
    Vote.objects.select_for_update(no_key=True, of=("self",)).get(pk=desk.vote_id)
    return (
        DeskBallot.objects.select_for_update(no_key=True, of=("self",))
        .select_related("vote", "entry__member", "entry__person")
        .get(pk=desk.pk)
    )
