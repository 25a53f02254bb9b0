"""Planning a vote, changing the plan, and calling it off."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide import vote_rule
from omkering.decide.commands.motion_rows import refuse_unvotable
from omkering.decide.commands.vote_rows import (
    check_planned,
    check_times,
    locked,
    set_state,
    tell_meeting,
)
from omkering.decide.electorate import roll_of
from omkering.decide.models import (
    AdviceKind,
    AgendaItem,
    AgendaState,
    Meeting,
    Procedure,
    ProposalState,
    Vote,
    VoteState,
)
from omkering.journal.commands import record
from omkering.thread.models import Item, Visibility
from omkering.thread.privacy import check_personal_data
from omkering.who.authority import require
from omkering.who.models import Body, Network, Person
from omkering.who.owners import BUREAU


@transaction.atomic
def plan_vote(
    *,
    actor: Person,
    about: Item,
    opens_at: datetime,
    closes_at: datetime,
    reference_date: date,
    weight_rule_key: str | None = None,
    threshold_key: str | None = None,
    quorum_key: str | None = None,
    meeting: Meeting | None = None,
    agenda_item: AgendaItem | None = None,
    ballot: dict[str, Any] | None = None,
    electorate: dict[str, Any] | None = None,
    heads: bool = False,
    also_heads: bool = False,
    secret: bool = False,
    procedure: str = Procedure.BALLOTS,
    on_advice: str = "",
    together: Vote | None = None,
    replaces: Vote | None = None,
    ratifies: Vote | None = None,
    rule_set_key: str | None = None,
    tie: str | None = None,
) -> Vote:
    """Plan a vote on an item, with the rule as it stands now (without keys: that of the meeting or the association).

    The vote opens and closes by itself at these times; in a meeting that one attends its chair opens it, at the item on
    its agenda about this (or at `agenda_item`).
    `reference_date` says whose members, and with how many inhabitants. `ballot` is what `vote_rule.ballot_data` makes
    (None: for or against), `electorate` as in `vote_rule` (None: all members). `on_advice`: the advice is put to the
    vote. `together`: the first vote of a list. `ratifies`: an earlier remote vote that this one makes formal.
    """
    require(actor, "decide.plan_vote", _dealt_with(about, meeting, agenda_item))
    about = Item.objects.select_for_update(no_key=True).get(pk=about.pk)
    agenda_meeting = agenda_item.meeting if agenda_item else None
    meeting = meeting or agenda_meeting
    if meeting is not None and agenda_item is None:
        agenda_item = meeting.agenda.filter(about=about).exclude(state=AgendaState.DROPPED).first()
    _check_about(about, ratifies)
    check_times(opens_at, closes_at)
    choices = _Choices(procedure, on_advice, secret, together, ratifies, meeting)
    choices.check(about)
    body_id = meeting.owner_body_id if meeting else about.owner_body_id
    rule = vote_rule.snapshot(
        reference_date,
        weight_rule_key,
        threshold_key,
        quorum_key,
        ballot=_checked_ballot(ballot),
        electorate=_checked_electorate(electorate),
        heads=heads,
        also_heads=also_heads,
        tie=tie,
        rule_set_key=rule_set_key,
        usual=meeting.rules.get("decision_rule") if meeting else None,
    )
    _check_acclamation(procedure, rule)
    vote = Vote.objects.create(
        kind="vote",
        state=VoteState.PLANNED,
        title=about.title,
        summary=about.summary,
        visibility=about.visibility,
        language=about.language,
        theme_id=about.theme_id,
        owner_body_id=body_id,
        author=actor,
        example=about.example,
        about=about,
        meeting=meeting,
        agenda_item=agenda_item,
        opens_at=opens_at,
        closes_at=closes_at,
        reference_date=reference_date,
        rule=rule,
        secret=secret,
        procedure=procedure,
        on_advice=on_advice,
        together=together,
        replaces=replaces,
        ratifies=ratifies,
    )
    roll_of(vote)  # said now where it cannot be made
    record_plan("vote.planned", vote, actor)
    tell_meeting(vote, "planned")
    return vote


@transaction.atomic
def change_plan(
    *,
    actor: Person,
    vote: Vote,
    opens_at: datetime,
    closes_at: datetime,
    reference_date: date,
    weight_rule_key: str | None = None,
    threshold_key: str | None = None,
    quorum_key: str | None = None,
    ballot: dict[str, Any] | None = None,
    electorate: dict[str, Any] | None = None,
    heads: bool = False,
    also_heads: bool = False,
    secret: bool | None = None,
    procedure: str | None = None,
    rule_set_key: str | None = None,
    tie: str | None = None,
) -> Vote:
    """Change the times, the reference date or the rule of a vote that has not been opened.

    What a ballot can say, who votes, and whether it is secret stay as they are where they are None.
    """
    require(actor, "decide.plan_vote", vote)
    vote = locked(vote)
    check_planned(vote)
    check_times(opens_at, closes_at)
    secret = vote.secret if secret is None else secret
    procedure = procedure or vote.procedure
    _Choices(procedure, vote.on_advice, secret, None, None, vote.meeting).check(vote.about)
    kept_ballot = {key: value for key, value in vote_rule.ballot_of(vote.rule).items() if key != "split"}
    vote.rule = vote_rule.snapshot(
        reference_date,
        weight_rule_key,
        threshold_key,
        quorum_key,
        ballot=_checked_ballot(ballot) or kept_ballot,
        electorate=_checked_electorate(electorate) or vote_rule.electorate_of(vote.rule),
        heads=heads,
        also_heads=also_heads,
        tie=tie,
        rule_set_key=rule_set_key,
        usual=vote.meeting.rules.get("decision_rule") if vote.meeting else None,
    )
    _check_acclamation(procedure, vote.rule)
    vote.secret, vote.procedure = secret, procedure
    roll_of(vote)  # said now where it cannot be made
    vote.opens_at, vote.closes_at, vote.reference_date = opens_at, closes_at, reference_date
    vote.changed_at = timezone.now()
    vote.save(
        update_fields=[
            "opens_at", "closes_at", "reference_date", "rule", "secret", "procedure", "changed_at",
        ]
    )  # fmt: skip
    record_plan("vote.plan_changed", vote, actor)
    tell_meeting(vote, "planned")
    return vote


@transaction.atomic
def withdraw_vote(*, actor: Person, vote: Vote) -> Vote:
    """Call off a vote that has not been opened; that it was planned stays known."""
    require(actor, "decide.plan_vote", vote)
    vote = locked(vote)
    check_planned(vote)
    set_state(vote, VoteState.WITHDRAWN)
    record(verb="vote.withdrawn", subject=vote.subject, actor=actor.pk, on_behalf_of=BUREAU)
    tell_meeting(vote, "withdrawn")
    return vote


def record_plan(verb: str, vote: Vote, actor: Person | None) -> None:
    """The event of a plan: its times and the keys of its rule."""
    weight, chosen = vote.rule["weight"], vote.rule.get("set")
    ballot = vote_rule.ballot_of(vote.rule)
    record(
        verb=verb,
        subject=vote.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={
            "about": vote.about_id,
            "opens_at": vote.opens_at.isoformat(),
            "closes_at": vote.closes_at.isoformat(),
            "reference_date": vote.reference_date.isoformat(),
            "rule_set": chosen["key"] if chosen else None,
            "rule_set_version": chosen["version"] if chosen else None,
            "weight_rule": weight["key"] if weight else None,
            "weight_rule_version": weight["version"] if weight else None,
            "thresholds": [part["key"] for part in vote_rule.threshold_parts(vote.rule)],
            "quorums": [part["key"] for part in vote_rule.quorum_parts(vote.rule)],
            "kind": ballot["kind"],
            "options": len(ballot.get("options", ())),
            "secret": vote.secret,
            "replaces": vote.replaces_id,
        },
    )


# --- checks ----------------------------------------------------------------------------------------------
def _dealt_with(about: Item, meeting: Meeting | None, agenda_item: AgendaItem | None) -> Item:
    """Whose chair may put it to the vote: that of the meeting on whose agenda it stands, else that of its own body.

    What comes from a dossier or a member has no body of its own, and its chair is the one where it is dealt with.
    """
    if agenda_item is None or agenda_item.about_id != about.pk or agenda_item.state == AgendaState.DROPPED:
        return about
    return agenda_item.meeting if meeting is None or meeting.pk == agenda_item.meeting_id else about


def _check_about(about: Item, ratifies: Vote | None) -> None:
    if about.visibility not in (Visibility.PUBLIC, Visibility.MEMBERS):
        raise ValidationError(
            _("Not every member can read this. Open it to all members before they vote on it.")
        )
    earlier = Vote.objects.filter(about=about)
    if earlier.filter(state__in=[VoteState.PLANNED, VoteState.OPEN]).exists():
        raise ValidationError(_("A vote on this is planned or open already."))
    if earlier.filter(state=VoteState.CLOSED, meeting__isnull=False, announced_at__isnull=True).exists():
        raise ValidationError(_("Announce the result of the earlier vote on this first, or undo that vote."))
    if about.kind == "motion" and ratifies is None:
        refuse_unvotable(about)
    decided = about.state in (ProposalState.ADOPTED, ProposalState.REJECTED) and about.kind == "proposal"
    if decided and ratifies is None:
        raise ValidationError(_("The members have decided on this. Make a new proposal to ask them again."))


@dataclass(frozen=True)
class _Choices:
    """How a vote is held, apart from its rule."""

    procedure: str
    on_advice: str
    secret: bool
    together: Vote | None
    ratifies: Vote | None
    meeting: Meeting | None

    def check(self, about: Item) -> None:
        """ValidationError at the field of what does not go together."""
        if self.procedure not in Procedure.values:
            raise ValidationError({"procedure": _("Choose how the vote is held.")})
        if self.on_advice and self.on_advice not in AdviceKind.values:
            raise ValidationError({"on_advice": _("There is no such advice.")})
        if self.secret and self.procedure == Procedure.ACCLAMATION:
            raise ValidationError({"secret": _("By acclamation nobody votes, so nothing can be secret.")})
        if self.together is not None:
            fits = self.together.state == VoteState.PLANNED and self.together.together_id is None
            if not fits or self.together.meeting_id != (self.meeting.pk if self.meeting else None):
                raise ValidationError(
                    {"together": _("Choose a planned vote of the same meeting that begins a list.")}
                )
        if self.ratifies is not None:
            known = self.ratifies.state == VoteState.CLOSED and self.ratifies.about_id == about.pk
            if not known:
                raise ValidationError(
                    {"ratifies": _("Choose an earlier vote on the same text that is closed.")}
                )


def _check_acclamation(procedure: str, rule: dict[str, Any]) -> None:
    if procedure != Procedure.ACCLAMATION:
        return
    ballot = vote_rule.ballot_of(rule)
    fills = len(ballot.get("options", ())) <= ballot.get("seats", 1)
    if vote_rule.is_election(rule) and not (ballot["kind"] in ("options", "approval") and fills):
        raise ValidationError(
            {"procedure": _("By acclamation only where there is nothing to choose between. Hold a vote.")}
        )


def _checked_ballot(ballot: dict[str, Any] | None) -> dict[str, Any] | None:
    if ballot is None:
        return None
    check_personal_data({"options": "\n".join(option["title"] for option in ballot.get("options", ()))})
    wanted = [option["item"] for option in ballot.get("options", ()) if option.get("item")]
    there = Item.objects.filter(pk__in=wanted, visibility__in=[Visibility.PUBLIC, Visibility.MEMBERS])
    if there.count() != len(set(wanted)):
        raise ValidationError({"options": _("Not every member can read each of these options.")})
    return ballot


def _checked_electorate(electorate: dict[str, Any] | None) -> dict[str, Any] | None:
    """With the names that the page shows; ValidationError for a network or body that is not there."""
    if electorate is None or electorate["of"] == "members":
        return electorate
    found: Network | Body | None
    if electorate["of"] == "network":
        found = Network.objects.filter(key=electorate.get("network", "")).first()
    else:
        found = Body.objects.filter(key=electorate.get("body", "")).first()
    if found is None:
        raise ValidationError({"electorate": _("Choose who votes.")})
    return {**electorate, "names": dict(found.names)}
