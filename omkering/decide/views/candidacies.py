"""Candidates: come forward, one candidacy, recommend, nominate or answer, put up and agree, withdraw.

Who may not know of a candidacy gets the answer for one that is not there.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.commands import candidacies as commands
from omkering.decide.commands import weighing
from omkering.decide.forms.bodies import (
    PutUpForm,
    ReasonForm,
    RecommendForm,
    StandForm,
    associations_outside,
)
from omkering.decide.models import Candidacy, CandidacyState, NominationState
from omkering.decide.queries import nominations as queries
from omkering.decide.queries.bodies import role_name
from omkering.decide.views.body_common import Nothing, candidacy_or_404, form_page, of_vacancy, vacancy_or_404
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required
from omkering.who.authority import may, require
from omkering.who.models import Member, Network, NetworkMembership, Person
from omkering.who.standing import standing_of


@access("member")
def stand(request: Request, pk: int) -> HttpResponse:
    """Come forward for a seat, or change what one wrote."""
    row = vacancy_or_404(request, pk)
    if row.nomination.state != NominationState.OPEN:
        raise Http404
    standing, today = standing_of(request.user), timezone.localdate()
    members = list(Member.objects.filter(pk__in=standing.members))
    memberships = NetworkMembership.objects.on(today).filter(member_id__in=standing.members)
    networks = Network.objects.filter(pk__in=memberships.values("network_id"))
    own = (
        Candidacy.objects.filter(vacancy=row, person=request.user)
        .exclude(state=CandidacyState.WITHDRAWN)
        .first()
    )
    initial = (
        {
            "member": own.member_id,
            "motivation": own.motivation,
            "party_kind": own.party_kind,
            "networks": list(
                own.recommendations.filter(withdrawn_at=None, network__isnull=False).values_list(
                    "network_id", flat=True
                )
            ),
        }
        if own
        else {}
    )
    return form_page(
        request,
        StandForm(request.POST or None, members=members, networks=networks, initial=initial),
        heading=_("Change what you wrote") if own else _("Come forward for this seat"),
        button=_("Save") if own else _("Come forward"),
        deed=lambda form: commands.stand(actor=request.user, vacancy=row, **form.cleaned_data),
        done=_("You stand for this seat. You can change what you wrote until the round closes."),
        back=reverse("decide:vacancy", args=[pk]),
        way=of_vacancy(row),
        lead=_(
            "Who weighs the candidates, the bureau and the networks that you ask learn that you stand; nobody else "
            "does, unless you are nominated."
        ),
        confidential=True,
    )


@access("insider")
def candidacy(request: Request, pk: int) -> HttpResponse:
    """One candidacy, for who may know of it."""
    row = candidacy_or_404(request, pk)
    round = row.vacancy.nomination
    weighs = may(request.user, "decide.weigh_candidates", round)
    standing = standing_of(request.user)
    speaks = standing.networks if "network" in standing.powers else frozenset()
    seen = queries.as_seen(row, request.user, weighing=weighs, speaks=speaks)
    own = row.person_id == request.user.pk
    weighing = weighs and round.state == NominationState.WEIGHING
    recommendable = round.state in (NominationState.OPEN, NominationState.WEIGHING)
    stands = row.state in (CandidacyState.PUT_FORWARD, CandidacyState.NOMINATED)
    context = {
        "candidate": seen,
        "row": row,
        "role": role_name(row.role),
        "vacancy": row.vacancy,
        "round": round,
        "own": own,
        "known": round.state in queries.OUT and row.state in queries.KNOWN,
        "weighs": weighs,
        "may": {
            "nominate": weighing and stands,
            "answer": weighing and stands,
            "recommend": recommendable
            and stands
            and any(one.network_id in speaks for one in seen.recommendations),
            "record": recommendable
            and stands
            and weighs
            and may(request.user, "decide.record_recommendation", row),
            "change": own and round.state == NominationState.OPEN and row.state == CandidacyState.PUT_FORWARD,
            "withdraw": own and row.state in commands.STANDING,
            "agree": own and row.state == CandidacyState.ASKED,
        },
        "breadcrumbs": of_vacancy(row.vacancy, (_("Candidate"), "")),
    }
    return render(request, "decide/bodies/candidacy.html", context)


# --- weighing ----------------------------------------------------------------------------------------------
@access("insider")
def nominate(request: Request, pk: int) -> HttpResponse:
    """Nominate a candidate."""
    row = candidacy_or_404(request, pk)
    require(request.user, "decide.weigh_candidates", row)
    return form_page(
        request,
        ReasonForm(
            request.POST or None,
            label=_("Why this candidate?"),
            help_text=_("All members read this once the nominations are out."),
            initial={"reason": row.reason if row.state == CandidacyState.NOMINATED else ""},
        ),
        heading=_("Nominate %(person)s") % {"person": row.person},
        button=_("Nominate"),
        deed=lambda form: weighing.nominate(actor=request.user, candidacy=row, **form.cleaned_data),
        done=_("Nominated. Until the nominations are out you can still choose otherwise."),
        back=reverse("decide:nomination", args=[row.vacancy.nomination_id]),
        way=of_vacancy(row.vacancy),
        lead=_("One candidate is nominated for each seat. An earlier choice for this seat lapses."),
        confidential=True,
    )


@access("insider")
def answer(request: Request, pk: int) -> HttpResponse:
    """Say why a candidate is not nominated."""
    row = candidacy_or_404(request, pk)
    require(request.user, "decide.weigh_candidates", row)
    return form_page(
        request,
        ReasonForm(
            request.POST or None,
            label=_("Why is this candidate not nominated?"),
            help_text=_("The candidate alone reads this, once the nominations are out."),
            initial={"reason": row.reason if row.state == CandidacyState.PUT_FORWARD else ""},
        ),
        heading=_("Answer %(person)s") % {"person": row.person},
        button=_("Keep the answer"),
        deed=lambda form: weighing.answer_candidate(actor=request.user, candidacy=row, **form.cleaned_data),
        done=_("The answer is kept. The candidate reads it once the nominations are out."),
        back=reverse("decide:nomination", args=[row.vacancy.nomination_id]),
        way=of_vacancy(row.vacancy),
        confidential=True,
    )


# --- recommendations ---------------------------------------------------------------------------------------
@access("insider")
def recommend(request: Request, pk: int) -> HttpResponse:
    """Recommend a candidate that asked one's network."""
    row = candidacy_or_404(request, pk)
    standing = standing_of(request.user)
    asked = row.recommendations.filter(network_id__in=standing.networks, withdrawn_at__isnull=True)
    if "network" not in standing.powers or not asked.exists():
        raise Http404
    networks = Network.objects.filter(pk__in=asked.values("network_id"))
    said = asked.first()
    initial = {"text": said.text if said else "", "network": said.network_id if said else None}
    return form_page(
        request,
        RecommendForm(request.POST or None, networks=networks, initial=initial),
        heading=_("Recommend %(person)s") % {"person": row.person},
        button=_("Recommend"),
        deed=lambda form: commands.recommend(actor=request.user, candidacy=row, **form.cleaned_data),
        done=_("Your network recommends this candidate."),
        back=reverse("decide:candidacy", args=[pk]),
        way=of_vacancy(row.vacancy),
        confidential=True,
    )


@access("bureau")
def record(request: Request, pk: int) -> HttpResponse:
    """Record what a professional association recommends."""
    row = candidacy_or_404(request, pk)
    return form_page(
        request,
        RecommendForm(request.POST or None, organisations=associations_outside()),
        heading=_("Record a recommendation"),
        button=_("Record it"),
        deed=lambda form: commands.record_recommendation(
            actor=request.user, candidacy=row, **form.cleaned_data
        ),
        done=_("The recommendation is recorded."),
        back=reverse("decide:candidacy", args=[pk]),
        way=of_vacancy(row.vacancy),
        lead=str(row.person),
        confidential=True,
    )


# --- counter-candidates --------------------------------------------------------------------------------------
@access("member")
@second_factor_required
def put_up(request: Request, pk: int, code: str) -> HttpResponse:
    """Put up one of one's own people against a nomination, for who holds the member's mandate."""
    row = vacancy_or_404(request, pk)
    member = Member.objects.filter(code=code, pk__in=standing_of(request.user).votes_for).first()
    if member is None:
        raise PermissionDenied
    people = list(
        Person.objects.filter(
            pk__in=member.appointments.on(timezone.localdate()).values("person_id"), is_active=True
        ).order_by("name", "pk")
    )
    return form_page(
        request,
        PutUpForm(request.POST or None, people=people),
        heading=_("Put up somebody of %(member)s") % {"member": member},
        button=_("Put up"),
        deed=lambda form: commands.put_up(
            actor=request.user, member=member, vacancy=row, **form.cleaned_data
        ),
        done=_("Put up. Somebody else than you is asked first whether they agree."),
        back=reverse("decide:vacancy", args=[pk]),
        way=of_vacancy(row),
        lead=row.title,
    )


def _own(request: Request, pk: int) -> Candidacy:
    row = candidacy_or_404(request, pk)
    if row.person_id != request.user.pk:
        raise Http404
    return row


@access("member")
def agree(request: Request, pk: int) -> HttpResponse:
    """Say whether one stands as a member asks."""
    row = _own(request, pk)
    if row.state != CandidacyState.ASKED:
        return redirect("decide:candidacy", pk)
    agreed = request.POST.get("answer") != "no"
    return form_page(
        request,
        Nothing(request.POST if request.method == "POST" else None),
        heading=_("Do you want to stand?"),
        button=_("Yes, I stand"),
        deed=lambda form: commands.answer_put_up(actor=request.user, candidacy=row, agree=agreed),
        done=_("You stand: all members see it.")
        if agreed
        else _("You do not stand. Nobody else learns of it."),
        back=reverse("decide:vacancy", args=[row.vacancy_id]),
        way=of_vacancy(row.vacancy),
        lead=_("%(member)s asks you to stand. Until you say yes nobody else knows.")
        % {"member": row.put_up_by},
        other=("answer", "no", _("No, I do not stand")),
    )


@access("member")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Stand no longer."""
    row = _own(request, pk)
    return form_page(
        request,
        Nothing(request.POST if request.method == "POST" else None),
        heading=_("Stand no longer"),
        button=_("I no longer stand"),
        deed=lambda form: commands.withdraw_candidacy(actor=request.user, candidacy=row),
        done=_("You no longer stand for this seat."),
        back=reverse("decide:vacancy", args=[row.vacancy_id]),
        way=of_vacancy(row.vacancy),
        lead=row.vacancy.title,
        negative=True,
    )
