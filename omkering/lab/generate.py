"""`omkering lab make`: people, signals, bundles, answers, news and events of a whole association, seeded.

It writes past the commands, as a restored backup would, so that it takes minutes; what it writes fits together
as the commands would have left it: ids in events exist, states fit their answers, the log is sealed.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from omkering.engine import similar
from omkering.lab import bulk
from omkering.lab.agenda import make_agenda
from omkering.lab.decisions import make_decisions
from omkering.lab.deliberation import FULL, make_deliberation
from omkering.lab.deliberation import KINDS as DELIBERATED
from omkering.lab.events import write_events
from omkering.lab.items import FROM_FOLDER, ITEM, Agenda, item_row
from omkering.lab.texts import MadeText, make_text
from omkering.thread.commands import meaning_text
from omkering.thread.models import Item, Theme
from omkering.who.models import Member, Network

YEARS = 3
ENCODED_AT_ONCE = 4096  # enough for the encoder to work on all cores
ROLES = (
    "alderman",
    "alderman",
    "mayor",
    "councillor",
    "councillor",
    "clerk",
    "official",
    "official",
    "official",
)
STATES = (
    ("submitted", 6),
    ("in_review", 10),
    ("bundled", 44),
    ("taken_up", 18),
    ("referred", 10),
    ("declined", 12),
)
VISIBILITIES = (("public", 40), ("members", 50), ("bureau", 10))


@dataclass
class Made:
    """What was made so far; ids are primary keys."""

    chance: random.Random
    now: datetime
    members: list[Member] = field(default_factory=list)
    people: list[tuple[int, int]] = field(default_factory=list)  # person, member
    of_member: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    advisers: list[int] = field(default_factory=list)
    signals: list[tuple[int, int, int, datetime, str, int]] = field(default_factory=list)
    # item, author, member, created, state, kind of problem
    bundles: list[tuple[int, int, datetime]] = field(default_factory=list)  # item, adviser, created


def make(
    *,
    members: int,
    people: int,
    signals: int,
    events: int,
    seed: int,
    dossiers: int = 0,
    conditions: int = 0,
    rounds: int = 0,
) -> None:
    """Fill an association that is loaded and holds no signals yet. Raises ValidationError otherwise.

    `members`: only the first so many take part. `events` counts all events, at least four per signal.
    """
    if Item.objects.exclude(kind__in=FROM_FOLDER).exists():
        raise ValidationError("The database holds items already: make an association in a new one (RESET=1).")
    if not Member.objects.exists():
        raise ValidationError("The association is not loaded yet.")
    made = Made(random.Random(seed), timezone.now().replace(microsecond=0))  # noqa: S311 - the same each time
    made.members = list(Member.objects.on(made.now.date()).order_by("code")[:members])
    columns = (
        TextColumn("{task.description:22}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as bar, bulk.without_triggers():
        _people(made, people, bar)
        _signals(made, signals, bar)
        _bundles(made, bar)
        _recognitions(made, bar)
        _answers(made)
        agenda = Agenda(made.chance, made.now, made.members, made.advisers, made.bundles)
        make_agenda(agenda, dossiers=dossiers, conditions=conditions, rounds=rounds, bar=bar)
        make_deliberation(made.chance, made.now, made.members, made.people, made.advisers, bar)
        make_decisions(made.chance, made.now, made.people, made.advisers, bar, part=min(1.0, people / FULL))
        _follows_and_news(made, bar)
        write_events(made, events, bar)
        make_meanings(bar, ("signal", *DELIBERATED))
        bar.update(bar.add_task("Tidying", total=1), completed=0)
        bulk.analyze()
        bar.advance(bar.task_ids[-1])


def _pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _w in weighted], [weight for _n, weight in weighted])[0]


def _people(made: Made, count: int, bar: Progress) -> None:
    task = bar.add_task("People", total=count)
    chance = made.chance
    first = bulk.next_id("who_person")
    joined = made.now - timedelta(days=365 * YEARS)
    seats: list[tuple[Any, ...]] = []
    since = joined.date()

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(count):
            person = first + number
            bureau = number < 40
            member = made.members[number % len(made.members)]
            role = "adviser" if bureau else chance.choice(ROLES)
            if bureau:
                made.advisers.append(person)
            else:
                made.people.append((person, member.pk))
                made.of_member[member.pk].append(person)
            seats.append((since, None, person, role, None if bureau else member.pk, None, None))
            email = f"persoon{number}@lab.example"
            digest = ("at_once", "daily", "daily", "weekly", "never")[number % 5]
            yield person, "!", None, False, email, f"Persoon {number}", "nl", digest, True, joined
            bar.advance(task)

    names = (
        "id",
        "password",
        "last_login",
        "is_superuser",
        "email",
        "name",
        "language",
        "digest",
        "is_active",
        "joined",
    )
    bulk.copy("who_person", names, rows())
    seat_columns = ("starts", "ends", "person_id", "role", "member_id", "network_id", "body_id")
    bulk.copy("who_appointment", seat_columns, seats)
    mandates = ((since, None, people[0], member, "vote") for member, people in made.of_member.items())
    bulk.copy("who_mandate", ("starts", "ends", "person_id", "member_id", "scope"), mandates)
    bulk.fix_sequence("who_person")


def _signals(made: Made, count: int, bar: Progress) -> None:
    task = bar.add_task("Signals", total=count)
    chance = made.chance
    themes = dict(Theme.objects.values_list("key", "pk"))
    names = {member.pk: member.name for member in made.members}
    network = Network.objects.order_by("pk").first()
    first = bulk.next_id("thread_item")
    details: list[tuple[Any, ...]] = []

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(count):
            item = first + number
            author, member = chance.choice(made.people)
            text = make_text(chance, names[member])
            created = made.now - timedelta(seconds=chance.randrange(1, YEARS * 365 * 86400))
            state = _pick(chance, STATES)
            if state in ("submitted", "in_review") and chance.random() < 0.97:
                created = made.now - timedelta(seconds=chance.randrange(1, 13 * 86400))
            visibility = _pick(chance, VISIBILITIES)
            audience = None
            if network is not None and chance.random() < 0.02:
                visibility, audience = "network", network.pk
            answered = (
                None
                if state in ("submitted", "in_review")
                else created + timedelta(days=chance.randrange(1, 14))
            )
            made.signals.append((item, author, member, created, state, text.kind))
            details.append(_detail(item, text))
            yield item_row(
                item, "signal", text.title, text.summary, f"{text.case}\n{text.touches}\n{text.helps}", state,
                visibility, audience=audience, theme=themes.get(text.theme), member=member, author=author,
                created=created, due=created + timedelta(days=14),
                answered=min(answered, made.now) if answered else None,
            )  # fmt: skip
            bar.advance(task)

    bulk.copy("thread_item", ITEM, rows())
    columns = ("item_ptr_id", "case", "touches", "helps", "personal_data_reason", "supporters")
    bulk.copy("listen_signal", columns, details)
    bulk.fix_sequence("thread_item")


def _detail(item: int, text: MadeText) -> tuple[Any, ...]:
    return item, text.case, text.touches, text.helps, "", 1


def _bundles(made: Made, bar: Progress) -> None:
    """Signals of one kind of problem, some dozens at a time, in bundles."""
    chance = made.chance
    by_kind: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for item, _author, _member, created, state, kind in made.signals:
        if state in ("bundled", "taken_up"):
            by_kind[kind].append((item, created))
    task = bar.add_task("Bundles", total=len(by_kind) or 1)
    item = bulk.next_id("thread_item")
    rows, links = [], []
    titles = dict(
        Item.objects.filter(pk__in=[signals[0][0] for signals in by_kind.values()]).values_list("pk", "title")
    )
    for kind in sorted(by_kind):
        signals = sorted(by_kind[kind], key=lambda signal: signal[1])
        title = titles[by_kind[kind][0][0]].split(":")[0]
        number = 0
        while number < len(signals):
            group = signals[number : number + chance.randrange(5, 60)]
            number += len(group)
            created = min(group[-1][1] + timedelta(days=3), made.now)
            adviser = chance.choice(made.advisers)
            state = "taken_up" if chance.random() < 0.5 else "in_review"
            rows.append(
                item_row(
                    item,
                    "bundle",
                    title,
                    "",
                    "",
                    state,
                    "public",
                    author=adviser,
                    created=created,
                    answered=created,
                )
            )
            links += [(signal, item, "bundled_in", created, None) for signal, _created in group]
            made.bundles.append((item, adviser, created))
            item += 1
        bar.advance(task)
    bulk.copy("thread_item", ITEM, rows)
    bulk.copy("listen_bundle", ("item_ptr_id",), ((bundle,) for bundle, _a, _c in made.bundles))
    bulk.copy("thread_link", ("upstream_id", "downstream_id", "kind", "created_at", "ended_at"), links)
    bulk.fix_sequence("thread_item")


def _recognitions(made: Made, bar: Progress) -> None:
    """Others that see it too: few for most signals, many for some."""
    chance = made.chance
    task = bar.add_task("Recognitions", total=len(made.signals))
    everyone = [member.pk for member in made.members]

    def rows() -> Iterator[tuple[Any, ...]]:
        for item, _author, member, created, _state, _kind in made.signals:
            count = min(int(chance.paretovariate(1.6)) - 1, 40, len(everyone) - 1)
            for other in chance.sample(everyone, count) if count else ():
                people = made.of_member[other]
                if other == member or not people:
                    continue
                at = min(created + timedelta(hours=chance.randrange(1, 900)), made.now)
                yield item, other, chance.choice(people), "Wij zien dit ook bij ons.", at, None, ""
            bar.advance(task)

    columns = (
        "signal_id",
        "member_id",
        "person_id",
        "case",
        "created_at",
        "withdrawn_at",
        "personal_data_reason",
    )
    bulk.copy("listen_recognition", columns, rows())
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE listen_signal s SET supporters = 1 + n
               FROM (SELECT signal_id, count(*) AS n FROM listen_recognition GROUP BY 1) r
               WHERE r.signal_id = s.item_ptr_id"""
        )
        # The board's rows, which triggers keep otherwise.
        cursor.execute("SELECT listen_board_refresh(array(SELECT item_ptr_id FROM listen_signal))")


def _answers(made: Made) -> None:
    reason = "Dit hoort bij een ander: wij gaven het door, met uw voorbeeld erbij."

    def rows() -> Iterator[tuple[Any, ...]]:
        for item, _author, _member, created, state, _kind in made.signals:
            if state in ("declined", "referred"):
                at = min(created + timedelta(days=6), made.now)
                yield item, state, reason, None, "", "", made.chance.choice(made.advisers), at

    columns = (
        "item_id",
        "state",
        "reason",
        "referred_body_id",
        "referred_to",
        "personal_data_reason",
        "person_id",
        "created_at",
    )
    bulk.copy("listen_answer", columns, rows())


def _follows_and_news(made: Made, bar: Progress) -> None:
    chance = made.chance
    task = bar.add_task("News", total=len(made.signals))
    seen: set[tuple[int, int]] = set()
    follows = []
    for _number in range(len(made.people) * 3):
        pair = (chance.choice(made.people)[0], chance.choice(made.signals)[0])
        if pair not in seen:
            seen.add(pair)
            follows.append((pair[0], pair[1], made.now))
    bulk.copy("thread_follow", ("person_id", "item_id", "created_at"), follows)

    def rows() -> Iterator[tuple[Any, ...]]:
        for item, author, _member, created, state, _kind in made.signals:
            bar.advance(task)
            if state in ("submitted", "in_review"):
                continue
            at = min(created + timedelta(days=7), made.now)
            news = f"signal.in_review:{item}:"
            yield author, item, item, "signal.in_review", news, Jsonb({}), at, at, at

    columns = (
        "person_id",
        "item_id",
        "because_id",
        "milestone",
        "news",
        "data",
        "created_at",
        "read_at",
        "mailed_at",
    )
    bulk.copy("thread_notice", columns, rows())


def make_meanings(bar: Progress, kinds: tuple[str, ...]) -> None:
    """Vectors of all items of these kinds; equal texts are encoded once."""
    without = Item.objects.filter(kind__in=kinds, meaning__isnull=True)
    items = list(without.only("pk", "title", "summary").order_by("pk"))
    texts = [meaning_text(item) for item in items]
    unique = sorted(set(texts))
    task = bar.add_task("Meaning", total=len(unique) + 1)
    vectors: dict[str, str] = {}
    for start in range(0, len(unique), ENCODED_AT_ONCE):
        part = unique[start : start + ENCODED_AT_ONCE]
        for text, vector in zip(part, similar.encode(part), strict=True):
            vectors[text] = "[" + ",".join(f"{value:.5f}" for value in vector) + "]"
        bar.advance(task, len(part))
    with bulk.without_index("thread_meaning_near"):
        rows = ((item.pk, vectors[text]) for item, text in zip(items, texts, strict=True))
        bulk.copy("thread_meaning", ("item_id", "vector"), rows)
    bar.advance(task)
