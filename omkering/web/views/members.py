"""Members and networks on a reference date: list, page, map."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from omkering.journal.models import Event
from omkering.thread.models import Item
from omkering.ui.access import access
from omkering.ui.charts import Unit
from omkering.ui.export import table_response
from omkering.ui.member_map import member_map, member_page
from omkering.ui.request import Request
from omkering.ui.table_rows import table_rows
from omkering.ui.templatetags.ui import number
from omkering.who.association.sorting import fold
from omkering.who.current import association
from omkering.who.models import DivisionMembership, Member, Network, NetworkMembership
from omkering.who.queries import (
    NETWORK,
    SIZE_CLASS,
    Profile,
    Register,
    group_names,
    population_on,
    register_on,
)
from omkering.who.standing import standing_of

MEASURES = ("inhabitants", "signals")


@dataclass(frozen=True)
class Filter:
    """One select above the list: the name in the address, its words, its options and what was chosen."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


@access("public")
def listing(request: Request) -> HttpResponseBase:
    """All members of the reference date with filters, as a list and on the map."""
    register = register_on(request.on)
    filters = _filters(request, register)
    text = request.GET.get("q", "").strip()[:100]
    found = [profile for profile in register.profiles if _fits(profile, register, filters, text)]
    if request.GET.get("format") in ("csv", "ods"):
        return _download(request, register, found)
    measure = request.GET.get("measure", "inhabitants")
    if measure not in MEASURES:
        measure = "inhabitants"
    values = (
        {profile.member.pk: profile.inhabitants for profile in found}
        if measure == "inhabitants"
        else _signals(request, found)
    )
    caption, unit = {
        "inhabitants": (_("Inhabitants per member"), Unit(_("inhabitants"), _("inhabitant"))),
        "signals": (_("Signals per member that you may read"), Unit(_("signals"), _("signal"))),
    }[measure]
    return render(
        request,
        "web/members.html",
        {
            "register": register,
            "found": found,
            "rows": _rows(request, found, register),
            "filters": filters,
            "q": text,
            "measure": measure,
            "map": member_map((profile.member for profile in found), values, caption=caption, unit=unit),
            "inhabitants": sum(profile.inhabitants for profile in found),
            "main_division": _kind_name(association().main_division),
            "plural": association().member_plural.get_in(get_language()),
        },
    )


def _filters(request: Request, register: Register) -> list[Filter]:
    folder = association()
    names = group_names()
    asked = request.GET.get("region_kind", "")
    kinds = [kind.key for kind in folder.division_kinds if kind.key != folder.main_division]
    region_kind = asked if asked in kinds else ""
    rows = [
        Filter(
            folder.main_division,
            _kind_name(folder.main_division),
            list(names[folder.main_division].items()),
            request.GET.get(folder.main_division, ""),
        ),
        Filter(NETWORK, _("Network"), list(names[NETWORK].items()), request.GET.get(NETWORK, "")),
        Filter(SIZE_CLASS, _("Size class"), list(names[SIZE_CLASS].items()), request.GET.get(SIZE_CLASS, "")),
        Filter("region_kind", _("Kind of region"), [(kind, _kind_name(kind)) for kind in kinds], region_kind),
    ]
    if region_kind:
        parts = sorted(names[region_kind].items(), key=lambda part: part[1])
        rows.append(Filter("region", _kind_name(region_kind), parts, request.GET.get("region", "")))
    return rows


def _fits(profile: Profile, register: Register, filters: list[Filter], text: str) -> bool:
    if text and fold(text) not in fold(profile.member.name) and text.upper() != profile.member.code:
        return False
    if not any(one.chosen for one in filters):
        return True
    groups = register.groups(profile)
    region_kind = next((f.chosen for f in filters if f.name == "region_kind"), "")
    for one in filters:
        if not one.chosen or one.name == "region_kind":
            continue
        if one.name == "region":
            if profile.divisions.get(region_kind) != one.chosen:
                return False
        elif one.chosen not in groups[one.name]:
            return False
    return True


def _words(found: list[Profile], register: Register) -> Iterator[tuple[Profile, dict[str, str]]]:
    """Each member with its main division, size class and networks in words."""
    names, main = group_names(), association().main_division
    sizes = [(network.pk, network.name) for network in register.networks if network.kind == "size"]
    for profile in found:
        code = profile.divisions.get(main)
        yield (
            profile,
            {
                "main": names[main].get(code, code) if code else "",
                "size": names[SIZE_CLASS].get(profile.size_class, ""),
                "networks": ", ".join(name for pk, name in sizes if pk in profile.networks),
            },
        )


def _rows(request: Request, found: list[Profile], register: Register) -> SafeString:
    """The list as rows of a table; the links keep the date that was asked for."""
    day = f"?on={request.on:%Y-%m-%d}" if request.on_given else ""
    lines = (
        (
            f"{member_page(profile.member.code)}{day}",
            profile.member.name,
            (words["main"], number(profile.inhabitants), words["size"], words["networks"]),
        )
        for profile, words in _words(found, register)
    )
    return table_rows(lines, ["text", "number", "text", "text"])


def _signals(request: Request, found: Iterable[Profile]) -> dict[int, int]:
    standing = standing_of(request.user)
    # For all members at once and with `*`: PostgreSQL then reads the index alone.
    counts = dict(
        Item.objects.filter(kind="signal")
        .visible_to(standing, getattr(request.user, "pk", None))
        .values("owner_member_id")
        .annotate(count=Count("*"))
        .values_list("owner_member_id", "count")
    )
    return {profile.member.pk: counts.get(profile.member.pk, 0) for profile in found}


def _download(request: Request, register: Register, found: list[Profile]) -> HttpResponseBase:
    header = [
        _("code"),
        _("name"),
        _("inhabitants"),
        _kind_name(association().main_division),
        _("size class"),
        _("networks"),
    ]
    rows = []
    for profile, words in _words(found, register):
        rows.append(
            [
                profile.member.code,
                profile.member.name,
                profile.inhabitants,
                words["main"],
                words["size"],
                words["networks"],
            ]
        )
    return table_response(request.GET["format"], f"members-{register.day}", header, rows)


def _kind_name(kind: str) -> str:
    folder = association()
    return next((k.names.get_in(get_language()) for k in folder.division_kinds if k.key == kind), kind)


@access("public")
def member(request: Request, code: str) -> HttpResponse:
    """One member: its figures on the reference date, history, networks, regions and what it put in."""
    found = get_object_or_404(Member.objects.select_related("successor"), code=code)
    # A member that ended is shown as it was on its last day.
    day = request.on
    if found.ends and day >= found.ends:
        day = found.ends
    populations = list(found.populations.order_by("day"))
    divisions = list(
        DivisionMembership.objects.filter(member=found)
        .select_related("division")
        .order_by("division__kind", "starts")
    )
    networks = list(
        NetworkMembership.objects.filter(member=found)
        .select_related("network")
        .order_by("network__order", "starts")
    )
    standing = standing_of(request.user)
    items = Item.objects.filter(owner_member=found).visible_to(standing, getattr(request.user, "pk", None))
    inhabitants = population_on(day, [found.pk]).get(found.pk)
    folder = association()
    return render(
        request,
        "web/member.html",
        {
            "member": found,
            "breadcrumbs": [(_("Members"), reverse("web:members")), (str(found), "")],
            "ended": bool(found.ends and request.on >= found.ends),
            "not_yet": found.starts > request.on,
            "predecessors": list(found.predecessors.order_by("sort_key")),
            "populations": populations,
            "inhabitants": inhabitants,
            "size_class": folder.size_class(inhabitants).names.get_in(get_language()) if inhabitants else "",
            "divisions": [
                (_kind_name(row.division.kind), row) for row in divisions if row.division.kind != "urbanity"
            ],
            "networks": networks,
            "neighbours": list(
                Member.objects.on(day)
                .filter(pk__in=found.neighbour_links.values("other"))
                .order_by("sort_key")
            ),
            "items": items.select_related("theme", "owner_member")
            .defer("body", "search")
            .order_by("-pk")[:20],
            "events": Event.objects.filter(subject=f"member:{found.code}").order_by("-pk")[:20],
        },
    )


@access("public")
def networks(request: Request) -> HttpResponse:
    """All networks with how many members they have on the reference date."""
    members = Count(
        "memberships",
        filter=Q(memberships__starts__lte=request.on)
        & (Q(memberships__ends__isnull=True) | Q(memberships__ends__gt=request.on)),
    )
    rows = list(Network.objects.annotate(members=members))
    kinds = [
        (capfirst(kind.names.get_in(get_language())), [row for row in rows if row.kind == kind.key])
        for kind in association().network_kinds
    ]
    context = {
        "kinds": [(name, rows) for name, rows in kinds if rows],
        "breadcrumbs": [(_("Members"), reverse("web:members")), (_("Networks"), "")],
    }
    return render(request, "web/networks.html", context)


@access("public")
def network(request: Request, key: str) -> HttpResponse:
    """One network: its members on the reference date, on the map, and what they put in."""
    found = get_object_or_404(Network, key=key)
    register = register_on(request.on)
    profiles = [profile for profile in register.profiles if found.pk in profile.networks]
    inside = {profile.member.pk for profile in profiles}
    standing = standing_of(request.user)
    items = (
        Item.objects.filter(Q(owner_member_id__in=inside) | Q(audience=found))
        .visible_to(standing, getattr(request.user, "pk", None))
        .select_related("theme", "owner_member")
        .defer("body", "search")
        .order_by("-created_at", "-pk")
    )
    ended = list(
        NetworkMembership.objects.filter(network=found, ends__lte=request.on)
        .select_related("member")
        .order_by("member__sort_key")
    )
    return render(
        request,
        "web/network.html",
        {
            "network": found,
            "breadcrumbs": [
                (_("Members"), reverse("web:members")),
                (_("Networks"), reverse("web:networks")),
                (str(found), ""),
            ],
            "profiles": profiles,
            "rows": table_rows(
                (
                    (member_page(profile.member.code), profile.member.name, (number(profile.inhabitants),))
                    for profile in profiles
                ),
                ["number"],
            ),
            "inhabitants": sum(profile.inhabitants for profile in profiles),
            "map": member_map(
                (profile.member for profile in register.profiles),
                {profile.member.pk: profile.inhabitants for profile in profiles},
                caption=_("Members of %(network)s") % {"network": found},
                unit=Unit(_("inhabitants"), _("inhabitant")),
            ),
            "items": list(items[:10]),
            "ended": ended,
        },
    )
