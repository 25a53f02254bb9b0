"""Conflicts of aims: the list, a page, recording and changing one, and saying how it was solved."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.agenda.commands import challenges, conflicts
from omkering.agenda.forms.challenges import ConflictForm, SolveForm
from omkering.agenda.models import Conflict, ConflictState
from omkering.agenda.queries.challenges import challenges_of, listed_conflicts
from omkering.agenda.views.challenges import reread
from omkering.agenda.views.common_challenges import challenge_crumbs, form_page, tabs
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may

FIELDS = (*conflicts.TEXTS, "version")


def _conflict_or_404(pk: int) -> Conflict:
    rows = Conflict.objects.select_related("first_party", "second_party").defer("body", "search")
    return get_object_or_404(rows, pk=pk)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return challenge_crumbs((_("Conflicts of aims"), reverse("agenda:conflicts")), *more)


def _link(conflict: Conflict) -> tuple[str, str]:
    return conflict.title, reverse("agenda:conflict", args=[conflict.pk])


@access("public")
def listing(request: Request) -> HttpResponse:
    """Where laws or departments pull apart, newest first; or what was solved."""
    solved = request.GET.get("state") == ConflictState.SOLVED
    page = paginate(listed_conflicts(solved=solved), request.GET, order=["-created_at", "-pk"])
    context = {
        "page": page,
        "solved": solved,
        "tabs": tabs("conflicts"),
        "may_record": may(request.user, "agenda.record_conflict"),
        "breadcrumbs": _crumbs(),
    }
    return render(request, "agenda/conflicts.html", context)


@access("public")
def conflict(request: Request, pk: int) -> HttpResponse:
    """A conflict of aims: both sides, what members meet, and the challenges it hangs under."""
    row = _conflict_or_404(pk)
    context = {
        "conflict": row,
        "item": row,
        "placed": challenges_of(row),
        "sides": [
            (row.first_law, row.first_aim, row.first_party),
            (row.second_law, row.second_aim, row.second_party),
        ],
        "may_edit": may(request.user, "agenda.record_conflict", row),
        "breadcrumbs": _crumbs(_link(row)),
    }
    return render(request, "agenda/conflict.html", context)


@access("bureau")
def record(request: Request) -> HttpResponse:
    """A new conflict of aims."""
    given = request.GET.get("challenge", "")

    def deed(data: dict[str, Any]) -> str:
        data.pop("version")
        return _link(conflicts.record_conflict(actor=request.user, **data))[1]

    return form_page(
        request,
        ConflictForm(request.POST or None, initial={"challenges": [int(given)] if given.isdecimal() else []}),
        heading=_("Record a conflict of aims"),
        lead=_("Two laws or departments pull apart, and members meet the effect."),
        button=_("Record it"),
        back=reverse("agenda:conflicts"),
        breadcrumbs=_crumbs((_("Record a conflict of aims"), "")),
        deed=deed,
        done=_("The conflict of aims is recorded. Followers of its challenges were told."),
    )


@access("bureau")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a conflict of aims. When somebody else was first, both texts stand beside each other."""
    row = _conflict_or_404(pk)
    name, url = _link(row)
    placed = [placement.challenge_id for placement in challenges_of(row)]
    parties = {"first_party": row.first_party_id, "second_party": row.second_party_id}
    form = ConflictForm(
        request.POST or None,
        also=placed,
        initial={**{field: getattr(row, field) for field in FIELDS}, **parties, "challenges": placed},
    )

    def deed(data: dict[str, Any]) -> str:
        data["version"] = data["version"] or 0
        conflicts.edit_conflict(actor=request.user, conflict=row, **data)
        return url

    def wrong(error: ValidationError) -> dict[str, Any]:
        if getattr(error, "code", "") != challenges.CHANGED:
            return {}
        newest = _conflict_or_404(pk)
        reread(form, newest.version)
        words = {field: form.fields[field].label for field in (*conflicts.TEXTS, *parties)}
        theirs = [(label, getattr(newest, field) or _("Not named")) for field, label in words.items()]
        under = ", ".join(placement.challenge.title for placement in challenges_of(newest))
        theirs.append((_("Challenges that this touches"), under))
        return {"theirs": theirs, "theirs_at": newest.changed_at}

    return form_page(
        request,
        form,
        heading=_("Change the conflict of aims"),
        button=_("Save"),
        back=url,
        breadcrumbs=_crumbs((name, url), (_("Change the conflict of aims"), "")),
        deed=deed,
        done=_("The conflict of aims was changed."),
        wrong=wrong,
    )


@access("bureau")
def solve(request: Request, pk: int) -> HttpResponse:
    """Say how a conflict of aims was solved."""
    row = _conflict_or_404(pk)
    name, url = _link(row)

    def deed(data: dict[str, Any]) -> str:
        conflicts.solve_conflict(actor=request.user, conflict=row, resolution=data["resolution"])
        return url

    return form_page(
        request,
        SolveForm(request.POST or None),
        heading=_("This conflict of aims is solved"),
        lead=name,
        button=_("Say that it is solved"),
        back=url,
        breadcrumbs=_crumbs((name, url), (_("Solved"), "")),
        deed=deed,
        done=_("The conflict of aims is solved. Followers were told."),
    )
