"""What waits for somebody in the dossiers: steps past their term, and what members are asked to do."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.agenda.cooperation import step_words, ways
from omkering.agenda.models import Dossier, DossierState, DossierStep, Participation
from omkering.thread.waiting import Waiting, register
from omkering.who.models import Person
from omkering.who.standing import Standing

SOON = timedelta(days=14)
MOST = 20  # dossiers that a home page names one by one
LED_BY_MEMBERS = ("members", "both")


@register
def steps_of_mine(person: Person, standing: Standing) -> list[Waiting]:
    """The steps that this person owns, or of whose dossier without a step owner, once they are nearly or past due.

    One query; none for who holds no role.
    """
    if not standing.is_insider:
        return []
    today = timezone.localdate()
    stays = DossierStep.objects.filter(
        Q(owner_person=person) | Q(owner_person__isnull=True, dossier__owner=person),
        ended_at__isnull=True,
        dossier__state=DossierState.OPEN,
        due_on__lte=today + SOON,
    )
    return [
        _step(pk, title, (model, route, step), due_on, late=bool(due_on and due_on < today))
        for pk, title, model, route, step, due_on in stays.order_by("due_on", "pk").values_list(
            "dossier_id", "dossier__title", "model", "route", "step", "due_on"
        )[:MOST]
    ]


def _step(pk: int, title: str, step: tuple[str, str, str], due_on, *, late: bool) -> Waiting:
    text = _("“%(title)s”: the step “%(step)s” was to be done by %(day)s")
    if not late:
        text = _("“%(title)s”: the step “%(step)s” is to be done by %(day)s")
    words = {"title": title, "step": step_words(*step), "day": date_format(due_on, "j F")}
    return Waiting(text % words, 1, reverse("agenda:dossier", args=[pk]), late, counted=False)


@register
def late_dossiers(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: how many dossiers are past the term of their step; one query."""
    if not standing.is_bureau:
        return []
    number = Dossier.objects.filter(kind="dossier").debts().count()
    text = ngettext("dossier past the term of its step", "dossiers past the term of their step", number)
    return [Waiting(text, number, f"{reverse('agenda:dossiers')}?late=on&view=list", late=True)]


@register
def asked_of_members(person: Person, standing: Standing) -> list[Waiting]:
    """For who reports for a member that takes part: pilots that have not begun, and steps that members lead.

    Two queries at most; none for who reports for nobody.
    """
    if not standing.members or "report" not in standing.powers:
        return []
    rows = Participation.objects.filter(
        Q(member__in=standing.members) | Q(member__successor__in=standing.members),
        ended_at__isnull=True,
        dossier__state=DossierState.OPEN,
    )
    pilots = rows.filter(_at(("pilot_running",)), part=Participation.Part.PILOT, under_way_since__isnull=True)
    found = [
        Waiting(
            _("“%(title)s” waits for your pilot: say since when it is under way") % {"title": title},
            1,
            reverse("agenda:change_part", args=[pk]),
            counted=False,
        )
        for pk, title in pilots.order_by("pk").values_list("pk", "dossier__title")[:MOST]
    ]
    today = timezone.localdate()
    present = DossierStep.objects.filter(
        Exists(rows.filter(dossier=OuterRef("dossier"))), _led_by_members(), ended_at__isnull=True
    )
    due = present.filter(due_on__lte=today + SOON).annotate(title=F("dossier__title"))
    found += [
        _led(pk, title, (model, route, step), due_on, late=bool(due_on and due_on < today))
        for pk, title, model, route, step, due_on in due.order_by("due_on", "pk").values_list(
            "dossier_id", "title", "model", "route", "step", "due_on"
        )[:MOST]
    ]
    return found


def _led(pk: int, title: str, step: tuple[str, str, str], due_on, *, late: bool) -> Waiting:
    words = {"title": title, "step": step_words(*step), "day": date_format(due_on, "j F")}
    text = _("“%(title)s”: your member is asked to do the step “%(step)s” before %(day)s") % words
    return Waiting(text, 1, reverse("agenda:dossier", args=[pk]), late, counted=False)


def _at(requirements: tuple[str, ...]) -> Q:
    """At a step after which one comes that needs one of these."""
    found = [
        Q(dossier__model=way.model.key, dossier__route=way.route.key, dossier__step=before.key)
        for way in ways()
        for before, after in zip(way.steps, way.steps[1:], strict=False)
        if set(requirements) & set(after.requires)
    ]
    return reduce(or_, found, Q(pk__in=[]))


def _led_by_members() -> Q:
    found = [
        Q(model=way.model.key, route=way.route.key, step=step.key)
        for way in ways()
        for step in way.steps
        if step.leader in LED_BY_MEMBERS
    ]
    return reduce(or_, found, Q(pk__in=[]))
