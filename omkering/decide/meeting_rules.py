"""How a body meets, as data: chosen from the association's settings, kept with the meeting; and what follows from it.

Rules hold what they were when the meeting was planned: `{"association": version, "key", "version", "names",
"electorate": "members" | "seats", "body": key, "deadlines": {name: {"days", "hour"}}, "request": {"numerator",
"denominator", "weeks"} | None, "proxy": bool, "proxies_per_holder": number | None, "split": bool, "quorum": as in
`vote_rule` (None: there is none), "decision_rule": key | None, "weight": as in `who.weight_rules` (None: everyone
counts as one), "verified", "source"}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.thread.terms import why_closed, working_day_on_or_before
from omkering.who import weight_rules
from omkering.who.association.records import DEADLINES, DeadlineRecord
from omkering.who.current import association
from omkering.who.models import Body

Rules = dict[str, Any]


def snapshot(body: Body, day: date, *, extra: bool = False) -> Rules:
    """The rules by which this body meets on `day`. Without any in the folder: people on seats, and no deadlines."""
    folder = association()
    rules = folder.rules_of_meeting(day, body=body.key, kind=body.kind)
    base: Rules = {
        "association": folder.version,
        "key": "",
        "version": 0,
        "names": {},
        "electorate": "seats",
        "body": body.key,
        "deadlines": {},
        "request": None,
        "proxy": False,
        "proxies_per_holder": None,
        "split": False,
        "quorum": None,
        "decision_rule": None,
        "weight": None,
        "verified": False,
        "source": "",
    }
    if rules is None:
        return base
    deadlines = rules.deadlines_extra if extra and rules.deadlines_extra else rules.deadlines
    request = rules.request and dict(zip(("numerator", "denominator"), rules.request, strict=True))
    return base | {
        "key": rules.key,
        "version": rules.version,
        "names": dict(rules.names),
        "electorate": rules.electorate,
        "deadlines": {name: {"days": row.days, "hour": row.hour} for name, row in deadlines.items()},
        "request": {**request, "weeks": rules.request_weeks} if request else None,
        "proxy": rules.proxy,
        "proxies_per_holder": rules.proxies_per_holder,
        "split": rules.split,
        "quorum": _quorum(rules.quorum),
        "decision_rule": rules.decision_rule,
        "weight": _weight(rules.decision_rule, day) if rules.electorate == "members" else None,
        "verified": rules.verified,
        "source": rules.source,
    }


def _quorum(key: str) -> dict[str, Any] | None:
    rule = next((rule for rule in association().quorum_rules if rule.key == key), None)
    if rule is None or not rule.numerator:
        return None
    names = dict(rule.names)
    share = {"numerator": rule.numerator, "denominator": rule.denominator, "of": rule.of}
    return {"key": key, "names": names, **share, "source": rule.source}


def _weight(decision_rule: str, day: date) -> weight_rules.WeightRuleData | None:
    """The weights of the set of rules that the body decides by; where that does not hold, the association's own."""
    chosen = association().decision_rule(day, decision_rule)
    if chosen is not None and chosen.weight_rule is None:
        return None
    return weight_rules.snapshot(day, chosen.weight_rule if chosen else None)


# --- deadlines -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Deadline:
    """Until when something can come in: the moment, the day as counted, and why it moved ("" where it did not)."""

    name: str
    at: datetime
    counted: date
    days: int
    moved: str

    @property
    def label(self) -> str:
        """What must be there by then."""
        return {
            "agenda": _("Agenda and papers sent"),
            "amendments": _("Amendments"),
            "motions": _("Motions"),
        }[self.name]

    @property
    def reason(self) -> str:
        """Why it is then, in words."""
        words = {"days": self.days, "day": date_format(self.counted, "j F Y"), "why": self.moved}
        if not self.moved:
            return _("%(days)s days before the meeting.") % words
        return (
            _("%(days)s days before the meeting is %(day)s (%(why)s). So the working day before that.")
            % words
        )


def deadlines(rules: Rules, starts_at: datetime) -> list[Deadline]:
    """The deadlines of a meeting that begins then, earliest first."""
    day = timezone.localdate(starts_at)
    given: Mapping[str, Any] = rules.get("deadlines") or {}
    found = [
        deadline(name, DeadlineRecord(given[name]["days"], given[name]["hour"]), day)
        for name in DEADLINES
        if name in given
    ]
    return sorted(found, key=lambda entry: entry.at)


def deadline(name: str, rule: DeadlineRecord, day: date) -> Deadline:
    """So many days before `day`; a closed day moves it to the working day before."""
    counted = day - timedelta(days=rule.days)
    moved_to = working_day_on_or_before(counted)
    at = timezone.make_aware(datetime.combine(moved_to, time(rule.hour)))
    return Deadline(name, at, counted, rule.days, "" if moved_to == counted else _why(counted))


def _why(day: date) -> str:
    why = why_closed(day)
    return {
        "weekend": date_format(day, "l"),
        "closed": _("a day on which the bureau is closed"),
    }.get(why, why)


def moments(rules: Rules, starts_at: datetime) -> dict[str, str]:
    """The deadlines as a meeting keeps them: name → moment."""
    return {entry.name: entry.at.isoformat() for entry in deadlines(rules, starts_at)}


def moment(kept: Mapping[str, str], name: str) -> datetime | None:
    """One of the deadlines that a meeting keeps; None where it has none."""
    return datetime.fromisoformat(kept[name]) if name in kept else None


# --- reading ---------------------------------------------------------------------------------------------
def of_members(rules: Rules) -> bool:
    """Whether the members meet, each with its votes; else the people on the seats."""
    return rules.get("electorate") == "members"


def needed(votes: int, share: Mapping[str, int]) -> int:
    """How many of the votes are at least this share, in whole votes."""
    return -(-votes * share["numerator"] // share["denominator"])
