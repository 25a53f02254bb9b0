"""How challenges hang together: the map with its table, and making and ending a coupling."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.agenda import coupling_map
from omkering.agenda.commands import couplings
from omkering.agenda.forms.challenges import CouplingForm, ReasonForm
from omkering.agenda.models import Challenge, Conflict, Coupling, CouplingKind, Placement
from omkering.agenda.queries.challenges import active_challenges, listed_conflicts
from omkering.agenda.queries.couplings import present_couplings, touched_by
from omkering.agenda.views.common_challenges import challenge_crumbs, form_page, tabs
from omkering.thread.models import Item
from omkering.ui.access import access
from omkering.ui.addresses import address_of
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.standing import standing_of


def _number(request: Request, name: str) -> int:
    """A number of the address; 0 where there is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


@access("public")
def couplings_map(request: Request) -> HttpResponse:
    """All couplings as a picture and as a table; of one kind, around one challenge, or around what an item touches."""
    challenges = list(active_challenges().only("title"))
    by_id = {row.pk: row for row in challenges}
    kind = request.GET.get("kind", "")
    if kind not in CouplingKind.values:
        kind = ""
    item = _item(request)
    chosen = {_number(request, "challenge")} & set(by_id)
    if item is not None:
        chosen = {row.pk for row in touched_by(item, request.user).challenges}
    rows = [row for row in present_couplings() if not kind or row.kind == kind]
    shown = [row for row in rows if not chosen or {row.first_id, row.second_id} & chosen]
    conflicts, conflicted = _conflicts(chosen)
    context = {
        "svg": _picture(challenges, rows, chosen, conflicted),
        "legend": [(value, label, coupling_map.sample(value)) for value, label in CouplingKind.choices],
        "rows": shown,
        "all": len(rows),
        "challenges": challenges,
        "chosen": [by_id[pk] for pk in by_id if pk in chosen],
        "chosen_id": next(iter(chosen)) if len(chosen) == 1 and item is None else None,
        "kind": kind,
        "about": item,
        "conflicts": conflicts,
        "tabs": tabs("couplings"),
        "may_couple": may(request.user, "agenda.couple"),
        "breadcrumbs": challenge_crumbs((_("How they hang together"), "")),
    }
    return render(request, "agenda/couplings.html", context)


def _item(request: Request) -> Item | None:
    """The item that the address asks about, when there is one that this reader may see."""
    number = _number(request, "item")
    if not number:
        return None
    items = Item.objects.visible_to(standing_of(request.user), getattr(request.user, "pk", None))
    return items.filter(pk=number).defer("body", "search").first()


def _conflicts(chosen: set[int]) -> tuple[list[Conflict], Counter[int]]:
    """The open conflicts under the chosen challenges (all without a choice), and how many hang under each challenge;
    two queries.
    """
    listed = listed_conflicts().select_related(None).only("title", "summary", "first_law", "second_law")
    conflicts = {row.pk: row for row in listed.order_by("-created_at", "pk")}
    placed = Placement.objects.filter(item__in=list(conflicts), ended_at__isnull=True)
    pairs = list(placed.values_list("item_id", "challenge_id"))
    touching = {item for item, challenge in pairs if not chosen or challenge in chosen}
    return [row for pk, row in conflicts.items() if pk in touching], Counter(pk for _item, pk in pairs)


def _picture(
    challenges: list[Challenge], rows: list[Coupling], chosen: set[int], conflicted: Counter[int]
) -> SafeString:
    kinds = {value: str(label) for value, label in CouplingKind.choices}
    page = address_of("agenda:challenge")
    edges = [
        coupling_map.Edge(
            first=row.first_id,
            second=row.second_id,
            kind=row.kind,
            words=f"{row.first.title} {kinds[row.kind]} {row.second.title}",
            faint=bool(chosen) and not {row.first_id, row.second_id} & chosen,
        )
        for row in rows
    ]
    numbers: Counter[int] = Counter()
    for edge in edges:
        numbers.update((edge.first, edge.second))
    beside = coupling_map.related(edges, chosen) if chosen else set()
    nodes = [
        coupling_map.Node(
            key=row.pk,
            title=row.title,
            url=page(row.pk),
            label=_label(row, numbers[row.pk], conflicted[row.pk]),
            marked=row.pk in chosen,
            beside=row.pk in beside,
            warning=conflicted[row.pk] > 0,
        )
        for row in challenges
    ]
    return coupling_map.coupling_map(
        nodes,
        edges,
        title=_("How the challenges hang together"),
        description=_(
            "Each box is a challenge and a link to its page. Each line is a coupling; the table beneath has them all "
            "in words. A triangle with an exclamation mark says that laws or departments pull apart there."
        ),
    )


def _label(challenge: Challenge, couplings_: int, conflicts: int) -> str:
    words = [challenge.title, ngettext("%(n)s coupling", "%(n)s couplings", couplings_) % {"n": couplings_}]
    if conflicts:
        words.append(
            ngettext("%(n)s conflict of aims", "%(n)s conflicts of aims", conflicts) % {"n": conflicts}
        )
    return f"{words[0]}: {', '.join(words[1:])}"


@access("bureau")
def couple(request: Request) -> HttpResponse:
    """Say how two challenges hang together."""
    first = _number(request, "first")
    back = reverse("agenda:challenge", args=[first]) if first else reverse("agenda:couplings")

    def deed(data: dict[str, Any]) -> str:
        made = couplings.couple(actor=request.user, **data)
        return reverse("agenda:challenge", args=[made.first_id])

    return form_page(
        request,
        CouplingForm(request.POST or None, initial={"first": first or None}),
        heading=_("Couple two challenges"),
        button=_("Couple them"),
        back=back,
        breadcrumbs=challenge_crumbs((_("Couple two challenges"), "")),
        deed=deed,
        done=_("The two challenges hang together now."),
    )


@access("bureau")
def end(request: Request, pk: int) -> HttpResponse:
    """Say that two challenges no longer hang together in this way."""
    rows = Coupling.objects.filter(ended_at__isnull=True).select_related("first", "second")
    row = get_object_or_404(rows, pk=pk)
    url = reverse("agenda:challenge", args=[row.first_id])

    def deed(data: dict[str, Any]) -> str:
        couplings.end_coupling(actor=request.user, coupling=row, reason=data["reason"])
        return url

    return form_page(
        request,
        ReasonForm(request.POST or None, label=_("Why does this no longer hold?")),
        heading=_("End this coupling"),
        lead=f"{row.first.title} {row.get_kind_display()} {row.second.title}",
        button=_("End the coupling"),
        back=url,
        breadcrumbs=challenge_crumbs((row.first.title, url), (_("End this coupling"), "")),
        deed=deed,
        done=_("The coupling has ended. That it was there stays known."),
    )
