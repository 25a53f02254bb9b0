"""What the commands of nomination rounds, candidates and elections share: locks, states, and news for one person."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.models import NominationRound, NominationState, Vacancy, VacancyState
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.who import rolls
from omkering.who.current import roles_by_key
from omkering.who.models import Appointment, Member, Person
from omkering.who.owners import BUREAU


def refuse_old(row: NominationRound, version: int) -> None:
    """Raise ValidationError with code `changed` unless `version` is new."""
    if version != row.version:
        raise ValidationError(
            _(
                "Somebody changed this round while you were busy. Look at what it says now, and send yours again."
            ),
            code="changed",
        )


def set_vacancy(vacancy: Vacancy, state: VacancyState, **also: object) -> None:
    """Put a vacancy in a state and save it, with these fields too."""
    vacancy.state, vacancy.changed_at = state, timezone.now()
    for name, value in also.items():
        setattr(vacancy, name, value)
    vacancy.save(update_fields=["state", "changed_at", *also])


def tell_each(
    vacancies: Iterable[Vacancy], people: Iterable[tuple[int, int]], milestone: str, actor: Person | None
) -> None:
    """News about their own candidacy, for each (vacancy, person) alone: nobody who follows the vacancy hears it."""
    by_pk = {vacancy.pk: vacancy for vacancy in vacancies}
    for vacancy, person in people:
        announce(
            item=by_pk[vacancy],
            milestone=milestone,
            actor=actor,
            audience=[person],
            upstream=False,
            followers=False,
        )


def locked_vacancies(nomination: NominationRound) -> list[Vacancy]:
    """The vacancies of a round, locked in order."""
    rows = Vacancy.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
    return list(rows.filter(nomination_id=nomination.pk).defer("search").order_by("pk"))


def representatives() -> list[int]:
    """Ids of who may vote for a member, and of the secretaries of networks; two queries and one for the members."""
    today = timezone.localdate()
    speaking = [key for key, role in roles_by_key().items() if "network" in role.powers]
    secretaries = Appointment.objects.on(today).filter(role__in=speaking, person__is_active=True)
    members = Member.objects.on(today).values_list("pk", flat=True)
    return sorted({*rolls.mandated(members), *secretaries.values_list("person_id", flat=True)})


def set_round(row: NominationRound, state: NominationState, *also: str) -> None:
    """Put a round in a state and save it, with these fields too."""
    row.state, row.changed_at = state, timezone.now()
    row.save(update_fields=["state", "changed_at", *also])


def record_on(verb: str, row: NominationRound | Vacancy, actor: Person | None, **data: object) -> None:
    """One event about a round or a vacancy, on behalf of the association."""
    record(
        verb=verb,
        subject=row.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data=dict(data),
    )
