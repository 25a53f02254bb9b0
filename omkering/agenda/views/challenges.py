"""Challenges: the list, a page, changing them, and putting something under one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.agenda.commands import challenges, placements
from omkering.agenda.forms.challenges import ChallengeForm, PlaceForm, ReasonForm
from omkering.agenda.models import Challenge, ChallengeState, Placement
from omkering.agenda.queries.challenges import challenge_page, challenges_of, counts_of, listed
from omkering.agenda.queries.couplings import touched_by
from omkering.agenda.views.common_challenges import challenge_crumbs, form_page, tabs
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.models import Body
from omkering.who.standing import standing_of


def _challenge_or_404(pk: int) -> Challenge:
    rows = Challenge.objects.select_related("owner_body", "main_theme").defer("body", "search")
    return get_object_or_404(rows, pk=pk)


def _link(challenge: Challenge) -> tuple[str, str]:
    return challenge.title, reverse("agenda:challenge", args=[challenge.pk])


@access("public")
def listing(request: Request) -> HttpResponse:
    """All challenges, in the order of the agenda."""
    closed = request.GET.get("state") == ChallengeState.CLOSED
    body = request.GET.get("body", "")
    page = paginate(listed(closed=closed, body=body), request.GET, order=["position", "pk"])
    counts = counts_of(list(page.rows), request.user)
    context = {
        "page": page,
        "rows": [(row, counts[row.pk]) for row in page.rows],
        "closed": closed,
        "bodies": Body.objects.all(),
        "body": body,
        "tabs": tabs("challenges"),
        "may_edit": may(request.user, "agenda.edit_challenge"),
        "breadcrumbs": challenge_crumbs(),
    }
    return render(request, "agenda/challenges.html", context)


@access("public")
def challenge(request: Request, pk: int) -> HttpResponse:
    """A challenge: what hangs under it, what it hangs together with, where aims pull apart, and what is owed."""
    row = _challenge_or_404(pk)
    page = challenge_page(row, request.user, request.GET)
    active = row.state == ChallengeState.ACTIVE
    context = {
        "challenge": row,
        "page": page,
        "rows": [(item, page.placements.get(item.pk)) for item in page.hanging.page],
        "item": row,
        "active": active,
        "may": {
            "edit": may(request.user, "agenda.edit_challenge", row),
            "couple": active and may(request.user, "agenda.couple"),
            "record": active and may(request.user, "agenda.record_conflict"),
            "place": may(request.user, "agenda.place_item"),
        },
        "breadcrumbs": challenge_crumbs(_link(row)),
    }
    return render(request, "agenda/challenge.html", context)


# --- change ------------------------------------------------------------------------------------------------
@access("bureau")
def add(request: Request) -> HttpResponse:
    """A new challenge."""

    def deed(data: dict[str, Any]) -> str:
        data.pop("version")
        return _link(challenges.add_challenge(actor=request.user, **data))[1]

    return form_page(
        request,
        ChallengeForm(request.POST or None),
        heading=_("New challenge"),
        button=_("Put it on the agenda"),
        back=reverse("agenda:challenges"),
        breadcrumbs=challenge_crumbs((_("New challenge"), "")),
        deed=deed,
        done=_("The challenge is on the agenda."),
    )


def reread(form: Any, version: int) -> None:
    """After a clash: the form now goes on from the newest version, with what was typed."""
    form.data = form.data.copy()
    form.data["version"] = str(version)


@access("bureau")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a challenge. When somebody else was first, both texts stand beside each other."""
    row = _challenge_or_404(pk)
    form = ChallengeForm.for_challenge(row, request.POST or None)
    name, url = _link(row)

    def deed(data: dict[str, Any]) -> str:
        data["version"] = data["version"] or 0
        challenges.edit_challenge(actor=request.user, challenge=row, **data)
        return url

    def wrong(error: ValidationError) -> dict[str, Any]:
        if getattr(error, "code", "") != challenges.CHANGED:
            return {}
        newest = _challenge_or_404(pk)
        reread(form, newest.version)
        theirs = [
            (_("Name of the challenge"), newest.title),
            (_("What is it about?"), newest.summary),
            (_("Theme"), newest.main_theme or _("No theme")),
            (_("Body that answers for it"), newest.owner_body or _("No body yet")),
        ]
        return {"theirs": theirs, "theirs_at": newest.changed_at}

    return form_page(
        request,
        form,
        heading=_("Change the challenge"),
        button=_("Save"),
        back=url,
        breadcrumbs=challenge_crumbs((name, url), (_("Change the challenge"), "")),
        deed=deed,
        done=_("The challenge was changed. Its followers were told."),
        wrong=wrong,
    )


@access("bureau")
def close(request: Request, pk: int) -> HttpResponse:
    """Take a challenge off the agenda."""
    row = _challenge_or_404(pk)
    name, url = _link(row)

    def deed(data: dict[str, Any]) -> str:
        challenges.close_challenge(actor=request.user, challenge=row, reason=data["reason"])
        return url

    return form_page(
        request,
        ReasonForm(
            request.POST or None,
            label=_("Why does it leave the agenda?"),
            help_text=_("Everybody may read this. Whoever put in what hangs under it gets it as news."),
        ),
        heading=_("Take this challenge off the agenda"),
        lead=name,
        button=_("Take it off the agenda"),
        back=url,
        breadcrumbs=challenge_crumbs((name, url), (_("Take it off the agenda"), "")),
        deed=deed,
        done=_("The challenge is off the agenda. What hangs under it stays to be read."),
    )


@access("bureau")
def reopen(request: Request, pk: int) -> HttpResponse:
    """Put a challenge back on the agenda."""
    row = _challenge_or_404(pk)
    name, url = _link(row)

    def deed(data: dict[str, Any]) -> str:
        challenges.reopen_challenge(actor=request.user, challenge=row, reason=data["reason"])
        return url

    return form_page(
        request,
        ReasonForm(
            request.POST or None,
            label=_("Why does it come back?"),
            help_text=_("Everybody may read this. Whoever put in what hangs under it gets it as news."),
        ),
        heading=_("Put this challenge back on the agenda"),
        lead=name,
        button=_("Put it back on the agenda"),
        back=url,
        breadcrumbs=challenge_crumbs((name, url), (_("Put it back on the agenda"), "")),
        deed=deed,
        done=_("The challenge is on the agenda again."),
    )


# --- what hangs under it -----------------------------------------------------------------------------------
@access("bureau")
def place(request: Request, pk: int) -> HttpResponse:
    """Put an item under a challenge: one choice, one button."""
    items = Item.objects.visible_to(standing_of(request.user), request.user.pk)
    item = get_object_or_404(items.select_related("theme").defer("body", "search"), pk=pk)
    if item.kind == "challenge":
        raise Http404  # challenges are coupled, not put under each other
    placed = challenges_of(item)
    taken = [row.challenge_id for row in placed]
    touched = touched_by(item, request.user)
    likely = [row.pk for row in touched.challenges if row.pk not in taken]
    back = kinds.url(item) or reverse("agenda:challenges")

    def deed(data: dict[str, Any]) -> str:
        placements.place_item(actor=request.user, item=item, challenge=data["challenge"])
        return back

    return form_page(
        request,
        PlaceForm(request.POST or None, taken=taken, initial={"challenge": likely[0] if likely else None}),
        heading=_("Put under a challenge"),
        button=_("Put it there"),
        back=back,
        breadcrumbs=challenge_crumbs((item.title, back), (_("Put under a challenge"), "")),
        deed=deed,
        done=_("It hangs under the challenge now. Whoever put in what is behind it was told."),
        template="agenda/place.html",
        source=item,
        placed=placed,
    )


@access("bureau")
def end_placement(request: Request, pk: int) -> HttpResponse:
    """Take an item off a challenge."""
    rows = Placement.objects.filter(ended_at__isnull=True).select_related("item", "challenge")
    row = get_object_or_404(rows, pk=pk)
    name, url = _link(row.challenge)

    def deed(data: dict[str, Any]) -> str:
        placements.end_placement(actor=request.user, placement=row, reason=data["reason"])
        return url

    return form_page(
        request,
        ReasonForm(
            request.POST or None,
            label=_("Why does it not belong here?"),
            help_text=_("Whoever put it in or follows it gets this as news."),
        ),
        heading=_("Take this off the challenge"),
        lead=row.item.title,
        button=_("Take it off"),
        back=url,
        breadcrumbs=challenge_crumbs((name, url), (_("Take this off the challenge"), "")),
        deed=deed,
        done=_("It no longer hangs under this challenge."),
    )
