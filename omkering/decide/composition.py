"""The composition of a body beside that of the membership: counts in heads, exact; pure.

"Recognisable, not exactly representative": nothing here says what is enough. For each group it is shown how many seats
it has, how many it would have by its share of the members, and what its share would be with one seat less or more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Line:
    """A group: its seats among `of_seats`, and its members among `of_members` (None: not known of the membership)."""

    key: str
    name: str
    seats: int
    of_seats: int
    members: int | None = None
    of_members: int | None = None

    @property
    def share(self) -> Fraction:
        """Its share of the seats."""
        return self._share(self.seats)

    @property
    def share_members(self) -> Fraction | None:
        """Its share of the members; None where that is not known."""
        if self.members is None or not self.of_members:
            return None
        return Fraction(self.members, self.of_members)

    @property
    def by_share(self) -> Fraction | None:
        """How many seats it would have by its share of the members, in heads."""
        share = self.share_members
        return None if share is None else share * self.of_seats

    @property
    def difference(self) -> Fraction | None:
        """Seats it has more than by its share of the members; below nought where it has fewer."""
        by_share = self.by_share
        return None if by_share is None else self.seats - by_share

    @property
    def one_less(self) -> Fraction | None:
        """Its share with one seat less and the body as large as it is; None where it has none."""
        return self._share(self.seats - 1) if self.seats else None

    @property
    def one_more(self) -> Fraction | None:
        """Its share with one seat more and the body as large as it is; None where it has all of them."""
        return self._share(self.seats + 1) if self.seats < self.of_seats else None

    def _share(self, seats: int) -> Fraction:
        return Fraction(seats, self.of_seats) if self.of_seats else Fraction(0)


def lines(
    names: Mapping[str, str],
    seats: Iterable[Collection[str]],
    members: Iterable[Collection[str]] | None = None,
) -> list[Line]:
    """A line for each group in the order of `names`, from the groups of each seat and of each member.

    A seat or member can be in several groups (networks). Groups that are not in `names` are left out. `members` None:
    the membership as a whole is not known by this.
    """
    held, whole = list(seats), None if members is None else list(members)
    return [
        Line(
            key=key,
            name=name,
            seats=sum(1 for groups in held if key in groups),
            of_seats=len(held),
            members=None if whole is None else sum(1 for groups in whole if key in groups),
            of_members=None if whole is None else len(whole),
        )
        for key, name in names.items()
    ]


def changed(now: Sequence[Line], later: Sequence[Line]) -> dict[str, int]:
    """Group → seats more (or, below nought, fewer) in a later composition; only where it differs."""
    before = {line.key: line.seats for line in now}
    return {
        line.key: line.seats - before.get(line.key, 0)
        for line in later
        if line.seats != before.get(line.key, 0)
    }
