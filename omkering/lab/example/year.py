"""The example year: signals, bundles and a vote, put in through the product's own commands."""

from collections.abc import Callable

from omkering.lab.example.people import make_people
from omkering.who.models import Person


def load_example_year(tell: Callable[[str], None] = lambda step: None) -> bool:
    """Load the example year once; returns False when it is there already."""
    if Person.objects.exists():
        return False
    tell("Loading the example year")
    make_people()
    return True
