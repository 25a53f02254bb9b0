"""At the same moment: proxies given to one holder, or in a ring, and a member that arrives while it gives one."""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from omkering.decide.commands.attendance import arrive
from omkering.decide.commands.proxies import give_proxy
from omkering.decide.models import Attendance, Proxy
from tests.decide.meetings import opened
from tests.decide.votes import members_with_voters

TEXT = "Wij geven een volmacht om in onze naam te stemmen."
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[bool]:
    """Do all of these at the same moment; whether each was accepted."""
    ready = threading.Barrier(len(deeds))
    done = [False] * len(deeds)

    def run(number: int) -> None:
        try:
            ready.wait()
            deeds[number]()
            done[number] = True
        except ValidationError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def gives(meeting, giver, holder) -> Callable[[], object]:
    return lambda: give_proxy(actor=giver[1], meeting=meeting, giver=giver[0], holder=holder[0], text=TEXT)


def test_the_limit_of_a_holder_holds_when_many_give_at_once():
    holder, *givers = members_with_voters(*[10_000] * 9)
    meeting = opened()
    accepted = at_once(*(gives(meeting, giver, holder) for giver in givers))
    assert sum(accepted) == Proxy.objects.filter(ended_at=None).count() == 2


def test_a_ring_of_proxies_does_not_arise():
    ring = members_with_voters(*[10_000] * 4)
    meeting = opened()
    at_once(*(gives(meeting, ring[n], ring[(n + 1) % 4]) for n in range(4)))
    rows = Proxy.objects.filter(ended_at=None).values_list("giver_id", "holder_id")
    givers, holders = {row[0] for row in rows}, {row[1] for row in rows}
    assert rows and not givers & holders


def test_who_arrives_while_giving_a_proxy_is_not_represented_too():
    giver, holder = members_with_voters(20_000, 10_000)
    meeting = opened()
    at_once(
        gives(meeting, giver, holder),
        lambda: arrive(actor=giver[1], meeting=meeting, member=giver[0], person=giver[1], presence="on_site"),
    )
    assert Attendance.objects.filter(member=giver[0], left_at=None).count() == 1
    assert not Proxy.objects.filter(giver=giver[0], ended_at=None).exists()
