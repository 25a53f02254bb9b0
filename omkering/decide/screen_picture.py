"""What the screen in the hall shows: which picture, and a result as a bar with the line of the majority. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from omkering.engine.tally import ABSTAIN

WIDTH, HEIGHT = 1000, 60
# Which choices, beside for and against, are part of what a majority is a share of.
COUNTED = {
    "cast_without_abstentions": (),
    "cast": ("abstain",),
    "present": ("abstain", "absent"),
    "all": ("abstain", "absent"),
}


@dataclass(frozen=True)
class Shown:
    """What is on the screen, and about which vote (its key)."""

    show: str  # waits, pause, over, agenda, item, speakers, vote, result
    vote: int | None = None


@dataclass(frozen=True)
class OnVote:
    """A vote of the meeting as the screen needs it; `moment` orders what was announced."""

    key: int
    state: str
    here: bool  # of the current item
    announced: bool = False
    moment: Any = None


def what_to_show(
    meeting: str, wanted: dict[str, Any], votes: Sequence[OnVote], *, item: bool, speaking_since: Any = None
) -> Shown:
    """What the screen shows: what the chair chose, else a vote under way, who speaks, the last result, or the item.

    A result never before it was announced: the vote without it stands there until then.
    """
    if meeting != "open":
        return Shown({"suspended": "pause", "closed": "over", "cancelled": "over"}.get(meeting, "waits"))
    known = {vote.key: vote for vote in votes}
    chosen = known.get(wanted.get("vote", 0))
    if wanted.get("show") in ("vote", "result"):
        if chosen is not None:
            return Shown("result" if chosen.announced else "vote", chosen.key)
    elif wanted.get("show"):
        return Shown(wanted["show"])
    under_way = [
        vote for vote in votes if vote.state == "open" or (vote.state == "closed" and not vote.announced)
    ]
    if under_way:
        return Shown("vote", max(under_way, key=lambda vote: vote.key).key)
    last = max((v for v in votes if v.here and v.announced), key=lambda v: v.moment, default=None)
    if last is not None and (speaking_since is None or speaking_since < last.moment):
        return Shown("result", last.key)
    return Shown("item" if item else "agenda")


# --- a result --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class MajorityBar:
    """Votes (or members) for and against, of what counted, with the line that had to be reached."""

    measure: str  # votes, heads
    option: str  # "for", or the key of an option
    support: int
    against: int  # of all that counted, what did not support
    base: int
    required: int
    reached: bool
    svg: SafeString


def majority_bars(result: dict[str, Any]) -> list[MajorityBar]:
    """A bar for each majority that was asked of the result, in the order of the rule; none where none was asked."""
    found = []
    for step in result["reason"]:
        if not step["code"].startswith("threshold_"):
            continue
        facts = step["facts"]
        parts = _parts(result, facts)
        found.append(
            MajorityBar(
                measure=facts["in"],
                option=facts["option"],
                support=facts["support"],
                against=max(0, facts["of"] - facts["support"]),
                base=facts["of"],
                required=facts["required"],
                reached=step["code"] == "threshold_met",
                svg=bar(parts, facts["of"], facts["required"]),
            )
        )
    return found


def _parts(result: dict[str, Any], facts: dict[str, Any]) -> list[tuple[str, int]]:
    """(class, figure) from left to right; together no more than what counted."""
    if facts["option"] != "for":
        return [("for", facts["support"])]
    counts = result["votes" if facts["in"] == "votes" else "heads"]
    found = [("for", facts["support"]), ("against", counts["against"])]
    if "abstain" in COUNTED.get(facts["base"], ()):
        found.append(("abstain", counts["abstain"]))
    return found


def bar(parts: Sequence[tuple[str, int]], base: int, required: int | None) -> SafeString:
    """Parts of `base` from the left, and a line where `required` lies (None: no line). The figures stand beside it."""
    rects, left = [], 0.0
    for css, figure in parts:
        width = min(WIDTH - left, WIDTH * figure / base) if base else 0.0
        if width > 0:
            rects.append((css, f"{left:.1f}", f"{width:.1f}"))
        left += width
    line = SafeString("")
    if required is not None and base:
        at = f"{min(WIDTH - 2.0, max(2.0, WIDTH * required / base)):.1f}"
        line = format_html('<line class="hall-line" x1="{}" x2="{}" y1="0" y2="{}"/>', at, at, HEIGHT)
    marks = format_html_join(
        "", '<rect class="hall-bar hall-bar--{}" x="{}" y="10" width="{}" height="40"/>', rects
    )
    return format_html(
        '<svg class="hall-bars" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="hall-bar hall-bar--rest" x="0" y="10" width="{}" height="40"/>{}'
        "{}</svg>",
        *(WIDTH, HEIGHT, WIDTH, marks, line),
    )


@dataclass(frozen=True)
class SliceBar:
    """A group of members: its share for, of those for and against (None: none of them voted so), and its bar."""

    name: str
    share: float | None
    svg: SafeString


def slice_bars(counts: dict[str, dict[str, int]], names: dict[str, str]) -> list[SliceBar]:
    """The bars of one grouping; `counts`: group → choice → votes."""
    found = []
    for key, name in names.items():
        for_, against = counts[key].get("for", 0), counts[key].get("against", 0)
        base = for_ + against
        picture = bar([("for", for_), ("against", against)], base, None) if base else SafeString("")
        found.append(SliceBar(name, for_ / base if base else None, picture))
    return found


# --- a result of options ---------------------------------------------------------------------------------
MOST_LINES = 10  # options on the screen
LINES_BESIDE = 6  # options where groups of members are shown under them
MOST_ROWS = 12  # groups of one grouping
LEADING = 3  # options whose shares in each group are shown


@dataclass(frozen=True)
class OptionLine:
    """An option with what it got, how that is of the largest (0 to 100), and whether it is chosen."""

    key: str
    title: str
    got: int
    share: int
    chosen: bool


def option_lines(
    result: dict[str, Any], titles: Mapping[str, str], chosen: Collection[str]
) -> list[OptionLine]:
    """The options of a result, what got most first; `chosen` are those that the vote or its chair chose."""
    counted = {key: number for key, number in result["votes"].items() if key != ABSTAIN}
    most = max(counted.values(), default=0)
    return [
        OptionLine(
            key,
            titles.get(key, key),
            counted[key],
            round(100 * counted[key] / most) if most else 0,
            key in chosen,
        )
        for key in sorted(counted, key=lambda key: -counted[key])
    ]


def first_lines(lines: Sequence[OptionLine], most: int, also: Collection[str] = ()) -> list[OptionLine]:
    """At most so many lines in their order: those that are chosen and `also` these options go before others."""
    needed = sorted(lines, key=lambda line: not (line.chosen or line.key in also))[:most]
    return [line for line in lines if line in needed]


def percent(share: float | None) -> int | None:
    """A share between 0 and 1 in whole percents; None where there is none."""
    return None if share is None else round(100 * share)


def share_bar(share: float) -> SafeString:
    """The bar behind a share between 0 and 1."""
    return bar([("share", round(1000 * share))], 1000, None)
