"""People, their roles and mandates: looked after by administrators, and by whoever may mandate for a member."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.thread.terms import due
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.web.forms_people import AppointForm, EndForm, MandateForm, PersonForm
from omkering.who.commands import people as commands
from omkering.who.current import association, roles_by_key
from omkering.who.models import Appointment, Mandate, Member, Person
from omkering.who.people_queries import changes_of_special_rights, mandates_on, people_found, rights_on
from omkering.who.rights import review_rights, reviews
from omkering.who.standing import standing_of

Crumbs = list[tuple[str, str]]


def _crumbs(*more: tuple[str, str]) -> Crumbs:
    return [(_("People"), reverse("web:people")), *more]


def _role_names() -> dict[str, str]:
    language = get_language() or association().languages[0]
    return {key: role.names.get_in(language) for key, role in roles_by_key().items()}


def _where(seat: Appointment) -> str:
    """Where a role is held, in words."""
    language = get_language() or association().languages[0]
    return str(seat.member or seat.network or seat.body or association().short_names.get_in(language))


@access("administrator")
def listing(request: Request) -> HttpResponse:
    """All people, by name; find one by name, address or role."""
    text, role = request.GET.get("q", "").strip()[:100], request.GET.get("role", "")
    page = paginate(people_found(text, role, timezone.localdate()), request.GET, order=["name", "pk"])
    seats = Appointment.objects.on(timezone.localdate()).filter(person__in=page.rows)
    held: dict[int, list[Appointment]] = {}
    for seat in seats.select_related("member", "network", "body").order_by("pk"):
        held.setdefault(seat.person_id, []).append(seat)
    names = _role_names()
    rows = [
        (person, [(names.get(seat.role, seat.role), _where(seat)) for seat in held.get(person.pk, [])])
        for person in page.rows
    ]
    context = {"page": page, "rows": rows, "q": text, "role": role, "roles": names.items()}
    return render(request, "web/people/list.html", context)


@access("administrator")
def add(request: Request) -> HttpResponse:
    """Make an account; its owner chooses a password by mail, or logs in through the municipality."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = commands.add_person(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The account has been made. Now give a role."))
            return redirect("web:appoint", person.pk)
    context = {"form": form, "breadcrumbs": _crumbs((_("Add somebody"), ""))}
    return render(request, "web/people/add.html", context, status=422 if form.errors else 200)


@access("administrator")
def person(request: Request, pk: int) -> HttpResponse:
    """One person: roles and mandates, present and past."""
    found = get_object_or_404(Person, pk=pk)
    today = timezone.localdate()
    seats = found.appointments.select_related("member", "network", "body").order_by("-starts", "-pk")
    names = _role_names()
    return render(
        request,
        "web/people/person.html",
        {
            "person": found,
            "seats": [
                (seat, names.get(seat.role, seat.role), _where(seat), seat.ends is None or seat.ends > today)
                for seat in seats
            ],
            "mandates": found.mandates.select_related("member").order_by("-starts", "-pk"),
            "breadcrumbs": _crumbs((found.name, "")),
        },
    )


@access("administrator")
def appoint(request: Request, pk: int) -> HttpResponse:
    """Give somebody a role."""
    found = get_object_or_404(Person, pk=pk)
    form = AppointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {key: form.cleaned_data[key] for key in ("role", "member", "network", "body")}
        try:
            commands.appoint(actor=request.user, person=found, **given, **form.period())  # type: ignore[arg-type]
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The role has been given."))
            return redirect("web:person", found.pk)
    crumbs = _crumbs((found.name, reverse("web:person", args=[pk])), (_("Give a role"), ""))
    context = {"form": form, "person": found, "breadcrumbs": crumbs}
    return render(request, "web/people/appoint.html", context, status=422 if form.errors else 200)


@access("administrator")
def end_appointment(request: Request, pk: int) -> HttpResponse:
    """End a role."""
    seat = get_object_or_404(Appointment.objects.select_related("person", "member", "network", "body"), pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.end_appointment(actor=request.user, appointment=seat, ends=form.ends())
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The role ends on the day you gave."))
            return redirect("web:person", seat.person_id)
    crumbs = _crumbs((seat.person.name, reverse("web:person", args=[seat.person_id])), (_("End a role"), ""))
    context: dict[str, Any] = {"form": form, "seat": seat, "where": _where(seat), "breadcrumbs": crumbs}
    context["role"] = _role_names().get(seat.role, seat.role)
    return render(request, "web/people/end.html", context, status=422 if form.errors else 200)


@access("administrator")
@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """Close an account, or open it again."""
    found = get_object_or_404(Person, pk=pk)
    try:
        if found.is_active:
            commands.close_account(actor=request.user, person=found)
            messages.success(request, _("The account is closed. All roles ended today."))
        else:
            commands.reopen_account(actor=request.user, person=found)
            messages.success(request, _("The account is open again, without a role."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("web:person", found.pk)


@access("administrator")
def rights(request: Request) -> HttpResponseBase:
    """The review of rights: every role of today with its holder; the special ones alone with `?special=1`.

    By POST: these were looked through.
    """
    special = request.GET.get("special") == "1"
    scope = "special_rights" if special else "all_rights"
    if request.method == "POST":
        review_rights(actor=request.user, scope=scope)
        messages.success(request, _("Noted: the rights were looked through today."))
        return redirect(f"{reverse('web:rights')}{'?special=1' if special else ''}")
    mandates, names = mandates_on(timezone.localdate()), _role_names()
    found = rights_on(timezone.localdate(), special_only=special)

    def words(seat: Appointment) -> list[Any]:
        mandate = mandates.get(seat.member_id) if seat.member_id else None
        return [
            seat.person.name,
            seat.person.email,
            names.get(seat.role, seat.role),
            _where(seat),
            seat.starts,
            seat.ends,
            _("yes") if mandate is not None and mandate.person_id == seat.person_id else "",
            seat.person.last_login.date() if seat.person.last_login else None,
        ]

    if request.GET.get("format") in ("csv", "ods"):
        header = [_("name"), _("e-mail address"), _("role"), _("where"), _("first day")]
        header += [_("no longer from"), _("votes for the member"), _("last logged in")]
        rows = (words(seat) for seat in found.order_by("role", "pk").iterator(2000))
        return table_response(request.GET["format"], f"rights-{timezone.localdate()}", header, rows)
    page = paginate(found, request.GET, order=["role", "person__name", "pk"], size=50)
    review = reviews()[scope]
    context = {
        "page": page,
        "rows": [(seat.person_id, words(seat)) for seat in page.rows],
        "special": special,
        "review": review,
        "due": due(getattr(association().reviews, scope), review.runs_from) if review.runs_from else None,
        "now": timezone.now(),
        "changes": [
            (event, who, names.get(event.data["role"], event.data["role"]))
            for event, who in changes_of_special_rights()
        ],
        "breadcrumbs": _crumbs((_("Rights"), "")),
    }
    return render(request, "web/people/rights.html", context)


@access("insider")
def mandates(request: Request) -> HttpResponse:
    """Who votes for my member; for an administrator, for every member."""
    standing = standing_of(request.user)
    shown = Member.objects.on(standing.day).order_by("sort_key")
    if not standing.is_administrator:
        shown = shown.filter(pk__in=standing.members)
    holders = mandates_on(standing.day)
    rows = [(member, holders.get(member.pk)) for member in shown]
    without = sum(mandate is None for _member, mandate in rows)
    return render(request, "web/people/mandates.html", {"rows": rows, "without": without})


@access("insider")
def mandate(request: Request, code: str) -> HttpResponse:
    """Say who votes for a member, or take the mandate back."""
    member = get_object_or_404(Member, code=code)
    standing = standing_of(request.user)
    if not (standing.is_administrator or member.pk in standing.members):
        raise Http404
    may = commands.may_mandate(request.user, member)
    form = MandateForm(member, request.POST or None)
    if request.method == "POST":
        commands.require_mandating(request.user, member)
        if "withdraw" in request.POST:
            held = get_object_or_404(
                Mandate.objects.on(standing.day), pk=request.POST["withdraw"], member=member
            )
            commands.withdraw_mandate(actor=request.user, mandate=held)
            messages.success(request, _("The mandate has been taken back. Nobody votes for this member now."))
            return redirect("web:mandate", code)
        if form.is_valid():
            try:
                commands.give_mandate(
                    actor=request.user,
                    member=member,
                    person=form.cleaned_data["person"],
                    **form.period(),  # type: ignore[arg-type]
                )
            except ValidationError as error:
                form.take_errors(error)
            else:
                messages.success(request, _("The mandate has been given."))
                return redirect("web:mandate", code)
    history = Mandate.objects.filter(member=member).select_related("person").order_by("-starts", "-pk")
    context = {
        "member": member,
        "holder": mandates_on(standing.day).get(member.pk),
        "history": history,
        "form": form if may else None,
        "candidates": may and form.fields["person"].queryset.exists(),  # type: ignore[attr-defined]
        "breadcrumbs": [(_("Who votes"), reverse("web:mandates")), (member.name, "")],
    }
    return render(request, "web/people/mandate.html", context, status=422 if form.errors else 200)
