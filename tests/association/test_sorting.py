"""Names in the order that readers expect, by a key of plain letters."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.who.association import sort_key

DUTCH = ("'s-", "'s ", "'t ")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("'s-Gravenhage", "gravenhage"),
        ("’s-Hertogenbosch", "hertogenbosch"),
        ("'t Harde", "harde"),
        ("Súdwest-Fryslân", "sudwest fryslan"),
        ("IJsselstein", "ijsselstein"),
        ("Ĳsselstein", "ijsselstein"),
        ("De Bilt", "de bilt"),
        ("Bergen (NH.)", "bergen nh"),
        ("Ålesund-Straße", "alesund strasse"),
        ("'s-", "s"),
    ],
)
def test_the_key_of_a_name(name: str, key: str) -> None:
    assert sort_key(name, DUTCH) == key


def test_prefixes_count_where_an_association_names_none() -> None:
    assert sort_key("'s-Gravenhage") == "s gravenhage"


def test_the_longest_prefix_goes_and_only_one() -> None:
    assert sort_key("Port Saint Port Ann", ("Port ", "Port Saint ")) == "port ann"


def test_dutch_names_in_order() -> None:
    names = [
        "Zwolle",
        "'s-Gravenhage",
        "Gouda",
        "IJsselstein",
        "Hulst",
        "Houten",
        "Huizen",
        "Groningen",
        "'t Harde",
    ]
    assert sorted(names, key=lambda name: sort_key(name, DUTCH)) == [
        "Gouda",
        "'s-Gravenhage",
        "Groningen",
        "'t Harde",
        "Houten",
        "Huizen",
        "Hulst",
        "IJsselstein",
        "Zwolle",
    ]


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_keys_are_plain_and_do_not_see_case(name: str) -> None:
    key = sort_key(name)
    assert sort_key(key) == key
    assert sort_key(name.casefold()) == key
    assert re.fullmatch(r"(\w+( \w+)*)?", key)
