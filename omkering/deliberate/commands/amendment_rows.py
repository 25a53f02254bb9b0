"""What the commands of amendments share: locks, the text as it is now, who stands behind one, and telling them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.deliberate.models import (
    LIVE,
    Amendment,
    AmendmentState,
    Backing,
    Block,
    CollisionTalk,
    Document,
    DocumentState,
    Paragraph,
    Version,
)
from omkering.journal.commands import record
from omkering.journal.models import Event
from omkering.thread.commands import announce
from omkering.thread.texts import summary_of
from omkering.who.models import Appointment, Member, Person
from omkering.who.owners import BUREAU, Owner, behalf
from omkering.who.rolls import mandated


def locked_document(pk: int) -> Document:
    """The document, locked: numbers are given out, and versions made, one at a time."""
    return Document.objects.select_for_update(no_key=True, of=("self", "item_ptr")).get(pk=pk)


def locked(amendment: Amendment) -> Amendment:
    """The amendment as it is now, locked against who changes it at the same time."""
    rows = Amendment.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
    return rows.select_related("paragraph", "written_on", "in_round", "owner_member", "network").get(
        pk=amendment.pk
    )


def refuse_old(row: Amendment, version: int) -> None:
    """Raise ValidationError with code `changed`, which tells who changed it and when, unless `version` is new."""
    if version == row.version:
        return
    event = Event.objects.filter(subject=row.subject).exclude(verb="news.told").order_by("-pk").first()
    person = Person.objects.filter(pk=event.actor).first() if event and event.actor else None
    raise ValidationError(
        _(
            "%(who)s changed this amendment on %(when)s, while you were busy. Look at what it says now, and send yours "
            "again."
        )
        % {
            "who": person.name if person else _("Somebody"),
            "when": date_format(timezone.localtime(event.at if event else row.changed_at), "j F Y, H:i"),
        },
        code="changed",
    )


def refuse_unless_live(row: Amendment) -> None:
    """Raise ValidationError for an amendment that is not on the table."""
    if row.state in LIVE:
        return
    if row.state == AmendmentState.DRAFT:
        raise ValidationError(_("This amendment was not handed in yet."))
    raise ValidationError(
        _("This amendment is no longer on the table: %(state)s.")
        % {"state": str(AmendmentState(row.state).label).lower()}
    )


def refuse_closed(document: Document) -> None:
    """Raise ValidationError for a document whose text is not open to amendments."""
    if document.state == DocumentState.PUBLISHED:
        return
    messages = {
        DocumentState.DRAFT: _(
            "This text is still being prepared. Amendments are possible once it is published."
        ),
        DocumentState.ADOPTED: _("This text was adopted. It takes no amendments any more."),
        DocumentState.WITHDRAWN: _("This text was withdrawn. It takes no amendments any more."),
    }
    raise ValidationError(messages[DocumentState(document.state)])


def version_numbered(document_id: int, number: int | None) -> Version:
    """The version of a document with this number, or the newest; ValidationError where there is none."""
    rows = Version.objects.filter(document_id=document_id).order_by("-number")
    found = rows.first() if number is None else rows.filter(number=number).first()
    if found is None:
        raise ValidationError(_("This text has no such version. Start from the page of the text."))
    return found


def words_in(version: Version, paragraph: Paragraph) -> str:
    """What a paragraph says in a version; ValidationError where it is not in there."""
    found = Block.objects.filter(version=version, paragraph=paragraph).values_list("text", flat=True).first()
    if found is None:
        raise ValidationError(
            _("This paragraph is not in version %(number)s of the text.") % {"number": version.number}
        )
    return found


def next_number(document: Document) -> int:
    """The number of the next amendment to a locked document."""
    last = Amendment.objects.filter(document=document).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def save(row: Amendment, *fields: str) -> None:
    """Save these fields as a new version of the amendment, with what readers search for."""
    row.changed_at = timezone.now()
    row.version += 1
    row.summary = summary_of(row.reason)
    row.body = "\n\n".join(text for text in (row.text, row.reason, row.consequences) if text)
    row.save(update_fields=[*fields, "summary", "body", "changed_at", "version"])


def settle(row: Amendment, state: str, reason: str, settled_in: Any = None) -> None:
    """Give a locked amendment its state, with why; its talks end where it is no longer on the table."""
    row.state = state
    row.settled_at, row.settled_reason, row.settled_in = timezone.now(), reason, settled_in
    save(row, "state", "settled_at", "settled_reason", "settled_in")
    if state not in LIVE:
        talks = CollisionTalk.objects.filter(ended_at__isnull=True)
        for side in ("first", "second"):
            talks.filter(**{side: row}).update(outcome=CollisionTalk.Outcome.APART, ended_at=timezone.now())


# --- who stands behind it --------------------------------------------------------------------------------------
def standing_backings(amendments: Iterable[Amendment]) -> list[Backing]:
    """Who stands behind these now, authors first; one query."""
    rows = Backing.objects.filter(amendment__in=list(amendments), ended_at__isnull=True)
    return list(rows.select_related("member", "network").order_by("part", "pk"))


def people_behind(*amendments: Amendment) -> list[int]:
    """Ids of those who handed it in or co-signed, hold the mandate of who did, or are secretary of a network that did;
    three queries."""
    backings = standing_backings(amendments)
    members = {row.member_id for row in backings if row.member_id}
    networks = {row.network_id for row in backings if row.network_id}
    people = {row.person_id for row in backings} | {row.author_id for row in amendments if row.author_id}
    people |= set(mandated(members))
    people |= set(
        Appointment.objects.on(timezone.localdate())
        .filter(network_id__in=networks, role="network_secretary", person__is_active=True)
        .values_list("person_id", flat=True)
    )
    return sorted(person for person in people if person is not None)


def back(
    amendment: Amendment, owner: Owner, part: str, person: Person | int, came_from: Amendment | None = None
) -> Backing:
    """Let a member or network stand behind an amendment; once."""
    of: dict[str, Any] = {"member": owner} if isinstance(owner, Member) else {"network": owner}
    made, _new = Backing.objects.get_or_create(
        amendment=amendment,
        ended_at=None,
        **of,
        defaults={
            "part": part,
            "person_id": person.pk if isinstance(person, Person) else person,
            "came_from": came_from,
        },
    )
    return made


def move_backings(old: Amendment, new: Amendment) -> int:
    """Let everybody behind `old` stand behind `new`, as what they were; returns how many came."""
    rows = standing_backings([old])
    Backing.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=timezone.now())
    for row in rows:
        owner = row.member or row.network
        assert owner is not None
        made = back(new, owner, row.part, row.person_id, came_from=old)
        if row.part == Backing.Part.AUTHOR and made.part != Backing.Part.AUTHOR:
            made.part = Backing.Part.AUTHOR
            made.save(update_fields=["part"])
    return len(rows)


# --- telling ---------------------------------------------------------------------------------------------------
def log(what: str, row: Amendment, actor: Person | None, owner: Owner | None, **data: Any) -> Event:
    """The one event of a command on an amendment, on behalf of its `owner` (None: the bureau)."""
    return record(
        verb=f"amendment.{what}",
        subject=row.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=behalf(owner, BUREAU),
        data={"version": row.version, **data},
    )


def tell(
    row: Amendment,
    what: str,
    actor: Person | None,
    audience: Iterable[int],
    *,
    once: int | str = "",
    **data: Any,
) -> None:
    """Tell these people, and who follows the amendment, what happened to it.

    Those upstream of the document do not hear of each amendment: they hear of the new version of the text.
    """
    announce(
        item=row,
        milestone=f"amendment.{what}",
        actor=actor,
        data={"number": row.number, "document": row.document.title, **data},
        once=str(once),
        audience=sorted(set(audience)),
        upstream=False,
    )
