"""Planning a priority round: what is chosen, by whom and when; and what the other commands of a round share."""

from datetime import date, datetime
from typing import Any, Required, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.models import BallotKind, Candidate, Electorate, Round, RoundLine, RoundState
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Visibility
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import checked, summary_of
from omkering.who import rolls, weight_rules
from omkering.who.authority import require
from omkering.who.models import Appointment, Body, Network, Person
from omkering.who.owners import BUREAU

EACH_ONE = ""  # in place of the key of a rule for weights: everyone counts as one
LENGTHS = {"title": (5, 200), "explanation": (0, 5_000)}
MOST = 1_000  # priorities, and points of a ballot
OPEN_TO = (Visibility.PUBLIC, Visibility.MEMBERS)


class Plan(TypedDict, total=False):
    """What is filled in of a round. `points` is what each ballot divides, where points are divided.

    `weight_rule_key`: None is the association's own rule, `EACH_ONE` is one vote each.
    """

    title: Required[str]
    maximum: Required[int]
    opens_at: Required[datetime]
    closes_at: Required[datetime]
    reference_date: Required[date]
    explanation: str
    ballot_kind: str
    points: int | None
    electorate: str
    network: Network | None
    electing_body: Body | None
    weight_rule_key: str | None
    visibility: str


DEFAULTS: dict[str, Any] = {
    "explanation": "",
    "ballot_kind": BallotKind.APPROVAL,
    "points": None,
    "electorate": Electorate.MEMBERS,
    "network": None,
    "electing_body": None,
    "weight_rule_key": None,
    "visibility": Visibility.PUBLIC,
}


@transaction.atomic
def plan_round(*, actor: Person, **plan: Unpack[Plan]) -> Round:
    """Plan a choice of at most `maximum` priorities; candidates are nominated until it opens.

    It opens and closes by itself at its times. Members choose with the votes of the rule for weights as it holds now;
    in a body everyone counts as one.
    """
    require(actor, "agenda.plan_round")
    values = _checked(**plan)
    made = Round.objects.create(kind="round", state=RoundState.PLANNED, author=actor, **values)
    _record_plan("round.planned", made, actor)
    return made


@transaction.atomic
def change_round(*, actor: Person, round: Round, **plan: Unpack[Plan]) -> Round:
    """Change the plan of a round that has not been opened; its candidates stay."""
    require(actor, "agenda.plan_round", round)
    round = locked(round)
    check_planned(round)
    values = _checked(**plan)
    if values["visibility"] == Visibility.PUBLIC:
        _check_candidates_public(round)
    for name, value in values.items():
        setattr(round, name, value)
    round.changed_at = timezone.now()
    round.save(update_fields=[*values, "changed_at"])
    _record_plan("round.plan_changed", round, actor)
    return round


@transaction.atomic
def withdraw_round(*, actor: Person, round: Round) -> Round:
    """Call off a round that has not been opened; whoever put in what is behind its candidates hears of it."""
    require(actor, "agenda.plan_round", round)
    round = locked(round)
    check_planned(round)
    set_state(round, RoundState.WITHDRAWN)
    record(verb="round.withdrawn", subject=round.subject, actor=actor.pk, on_behalf_of=BUREAU)
    announce(item=round, milestone="round.withdrawn", actor=actor)
    return round


def _checked(**plan: Unpack[Plan]) -> dict[str, Any]:
    """The columns of a round from what was filled in; ValidationError by field."""
    given: dict[str, Any] = {**DEFAULTS, **plan}
    texts = checked({"title": given["title"], "explanation": given["explanation"]}, LENGTHS)
    check_personal_data(texts)
    errors: dict[str, str] = {}
    kind, electorate = given["ballot_kind"], given["electorate"]
    if not 1 <= given["maximum"] <= MOST:
        errors["maximum"] = _("At least one priority can be chosen, and at most 1,000.")
    if kind not in BallotKind.values:
        errors["ballot_kind"] = _("Choose what a ballot says.")
    elif kind == BallotKind.POINTS and not 1 <= (given["points"] or 0) <= MOST:
        errors["points"] = _("Say how many points each ballot divides: from 1 to 1,000.")
    if electorate not in Electorate.values:
        errors["electorate"] = _("Choose who chooses.")
    elif electorate == Electorate.NETWORK and given["network"] is None:
        errors["network"] = _("Say which network or chapter chooses.")
    elif electorate == Electorate.BODY and given["electing_body"] is None:
        errors["electing_body"] = _("Say which body chooses.")
    if given["visibility"] not in OPEN_TO:
        errors["visibility"] = _("Choose who may see this round: everyone, or all members.")
    if given["closes_at"] <= given["opens_at"]:
        errors["closes_at"] = _("The round must close after it opens.")
    elif given["closes_at"] <= clock.database_now():
        errors["closes_at"] = _("This moment has passed. Choose a later one.")
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]
    network = given["network"] if electorate == Electorate.NETWORK else None
    body = given["electing_body"] if electorate == Electorate.BODY else None
    rule = None
    if body is None and given["weight_rule_key"] != EACH_ONE:
        rule = weight_rules.snapshot(given["reference_date"], given["weight_rule_key"])
    values = {
        "title": texts["title"],
        "summary": summary_of(texts["explanation"]),
        "body": texts["explanation"],
        "points": given["points"] if kind == BallotKind.POINTS else None,
        "network": network,
        "electing_body": body,
        "owner_body": body,
        "weight_rule": rule,
        **{
            name: given[name]
            for name in (
                *("maximum", "electorate", "ballot_kind", "opens_at", "closes_at"),
                *("reference_date", "visibility"),
            )
        },
    }
    roll_of(Round(**values))  # so that a roll that cannot be made is told now and not when it opens
    return values


def _check_candidates_public(round: Round) -> None:
    closed = standing(round).exclude(item__visibility=Visibility.PUBLIC).select_related("item").first()
    if closed is not None:
        raise ValidationError(
            {
                "visibility": _(
                    "“%(title)s” is a candidate and not everyone may read it. Leave this round to the members, or "
                    "take that candidate out first."
                )
                % {"title": closed.item.title}
            }
        )


def check_planned(round: Round) -> None:
    """ValidationError unless the round may still be changed."""
    if round.state != RoundState.PLANNED:
        raise ValidationError(_("This round is no longer planned: it was opened or withdrawn."))


def _record_plan(verb: str, round: Round, actor: Person) -> None:
    rule = round.weight_rule or {}
    record(
        verb=verb,
        subject=round.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={
            "maximum": round.maximum,
            "ballot_kind": str(round.ballot_kind),
            "points": round.points,
            "electorate": str(round.electorate),
            "network": round.network.key if round.network else None,
            "body": round.electing_body.key if round.electing_body else None,
            "opens_at": round.opens_at.isoformat(),
            "closes_at": round.closes_at.isoformat(),
            "reference_date": round.reference_date.isoformat(),
            "weight_rule": rule.get("key"),
            "weight_rule_version": rule.get("version"),
        },
    )


# --- shared ----------------------------------------------------------------------------------------------
def roll_of(round: Round) -> list[RoundLine]:
    """The roll of a round as it would be frozen now, not saved; ValidationError where it cannot be made."""
    if round.electing_body is not None:
        seats = Appointment.objects.on(round.reference_date).filter(
            body=round.electing_body, person__is_active=True
        )
        people = list(Person.objects.filter(pk__in=seats.values("person_id")).order_by("pk"))
        if not people:
            raise ValidationError(
                {
                    "reference_date": _(
                        "Nobody has a seat in %(body)s on this date. Choose another date, or another body."
                    )
                    % {"body": round.electing_body.name}
                }
            )
        return [RoundLine(round=round, person=person, weight=1) for person in people]
    return [
        RoundLine(
            round=round,
            member=line.member,
            inhabitants=line.inhabitants,
            weight=line.weight,
            groups=line.groups,
        )
        for line in rolls.roll_on(round.reference_date, round.weight_rule, network=round.network)
    ]


def standing(round: Round) -> QuerySet[Candidate]:
    """The candidates that were not withdrawn, in the order in which they were nominated."""
    return Candidate.objects.filter(round=round, withdrawn_at__isnull=True).order_by("position", "pk")


def locked(round: Round) -> Round:
    """The round with its row locked; foreign keys to it may still be made."""
    return (
        Round.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
        .select_related("network", "electing_body")
        .get(pk=round.pk)
    )


def set_state(round: Round, state: RoundState, *also: str) -> None:
    """Take a step in the life of a round whose row is locked; `also` names the columns that change with it."""
    round.state = state
    round.changed_at = timezone.now()
    round.save(update_fields=["state", "changed_at", *also])
