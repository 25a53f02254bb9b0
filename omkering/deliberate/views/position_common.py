"""What the pages of positions and the lobby register share: finding one, the way to a page, a page with one form."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.deliberate.forms.position_fields import Choices, TextForm
from omkering.deliberate.forms.positions import party_key
from omkering.deliberate.models import Alignment, Contact, Position
from omkering.deliberate.queries.alignments import readable_alignments
from omkering.deliberate.queries.contacts import readable_contacts
from omkering.deliberate.queries.positions import readable_positions
from omkering.ui import form_pages
from omkering.ui.form_pages import is_changed
from omkering.ui.request import Request
from omkering.who.models import Member, Network, Organisation, in_language

Crumbs = list[tuple[str, str]]


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page in this room."""
    return [(_("Deliberate"), reverse("deliberate:room")), *more]


def position_crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page among the positions."""
    return crumbs((_("Positions"), reverse("deliberate:positions")), *more)


def contact_crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page in the lobby register."""
    return crumbs((_("Lobby register"), reverse("deliberate:contacts")), *more)


def of_position(position: Position, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one position."""
    return position_crumbs((position.title, reverse("deliberate:position", args=[position.pk])), *more)


def of_contact(contact: Contact, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one contact."""
    return contact_crumbs((contact.title, reverse("deliberate:contact", args=[contact.pk])), *more)


def of_alignment(alignment: Alignment, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one alignment."""
    here = (alignment.title, reverse("deliberate:alignment", args=[alignment.pk]))
    return crumbs((_("Differences"), reverse("deliberate:differences")), here, *more)


def position_or_404(request: Request, pk: int) -> Position:
    """The position, or a 404 for who may not know of it."""
    rows = readable_positions(request.user).select_related(
        "theme", "owner", "source_body", "source_item", "audience"
    )
    return get_object_or_404(rows.defer("search", "body", "source_item__search", "source_item__body"), pk=pk)


def contact_or_404(request: Request, pk: int) -> Contact:
    """The contact, or a 404 for who may not know of it."""
    rows = readable_contacts(request.user).select_related(
        "theme", "author", "organisation", "network", "owner_member", "audience"
    )
    return get_object_or_404(rows.defer("search", "body"), pk=pk)


def alignment_or_404(request: Request, pk: int) -> Alignment:
    """The alignment with both its sides, or a 404 for who may not know of it."""
    return get_object_or_404(readable_alignments(request.user), pk=pk)


def form_page(
    request: Request,
    form: TextForm,
    *,
    heading: str,
    button: str,
    deed: Callable[[Any], Any],
    done: str,
    back: str,
    way: Crumbs,
    lead: str = "",
    anew: Callable[[], tuple[TextForm, Mapping[str, str]]] | None = None,
    template: str = "deliberate/position_form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form; when it was sent and is right, do the deed with the form and go back.

    `anew` gives the form again with what was typed, after somebody else's change, and what the texts say now.
    """

    def stale(form: TextForm, error: ValidationError) -> tuple[TextForm, dict[str, Any]]:
        changed = is_changed(error)
        if not changed or anew is None:
            return form, {"changed": changed}
        form, now = anew()
        return form, {"changed": True, "differences": form.differences(now)}

    def act(form: TextForm) -> str:
        deed(form)
        return back

    context = {
        "heading": heading,
        "button": button,
        "lead": lead,
        "back": back,
        "changed": False,
        "differences": [],
        "breadcrumbs": [*way, (heading, "")],
        **more,
    }
    return form_pages.form_page(
        request, form, template=template, deed=act, done=done, context=context, refused=stale
    )


def organisation_choices() -> Choices:
    """All organisations by key, in the order of their names; one query."""
    rows = Organisation.objects.values_list("key", "names")
    return sorted(((key, in_language(names)) for key, names in rows), key=lambda row: row[1].casefold())


def party_choices(parties: list[Member | Network]) -> Choices:
    """Members and networks by the key that an address names them with."""
    return [(party_key(party), str(party)) for party in parties]
