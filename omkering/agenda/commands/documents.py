"""Documents of a dossier and parties from outside the association: added, and ended; never removed."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.commands.dossier_rows import locked, refuse_closed
from omkering.agenda.dossier_texts import checked
from omkering.agenda.models import Dossier, DossierDocument, Party
from omkering.journal.commands import record
from omkering.thread.uploads import check_link, check_upload, random_name
from omkering.who.authority import require
from omkering.who.models import ContactRole, Organisation, Person
from omkering.who.owners import BUREAU

MOST_DOCUMENTS = 500


@transaction.atomic
def add_document(
    *, actor: Person, dossier: Dossier, name: str = "", url: str = "", upload: UploadedFile | None = None
) -> DossierDocument:
    """Add a link or a file to the present step; a file is known by its content, and without a name keeps its own.

    The same link or file twice in one step is once. ValidationError for `name`, `url` or `upload`.
    """
    require(actor, "agenda.edit_dossier", dossier)
    if bool(url.strip()) == (upload is not None):
        raise ValidationError({"url": _("Give a link or a file, one of the two.")})
    kept: dict[str, object] = {}
    if upload is not None:
        sound = check_upload(upload)
        name = name.strip() or sound.name
        kept = {"content_type": sound.content_type, "size": sound.size, "sha256": sound.sha256}
        upload.name = random_name(sound)
        kept["file"] = upload
    else:
        kept = {"url": check_link(url)}
    name = checked({"name": name})["name"]
    row = locked(dossier)
    step = row.steps.get(ended_at__isnull=True)
    same = {"sha256": kept["sha256"]} if upload is not None else {"url": kept["url"]}
    present = row.documents.filter(withdrawn_at__isnull=True)
    if (found := present.filter(step=step, name=name, **same).first()) is not None:
        return found
    if present.count() >= MOST_DOCUMENTS:
        raise ValidationError(
            {"url": _("This dossier is full of documents. Withdraw one that no longer counts.")}
        )
    document = DossierDocument.objects.create(dossier=row, step=step, name=name, person=actor, **kept)
    record(
        verb="dossier.document_added",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"document": document.pk, "file": bool(document.file)},
    )
    return document


@transaction.atomic
def withdraw_document(*, actor: Person, document: DossierDocument) -> None:
    """Say that a document no longer counts; that it was there stays known. Doing it twice is doing it once."""
    require(actor, "agenda.edit_dossier", document.dossier)
    row = (
        DossierDocument.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=document.pk)
    )
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    record(
        verb="dossier.document_withdrawn",
        subject=row.dossier.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"document": row.pk},
    )


@transaction.atomic
def add_party(
    *,
    actor: Person,
    dossier: Dossier,
    organisation: Organisation,
    contact: ContactRole | None = None,
    part: str = "",
) -> Party:
    """Say that an organisation outside the association has a part in a dossier, and which function one speaks to.

    ValidationError (`organisation`, `contact`) for one that is there already, or is retired.
    """
    require(actor, "agenda.edit_dossier", dossier)
    part = checked({"part": part})["part"]
    if organisation.retired_at is not None:
        raise ValidationError({"organisation": _("This organisation is retired. Choose another one.")})
    if contact is not None and contact.organisation_id != organisation.pk:
        raise ValidationError({"contact": _("Choose a function of the organisation itself.")})
    row = locked(dossier)
    refuse_closed(row)
    if row.parties.filter(organisation=organisation, ended_at__isnull=True).exists():
        raise ValidationError(
            {"organisation": _("%(name)s already has a part in this dossier.") % {"name": organisation.name}}
        )
    party = Party.objects.create(
        dossier=row, organisation=organisation, contact=contact, part=part, person=actor
    )
    record(
        verb="dossier.party_added",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"organisation": organisation.pk, "contact": contact.pk if contact else None},
    )
    return party


@transaction.atomic
def end_party(*, actor: Person, party: Party) -> None:
    """The organisation no longer has a part in it; that it had stays known. Doing it twice is doing it once."""
    require(actor, "agenda.edit_dossier", party.dossier)
    row = Party.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=party.pk)
    if row.ended_at is not None:
        return
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record(
        verb="dossier.party_ended",
        subject=row.dossier.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"organisation": row.organisation_id},
    )
