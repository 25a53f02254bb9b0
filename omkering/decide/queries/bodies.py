"""Reading bodies: the list, one body with its seats, and its composition; each with a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from omkering.decide.commands.seat_rows import profile_roles, seat_role
from omkering.decide.composition import Line, changed, lines
from omkering.decide.models import Candidacy, CandidacyState, NominationRound, PartyKind, Seat, Term
from omkering.decide.rota import months_on
from omkering.ui.charts import Bar, BarChart, bar_chart
from omkering.ui.groupings import groupings
from omkering.who.current import association, roles_by_key
from omkering.who.models import Body, Network, in_language
from omkering.who.queries import Register, register_on


# --- the list --------------------------------------------------------------------------------------------
@dataclass
class BodyLine:
    """A body in the list. `starts` and `ends` (the first day no more) are its lifetime; None is open."""

    body: Body
    seats: int = 0
    held: int = 0
    starts: date | None = None
    ends: date | None = None

    @property
    def vacant(self) -> int:
        """Seats that nobody holds."""
        return self.seats - self.held

    @property
    def temporary(self) -> bool:
        """Whether it is there for a time only."""
        return self.starts is not None or self.ends is not None


@dataclass
class BodyGroup:
    """The bodies of one kind, under its name."""

    key: str
    name: str
    lines: list[BodyLine] = field(default_factory=list)


def lifetime_of(body: Body) -> tuple[date | None, date | None]:
    """The lifetime of a body as the association folder has it; (None, None) for one that is not in it."""
    record = next((one for one in association().bodies if one.key == body.key), None)
    return (record.starts, record.ends) if record else (None, None)


def meeting_bodies() -> QuerySet[Body]:
    """The bodies that come together: with seats or rules for their meetings; the bureau is none."""
    folder = association()
    kinds = {kind.key for kind in folder.body_kinds if kind.seat_role}
    kinds.update(kind for rules in folder.meeting_rules for kind in rules.kinds)
    named = {key for rules in folder.meeting_rules for key in rules.bodies}
    return Body.objects.filter(Q(kind__in=kinds) | Q(key__in=named))


def body_groups(day: date) -> list[BodyGroup]:
    """All bodies that come together, by kind, with their seats on a day; three queries.

    What has ended stays in the list, with its lifetime.
    """
    records = {record.key: record for record in association().bodies}
    seats = Counter(Seat.objects.filter(retired_at__isnull=True).values_list("body_id", flat=True))
    running = Term.objects.on(day).filter(seat__retired_at__isnull=True)
    held = Counter(running.values_list("seat__body_id", flat=True))
    kinds = {kind.key: BodyGroup(kind.key, in_language(kind.names)) for kind in association().body_kinds}
    for body in meeting_bodies():
        record = records.get(body.key)
        line = BodyLine(
            body,
            seats[body.pk],
            held[body.pk],
            record.starts if record else None,
            record.ends if record else None,
        )
        kinds.setdefault(body.kind, BodyGroup(body.kind, body.kind)).lines.append(line)
    return [group for group in kinds.values() if group.lines]


def chapters(day: date) -> list[tuple[Network, int]]:
    """The networks that follow the main division, with how many members they have on a day; one query."""
    folder = association()
    keys = [one.key for one in folder.networks if one.division and one.division[0] == folder.main_division]
    here = Q(memberships__starts__lte=day) & (
        Q(memberships__ends__isnull=True) | Q(memberships__ends__gt=day)
    )
    rows = Network.objects.filter(key__in=keys).annotate(members=Count("memberships", filter=here))
    return [(row, row.members) for row in rows]  # type: ignore[attr-defined]


# --- one body --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SeatLine:
    """A seat with who holds it on a day, and when that one resigns."""

    seat: Seat
    profile: str
    term: Term | None
    last: date | None  # the day on which the full term is over
    following: Term | None = None  # agreed, and not begun


def role_name(key: str) -> str:
    """A role in the reader's language; "" for none."""
    role = roles_by_key().get(key)
    return in_language(role.names) if role else ""


def seat_lines(body: Body, day: date) -> list[SeatLine]:
    """The seats of a body with who holds them; two queries."""
    seats = Seat.objects.filter(body=body, retired_at__isnull=True).select_related("network")
    terms: dict[int, list[Term]] = defaultdict(list)
    later = Q(ends__isnull=True) | Q(ends__gt=day)
    for term in (
        Term.objects.filter(later, seat__body=body)
        .select_related("appointment__person", "member")
        .order_by("starts")
    ):
        terms[term.seat_id].append(term)
    found = []
    for seat in seats:
        now = next((term for term in terms[seat.pk] if term.starts <= day), None)
        found.append(
            SeatLine(
                seat,
                role_name(seat.profile),
                now,
                months_on(now.starts, seat.term_months) if now else None,
                next((term for term in terms[seat.pk] if term.starts > day), None),
            )
        )
    return found


def rota_lines(rows: Iterable[SeatLine]) -> list[tuple[int, list[SeatLine]]]:
    """Year → the seats whose holder resigns in it, by the rota or else at the end of the full term. No query."""
    years: dict[int, list[SeatLine]] = defaultdict(list)
    for row in rows:
        if row.term is not None and (when := row.term.resigns or row.last) is not None:
            years[when.year].append(row)
    return sorted(years.items())


def has_seats(body: Body) -> bool:
    """Whether people sit in this body, rather than the members themselves."""
    return bool(seat_role(body))


# --- composition -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Holder:
    """What the composition needs of somebody on a seat: no name."""

    member: int | None
    role: str
    party_kind: str


@dataclass(frozen=True)
class Part:
    """The composition by one grouping: its lines, the picture, and seats of which it is not known."""

    key: str
    title: str
    lines: list[Line]
    chart: BarChart | None
    unknown: int = 0
    incomplete: Collection[str] = ()
    change: Mapping[str, int] = field(default_factory=dict)

    @property
    def compared(self) -> bool:
        """Whether the membership as a whole stands beside it."""
        return any(line.members is not None for line in self.lines)


def holders_on(body: Body, day: date) -> list[Holder]:
    """Who holds the seats on a day, without names; one query."""
    rows = Term.objects.on(day).filter(seat__body=body, seat__retired_at__isnull=True)
    return [
        Holder(*row) for row in rows.order_by("seat__number").values_list("member_id", "role", "party_kind")
    ]


def composition(
    holders: list[Holder], day: date, *, later: list[Holder] | None = None, register: Register | None = None
) -> list[Part]:
    """A body by province, size, network, role and kind of party, beside the members as a whole; five queries.

    `later` is the body as it would become. Of role and party the membership as a whole is not known: they stand alone.
    """
    register = register or register_on(day)
    members = [register.groups(profile) for profile in register.profiles]
    present: dict[str, set[str]] = defaultdict(set)
    for groups in members:
        for key, found in groups.items():
            present[key].update(found)
    parts = []
    for grouping in groupings(present):
        whole = [groups[grouping.key] for groups in members]
        names = dict(grouping.names)
        now, unknown = _grouped(holders, register, grouping.key)
        compared = lines(names, now, whole)
        then = lines(names, _grouped(later, register, grouping.key)[0]) if later is not None else compared
        parts.append(
            Part(
                grouping.key,
                grouping.title,
                compared,
                _chart(compared, grouping.title),
                unknown,
                grouping.incomplete,
                changed(compared, then),
            )
        )
    roles = {key: role_name(key) for key in profile_roles()}
    kinds = {kind.value: str(kind.label) for kind in PartyKind if kind != PartyKind.UNKNOWN}
    for key, title, names in (("role", _("Role"), roles), ("party_kind", _("Kind of party"), kinds)):
        now = [[getattr(one, key)] for one in holders]
        alone = lines(names, now)
        then = lines(names, [[getattr(one, key)] for one in later]) if later is not None else alone
        unknown = sum(1 for (one,) in now if one not in names)
        parts.append(Part(key, title, alone, None, unknown, (), changed(alone, then)))
    return parts


def _grouped(holders: Iterable[Holder], register: Register, key: str) -> tuple[list[Collection[str]], int]:
    """The groups of each holder by one grouping, and of how many the member is not known that day."""
    found: list[Collection[str]] = []
    unknown = 0
    for one in holders:
        profile = register.by_id.get(one.member) if one.member is not None else None
        unknown += profile is None
        found.append(register.groups(profile)[key] if profile else ())
    return found, unknown


def _chart(rows: list[Line], title: str) -> BarChart | None:
    """Two bars for each group: its share of the seats and of the members, in per cent."""
    if not rows or not rows[0].of_seats:
        return None
    bars = []
    for row in rows:
        bars.append(Bar(_("%(group)s: seats") % {"group": row.name}, [float(row.share * 100), 0]))
        bars.append(
            Bar(_("%(group)s: members") % {"group": row.name}, [0, float((row.share_members or 0) * 100)])
        )
    return bar_chart(
        bars,
        caption=_("Share of the seats and share of the members, in per cent: %(title)s") % {"title": title},
        parts=[("app-bar--for", _("Seats")), ("app-bar--abstain", _("Members"))],
        shares=False,
        decimals=1,
    )


def becoming(body: Body, day: date, round: NominationRound, *, chosen: Collection[str]) -> list[Holder]:
    """A body as it would be once those in these states of a round take their seats; two queries.

    Where two stand for one seat the nominee counts.
    """
    order = [CandidacyState.COUNTER, CandidacyState.NOMINATED, CandidacyState.APPOINTED]
    taking: dict[int, Any] = {}
    rows = Candidacy.objects.filter(vacancy__nomination=round, state__in=chosen).select_related("vacancy")
    for row in sorted(rows.defer("vacancy__search"), key=lambda row: order.index(CandidacyState(row.state))):
        taking[row.vacancy.seat_id] = Holder(row.member_id, row.role, row.party_kind)
    terms = Term.objects.on(day).filter(seat__body=body, seat__retired_at__isnull=True)
    seated = {
        row[0]: Holder(*row[1:]) for row in terms.values_list("seat_id", "member_id", "role", "party_kind")
    }
    return list({**seated, **taking}.values())
