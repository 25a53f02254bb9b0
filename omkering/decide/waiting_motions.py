"""What waits in motions: to file, to sign, to agree to, to answer; and for the bureau what a meeting still needs."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.models import (
    Admission,
    Advice,
    Execution,
    Motion,
    MotionState,
    MotionTalk,
    Settlement,
    SettlementState,
    Signature,
    Undertaking,
)
from omkering.decide.motion_steps import CARRIED_OUT
from omkering.thread.models import Item, Visibility
from omkering.thread.waiting import Waiting, register
from omkering.ui.addresses import address_of
from omkering.who.models import Person
from omkering.who.standing import Standing

MOST = 20  # of each that a home page names
BEFORE_MEETING = timedelta(days=21)  # from when advice that is missing waits


def _networks(standing: Standing) -> frozenset[int]:
    return standing.networks if "network" in standing.powers else frozenset()


def _signed(standing: Standing, motion: str, **more: bool) -> QuerySet[Signature]:
    """Signatures under a motion of those that somebody gives the word of."""
    return Signature.objects.filter(
        Q(member_id__in=standing.votes_for) | Q(network_id__in=_networks(standing)),
        motion=OuterRef(motion),
        withdrawn_at__isnull=True,
        **more,
    )


def _entries(text: str, rows: QuerySet, name: str, late: bool = False) -> list[Waiting]:
    """One entry for each (key, title)."""
    address = address_of(name)
    return [
        Waiting(text % {"title": title}, 1, address(pk), late, counted=False) for pk, title in rows[:MOST]
    ]


@register(
    sign="""
    SELECT FROM decide_motion AS motion JOIN thread_item AS item ON item.id = motion.item_ptr_id
    WHERE item.kind = 'motion' AND item.state = 'draft' AND (
        item.owner_member_id = ANY(%(votes_for)s::bigint[])
        OR motion.network_id = ANY(%(networks)s::bigint[])
        OR item.audience_id = ANY(%(reads_networks)s::bigint[])
    )
    UNION ALL SELECT FROM decide_motiontalk WHERE ended_at IS NULL AND common_id IS NOT NULL
    """
)
def motions_of_mine(person: Person, standing: Standing) -> list[Waiting]:
    """Drafts to file, shared drafts to sign, and common motions to agree to; three queries, none without a mandate."""
    networks = _networks(standing)
    if not standing.votes_for and not networks:
        return []
    drafts = Motion.objects.filter(state=MotionState.DRAFT).order_by("pk")
    in_talks = MotionTalk.objects.filter(common=OuterRef("pk"))
    own = drafts.filter(
        ~Exists(in_talks), Q(owner_member_id__in=standing.votes_for) | Q(network_id__in=networks)
    )
    shared = drafts.filter(
        ~Exists(_signed(standing, "pk")),
        visibility=Visibility.NETWORK,
        audience_id__in=standing.reads_networks,
    ).exclude(Q(owner_member_id__in=standing.members | standing.votes_for) | Q(network_id__in=networks))
    talks = MotionTalk.objects.filter(
        Exists(_signed(standing, "motion", filer=True)) | Exists(_signed(standing, "other", filer=True)),
        ended_at__isnull=True,
        common__isnull=False,
    ).exclude(common__author=person)
    return [
        *_entries(
            _("Draft of a motion, to file: “%(title)s”"), own.values_list("pk", "title"), "decide:motion"
        ),
        *_entries(
            _("Your signature is asked under the draft of a motion: “%(title)s”"),
            shared.values_list("pk", "title"),
            "decide:motion",
        ),
        *_entries(
            _("A common motion was proposed: “%(title)s”"),
            talks.order_by("pk").values_list("pk", "common__title"),
            "decide:motion_talk",
        ),
    ]


@register(sign="SELECT FROM decide_settlement WHERE state = 'proposed'")
def settling_to_answer(person: Person, standing: Standing) -> list[Waiting]:
    """Proposals to settle what one's member or network put in; one query."""
    if not standing.votes_for and not _networks(standing):
        return []
    asked = Undertaking.objects.filter(pk=OuterRef("about"), asked_by_id__in=standing.votes_for)
    rows = Settlement.objects.filter(
        Exists(_signed(standing, "about", filer=True)) | Exists(asked), state=SettlementState.PROPOSED
    )
    text = _("Is this settled? Your answer is asked: “%(title)s”")
    return _entries(text, rows.order_by("pk").values_list("pk", "about__title"), "decide:answer_settling")


@register(
    sign="""
    SELECT FROM decide_motion AS motion JOIN thread_item AS item ON item.id = motion.item_ptr_id
    WHERE item.kind = 'motion' AND item.state = 'filed' AND motion.admission = 'asked'
    """,
    of_bureau=True,
)
def late_motions(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: motions that came late, of which the body decides whether they are urgent; one query."""
    rows = _filed().filter(admission=Admission.ASKED).values_list("pk", "title")
    text = _("Came late; the body decides whether it is urgent: “%(title)s”")
    return _entries(text, rows, "decide:decide_urgency")


@register(sign="SELECT FROM thread_item WHERE kind = 'motion' AND state = 'filed'", of_bureau=True)
def motions_to_advise_on(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: motions without advice, before the meeting; one query."""
    given = Advice.objects.filter(about=OuterRef("pk"), ended_at__isnull=True)
    until = timezone.now() + BEFORE_MEETING
    rows = _filed().filter(~Exists(given), meeting__starts_at__lte=until, meeting__closed_at__isnull=True)
    text = _("The meeting comes, and there is no advice yet on “%(title)s”")
    return _entries(
        text, rows.exclude(admission=Admission.REFUSED).values_list("pk", "title"), "decide:advise"
    )


def _filed() -> QuerySet[Motion]:
    return Motion.objects.filter(kind="motion", state=MotionState.FILED).order_by("meeting__starts_at", "pk")


@register(sign="SELECT FROM decide_settlement WHERE state IN ('agreed', 'objected')", of_bureau=True)
def settling_to_decide(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: what can be settled, now that who put it in was heard; one query."""
    rows = Settlement.objects.filter(state__in=(SettlementState.AGREED, SettlementState.OBJECTED))
    text = _("Who put it in was heard; the meeting can decide on settling “%(title)s”")
    return _entries(text, rows.order_by("pk").values_list("pk", "about__title"), "decide:decide_settling")


@register(
    sign="""
    SELECT FROM thread_item
    WHERE answered_at IS NULL AND due_at < %(now)s AND kind IN ('motion', 'undertaking')
    """
)
def accounts_owed(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau and the bodies: accounts that are late; one query."""
    if not standing.is_bureau and not standing.bodies:
        return []
    late = Item.objects.debts().filter(kind__in=("motion", "undertaking")).order_by("due_at", "pk")
    if not standing.is_bureau:
        plans = Execution.objects.filter(about=OuterRef("pk"), ended_at__isnull=True)
        late = late.filter(Exists(plans.filter(owner_body_id__in=standing.bodies)))
    names = {"motion": "decide:motion", "undertaking": "decide:undertaking"}
    text = _("The account is late: “%(title)s”")
    return [
        Waiting(text % {"title": title}, 1, reverse(names[kind], args=[pk]), True, counted=False)
        for pk, title, kind in late.values_list("pk", "title", "kind")[:MOST]
    ]


@register(of_bureau=True)
def motions_to_carry_out(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: what was adopted and nobody carries out yet; one query."""
    plans = Execution.objects.filter(about=OuterRef("pk"), ended_at__isnull=True)
    rows = Motion.objects.filter(~Exists(plans), kind="motion", state__in=CARRIED_OUT).order_by(
        "decided_at", "pk"
    )
    text = _("Nobody carries it out yet: “%(title)s”")
    return _entries(text, rows.values_list("pk", "title"), "decide:plan_execution")
