"""Every page asks the database a fixed number of questions, however much there is.

The pages come from the URL configuration. Each is counted when there is much more of everything, and in the world
with one of everything; a page whose number grows with its list fails here.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.test import Client, TestCase
from django.utils import timezone

from omkering.decide.commands.ballots import cast_ballot
from omkering.decide.commands.proposals import make_proposal
from omkering.decide.commands.votes import close_vote, open_vote, plan_vote
from omkering.decide.models import Vote
from omkering.listen.commands.bundles import add_signals, make_bundle
from omkering.listen.commands.recognition import recognise
from omkering.listen.commands.signals import save_draft, submit_signal
from omkering.listen.models import Bundle, Signal, Suggestion
from omkering.thread import waiting
from omkering.thread.commands import follow, meanings_together, save_search
from omkering.thread.models import Item, Theme, Visibility
from omkering.ui import pdf
from omkering.who.models import Appointment, Body, Mandate, Member, Network, Person
from tests import world_rooms
from tests.people import LONG_AGO, make_person
from tests.shared_world import shared
from tests.world import CASE, OTHER, OWN, World, address, give_session, patterns

WHO = ("visitor", "official", "mayor", "network_secretary", "adviser", "administrator")
# A page of the bureau is the same for all of the bureau; elsewhere these see more than one another.
LOOK = {"bureau": ("adviser",), "administrator": ("administrator",)}
ELSEWHERE = ("visitor", "official", "mayor", "network_secretary", "adviser")
MORE = 8  # of each, on top of the one to three there are


@pytest.mark.long
class EveryPage(TestCase):
    """One world, counted when it has grown and as it was before."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = shared()

    def test_the_number_of_queries_does_not_grow_with_what_there_is(self):
        clients = {role: Client() for role in WHO}
        for role in WHO[1:]:
            give_session(clients[role], Person.objects.get(pk=self.world.people[role]), still=True)
        # Also the looks of the home page that a sign spares where nothing waits; drawing a PDF asks nothing.
        looks = [replace(look, sign="") for look in waiting._looks]
        drawn = patch.object(pdf, "make_pdf", lambda html: b"%PDF-")
        with drawn, patch.object(waiting, "_looks", looks):
            # Grown first: whatever a process keeps is then there for the small world, which has to ask as much.
            with transaction.atomic():
                with meanings_together():
                    grow(self.world)
                after = self.count(clients, shown_to(), grown=True)
                transaction.set_rollback(True)
            self.assertGreater(len(after), 400)
            before = self.count(clients, differing(after))
        more = {
            f"{name} · {role}": (len(queries), len(after[name, role]), _extra(queries, after[name, role]))
            for (name, role), queries in before.items()
            if len(after[name, role]) > len(queries)
        }
        assert not more, "\n".join(f"{page}: {counts}" for page, counts in more.items())

    def count(
        self, clients: dict[str, Client], pages: list[tuple[str, str]], *, grown: bool = False
    ) -> dict[tuple[str, str], list[str]]:
        """The queries of each page that shows itself. Of the `grown` world, where each comes first, the first role's
        showing is not counted but its second: what a process keeps is there then.
        """
        found: dict[tuple[str, str], list[str]] = {}
        kept = set() if grown else {name for name, _role in pages}
        for name, role in pages:
            status, queries = self.show(clients[role], address(name, self.world))
            if status == 200 and name not in kept:
                kept.add(name)
                status, queries = self.show(clients[role], address(name, self.world))
            if status == 200 or not grown:
                found[name, role] = queries
        return found

    def show(self, client: Client, path: str) -> tuple[int, list[str]]:
        """The status of a page and what it asked; what it changed is taken back."""
        queries: list[str] = []

        def heard(execute: Any, sql: Any, *rest: Any) -> Any:
            queries.append(str(sql))
            return execute(sql, *rest)

        with transaction.atomic():
            cache.clear()
            with connection.execute_wrapper(heard):
                answer = client.get(path)
                if answer.streaming:
                    b"".join(answer.streaming_content)
                _close(answer)
            transaction.set_rollback(True)
        return answer.status_code, queries


def shown_to() -> list[tuple[str, str]]:
    """Every page with the roles to look at it as."""
    return [
        (name, role)
        for name, pattern in patterns()
        for role in LOOK.get(getattr(pattern.callback, "access", None), ELSEWHERE)
    ]


def differing(found: dict[tuple[str, str], list[str]]) -> list[tuple[str, str]]:
    """Of the pages, one role for each list of questions: who asks the same as another of the grown world, asks the
    same number more of it.
    """
    first = {(name, tuple(queries)): role for (name, role), queries in reversed(found.items())}
    return [(name, role) for (name, role), queries in found.items() if first[name, tuple(queries)] == role]


def _close(answer: Any) -> None:
    """Close an answer's files; the end of its request would otherwise end the test's connection too."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def _extra(before: list[str], after: list[str]) -> str:
    """The query that is asked most often more than before, without its numbers."""
    more = Counter(map(_form, after))
    more.subtract(map(_form, before))
    return more.most_common(1)[0][0]


def _form(sql: str) -> str:
    return re.sub(r"\d+", "N", sql)[:300]


def grow(world: World) -> None:
    """Much more of everything, around the same subjects."""
    people = {role: Person.objects.get(pk=pk) for role, pk in world.people.items()}
    own, theme = Member.objects.get(code=OWN), Theme.objects.get(key=world.texts["theme"])
    adviser, official = people["adviser"], people["official"]
    bundle, vote = Bundle.objects.get(pk=world.ids["bundle"]), Vote.objects.get(pk=world.ids["running"])
    others = list(Member.objects.on(timezone.localdate()).exclude(code__in=(OWN, "GM0034"))[:MORE])
    mayors = [make_person("mayor", member=member, votes=True) for member in others]
    for key in ("mine", "theirs", "bundled"):
        for member, person in zip(others, mayors, strict=True):
            recognise(actor=person, signal=Signal.objects.get(pk=world.ids[key]), member=member, case=CASE)
    for number, (member, person) in enumerate(zip(others, mayors, strict=True)):
        made = [
            submit_signal(
                actor=by,
                member=at,
                title=f"{words} {number}",
                case=f"{CASE} {number}",
                touches="Gezinnen.",
                helps="Hulp.",
                theme=theme,
                visibility=Visibility.PUBLIC,
            )
            for at, by in ((member, person), (own, official))
            for words in ("Warmtenet te duur in wijk", "Energie is niet te betalen in buurt", "Wachtlijst in")
        ]
        add_signals(actor=adviser, bundle=bundle, signals=[made[0], made[3]])
        make_bundle(actor=adviser, title=f"Bundel {number}", signals=[made[1], made[4]], summary="Samen.")
        Suggestion.objects.create(name=f"wachtlijst {number}", cohesion=60).signals.set([made[2], made[5]])
        Suggestion.objects.get(pk=world.ids["suggestion"]).signals.add(made[2])
        proposal = make_proposal(
            actor=adviser, from_item=bundle, title=f"Voorstel {number}", text="Wij doen het."
        )
        now = timezone.now()
        planned = plan_vote(
            actor=adviser,
            about=proposal,
            opens_at=now,
            closes_at=now + timedelta(days=7),
            reference_date=timezone.localdate(),
        )
        if number % 2:
            opened = open_vote(actor=adviser, vote=planned)
            cast_ballot(actor=person, vote=opened, member=member, choice="for")
            if number % 4 == 1:
                close_vote(actor=adviser, vote=opened)
        cast_ballot(actor=person, vote=vote, member=member, choice="against")
        follow(person=official, item=Item.objects.get(pk=made[0].pk))
        save_search(person=official, name=f"Zoek {number}", kind="signal", query={"q": f"woord{number}"})
        save_draft(
            actor=official, draft=None, step=1, values={"member": own.pk, "title": f"Concept {number}"}
        )
        clerk = make_person("clerk", member=own)
        Mandate.objects.create(person=clerk, member=own, starts=LONG_AGO + timedelta(days=number))
        Appointment.objects.create(
            person=Person.objects.get(pk=world.ids["leaver"]), role="alderman", member=member, starts=LONG_AGO
        )
        make_person("committee_member", body=Body.objects.order_by("order").first())
        make_person("network_secretary", network=Network.objects.get(key=world.texts["network"]))
        give_session(Client(), official)
    world_rooms.grow(
        SimpleNamespace(
            people=people,
            own=own,
            other=Member.objects.get(code=OTHER),
            network=Network.objects.get(key=world.texts["network"]),
            body=Body.objects.order_by("order").first(),
            theme=theme,
            bundle=bundle,
            signals=list(
                Signal.objects.filter(pk__in=[world.ids[key] for key in ("mine", "theirs", "bundled")])
            ),
            ids=world.ids,
        )
    )
