"""Voting power in a weighted vote: Banzhaf and Shapley–Shubik, exact.

A member *swings* a coalition of the others when the coalition lacks the quota and reaches it with the member.
- Banzhaf, absolute: the share of all coalitions of the others that the member swings; normalised: that share as a
  part of the sum over all members.
- Shapley–Shubik: the share of all orders of all members in which the member is the one that reaches the quota.

Sources: J. F. Banzhaf, "Weighted voting doesn't work", Rutgers Law Review 19 (1965); L. S. Shapley, M. Shubik, "A
method for evaluating the distribution of power in a committee system", APSR 48 (1954); generating functions: S. J.
Brams, P. J. Affuso, "Power and size: a new paradox", Theory and Decision 7 (1976).

How it is exact and fast. Coalitions are counted with whole numbers throughout, by weight (Banzhaf) or by size and
weight (Shapley–Shubik); fractions are formed at the end. The coalitions without a member are never counted anew:
with F(x, y) = Π (1 + y·x^w) the generating function of all members, F / (1 + y·x^d) leaves out one of weight d, and
its coefficients between quota − d and quota are an alternating sum over F in blocks of d weights. Members of equal
weight share their value; members without votes have none. A quota above half is turned into its dual (a coalition
blocks with more than the rest), which has the same power.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from operator import add

import numpy as np
from numpy.typing import NDArray

from omkering.engine.tally.rules import required_of

Words = NDArray[np.uint64]

# A count is spread over words of 57 bits, so that six additions can pass before a carry has to move up.
_BITS = 57
_MASK = np.uint64((1 << _BITS) - 1)
_LAZY = 6
_WAVE = 3
# Bytes of a row to work on at a time, so that the rows of six members stay in the cache.
_CACHED = 300_000
_MOST_WEIGHT = 1 << 17
# Steps of a diagonal to walk together.
_CHUNK = 64
MOST_BYTES = 6 * 10**9


class PowerError(ValueError):
    """Weights or a quota that make no vote, or one too large to count exactly, with the reason in a sentence."""


@dataclass(frozen=True, slots=True)
class Power:
    """The power of every member, in the order of the weights given.

    ``banzhaf_absolute`` are probabilities, ``banzhaf`` and ``shapley`` sum to 1; all are exact fractions.
    """

    weights: tuple[int, ...]
    total: int
    quota: int
    banzhaf_absolute: tuple[Fraction, ...]
    banzhaf: tuple[Fraction, ...]
    shapley: tuple[Fraction, ...]


def quota_of(total: int, numerator: int, denominator: int, *, strict: bool) -> int:
    """The votes that win: at least (``strict``: more than) ``numerator/denominator`` of ``total``.

    Raises `PowerError` where no number of votes can win or no votes at all would.
    """
    if denominator < 1 or not 0 < numerator <= denominator:
        raise PowerError(f"a quota is a fraction above 0 and at most 1, not {numerator}/{denominator}")
    if strict and numerator == denominator:
        raise PowerError("a quota of more than all votes can never be reached")
    return required_of(total, numerator, denominator, strict=strict)


def power(weights: Sequence[int], quota: int) -> Power:
    """Both indices of a vote with these ``weights`` (whole votes a member) and ``quota`` (votes that win).

    Exact for 1,000 members whose weights sum to 100,000; the work grows with members² × quota. Raises
    `PowerError` for weights that are no whole numbers of at least 0, a quota outside 1 to their sum, or a vote too
    large for the memory it may use.
    """
    total = _check(weights, quota)
    small, least = _smallest_equal_vote(weights, total, quota)
    orders = _orders(small, least)
    swings = _swings(small, least)
    members = len(small)
    scale = math.gcd(*weights)
    all_swings = sum(swings[weight] for weight in small)
    absolute = {weight: Fraction(number, 1 << (members - 1)) for weight, number in swings.items()}
    normalised = {weight: Fraction(number, all_swings) for weight, number in swings.items()}
    nothing = Fraction(0)
    keys = [weight // scale for weight in weights]
    return Power(
        weights=tuple(weights),
        total=total,
        quota=quota,
        banzhaf_absolute=tuple(absolute.get(key, nothing) for key in keys),
        banzhaf=tuple(normalised.get(key, nothing) for key in keys),
        shapley=tuple(orders.get(key, nothing) for key in keys),
    )


def blocs(weights: Mapping[str, int], members_of: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """The weights when every bloc votes as one member, under the name of the bloc; others stay as they are.

    Raises `PowerError` where a member is unknown or in two blocs, or a bloc has the name of a member outside it.
    """
    bloc_of: dict[str, str] = {}
    for bloc, members in members_of.items():
        for member in members:
            if member not in weights:
                raise PowerError(f"member {member} of bloc {bloc} has no weight")
            if bloc_of.setdefault(member, bloc) != bloc:
                raise PowerError(f"member {member} is in two blocs, {bloc_of[member]} and {bloc}")
    merged: dict[str, int] = {}
    for member, weight in weights.items():
        if member not in bloc_of and member in members_of:
            raise PowerError(f"bloc {member} has the name of a member outside it")
        name = bloc_of.get(member, member)
        merged[name] = merged.get(name, 0) + weight
    return merged


def _check(weights: Sequence[int], quota: int) -> int:
    for weight in weights:
        if not isinstance(weight, int) or isinstance(weight, bool) or weight < 0:
            raise PowerError(f"a weight is a whole number of at least 0, not {weight!r}")
    total = sum(weights)
    if total == 0:
        raise PowerError("nobody has a vote")
    if not isinstance(quota, int) or not 1 <= quota <= total:
        raise PowerError(f"the quota lies between 1 and the {total} votes there are, not at {quota}")
    return total


def _smallest_equal_vote(weights: Sequence[int], total: int, quota: int) -> tuple[list[int], int]:
    """The same vote in the smallest numbers: without members that have no votes, divided by the common divisor,
    with the dual quota where that is lower; weights in rising order."""
    scale = math.gcd(*weights)
    small = sorted(weight // scale for weight in weights if weight)
    total //= scale
    quota = -(-quota // scale)
    least = min(quota, total - quota + 1)
    if least > _MOST_WEIGHT:
        raise PowerError(
            f"a quota of {least} votes is more than the {_MOST_WEIGHT} that can be counted exactly"
        )
    return small, least


def _swings(weights: list[int], quota: int) -> dict[int, int]:
    """By weight, how many coalitions of the others a member with that weight swings."""
    # The generating function in one whole number, a slot of whole bytes for every weight below the quota.
    width = len(weights) // 8 + 1
    keep = (1 << (8 * width * quota)) - 1
    packed = 1
    for weight in weights:
        packed += (packed << (8 * width * weight)) & keep
    data = packed.to_bytes(width * quota + 1, "little")
    below = [0]
    for at in range(0, width * quota, width):
        below.append(below[-1] + int.from_bytes(data[at : at + width], "little"))
    swings = {}
    for weight in sorted(set(weights)):
        number, sign, high = 0, 1, quota
        while high > 0:
            low = max(0, high - weight)
            number += sign * (below[high] - below[low])
            sign, high = -sign, low
        swings[weight] = number
    return swings


def _orders(weights: list[int], quota: int) -> dict[int, Fraction]:
    """By weight, the share of orders in which a member with that weight reaches the quota."""
    members = len(weights)
    dual = sum(weights) - quota + 1
    # Who swings a coalition of t of the others swings, in the dual vote, what is left of the others: members − 1 − t.
    # So either all sizes below the lower quota are counted, or the smaller half of the sizes below both.
    half = (members - 1) // 2
    whole = _Coalitions(weights, min(quota, dual), members - 1)
    halves = _Coalitions(weights, max(quota, dual), half)
    if halves.cells() < whole.cells():
        halves.count()
        by_size = halves.swings(quota)
        others = by_size if quota == dual else halves.swings(dual)
        counted = {weight: by_size[weight] + others[weight][: members - 1 - half][::-1] for weight in by_size}
    else:
        whole.count()
        counted = whole.swings(min(quota, dual))
    # A swing of a coalition of size s stands for s!·(members − 1 − s)! of the members! orders. Over the least
    # common multiple of 1 to members all these shares are whole numbers.
    common = math.lcm(*range(1, members + 1))
    shares = [common // (members * math.comb(members - 1, size)) for size in range(members)]
    return {
        weight: Fraction(sum(share * number for share, number in zip(shares, numbers, strict=True)), common)
        for weight, numbers in counted.items()
    }


class _Coalitions:
    """The number of coalitions of at most ``largest`` members that weigh less than ``limit``, by size and weight.

    Row ``s`` holds the coalitions of ``s`` members as words × weights, from the weight of the ``s`` lightest on.
    """

    def __init__(self, weights: list[int], limit: int, largest: int) -> None:
        self.weights, self.limit, self.sizes = weights, limit, largest + 1
        # light[s]: the weight of the s lightest members, also among the first k for any k ≥ s.
        self.light = [0, *accumulate(weights)]
        self.largest = min(largest, bisect_left(self.light, limit) - 1)
        self.rows: list[Words] = []

    def _top(self, first: int, size: int) -> int:
        """The weight of the heaviest coalition of ``size`` among the ``first`` members, below the limit."""
        return min(self.light[first] - self.light[first - size], self.limit - 1)

    def _widths(self) -> list[int]:
        members = len(self.weights)
        return [self._top(members, size) - self.light[size] + 1 for size in range(self.largest + 1)]

    def cells(self) -> int:
        """How many numbers the table holds, a measure of the work."""
        return sum(self._widths())

    def count(self) -> None:
        """Fill the table. Raises `PowerError` where it does not fit the memory it may use."""
        members = len(self.weights)
        shapes = [(_words(math.comb(members, size)), width) for size, width in enumerate(self._widths())]
        planes = 2 * self.limit * (self.largest + _CHUNK)
        needed = 8 * (sum(words * width for words, width in shapes) + planes)
        if needed > MOST_BYTES:
            raise PowerError(f"counting this vote exactly takes {needed / 1e9:.0f} GB of memory, too much")
        self.rows = [np.zeros(shape, dtype=np.uint64) for shape in shapes]
        self._count()

    def _count(self) -> None:
        self.rows[0][0, 0] = 1
        members = len(self.weights)
        # How many coalitions of each size there can be, so how many words a row holds so far.
        binomial = [1]
        words = [[1]]
        for _ in range(members):
            binomial = [1, *map(add, binomial, binomial[1:]), 1]
            words.append([_words(number) for number in binomial])
        block = max(1, _CACHED // (8 * self.limit))
        for start in range(0, members, _LAZY):
            stop = min(start + _LAZY, members)
            # Between carries every word stands alone, so a few can be done for all sizes at a time.
            for word in range(0, max(words[stop]), block):
                self._include(start, stop, words, word, word + block)
            self._carry(stop, words[stop])

    def _include(self, first: int, stop: int, words: list[list[int]], word: int, end: int) -> None:
        """Count the members ``first`` to ``stop`` in, in the words ``word`` to ``end``.

        A row takes a member in after the row above it did (which reads this one) and after both rows took in the
        members before. Going down the rows with each member one row behind the one before keeps that order, and the
        few rows at hand in the cache.
        """
        rows, light, most = self.rows, self.light, self.limit - 1
        for below in range(min(stop, self.largest), first - stop + 1, -1):
            for member in range(first, stop):
                size = below + member - first
                if not 1 <= size <= min(member + 1, self.largest):
                    continue
                weight = self.weights[member]
                low = light[size - 1]
                top = light[member] - light[member + 1 - size]
                length = (top if top + weight < most else most - weight) - low + 1
                if length > 0 and words[member][size - 1] > word:
                    start = low + weight - light[size]
                    used = min(end, words[member][size - 1])
                    target = rows[size][word:used, start : start + length]
                    np.add(target, rows[size - 1][word:used, :length], out=target)

    def _carry(self, first: int, words: list[int]) -> None:
        """Move what is above the bits of a word one word up; at the end all the way, before that in one go, which
        may leave a few carries in a word. No count is so large that its last word overflows."""
        shift = np.uint64(_BITS)
        for size in range(1, min(first, self.largest) + 1):
            if words[size] > 1:
                row = self.rows[size][: words[size], : self._top(first, size) - self.light[size] + 1]
                if first < len(self.weights):
                    carried = row[:-1] >> shift
                    row[:-1] &= _MASK
                    row[1:] += carried
                    continue
                for word in range(words[size] - 1):
                    row[word + 1] += row[word] >> shift
                    row[word] &= _MASK

    def swings(self, quota: int) -> dict[int, list[int]]:
        """By weight, how many coalitions of each size of the others a member with that weight swings, for a quota
        up to the limit: lists by size, up to the largest asked for."""
        sizes = self.largest + 1
        totals = {weight: np.zeros(sizes, dtype=object) for weight in sorted(set(self.weights))}
        # As many bits at a time as leave room for a sum over all weights and all sizes.
        step = 62 - quota.bit_length() - sizes.bit_length()
        sums = np.zeros((sizes + 1, quota), dtype=np.int64)
        plane = np.zeros((quota, _CHUNK + sizes + 1), dtype=np.int64)
        for shift in range(0, _BITS * max(len(row) for row in self.rows), step):
            self._below(shift, step, sums)
            plane[:, _CHUNK:] = sums.T
            for weight, total in totals.items():
                # Over k: (−1)^k × coalitions of size t − k that weigh less than quota − k·weight …
                below = self._alternating(plane, weight)
                # … and the same one block lower, which is the next size without its first term.
                swung = below[:sizes] + below[1:] - sums[1:, -1]
                total += swung.astype(object) << shift
        beyond = [0] * (self.sizes - sizes)
        return {weight: [int(number) for number in total] + beyond for weight, total in totals.items()}

    def _below(self, shift: int, bits: int, sums: NDArray[np.int64]) -> None:
        """Put into ``sums[s, w]`` those ``bits`` from ``shift`` on of the counts of coalitions of size ``s``, summed
        over the weights up to ``w``. What stands before the first weight of a row is never written and stays 0."""
        word, low = divmod(shift, _BITS)
        mask = np.uint64((1 << bits) - 1)
        for size, row in enumerate(self.rows):
            start = self.light[size]
            if word >= len(row) or start >= sums.shape[1]:
                sums[size, start:] = 0
                continue
            row = row[:, : sums.shape[1] - start]
            part = row[word] >> np.uint64(low)
            if low + bits > _BITS and word + 1 < len(row):
                part |= row[word + 1] << np.uint64(_BITS - low)
            part &= mask
            end = start + len(part)
            np.cumsum(part.view(np.int64), out=sums[size, start:end])
            sums[size, end:] = sums[size, end - 1]

    def _alternating(self, plane: NDArray[np.int64], weight: int) -> NDArray[np.int64]:
        """For every size ``t``: the sum over ``k`` of (−1)^k × ``plane`` at weight quota − 1 − k·weight and size
        t − k, which is column _CHUNK + t − k. The diagonal is walked by strides; the columns of zeros before size 0
        take what falls off."""
        heaviest = len(plane) - 1
        sizes = self.largest + 2
        result = np.zeros(sizes, dtype=np.int64)
        steps = min(sizes, heaviest // weight + 1)
        down, right = plane.strides
        strides = (-2 * (weight * down + right), right)
        for first in range(0, steps, _CHUNK):
            count = min(_CHUNK, steps - first)
            # Beyond the largest size that fits below the heaviest weight of this chunk all is zero.
            top = heaviest - first * weight
            width = min(sizes - first, bisect_right(self.light, top) + count)
            # A chunk starts at an even step, so the sign depends on the offset alone.
            for offset in range(min(2, count)):
                corner = (top - offset * weight) * down + (_CHUNK - offset) * right
                shape = (len(range(offset, count, 2)), width)
                view = np.ndarray(shape, np.int64, plane, corner, strides)
                if offset:
                    result[first : first + width] -= view.sum(axis=0)
                else:
                    result[first : first + width] += view.sum(axis=0)
        return result


def _words(number: int) -> int:
    """How many words hold counts up to ``number``."""
    return max(1, -(-number.bit_length() // _BITS))
