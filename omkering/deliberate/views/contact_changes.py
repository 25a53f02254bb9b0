"""Changing the lobby register: record a contact in three steps, change it, and say what came of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.commands.contacts import cancel_contact, edit_contact, hold_contact, record_contact
from omkering.deliberate.forms.contacts import (
    RELATION,
    CancelForm,
    ContactForm,
    EditContact,
    HoldForm,
    contact_values,
)
from omkering.deliberate.models import Contact, ContactState, Position, Relation, RelationKind
from omkering.deliberate.queries.contacts import speaks_as
from omkering.deliberate.queries.positions import readable_positions
from omkering.deliberate.queries.related_positions import message_text, positions_found, related_positions
from omkering.deliberate.rules_positions import Party
from omkering.deliberate.views.position_common import contact_crumbs, contact_or_404, form_page, of_contact
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.who.authority import require
from omkering.who.standing import standing_of

STEPS = len(ContactForm.STEPS)
MOST_ASKED = 30  # positions that one page asks about


def _asked(request: Request, title: str, message: str, kept: list[int] | None = None) -> list[Position]:
    """The positions to ask about: those the contact stands to, those its message touches, those that were answered
    for already, and those that the words find; three queries at most.
    """
    sent = request.POST
    found = {
        entry.position.pk: entry.position
        for entry in related_positions(message_text(title, message), request.user)
    }
    answered = [int(match[1]) for name in sent if (match := RELATION.fullmatch(name))][:MOST_ASKED]
    wanted = [pk for pk in [*(kept or []), *answered] if pk not in found]
    more = readable_positions(request.user).defer("search", "body").in_bulk(wanted) if wanted else {}
    words = sent.get("words", "").strip()[:200]
    by_words = positions_found(words, request.user, without=[*found, *more]) if words else []
    return [*(more[pk] for pk in dict.fromkeys(wanted) if pk in more), *by_words, *found.values()][
        :MOST_ASKED
    ]


# --- a new one, in steps ---------------------------------------------------------------------------------------
@access("insider")
def record(request: Request) -> HttpResponse:
    """Record a contact in three short steps: with whom, what you say, and how that stands to positions."""
    parties = speaks_as(standing_of(request.user))
    if not parties:
        raise PermissionDenied
    if request.method != "POST":
        return _step_page(request, ContactForm(step=1, parties=parties, initial=_start(request)))
    sent = request.POST
    step = int(sent["step"]) if sent.get("step") in ("1", "2", "3") else 1
    go = sent.get("go", "next")
    if go == "back":
        return _step_page(request, _unchecked(request, parties, max(step - 1, 1)))
    if go == "find":
        return _step_page(request, _unchecked(request, parties, STEPS))
    form = _bound(request, parties, step)
    if not form.is_valid():
        wrong = ContactForm.step_of(form.errors)
        if wrong < step:  # something of an earlier step no longer fits
            form = _bound(request, parties, wrong)
        return _step_page(request, form)
    if step < STEPS:
        return _step_page(request, _unchecked(request, parties, step + 1))
    try:
        made = record_contact(actor=request.user, party=form.party, said=form.said, **form.values)
    except ValidationError as error:
        found = error.error_dict if hasattr(error, "error_dict") else {}
        form = _bound(request, parties, ContactForm.step_of(found))
        form.is_valid()
        form.take_errors(error)
        return _step_page(request, form)
    departs = sum(kind == RelationKind.DEPARTS for kind, _note in form.said.values())
    messages.success(request, _("The contact is in the register."))
    if departs:
        messages.warning(
            request,
            ngettext(
                "Your message departs from %(n)s position. The owner and the bureau were told: talk about it together.",
                "Your message departs from %(n)s positions. Their owners and the bureau were told: talk about it "
                "together.",
                departs,
            )
            % {"n": departs},
        )
    return redirect("deliberate:contact", made.pk)


def _start(request: Request) -> dict[str, Any]:
    return {"on": timezone.localdate(), "organisation": request.GET.get("organisation", "")[:20]}


def _bound(request: Request, parties: list[Party], step: int) -> ContactForm:
    sent = request.POST
    asked = _asked(request, sent.get("title", ""), sent.get("message", "")) if step == STEPS else []
    return ContactForm(sent, step=step, parties=parties, asked=asked)


def _unchecked(request: Request, parties: list[Party], step: int) -> ContactForm:
    """The form of a step with what was filled in before, without complaints about it."""
    sent = request.POST
    asked = _asked(request, sent.get("title", ""), sent.get("message", "")) if step == STEPS else []
    initial = {name: sent.get(name) for names in ContactForm.STEPS for name in names if name in sent}
    initial |= {name: sent.get(name) for name in sent if name.startswith(("relation_", "note_"))}
    return ContactForm(step=step, parties=parties, asked=asked, sent=sent, initial=initial)


def _step_page(request: Request, form: ContactForm) -> HttpResponse:
    heading = _("Record a contact")
    context = {
        "form": form,
        "heading": heading,
        "labels": [_("With whom"), _("What you say"), _("Which positions it touches")],
        "step": form.step,
        "last": form.step == STEPS,
        "words": request.POST.get("words", "")[:200],
        "back": reverse("deliberate:contacts"),
        "breadcrumbs": contact_crumbs((heading, "")),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "deliberate/contact_add.html", context, status=status)


# --- changes ---------------------------------------------------------------------------------------------------
@access("insider")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a contact: for who speaks for its party."""
    row = contact_or_404(request, pk)
    require(request.user, "deliberate.edit_contact", row)
    if row.state == ContactState.CANCELLED:
        return redirect("deliberate:contact", pk)
    said: dict[int, Relation] = {one.position_id: one for one in row.relations.filter(ended_at__isnull=True)}

    def form_of(now: Contact, data: Any) -> EditContact:
        text = data if data is not None else request.POST
        title, message = text.get("title", now.title), text.get("message", now.message)
        return EditContact(
            data,
            contact=now,
            asked=_asked(request, title, message, list(said)),
            said=said,
            initial=contact_values(now),
        )

    def anew() -> tuple[EditContact, dict[str, str]]:
        now = contact_or_404(request, pk)
        data = request.POST.copy()
        data["version"] = str(now.version)
        form = form_of(now, data)
        form.is_valid()
        return form, {name: getattr(now, name) for name in ("title", "with_function", "message")}

    if request.method == "POST" and request.POST.get("go") == "find":
        form = form_of(row, None)
        form.initial = {
            **form.initial,
            **{name: value for name, value in request.POST.items() if name in form.fields},
        }
    else:
        form = form_of(row, request.POST or None)
    return form_page(
        request,
        form,
        heading=_("Change the contact"),
        button=_("Save"),
        deed=lambda form: edit_contact(actor=request.user, contact=row, said=form.said, **form.values),
        done=_("The contact was changed."),
        back=_page(row),
        way=of_contact(row),
        lead=row.title,
        anew=anew,
        template="deliberate/contact_edit.html",
        words=request.POST.get("words", "")[:200],
    )


def _page(row: Contact) -> str:
    return reverse("deliberate:contact", args=[row.pk])


@access("insider")
def hold(request: Request, pk: int) -> HttpResponse:
    """It took place: what came of it."""
    row = contact_or_404(request, pk)
    require(request.user, "deliberate.edit_contact", row)
    if row.state == ContactState.CANCELLED:
        return redirect("deliberate:contact", pk)
    initial = {"on": min(row.on, timezone.localdate()), "outcome": row.outcome}
    return form_page(
        request,
        HoldForm(request.POST or None, initial=initial),
        heading=_("What came of it"),
        button=_("Record it"),
        deed=lambda form: hold_contact(actor=request.user, contact=row, **form.cleaned_data),
        done=_("Recorded. Who is behind the positions it rests on can read it."),
        back=_page(row),
        way=of_contact(row),
        lead=row.title,
    )


@access("insider")
def cancel(request: Request, pk: int) -> HttpResponse:
    """It does not take place."""
    row = contact_or_404(request, pk)
    require(request.user, "deliberate.edit_contact", row)
    if row.state != ContactState.PLANNED:
        return redirect("deliberate:contact", pk)
    return form_page(
        request,
        CancelForm(request.POST or None),
        heading=_("It does not take place"),
        button=_("Call it off"),
        deed=lambda form: cancel_contact(actor=request.user, contact=row, **form.cleaned_data),
        done=_("Recorded. The contact stays in the register."),
        back=_page(row),
        way=of_contact(row),
        lead=row.title,
        negative=True,
    )
