"""What waits in statements: to vote on, and for the bureau to look at."""

from datetime import timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.models import (
    ConsultationRound,
    ConsultationState,
    Statement,
    StatementState,
    StatementVote,
)
from omkering.deliberate.publics import rounds_asking
from omkering.thread.models import Item
from omkering.thread.waiting import Waiting, register
from omkering.who.models import Person
from omkering.who.standing import Standing

LATE = timedelta(days=2)  # that a statement may wait to be looked at: a round lasts weeks
MOST = 20  # rounds that a home page names one by one


def _open(person: Person, standing: Standing) -> Q:
    """Rounds that take votes now, of consultations that this person may read."""
    readable = Item.objects.visible_to(standing, person.pk).filter(kind="consultation")
    return Q(
        takes_statements=True,
        state=ConsultationState.OPEN,
        closes_at__gt=timezone.now(),
        consultation__in=readable,
    )


@register(sign="SELECT FROM deliberate_consultationround WHERE takes_statements AND closes_at > %(now)s")
def statements_to_vote_on(person: Person, standing: Standing) -> list[Waiting]:
    """Open rounds with statements that this person is asked about and did not vote on. One query."""
    own = StatementVote.objects.filter(statement=OuterRef("statements__pk"), person=person)
    unseen = Q(~Exists(own), statements__state=StatementState.SHOWN)
    rows = (
        ConsultationRound.objects.filter(_open(person, standing) & rounds_asking(person))
        .annotate(left=Count("statements", filter=unseen))
        .filter(left__gt=0)
        .order_by("closes_at", "pk")
        .values_list("pk", "left", "consultation__title")[:MOST]
    )
    text = _("Statements to vote on in “%(title)s”")
    return [
        Waiting(text % {"title": title}, left, reverse("deliberate:vote_statements", args=[pk]))
        for pk, left, title in rows
    ]


@register(sign="SELECT FROM thread_item WHERE kind = 'statement' AND state = 'waiting'", of_bureau=True)
def statements_to_look_at(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: statements that nobody looked at yet, by round. One query."""
    rows = (
        Statement.objects.filter(state=StatementState.WAITING)
        .values(pk_=F("in_round_id"), title_=F("in_round__consultation__title"))
        .annotate(number_=Count("pk"), oldest=Min("created_at"))
        .order_by("oldest", "pk_")[:MOST]
    )
    text = _("Statements to look at in “%(title)s”")
    return [
        Waiting(
            text % {"title": row["title_"]},
            row["number_"],
            reverse("deliberate:moderate_statements", args=[row["pk_"]]),
            late=row["oldest"] < timezone.now() - LATE,
        )
        for row in rows
    ]
