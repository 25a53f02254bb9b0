"""What waits for somebody in the dossiers: steps past their term, and what members are asked to do."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import FilteredRelation, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.agenda.cooperation import step_words, ways
from omkering.agenda.models import Dossier, DossierState, DossierStep, Participation
from omkering.thread.waiting import Waiting, register
from omkering.who.models import Member, Person
from omkering.who.standing import Standing

SOON = timedelta(days=14)
MOST = 20  # dossiers that a home page names one by one
LED_BY_MEMBERS = ("members", "both")


@register(
    sign="""
    SELECT FROM agenda_dossierstep WHERE owner_person_id = %(person)s AND ended_at IS NULL
    UNION ALL SELECT FROM agenda_dossier WHERE owner_id = %(person)s
    """
)
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


@register(of_bureau=True)
def late_dossiers(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: how many dossiers are past the term of their step; one query."""
    number = Dossier.objects.filter(kind="dossier").debts().count()
    text = ngettext("dossier past the term of its step", "dossiers past the term of their step", number)
    return [Waiting(text, number, f"{reverse('agenda:dossiers')}?late=on&view=list", late=True)]


@register(
    sign="""
    SELECT FROM agenda_participation WHERE ended_at IS NULL AND member_id IN (
        SELECT id FROM who_member
        WHERE id = ANY(%(members)s::bigint[]) OR successor_id = ANY(%(members)s::bigint[])
    )
    """
)
def asked_of_members(person: Person, standing: Standing) -> list[Waiting]:
    """For who reports for a member that takes part: pilots that have not begun, and steps that members lead.

    One query; none for who reports for nobody.
    """
    if not standing.members or "report" not in standing.powers:
        return []
    rows = Participation.objects.filter(
        member__in=Member.objects.filter(
            Q(pk__in=standing.members) | Q(successor__in=standing.members)
        ).values("pk"),
        ended_at__isnull=True,
        dossier__state=DossierState.OPEN,
    )
    present = FilteredRelation("dossier__steps", condition=Q(dossier__steps__ended_at__isnull=True))
    parts = [_Part(*row) for row in rows.annotate(stay=present).order_by("pk").values_list(*_PART)]
    before_pilots, led = _steps_before("pilot_running"), _steps_led_by_members()
    found = [
        Waiting(
            _("“%(title)s” waits for your pilot: say since when it is under way") % {"title": each.title},
            1,
            reverse("agenda:change_part", args=[each.pk]),
            counted=False,
        )
        for each in parts
        if each.part == Participation.Part.PILOT and each.under_way_since is None and each.at in before_pilots
    ][:MOST]
    today = timezone.localdate()
    due = {  # once, where two members that this person acts for take part
        (each.due_on, each.stay): each
        for each in parts
        if each.due_on is not None and each.due_on <= today + SOON and each.present in led
    }
    found += [
        _led(each.dossier, each.title, each.present, each.due_on, late=due_on < today)
        for (due_on, _stay), each in sorted(due.items(), key=lambda entry: entry[0])[:MOST]
    ]
    return found


class _Part(NamedTuple):
    """What somebody's member does in a dossier, and the stay at a step that the dossier is in (None: in none)."""

    pk: int
    part: str
    under_way_since: date | None
    dossier: int
    title: str
    model: str
    route: str
    step: str
    stay: int | None
    stay_model: str | None
    stay_route: str | None
    stay_step: str | None
    due_on: date | None

    @property
    def at(self) -> tuple[str, str, str]:
        """(model, route, step) that the dossier is at."""
        return self.model, self.route, self.step

    @property
    def present(self) -> tuple[str, str, str]:
        """The same, of the stay."""
        return self.stay_model or "", self.stay_route or "", self.stay_step or ""


_PART = (
    *("pk", "part", "under_way_since", "dossier_id", "dossier__title"),
    *("dossier__model", "dossier__route", "dossier__step"),
    *("stay__pk", "stay__model", "stay__route", "stay__step", "stay__due_on"),
)


def _led(pk: int, title: str, step: tuple[str, str, str], due_on, *, late: bool) -> Waiting:
    words = {"title": title, "step": step_words(*step), "day": date_format(due_on, "j F")}
    text = _("“%(title)s”: your member is asked to do the step “%(step)s” before %(day)s") % words
    return Waiting(text, 1, reverse("agenda:dossier", args=[pk]), late, counted=False)


def _steps_before(requirement: str) -> set[tuple[str, str, str]]:
    """(model, route, step) of the steps after which one comes that needs this."""
    return {
        (way.model.key, way.route.key, before.key)
        for way in ways()
        for before, after in zip(way.steps, way.steps[1:], strict=False)
        if requirement in after.requires
    }


def _steps_led_by_members() -> set[tuple[str, str, str]]:
    """(model, route, step) of the steps that members lead."""
    return {
        (way.model.key, way.route.key, step.key)
        for way in ways()
        for step in way.steps
        if step.leader in LED_BY_MEMBERS
    }
