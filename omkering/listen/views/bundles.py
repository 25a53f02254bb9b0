"""Bundles: look, and what an adviser does with them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.listen.commands import bundle_answers, bundles
from omkering.listen.forms_bundles import (
    AddSignals,
    AnswerBundle,
    MakeBundle,
    MergeBundles,
    RemoveSignal,
    RenameBundle,
    SplitBundle,
)
from omkering.listen.models import Bundle, Signal, Suggestion
from omkering.listen.queries.board import Board, BoardFilter
from omkering.listen.queries.bundles import (
    bundle_list,
    bundle_page,
    open_suggestions,
    readable_bundles,
)
from omkering.listen.rules_bundles import GROWING, LIVE, BundleState
from omkering.listen.suggestions import loose_signals
from omkering.thread.models import Link, LinkKind, Theme
from omkering.thread.privacy import REASON
from omkering.ui import form_pages
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may

CANDIDATES = 25  # loose signals offered at once
MERGEABLE = 200  # bundles offered for merging
TONES = {
    BundleState.IN_REVIEW: "info",
    BundleState.TAKEN_UP: "positive",
    BundleState.REFERRED: "warning",
    BundleState.DECLINED: "negative",
}
Crumbs = list[tuple[str, str]]


def bundle_crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page among the bundles: (words, address) of each step."""
    return [(_("Signals"), reverse("listen:board")), (_("Bundles"), reverse("listen:bundles")), *more]


def _bundle_or_404(request: Request, pk: int) -> Bundle:
    rows = readable_bundles(request.user).select_related("theme", "owner_body").defer("search")
    return get_object_or_404(rows, pk=pk)


def _link(bundle: Bundle) -> tuple[str, str]:
    return bundle.title, reverse("listen:bundle", args=[bundle.pk])


# --- look ----------------------------------------------------------------------------------------------------
@access("public")
def listing(request: Request) -> HttpResponse:
    """All bundles, largest or newest first."""
    state, theme = request.GET.get("state", ""), request.GET.get("theme", "")
    if state not in BundleState.values:
        state = ""
    rows = bundle_list(request.user, state=state, theme=theme)
    newest = request.GET.get("sort") == "-created"
    page = paginate(rows, request.GET, order=["-created_at", "-pk"] if newest else ["-number", "-pk"])
    bureau = may(request.user, "listen.bundle_signals")
    context = {
        "page": page,
        "rows": [(row, TONES.get(BundleState(row.state), "neutral")) for row in page.rows],
        "states": BundleState.choices,
        "state": state,
        "themes": Theme.objects.all(),
        "theme": theme,
        "newest": newest,
        "suggested": open_suggestions().count() if bureau else 0,
        "may_bundle": bureau,
        "breadcrumbs": bundle_crumbs(),
    }
    return render(request, "listen/bundles.html", context)


@access("public")
def bundle(request: Request, pk: int) -> HttpResponse:
    """A bundle: who stands behind it, its signals with their own cases, and what became of it."""
    row = _bundle_or_404(request, pk)
    page = bundle_page(row, request.user, request.on, request.GET)
    bureau = may(request.user, "listen.bundle_signals", row)
    live = row.state in LIVE
    context = {
        "page": page,
        "bundle": row,
        "item": row,
        "tone": TONES.get(BundleState(row.state), "neutral"),
        "may": {
            "answer": row.state == BundleState.IN_REVIEW and may(request.user, "listen.answer_bundle", row),
            "grow": bureau and row.state in GROWING,
            "change": bureau and live,
            "shrink": bureau and live and not page.follows,
        },
        "breadcrumbs": bundle_crumbs(_link(row)),
    }
    return render(request, "listen/bundle.html", context)


# --- change --------------------------------------------------------------------------------------------------
def form_page(
    request: Request,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    back: str,
    crumbs: Crumbs,
    deed: Callable[[dict[str, Any]], Bundle],
    done: str,
    lead: str = "",
    template: str = "listen/bundle_form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form; when it was sent and is right, do the deed and go to the bundle that comes of it."""
    context = {
        "heading": heading,
        "button": button,
        "back": back,
        "lead": lead,
        "breadcrumbs": crumbs,
        **more,
    }
    return form_pages.form_page(
        request,
        form,
        template=template,
        deed=lambda form: reverse("listen:bundle", args=[deed(form.cleaned_data).pk]),
        done=done,
        context=context,
    )


def _on_bundle(row: Bundle, heading: str) -> dict[str, Any]:
    """Where a form about a bundle stands, and whereto one goes back."""
    name, url = _link(row)
    return {"heading": heading, "back": url, "crumbs": bundle_crumbs((name, url), (heading, ""))}


def _signals_of(row: Bundle) -> QuerySet[Signal]:
    links = Link.objects.filter(downstream=row, kind=LinkKind.BUNDLED_IN, ended_at__isnull=True)
    return Signal.objects.filter(pk__in=links.values("upstream_id"))


@access("bureau")
def make(request: Request) -> HttpResponse:
    """A new bundle of signals that were ticked on the board."""
    numbers = [int(pk) for pk in request.GET.getlist("signal") if pk.isdecimal()][:200]
    chosen = list(loose_signals().filter(pk__in=numbers))
    if len(chosen) < 2:
        messages.error(
            request, _("Tick at least two signals that are not in a bundle and have no answer yet.")
        )
        return redirect(f"{reverse('listen:board')}?bundled=no")
    form = MakeBundle(request.POST or None, signals=chosen, ticked=True)
    return form_page(
        request,
        form,
        heading=_("Make a bundle"),
        button=_("Make this bundle"),
        back=reverse("listen:board"),
        crumbs=bundle_crumbs((_("Make a bundle"), "")),
        deed=lambda data: bundles.make_bundle(
            actor=request.user, title=data["title"], summary=data["summary"], signals=data["signals"]
        ),
        done=_("The bundle was made. All senders were told."),
    )


@access("bureau")
def rename(request: Request, pk: int) -> HttpResponse:
    """Another name for a bundle."""
    row = _bundle_or_404(request, pk)

    def deed(data: dict[str, Any]) -> Bundle:
        bundles.rename_bundle(actor=request.user, bundle=row, title=data["title"], reason=data["reason"])
        return row

    return form_page(
        request,
        RenameBundle(request.POST or None, initial={"title": row.title}),
        button=_("Change the name"),
        deed=deed,
        done=_("The name was changed. Senders and followers were told."),
        **_on_bundle(row, _("Change the name")),
    )


@access("bureau")
def split(request: Request, pk: int) -> HttpResponse:
    """Move some signals to a new bundle."""
    row = _bundle_or_404(request, pk)
    return form_page(
        request,
        SplitBundle(request.POST or None, signals=_signals_of(row)),
        button=_("Split the bundle"),
        lead=_("The signals that you tick move to a new bundle, with their cases and their support."),
        deed=lambda data: bundles.split_bundle(
            actor=request.user,
            bundle=row,
            title=data["title"],
            summary=data["summary"],
            signals=data["signals"],
        ),
        done=_("The bundle was split. The senders of the signals that moved were told."),
        **_on_bundle(row, _("Split the bundle")),
    )


@access("bureau")
def add(request: Request, pk: int) -> HttpResponse:
    """Let loose signals join a bundle; those that fit the words, else what seems to fit."""
    row = _bundle_or_404(request, pk)
    words = request.GET.get("text", "").strip()[:200]
    offered = _candidates(request, row, words)

    def deed(data: dict[str, Any]) -> Bundle:
        bundles.add_signals(actor=request.user, bundle=row, signals=data["signals"])
        return row

    return form_page(
        request,
        AddSignals(request.POST or None, signals=offered),
        button=_("Add to the bundle"),
        deed=deed,
        done=_("The signals were added. Their senders were told."),
        template="listen/bundle_add.html",
        words=words,
        offered=offered,
        **_on_bundle(row, _("Add signals")),
    )


def _candidates(request: Request, row: Bundle, words: str) -> list[Signal]:
    """Loose signals for a bundle: found by words, or suggested for it and the newest of its theme."""
    if words:
        found = Board(BoardFilter(text=words, bundled="no"), request.user, request.on).in_order()
        ids = list(found.filter(signal__in=loose_signals()).values_list("pk", flat=True)[:CANDIDATES])
        return list(loose_signals().filter(pk__in=ids))
    joining = loose_signals().filter(suggestions__bundle=row, suggestions__state=Suggestion.State.OPEN)
    of_theme = loose_signals().filter(theme=row.theme_id).order_by("-created_at", "-pk")
    return [*joining[:CANDIDATES], *of_theme[:CANDIDATES]]


@access("bureau")
def remove(request: Request, pk: int, signal_pk: int) -> HttpResponse:
    """Take one signal out of a bundle."""
    row = _bundle_or_404(request, pk)
    signal = get_object_or_404(_signals_of(row), pk=signal_pk)

    def deed(data: dict[str, Any]) -> Bundle:
        bundles.remove_signal(actor=request.user, bundle=row, signal=signal, reason=data["reason"])
        return row

    return form_page(
        request,
        RemoveSignal(request.POST or None),
        button=_("Take it out"),
        lead=signal.title,
        deed=deed,
        done=_("The signal was taken out. It is in review again, and its sender was told."),
        **_on_bundle(row, _("Take a signal out of the bundle")),
    )


@access("bureau")
def merge(request: Request) -> HttpResponse:
    """Make one bundle of several."""
    live = Bundle.objects.filter(state__in=LIVE).defer("search", "body").order_by("title", "pk")
    offered = live.filter(pk__in=[row.pk for row in live[:MERGEABLE]])
    ticked = [int(pk) for pk in request.GET.getlist("bundle") if pk.isdecimal()]
    return form_page(
        request,
        MergeBundles(request.POST or None, bundles=offered, initial={"bundles": ticked}),
        heading=_("Merge bundles"),
        button=_("Merge these bundles"),
        lead=_("Every signal keeps its sender, its case and its support. The old bundles keep their page."),
        back=reverse("listen:bundles"),
        crumbs=bundle_crumbs((_("Merge bundles"), "")),
        deed=lambda data: bundles.merge_bundles(
            actor=request.user, bundles=data["bundles"], title=data["title"], summary=data["summary"]
        ),
        done=_("The bundles were merged. All senders were told."),
    )


@access("bureau")
def answer(request: Request, pk: int) -> HttpResponse:
    """One answer for all signals of a bundle."""
    row = _bundle_or_404(request, pk)

    def deed(data: dict[str, Any]) -> Bundle:
        bundle_answers.answer_bundle(
            actor=request.user,
            bundle=row,
            state=data["state"],
            reason=data["reason"],
            referred_body=data["referred_body"],
            referred_to=data["referred_to"],
            personal_data_reason=data.get(REASON, ""),
        )
        return row

    return form_page(
        request,
        AnswerBundle(request.POST or None),
        button=_("Send the answer"),
        deed=deed,
        done=_("The answer was sent to all senders and followers."),
        **_on_bundle(row, _("Answer this bundle")),
    )
