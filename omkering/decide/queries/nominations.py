"""Reading nomination rounds and candidates, as far as somebody may know of them; fixed numbers of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from omkering.decide.models import (
    Candidacy,
    CandidacyState,
    NominationRound,
    NominationState,
    Recommendation,
    Vacancy,
    VacancyState,
)
from omkering.decide.rules_bodies import weighs
from omkering.who.models import Network
from omkering.who.standing import Standing, standing_of

# Known to all members once the nominations are out.
KNOWN = (
    CandidacyState.NOMINATED,
    CandidacyState.COUNTER,
    CandidacyState.APPOINTED,
)
OUT = (NominationState.NOMINATED, NominationState.DECIDED)
TONES = {
    NominationState.PLANNED: "neutral",
    NominationState.OPEN: "info",
    NominationState.WEIGHING: "info",
    NominationState.NOMINATED: "info",
    NominationState.DECIDED: "positive",
    NominationState.WITHDRAWN: "neutral",
}
VACANCY_TONES = {
    VacancyState.OPEN: "info",
    VacancyState.VOTING: "info",
    VacancyState.FILLED: "positive",
    VacancyState.NOT_FILLED: "neutral",
}


def readable_rounds(person: Any) -> QuerySet[NominationRound]:
    """The rounds that somebody may know of: those that opened, for who holds a role; all of them for the bureau."""
    rows = NominationRound.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return rows.select_related("owner_body", "nominating_body").defer("search", "body")


def readable_vacancies(person: Any) -> QuerySet[Vacancy]:
    """The vacancies that somebody may know of."""
    rows = Vacancy.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return rows.select_related(
        "nomination__owner_body", "nomination__nominating_body", "seat__network", "seat__body"
    ).defer("search", "nomination__search")


def rounds_of(body_id: int, person: Any) -> list[NominationRound]:
    """The newest rounds of a body; one query."""
    return list(readable_rounds(person).filter(owner_body_id=body_id).order_by("-pk")[:10])


# --- who may know of a candidate ---------------------------------------------------------------------------
def readable_candidacies(person: Any, round: NominationRound | None = None) -> QuerySet[Candidacy]:
    """The candidacies that somebody may know of, here or (without a round) anywhere.

    One's own; those that asked one's network for a recommendation, as its secretary; once the nominations are out the
    nominees and those put up against them; and those of one round for who weighs them.
    """
    rows = Candidacy.objects.select_related(
        "person", "member", "put_up_by", "vacancy__nomination", "vacancy__seat"
    )
    rows = rows.defer("vacancy__search", "vacancy__nomination__search")
    if person is None or not person.is_authenticated:
        return rows.none()
    standing = standing_of(person)
    may = Q(person_id=person.pk)
    if standing.is_insider:
        nominated = Q(state=CandidacyState.NOT_APPOINTED) & (
            Q(nominated_at__isnull=False) | Q(put_up_by__isnull=False)
        )
        may |= Q(vacancy__nomination__state__in=OUT) & (Q(state__in=KNOWN) | nominated)
    if networks := _speaks_for(standing):
        asked = Recommendation.objects.filter(network_id__in=networks, withdrawn_at__isnull=True)
        still = Q(vacancy__nomination__state__in=(NominationState.OPEN, NominationState.WEIGHING))
        may |= still & ~Q(state=CandidacyState.WITHDRAWN) & Q(pk__in=asked.values("candidacy_id"))
    if round is not None:
        rows = rows.filter(vacancy__nomination_id=round.pk)
        if weighs(person, round):
            # Who is asked by a member to stand and has not said yes is known to them and that member alone.
            may |= ~Q(state__in=(CandidacyState.ASKED, CandidacyState.WITHDRAWN))
        if standing.votes_for:
            may |= Q(state=CandidacyState.ASKED, put_up_by_id__in=standing.votes_for)
    return rows.filter(may).order_by("vacancy_id", "pk")


def _speaks_for(standing: Standing) -> frozenset[int]:
    return standing.networks if "network" in standing.powers else frozenset()


@dataclass
class Candidate:
    """A candidacy as one reader may see it."""

    row: Candidacy
    state: str
    reason: str
    motivation: str
    recommendations: list[Recommendation] = field(default_factory=list)

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(CandidacyState(self.state).label)


def candidates_of(round: NominationRound, person: Any) -> dict[int, list[Candidate]]:
    """Vacancy id → the candidates that somebody may know of; at most three queries.

    Why somebody was not nominated is for them and who weighed them. Recommendations are for who weighs and for the
    candidate; once the nominations are out, those of a nominee are for all members.
    """
    rows = readable_candidacies(person, round).prefetch_related(
        Prefetch(
            "recommendations",
            queryset=Recommendation.objects.select_related("network", "organisation").order_by("pk"),
        )
    )
    weighing = weighs(person, round)
    speaks = _speaks_for(standing_of(person))
    found: dict[int, list[Candidate]] = defaultdict(list)
    for row in rows:
        found[row.vacancy_id].append(as_seen(row, person, weighing=weighing, speaks=speaks))
    return found


def as_seen(row: Candidacy, person: Any, *, weighing: bool, speaks: frozenset[int]) -> Candidate:
    """What one reader sees of a candidacy that they may know of. No query where recommendations were fetched."""
    own = row.person_id == getattr(person, "pk", None)
    out = row.vacancy.nomination.state in OUT
    known = out and (row.state in KNOWN or row.nominated_at is not None or row.put_up_by_id is not None)
    state = row.state if weighing else row.shown_state
    reason = row.reason if weighing or (out and (own or known)) else ""
    given = [one for one in row.recommendations.all() if one.withdrawn_at is None]
    if not (own or weighing):
        given = [
            one
            for one in given
            if one.network_id in speaks or (out and row.state in KNOWN and one.given_at is not None)
        ]
    return Candidate(row, state, reason, row.motivation, given)


def asked_of(person: Any) -> list[tuple[Recommendation, Network]]:
    """Recommendations that a secretary is asked for and has not given; one query."""
    networks = _speaks_for(standing_of(person))
    if not networks:
        return []
    rows = Recommendation.objects.filter(
        network_id__in=networks,
        withdrawn_at__isnull=True,
        given_at__isnull=True,
        candidacy__state__in=(CandidacyState.PUT_FORWARD, CandidacyState.NOMINATED),
        candidacy__vacancy__nomination__state__in=(NominationState.OPEN, NominationState.WEIGHING),
    )
    return [
        (row, row.network)
        for row in rows.select_related("network", "candidacy").order_by("pk")
        if row.network
    ]
