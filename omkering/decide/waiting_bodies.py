"""What waits for somebody around seats and nominations. No text names a candidate."""

from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.models import (
    Candidacy,
    CandidacyState,
    NominationRound,
    NominationState,
    Term,
    Vacancy,
    VacancyState,
)
from omkering.decide.queries.nominations import asked_of
from omkering.thread.waiting import Waiting, register
from omkering.who.models import Person
from omkering.who.standing import Standing


@register(sign="SELECT FROM thread_item WHERE kind = 'nomination' AND state = 'weighing'")
def candidates_to_weigh(person: Person, standing: Standing) -> list[Waiting]:
    """Rounds in which nominations are to be made, for who is seated in the nominating body; one query."""
    if not standing.bodies and not standing.is_bureau:
        return []
    rows = NominationRound.objects.filter(state=NominationState.WEIGHING)
    if not standing.is_bureau:
        rows = rows.filter(nominating_body_id__in=standing.bodies)
    own = Candidacy.objects.filter(person=person).exclude(state=CandidacyState.WITHDRAWN)
    rows = rows.exclude(pk__in=own.values("vacancy__nomination_id"))
    return [
        Waiting(_("Rounds in which nominations are to be made"), rows.count(), reverse("decide:nominations"))
    ]


@register()
def recommendations_to_give(person: Person, standing: Standing) -> list[Waiting]:
    """Candidates that ask the network of a secretary for a recommendation; one query."""
    if "network" not in standing.powers:
        return []
    count = len(asked_of(person))
    return [
        Waiting(
            _("Candidates that ask your network for a recommendation"), count, reverse("decide:nominations")
        )
    ]


@register(sign="SELECT FROM decide_candidacy WHERE person_id = %(person)s AND state = 'asked'")
def asked_to_stand(person: Person, standing: Standing) -> list[Waiting]:
    """A member asks this person to stand for a seat; one query."""
    if not standing.members:
        return []
    rows = Candidacy.objects.filter(person=person, state=CandidacyState.ASKED)
    return [
        Waiting(
            _("A member asks you to stand for a seat"),
            1,
            reverse("decide:candidacy", args=[pk]),
            counted=False,
        )
        for pk in rows.values_list("pk", flat=True)[:3]
    ]


@register(
    sign="""
    SELECT FROM decide_nominationround AS round JOIN thread_item AS item ON item.id = round.item_ptr_id
    WHERE item.state = 'nominated' AND round.counter_until <= %(now)s
    UNION ALL SELECT FROM decide_term WHERE resigns <= %(today)s AND (ends IS NULL OR ends > %(today)s)
    UNION ALL SELECT FROM decide_vacancy
    WHERE term_id IS NULL AND decided_at >= %(now)s - interval '90 days'
    """,
    of_bureau=True,
)
def seats_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: seats to put to the vote, terms that are over by the rota, and terms that did not begin by
    themselves; three queries.
    """
    now, today = timezone.now(), timezone.localdate()
    ready = Vacancy.objects.filter(
        state=VacancyState.OPEN,
        nomination__state=NominationState.NOMINATED,
        nomination__counter_until__lte=now,
    )
    over = Term.objects.filter(resigns__lte=today).filter(Q(ends__isnull=True) | Q(ends__gt=F("resigns")))
    over = over.filter(Q(ends__isnull=True) | Q(ends__gt=today))
    stuck = Vacancy.objects.filter(
        state=VacancyState.FILLED, term__isnull=True, decided_at__gte=now - timedelta(days=90)
    )
    return [
        Waiting(
            _("Seats to put to the vote, or to fill by acclamation"),
            ready.count(),
            reverse("decide:nominations"),
        ),
        Waiting(_("Terms that are over by the rota"), over.count(), reverse("decide:bodies"), late=True),
        Waiting(
            _("Appointed, and the term could not begin by itself"),
            stuck.count(),
            reverse("decide:nominations"),
            late=True,
        ),
    ]
