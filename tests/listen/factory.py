"""Signals for the tests of this room."""

from omkering.listen.commands.signals import submit_signal
from omkering.listen.models import Signal
from tests.people import make_member, make_person

CASE = "Een gezin kan de energierekening niet betalen en krijgt nergens hulp."
REASON = "Dit past niet bij de agenda van dit jaar; volgend jaar kijken wij opnieuw."


def make_signal(*, member=None, author=None, title="Energierekening te hoog", case=CASE, **fields) -> Signal:
    """A signal that was handed in by an official of a member."""
    member = member or make_member()
    author = author or make_person("official", member=member)
    return submit_signal(actor=author, member=member, title=title, case=case, **fields)
