"""A ballot in a priority round: saved as it is filled in, handed in as a whole, replaced until the round closes."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.agenda.commands.round_plans import standing
from omkering.agenda.models import BallotKind, PriorityBallot, Round, RoundLine, RoundState
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.models import Item
from omkering.who.authority import require
from omkering.who.models import Person

PAGES = 8  # of which the number of the last change is remembered

Values = Mapping[int, int]  # candidate id → 1 for a tick, points, or place; 0: not chosen


@transaction.atomic
def save_draft(
    *, actor: Person, line: RoundLine, changes: Values, page: str = "", number: int = 0
) -> PriorityBallot:
    """Save what was changed on a ballot that is being filled in: it does not count before it is handed in.

    Only the candidates named change, each to the value given, so the same request twice is the same, and what is
    filled in elsewhere stays. `page` and `number` (from 1) tell which page it comes from and which change it is there:
    each holds what was not confirmed before it, so one that comes late, after a newer one, is left out. Without a
    number it is always saved. Points may be above what there is to divide: that is said on the page and refused when
    handing in. No event: nothing was decided.
    """
    require(actor, "agenda.choose", line)
    round = _lock_open(line)
    _check_values(round, changes)
    ballot = _locked_ballot(line, actor)
    numbered = bool(page) and number > 0
    if numbered and number <= ballot.marks.get(page, 0):
        return ballot
    draft = {**ballot.draft, **{str(candidate): value for candidate, value in changes.items()}}
    ballot.draft = {candidate: value for candidate, value in draft.items() if value}
    if numbered:
        older = {key: last for key, last in ballot.marks.items() if key != page}
        ballot.marks = dict([*list(older.items())[-PAGES + 1 :], (page, number)])
    ballot.saved_at = timezone.now()
    if ballot.cast is None:
        ballot.person = actor
    ballot.save()
    return ballot


@transaction.atomic
def hand_in(*, actor: Person, line: RoundLine, ballot: Values, seen: int | None = None) -> int:
    """Hand in a whole ballot, or another one in its place; returns the id of the event that is its receipt.

    The weight is on the roll and nowhere else. The same ballot by the same person again makes no second event: it
    returns the first receipt. `seen` is the receipt of the ballot that the person looked at (0: there was none): one
    that was handed in since is not overwritten. ValidationError with code `not_open`, `ballot` or `changed`.
    """
    require(actor, "agenda.choose", line)
    round = _lock_open(line)
    _check_values(round, ballot)
    given = _whole(round, ballot)
    kept = _locked_ballot(line, actor)
    if kept.cast == given and kept.person_id == actor.pk and kept.event_id is not None:
        return kept.event_id
    if seen is not None and seen != (kept.event_id or 0):
        raise ValidationError(
            _("Somebody handed in a ballot in the meantime. Look at it before you hand in yours."),
            code="changed",
        )
    kept.salt = "" if line.member_id is not None else secrets.token_hex(16)
    event = record(
        verb="priorities.changed" if kept.cast is not None else "priorities.handed_in",
        subject=round.subject,
        actor=actor.pk,
        on_behalf_of=_on_behalf_of(round, line),
        data=_receipt(line, given, kept.salt),
    )
    now = timezone.now()
    kept.draft, kept.cast, kept.person, kept.event_id = given, given, actor, event.pk
    kept.saved_at = kept.cast_at = now
    kept.save()
    return event.pk


def _receipt(line: RoundLine, given: dict[str, int], salt: str) -> dict[str, Any]:
    """What the log holds: a member's ballot is published after closing; of a person's only what proves it."""
    if line.member_id is not None:
        return {"votes": line.weight, "ballot": given}
    return {"votes": line.weight, "ballot_sha256": ballot_digest(given, salt)}


def ballot_digest(ballot: Mapping[str, int], salt: str) -> str:
    """SHA-256 of the salt and a ballot: JSON of {candidate: value}, sorted by candidate, without spaces.

    The salt is known to whoever handed it in: without it the few ballots there are could be tried one by one.
    """
    text = salt + json.dumps(ballot, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _on_behalf_of(round: Round, line: RoundLine) -> str:
    if line.member is not None:
        return f"member:{line.member.code}"
    return f"body:{round.electing_body.key}" if round.electing_body else ""


def _lock_open(line: RoundLine) -> Round:
    """Hold the round so that it cannot close meanwhile; ValidationError unless it is open.

    The lock is shared: ballots do not wait for each other, closing waits for them. State and time are read after the
    lock is held.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM agenda_round WHERE item_ptr_id = %s FOR SHARE", [line.round_id])
    round = Round.objects.select_related("electing_body").get(pk=line.round_id)
    if round.state == RoundState.PLANNED:
        raise ValidationError(_("This round is not open yet."), code="not_open")
    if round.state != RoundState.OPEN or clock.database_now() >= round.closes_at:
        raise ValidationError(
            _(
                "This round is closed since %(moment)s. What you changed after that does not count; what you handed in "
                "before does."
            )
            % {"moment": date_format(timezone.localtime(round.closed_at or round.closes_at), "j F Y, H:i")},
            code="not_open",
        )
    return round


def _locked_ballot(line: RoundLine, actor: Person) -> PriorityBallot:
    """The ballot of a line, made where there is none; the line is what its ballots queue up for."""
    RoundLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    return PriorityBallot.objects.get_or_create(line=line, defaults={"person": actor})[0]


def _check_values(round: Round, values: Values) -> None:
    """ValidationError where a candidate is not in this round, or a value cannot be."""
    titles = dict(standing(round).values_list("pk", "item__title"))
    if values.keys() - titles.keys():
        raise ValidationError(_("This is no candidate in this round. Open the page again."), code="ballot")
    most = {
        BallotKind.APPROVAL: 1,
        BallotKind.POINTS: round.points or 0,
        BallotKind.RANKING: len(titles),
    }[BallotKind(round.ballot_kind)]
    problem = {
        BallotKind.APPROVAL: _("Tick “%(title)s”, or leave it open."),
        BallotKind.POINTS: _("Give “%(title)s” a whole number of points from 0 to %(most)s."),
        BallotKind.RANKING: _("Give “%(title)s” a place from 1 to %(most)s, or leave it empty."),
    }[BallotKind(round.ballot_kind)]
    wrong = [
        ValidationError(problem % {"title": titles[candidate], "most": most}, code="ballot")
        for candidate, value in values.items()
        if not 0 <= value <= most
    ]
    if wrong:
        raise ValidationError(wrong)


def _whole(round: Round, ballot: Values) -> dict[str, int]:
    """A ballot as it is kept: nought left out, places counted without gaps. ValidationError where it cannot count."""
    given = {candidate: value for candidate, value in ballot.items() if value}
    if not given:
        raise ValidationError(_("Choose at least one candidate before you hand in."), code="ballot")
    if round.ballot_kind == BallotKind.POINTS and (over := sum(given.values()) - (round.points or 0)) > 0:
        raise ValidationError(
            ngettext(
                "You gave %(over)s point more than the %(points)s there are. Take it away somewhere, and hand in "
                "again.",
                "You gave %(over)s points more than the %(points)s there are. Take them away somewhere, and hand in "
                "again.",
                over,
            )
            % {"over": over, "points": round.points},
            code="ballot",
        )
    if round.ballot_kind == BallotKind.RANKING:
        order = sorted(given, key=lambda candidate: given[candidate])
        for first, second in pairwise(order):
            if given[first] == given[second]:
                titles = dict(Item.objects.filter(candidacies__in=order).values_list("candidacies", "title"))
                raise ValidationError(
                    _("“%(first)s” and “%(second)s” have the same place. Give each a place of its own.")
                    % {"first": titles[first], "second": titles[second]},
                    code="ballot",
                )
        given = {candidate: place for place, candidate in enumerate(order, 1)}
    return {str(candidate): value for candidate, value in sorted(given.items())}
