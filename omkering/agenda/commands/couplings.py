"""Couplings between challenges: make one and end one. Needing first never goes round in a circle."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.commands.challenges import lock_challenges
from omkering.agenda.models import Challenge, ChallengeState, Coupling, CouplingKind
from omkering.agenda.texts_challenges import checked
from omkering.journal.commands import record
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

DIRECTED = CouplingKind.NEEDS_FIRST  # the others hold both ways


@transaction.atomic
def couple(
    *, actor: Person, first: Challenge, second: Challenge, kind: str, reason: str, source: str
) -> Coupling:
    """Say that two challenges hang together: how, why in a sentence, and where that is found.

    Raises ValidationError (`second`, `kind`, `reason`, `source`) for a challenge with itself, for the same
    coupling twice (also the other way round, unless it has a direction), and for a circle of needing first.
    """
    require(actor, "agenda.couple")
    if kind not in CouplingKind.values:
        raise ValidationError({"kind": _("Choose how the two hang together.")})
    if first.pk == second.pk:
        raise ValidationError(
            {"second": _("A challenge cannot be coupled to itself. Choose another challenge.")}
        )
    texts = checked({"reason": reason, "source": source})
    lock_challenges()
    states = dict(Challenge.objects.filter(pk__in=[first.pk, second.pk]).values_list("pk", "state"))
    for field, challenge in (("first", first), ("second", second)):
        if states.get(challenge.pk) != ChallengeState.ACTIVE:
            raise ValidationError(
                {
                    field: _(
                        "“%(title)s” is no longer on the agenda. Choose another challenge, or put it back first."
                    )
                    % {"title": challenge.title}
                }
            )
    if same_couplings(first.pk, second.pk, kind).filter(ended_at__isnull=True).exists():
        raise ValidationError(
            {
                "kind": _(
                    "“%(first)s” and “%(second)s” are coupled in this way already. Choose another way, or end "
                    "that coupling first."
                )
                % {"first": first.title, "second": second.title}
            }
        )
    if kind == DIRECTED:
        _refuse_circle(first, second)
    coupling = Coupling.objects.create(first=first, second=second, kind=kind, **texts, person=actor)
    record(
        verb="coupling.made",
        subject=first.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"coupling": coupling.pk, "second": second.pk, "kind": str(kind)},
    )
    return coupling


@transaction.atomic
def end_coupling(*, actor: Person, coupling: Coupling, reason: str) -> Coupling:
    """Say that two challenges no longer hang together in this way, and why; that they did stays known."""
    require(actor, "agenda.couple")
    text = checked({"reason": reason})["reason"]
    coupling = Coupling.objects.select_for_update(of=("self",)).select_related("first").get(pk=coupling.pk)
    if coupling.ended_at is not None:
        raise ValidationError(_("This coupling has been ended already."))
    coupling.ended_at, coupling.end_reason = timezone.now(), text
    coupling.save(update_fields=["ended_at", "end_reason"])
    record(
        verb="coupling.ended",
        subject=coupling.first.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"coupling": coupling.pk, "second": coupling.second_id, "kind": coupling.kind},
    )
    return coupling


def same_couplings(first: int, second: int, kind: str):
    """The couplings that say the same, ended ones too."""
    pair = Q(first_id=first, second_id=second)
    if kind != DIRECTED:
        pair |= Q(first_id=second, second_id=first)
    return Coupling.objects.filter(pair, kind=kind)


def way(needs: Iterable[tuple[int, int]], start: int, goal: int) -> list[int]:
    """The shortest way from `start` to `goal` along the pairs (what needs, what it needs first), both included.

    Empty when there is none.
    """
    ahead: dict[int, list[int]] = defaultdict(list)
    for one, other in sorted(needs):
        ahead[one].append(other)
    ways = {start: [start]}
    waiting = [start]
    for here in waiting:
        if here == goal:
            break
        for there in ahead[here]:
            if there not in ways:
                ways[there] = [*ways[here], there]
                waiting.append(there)
    return ways.get(goal, [])


def circle_of(first: int, second: int) -> list[int]:
    """The circle that would arise if `first` needed `second` first, from `first` back to it; empty for none."""
    needs = Coupling.objects.filter(kind=DIRECTED, ended_at__isnull=True).values_list("first_id", "second_id")
    back = way(needs, second, first)
    return [first, *back] if back else []


def _refuse_circle(first: Challenge, second: Challenge) -> None:
    circle = circle_of(first.pk, second.pk)
    if circle:
        titles = dict(Challenge.objects.filter(pk__in=circle).values_list("pk", "title"))
        raise ValidationError(
            {
                "second": _(
                    "This would make a circle in which nothing can begin: %(circle)s. End one of these couplings "
                    "first, or choose another way in which the two hang together."
                )
                % {"circle": " → ".join(f"“{titles[pk]}”" for pk in circle)}
            }
        )
