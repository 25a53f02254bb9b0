"""Forms of priority rounds: the plan, nominating, taking out, departing from a result, and reading a ballot."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from omkering.agenda.commands.round_plans import EACH_ONE, OPEN_TO
from omkering.agenda.models import BallotKind, Electorate, Round
from omkering.agenda.queries.rounds import Shown
from omkering.thread.models import Visibility
from omkering.thread.terms import last_day, working_days_after
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.current import association
from omkering.who.models import Body, Network, in_language


class PlanForm(CommandForm):
    """What is chosen, by whom, how and when."""

    title = forms.CharField(
        label=_("Name of the round"), strip=False, help_text=_("For example: priorities of 2027.")
    )
    explanation = long_text(
        _("Why this round"), _("What the choice is for, and what happens with it."), rows=4, required=False
    )
    maximum = forms.IntegerField(
        label=_("How many priorities at most"), help_text=_("There must be more candidates than this.")
    )
    ballot_kind = forms.ChoiceField(
        label=_("What a ballot says"), choices=BallotKind.choices, widget=forms.RadioSelect
    )
    points = forms.IntegerField(
        label=_("Points of each ballot"), required=False, help_text=_("Only where points are divided.")
    )
    electorate = forms.ChoiceField(
        label=_("Who chooses"), choices=Electorate.choices, widget=forms.RadioSelect
    )
    network = forms.ModelChoiceField(
        Network.objects.all(),
        label=_("Network or chapter"),
        required=False,
        empty_label=_("None"),
        help_text=_("Only where a network or chapter chooses."),
    )
    electing_body = forms.ModelChoiceField(
        Body.objects.all(),
        label=_("Committee or other body"),
        required=False,
        empty_label=_("None"),
        help_text=_("Only where a body chooses: then everyone in it has one vote."),
    )
    weight_rule_key = forms.ChoiceField(label=_("Votes per member"), required=False)
    visibility = forms.ChoiceField(label=_("Who may see this round"))
    opens_at = forms.DateTimeField(label=_("Opens"), widget=forms.DateTimeInput)
    closes_at = forms.DateTimeField(label=_("Closes"), widget=forms.DateTimeInput)
    reference_date = forms.DateField(
        label=_("Reference date"),
        widget=forms.DateInput,
        help_text=_(
            "Who is a member on this date, or has a seat in the body, can choose, with the inhabitants of this date."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = {rule.key: in_language(rule.names) for rule in association().weight_rules}
        self.fields["weight_rule_key"].choices = [*rules.items(), (EACH_ONE, _("One vote each"))]  # type: ignore[attr-defined]
        self.fields["visibility"].choices = [(key, Visibility(key).label) for key in OPEN_TO]  # type: ignore[attr-defined]

    @classmethod
    def for_new(cls, data: Any = None) -> "PlanForm":
        """A plan that opens on the next working day, for as long as the association's term for a vote says."""
        today = timezone.localdate()
        opens = working_days_after(today, 1)
        folder = association()
        return cls(
            data,
            initial={
                "ballot_kind": BallotKind.APPROVAL,
                "electorate": Electorate.MEMBERS,
                "visibility": Visibility.PUBLIC,
                "weight_rule_key": next(rule.key for rule in folder.weight_rules if rule.default),
                "opens_at": _at(opens, 9),
                "closes_at": _at(last_day(folder.terms.vote_open, opens), 17),
                "reference_date": today,
            },
        )

    @classmethod
    def for_round(cls, round: Round, data: Any = None) -> "PlanForm":
        """The plan of a round, to change."""
        same = (
            *("title", "maximum", "ballot_kind", "points", "electorate", "network", "electing_body"),
            *("visibility", "opens_at", "closes_at", "reference_date"),
        )
        return cls(
            data,
            initial={
                **{name: getattr(round, name) for name in same},
                "explanation": round.body,
                "weight_rule_key": round.weight_rule["key"] if round.weight_rule else EACH_ONE,
            },
        )


class NominateForm(CommandForm):
    """In which of the rounds that take candidates."""

    round = forms.ModelChoiceField(
        Round.objects.none(), label=_("In which round"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, data: Any, *, rounds: list[Round]) -> None:
        super().__init__(data, initial={"round": rounds[0].pk if rounds else None})
        taking = Round.objects.filter(pk__in=[round.pk for round in rounds]).order_by("opens_at", "pk")
        self.fields["round"].queryset = taking  # type: ignore[attr-defined]


class WithdrawForm(CommandForm):
    """Why a candidate is taken out."""

    reason = long_text(_("Why it is taken out"), _("Whoever put in what is behind it reads this."), rows=3)


class DepartForm(CommandForm):
    """Which body departs from a result, when, and why."""

    body = forms.ModelChoiceField(Body.objects.none(), label=_("Which body decided this"), empty_label=None)
    decided_on = forms.DateField(label=_("Decided on"), widget=forms.DateInput)
    reason = long_text(_("The reason"), _("Everybody who may see this round reads it."), rows=5)

    def __init__(self, data: Any = None, *, bodies: Any) -> None:
        super().__init__(data, initial={"decided_on": timezone.localdate()})
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


# --- the ballot ------------------------------------------------------------------------------------------
@dataclass
class BallotInput:
    """A ballot as it was sent: what was typed, the values that follow, and what cannot be read (by candidate)."""

    values: dict[int, int] = field(default_factory=dict)
    typed: dict[int, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    page: str = ""
    number: int = 0
    seen: int | None = None

    @property
    def changes(self) -> dict[int, int]:
        """The values of what was changed on the page."""
        return {pk: value for pk, value in self.values.items() if pk in self.changed}


def field_name(candidate: Shown) -> str:
    """The name of a candidate's field on the ballot."""
    return f"c{candidate.pk}"


def read_ballot(data: Mapping[str, str], round: Round, candidates: Iterable[Shown]) -> BallotInput:
    """Read a ballot that was sent. A script names what was `changed`; without one it is what differs from the `base`,
    the ballot as the page showed it.
    """
    found = BallotInput(
        page=re.sub(r"[^0-9a-z]", "", data.get("page", "")[:20]),
        number=_whole(data.get("number", "")) or 0,
        seen=_whole(data.get("seen", "")),
    )
    try:
        base = json.loads(data.get("base", "") or "{}")
    except ValueError:
        base = {}
    base = base if isinstance(base, dict) else {}
    named = set(data.get("changed", "").split())
    for candidate in candidates:
        name = field_name(candidate)
        raw = data.get(name, "").strip()[:20]
        found.typed[candidate.pk] = raw
        value = _whole(raw) if raw else 0
        if value is None:
            found.errors[candidate.pk] = _now("Fill in a whole number, or leave it empty.")
            continue
        found.values[candidate.pk] = min(value, 1) if round.ballot_kind == BallotKind.APPROVAL else value
        by_script = found.number > 0
        if name in named if by_script else found.values[candidate.pk] != base.get(candidate.key, 0):
            found.changed.add(candidate.pk)
    return found


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
