"""Reacting, and reading what was put in: at a paragraph or on the whole, one contribution, lists, and one's own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.deliberate.commands import reactions as commands
from omkering.deliberate.forms.consultations import ReasonForm
from omkering.deliberate.forms.contributions import ReactForm
from omkering.deliberate.models import (
    ConsultationRound,
    Contribution,
    ContributionKind,
    ContributionState,
    Paragraph,
)
from omkering.deliberate.publics import in_public, reads_round
from omkering.deliberate.queries import contributions as queries
from omkering.deliberate.queries.consultations import open_rounds_for, part_of, parts_of
from omkering.deliberate.views.consultation_common import (
    address,
    crumbs,
    crumbs_in,
    form_page,
    round_or_404,
    round_to_read,
)
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.form_pages import sent
from omkering.ui.forms import options
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.standing import standing_of

ROWS_OF_FILE = 10_000


# --- reacting --------------------------------------------------------------------------------------------
@access("person")
def react(request: Request, pk: int) -> HttpResponse:
    """React to one paragraph, in a round that is open and asks me."""
    paragraph = get_object_or_404(Paragraph, pk=pk)
    rounds = open_rounds_for(request.user).filter(
        takes_reactions=True,
        consultation__document_id=paragraph.document_id,
        consultation__version__blocks__paragraph=paragraph,
    )
    return _react(request, list(rounds), paragraph)


@access("person")
def react_to_whole(request: Request, pk: int) -> HttpResponse:
    """React to the whole of what a round asks about; `?paragraph=` is the address of one part of it."""
    row = round_or_404(request, pk)
    if not in_public(request.user, row):
        raise PermissionDenied
    asked = request.GET.get("paragraph", "")
    paragraph = None
    if asked.isdecimal() and len(asked) < 9 and row.consultation.document_id is not None:
        paragraph = get_object_or_404(Paragraph, document_id=row.consultation.document_id, address=int(asked))
    rounds = [row] if row.takes_reactions and row.state == "open" else []
    return _react(request, rounds, paragraph, round=row)


def _react(
    request: Request,
    rounds: list[ConsultationRound],
    paragraph: Paragraph | None,
    round: ConsultationRound | None = None,
) -> HttpResponse:
    if not rounds:
        context = {
            "round": round,
            "heading": _("You cannot react now"),
            "breadcrumbs": crumbs((_("You cannot react now"), "")),
        }
        return render(request, "deliberate/react_not.html", context)
    first = rounds[0]
    part = part_of(first.consultation, paragraph)
    form = ReactForm(sent(request), rounds=rounds)
    there = queries.reactions_at(rounds, paragraph, request.user)
    at = f"#p{paragraph.address}" if paragraph else ""
    document = address("deliberate:document", first.consultation.document_id) if at else ""
    heading = _("React to %(part)s") % {"part": part.name} if part else _("React to the whole")
    return form_page(
        request,
        form,
        heading=heading,
        lead=first.consultation.title,
        button=_("Put in the reaction"),
        back=f"{document}{at}" if document else reverse("deliberate:round", args=[first.pk]),
        breadcrumbs=crumbs_in(first, (heading, "")),
        draft=f"react-{paragraph.pk if paragraph else f'round-{first.pk}'}",
        deed=lambda data: commands.react(
            actor=request.user, round=form.chosen(), text=data["text"], paragraph=paragraph
        ),
        done=_("Your reaction is in. You hear what becomes of it."),
        template="deliberate/react.html",
        part=part,
        round=first,
        there=queries.shown(there.order_by("-pk")[:20], request.user),
        insider=standing_of(request.user).is_insider,
    )


def _own_reaction(request: Request, pk: int) -> Contribution:
    rows = queries.readable_contributions(request.user).filter(kind=ContributionKind.REACTION)
    return get_object_or_404(rows, pk=pk)


@access("person")
def change(request: Request, pk: int) -> HttpResponse:
    """Write one's own reaction anew."""
    row = _own_reaction(request, pk)
    if not may(request.user, "deliberate.change_reaction", row):
        raise PermissionDenied
    return form_page(
        request,
        ReactForm(sent(request), initial={"text": row.text}),
        heading=_("Change your reaction"),
        lead=row.in_round.consultation.title,
        button=_("Save"),
        back=reverse("deliberate:contribution", args=[pk]),
        breadcrumbs=crumbs_in(row.in_round, (_("Change your reaction"), "")),
        draft=f"reaction-{pk}",
        deed=lambda data: commands.change_reaction(actor=request.user, reaction=row, text=data["text"]),
        done=_("Your reaction was changed."),
        template="deliberate/react.html",
        part=part_of(row.in_round.consultation, row.paragraph),
        round=row.in_round,
        there=[],
        insider=standing_of(request.user).is_insider,
    )


class _NoReason(ReasonForm):
    """Withdrawing one's own needs no reason."""

    reason = None  # type: ignore[assignment]


@access("person")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Withdraw one's own reaction; or for the bureau, take one out with a reason."""
    row = _own_reaction(request, pk)
    if not may(request.user, "deliberate.withdraw_reaction", row):
        raise PermissionDenied
    own = row.author_id == request.user.pk
    heading = _("Withdraw your reaction") if own else _("Take this reaction out")
    data = sent(request)
    return form_page(
        request,
        _NoReason(data) if own else ReasonForm(data),
        heading=heading,
        lead=row.title,
        button=_("Withdraw") if own else _("Take it out"),
        negative=True,
        back=reverse("deliberate:round", args=[row.in_round_id]),
        breadcrumbs=crumbs_in(row.in_round, (heading, "")),
        draft=f"reaction-off-{pk}",
        deed=lambda data: commands.withdraw_reaction(actor=request.user, reaction=row, **data),
        done=_("Your reaction was withdrawn.")
        if own
        else _("The reaction was taken out. Its author was told why."),
    )


# --- reading ---------------------------------------------------------------------------------------------
@access("public")
def contribution(request: Request, pk: int) -> HttpResponse:
    """One contribution: its words, who it is from, at which paragraph, and what became of it."""
    row = get_object_or_404(queries.readable_contributions(request.user), pk=pk)
    [entry] = queries.shown([queries.Put.of(row)], request.user)
    document = row.in_round.consultation.document_id
    withdrawn = row.state == ContributionState.WITHDRAWN
    changeable = row.kind == ContributionKind.REACTION and row.state == ContributionState.SUBMITTED
    context = {
        "item": row,
        "entry": entry,
        "round": row.in_round,
        "part": part_of(row.in_round.consultation, row.paragraph),
        "document_url": address("deliberate:document", document) if document and row.paragraph else "",
        "withdrawn": withdrawn,
        "may_change": changeable
        and row.in_round.state == "open"
        and may(request.user, "deliberate.change_reaction", row),
        "may_withdraw": changeable
        and (row.in_round.state == "open" or row.author_id != request.user.pk)
        and may(request.user, "deliberate.withdraw_reaction", row),
        "breadcrumbs": crumbs_in(row.in_round, (str(entry.badge[0]), "")),
    }
    return render(request, "deliberate/contribution.html", context)


def _filters(request: Request) -> dict[str, Any]:
    paragraph = request.GET.get("paragraph", "")
    return {
        "kind": request.GET.get("kind", ""),
        "paragraph": int(paragraph) if paragraph.isdecimal() and len(paragraph) < 9 else None,
        "text": request.GET.get("q", "").strip()[:200],
    }


@access("public")
def contributions(request: Request, pk: int) -> HttpResponse:
    """What was put in during a round: all of it, of one kind, at one paragraph, or with some words."""
    row = round_to_read(request, pk)
    if not reads_round(standing_of(request.user), row):
        raise Http404
    wanted = _filters(request)
    page = paginate(queries.contributions_of(row, request.user, **wanted), request.GET, order=["-pk"])
    context = {
        "round": row,
        "item": row.consultation,
        "page": page,
        "entries": queries.shown(page, request.user),
        "parts": options(
            ((part.address, f"{part.name} {part.beginning}") for part in parts_of(row.consultation)),
            {str(wanted["paragraph"])},
        ),
        "kinds": [(kind.value, str(queries.BADGES[kind][0])) for kind in ContributionKind],
        "query": request.GET.urlencode(),
        **wanted,
        "breadcrumbs": crumbs_in(row, (_("What was put in"), "")),
    }
    return render(request, "deliberate/contributions.html", context)


@access("public")
def contributions_file(request: Request, pk: int, form: str) -> HttpResponseBase:
    """What was put in during a round as a table, with the same filters; never the name of who reacts for themselves."""
    row = round_to_read(request, pk)
    if form not in ("csv", "ods") or not reads_round(standing_of(request.user), row):
        raise Http404
    rows = queries.contributions_of(row, request.user, **_filters(request)).order_by("pk")[:ROWS_OF_FILE]
    header = [_("Number"), _("Kind"), _("Who it is from"), _("Paragraph"), _("Text"), _("Late"), _("Answer")]
    lines = (
        (
            entry.row.pk,
            str(entry.badge[0]),
            entry.source,
            entry.address,
            entry.row.text,
            _("yes") if entry.row.late else "",
            entry.answer,
        )
        for entry in queries.shown(rows, None)
    )
    return table_response(form, _("contributions-%(number)s") % {"number": pk}, header, lines)


@access("person")
def mine(request: Request) -> HttpResponse:
    """What I put in for myself, and the views and amendments of the members I work for, with what became of each."""
    page = paginate(queries.own_items(request.user), request.GET, order=["-created_at", "-pk"])
    rows = list(page)
    answers = queries.published_answers([row.pk for row in rows])
    context = {
        "page": page,
        "rows": [
            (
                row,
                row.asked_in or row.view_in or row.statement_in or row.amendment_in,
                answers.get(row.pk, ""),
            )
            for row in rows
        ],
        "replies": queries.own_replies(request.user),
        "breadcrumbs": crumbs((_("My contributions"), "")),
    }
    return render(request, "deliberate/contributions_mine.html", context)
