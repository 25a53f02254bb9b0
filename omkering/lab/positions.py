"""Made positions with the stances of members, and the lobby register: contacts, what they say, and alignments."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from rich.progress import Progress

from omkering.lab import bulk
from omkering.lab.agenda import LINK
from omkering.lab.deliberation_texts import OBJECTS, sentence
from omkering.lab.items import ITEM, Deliberations, item_row

POSITIONS = 500
STANCES = 20_000
CONTACTS = 5_000
DEPARTS = 0.05  # of the contacts
STANCE_KINDS = (("carries", 60), ("remark", 15), ("neutral", 15), ("other", 10))

Row = dict[str, Any]


def make_positions(made: Deliberations, bar: Progress) -> None:
    """Positions that hold, some that ended, each with the stances of some of the members."""
    chance = made.chance
    count = made.many(POSITIONS, 5)
    task = bar.add_task("Positions", total=count)
    tables: dict[str, list[Row]] = defaultdict(list)
    items: list[tuple[Any, ...]] = []
    item = bulk.next_id("thread_item")
    positions: list[tuple[int, int, str]] = []  # item, theme, visibility
    each = made.many(STANCES, 5) // count
    people = {member: person for person, member in made.people}
    for number in range(count):
        state = "active" if number % 10 else "ended"
        visibility = "public" if chance.random() < 0.6 else "members"
        theme, adviser = chance.choice(made.themes), chance.choice(made.advisers)
        taken = made.now - timedelta(days=chance.randrange(60, 1500))
        title = f"Over {chance.choice(OBJECTS)} ({number + 1})"
        summary = sentence(chance)
        text = " ".join([summary, *(sentence(chance) for _ in range(4))])
        items.append(
            item_row(
                item,
                "position",
                title,
                summary,
                text,
                state,
                visibility,
                theme=theme,
                body=chance.choice(made.bodies),
                author=adviser,
                created=taken,
            )
        )
        tables["position"].append(
            {
                "item_ptr_id": item,
                "text": text,
                "messages": sentence(chance),
                "figures": "",
                "source": chance.choice(("assembly", "board", "committee")),
                "source_body_id": chance.choice(made.bodies),
                "source_item_id": None,
                "source_note": "Besluit van de vergadering.",
                "taken_on": taken.date(),
                "ends_on": made.now.date() - timedelta(days=30) if state == "ended" else None,
                "end_reason": "Bereikt." if state == "ended" else "",
                "owner_id": adviser,
                "sensitive": False,
                "version": 1,
            }
        )
        tables["positionaddressee"].append(
            {
                "position_id": item,
                "organisation_id": chance.choice(made.parties),
                "created_at": taken,
                "ended_at": None,
            }
        )
        _stances(made, item, each, people, tables["stance"])
        if state == "active":
            positions.append((item, theme, visibility))
        item += 1
        bar.advance(task)
    bulk.copy("thread_item", ITEM, items)
    for table in ("position", "positionaddressee", "stance"):
        bulk.copy_rows(f"deliberate_{table}", tables[table])
    bulk.fix_sequence("thread_item")
    _contacts(made, positions, bar)


def _stances(made: Deliberations, item: int, count: int, people: dict[int, int], rows: list[Row]) -> None:
    """How some members stand to it, a few of them differently than before."""
    chance = made.chance
    members = chance.sample(sorted(people), min(count, len(people)))
    for member in members:
        kinds = [name for name, _w in STANCE_KINDS]
        kind = chance.choices(kinds, [weight for _n, weight in STANCE_KINDS])[0]
        told = sentence(chance) if kind in ("remark", "other") else ""
        at = made.now - timedelta(days=chance.randrange(1, 50))
        row = {
            "position_id": item,
            "member_id": member,
            "network_id": None,
            "kind": kind,
            "remark": told,
            "red_line": "",
            "differs": kind == "other" and chance.random() < 0.3,
            "person_id": people[member],
            "created_at": at,
            "ended_at": None,
        }
        if chance.random() < 0.05:
            rows.append(row | {"kind": "neutral", "created_at": at - timedelta(days=9), "ended_at": at})
        rows.append(row)


def _contacts(made: Deliberations, positions: list[tuple[int, int, str]], bar: Progress) -> None:
    """Contacts of the association, of members and of networks; where one departs, an alignment."""
    chance = made.chance
    count = made.many(CONTACTS, 10)
    task = bar.add_task("Lobby contacts", total=count)
    tables: dict[str, list[Row]] = defaultdict(list)
    items: list[tuple[Any, ...]] = []
    links: list[tuple[Any, ...]] = []
    item, relation = bulk.next_id("thread_item"), bulk.next_id("deliberate_relation")
    for number in range(count):
        on = made.now - timedelta(days=chance.randrange(-20, 900))
        created = min(on - timedelta(days=5), made.now - timedelta(days=1))
        person, member = chance.choice(made.people)
        network = None
        if number % 3 == 0:
            person, member = chance.choice(made.advisers), 0
        elif number % 5 == 0 and made.networks:
            member, network = 0, chance.choice(made.networks)
        state = "planned" if on > made.now else chance.choice(("held", "held", "held", "cancelled"))
        position, theme, open_to = chance.choice(positions)
        visibility = "members" if chance.random() < 0.5 else open_to
        message = f"{sentence(chance)} {sentence(chance)}"
        title = f"Gesprek over {chance.choice(OBJECTS)} ({number + 1})"
        items.append(
            item_row(
                item,
                "contact",
                title,
                message,
                message,
                state,
                visibility,
                theme=theme,
                member=member or None,
                author=person,
                created=created,
            )
        )
        tables["contact"].append(
            {
                "item_ptr_id": item,
                "network_id": network,
                "organisation_id": chance.choice(made.parties),
                "with_function": "beleidsmedewerker",
                "on": on.date(),
                "message": message,
                "outcome": "Zij nemen het mee." if state == "held" else "",
                "sensitive": False,
                "version": 1,
            }
        )
        departs = chance.random() < DEPARTS
        kind = "departs" if departs else chance.choice(("carries", "carries", "adds"))
        tables["relation"].append(
            {
                "id": relation,
                "contact_id": item,
                "position_id": position,
                "kind": kind,
                "note": sentence(chance) if departs else "",
                "person_id": person,
                "created_at": created,
                "ended_at": None,
            }
        )
        contact = item
        item += 1
        if not departs:
            links.append((position, contact, "follows_from", created, None))
        else:
            _alignment(made, item, contact, relation, title, theme, member, person, created, items, tables)
            if visibility == "members":
                links.append((contact, item, "follows_from", created, None))
            item += 1
        relation += 1
        bar.advance(task)
    bulk.copy("thread_item", ITEM, items)
    bulk.copy("thread_link", LINK, links)
    for table in ("contact", "relation", "alignment", "talk"):
        bulk.copy_rows(f"deliberate_{table}", tables[table])
    for table in ("thread_item", "deliberate_relation"):
        bulk.fix_sequence(table)


def _alignment(
    made: Deliberations,
    item: int,
    contact: int,
    relation: int,
    title: str,
    theme: int,
    member: int,
    person: int,
    created: Any,
    items: list[tuple[Any, ...]],
    tables: dict[str, list[Row]],
) -> None:
    """Talks about a message that departs, with what was said; most have ended."""
    state = made.chance.choice(("open", "aligned", "joint", "apart"))
    ended = None if state == "open" else min(created + timedelta(days=14), made.now)
    said = sentence(made.chance)
    items.append(
        item_row(
            item,
            "alignment",
            title,
            sentence(made.chance),
            said,
            state,
            "members",
            theme=theme,
            member=member or None,
            author=person,
            created=created,
        )
    )
    tables["alignment"].append(
        {
            "item_ptr_id": item,
            "relation_id": relation,
            "text": sentence(made.chance) if state in ("aligned", "joint") else "",
            "reason": sentence(made.chance) if ended else "",
            "ended_at": ended,
            "version": 1,
        }
    )
    tables["talk"].append(
        {
            "alignment_id": item,
            "on": created.date(),
            "text": said,
            "member_id": member or None,
            "network_id": None,
            "person_id": person,
            "created_at": created,
        }
    )
