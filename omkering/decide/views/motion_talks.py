"""Talks between those who filed two motions, and going together in one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.decide import commands
from omkering.decide.commands.motion_talks import may_agree
from omkering.decide.forms.motions import ChooseMotion, Merge, Say
from omkering.decide.models import Motion, MotionState, MotionTalk
from omkering.decide.motion_texts import FORM
from omkering.decide.motion_words import named
from omkering.decide.queries.motions import others_to_talk_with
from omkering.decide.rules_motions import filed_it
from omkering.decide.views.motion_common import crumbs_to, form_page, motion_or_404
from omkering.decide.views.motions import form_of
from omkering.ui.access import access
from omkering.ui.form_pages import sent
from omkering.ui.request import Request
from omkering.ui.second_factor import ask_for_second_factor, has_second_factor, second_factor_required
from omkering.ui.text_forms import add_errors
from omkering.who.authority import may, require
from omkering.who.owners import owners_for


@access("insider")
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask those who filed another motion to talk."""
    row = motion_or_404(request, pk)
    require(request.user, "decide.talk_of_motion", row)
    others = others_to_talk_with(row, request.user)
    form = ChooseMotion(sent(request), motions=others)

    def deed(data: dict[str, Any]) -> MotionTalk:
        return commands.open_talk(actor=request.user, motion=row, other=form.other(), text=data["message"])

    return form_page(
        request,
        row,
        form,
        heading=_("Talk about going together"),
        button=_("Ask for talks"),
        deed=deed,
        done=_("The other side hears that you want to talk."),
        note="" if others else _("There is no other motion on the table now."),
        target=lambda made: reverse("decide:motion_talk", args=[made.pk]),
    )


@access("insider")
def talk(request: Request, pk: int) -> HttpResponse:
    """Talks: both motions, what was said, and the common motion that was proposed."""
    row = talk_or_404(request, pk)
    go = request.POST.get("go", "say") if request.method == "POST" else ""
    form = Say(request.POST if go == "say" else None)
    if go:
        try:
            done = _act(request, row, go, form)
        except ValidationError as error:
            add_errors(form, error) if go == "say" else messages.error(request, " ".join(error.messages))
        else:
            if isinstance(done, HttpResponse):
                return done
            if done:
                return redirect(done)
        if go != "say":
            return redirect("decide:motion_talk", pk)
    common = row.common if row.common_id and row.common.state != MotionState.WITHDRAWN else None  # type: ignore[union-attr]
    context = {
        "talk": row,
        "form": form,
        "sides": [(one, named(one), form_of(one)) for one in (row.motion, row.other)],
        "said": list(row.messages.select_related("person").order_by("pk")),
        "common": common,
        "common_text": form_of(common) if common else None,
        "may_agree": may_agree(request.user, row),
        "may_propose": row.ended_at is None and _speaks(request, row),
        "heading": _("Talks about going together"),
        "breadcrumbs": crumbs_to(row.motion, (_("Talks"), "")),
    }
    return render(request, "decide/motion_talk.html", context, status=422 if form.errors else 200)


def _act(request: Request, row: MotionTalk, go: str, form: Say) -> Any:
    """What a button of the page does; where to go then, or "" to stay."""
    here = reverse("decide:motion_talk", args=[row.pk])
    if go == "agree":
        if not has_second_factor(request):
            return ask_for_second_factor(request)
        version = request.POST.get("version", "")
        made = commands.agree_merger(
            actor=request.user, talk=row, version=int(version) if version.isdecimal() else 0
        )
        messages.success(request, _("You go together. Who signed either motion stands under the common one."))
        return reverse("decide:motion", args=[made.pk])
    if go == "end":
        commands.end_talk(actor=request.user, talk=row)
        messages.success(request, _("The talks are ended. Both motions stay as they are."))
        return here
    if form.is_valid():
        commands.say_in_talk(actor=request.user, talk=row, text=form.cleaned_data["message"])
        return here
    return ""


@access("insider")
@second_factor_required
def propose(request: Request, pk: int) -> HttpResponse:
    """Propose one motion in the place of both."""
    row = talk_or_404(request, pk)
    owners = [one for one in owners_for(request.user, mandated=True) if _filed(one, row)]
    if not owners:
        raise Http404  # those who lead read the talks, and propose nothing
    form = Merge(sent(request), owners=owners, initial=_together([row.motion, row.other]))
    return form_page(
        request,
        row.motion,
        form,
        heading=_("Propose a common motion"),
        button=_("Propose it"),
        deed=lambda data: commands.propose_merger(
            actor=request.user, talk=row, owner=form.owner, **form.values()
        ),
        done=_("The common motion is proposed. The other side agrees to it, or not."),
        target=lambda made: reverse("decide:motion_talk", args=[row.pk]),
        lead=_("It starts with the points of both. When the other side agrees, it takes the place of both."),
    )


@access("insider")
def merge(request: Request, pk: int) -> HttpResponse:
    """Merge motions, as those who filed them agreed; for the bureau and the chair."""
    row = motion_or_404(request, pk)
    require(request.user, "decide.handle_motion", row)
    others = others_to_talk_with(row, request.user)
    form = Merge(sent(request), motions=others, initial=_together([row]))

    def deed(data: dict[str, Any]) -> Motion:
        if "others" not in form.fields:
            raise ValidationError(_("There is no other motion on the table now."))
        return commands.merge_motions(actor=request.user, motions=[row, *form.others()], **form.values())

    return form_page(
        request,
        row,
        form,
        heading=_("Merge with other motions"),
        button=_("Merge them"),
        deed=deed,
        done=_("The motions are merged. Who signed any of them stands under the new one."),
        target=lambda made: reverse("decide:motion", args=[made.pk]),
        note=_("Only when those who filed them agree."),
    )


def talk_or_404(request: Request, pk: int) -> MotionTalk:
    """The talks, or a 404 for who takes no part in them."""
    rows = MotionTalk.objects.select_related(
        "motion__owner_member", "motion__network", "motion__meeting", "motion__owner_body",
        "other__owner_member", "other__network", "other__meeting", "other__owner_body",
        "common__owner_member", "common__network", "common__owner_body", "common__meeting",
    )  # fmt: skip
    row = get_object_or_404(rows, pk=pk)
    if not may(request.user, "decide.talk", row):
        raise Http404
    return row


def _speaks(request: Request, row: MotionTalk) -> bool:
    return filed_it(request.user, row.motion) or filed_it(request.user, row.other)


def _filed(owner: Any, row: MotionTalk) -> bool:
    kind = type(owner).__name__.lower()
    return any(
        motion.signatures.filter(filer=True, withdrawn_at__isnull=True, **{kind: owner}).exists()
        for motion in (row.motion, row.other)
    )


def _together(rows: list[Motion]) -> dict[str, Any]:
    """The points of all of these, each once."""
    first = rows[0]
    found: dict[str, Any] = {"title": first.title}
    for name in FORM[1:]:
        lines = [line for row in rows for line in getattr(row, name).splitlines() if line.strip()]
        found[name] = "\n".join(dict.fromkeys(lines))
    return found
