"""What the commands of conditions check before they change anything, and what they tell."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from omkering.agenda.models import Condition, ConditionKind, ConditionState, DossierDocument
from omkering.journal.models import Event
from omkering.thread.models import Item
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import Lengths, checked
from omkering.thread.uploads import check_link
from omkering.who.current import association
from omkering.who.models import ContactRole, Organisation, OrganisationKind, Person
from omkering.who.standing import standing_of

REASON_KINDS = ("signal", "bundle")  # what can be the reason of a condition
MOST_REASONS = 100

# Least and most characters of each text.
LENGTHS: Lengths = {
    "title": (5, 200),
    "exactly": (20, 20_000),
    "why": (20, 20_000),
    "text": (5, 20_000),
    "reason": (10, 5_000),
}


def texts_of(**written: str) -> dict[str, str]:
    """The texts tidied; ValidationError by field for a length that does not fit, or for personal data."""
    texts = checked(written, LENGTHS)
    check_personal_data(texts)
    return texts


def readable_reasons(person: Person, items: Iterable[Item], *, strict: bool = True) -> list[Item]:
    """Those signals and bundles that the person may read, in the order of their ids; one query.

    `strict` raises ValidationError at `signals` where one is something else or may not be read.
    """
    ids = {item.pk for item in items}
    rows = Item.objects.filter(pk__in=ids, kind__in=REASON_KINDS).visible_to(standing_of(person), person.pk)
    found = list(rows.defer("body", "search").order_by("pk"))
    if strict and len(found) != len(ids):
        raise ValidationError({"signals": _("Choose signals and bundles from the list.")})
    if strict and len(found) > MOST_REASONS:
        raise ValidationError(
            {"signals": _("Choose at most %(most)s signals, or a bundle of them.") % {"most": MOST_REASONS}}
        )
    return found


def check_party(
    organisation: Organisation,
    contact: ContactRole | None,
    condition_kind: str,
    *,
    retired_is_fine: bool = False,
) -> None:
    """ValidationError at `organisation`, `contact` or `condition_kind` where it does not fit."""
    if organisation.retired_at is not None and not retired_is_fine:
        raise ValidationError({"organisation": _("This organisation is retired. Choose another one.")})
    if contact is not None and contact.organisation_id != organisation.pk:
        raise ValidationError(
            {"contact": _("This function is at another organisation. Choose one of this organisation.")}
        )
    if condition_kind not in ConditionKind.values:
        raise ValidationError(
            {"condition_kind": _("Choose what is asked: law, money, data, people or room.")}
        )


def refuse_old(condition: Condition, version: int) -> None:
    """Raise ValidationError with code `changed`, which tells who changed it and when, unless `version` is new."""
    if version == condition.version:
        return
    edits = Event.objects.filter(subject=condition.subject, verb="condition.edited").order_by("-pk")
    event = edits.first()
    person = Person.objects.filter(pk=event.actor).first() if event and event.actor else None
    raise ValidationError(
        _(
            "%(who)s changed this condition on %(when)s, while you were busy. Look at what it says now, and send "
            "yours again."
        )
        % {
            "who": person.name if person else _("Somebody"),
            "when": date_format(timezone.localtime(condition.changed_at), "j F Y, H:i"),
        },
        code="changed",
    )


# --- days ------------------------------------------------------------------------------------------------------
def check_asked_days(asked_on: date, answer_due: date | None) -> None:
    """It was asked today or before, and an answer is not due before that."""
    if asked_on > timezone.localdate():
        raise ValidationError(
            {"asked_on": _("This day is still to come. Give the day on which it was asked.")}
        )
    if answer_due is not None and answer_due < asked_on:
        raise ValidationError(
            {
                "answer_due": _(
                    "The answer cannot be due before it was asked, on %(day)s. Choose a later day."
                )
                % {"day": _words(asked_on)}
            }
        )


def check_answer_days(condition: Condition, answer: str, given_on: date, promised_on: date | None) -> None:
    """It was answered after it was asked and not after today; what is promised lies after the answer."""
    if given_on > timezone.localdate():
        raise ValidationError(
            {"given_on": _("This day is still to come. Give the day on which they answered.")}
        )
    if condition.asked_on is not None and given_on < condition.asked_on:
        raise ValidationError(
            {
                "given_on": _(
                    "They cannot have answered before it was asked, on %(day)s. Choose a later day."
                )
                % {"day": _words(condition.asked_on)}
            }
        )
    if promised_on is None:
        return
    if answer == ConditionState.REFUSED:
        raise ValidationError(
            {
                "promised_on": _(
                    "What was refused is not promised. Leave this day empty, or choose another answer."
                )
            }
        )
    if promised_on < given_on:
        raise ValidationError(
            {
                "promised_on": _(
                    "This day lies before the answer, on %(day)s. Was it there already? Leave this day empty, and "
                    "record afterwards that it was met."
                )
                % {"day": _words(given_on)}
            }
        )


def check_seen_day(condition: Condition, seen_on: date) -> None:
    """It was seen after it was asked and not after today."""
    if seen_on > timezone.localdate():
        raise ValidationError(
            {"seen_on": _("This day is still to come. Give the day on which this was seen.")}
        )
    if condition.asked_on is not None and seen_on < condition.asked_on:
        raise ValidationError(
            {
                "seen_on": _(
                    "This cannot have been seen before it was asked, on %(day)s. Choose a later day."
                )
                % {"day": _words(condition.asked_on)}
            }
        )


def _words(day: date) -> str:
    return date_format(day, "j F Y")


# --- evidence --------------------------------------------------------------------------------------------------
def check_evidence(condition: Condition, url: str, document: DossierDocument | None) -> str:
    """The address tidied; ValidationError at `evidence_url` or `document` where it cannot be taken."""
    if document is not None and (
        document.dossier_id != condition.dossier_id or document.withdrawn_at is not None
    ):
        raise ValidationError({"document": _("Choose a document of this dossier.")})
    if not url.strip():
        return ""
    try:
        return check_link(url)
    except ValidationError as error:
        raise ValidationError({"evidence_url": error.error_dict["url"]}) from None


# --- news ------------------------------------------------------------------------------------------------------
# The kinds whose names take an article in a sentence.
_WITH_ARTICLE = {
    OrganisationKind.MINISTRY: gettext_lazy("the %(ministry)s"),
    OrganisationKind.WATER_BOARD: gettext_lazy("the %(water_board)s"),
}


def party_names(organisation: Organisation) -> dict[str, str]:
    """The organisation as it stands within a sentence, in each language of the association."""
    names = {}
    for language in association().languages:
        with override(language):
            pattern = _WITH_ARTICLE.get(OrganisationKind(organisation.kind))
            name = organisation.name
            names[language] = str(pattern) % {organisation.kind: name} if pattern else name
    return names


def news_of(condition: Condition, *, day: date | None = None, reason: str = "") -> dict[str, Any]:
    """What the news about a condition tells: its number, its dossier, the party, the day and the reason."""
    dossier = Item.objects.only("title").get(pk=condition.dossier_id)
    return {
        "number": condition.number,
        "dossier": dossier.title,
        "party": party_names(condition.organisation),
        "day": day.isoformat() if day else "",
        "reason": reason,
    }
