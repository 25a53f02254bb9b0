"""The lobby register: the list, one contact, and the register to take along."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.forms.contacts import ContactFilterForm, party_label
from omkering.deliberate.models import ContactState, RelationKind
from omkering.deliberate.queries import contacts as queries
from omkering.deliberate.register_rows import contact_rows
from omkering.deliberate.rules_positions import party_of
from omkering.deliberate.views.position_common import (
    contact_or_404,
    crumbs,
    of_contact,
    organisation_choices,
)
from omkering.deliberate.views.positions import readers_words
from omkering.thread.models import Theme
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.paging import CURSOR_PARAMETERS, paginate
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association
from omkering.who.models import Member, Network, in_language
from omkering.who.standing import Standing, standing_of


def _form(request: Request, standing: Standing) -> ContactFilterForm:
    spoken = queries.counted_by_kind(queries.readable_contacts(request.user))
    networks = Network.objects.filter(pk__in=spoken.exclude(network=None).values("network_id"))
    members = Member.objects.filter(pk__in=spoken.exclude(owner_member=None).values("owner_member_id"))
    speakers = [
        (queries.ASSOCIATION, in_language(dict(association().names))),
        *((key, in_language(names)) for key, names in networks.values_list("key", "names")),
        *members.order_by("sort_key").values_list("code", "name"),
    ]
    choices = {
        "organisation": organisation_choices(),
        "speaker": speakers,
        "theme": [(key, in_language(names)) for key, names in Theme.objects.values_list("key", "names")],
    }
    without = [] if standing.is_insider else ["mine"]
    form = ContactFilterForm(request.GET, choices=choices, without=without)
    if not standing.is_insider:
        relation: Any = form.fields["relation"]
        relation.choices = [pair for pair in relation.choices if pair[0] != RelationKind.DEPARTS]
    return form


@access("public")
def contacts(request: Request) -> HttpResponse:
    """Who spoke, or will speak, when with whom about what; newest first."""
    standing = standing_of(request.user)
    form = _form(request, standing)
    rows = queries.contacts_found(queries.ContactFilter(**form.chosen), request.user)
    page = paginate(queries.in_a_list(rows), request.GET, order=("-on", "-pk"))
    query = request.GET.copy()
    for name in CURSOR_PARAMETERS:
        query.pop(name, None)
    context = {
        "form": form,
        "page": page,
        "body": contact_rows(queries.contact_lines(page.rows, standing), us=party_label(None)),
        "count": queries.counted_by_kind(rows).count(),
        "insider": standing.is_insider,
        "may_record": bool(queries.speaks_as(standing)),
        "query": query.urlencode(),
        "exported": queries.EXPORTED,
        "breadcrumbs": crumbs((_("Lobby register"), "")),
    }
    return render(request, "deliberate/contacts.html", context)


@access("public")
def contact(request: Request, pk: int) -> HttpResponse:
    """A contact: who speaks with whom about what, on which positions it rests, and what came of it."""
    row = contact_or_404(request, pk)
    own = may(request.user, "deliberate.edit_contact", row)
    today = timezone.localdate()
    context = {
        "contact": row,
        "item": row,
        "speaker": party_label(party_of(row)),
        "tone": queries.TONES[ContactState(row.state)],
        "relations": queries.relations_of(row, request.user),
        "insider": standing_of(request.user).is_insider,
        "readers": readers_words(row),
        "overdue": own and row.state == ContactState.PLANNED and row.on <= today,
        "may": {
            "edit": own and row.state != ContactState.CANCELLED,
            "hold": own and row.state != ContactState.CANCELLED,
            "cancel": own and row.state == ContactState.PLANNED,
        },
        "breadcrumbs": of_contact(row),
    }
    return render(request, "deliberate/contact.html", context)


@access("public")
def export(request: Request, kind: str) -> HttpResponseBase:
    """The contacts of this view as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    standing = standing_of(request.user)
    form = _form(request, standing)
    rows = queries.contacts_found(queries.ContactFilter(**form.chosen), request.user)
    header = [
        *(_("Number"), _("Day"), _("On whose behalf"), _("With whom"), _("Function there"), _("Subject")),
        *(_("Message"), _("State"), _("What came of it"), _("Positions that it carries or adds to")),
        *(_("Theme"), _("Who may read it"), _("Example")),
    ]
    if standing.is_insider:
        header.append(_("Positions that it departs from"))
    return table_response(kind, f"{_('lobby')}-{timezone.localdate()}", header, _rows(rows, standing))


def _rows(rows: Any, standing: Standing) -> Iterator[list[Any]]:
    for line in queries.contacts_exported(rows, standing):
        row = line.contact
        yield [
            *(
                row.pk,
                row.on,
                party_label(party_of(row)),
                str(row.organisation),
                row.with_function,
                row.title,
            ),
            *(row.message, ContactState(row.state).label, row.outcome, line.carries),
            *(row.theme.name if row.theme else "", readers_words(row), _("yes") if row.example else _("no")),
            *((line.departs,) if standing.is_insider else ()),
        ]
