"""What waits in amendments: drafts to hand in, a common text to agree to, and for the bureau what to write in."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.deliberate.models import (
    Amendment,
    AmendmentState,
    Backing,
    CollisionTalk,
    DocumentState,
)
from omkering.deliberate.queries.amendment_studies import unwritten
from omkering.thread.waiting import Waiting, register
from omkering.who.models import Person
from omkering.who.standing import Standing

MOST = 20  # of each that a home page names


def _own(standing: Standing, prefix: str = "") -> Q:
    """The condition that somebody gives the word of the member or network."""
    networks = standing.networks if "network" in standing.powers else frozenset()
    return Q(**{f"{prefix}member_id__in": standing.votes_for}) | Q(**{f"{prefix}network_id__in": networks})


@register(
    sign="""
    SELECT FROM deliberate_amendment AS amendment JOIN thread_item AS item ON item.id = amendment.item_ptr_id
    WHERE item.kind = 'amendment' AND item.state = 'draft' AND (
        item.owner_member_id = ANY(%(votes_for)s::bigint[])
        OR amendment.network_id = ANY(%(networks)s::bigint[])
    )
    """
)
def drafts_to_hand_in(person: Person, standing: Standing) -> list[Waiting]:
    """Drafts of one's member or network that only its mandated person can hand in; one query."""
    if not standing.votes_for and not standing.networks:
        return []
    networks = standing.networks if "network" in standing.powers else frozenset()
    rows = (
        Amendment.objects.filter(
            Q(owner_member_id__in=standing.votes_for) | Q(network_id__in=networks),
            state=AmendmentState.DRAFT,
            document__state=DocumentState.PUBLISHED,
        )
        .exclude(pk__in=CollisionTalk.objects.filter(common__isnull=False).values("common"))
        .order_by("pk")
        .values_list("pk", "title")[:MOST]
    )
    text = _("Draft of an amendment, to hand in: “%(title)s”")
    return [
        Waiting(text % {"title": title}, 1, reverse("deliberate:amendment", args=[pk]), counted=False)
        for pk, title in rows
    ]


@register(sign="SELECT FROM deliberate_collisiontalk WHERE ended_at IS NULL AND common_id IS NOT NULL")
def common_texts(person: Person, standing: Standing) -> list[Waiting]:
    """Common texts that another side proposed; one query."""
    if not standing.votes_for and not standing.networks:
        return []
    mine = Backing.objects.filter(_own(standing), part=Backing.Part.AUTHOR, ended_at__isnull=True)
    rows = (
        CollisionTalk.objects.filter(
            Q(first__in=mine.values("amendment")) | Q(second__in=mine.values("amendment")),
            ended_at__isnull=True,
            common__isnull=False,
        )
        .exclude(common__author=person)
        .order_by("pk")
        .values_list("pk", "first__number", "second__number")[:MOST]
    )
    text = _("A common text was proposed for amendments %(first)s and %(second)s")
    return [
        Waiting(
            text % {"first": first, "second": second},
            1,
            reverse("deliberate:amendment_talk", args=[pk]),
            counted=False,
        )
        for pk, first, second in rows
    ]


@register(
    sign="""
    SELECT FROM thread_item AS item WHERE kind = 'amendment' AND state = 'adopted'
      AND NOT EXISTS (SELECT FROM deliberate_basis WHERE item_id = item.id)
    """,
    of_bureau=True,
)
def adopted_to_write_in(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: adopted amendments that are not in the text yet; one query."""
    rows = unwritten().order_by("pk").values_list("pk", "number", "document__title")[:MOST]
    text = _("Amendment %(number)s to “%(document)s” was adopted, and is to be written into the text")
    return [
        Waiting(
            text % {"number": number, "document": document},
            1,
            reverse("deliberate:write_in", args=[pk]),
            late=True,
            counted=False,
        )
        for pk, number, document in rows
    ]
