"""The monitor: what was asked of whom over all dossiers, what they promised, what is late; and to take along."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omkering.agenda.forms.conditions import Choices, MonitorForm
from omkering.agenda.models import Challenge, ConditionKind, ConditionState, DossierState
from omkering.agenda.promises import days_late, is_late
from omkering.agenda.queries.monitor import EXPORTED, FIGURES, Figures, Monitor, MonitorFilter, Party
from omkering.thread.models import Theme, Visibility
from omkering.ui.access import access
from omkering.ui.charts import Bar, BarChart, bar_chart
from omkering.ui.export import table_response
from omkering.ui.paging import CURSOR_PARAMETERS
from omkering.ui.request import Request
from omkering.who.current import association
from omkering.who.models import Organisation, OrganisationKind, in_language
from omkering.who.standing import standing_of

BARS = 12  # parties in a picture; all of them stand in the table
# The figures in words, with the filters of the list that each stands for.
WORDS: dict[str, str | Promise] = {
    "total": gettext_lazy("In all"),
    "agreed": gettext_lazy("Agreed"),
    "partly": gettext_lazy("Partly agreed"),
    "refused": gettext_lazy("Refused"),
    "none": gettext_lazy("No answer yet"),
    "late": gettext_lazy("Late"),
    "met": gettext_lazy("Met"),
    "not_met": gettext_lazy("Not met"),
}
FILTERS: dict[str, dict[str, str]] = {
    "total": {},
    "agreed": {"state": ConditionState.AGREED},
    "partly": {"state": ConditionState.PARTLY},
    "refused": {"state": ConditionState.REFUSED},
    "none": {"state": ConditionState.ASKED},
    "late": {"late": "on"},
    "met": {"met": "yes"},
    "not_met": {"met": "no"},
}


def monitor_crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page among the conditions: (words, address) of each step."""
    agenda = (_("Agenda"), reverse("agenda:room"))
    return [agenda, (_("Agreements with the state and others"), reverse("agenda:conditions")), *more]


def _address(request: Request, **changes: str) -> str:
    """This view with other filters: "?…"; an empty value takes the filter away."""
    dropped = {*CURSOR_PARAMETERS, *(name for name, value in changes.items() if not value)}
    query = {name: values for name, values in request.GET.lists() if name not in dropped}
    query |= {name: [value] for name, value in changes.items() if value}
    return f"?{urlencode(query, doseq=True)}"


def _form(request: Request, organisations: list[Organisation]) -> MonitorForm:
    standing = standing_of(request.user)
    challenges = Challenge.objects.visible_to(standing, request.user.pk).order_by("position", "pk")
    models = association().cooperation_models
    choices: dict[str, Choices] = {
        "organisation": [(party.key, party.name) for party in organisations],
        "organisation_kind": list(OrganisationKind.choices),
        "model": [(model.key, f"{model.number} {in_language(model.names)}") for model in models],
        "challenge": list(challenges.values_list("key", "title")),
        "theme": [(theme.key, theme.name) for theme in Theme.objects.all()],
    }
    return MonitorForm(request.GET, choices=choices, bureau=standing.is_bureau)


def _read(request: Request) -> tuple[MonitorForm, Monitor, dict[int, Organisation]]:
    organisations = sorted(Organisation.objects.all(), key=lambda party: party.name.casefold())
    form = _form(request, organisations)
    monitor = Monitor(MonitorFilter(**form.chosen), request.user, request.on)
    return form, monitor, {party.pk: party for party in organisations}


@access("public")
def conditions(request: Request) -> HttpResponse:
    """All conditions that one may read, in figures, as a picture and as a list; every view has its own address."""
    form, monitor, organisations = _read(request)
    page, lines = monitor.page(request.GET)
    parties = monitor.parties(organisations)
    shown = request.GET.get("show", "")
    shown = shown if shown in WORDS else "total"
    context = {
        "form": form,
        "filters": monitor.filters,
        "page": page,
        "lines": lines,
        "total": monitor.total,
        "totals": _figure_links(request, monitor.total),
        "chart": _answer_chart(request, parties),
        "late_chart": _late_chart(request, parties) if monitor.total.late else None,
        "shown_parties": min(BARS, len(parties)),
        "party_count": len(parties),
        "measures": _measures(request, monitor.total, shown),
        "measure": WORDS[shown],
        "kinds": _kind_heads(request),
        "table": _table(request, parties, shown),
        "sums": [getattr(figures, shown) for figures in monitor.by_kind.values()],
        "sum": getattr(monitor.total, shown),
        "by_kind": _by_kind(request, monitor),
        "query": _address(request)[1:],
        "exported": EXPORTED,
        "breadcrumbs": [*monitor_crumbs()[:1], (_("Agreements with the state and others"), "")],
    }
    return render(request, "agenda/conditions.html", context)


# --- figures ---------------------------------------------------------------------------------------------------
def _figure_links(request: Request, figures: Figures, **where: str) -> list[tuple[str | Promise, int, str]]:
    """(words, figure, address of the list it stands for) of each figure."""
    return [
        (words, getattr(figures, name), _address(request, **where, **_only(name)))
        for name, words in WORDS.items()
    ]


def _only(figure: str) -> dict[str, str]:
    """The filters of a figure, without those of the others."""
    return {"state": "", "late": "", "met": ""} | FILTERS[figure] if figure != "total" else {}


def _measures(request: Request, total: Figures, shown: str) -> list[dict[str, Any]]:
    """Which figure the table of parties shows, as tabs."""
    return [
        {
            "label": words,
            "url": f"{_address(request, show='' if name == 'total' else name)}#table",
            "current": name == shown,
            "count": getattr(total, name),
        }
        for name, words in WORDS.items()
    ]


def _kind_heads(request: Request) -> list[tuple[str, str]]:
    return [(str(kind.label), _address(request, condition_kind=kind.value)) for kind in ConditionKind]


def _table(request: Request, parties: list[Party], shown: str) -> list[dict[str, Any]]:
    """The table of parties by kinds: in each cell the shown figure, with the list it stands for."""
    base = request.GET.copy()
    for name in (*CURSOR_PARAMETERS, "organisation", "condition_kind", *_only(shown)):
        base.pop(name, None)
    base.update({name: value for name, value in _only(shown).items() if value})
    start = f"{base.urlencode()}&" if base else ""
    rows = []
    for party in parties:
        own = f"?{start}organisation={party.organisation.key}"
        cells = [
            (getattr(party.by_kind.get(kind, Figures()), shown), f"{own}&condition_kind={kind}")
            for kind in ConditionKind.values
        ]
        rows.append(
            {
                "name": party.organisation.name,
                "key": party.organisation.key,
                "cells": cells,
                "sum": getattr(party.figures, shown),
                "url": own,
            }
        )
    return rows


def _by_kind(request: Request, monitor: Monitor) -> list[tuple[str, list[tuple[str | Promise, int, str]]]]:
    """Each kind of condition with all its figures."""
    return [
        (str(ConditionKind(kind).label), _figure_links(request, figures, condition_kind=kind))
        for kind, figures in monitor.by_kind.items()
    ]


# --- pictures --------------------------------------------------------------------------------------------------
def _answer_chart(request: Request, parties: list[Party]) -> BarChart:
    """What each party answered; the parties of whom most was asked."""
    parts = [
        ("app-bar--for", _("Agreed")),
        ("app-bar--2", _("Partly agreed")),
        ("app-bar--against", _("Refused")),
        ("app-bar--absent", _("No answer yet")),
    ]
    bars = [
        Bar(
            party.organisation.name,
            [party.figures.agreed, party.figures.partly, party.figures.refused, party.figures.none],
            _address(request, organisation=party.organisation.key),
        )
        for party in parties[:BARS]
    ]
    return bar_chart(bars, caption=_("What was answered, by party"), parts=parts, shares=False)


def _late_chart(request: Request, parties: list[Party]) -> BarChart:
    """What is late, by party; those that are late most."""
    parts = [("app-bar--against", _("Promise is late")), ("app-bar--absent", _("Answer is late"))]
    late = sorted((party for party in parties if party.figures.late), key=lambda party: -party.figures.late)
    bars = [
        Bar(
            party.organisation.name,
            [party.figures.late_promises, party.figures.late_answers],
            _address(request, organisation=party.organisation.key, late="on"),
        )
        for party in late[:BARS]
    ]
    return bar_chart(bars, caption=_("What is late, by party"), parts=parts, shares=False)


# --- to take along ---------------------------------------------------------------------------------------------
@access("public")
def export(request: Request, kind: str) -> HttpResponseBase:
    """The conditions of this view as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    _unused, monitor, _organisations = _read(request)
    name = f"{_('conditions')}-{timezone.localdate()}"
    return table_response(kind, name, _header(), _rows(monitor))


@access("public")
def export_figures(request: Request, kind: str) -> HttpResponseBase:
    """The figures of this view, by party and kind of condition, as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    _unused, monitor, organisations = _read(request)
    header = [
        _("Party"),
        _("Kind of party"),
        _("Kind of condition"),
        *map(str, WORDS.values()),
        _("Reference date"),
    ]
    rows = [
        [
            party.organisation.name,
            party.organisation.get_kind_display(),
            ConditionKind(condition_kind).label,
            *(getattr(figures, name) for name in FIGURES if name in WORDS),
            monitor.on,
        ]
        for party in monitor.parties(organisations)
        for condition_kind, figures in sorted(party.by_kind.items())
    ]
    return table_response(kind, f"{_('agreements')}-{timezone.localdate()}", header, rows)


def _header() -> list[str]:
    return [
        *(
            _("Number"),
            _("Dossier number"),
            _("Dossier"),
            _("Model of co-operation"),
            _("State of the dossier"),
        ),
        *(_("Condition in the dossier"), _("Condition"), _("Kind of condition"), _("What exactly"), _("Why")),
        *(_("Signals"), _("Party"), _("Kind of party"), _("Contact role"), _("State")),
        *(_("Asked on"), _("Answer due"), _("Answered on"), _("The answer"), _("Evidence of the answer")),
        *(_("Promised for"), _("Met"), _("Seen on"), _("What was seen"), _("Evidence of what was seen")),
        *(_("Late"), _("Days late"), _("Reference date"), _("Theme"), _("Who may read it"), _("Example")),
    ]


def _rows(monitor: Monitor) -> Iterator[list[Any]]:
    models = {model.key: in_language(model.names) for model in association().cooperation_models}
    readers = dict(Visibility.choices)
    for line in monitor.exported():
        row, answer, seen = line.condition, line.answer, line.fulfilment
        yield [
            *(row.pk, row.dossier_id, row.dossier.title, models.get(row.dossier.model, row.dossier.model)),
            *(DossierState(row.dossier.state).label, row.number, row.title, row.get_condition_kind_display()),
            *(row.exactly, row.why, line.signals, row.organisation.name, row.organisation.get_kind_display()),
            *(row.contact.name if row.contact else "", row.get_answer_display()),
            *(row.asked_on, row.answer_due, row.answered_on, answer.text if answer else ""),
            *(answer.evidence_url if answer else "", row.promised_on, _yes_no(row.met), row.met_on),
            *(seen.text if seen else "", seen.evidence_url if seen else ""),
            *(_yes_no(is_late(row.owed_on, monitor.on)), days_late(row.owed_on, monitor.on), monitor.on),
            *(row.theme.name if row.theme else "", readers[row.visibility], _yes_no(row.example)),
        ]


def _yes_no(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")
