"""A made agenda of real size: dossiers on their way, what they ask, and priority rounds with their ballots.

Written past the commands, like the rest of the made association; what it writes fits together as the commands
would have left it. The rounds are counted as the product counts them.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rich.progress import Progress

from omkering.agenda.models import Challenge
from omkering.agenda.promises import owed_on
from omkering.lab import bulk
from omkering.lab.items import ITEM, Agenda, item_row
from omkering.lab.rounds import make_rounds
from omkering.thread.models import Theme
from omkering.who.association.agenda_records import RouteRecord
from omkering.who.current import association
from omkering.who.models import Body, Organisation

CONDITIONS = 20  # on average, of each dossier
KINDS = ("law", "money", "data", "capacity", "experiment")
ANSWERS = (("asked", 30), ("agreed", 30), ("partly", 18), ("refused", 17), ("draft", 5))
SUBJECTS = (
    "Schone lucht in de binnenstad",
    "Stroom voor nieuwe wijken",
    "Plekken in de jeugdhulp",
    "Huizen voor starters",
    "Hulp bij schulden",
    "Vakmensen voor de bouw",
    "Water vasthouden in de wijk",
    "Opvang dichtbij huis",
    "Een loket voor vergunningen",
    "Warmte zonder gas",
    "Groen op het schoolplein",
    "Bus in het dorp",
)
PLACES = ("dorpen", "steden", "de regio", "kleine gemeenten", "de kust", "het oosten", "oude wijken")


def make_agenda(agenda: Agenda, *, dossiers: int, conditions: int, rounds: int, bar: Progress) -> None:
    """Fill the agenda; its challenges are those of the association folder."""
    agenda.themes = list(Theme.objects.order_by("pk").values_list("pk", flat=True))
    agenda.bodies = list(Body.objects.filter(kind="committee").order_by("pk").values_list("pk", flat=True))
    agenda.parties = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    if not dossiers or not agenda.parties:
        return
    _dossiers(agenda, dossiers, bar)
    _conditions(agenda, conditions, bar)
    make_rounds(agenda, rounds, bar)


def _pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _w in weighted], [weight for _n, weight in weighted])[0]


def _routes() -> list[tuple[str, RouteRecord]]:
    return [(model.key, route) for model in association().cooperation_models for route in model.routes]


def _dossiers(agenda: Agenda, count: int, bar: Progress) -> None:
    """Each somewhere on its route, with the steps it took, its members, its parties and where it came from."""
    chance, now = agenda.chance, agenda.now
    task = bar.add_task("Dossiers", total=count)
    item = bulk.next_id("thread_item")
    routes = _routes()
    challenges = list(Challenge.objects.order_by("pk").values_list("pk", flat=True))
    items: list[tuple[Any, ...]] = []
    details: list[tuple[Any, ...]] = []
    steps: list[tuple[Any, ...]] = []
    parts: list[tuple[Any, ...]] = []
    parties: list[tuple[Any, ...]] = []
    links: list[tuple[Any, ...]] = []
    placements: list[tuple[Any, ...]] = []
    for number in range(count):
        model, route = chance.choice(routes)
        created = now - timedelta(seconds=chance.randrange(30 * 86400, 3 * 365 * 86400))
        adviser, body = chance.choice(agenda.advisers), chance.choice(agenda.bodies)
        reached = chance.randrange(len(route.steps))
        title = f"{chance.choice(SUBJECTS)}: {chance.choice(PLACES)} {number + 1}"
        summary = f"{title}. Gemeenten zien hier elke week gevallen van. Zij willen het samen oplossen."
        closed = route.steps[reached].key == "closed"
        per_step = (now - created) / (reached + 1)
        started = created
        for place in range(reached + 1):
            step = route.steps[place]
            ended = None if place == reached else started + per_step
            due = (
                None
                if step.leader == "state"
                else (started + timedelta(days=chance.randrange(20, 300))).date()
            )
            steps.append(
                (
                    item,
                    place + 1,
                    model,
                    route.key,
                    step.key,
                    adviser,
                    body,
                    due,
                    "",
                    "",
                    adviser,
                    started,
                    ended,
                )
            )
            due_at = None if due is None else datetime.combine(due, datetime.max.time(), now.tzinfo)
            started = ended or started
        items.append(
            item_row(
                item,
                "dossier",
                title,
                summary,
                "",
                "closed" if closed else "open",
                "members" if chance.random() < 0.5 else "public",
                theme=chance.choice(agenda.themes),
                body=body,
                author=adviser,
                created=created,
                due=None if closed else due_at,
                answered=now if closed else None,
            )
        )
        solution = "Gemeenten beginnen samen en delen wat werkt." if reached > 2 else ""
        result = "De aanpak werkt nu overal." if closed else ""
        details.append(
            (
                item,
                model,
                route.key,
                route.steps[reached].key,
                solution,
                "Meld u aan als pilot.",
                result,
                adviser,
                1,
            )
        )
        for member in chance.sample(agenda.members, chance.randrange(1, 13)):
            part = chance.choice(("pilot", "pilot", "follows", "carries_out"))
            parts.append(
                (
                    item,
                    member.pk,
                    part,
                    "",
                    created.date() if part == "pilot" else None,
                    adviser,
                    created,
                    None,
                )
            )
        for party in chance.sample(agenda.parties, 2):
            parties.append((item, party, None, "", adviser, created, None))
        if agenda.bundles and chance.random() < 0.8:
            links.append((chance.choice(agenda.bundles)[0], item, "raised_by", created, None))
        if challenges:
            placements.append((item, chance.choice(challenges), adviser, created, None, ""))
        agenda.dossiers.append((item, created, title, adviser))
        item += 1
        bar.advance(task)
    bulk.copy("thread_item", ITEM, items)
    bulk.copy(
        "agenda_dossier",
        ("item_ptr_id", "model", "route", "step", "solution", "asks", "result", "owner_id", "version"),
        details,
    )
    bulk.copy(
        "agenda_dossierstep",
        (
            "dossier_id",
            "number",
            "model",
            "route",
            "step",
            "owner_person_id",
            "owner_body_id",
            "due_on",
            "note",
            "reason",
            "person_id",
            "started_at",
            "ended_at",
        ),
        steps,
    )
    bulk.copy(
        "agenda_participation",
        ("dossier_id", "member_id", "part", "what", "under_way_since", "person_id", "created_at", "ended_at"),
        parts,
    )
    bulk.copy(
        "agenda_party",
        ("dossier_id", "organisation_id", "contact_id", "part", "person_id", "created_at", "ended_at"),
        parties,
    )
    bulk.copy("thread_link", LINK, links)
    bulk.copy(
        "agenda_placement",
        ("item_id", "challenge_id", "person_id", "created_at", "ended_at", "end_reason"),
        placements,
    )
    bulk.fix_sequence("thread_item")


LINK = ("upstream_id", "downstream_id", "kind", "created_at", "ended_at")


def _conditions(agenda: Agenda, count: int, bar: Progress) -> None:
    """What the dossiers ask, with the answers and what came of the promises."""
    chance = agenda.chance
    task = bar.add_task("Conditions", total=count)
    item = bulk.next_id("thread_item")
    items: list[tuple[Any, ...]] = []
    details: list[tuple[Any, ...]] = []
    answers: list[tuple[Any, ...]] = []
    fulfilments: list[tuple[Any, ...]] = []
    links: list[tuple[Any, ...]] = []
    for number in range(count):
        dossier, created, title, adviser = agenda.dossiers[number % len(agenda.dossiers)]
        made = _condition(chance, agenda.now, created)
        items.append(
            item_row(
                item,
                "condition",
                f"Voorwaarde bij {title}"[:200],
                made.exactly,
                "",
                made.state,
                "members",
                theme=None,
                body=None,
                author=adviser,
                created=created,
                due=None,
                answered=made.answered_at,
            )
        )
        details.append(
            (
                item,
                dossier,
                number // len(agenda.dossiers) + 1,
                chance.choice(agenda.parties),
                None,
                made.kind,
                made.state,
                made.exactly,
                "Zonder dit kan de oplossing niet overal werken.",
                made.asked_on,
                made.answer_due,
                made.answered_on,
                made.promised_on,
                made.met,
                made.met_on,
                owed_on(made.state, made.answer_due, made.promised_on, made.met),
                None,
                "",
                1,
            )
        )
        if made.answered_on:
            answers.append(
                (
                    item,
                    made.state,
                    "Wij komen hier op terug met een plan.",
                    made.answered_on,
                    made.promised_on,
                    "",
                    None,
                    adviser,
                    made.answered_at,
                )
            )
        if made.met is not None:
            fulfilments.append(
                (item, made.met, "Gezien in de begroting.", made.met_on, "", None, adviser, agenda.now)
            )
        links.append((dossier, item, "asks", created, None))
        item += 1
        bar.advance(task)
    bulk.copy("thread_item", ITEM, items)
    bulk.copy(
        "agenda_condition",
        (
            "item_ptr_id",
            "dossier_id",
            "number",
            "organisation_id",
            "contact_id",
            "condition_kind",
            "answer",
            "exactly",
            "why",
            "asked_on",
            "answer_due",
            "answered_on",
            "promised_on",
            "met",
            "met_on",
            "owed_on",
            "withdrawn_at",
            "withdraw_reason",
            "version",
        ),
        details,
    )
    bulk.copy(
        "agenda_conditionanswer",
        (
            "condition_id",
            "answer",
            "text",
            "given_on",
            "promised_on",
            "evidence_url",
            "document_id",
            "person_id",
            "created_at",
        ),
        answers,
    )
    bulk.copy(
        "agenda_fulfilment",
        ("condition_id", "met", "text", "seen_on", "evidence_url", "document_id", "person_id", "created_at"),
        fulfilments,
    )
    bulk.copy("thread_link", LINK, links)
    bulk.fix_sequence("thread_item")


@dataclass
class _Made:
    """One condition: its state with the days that fit it."""

    state: str
    kind: str
    exactly: str
    asked_on: date | None = None
    answer_due: date | None = None
    answered_on: date | None = None
    answered_at: datetime | None = None
    promised_on: date | None = None
    met: bool | None = None
    met_on: date | None = None


def _condition(chance: random.Random, now: datetime, created: datetime) -> _Made:
    state, kind = _pick(chance, ANSWERS), chance.choice(KINDS)
    made = _Made(
        state, kind, f"Regel dit in {chance.choice(('de wet', 'de begroting', 'een register', 'een proef'))}."
    )
    if state == "draft":
        return made
    today = now.date()
    made.asked_on = min(created.date() + timedelta(days=chance.randrange(1, 200)), today)
    made.answer_due = made.asked_on + timedelta(days=chance.randrange(30, 180))
    if state == "asked":
        return made
    made.answered_on = min(made.asked_on + timedelta(days=chance.randrange(10, 250)), today)
    made.answered_at = datetime.combine(made.answered_on, datetime.min.time(), now.tzinfo)
    if state in ("agreed", "partly"):
        made.promised_on = made.answered_on + timedelta(days=chance.randrange(30, 500))
        if made.promised_on <= today and chance.random() < 0.6:
            made.met, made.met_on = chance.random() < 0.8, made.promised_on
    return made
