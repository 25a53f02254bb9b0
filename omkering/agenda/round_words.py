"""The rule of a round in plain words; the same words before, during and after it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.agenda.models import BallotKind, Round
from omkering.ui.templatetags.ui import number
from omkering.ui.weight_words import weight_in_words


def who_in_words(round: Round) -> str:
    """Who chooses, on which reference date."""
    day = date_format(round.reference_date, "j F Y")
    if round.electing_body is not None:
        return _("Those who have a seat in %(body)s on %(day)s.") % {
            "body": round.electing_body.name,
            "day": day,
        }
    if round.network is not None:
        return _("The members that are in %(network)s on %(day)s.") % {
            "network": round.network.name,
            "day": day,
        }
    return _("All members on %(day)s.") % {"day": day}


def votes_in_words(round: Round) -> str:
    """How many votes each has."""
    if round.weight_rule is not None:
        return weight_in_words(round.weight_rule)
    if round.electing_body is not None:
        return _("Everyone has one vote.")
    return _("Every member has one vote.")


def ballot_in_words(round: Round) -> str:
    """What to do on the ballot."""
    return {
        BallotKind.APPROVAL: _("Tick all you want to become a priority. You may tick as many as you like."),
        BallotKind.POINTS: ngettext(
            "You have %(points)s point to give: the more points you give something, the more you want it.",
            "You have %(points)s points to divide: the more points you give something, the more you want it.",
            round.points or 0,
        )
        % {"points": number(round.points or 0)},
        BallotKind.RANKING: _(
            "Put what you want in order: 1 is what you want most. You need not put everything in order."
        ),
    }[BallotKind(round.ballot_kind)]


def counting_in_words(round: Round, candidates: int) -> list[str]:
    """How the result follows from the ballots, sentence by sentence."""
    support = {
        BallotKind.APPROVAL: _("A tick counts as one."),
        BallotKind.POINTS: _("Points count as they are given."),
        BallotKind.RANKING: _(
            "A place in the order counts as points: with %(candidates)s candidates the first place is worth "
            "%(candidates)s points, the second one point less, and so on. What is not in the order gets none."
        )
        % {"candidates": number(candidates)},
    }[BallotKind(round.ballot_kind)]
    return [
        ngettext(
            "At most %(maximum)s candidate becomes a priority.",
            "At most %(maximum)s candidates become a priority.",
            round.maximum,
        )
        % {"maximum": number(round.maximum)},
        _(
            "Every vote that is cast gets an equal share of the places. Who wants a candidate that is chosen pays "
            "for it together with the others who want it. What they have left counts for the next one. So a smaller "
            "group that agrees gets its priority too, and not only the largest group."
        ),
        support,
        _("Places that nobody can pay for any more go to what has most support."),
        _(
            "Where two candidates stand equal, the one with more support goes first, and then the one that was "
            "nominated first. The result says where that happened."
        ),
        _(
            "The ballot begins at another candidate for each who chooses, so that none has the advantage of standing "
            "on top."
        ),
    ]


def value_in_words(kind: str, value: int) -> str:
    """What a ballot says of one candidate: "3 points", "place 2"; "" for a tick."""
    if kind == BallotKind.POINTS:
        return ngettext("%(points)s point", "%(points)s points", value) % {"points": number(value)}
    return _("place %(place)s") % {"place": value} if kind == BallotKind.RANKING else ""
