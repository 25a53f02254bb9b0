"""The rounds of a consultation: planned with their public and their dates, also one for each chapter, and changed.

They open and close in `consultation_times`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Required, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.consultation_rows import (
    LIVE,
    changed_fields,
    check_errors,
    in_main_language,
    locked,
    locked_round,
    refuse_old,
    settle_state,
)
from omkering.deliberate.consultation_texts import checked
from omkering.deliberate.models import Consultation, ConsultationRound, ConsultationState, Public
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Visibility
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Body, Network, Person
from omkering.who.owners import BUREAU

WAYS = ("takes_reactions", "takes_statements", "takes_amendments", "takes_views", "asks_questions")


class Plan(TypedDict, total=False):
    """What is filled in of a round."""

    title: Required[str]
    opens_at: Required[datetime]
    closes_at: Required[datetime]
    public: str
    network: Network | None
    of_body: Body | None
    takes_reactions: bool
    takes_statements: bool
    takes_amendments: bool
    takes_views: bool
    asks_questions: bool


DEFAULTS: dict[str, Any] = {
    "public": Public.MEMBERS,
    "network": None,
    "of_body": None,
    **dict.fromkeys(WAYS, False),
}


@transaction.atomic
def plan_round(*, actor: Person, consultation: Consultation, **plan: Unpack[Plan]) -> ConsultationRound:
    """Plan a round; it opens and closes by itself. The same round again is the same round."""
    require(actor, "deliberate.plan_consultation", consultation)
    row = locked(consultation)
    _check_live(row)
    values = _checked(row, **plan)
    if (same := row.rounds.filter(state__in=LIVE, **values).first()) is not None:
        return same
    made = _make(row, values)
    settle_state(row, timezone.now())
    record(
        verb="consultation.round_planned",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data=data_of(made),
    )
    return made


@transaction.atomic
def plan_chapter_rounds(
    *, actor: Person, consultation: Consultation, networks: Iterable[Network], **plan: Unpack[Plan]
) -> list[ConsultationRound]:
    """Plan the same round for each of these chapters or networks; one that has such a round already keeps it.

    Each is named after its network, behind the given title.
    """
    require(actor, "deliberate.plan_consultation", consultation)
    networks = list(networks)
    if not networks:
        raise ValidationError({"networks": _("Choose at least one chapter or network.")})
    row = locked(consultation)
    _check_live(row)
    found, made = [], []
    for network in networks:
        with in_main_language():
            title = f"{plan['title']}: {network.name}"
        own: Plan = {**plan, "title": title, "public": Public.NETWORK, "network": network, "of_body": None}  # type: ignore[typeddict-item]
        values = _checked(row, **own)
        same = row.rounds.filter(state__in=LIVE, **values).first()
        if same is None:
            same = _make(row, values)
            made.append(same)
        found.append(same)
    if made:
        settle_state(row, timezone.now())
        record(
            verb="consultation.rounds_planned",
            subject=row.subject,
            actor=actor.pk,
            on_behalf_of=BUREAU,
            data={"rounds": [data_of(round) for round in made]},
        )
    return found


@transaction.atomic
def change_round(
    *, actor: Person, round: ConsultationRound, revision: int, **plan: Unpack[Plan]
) -> ConsultationRound:
    """Change the plan of a round that has not opened. `revision` is the one that was read."""
    require(actor, "deliberate.plan_consultation", round.consultation)
    row = locked_round(round)
    _check_planned(row)
    values = _checked(row.consultation, **plan)
    fields = changed_fields(row, values)
    if not fields:
        return row
    refuse_old(seen=revision, present=row.revision, subject=row.consultation.subject, round=row.pk)
    if row.meetings.filter(cancelled_at__isnull=True).exists() and {"public", "network"} & set(fields):
        raise ValidationError(
            {"public": _("There is a meeting planned for this round. Call that off first.")}
        )
    for name in fields:
        setattr(row, name, values[name])
    row.revision += 1
    row.save(update_fields=[*fields, "revision"])
    record(
        verb="consultation.round_changed",
        subject=row.consultation.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={**data_of(row), "fields": fields},
    )
    return row


@transaction.atomic
def withdraw_round(*, actor: Person, round: ConsultationRound, reason: str) -> ConsultationRound:
    """Call a round off that is planned or open, with a reason that everybody sees; what was put in stays."""
    require(actor, "deliberate.plan_consultation", round.consultation)
    reason = checked({"reason": reason})["reason"]
    row = locked_round(round)
    if row.state == ConsultationState.WITHDRAWN:
        return row
    if row.state not in LIVE:
        raise ValidationError(_("This round is over, so it cannot be called off."))
    row.state, row.withdrawal_reason, row.revision = ConsultationState.WITHDRAWN, reason, row.revision + 1
    row.save(update_fields=["state", "withdrawal_reason", "revision"])
    consultation = locked(row.consultation)
    settle_state(consultation, timezone.now())
    record(
        verb="consultation.round_withdrawn",
        subject=consultation.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data=data_of(row),
    )
    announce(
        item=consultation,
        milestone="consultation.round_withdrawn",
        actor=actor,
        data={"round": row.title, "reason": summary_of(reason)},
        once=str(row.pk),
    )
    return row


def data_of(row: ConsultationRound) -> dict[str, Any]:
    """What an event of a round holds."""
    return {
        "round": row.pk,
        "version": row.revision,
        "public": str(row.public),
        "network": row.network_id,
        "body": row.of_body_id,
        "opens_at": row.opens_at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
        "ways": [way for way in WAYS if getattr(row, way)],
    }


# --- pieces --------------------------------------------------------------------------------------------------
def _make(row: Consultation, values: dict[str, Any]) -> ConsultationRound:
    last = row.rounds.aggregate(last=Max("number"))["last"] or 0
    return ConsultationRound.objects.create(consultation=row, number=last + 1, **values)


def _check_live(row: Consultation) -> None:
    if row.state in (ConsultationState.ANSWERED, ConsultationState.WITHDRAWN):
        raise ValidationError(_("This consultation is over, so no round can be added."))


def _check_planned(row: ConsultationRound) -> None:
    if row.state != ConsultationState.PLANNED:
        raise ValidationError(_("This round has opened or was called off, so its plan stays as it is."))


def _checked(consultation: Consultation, **plan: Unpack[Plan]) -> dict[str, Any]:
    """The columns of a round from what was filled in; ValidationError by field."""
    given: dict[str, Any] = {**DEFAULTS, **plan}
    title = checked({"title": given["title"]}, title="round_title")["title"]
    public = given["public"]
    errors = _problems_of_public(consultation, given) | _problems_of_ways(consultation, given)
    if given["closes_at"] <= given["opens_at"]:
        errors["closes_at"] = _("The round must close after it opens.")
    elif given["closes_at"] <= clock.database_now():
        errors["closes_at"] = _("This moment has passed. Choose a later one.")
    check_errors(errors)
    return {
        "title": title,
        "public": public,
        "network": given["network"] if public == Public.NETWORK else None,
        "of_body": given["of_body"] if public == Public.BODY else None,
        **{name: bool(given[name]) for name in WAYS},
        "opens_at": given["opens_at"],
        "closes_at": given["closes_at"],
    }


def _problems_of_public(consultation: Consultation, given: dict[str, Any]) -> dict[str, str]:
    public, open_to = given["public"], consultation.visibility
    if public not in Public.values:
        return {"public": _("Choose who is asked.")}
    if public == Public.NETWORK and given["network"] is None:
        return {"network": _("Choose the network or chapter that is asked.")}
    if public == Public.BODY and given["of_body"] is None:
        return {"of_body": _("Choose the committee or other body that is asked.")}
    if public == Public.EVERYONE and open_to != Visibility.PUBLIC:
        return {"public": _("Not everyone may read this consultation. Open it to everyone first.")}
    own = public == Public.NETWORK and given["network"].pk == consultation.audience_id
    if open_to == Visibility.NETWORK and not own:
        return {"public": _("Only one network may read this consultation. Ask that one, or open it first.")}
    return {}


def _problems_of_ways(consultation: Consultation, given: dict[str, Any]) -> dict[str, str]:
    if given["takes_amendments"] and consultation.document_id is None:
        return {"takes_amendments": _("Amendments need a document, and this is about a question.")}
    if given["takes_views"] and given["public"] == Public.BODY:
        return {"takes_views": _("A formal view is given by members, so not in a round of a body.")}
    if not any(given[way] for way in WAYS) and given["public"] != Public.NETWORK:
        return {"takes_reactions": _("Choose at least one way in which people can take part.")}
    return {}
