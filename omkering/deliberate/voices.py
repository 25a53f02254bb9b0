"""What members and chapters said in deliberation, for who decides: formal views, advice, stances, and who is behind."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models import Backing, Consultation, Meeting, Stance, StanceKind, View
from omkering.deliberate.queries.amendments import readable_amendments
from omkering.deliberate.queries.consultations import SHOWN
from omkering.deliberate.queries.positions import readable_positions
from omkering.thread.models import Item
from omkering.thread.texts import summary_of
from omkering.thread.voices import MOST, Voice, register
from omkering.who.models import Person
from omkering.who.standing import Standing

VIEWS, ADVICE, STANCES, BEHIND = (
    _("Formal views"),
    _("Advice of chapters and networks"),
    _("How members stand to the position"),
    _("Who stands behind the amendment"),
)


@register(order=20)
def views_and_advice(ids: Collection[int], person: Person | None, standing: Standing) -> list[Voice]:
    """The views handed in, and the advice published, in consultations about these items; three queries."""
    among = frozenset(ids)
    asked = Consultation.objects.visible_to(standing, getattr(person, "pk", None)).filter(
        Q(pk__among=among) | Q(document_id__among=among)
    )
    rounds = list(asked.values_list("rounds__pk", flat=True))
    if not rounds:
        return []
    views = View.objects.visible_to(standing, getattr(person, "pk", None)).filter(
        in_round__in=rounds, handed_in_at__isnull=False, state__in=SHOWN
    )
    reports = Meeting.objects.filter(
        in_round__in=rounds, reported_at__isnull=False, cancelled_at__isnull=True
    )
    return [
        *(
            Voice(VIEWS, summary_of(text), reverse("deliberate:view", args=[pk]), member=member)
            for pk, member, text in views.order_by("handed_in_at", "pk").values_list(
                "pk", "member_id", "text"
            )[:MOST]
        ),
        *(
            Voice(ADVICE, summary_of(advice), reverse("deliberate:meeting", args=[pk]), network=network)
            for pk, network, advice in reports.order_by("pk").values_list("pk", "network_id", "advice")[:MOST]
        ),
    ]


@register(order=30)
def stances(ids: Collection[int], person: Person | None, standing: Standing) -> list[Voice]:
    """How members and networks stand to the positions among these items, for insiders; two queries."""
    if not standing.is_insider or not Item.objects.filter(pk__among=frozenset(ids), kind="position").exists():
        return []
    positions = readable_positions(person).filter(pk__among=frozenset(ids)).order_by().values("pk")
    rows = Stance.objects.filter(position__in=positions, ended_at__isnull=True).order_by("pk")
    return [
        Voice(
            STANCES,
            summary_of(row["remark"]),
            reverse("deliberate:position", args=[row["position_id"]]),
            row["member_id"],
            row["network_id"],
            StanceKind(row["kind"]).label,
        )
        for row in rows.values("position_id", "kind", "remark", "member_id", "network_id")[:MOST]
    ]


@register(order=40)
def backings(ids: Collection[int], person: Person | None, standing: Standing) -> list[Voice]:
    """Who stands behind the amendments among these items; two queries."""
    if not Item.objects.filter(pk__among=frozenset(ids), kind="amendment").exists():
        return []
    readable = readable_amendments(person).filter(pk__among=frozenset(ids)).order_by().values("pk")
    rows = Backing.objects.filter(amendment__in=readable, ended_at__isnull=True).order_by("pk")
    return [
        Voice(
            BEHIND,
            "",
            reverse("deliberate:amendment", args=[row["amendment_id"]]),
            row["member_id"],
            row["network_id"],
            Backing.Part(row["part"]).label,
        )
        for row in rows.values("amendment_id", "part", "member_id", "network_id")[:MOST]
    ]
