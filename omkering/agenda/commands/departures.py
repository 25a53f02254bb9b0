"""A body departs from the result of a round: only after it closed, only with a reason, and everybody sees it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.agenda.commands.round_plans import locked
from omkering.agenda.commands.rounds import who_may_choose
from omkering.agenda.models import Candidate, Departure, Round, RoundState
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Follow
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import checked
from omkering.who.authority import require
from omkering.who.models import Body, Person

LENGTHS = {"reason": (20, 5_000)}


@transaction.atomic
def depart(
    *,
    actor: Person,
    round: Round,
    candidate: Candidate,
    body: Body,
    takes_up: bool,
    reason: str,
    decided_on: date,
) -> Departure:
    """Record that a body takes up what was not chosen (`takes_up`), or does not take up what was; once a candidate.

    Who chose, who follows the round and who is behind the candidate hears it with the reason. The result itself stays
    as it was counted.
    """
    require(actor, "agenda.depart", body)
    reason = checked({"reason": reason}, LENGTHS)["reason"]
    check_personal_data({"reason": reason})
    round = locked(round)
    if round.state != RoundState.CLOSED or round.closed_at is None or round.result is None:
        raise ValidationError(_("There is no result yet to depart from. Wait until the round is closed."))
    candidate = Candidate.objects.select_for_update(of=("self",)).select_related("item").get(pk=candidate.pk)
    if candidate.round_id != round.pk or candidate.withdrawn_at is not None:
        raise ValidationError(_("This was no candidate in this round."))
    chosen = str(candidate.pk) in {each["candidate"] for each in round.result["chosen"]}
    if takes_up == chosen:
        raise ValidationError(
            {
                "takes_up": _("“%(title)s” was chosen, so taking it up departs from nothing.")
                % {"title": candidate.item.title}
                if chosen
                else _("“%(title)s” was not chosen, so leaving it departs from nothing.")
                % {"title": candidate.item.title}
            }
        )
    if candidate.departures.exists():
        raise ValidationError(_("A body departed from the result for this candidate already."))
    closed_on = timezone.localdate(round.closed_at)
    if not closed_on <= decided_on <= timezone.localdate():
        raise ValidationError(
            {
                "decided_on": _("The decision was after the result of %(day)s, and today at the latest.")
                % {"day": date_format(closed_on, "j F Y")}
            }
        )
    departure = Departure.objects.create(
        round=round,
        candidate=candidate,
        takes_up=takes_up,
        body=body,
        reason=reason,
        decided_on=decided_on,
        person=actor,
    )
    record(
        verb="round.departed",
        subject=round.subject,
        actor=actor.pk,
        on_behalf_of=f"body:{body.key}",
        data={"departure": departure.pk, "candidate": candidate.pk, "takes_up": takes_up},
    )
    followers = Follow.objects.filter(item_id=round.pk).values_list("person_id", flat=True)
    announce(
        item=candidate.item,
        milestone="round.taken_up" if takes_up else "round.set_aside",
        actor=actor,
        data={"round": round.title, "body": body.name, "reason": reason},
        once=str(departure.pk),
        audience=sorted({*who_may_choose(list(round.roll.all())), *followers}),
    )
    return departure
