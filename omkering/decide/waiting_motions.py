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
    return [
        Waiting(text % {"title": title}, 1, reverse(name, args=[pk]), late, counted=False)
        for pk, title in rows[:MOST]
    ]


@register
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


@register
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


@register
def motions_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: late motions, advice that is missing before a meeting, and settling to decide; three queries."""
    if not standing.is_bureau:
        return []
    filed = Motion.objects.filter(state=MotionState.FILED).order_by("meeting__starts_at", "pk")
    late = filed.filter(admission=Admission.ASKED)
    given = Advice.objects.filter(about=OuterRef("pk"), ended_at__isnull=True)
    until = timezone.now() + BEFORE_MEETING
    unadvised = filed.filter(~Exists(given), meeting__starts_at__lte=until, meeting__closed_at__isnull=True)
    heard = Settlement.objects.filter(state__in=(SettlementState.AGREED, SettlementState.OBJECTED))
    return [
        *_entries(
            _("Came late; the body decides whether it is urgent: “%(title)s”"),
            late.values_list("pk", "title"),
            "decide:decide_urgency",
        ),
        *_entries(
            _("The meeting comes, and there is no advice yet on “%(title)s”"),
            unadvised.exclude(admission=Admission.REFUSED).values_list("pk", "title"),
            "decide:advise",
        ),
        *_entries(
            _("Who put it in was heard; the meeting can decide on settling “%(title)s”"),
            heard.order_by("pk").values_list("pk", "about__title"),
            "decide:decide_settling",
        ),
    ]


@register
def accounts_owed(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau and the bodies: what is late, and what nobody carries out yet; two queries."""
    if not standing.is_bureau and not standing.bodies:
        return []
    plans = Execution.objects.filter(about=OuterRef("pk"), ended_at__isnull=True)
    of_mine = plans if standing.is_bureau else plans.filter(owner_body_id__in=standing.bodies)
    late = Item.objects.debts().filter(kind__in=("motion", "undertaking")).order_by("due_at", "pk")
    if not standing.is_bureau:
        late = late.filter(Exists(of_mine))
    names = {"motion": "decide:motion", "undertaking": "decide:undertaking"}
    text = _("The account is late: “%(title)s”")
    found = [
        Waiting(text % {"title": title}, 1, reverse(names[kind], args=[pk]), True, counted=False)
        for pk, title, kind in late.values_list("pk", "title", "kind")[:MOST]
    ]
    if standing.is_bureau:
        rows = Motion.objects.filter(~Exists(plans), state__in=CARRIED_OUT).order_by("decided_at", "pk")
        text = _("Nobody carries it out yet: “%(title)s”")
        found += _entries(text, rows.values_list("pk", "title"), "decide:plan_execution")
    return found
