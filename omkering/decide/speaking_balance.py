"""Who has spoken so far: for and against, by group of members, in speeches and in time. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

FOR, AGAINST, NEITHER = "for", "against", ""
SIDES = (FOR, AGAINST, NEITHER)


@dataclass(frozen=True)
class Spoken:
    """A speech that was held or goes on. `groups`: grouping → groups of the member, as on a roll; none for others."""

    seconds: int
    side: str = NEITHER
    member: str = ""  # its code; "" for somebody who speaks for no member
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """How many speeches, and how many seconds together."""

    speeches: int = 0
    seconds: int = 0

    def plus(self, seconds: int) -> "Share":
        """The same with one more speech."""
        return Share(self.speeches + 1, self.seconds + seconds)


@dataclass(frozen=True)
class Balance:
    """The whole, by side, by grouping and group, and by member (code). A member in two networks counts in both."""

    total: Share
    sides: dict[str, Share]
    groups: dict[str, dict[str, Share]]
    members: dict[str, Share]

    @property
    def leans(self) -> str:
        """The side of which more was heard, where one had at least twice the time of the other; else ""."""
        for_, against = self.sides[FOR].seconds, self.sides[AGAINST].seconds
        if max(for_, against) < 2 * max(min(for_, against), 1):
            return NEITHER
        return FOR if for_ > against else AGAINST


def balance(speeches: Iterable[Spoken]) -> Balance:
    """Add up the speeches; in which order they come makes no difference. ValueError for less than no time."""
    total, sides = Share(), dict.fromkeys(SIDES, Share())
    groups: dict[str, dict[str, Share]] = {}
    members: dict[str, Share] = {}
    for speech in speeches:
        if speech.seconds < 0:
            raise ValueError("a speech takes no less than no time")
        total = total.plus(speech.seconds)
        side = speech.side if speech.side in sides else NEITHER
        sides[side] = sides[side].plus(speech.seconds)
        if speech.member:
            members[speech.member] = members.get(speech.member, Share()).plus(speech.seconds)
        for grouping, keys in speech.groups.items():
            inside = groups.setdefault(grouping, {})
            for key in dict.fromkeys(keys):
                inside[key] = inside.get(key, Share()).plus(speech.seconds)
    return Balance(total, sides, groups, members)
