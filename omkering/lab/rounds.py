"""Made priority rounds: closed ones with every member's ballot, counted as the product counts them, and some open."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from psycopg.types.json import Jsonb
from rich.progress import Progress

from omkering.agenda import counting
from omkering.lab import bulk
from omkering.lab.items import ITEM, Agenda, item_row
from omkering.who.rolls import RollMember, roll_on
from omkering.who.weight_rules import snapshot

CANDIDATES = 60
MAXIMUM = 8
OPEN = 5  # the last few still take ballots
TURNOUT = 0.85


def make_rounds(agenda: Agenda, count: int, bar: Progress) -> None:
    """`count` rounds over the dossiers, spread over the years, each on a roll of all members."""
    if not count:
        return
    task = bar.add_task("Priority rounds", total=count)
    today = agenda.now.date()
    rule = snapshot(today, None)
    roll = roll_on(today, rule)
    titles = {dossier: title for dossier, _created, title, _adviser in agenda.dossiers}
    item, candidate, line = (
        bulk.next_id("thread_item"),
        bulk.next_id("agenda_candidate"),
        bulk.next_id("agenda_roundline"),
    )
    for number in range(count):
        is_open = number >= count - OPEN
        chosen = agenda.chance.sample(sorted(titles), min(CANDIDATES, len(titles)))
        ids = [str(candidate + place) for place in range(len(chosen))]
        ballots = list(_ballots(agenda.chance, ids, roll, line))
        result = None
        if not is_open:
            lines = [
                counting.Line(str(line + place), voter.weight, voter.groups)
                for place, voter in enumerate(roll)
            ]
            counted = counting.count(
                kind="approval",
                maximum=MAXIMUM,
                candidates=ids,
                lines=lines,
                ballots={str(k): b for k, b in ballots},
            )
            result = {"selected": [int(each.candidate) for each in counted.chosen], **counted.as_dict()}
        _write(agenda, number, count, is_open, item, rule, result)
        adviser = agenda.advisers[number % len(agenda.advisers)]
        bulk.copy(
            "agenda_candidate",
            ("id", "round_id", "item_id", "position", "person_id", "created_at", "withdraw_reason"),
            (
                (int(key), item, dossier, place, adviser, agenda.now, "")
                for place, (key, dossier) in enumerate(zip(ids, chosen, strict=True))
            ),
        )
        bulk.copy(
            "agenda_roundline",
            ("id", "round_id", "member_id", "inhabitants", "weight", "groups"),
            (
                (line + place, item, voter.member.pk, voter.inhabitants, voter.weight, Jsonb(voter.groups))
                for place, voter in enumerate(roll)
            ),
        )
        bulk.copy(
            "agenda_priorityballot",
            ("line_id", "draft", "marks", "cast", "person_id", "saved_at", "cast_at", "salt"),
            (
                (key, Jsonb(ballot), Jsonb({}), Jsonb(ballot), adviser, agenda.now, agenda.now, "")
                for key, ballot in ballots
            ),
        )
        item, candidate, line = item + 1, candidate + len(ids), line + len(roll)
        bar.advance(task)
    for table in ("thread_item", "agenda_candidate", "agenda_roundline"):
        bulk.fix_sequence(table)


def _ballots(
    chance: random.Random, candidates: list[str], roll: list[RollMember], line: int
) -> Iterator[tuple[int, dict[str, int]]]:
    """Most members tick some; what they want leans on their size, so that there are groups to be seen."""
    for place, voter in enumerate(roll):
        if chance.random() > TURNOUT:
            continue
        leans = candidates[:20] if voter.inhabitants > 50_000 else candidates[20:]
        wanted = {
            *chance.sample(leans, min(4, len(leans))),
            *chance.sample(candidates, min(4, len(candidates))),
        }
        yield line + place, dict.fromkeys(sorted(wanted), 1)


def _write(
    agenda: Agenda, number: int, count: int, is_open: bool, item: int, rule: dict[str, Any], result: Any
) -> None:
    """The round itself."""
    closes = agenda.now + timedelta(days=9 + number % 7)
    if not is_open:
        closes = agenda.now - timedelta(days=3 + (count - number) * 5)
    opens = closes - timedelta(days=14)
    closed = None if is_open else closes
    row = item_row(
        item,
        "round",
        f"Prioriteiten, ronde {number + 1}",
        "Welke dossiers gaan voor?",
        "",
        "open" if is_open else "closed",
        "public",
        author=agenda.advisers[0],
        created=opens - timedelta(days=10),
        answered=closed,
    )
    bulk.copy("thread_item", ITEM, [row])
    bulk.copy(
        "agenda_round",
        (
            "item_ptr_id",
            "maximum",
            "electorate",
            "ballot_kind",
            "opens_at",
            "closes_at",
            "reference_date",
            "weight_rule",
            "opened_at",
            "closed_at",
            "result",
        ),
        [
            (
                item,
                MAXIMUM,
                "members",
                "approval",
                opens,
                closes,
                agenda.now.date(),
                Jsonb(rule),
                opens,
                closed,
                None if result is None else Jsonb(result),
            )
        ],
    )
