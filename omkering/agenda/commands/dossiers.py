"""Dossiers: open one, also straight from a bundle, change its words, tie it to signals, and change its model."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.agenda.commands.dossier_rows import (
    data_of,
    enter,
    in_main_language,
    is_repetition,
    locked,
    refuse_closed,
    refuse_gone,
    refuse_old,
    save,
)
from omkering.agenda.commands.placements import place_item
from omkering.agenda.cooperation import Way, find_way, missing, step_name
from omkering.agenda.dossier_texts import checked
from omkering.agenda.models import Challenge, Condition, Dossier, DossierState
from omkering.agenda.queries.dossiers import facts_of
from omkering.journal.commands import record
from omkering.thread.commands import announce, link, remember_meaning
from omkering.thread.models import Item, Link, LinkKind, Theme, Visibility
from omkering.thread.texts import summary_of
from omkering.who.association.records import CLOSED
from omkering.who.authority import require
from omkering.who.models import Body, Network, Person
from omkering.who.owners import BUREAU
from omkering.who.standing import standing_of

SOURCES = ("signal", "bundle", "challenge", "conflict", "proposal", "dossier")  # what a dossier can come from
SHARED = ("visibility", "audience", "owner_body", "theme")  # what the conditions of a dossier have of it
UNCHANGED: Any = object()  # a value that is not given: it stays as it is


@transaction.atomic
def open_dossier(
    *,
    actor: Person,
    title: str,
    summary: str,
    model: str,
    route: str,
    from_item: Item | None = None,
    owner: Person | None = None,
    owner_body: Body | None = None,
    theme: Theme | None = None,
    challenges: Iterable[Challenge] = (),
    visibility: str = "",
    audience: Network | None = None,
    example: bool = False,
) -> Dossier:
    """Open a dossier at the first step of a route; whoever put in what it comes from hears of it.

    What is not given is taken from `from_item`: the body, the theme, who may read it. The same dossier from the
    same item again is the same dossier. ValidationError by field.
    """
    require(actor, "agenda.open_dossier", from_item)
    texts = checked({"title": title, "summary": summary})
    way = _way(model, route)
    refuse_gone(owner, "owner")
    if from_item is not None:
        from_item = _source(actor, from_item)
        theme, owner_body = theme or from_item.theme, owner_body or from_item.owner_body
        if not visibility:
            visibility, audience = from_item.visibility, from_item.audience
    audience = _audience(visibility or Visibility.MEMBERS, audience)
    if (same := _the_same(actor, texts, way, from_item)) is not None:
        return same
    dossier = Dossier.objects.create(
        kind="dossier",
        state=DossierState.OPEN,
        **texts,
        model=way.model.key,
        route=way.route.key,
        step=way.first.key,
        owner=owner,
        owner_body=owner_body or (theme.body if theme else None),
        theme=theme,
        visibility=visibility or Visibility.MEMBERS,
        audience=audience,
        language=from_item.language if from_item else "nl",
        author=actor,
        example=example or bool(from_item and from_item.example),
    )
    if from_item is not None:
        link(upstream=from_item, downstream=dossier, kind=LinkKind.RAISED_BY, actor=actor)
    if lacking := missing(way.first, facts_of(dossier)):
        raise ValidationError({"way": [entry.sentence for entry in lacking]})
    enter(dossier, way, way.first, actor=actor)
    remember_meaning(item=dossier)
    record(
        verb="dossier.opened",
        subject=dossier.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data=data_of(
            dossier, model=dossier.model, route=dossier.route, source=from_item.pk if from_item else None
        ),
    )
    announce(item=dossier, milestone="dossier.opened", actor=actor)
    for challenge in challenges:
        place_item(actor=actor, item=dossier, challenge=challenge)
    return dossier


def _the_same(actor: Person, texts: dict[str, str], way: Way, source: Item | None) -> Dossier | None:
    """The open dossier that this person opened with the same words from the same item: a double click."""
    rows = Dossier.objects.filter(
        state=DossierState.OPEN, author=actor, model=way.model.key, route=way.route.key, **texts
    )
    if source is not None:
        return rows.filter(upstream_links__upstream=source, upstream_links__ended_at__isnull=True).first()
    return rows.filter(upstream_links__isnull=True).first()


@transaction.atomic
def edit_dossier(
    *,
    actor: Person,
    dossier: Dossier,
    version: int,
    title: str = UNCHANGED,
    summary: str = UNCHANGED,
    solution: str = UNCHANGED,
    asks: str = UNCHANGED,
    result: str = UNCHANGED,
    owner: Person | None = UNCHANGED,
    owner_body: Body | None = UNCHANGED,
    theme: Theme | None = UNCHANGED,
    visibility: str = UNCHANGED,
    audience: Network | None = UNCHANGED,
) -> Dossier:
    """Change what is given; the rest stays as it is.

    `version` is that of the dossier one looked at: if somebody changed it since, nothing is written, and a
    ValidationError with code `changed` tells who changed what and when. With the new version it is saved.
    """
    require(actor, "agenda.edit_dossier", dossier)
    written = {"title": title, "summary": summary, "solution": solution, "asks": asks, "result": result}
    values: dict[str, Any] = checked({k: v for k, v in written.items() if v is not UNCHANGED})
    given = {"owner": owner, "owner_body": owner_body, "theme": theme}
    values |= {name: value for name, value in given.items() if value is not UNCHANGED}
    refuse_gone(values.get("owner"), "owner")
    if visibility is not UNCHANGED:
        network = None if audience is UNCHANGED else audience
        values |= {"visibility": visibility, "audience": _audience(visibility, network)}
    row = locked(dossier)
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    if not fields:
        return row
    refuse_old(row, version)
    for name in fields:
        setattr(row, name, values[name])
    save(row, *fields)
    _follow_in_conditions(row, fields)
    if {"title", "summary"} & set(fields):
        remember_meaning(item=row)
    record(
        verb="dossier.edited",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data=data_of(row, fields=fields),
    )
    return row


@transaction.atomic
def change_model(
    *,
    actor: Person,
    dossier: Dossier,
    model: str,
    route: str,
    reason: str,
    version: int,
    start: str = "",
) -> Dossier:
    """Go on by another model or route, with a reason that everybody sees; all steps before it stay known.

    `start` is the step of the new route to go on at (without it the first); what that step needs must be there.
    """
    require(actor, "agenda.edit_dossier", dossier)
    reason = checked({"reason": reason})["reason"]
    way = _way(model, route)
    step = way.step(start) if start else way.first
    if step is None or step.key == CLOSED:
        raise ValidationError({"way": _("Choose a step of the new model at which the dossier goes on.")})
    row = locked(dossier)
    if is_repetition(row, version, actor, step.key, reason=reason):
        return row
    refuse_old(row, version)
    refuse_closed(row)
    if (row.model, row.route) == (way.model.key, way.route.key):
        raise ValidationError({"way": _("This dossier already goes by this model. Choose another one.")})
    if lacking := missing(step, facts_of(row)):
        raise ValidationError({"way": [entry.sentence for entry in lacking]})
    enter(row, way, step, actor=actor, reason=reason)
    event = record(
        verb="dossier.model_changed",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data=data_of(row, model=row.model, route=row.route, step=row.step),
    )
    with in_main_language():
        data = {"model": way.name, "step": step_name(step), "reason": summary_of(reason)}
    announce(item=row, milestone="dossier.model_changed", actor=actor, data=data, once=str(event.pk))
    return row


@transaction.atomic
def add_source(*, actor: Person, dossier: Dossier, item: Item) -> None:
    """Say that a dossier also comes from this signal, bundle or other item; its senders hear of it.

    The same one twice is once. ValidationError (`item`) for what cannot be a source, or came of the dossier itself.
    """
    require(actor, "agenda.edit_dossier", dossier)
    item = _source(actor, item)
    row = locked(dossier)
    if Link.objects.filter(upstream=item, downstream=row, ended_at__isnull=True).exists():
        return
    try:
        made = link(upstream=item, downstream=row, kind=LinkKind.RAISED_BY, actor=actor)
    except ValueError:
        raise ValidationError(
            {"item": _("This came of the dossier itself, so the dossier cannot come from it.")}
        ) from None
    record(
        verb="dossier.source_added",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"source": item.pk},
    )
    # Told at the source, so that who is behind the other sources hears nothing twice.
    if row.visibility != Visibility.BUREAU:
        announce(
            item=item,
            milestone="dossier.source_added",
            actor=actor,
            data={"dossier": row.title},
            once=str(made.pk),
        )


# --- pieces --------------------------------------------------------------------------------------------------
def _way(model: str, route: str) -> Way:
    way = find_way(model, route)
    if way is None:
        raise ValidationError({"way": _("Choose the model of co-operation.")})
    return way


def _source(actor: Person, item: Item) -> Item:
    """The item as it is now, locked, so that two people who open a dossier from it do so one after the other."""
    if not Item.objects.filter(pk=item.pk).visible_to(standing_of(actor), actor.pk).exists():
        raise PermissionDenied("agenda.open_dossier")
    row = Item.objects.select_for_update(of=("self",), no_key=True).select_related("theme", "audience")
    found = row.defer("search").get(pk=item.pk)
    if found.kind not in SOURCES:
        raise ValidationError({"item": _("A dossier cannot come from this. Choose a signal or a bundle.")})
    return found


def _audience(visibility: str, audience: Network | None) -> Network | None:
    """The network that may read it, or None; ValidationError where it is missing."""
    if visibility not in Visibility.values:
        raise ValidationError({"visibility": _("Choose who may read this.")})
    if visibility == Visibility.NETWORK and audience is None:
        raise ValidationError({"audience": _("Choose the network that may read this.")})
    return audience if visibility == Visibility.NETWORK else None


def _follow_in_conditions(row: Dossier, fields: Iterable[str]) -> None:
    """Who may read a dossier may read its conditions: they take over what changed of that."""
    shared = {name: getattr(row, name) for name in SHARED if name in fields}
    if shared:
        conditions = Condition.objects.filter(dossier=row).values("pk")
        Item.objects.filter(pk__in=conditions).update(**shared)
