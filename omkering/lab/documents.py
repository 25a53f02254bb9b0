"""Made documents with their versions, and the amendments to the longest of them."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from rich.progress import Progress

from omkering.lab import bulk
from omkering.lab.agenda import LINK
from omkering.lab.deliberation_texts import make_blocks, other_verb, sentence, sentences
from omkering.lab.items import ITEM, Deliberations, MadeDocument, item_row

SIZES = ((400, 1), (100, 9), (20, 50))  # paragraphs, and how many documents there are of that length
VERSIONS = 3
CHANGED = 0.05  # of the paragraphs, from version to version
AMENDMENTS = 1_000
COLLIDING = 0.1
BACKED = 0.1  # have co-signers, and as many have advice
ADOPTED = 0.04  # are in the newest version of the text
SETTLED = 0.05  # were withdrawn or rejected
DEEDS = (("change", 93), ("add", 7))

Row = dict[str, Any]


def make_documents(made: Deliberations, bar: Progress) -> None:
    """Documents of three lengths; of each length at least one."""
    task = bar.add_task("Documents", total=sum(made.many(count) for _size, count in SIZES))
    tables: dict[str, list[Row]] = defaultdict(list)
    items: list[tuple[Any, ...]] = []
    ids = {
        table: bulk.next_id(f"deliberate_{table}" if table != "item" else "thread_item")
        for table in ("item", "version", "paragraph")
    }
    for size, count in SIZES:
        for number in range(made.many(count)):
            _document(made, size, number, ids, items, tables)
            bar.advance(task)
    bulk.copy("thread_item", ITEM, items)
    for table in ("document", "version", "paragraph", "block"):
        bulk.copy_rows(f"deliberate_{table}", tables[table])
    for table in ("thread_item", "deliberate_version", "deliberate_paragraph"):
        bulk.fix_sequence(table)


def _document(
    made: Deliberations,
    size: int,
    number: int,
    ids: dict[str, int],
    items: list[tuple[Any, ...]],
    tables: dict[str, list[Row]],
) -> None:
    chance = made.chance
    item, adviser, theme = ids["item"], chance.choice(made.advisers), chance.choice(made.themes)
    ids["item"] += 1
    blocks = make_blocks(chance, size)
    title = f"{'Visie' if size == 400 else 'Notitie'} {number + 1} over {blocks[0].text.split(' over ')[1]}"
    state = "published" if not number else chance.choice(("published", "published", "adopted", "withdrawn"))
    visibility = "public" if not number or chance.random() < 0.6 else "members"
    created = made.now - timedelta(days=chance.randrange(60, 700))
    items.append(
        item_row(
            item,
            "document",
            title,
            f"{title}. Dit stuk ligt voor aan alle leden.",
            "\n".join(block.text for block in blocks),
            state,
            visibility,
            theme=theme,
            body=chance.choice(made.bodies),
            author=adviser,
            created=created,
        )
    )
    tables["document"].append({"item_ptr_id": item, "owner_id": adviser, "state_reason": "", "revision": 1})
    paragraphs = []
    for address in range(1, len(blocks) + 1):
        tables["paragraph"].append({"id": ids["paragraph"], "document_id": item, "address": address})
        paragraphs.append(ids["paragraph"])
        ids["paragraph"] += 1
    document = MadeDocument(item, 0, title, theme, visibility, state, [], [])
    words = [block.text for block in blocks]
    for version in range(VERSIONS if not number else chance.randrange(1, VERSIONS + 1)):
        if version:
            words = [
                f"{text} {sentence(chance)}"
                if block.kind != "heading" and chance.random() < CHANGED
                else text
                for block, text in zip(blocks, words, strict=True)
            ]
        _version(ids["version"], version + 1, document, paragraphs, blocks, words, adviser, created, tables)
        ids["version"] += 1
    document.paragraphs = [
        (paragraph, address, block.kind, text)
        for address, (paragraph, block, text) in enumerate(zip(paragraphs, blocks, words, strict=True), 1)
    ]
    made.texts.append(document)


def _version(
    pk: int,
    number: int,
    document: MadeDocument,
    paragraphs: list[int],
    blocks: list[Any],
    words: list[str],
    person: int,
    created: Any,
    tables: dict[str, list[Row]],
) -> None:
    """A whole text of a document; `blocks` give its structure, `words` its words."""
    document.version = pk
    tables["version"].append(
        {
            "id": pk,
            "document_id": document.item,
            "number": number,
            "note": "" if number == 1 else "Bijgewerkt na gesprekken.",
            "personal_data_reason": "",
            "person_id": person,
            "created_at": created + timedelta(days=10 * (number - 1)),
        }
    )
    document.words.append({})
    for position, (paragraph, block, text) in enumerate(zip(paragraphs, blocks, words, strict=True)):
        document.words[-1][paragraph] = (pk, text)
        tables["block"].append(
            {
                "version_id": pk,
                "paragraph_id": paragraph,
                "position": position,
                "kind": block.kind,
                "level": block.level,
                "label": block.label,
                "text": text,
            }
        )


# --- amendments ------------------------------------------------------------------------------------------------
def make_amendments(made: Deliberations, bar: Progress) -> None:
    """Amendments to the longest text: each changes a sentence of its own, or adds a part, except those that collide:
    they give the same sentence another verb."""
    chance = made.chance
    document = made.texts[0]
    count = min(AMENDMENTS, made.many(AMENDMENTS, 20))
    task = bar.add_task("Amendments", total=count)
    tables: dict[str, list[Row]] = defaultdict(list)
    items: list[tuple[Any, ...]] = []
    links: list[tuple[Any, ...]] = []
    item = bulk.next_id("thread_item")
    since = made.now - timedelta(days=30)
    for number, (paragraph, base_version, base, deed, text) in enumerate(_wanted(made, document, count), 1):
        person, member = chance.choice(made.people)
        state, visibility = _state(made, number, count), document.visibility
        created = since + timedelta(minutes=chance.randrange(30 * 24 * 60))
        reason = f"{sentence(chance)} Daarom stellen wij deze tekst voor."
        items.append(
            item_row(
                item,
                "amendment",
                f"Amendement over {text.split('.')[0]}"[:200],
                reason,
                f"{text}\n\n{reason}",
                state,
                visibility,
                theme=document.theme,
                member=member,
                author=person,
                created=created,
            )
        )
        settled = state in ("withdrawn", "rejected")
        tables["amendment"].append(
            {
                "item_ptr_id": item,
                "document_id": document.item,
                "in_round_id": made.big_round or None,
                "paragraph_id": paragraph,
                "written_on_id": base_version,
                "deed": deed,
                "number": number,
                "base": base,
                "text": text,
                "reason": reason,
                "consequences": "Dit kost niets extra." if chance.random() < 0.5 else "",
                "network_id": None,
                "late": False,
                "submitted_at": created,
                "settled_at": made.now if settled else None,
                "settled_reason": "Het ging op in een ander voorstel." if settled else "",
                "settled_in_id": None,
                "version": 1,
            }
        )
        links.append((document.item, item, "amends", created, None))
        _backed(made, item, person, member, created, tables)
        item += 1
        bar.advance(task)
    bulk.copy("thread_item", ITEM, items)
    bulk.copy("thread_link", LINK, links)
    for table in ("amendment", "backing", "amendmentadvice"):
        bulk.copy_rows(f"deliberate_{table}", tables[table])
    bulk.fix_sequence("thread_item")
    _adopt(made, document, tables["amendment"])


def _state(made: Deliberations, number: int, count: int) -> str:
    if number > count * (1 - SETTLED):
        return made.chance.choice(("withdrawn", "rejected"))
    return "submitted" if made.chance.random() < 0.95 else "held"


def _wanted(made: Deliberations, document: MadeDocument, count: int) -> list[tuple[int, int, str, str, str]]:
    """Paragraph, version it was written on, its words there, deed and text of each amendment, in random order."""
    chance = made.chance
    free: list[tuple[int, int]] = []  # a paragraph and the place of a sentence in it
    newest, before = document.words[-1], document.words[-2]
    for paragraph, _address, kind, text in document.paragraphs:
        if kind != "heading":
            free += [(paragraph, place) for place in range(len(sentences(text)))]
    chance.shuffle(free)
    empty = [paragraph for paragraph, _address, kind, _text in document.paragraphs if kind != "heading"]
    chance.shuffle(empty)
    # Half of these stand against one other each, and half against each other: at one sentence that many want to change.
    twice = round(count * COLLIDING * 0.6)
    made_up: list[tuple[int, int, str, str, str]] = []
    slots: list[tuple[int, int]] = []
    while len(made_up) < count - twice and (free or empty):
        adds = not free or (empty and chance.choices((False, True), [weight for _d, weight in DEEDS])[0])
        if adds:
            paragraph = empty.pop()
            version, base = newest[paragraph]
            made_up.append((paragraph, version, base, "add", f"{sentence(chance)} {sentence(chance)}"))
            continue
        paragraph, place = free.pop()
        known = before if chance.random() < 0.1 else newest  # some were written on the version before
        version, base = known[paragraph]
        parts = sentences(base)
        if place >= len(parts):
            version, base = newest[paragraph]
            parts = sentences(base)
        parts[place] = other_verb(chance, parts[place])
        made_up.append((paragraph, version, base, "change", " ".join(parts)))
        slots.append((paragraph, place))
    taken = {
        (paragraph, place): text
        for (paragraph, place), (_p, _v, _b, _d, text) in zip(
            slots, [row for row in made_up if row[3] == "change"], strict=True
        )
    }
    wanted = [
        *chance.sample(slots, min(twice // 2, len(slots))),
        *[chance.choice(slots)] * (twice - twice // 2),
    ]
    for paragraph, place in wanted:
        version, base = newest[paragraph]
        parts = sentences(base)
        first = sentences(taken[paragraph, place])[place]
        while (other := other_verb(chance, parts[place])) == first:
            pass
        parts[place] = other
        made_up.append((paragraph, version, base, "change", " ".join(parts)))
    chance.shuffle(made_up)
    return made_up


def _backed(
    made: Deliberations, item: int, person: int, member: int, created: Any, tables: dict[str, list[Row]]
) -> None:
    """Its author, and for some who signs with them and what a committee advises."""
    chance = made.chance
    rows = [(member, "author")]
    if chance.random() < BACKED:
        others = [one.pk for one in made.members if one.pk != member]
        count = min(chance.randrange(1, 13), len(others))
        rows += [(other, "cosigns") for other in chance.sample(others, count)]
    tables["backing"] += [
        {
            "amendment_id": item,
            "member_id": who,
            "network_id": None,
            "part": part,
            "came_from_id": None,
            "person_id": person,
            "created_at": created,
            "ended_at": None,
        }
        for who, part in rows
    ]
    if chance.random() < BACKED:
        kind = chance.choice(("adopt", "changed", "reject", "hold"))
        tables["amendmentadvice"].append(
            {
                "amendment_id": item,
                "body_id": chance.choice(made.bodies),
                "kind": kind,
                "reason": sentence(chance),
                "alternative": sentence(chance) if kind == "changed" else "",
                "person_id": chance.choice(made.advisers),
                "created_at": made.now,
                "ended_at": None,
            }
        )


def _adopt(made: Deliberations, document: MadeDocument, amendments: list[Row]) -> None:
    """Some were adopted together: a newer version of the text holds them, and says so."""
    from omkering.deliberate.models import Amendment, AmendmentState, Basis, Block, Version
    from omkering.thread.models import Item

    wanted = round(len(amendments) * ADOPTED)
    at = Counter(row["paragraph_id"] for row in amendments)
    chosen: dict[int, Row] = {}
    for row in amendments:  # the only one at its paragraph, written on the newest text
        fits = row["deed"] == "change" and row["written_on_id"] == document.version and not row["settled_at"]
        if fits and at[row["paragraph_id"]] == 1 and len(chosen) < wanted:
            chosen[row["paragraph_id"]] = row
    version = Version.objects.create(
        document_id=document.item,
        number=len(document.words) + 1,
        note="Met de amendementen die zijn aangenomen.",
        person_id=made.advisers[0],
        created_at=made.now,
    )
    blocks = list(Block.objects.filter(version_id=document.version).order_by("position"))
    for block in blocks:
        block.pk, block.version = None, version
        if block.paragraph_id in chosen:
            block.text = chosen[block.paragraph_id]["text"]
    Block.objects.bulk_create(blocks)
    Basis.objects.bulk_create(
        Basis(version=version, paragraph_id=paragraph, item_id=row["item_ptr_id"])
        for paragraph, row in chosen.items()
    )
    ids = [row["item_ptr_id"] for row in chosen.values()]
    Item.objects.filter(pk__in=ids).update(state=AmendmentState.ADOPTED, answered_at=made.now)
    Amendment.objects.filter(pk__in=ids).update(settled_at=made.now, settled_reason="Aangenomen.")
    document.version = version.pk
    document.paragraphs = [
        (paragraph, address, kind, chosen[paragraph]["text"] if paragraph in chosen else text)
        for paragraph, address, kind, text in document.paragraphs
    ]
