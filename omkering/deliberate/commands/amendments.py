"""The life of an amendment: prepared, handed in, co-signed, replaced and withdrawn."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.deliberate.amendment_texts import check_deed, checked
from omkering.deliberate.commands.amendment_rows import (
    back,
    locked,
    locked_document,
    log,
    move_backings,
    next_number,
    people_behind,
    refuse_closed,
    refuse_old,
    refuse_unless_live,
    save,
    settle,
    standing_backings,
    tell,
    version_numbered,
    words_in,
)
from omkering.deliberate.models import (
    LIVE,
    Amendment,
    AmendmentState,
    Backing,
    ConsultationRound,
    ConsultationState,
    Deed,
    Document,
    Paragraph,
)
from omkering.deliberate.publics import in_public, visibility_of
from omkering.deliberate.queries.amendment_studies import colliding_with, talks_over
from omkering.deliberate.rules_amendments import owner_of
from omkering.journal import clock
from omkering.thread.commands import link, remember_meaning
from omkering.thread.models import Follow, LinkKind, Visibility
from omkering.thread.texts import summary_of, tidy
from omkering.who.authority import may, require
from omkering.who.models import Member, Network, Person
from omkering.who.owners import Owner
from omkering.who.standing import standing_of


# --- rounds ----------------------------------------------------------------------------------------------------
def round_open_to(actor: Person, document: Document) -> ConsultationRound | None:
    """The round in which `actor` can make amendments to this document now; None where the text takes them freely.

    ValidationError where it takes them in rounds and none of these is open to this person.
    """
    rows = ConsultationRound.objects.filter(consultation__document=document, takes_amendments=True).exclude(
        Q(state=ConsultationState.WITHDRAWN) | Q(consultation__state=ConsultationState.WITHDRAWN)
    )
    rounds = list(rows.select_related("consultation").order_by("opens_at", "pk"))
    if not rounds:
        return None
    now = clock.database_now()
    live = [row for row in rounds if row.state == ConsultationState.OPEN and row.closes_at > now]
    for row in live:
        if in_public(actor, row):
            return row
    if live:
        raise ValidationError(_("The round that is open now does not ask you. Ask the bureau when yours is."))
    planned = [row for row in rounds if row.state == ConsultationState.PLANNED]
    if planned:
        raise ValidationError(
            _("Amendments can be made from %(when)s.") % {"when": _in_words(planned[0].opens_at)}
        )
    raise ValidationError(
        _(
            "Amendments could be made until %(when)s. A draft that you have can still be handed in, marked as late."
        )
        % {"when": _in_words(rounds[-1].closes_at)}
    )


def _in_words(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def is_late(row: Amendment) -> bool:
    """Whether the round of an amendment is closed by the clock that counts."""
    round = row.in_round
    if round is None:
        return False
    return round.state != ConsultationState.OPEN or round.closes_at <= clock.database_now()


# --- drafts ----------------------------------------------------------------------------------------------------
@transaction.atomic
def draft_amendment(
    *,
    actor: Person,
    paragraph: Paragraph,
    owner: Owner,
    title: str,
    text: str = "",
    reason: str = "",
    consequences: str = "",
    deed: str = Deed.CHANGE,
    on_version: int | None = None,
) -> Amendment:
    """Prepare another text for a paragraph, in the name of a member or a network; not handed in yet.

    `on_version` is the version of the document that was read (None: the newest). ValidationError by field.
    """
    require(actor, "deliberate.draft_amendment", owner)
    document = locked_document(paragraph.document_id)
    _refuse_hidden(actor, document)
    refuse_closed(document)
    round = round_open_to(actor, document)
    version = version_numbered(document.pk, on_version)
    base = words_in(version, paragraph)
    values = texts_of(title, text, reason, consequences, deed, base, draft=True)
    fields: dict[str, Any] = {**values, "deed": deed, "written_on": version}
    drafts = Amendment.objects.filter(paragraph=paragraph, state=AmendmentState.DRAFT, author=actor)
    if same := drafts.filter(**fields, **_whose(owner)).first():
        return same  # a double click is one click
    row = create_draft(document, paragraph, base, actor, round, owner=owner, **fields)
    log("drafted", row, actor, owner, document=document.pk, paragraph=paragraph.address, number=row.number)
    return row


@transaction.atomic
def edit_amendment(
    *,
    actor: Person,
    amendment: Amendment,
    version: int,
    title: str,
    text: str = "",
    reason: str = "",
    consequences: str = "",
    deed: str = Deed.CHANGE,
    on_version: int | None = None,
) -> Amendment:
    """Change a draft. `version` is that of the draft one read: an older one is refused with code `changed`.

    `on_version`: the version of the document that the words are compared with from now on.
    """
    require(actor, "deliberate.edit_amendment", amendment)
    row = locked(amendment)
    refuse_old(row, version)
    if row.state != AmendmentState.DRAFT:
        raise ValidationError(_("This was handed in, so its words stay. Replace it by another one instead."))
    if on_version is not None and on_version != row.written_on.number:
        row.written_on = version_numbered(row.document_id, on_version)
        row.base = words_in(row.written_on, row.paragraph)
    values = texts_of(title, text, reason, consequences, deed, row.base, draft=True)
    for name, value in values.items():
        setattr(row, name, value)
    row.deed = deed
    save(row, *values, "deed", "written_on", "base")
    log("edited", row, actor, owner_of(row))
    return row


@transaction.atomic
def submit_amendment(*, actor: Person, amendment: Amendment, version: int | None = None) -> Amendment:
    """Hand in a draft, in the name of its member or network; those whose amendments it collides with are told.

    After the closing of its round it comes in with the mark that it is late. Handed in twice it is handed in once.
    """
    owner = owner_of(amendment)
    require(actor, "deliberate.submit_amendment", owner)
    assert owner is not None
    document = locked_document(amendment.document_id)
    row = locked(amendment)
    if row.state in LIVE:
        return row
    if row.state != AmendmentState.DRAFT:
        raise ValidationError(_("This draft was withdrawn."))
    if talks_over(row) is not None:
        raise ValidationError(_("This is a common text: it is handed in once the other side agrees to it."))
    if version is not None:
        refuse_old(row, version)
    refuse_closed(document)
    texts_of(row.title, row.text, row.reason, row.consequences, row.deed, row.base, draft=False)
    row.late = is_late(row)
    publish(row, document, actor, owner)
    log("submitted", row, actor, owner, late=row.late, paragraph=row.paragraph.address)
    tell_new(row, document, actor)
    return row


# --- support ---------------------------------------------------------------------------------------------------
@transaction.atomic
def cosign(*, actor: Person, amendment: Amendment, owner: Owner) -> Backing:
    """Let another member or network stand behind an amendment. Doing it twice is doing it once."""
    require(actor, "deliberate.cosign", owner)
    row = locked(amendment)
    _refuse_hidden(actor, row)
    refuse_unless_live(row)
    of = {"member": owner} if isinstance(owner, Member) else {"network": owner}
    if present := Backing.objects.filter(amendment=row, ended_at__isnull=True, **of).first():
        return present
    behind = people_behind(row)
    made = back(row, owner, Backing.Part.COSIGNS, actor)
    log("cosigned", row, actor, owner, backing=made.pk)
    tell(row, "cosigned", actor, behind, once=made.pk, who=_named(owner))
    return made


@transaction.atomic
def end_backing(*, actor: Person, backing: Backing) -> Backing:
    """No longer stand behind an amendment, as a co-signer or as one of several authors; that it was so stays known.

    The last author withdraws the amendment itself instead.
    """
    owner = backing.member or backing.network
    require(actor, "deliberate.cosign", owner)
    assert owner is not None
    row = locked(backing.amendment)
    backing = Backing.objects.select_for_update(no_key=True).get(pk=backing.pk)
    if backing.ended_at is not None:
        return backing
    refuse_unless_live(row)
    if backing.part == Backing.Part.AUTHOR:
        others = [one for one in standing_backings([row]) if one.part == "author" and one.pk != backing.pk]
        if not others:
            raise ValidationError(_("You are the only author. Withdraw the amendment instead."))
        if owner == owner_of(row):  # another author answers for it from now on
            row.owner_member, row.network = others[0].member, others[0].network
            save(row, "owner_member", "network")
    backing.ended_at = timezone.now()
    backing.save(update_fields=["ended_at"])
    log("backing_ended", row, actor, owner, backing=backing.pk)
    tell(row, "backing_ended", actor, people_behind(row), once=backing.pk, who=_named(owner))
    return backing


# --- withdrawn, replaced ---------------------------------------------------------------------------------------
@transaction.atomic
def withdraw_amendment(*, actor: Person, amendment: Amendment, reason: str = "") -> Amendment:
    """Take an amendment off the table, or end a draft. Of a common one an author can only step out by itself."""
    require(
        actor,
        "deliberate.edit_amendment"
        if amendment.state == AmendmentState.DRAFT
        else "deliberate.change_amendment",
        amendment,
    )
    row = locked(amendment)
    if row.state == AmendmentState.WITHDRAWN:
        return row
    draft = row.state == AmendmentState.DRAFT
    if not draft:
        refuse_unless_live(row)
        reason = checked({"why": reason})["why"]
        others = [one for one in standing_backings([row]) if one.part == "author"]
        if any(not may(actor, "deliberate.cosign", one.member or one.network) for one in others):
            raise ValidationError(
                _("Others are authors of this one as well. You can step out; they then go on with it.")
            )
    behind = people_behind(row)
    settle(row, AmendmentState.WITHDRAWN, reason if not draft else "")
    log("withdrawn", row, actor, owner_of(row))
    if not draft:
        tell(row, "withdrawn", actor, behind)
    return row


@transaction.atomic
def replace_amendment(
    *,
    actor: Person,
    amendment: Amendment,
    version: int,
    title: str,
    text: str = "",
    reason: str,
    consequences: str = "",
    deed: str = Deed.CHANGE,
    on_version: int | None = None,
) -> Amendment:
    """Put another amendment in the place of one that was handed in; everybody behind it goes along and is told.

    `on_version` None compares with the newest version of the document, so this also brings an amendment onto it.
    """
    require(actor, "deliberate.change_amendment", amendment)
    document = locked_document(amendment.document_id)
    old = locked(amendment)
    refuse_old(old, version)
    refuse_unless_live(old)
    refuse_closed(document)
    new_version = version_numbered(document.pk, on_version)
    base = words_in(new_version, old.paragraph)
    values = texts_of(title, text, reason, consequences, deed, base, draft=False)
    if (deed, values["text"], base) == (old.deed, old.text, old.base):
        raise ValidationError({"text": _("This is the same text as before. Change something in it.")})
    owner = owner_of(old)
    assert owner is not None
    new = create_draft(
        document,
        old.paragraph,
        base,
        actor,
        old.in_round,
        owner=owner,
        deed=deed,
        written_on=new_version,
        **values,
    )
    new.late = is_late(new)
    moved = move_backings(old, new)
    publish(new, document, actor, owner)
    settle(old, AmendmentState.REPLACED, "")
    link(upstream=old, downstream=new, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    log("replaced", old, actor, owner, by=new.pk, backings=moved)
    tell(old, "replaced", actor, people_behind(new), by=new.number)
    tell_new(new, document, actor)
    return new


# --- what these share ------------------------------------------------------------------------------------------
def texts_of(
    title: str, text: str, reason: str, consequences: str, deed: str, base: str, *, draft: bool
) -> dict[str, str]:
    """The texts tidied; a part that is dropped has none."""
    written = {"title": title, "reason": reason, "consequences": consequences}
    check_deed(deed, tidy(text), base)
    if deed != Deed.DROP:
        written["text"] = text
    return {"text": "", **checked(written, base=base, draft=draft)}


def _whose(owner: Owner) -> dict[str, Any]:
    return {
        "owner_member": owner if isinstance(owner, Member) else None,
        "network": owner if isinstance(owner, Network) else None,
    }


def _named(owner: Owner) -> Any:
    """A member's name, or a network's in each language, for a notice."""
    return owner.name if isinstance(owner, Member) else owner.names


def create_draft(
    document: Document,
    paragraph: Paragraph,
    base: str,
    actor: Person,
    round: ConsultationRound | None,
    *,
    owner: Owner,
    **fields: Any,
) -> Amendment:
    """A row of a locked document, with the next number; only those who prepare it and the bureau read it."""
    return Amendment.objects.create(
        kind="amendment",
        state=AmendmentState.DRAFT,
        document=document,
        paragraph=paragraph,
        base=base,
        number=next_number(document),
        in_round=round,
        summary=summary_of(fields["reason"]),
        body="\n\n".join(fields[name] for name in ("text", "reason", "consequences") if fields[name]),
        visibility=Visibility.BUREAU,
        language=document.language,
        theme_id=document.theme_id,
        owner_body_id=document.owner_body_id,
        author=actor,
        example=document.example,
        **_whose(owner),
        **fields,
    )


def publish(row: Amendment, document: Document, actor: Person, owner: Owner) -> None:
    """Put a locked draft on the table, to be read by who may read the document, or the round it was made in."""
    row.state, row.submitted_at = AmendmentState.SUBMITTED, timezone.now()
    row.visibility, row.audience_id = document.visibility, document.audience_id
    if row.in_round is not None:
        row.visibility, row.audience_id = visibility_of(row.in_round)
    save(row, "state", "submitted_at", "late", "visibility", "audience")
    back(row, owner, Backing.Part.AUTHOR, actor)
    link(upstream=document, downstream=row, kind=LinkKind.AMENDS, actor=actor)
    remember_meaning(item=row)


def tell_new(row: Amendment, document: Document, actor: Person) -> None:
    """Tell who follows or owns the document, and both sides of each collision."""
    followers = Follow.objects.filter(item_id=document.pk).values_list("person_id", flat=True)
    owner = [document.owner_id] if document.owner_id else []
    own = people_behind(row)
    tell(row, "submitted", actor, [*followers, *owner, *own])
    for other in colliding_with(row):
        tell(other, "collides", actor, people_behind(other), once=row.pk, other=row.number)
        tell(row, "collides", actor, own, once=other.pk, other=other.number)


def _refuse_hidden(actor: Person, item: Document | Amendment) -> None:
    """PermissionDenied for what the actor may not read."""
    if not type(item).objects.filter(pk=item.pk).visible_to(standing_of(actor), actor.pk).exists():
        raise PermissionDenied("deliberate.read")
