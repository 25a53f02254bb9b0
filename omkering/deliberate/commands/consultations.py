"""Consultations: planned on a document or a question, changed, and called off. Their rounds are in
`consultation_rounds`."""

from typing import Any, Required, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.consultation_rows import (
    LIVE,
    changed_fields,
    check_errors,
    locked,
    refuse_old,
)
from omkering.deliberate.consultation_texts import checked
from omkering.deliberate.models import (
    Consultation,
    ConsultationRound,
    ConsultationState,
    Document,
    DocumentState,
    Version,
)
from omkering.journal.commands import record
from omkering.thread.commands import announce, link, remember_meaning, unlink
from omkering.thread.models import LinkKind, Theme, Visibility
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Network, Person
from omkering.who.owners import BUREAU

OPEN_TO = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.NETWORK)
_OPENNESS = (Visibility.BUREAU, Visibility.NETWORK, Visibility.MEMBERS, Visibility.PUBLIC)


class Plan(TypedDict, total=False):
    """What is filled in of a consultation: about a `document`, or about a `question`. `summary` says what it is for."""

    title: Required[str]
    summary: Required[str]
    document: Document | None
    question: str
    visibility: str
    audience: Network | None
    theme: Theme | None
    owner: Person | None


DEFAULTS: dict[str, Any] = {
    "document": None,
    "question": "",
    "visibility": Visibility.MEMBERS,
    "audience": None,
    "theme": None,
    "owner": None,
}


@transaction.atomic
def plan_consultation(*, actor: Person, example: bool = False, **plan: Unpack[Plan]) -> Consultation:
    """Plan a consultation; it begins when its first round opens. The same plan again is the same consultation."""
    require(actor, "deliberate.plan_consultation")
    values = _checked(**plan)
    same = Consultation.objects.filter(author=actor, state=ConsultationState.PLANNED, **_words(values))
    if (there := same.defer("search").first()) is not None:
        return there
    made = Consultation.objects.create(
        kind="consultation", state=ConsultationState.PLANNED, author=actor, example=example, **values
    )
    if made.document is not None:
        link(upstream=made.document, downstream=made, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    remember_meaning(item=made)
    _record("planned", made, actor)
    return made


@transaction.atomic
def change_consultation(
    *, actor: Person, consultation: Consultation, revision: int, **plan: Unpack[Plan]
) -> Consultation:
    """Change the plan. Once a round has opened, what it is about and who may read it stay as they are.

    `revision` is the one that was read; ValidationError with code `changed` where somebody else changed it since.
    """
    require(actor, "deliberate.plan_consultation", consultation)
    row = locked(consultation)
    if row.state not in LIVE:
        raise ValidationError(_("This consultation is over, so its plan stays as it is."))
    values = _checked(**plan)
    if row.state != ConsultationState.PLANNED:
        values["version"] = row.version  # what is asked about now, whatever came out since
    fields = changed_fields(row, values)
    if not fields:
        return row
    refuse_old(seen=revision, present=row.revision, subject=row.subject)
    fixed = {"document", "version", "question", "visibility", "audience"} & set(fields)
    if fixed and row.state != ConsultationState.PLANNED:
        raise ValidationError(
            _("Members are being asked already, so what it is about and who may read it stay as they are.")
        )
    _check_rounds(row, values)
    before = row.document
    for name in fields:
        setattr(row, name, values[name])
    if row.document != before:
        _relink(row, before, actor)
    row.changed_at, row.revision = timezone.now(), row.revision + 1
    row.save(update_fields=[*fields, "changed_at", "revision"])
    if {"title", "summary"} & set(fields):
        remember_meaning(item=row)
    _record("changed", row, actor, fields=fields)
    return row


@transaction.atomic
def withdraw_consultation(*, actor: Person, consultation: Consultation, reason: str) -> Consultation:
    """Call a consultation off, with a reason that everybody sees; what was put in stays. Twice is once."""
    require(actor, "deliberate.plan_consultation", consultation)
    reason = checked({"reason": reason})["reason"]
    rounds = ConsultationRound.objects.filter(consultation=consultation, state__in=LIVE)
    list(rounds.select_for_update(no_key=True).order_by("pk"))  # rounds are always locked first
    row = locked(consultation)
    if row.state == ConsultationState.WITHDRAWN:
        return row
    if row.state not in LIVE:
        raise ValidationError(_("This consultation is over, so it cannot be called off."))
    number = rounds.update(state=ConsultationState.WITHDRAWN, withdrawal_reason=reason)
    row.state, row.withdrawal_reason, row.changed_at = ConsultationState.WITHDRAWN, reason, timezone.now()
    row.revision += 1
    row.save(update_fields=["state", "withdrawal_reason", "changed_at", "revision"])
    _record("withdrawn", row, actor, rounds=number)
    announce(item=row, milestone="consultation.withdrawn", actor=actor, data={"reason": summary_of(reason)})
    return row


# --- pieces --------------------------------------------------------------------------------------------------
def _checked(**plan: Unpack[Plan]) -> dict[str, Any]:
    """The columns of a consultation from what was filled in; ValidationError by field."""
    given: dict[str, Any] = {**DEFAULTS, **plan}
    texts = checked({name: given[name] for name in ("title", "summary", "question")})
    document, visibility, owner = given["document"], given["visibility"], given["owner"]
    errors: dict[str, str] = {}
    if document is None and not texts["question"]:
        errors["question"] = _("Write the question, or choose the document that this is about.")
    if visibility not in OPEN_TO:
        errors["visibility"] = _("Choose who may read this consultation.")
    elif visibility == Visibility.NETWORK and given["audience"] is None:
        errors["audience"] = _("Choose the network that may read this.")
    if document is not None and "visibility" not in errors:
        errors |= _problem_with(document, visibility, given["audience"])
    if owner is not None and not owner.is_active:
        errors["owner"] = _("%(name)s no longer works here.") % {"name": owner.name}
    check_errors(errors)
    return {
        "title": texts["title"],
        "summary": texts["summary"],
        "body": texts["question"],
        "question": texts["question"],
        "document": document,
        "version": _newest(document),
        "visibility": visibility,
        "audience": given["audience"] if visibility == Visibility.NETWORK else None,
        "theme": given["theme"] or (document.theme if document else None),
        "owner": owner,
    }


def _problem_with(document: Document, visibility: str, audience: Network | None) -> dict[str, str]:
    """Who is asked must be able to read what they are asked about."""
    if document.state not in (DocumentState.PUBLISHED, DocumentState.ADOPTED):
        return {"document": _("Publish this document first, so that who is asked can read it.")}
    narrower = _OPENNESS.index(Visibility(document.visibility)) < _OPENNESS.index(Visibility(visibility))
    elsewhere = (
        document.visibility == visibility == Visibility.NETWORK
        and audience is not None
        and document.audience_id != audience.pk
    )
    if narrower or elsewhere:
        return {"visibility": _("Not all of them may read the document. Open the document to them first.")}
    return {}


def _newest(document: Document | None) -> Version | None:
    return Version.objects.filter(document=document).order_by("-number").first() if document else None


def _words(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ("title", "summary", "question", "document")}


def _check_rounds(row: Consultation, values: dict[str, Any]) -> None:
    """The rounds that are there must still fit: each public within who may read it, a text where one is needed."""
    rounds = list(ConsultationRound.objects.filter(consultation=row, state__in=LIVE))
    open_to = values["visibility"]
    errors: dict[str, str] = {}
    if any(round.public == "everyone" for round in rounds) and open_to != Visibility.PUBLIC:
        errors["visibility"] = _("A round asks everyone, so everyone must be able to read this.")
    elif open_to == Visibility.NETWORK and any(round.network_id != values["audience"].pk for round in rounds):
        errors["audience"] = _("A round asks others than this network. Change that round first.")
    if values["document"] is None and any(round.takes_amendments for round in rounds):
        errors["document"] = _("A round takes amendments, and these need a document.")
    check_errors(errors)


def _relink(row: Consultation, before: Document | None, actor: Person) -> None:
    if before is not None:
        unlink(upstream=before, downstream=row, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    if row.document is not None:
        link(upstream=row.document, downstream=row, kind=LinkKind.FOLLOWS_FROM, actor=actor)


def _record(what: str, row: Consultation, actor: Person, **data: Any) -> None:
    record(
        verb=f"consultation.{what}",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={
            "version": row.revision,
            "document": row.document_id,
            "asks_about": row.version_id,
            "visibility": str(row.visibility),
            **data,
        },
    )
