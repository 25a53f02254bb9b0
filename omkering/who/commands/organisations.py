"""Parties outside the association, and the functions there that one speaks to.

The association folder gives the first ones; the bureau adds and changes others here. What was changed here stays as
it is when the folder is loaded again. They are retired, never deleted: what was asked of them stays.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from omkering.engine.personal_data import find
from omkering.journal.commands import record
from omkering.who.association.agenda_files import (
    LONGEST_ABBREVIATION,
    LONGEST_KEY,
    LONGEST_NAME,
    is_of_a_person,
)
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import ContactRole, Organisation, OrganisationKind, Person

KEYS_LOCK = 0x0A12  # one key is given out at a time, in this database
_check_website = URLValidator(schemes=["https"])


@transaction.atomic
def load_organisations() -> int:
    """Add what is new in the folder and take over what changed there; returns how many changed.

    What was added or changed here keeps its words; what left the folder stays. By the system alone, as is loading
    the rest of the folder.
    """
    _lock_keys()
    present = {row.key: row for row in Organisation.objects.select_for_update()}
    roles = {(row.organisation_id, row.key): row for row in ContactRole.objects.select_for_update()}
    changed = 0
    for party in association().organisations:
        row = present.get(party.key) or Organisation(key=party.key)
        changed += _take_over(
            row,
            names=dict(party.names),
            kind=party.kind,
            abbreviation=party.abbreviation,
            website=party.website,
        )
        for contact in party.contacts:
            role = roles.get((row.pk, contact.key)) or ContactRole(organisation=row, key=contact.key)
            changed += _take_over(role, names=dict(contact.names), email=contact.email)
    if changed:
        record(verb="organisations.loaded", subject="association", data={"changed": changed})
    return changed


def _take_over(row: Organisation | ContactRole, **fields: object) -> bool:
    """Write what the folder says, unless the row was edited here; whether anything changed."""
    if row.pk is not None and (row.edited_at or all(getattr(row, k) == v for k, v in fields.items())):
        return False
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return True


@transaction.atomic
def add_organisation(
    *, actor: Person, names: Mapping[str, str], kind: str, abbreviation: str = "", website: str = ""
) -> Organisation:
    """Add a party outside the association; `names` holds a name per language, the main one's at least.

    Raises ValidationError at `names`, `kind`, `abbreviation` or `website`.
    """
    require(actor, "who.manage_organisations")
    fields = _checked(names=names, kind=kind, abbreviation=abbreviation, website=website)
    _lock_keys()
    key = _free_key(fields["names"], Organisation.objects.values_list("key", flat=True), "organisation")
    made = Organisation.objects.create(key=key, edited_at=timezone.now(), **fields)
    record(verb="organisation.added", subject=_subject(made), actor=actor.pk, data={"kind": kind})
    return made


@transaction.atomic
def change_organisation(
    *,
    actor: Person,
    organisation: Organisation,
    names: Mapping[str, str] | None = None,
    kind: str | None = None,
    abbreviation: str | None = None,
    website: str | None = None,
) -> Organisation:
    """Change what is given; None leaves it as it is. Its key stays, and so does the change when the folder is loaded.

    Raises ValidationError as `add_organisation` does; where nothing differs nothing is recorded.
    """
    require(actor, "who.manage_organisations", organisation)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    _change(row, _checked(names=names, kind=kind, abbreviation=abbreviation, website=website), actor, row)
    return row


@transaction.atomic
def retire_organisation(*, actor: Person, organisation: Organisation) -> Organisation:
    """It no longer exists or has no part any more: it cannot be chosen anew, and stays where it stands.

    Doing it twice is doing it once.
    """
    require(actor, "who.manage_organisations", organisation)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.retired_at is None:
        row.retired_at = timezone.now()
        row.save(update_fields=["retired_at"])
        record(verb="organisation.retired", subject=_subject(row), actor=actor.pk)
    return row


@transaction.atomic
def add_contact_role(
    *, actor: Person, organisation: Organisation, names: Mapping[str, str], email: str = ""
) -> ContactRole:
    """Add a function that one speaks to at an organisation; the mail address, if any, is the function's own.

    Raises ValidationError at `names`, at `email`, or for an organisation that is retired.
    """
    require(actor, "who.manage_organisations", organisation)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.retired_at is not None:
        raise ValidationError(_("This organisation is retired. Choose another one."), code="retired")
    fields = _checked(names=names, email=email)
    key = _free_key(fields["names"], row.contacts.values_list("key", flat=True), "contact")
    made = ContactRole.objects.create(organisation=row, key=key, edited_at=timezone.now(), **fields)
    record(verb="contact_role.added", subject=_subject(row), actor=actor.pk, data={"contact": made.pk})
    return made


@transaction.atomic
def change_contact_role(
    *, actor: Person, contact: ContactRole, names: Mapping[str, str] | None = None, email: str | None = None
) -> ContactRole:
    """Change what is given; None leaves it as it is. Raises ValidationError at `names` or `email`."""
    require(actor, "who.manage_organisations", contact.organisation)
    row = ContactRole.objects.select_for_update().get(pk=contact.pk)
    _change(row, _checked(names=names, email=email), actor, row.organisation)
    return row


def _change(
    row: Organisation | ContactRole, fields: dict[str, object], actor: Person, organisation: Organisation
) -> None:
    """Write the fields that differ, and record which."""
    differ = sorted(name for name, value in fields.items() if getattr(row, name) != value)
    if not differ:
        return
    for name in differ:
        setattr(row, name, fields[name])
    row.edited_at = timezone.now()
    row.save(update_fields=[*differ, "edited_at"])
    data: dict[str, object] = {"fields": differ}
    if isinstance(row, ContactRole):
        data["contact"] = row.pk
    verb = "contact_role.changed" if isinstance(row, ContactRole) else "organisation.changed"
    record(verb=verb, subject=_subject(organisation), actor=actor.pk, data=data)


def _subject(organisation: Organisation) -> str:
    return f"organisation:{organisation.pk}"  # its key is made from its name, which an event never holds


def _checked(
    *,
    names: Mapping[str, str] | None = None,
    kind: str | None = None,
    abbreviation: str | None = None,
    website: str | None = None,
    email: str | None = None,
) -> dict:
    """The given fields, tidied; ValidationError with a sentence at each that is wrong."""
    fields: dict[str, object] = {}
    errors: dict[str, str] = {}
    if names is not None:
        languages = association().languages
        fields["names"] = texts = {
            language: text for language in languages if (text := _tidy(names.get(language, "")))
        }
        if languages[0] not in texts:
            errors["names"] = _("Give a name in the main language.")
        elif problem := next(filter(None, map(_name_problem, texts.values())), ""):
            errors["names"] = problem
    if kind is not None:
        fields["kind"] = kind
        if kind not in OrganisationKind.values:
            errors["kind"] = _("Choose what kind of organisation it is.")
    if abbreviation is not None:
        fields["abbreviation"] = short = _tidy(abbreviation)
        if len(short) > LONGEST_ABBREVIATION:
            errors["abbreviation"] = _("Make the abbreviation shorter: at most %(most)s characters.") % {
                "most": LONGEST_ABBREVIATION
            }
        elif find(short):
            errors["abbreviation"] = _holds_personal_data()
    if website is not None:
        fields["website"] = address = _tidy(website)
        if address and not _is_website(address):
            errors["website"] = _("Write the whole address of the website, beginning with https://.")
    if email is not None:
        fields["email"] = mail = _tidy(email)
        if mail and (problem := _email_problem(mail)):
            errors["email"] = problem
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]
    return fields


def _tidy(text: str) -> str:
    """On one line, without control characters and marks that turn the direction of what follows."""
    seen = (" " if sign.isspace() else sign for sign in text)
    return " ".join("".join(sign for sign in seen if unicodedata.category(sign) not in ("Cc", "Cf")).split())


def _name_problem(text: str) -> str:
    if len(text) > LONGEST_NAME:
        return _("Make the name shorter: at most %(most)s characters.") % {"most": LONGEST_NAME}
    return _holds_personal_data() if find(text) else ""


def _holds_personal_data() -> str:
    return _("This seems to hold a mail address, telephone number or other personal data. Take it out.")


def _is_website(address: str) -> bool:
    try:
        _check_website(address)
    except ValidationError:
        return False
    return len(address) <= LONGEST_NAME and "@" not in urlsplit(address).netloc


def _email_problem(email: str) -> str:
    try:
        ContactRole._meta.get_field("email").run_validators(email)  # its form, and its length
    except ValidationError:
        return _("Write a whole e-mail address, such as info@example.org.")
    if is_of_a_person(email):
        return _("Give the address of a function or department, not that of a person.")
    return ""


def _lock_keys() -> None:
    """Hold other transactions that give out keys until this one has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEYS_LOCK])


def _free_key(names: Mapping[str, str], taken: Iterable[str], otherwise: str) -> str:
    """A key from the name in the main language, with a number behind it when that is taken."""
    stem = slugify(names[association().languages[0]])[: LONGEST_KEY - 6].strip("-_") or otherwise
    used, key, number = set(taken), stem, 1
    while key in used:
        number += 1
        key = f"{stem}-{number}"
    return key
