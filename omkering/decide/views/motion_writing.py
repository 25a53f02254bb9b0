"""Writing a motion: a draft in its usual form, with how it will stand, and what there is already that is alike."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.decide.commands.motions import change_motion, draft_motion
from omkering.decide.forms.motions import ChangeMotion, DraftMotion, MotionText
from omkering.decide.models import Motion, MotionState
from omkering.decide.motion_texts import FORM, points
from omkering.decide.motion_words import named
from omkering.decide.queries.similar_items import alike
from omkering.decide.rules_motions import owner_of
from omkering.decide.views.common import readable_item
from omkering.decide.views.motion_common import crumbs_to, motion_crumbs, motion_or_404, with_new_version
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.thread.texts import tidy
from omkering.ui.access import access
from omkering.ui.form_pages import is_changed
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.authority import may, require
from omkering.who.models import Network
from omkering.who.owners import owners_for
from omkering.who.standing import standing_of


@access("insider")
def new(request: Request) -> HttpResponse:
    """Begin a motion."""
    return _begin(request, None)


@access("insider")
def make_from(request: Request, pk: int) -> HttpResponse:
    """Begin a motion that comes from an item: a bundle, a dossier, a position."""
    return _begin(request, readable_item(request, pk))


def _begin(request: Request, source: Item | None) -> HttpResponse:
    owners = owners_for(request.user)
    if not owners:
        raise PermissionDenied("decide.draft_motion")
    initial = {"title": source.title, "noting": source.summary, "theme": source.theme_id} if source else {}
    form = DraftMotion(
        request.POST if request.method == "POST" else None,
        owners=owners,
        networks=_networks(request),
        initial=initial,
    )

    def keep() -> Motion:
        return draft_motion(
            actor=request.user,
            owner=form.owner,
            sources=[source] if source else [],
            shared_with=form.cleaned_data.get("shared_with"),
            theme=form.cleaned_data.get("theme"),
            **form.values(),
        )

    return _writing(
        request,
        form,
        keep=keep,
        heading=_("New motion"),
        source=source,
        breadcrumbs=motion_crumbs((_("New motion"), "")),
        back=kinds.url(source) if source else reverse("decide:motions"),
    )


@access("insider")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft, or give a motion that was filed another text; nothing is overwritten unseen."""
    row = motion_or_404(request, pk)
    draft = row.state == MotionState.DRAFT
    if draft and not may(request.user, "decide.edit_motion", row):
        raise Http404  # a draft is of its own people
    if not draft:
        require(request.user, "decide.change_motion", row)
    initial = {"version": row.version, "theme": row.theme_id, **{name: getattr(row, name) for name in FORM}}
    owner = owner_of(row)
    sent = request.POST if request.method == "POST" else None
    form: MotionText
    if draft:
        initial["shared_with"] = row.audience_id
        networks = [] if isinstance(owner, Network) else _networks(request)
        form = DraftMotion(sent, owners=[owner] if owner else [], networks=networks, initial=initial)
    else:
        form = ChangeMotion(sent, owners=[owner] if owner else [], initial=initial)

    def keep() -> Motion:
        data = form.cleaned_data
        return change_motion(
            actor=request.user,
            motion=row,
            version=data["version"],
            reason=data.get("reason", ""),
            shared_with=data.get("shared_with"),
            theme=data.get("theme"),
            **form.values(),
        )

    heading = _("Change the draft") if draft else _("Change the motion")
    return _writing(
        request,
        form,
        keep=keep,
        row=row,
        heading=heading,
        lead="" if draft else f"{named(row)}. {row.title}",
        breadcrumbs=crumbs_to(row, (heading, "")),
        back=kinds.url(row),
    )


def _networks(request: Request) -> list[Network]:
    """The networks that a draft can be shared with."""
    return list(Network.objects.filter(pk__in=standing_of(request.user).reads_networks))


@access("insider")
@require_POST
def similar(request: Request) -> HttpResponse:
    """What is like the motion that is being typed, as a piece of page; nothing is kept."""
    title = tidy(request.POST.get("title", ""), one_line=True)
    found = alike(title, tidy(request.POST.get("requests", "")), request.user, exclude=_own(request))
    return render(request, "decide/parts/similar.html", {"similar": found})


def _own(request: Request) -> int | None:
    given = request.GET.get("motion", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _writing(
    request: Request,
    form: MotionText,
    *,
    keep: Any,
    heading: str,
    row: Motion | None = None,
    source: Item | None = None,
    **more: Any,
) -> HttpResponse:
    """The page to write a motion on: keep it, or look first how it reads and what there is already."""
    go = request.POST.get("go", "draft")
    if request.method == "POST" and form.is_valid() and go != "look":
        try:
            made = keep()
        except ValidationError as error:
            if row is not None and is_changed(error):
                with_new_version(form, row)
            add_errors(form, error)
        else:
            if made.state == MotionState.DRAFT:
                messages.success(request, _("The draft is kept."))
            else:
                messages.success(request, _("The motion is changed. Who signed it hears of it."))
            return redirect("decide:file_motion" if go == "file" else "decide:motion", made.pk)
    typed = {name: tidy(form[name].value() or "", one_line=name == "title") for name in FORM}
    draft = row is None or row.state == MotionState.DRAFT
    context = {
        "form": form,
        "row": row,
        "source": source,
        "heading": heading,
        "draft": draft,
        "text": {
            "body": row.owner_body if row else None,
            "meeting": row.meeting if row else None,
            **{name: points(typed[name]) for name in FORM[1:]},
        },
        "similar": alike(
            typed["title"],
            typed["requests"] or typed["noting"],
            request.user,
            exclude=row.pk if row else None,
        )
        if draft
        else [],
        **more,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "decide/motion_write.html", context, status=status)
