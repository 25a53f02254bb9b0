"""Made consultations in every state, with their rounds, reactions, formal views and answers; and one with statements.

The statements are voted on by three groups that lean apart, so that there is an opinion map to be found.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from psycopg.types.json import Jsonb
from rich.progress import Progress

from omkering.lab import bulk
from omkering.lab.agenda import LINK
from omkering.lab.deliberation_texts import sentence
from omkering.lab.items import ITEM, Deliberations, MadeDocument, item_row
from omkering.lab.texts import make_text

CONSULTATIONS = 200
REACTIONS = 20_000
VIEWS = 15  # in a closed round that takes them; in the first consultation ten times as many
STATES = (("answered", 35), ("closed", 30), ("open", 17), ("planned", 12), ("withdrawn", 6))
STATEMENTS = 200
PARTICIPANTS = 10_000
FILLED = 0.3
GROUPS = 3
SHARED = 20  # statements that everybody leans the same way on
NOISE = 0.15

Row = dict[str, Any]


def make_consultations(made: Deliberations, bar: Progress) -> None:
    """Consultations on the documents, the first one open and on the longest text."""
    count = made.many(CONSULTATIONS, 8)
    task = bar.add_task("Consultations", total=count)
    tables: dict[str, list[Row]] = defaultdict(list)
    items: list[tuple[Any, ...]] = []
    links: list[tuple[Any, ...]] = []
    item, round_id = bulk.next_id("thread_item"), bulk.next_id("deliberate_consultationround")
    open_to_all = [text for text in made.texts if text.state in ("published", "adopted")]
    rounds: list[tuple[Row, MadeDocument, str]] = []
    for number in range(count):
        first = number == 0
        text = made.texts[0] if first else made.chance.choice(open_to_all)
        state = "open" if first else _pick(made.chance, STATES)
        begun = _begun(made, state, number, count)
        adviser = made.chance.choice(made.advisers)
        items.append(
            item_row(
                item,
                "consultation",
                f"Wat vindt u van {text.title}? ({number + 1})"[:200],
                "Wij vragen alle leden wat zij van dit stuk vinden, en wat er anders moet.",
                "",
                state,
                text.visibility,
                theme=text.theme,
                author=adviser,
                created=begun - timedelta(days=10),
                answered=made.now if state == "answered" else None,
            )
        )
        links.append((text.item, item, "follows_from", begun - timedelta(days=10), None))
        tables["consultation"].append(_consultation(item, text, adviser, state, made))
        for place in range(1, 2 if first else made.chance.randrange(2, 4)):
            row = _round(round_id, item, place, state, begun + timedelta(days=(place - 1) * 25), made, first)
            tables["consultationround"].append(row)
            rounds.append((row, text, state))
            round_id += 1
        if first:
            made.big_round = round_id - 1
        item += 1
        bar.advance(task)
    bulk.copy("thread_item", ITEM, items)
    bulk.copy("thread_link", LINK, links)
    for table in ("consultation", "consultationround"):
        bulk.copy_rows(f"deliberate_{table}", tables[table])
    for table in ("thread_item", "deliberate_consultationround"):
        bulk.fix_sequence(table)
    _contributions(made, rounds, bar)


def _pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _w in weighted], [weight for _n, weight in weighted])[0]


def _begun(made: Deliberations, state: str, number: int, count: int) -> Any:
    """When its first round opened, or will."""
    if state == "planned":
        return made.now + timedelta(days=5 + number % 30)
    if state in ("open", "withdrawn"):
        return made.now - timedelta(days=3 + number % 10)
    return made.now - timedelta(days=100 + 900 * number // count)


def _consultation(item: int, text: MadeDocument, adviser: int, state: str, made: Deliberations) -> Row:
    return {
        "item_ptr_id": item,
        "document_id": text.item,
        "version_id": text.version,
        "question": "",
        "owner_id": adviser,
        "answer_published_at": made.now if state == "answered" else None,
        "withdrawal_reason": "Het stuk wordt herschreven." if state == "withdrawn" else "",
        "revision": 1,
    }


def _round(
    pk: int, consultation: int, place: int, state: str, opens: Any, made: Deliberations, first: bool
) -> Row:
    """One round; of an open consultation the rounds after the first are still to come."""
    own = {"answered": "closed"}.get(state, state)
    if own == "open" and place > 1:
        own = "planned"
    closes = opens + timedelta(days=20 if state != "open" or place > 1 else 40)
    public = "members" if first or made.chance.random() < 0.7 else "everyone"
    return {
        "id": pk,
        "consultation_id": consultation,
        "number": place,
        "title": f"Ronde {place}",
        "public": public,
        "network_id": None,
        "of_body_id": None,
        "takes_reactions": True,
        "takes_statements": False,
        "takes_amendments": first,
        "takes_views": first or public == "members",
        "asks_questions": False,
        "opens_at": opens,
        "closes_at": closes,
        "state": own,
        "opened_at": opens if own in ("open", "closed") else None,
        "closed_at": closes if own == "closed" else None,
        "reminded_at": None,
        "first_closes_at": None,
        "extension_reason": "",
        "withdrawal_reason": "Het stuk wordt herschreven." if own == "withdrawn" else "",
        "revision": 1,
    }


# --- what was put in -------------------------------------------------------------------------------------------
def _contributions(made: Deliberations, rounds: list[tuple[Row, MadeDocument, str]], bar: Progress) -> None:
    """Reactions and formal views in the rounds that opened, a tenth of them in the first; answers where it is over."""
    chance = made.chance
    begun = [entry for entry in rounds if entry[0]["state"] in ("open", "closed")]
    total = made.many(REACTIONS, 20)
    task = bar.add_task("Reactions", total=total)
    names = {member.pk: member.name for member in made.members}
    tables: dict[str, list[Row]] = defaultdict(list)
    items: list[tuple[Any, ...]] = []
    answers: dict[int, list[int]] = defaultdict(list)  # consultation → contributions
    next_item = iter(range(bulk.next_id("thread_item"), 10**12))

    def put_in(entry: tuple[Row, MadeDocument, str], kind: str, person: int, member: int, **more: Any) -> int:
        row, text, state = entry
        item, words = next(next_item), make_text(chance, names[member]).summary
        paragraph = chance.choice(text.paragraphs)[0] if chance.random() < 0.95 else None
        visible = "members" if row["public"] == "members" else text.visibility
        own = "answered" if state == "answered" else "submitted"
        created = row["opens_at"] + timedelta(minutes=chance.randrange(3 * 24 * 60))
        items.append(
            item_row(
                item,
                kind,
                words,
                words,
                words,
                own,
                visible,
                theme=text.theme,
                member=member if kind == "view_point" else None,
                author=person,
                created=created,
                answered=made.now if state == "answered" else None,
            )
        )
        tables["contribution"].append(
            {
                "item_ptr_id": item,
                "in_round_id": row["id"],
                "paragraph_id": paragraph,
                "view_id": more.get("view"),
                "meeting_id": None,
                "works_for_id": member,
                "text": words,
                "order": more.get("order", 0),
                "withdrawal_reason": "",
                "late": False,
            }
        )
        if state == "answered":
            answers[row["consultation_id"]].append(item)
        return item

    for number in range(total):
        entry = begun[0] if number % 10 == 0 else chance.choice(begun)
        put_in(entry, "reaction", *chance.choice(made.people))
        bar.advance(task)
    people = {member: person for person, member in made.people}
    for place, entry in enumerate(begun):
        if not entry[0]["takes_views"]:
            continue
        wanted = made.many(VIEWS * 10 if not place else VIEWS)
        for member in chance.sample(sorted(people), min(wanted, len(people))):
            _view(made, entry, people[member], member, names[member], next_item, items, tables, put_in)
    bulk.copy("thread_item", ITEM, items)
    for table in ("view", "contribution"):
        bulk.copy_rows(f"deliberate_{table}", tables[table])
    bulk.fix_sequence("thread_item")
    _answer(made, answers)


def _view(
    made: Deliberations,
    entry: tuple[Row, MadeDocument, str],
    person: int,
    member: int,
    name: str,
    next_item: Iterator[int],
    items: list[tuple[Any, ...]],
    tables: dict[str, list[Row]],
    put_in: Any,
) -> None:
    """The view of a member, with two or three points; handed in."""
    row, text, state = entry
    item, words = next(next_item), sentence(made.chance)
    title = f"Zienswijze van {name} over “{text.title}”"
    visible = "members" if row["public"] == "members" else text.visibility
    opened = row["opens_at"]
    items.append(
        item_row(
            item,
            "view",
            title,
            words,
            words,
            "answered" if state == "answered" else "submitted",
            visible,
            theme=text.theme,
            member=member,
            author=person,
            created=opened,
            answered=made.now if state == "answered" else None,
        )
    )
    place = len(tables["view"])
    tables["view"].append({})
    points = []
    for order in range(made.chance.randrange(2, 4)):
        point = put_in(entry, "view_point", person, member, view=item, order=order)
        paragraph = tables["contribution"][-1]["paragraph_id"]
        address = next((one[1] for one in text.paragraphs if one[0] == paragraph), None)
        points.append({"point": point, "paragraph": address, "text": tables["contribution"][-1]["text"]})
    tables["view"][place] = {
        "item_ptr_id": item,
        "in_round_id": row["id"],
        "member_id": member,
        "text": words,
        "draft": Jsonb({"text": words, "points": points}),
        "drafted_by_id": person,
        "drafted_at": opened,
        "handed_in_at": opened + timedelta(days=2),
        "handed_in_by_id": person,
        "late": False,
        "version": 2,
    }


def _answer(made: Deliberations, contributions: dict[int, list[int]]) -> None:
    """An answer for each few contributions of a consultation that is over."""
    answer = bulk.next_id("deliberate_answer")
    answers: list[Row] = []
    given: list[Row] = []
    for consultation, items in contributions.items():
        start = 0
        while start < len(items):
            group = items[start : start + made.chance.randrange(1, 8)]
            start += len(group)
            answers.append(
                {
                    "id": answer,
                    "consultation_id": consultation,
                    "kind": made.chance.choice(("taken_over", "partly", "not")),
                    "reason": f"{sentence(made.chance)} Daarom doen wij het zo.",
                    "person_id": made.chance.choice(made.advisers),
                    "created_at": made.now,
                    "version": 1,
                }
            )
            given += [
                {"answer_id": answer, "item_id": item, "created_at": made.now, "ended_at": None}
                for item in group
            ]
            answer += 1
    bulk.copy_rows("deliberate_answer", answers)
    bulk.copy_rows("deliberate_answered", given)
    bulk.fix_sequence("deliberate_answer")


# --- statements ------------------------------------------------------------------------------------------------
def make_statements(made: Deliberations, bar: Progress) -> None:
    """One open round about a question, with statements that many voted on; its map is made as the product does."""
    from omkering.deliberate.commands.opinion import renew_map

    chance = made.chance
    count = min(STATEMENTS, made.many(STATEMENTS, 12))
    voters = made.people[: made.many(PARTICIPANTS, 12)]
    task = bar.add_task("Statements and votes", total=len(voters))
    item, round_id = bulk.next_id("thread_item"), bulk.next_id("deliberate_consultationround")
    question = "Wat moet de vereniging het komende jaar als eerste doen?"
    begun = made.now - timedelta(days=6)
    rows = [
        item_row(
            item, "consultation", "Wat gaat voor?", question, question, "open", "public",
            theme=chance.choice(made.themes), author=made.advisers[0], created=begun,
        )
    ]  # fmt: skip
    whole = _consultation(
        item, MadeDocument(0, 0, "", 0, "public", "", [], []), made.advisers[0], "open", made
    )
    bulk.copy("thread_item", ITEM, rows)
    bulk.copy_rows(
        "deliberate_consultation", [whole | {"document_id": None, "version_id": None, "question": question}]
    )
    row = _round(round_id, item, 1, "open", begun, made, False)
    extra = {"public": "everyone", "takes_statements": True, "takes_views": False}
    bulk.copy_rows("deliberate_consultationround", [row | extra])
    statements = range(item + 1, item + 1 + count)
    texts = [f"{sentence(chance).removesuffix('.')} ({number})" for number in range(1, count + 1)]
    bulk.copy(
        "thread_item",
        ITEM,
        (
            item_row(
                pk, "statement", text, text, "", "shown", "public",
                author=chance.choice(made.people)[0], created=begun,
            )
            for pk, text in zip(statements, texts, strict=True)
        ),
    )  # fmt: skip
    bulk.copy_rows(
        "deliberate_statement",
        [
            {
                "item_ptr_id": pk,
                "in_round_id": round_id,
                "text": text,
                "moderation_reason": "",
                "moderated_by_id": made.advisers[0],
                "moderated_at": begun,
                "number": number,
                "vote_count": 0,
            }
            for number, (pk, text) in enumerate(zip(statements, texts, strict=True), 1)
        ],
    )
    columns = ("statement_id", "person_id", "member_id", "value", "changed_at")
    bulk.copy("deliberate_statementvote", columns, _votes(made, list(statements), voters, bar, task))
    for table in ("thread_item", "deliberate_consultationround"):
        bulk.fix_sequence(table)
    made.voted_round = round_id
    renew_map(round_id=round_id)


def _votes(
    made: Deliberations, statements: list[int], voters: list[tuple[int, int]], bar: Progress, task: Any
) -> Iterator[tuple[Any, ...]]:
    chance = made.chance
    shared = {pk: chance.choice((-1, 1)) for pk in statements[: min(SHARED, len(statements) // 5)]}
    leans = [{pk: shared.get(pk) or chance.choice((-1, 1)) for pk in statements} for _number in range(GROUPS)]
    at = made.now - timedelta(days=1)
    for number, (person, member) in enumerate(voters):
        lean = leans[number % GROUPS]
        for pk in statements:
            if chance.random() < FILLED:
                value = chance.choice((-1, 0, 1)) if chance.random() < NOISE else lean[pk]
                yield pk, person, member, value, at
        bar.advance(task)
