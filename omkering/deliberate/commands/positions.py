"""Positions: what the association says to whom about what, since when, and until when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.deliberate.commands.position_rows import (
    locked_position,
    open_organisations,
    readers_of,
    refuse_old,
    save,
    texts_of,
)
from omkering.deliberate.commands.relations import follow_readers, tie
from omkering.deliberate.models import (
    Alignment,
    Position,
    PositionAddressee,
    PositionSource,
    PositionState,
    Relation,
)
from omkering.journal.commands import record
from omkering.thread.commands import announce, link, remember_meaning, unlink
from omkering.thread.models import Item, Link, LinkKind, Theme, Visibility
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Body, Network, Organisation, Person
from omkering.who.owners import BUREAU
from omkering.who.standing import standing_of

TEXTS = ("title", "summary", "text", "messages", "figures", "source_note")


@transaction.atomic
def add_position(
    *,
    actor: Person,
    title: str,
    summary: str,
    text: str,
    theme: Theme | None,
    addressees: Iterable[Organisation],
    source: str,
    taken_on: date,
    messages: str = "",
    figures: str = "",
    source_body: Body | None = None,
    source_item: Item | None = None,
    source_note: str = "",
    ends_on: date | None = None,
    owner: Person | None = None,
    example: bool = False,
) -> Position:
    """Write a position down as a draft, which the bureau reads; it holds once it is taken with `take_position`.

    `source_item` is the decision here that it follows from, else `source_note` says where the decision is found.
    ValidationError by field.
    """
    require(actor, "deliberate.keep_position", source_item)
    texts = texts_of(
        title=title, summary=summary, text=text, messages=messages, figures=figures, source_note=source_note
    )
    fields = _fields(
        actor, theme, source, source_body, source_item, texts["source_note"], taken_on, ends_on, owner
    )
    chosen = open_organisations(addressees)
    drafts = Position.objects.filter(author=actor, state=PositionState.DRAFT, taken_on=taken_on)
    if same := drafts.filter(title=texts["title"], text=texts["text"], source_item=source_item).first():
        return same  # a double click is one click
    position = Position.objects.create(
        kind="position",
        state=PositionState.DRAFT,
        language=association().languages[0],
        author=actor,
        body=_searchable(texts),
        owner_body=source_body,
        visibility=Visibility.BUREAU,
        example=example,
        **texts,
        **fields,
    )
    PositionAddressee.objects.bulk_create(
        [PositionAddressee(position=position, organisation=organisation) for organisation in chosen]
    )
    remember_meaning(item=position)
    _record("made", position, actor, addressees=[organisation.pk for organisation in chosen])
    return position


@transaction.atomic
def edit_position(
    *,
    actor: Person,
    position: Position,
    version: int,
    title: str,
    summary: str,
    text: str,
    theme: Theme | None,
    addressees: Iterable[Organisation],
    source: str,
    taken_on: date,
    messages: str = "",
    figures: str = "",
    source_body: Body | None = None,
    source_item: Item | None = None,
    source_note: str = "",
    ends_on: date | None = None,
    owner: Person | None = None,
    readers: str = "",
    audience: Network | None = None,
) -> Position:
    """Change a position; `version` is the one that was read. Its history keeps what it said before.

    `readers` as in `take_position`; "" leaves them as they are, and a draft has none yet. Who said how they stand
    keeps standing there: followers are told that the text changed. One that no longer holds stays as it is.
    """
    require(actor, "deliberate.keep_position", position)
    texts = texts_of(
        title=title, summary=summary, text=text, messages=messages, figures=figures, source_note=source_note
    )
    position = locked_position(position)
    refuse_old(position, version)
    _refuse_ended(position)
    fields = _fields(
        actor,
        theme,
        source,
        source_body,
        source_item,
        texts["source_note"],
        taken_on,
        ends_on,
        owner,
        kept_owner=position.owner_id,
    )
    named = {row.organisation_id: row for row in position.addressees.filter(ended_at__isnull=True)}
    chosen = {row.pk for row in open_organisations(addressees, already=named)}
    words_changed = any(getattr(position, name) != texts[name] for name in ("title", "summary", "text"))
    values: dict[str, Any] = {
        **texts,
        **fields,
        "owner_body": source_body,
        "body": _searchable(texts),
    }
    if readers and position.state == PositionState.ACTIVE:
        values |= vars(readers_of(readers, audience))
    for name, value in values.items():
        setattr(position, name, value)
    save(position, *values)
    now = timezone.now()
    PositionAddressee.objects.filter(pk__in=[row.pk for pk, row in named.items() if pk not in chosen]).update(
        ended_at=now
    )
    PositionAddressee.objects.bulk_create(
        [PositionAddressee(position=position, organisation_id=pk) for pk in sorted(chosen - named.keys())]
    )
    _tie(position, actor)
    _follow(position, actor)
    remember_meaning(item=position)
    _record("edited", position, actor, addressees=sorted(chosen))
    if words_changed and position.state == PositionState.ACTIVE:
        announce(
            item=position,
            milestone="position.edited",
            actor=actor,
            once=str(position.version),
            upstream=False,
        )
    return position


@transaction.atomic
def take_position(
    *, actor: Person, position: Position, readers: str, audience: Network | None = None
) -> Position:
    """From now on it holds: who put in what it follows from hears it, and members may say how they stand.

    `readers` is "public", "members", "network" (`audience`) or "involved" (sensitive: the bureau, and who speaks for
    `audience` where one is given). Doing it twice is doing it once. ValidationError by field.
    """
    require(actor, "deliberate.keep_position", position)
    position = locked_position(position)
    if position.state == PositionState.ACTIVE:
        return position
    _refuse_ended(position)
    values: dict[str, Any] = {"state": PositionState.ACTIVE, **vars(readers_of(readers, audience))}
    for name, value in values.items():
        setattr(position, name, value)
    save(position, *values)
    _tie(position, actor)
    _record("taken", position, actor)
    announce(
        item=position,
        milestone="position.taken",
        actor=actor,
        data={"day": position.taken_on.isoformat()},
        upstream=not position.sensitive,
    )
    return position


@transaction.atomic
def end_position(*, actor: Person, position: Position, version: int, ends_on: date, reason: str) -> Position:
    """It holds no longer after `ends_on`, today or before, with the reason. It stays in the register."""
    require(actor, "deliberate.keep_position", position)
    reason = texts_of(reason=reason)["reason"]
    position = locked_position(position)
    if position.state == PositionState.ENDED and (position.ends_on, position.end_reason) == (ends_on, reason):
        return position  # a double click is one click
    refuse_old(position, version)
    _refuse_ended(position)
    if ends_on > timezone.localdate():
        raise ValidationError(
            {"ends_on": _("This day is still to come. Give the last day on which it held.")}
        )
    _check_period(position.taken_on, ends_on)
    was_taken = position.state == PositionState.ACTIVE
    position.state, position.ends_on, position.end_reason = PositionState.ENDED, ends_on, reason
    save(position, "state", "ends_on", "end_reason")
    _record("ended", position, actor)
    if was_taken:
        announce(
            item=position,
            milestone="position.ended",
            actor=actor,
            data={"day": ends_on.isoformat(), "reason": reason},
            upstream=not position.sensitive,
        )
    return position


# --- pieces ----------------------------------------------------------------------------------------------------
def _fields(
    actor: Person,
    theme: Theme | None,
    source: str,
    source_body: Body | None,
    source_item: Item | None,
    source_note: str,
    taken_on: date,
    ends_on: date | None,
    owner: Person | None,
    kept_owner: int | None = None,
) -> dict[str, Any]:
    """The columns that are no text, checked; ValidationError by field."""
    if theme is None:
        raise ValidationError({"theme": _("Choose the theme that this is about.")})
    if source not in PositionSource.values:
        raise ValidationError({"source": _("Choose who took this decision.")})
    if source_item is None and not source_note:
        raise ValidationError(
            {"source_note": _("Say where the decision can be found: the meeting and its date, or a letter.")}
        )
    if source_item is not None and not _may_read(actor, source_item):
        raise PermissionDenied("deliberate.keep_position")
    if taken_on > timezone.localdate():
        raise ValidationError(
            {"taken_on": _("This day is still to come. Give the day on which it was decided.")}
        )
    _check_period(taken_on, ends_on)
    if (
        owner is not None
        and owner.pk != kept_owner
        and not (owner.is_active and standing_of(owner).is_bureau)
    ):
        raise ValidationError({"owner": _("Choose an owner who works for the bureau.")})
    return {
        "theme": theme,
        "source": source,
        "source_body": source_body,
        "source_item": source_item,
        "taken_on": taken_on,
        "ends_on": ends_on,
        "owner": owner,
    }


def _check_period(taken_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < taken_on:
        raise ValidationError(
            {
                "ends_on": _("It cannot end before it was decided, on %(day)s. Choose a later day.")
                % {"day": date_format(taken_on, "j F Y")}
            }
        )


def _may_read(person: Person, item: Item) -> bool:
    return Item.objects.filter(pk=item.pk).visible_to(standing_of(person), person.pk).exists()


def _refuse_ended(position: Position) -> None:
    if position.state == PositionState.ENDED:
        raise ValidationError(_("This position no longer holds. It stays in the register as it is."))


def _searchable(texts: dict[str, str]) -> str:
    """The texts a reader may search for, beside title and summary."""
    return "\n\n".join(
        filter(None, (texts["text"], texts["messages"], texts["figures"], texts["source_note"]))
    )


def _tie(position: Position, actor: Person) -> None:
    """Let the decision be upstream in the thread; not of what is sensitive or a draft: the
    thread would show that it exists."""
    hidden = position.sensitive or position.state == PositionState.DRAFT
    wanted = None if hidden else position.source_item_id
    present = Link.objects.filter(downstream=position, kind=LinkKind.FOLLOWS_FROM, ended_at__isnull=True)
    for made in present.exclude(upstream_id=wanted).select_related("upstream"):
        unlink(upstream=made.upstream, downstream=position, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    if wanted is not None:
        try:
            link(
                upstream=Item.objects.get(pk=wanted),
                downstream=position,
                kind=LinkKind.FOLLOWS_FROM,
                actor=actor,
            )
        except ValueError:
            raise ValidationError(
                {"source_item": _("This came of the position itself, so it cannot be where it comes from.")}
            ) from None


def _follow(position: Position, actor: Person) -> None:
    """Let what rests on the position, or departs from it, follow a change of who may read it."""
    rows = Relation.objects.filter(position=position).select_related(
        "contact__network", "contact__audience", "position"
    )
    follow_readers(Alignment.objects.filter(relation__in=rows).select_related(*_BOTH_SIDES))
    for row in rows.filter(ended_at__isnull=True):
        tie(row.contact, actor)


_BOTH_SIDES = ("relation__contact__network", "relation__contact__audience", "relation__position")


def _record(what: str, position: Position, actor: Person, **data: Any) -> None:
    record(
        verb=f"position.{what}",
        subject=position.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"version": position.version, **data},
    )
