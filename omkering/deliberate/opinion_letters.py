"""The letters by which groups of the opinion map are known. They follow the people: a group that keeps most of its
people keeps its letter from map to map, and a letter is never given to another group. Pure functions.
"""

from collections import Counter
from collections.abc import Mapping

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter(number: int) -> str:
    """The letter of a number from 0: A … Z, AA …"""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, len(ALPHABET))
        text = ALPHABET[rest] + text
    return text


def keep_letters(before: Mapping[str, str], now: Mapping[str, int], used: int) -> tuple[dict[int, str], int]:
    """Group → letter, and how many letters have been used so far.

    `before`: person → letter in the last map; `now`: person → group; `used`: how many letters that map had used.
    A group takes over a letter when most of who had it, or most of the group, are in both; the largest such overlap
    goes first.
    """
    sizes = Counter(now.values())
    had = Counter(letter for person, letter in before.items() if person in now)
    shared = Counter((group, before[person]) for person, group in now.items() if person in before)
    found: dict[int, str] = {}
    given: set[str] = set()
    for (group, name), count in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
        if group in found or name in given or (count * 2 <= had[name] and count * 2 <= sizes[group]):
            continue
        found[group] = name
        given.add(name)
    for group in sorted(sizes):
        if group not in found:
            found[group] = letter(used)
            used += 1
    return found, used
