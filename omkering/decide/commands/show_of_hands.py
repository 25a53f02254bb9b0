"""Show of hands: everybody in the hall who has not voted at once, with the names of those whose hand was another."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide import hands, words
from omkering.decide.commands.ballots import checked_choice
from omkering.decide.commands.desk_ballots import Given, enter_desk_ballots
from omkering.decide.models import Ballot, DeskBallot, RollEntry, Vote, VoteState, Way
from omkering.who.authority import require
from omkering.who.models import Person


@transaction.atomic
def enter_show_of_hands(
    *,
    actor: Person,
    vote: Vote,
    rest: str,
    others: Sequence[Given] = (),
    counted: Mapping[str, int] | None = None,
) -> list[DeskBallot]:
    """Take down a show of hands for somebody else to confirm: all in the hall say `rest`, but for `others` by name.

    Whoever has voted, by phone or on paper, or waits to be confirmed is left out: a member counts once. `counted`:
    the hands that were counted for a choice; where that is not how many say it, nothing is taken down. A proxy, and
    each part of a divided member, counts as a hand. In `others` the choice "" leaves a member out.
    """
    require(actor, "decide.desk_ballots", vote)
    if vote.secret:
        raise ValidationError(_("A secret vote takes no ballots with a name on it."))
    row = Vote.objects.select_for_update(no_key=True, of=("self",)).select_related("meeting").get(pk=vote.pk)
    if row.state != VoteState.OPEN:
        raise ValidationError(_("This vote is not open."))
    usual = checked_choice(row, rest)
    named = {(one.voter, one.part): one for one in others}
    given = [
        one
        for voter, part in still_to_raise(row)
        if (one := named.pop((voter, part), Given(voter, usual, part))).choice
    ]
    given += [one for one in named.values() if one.choice]  # what cannot be is said by name
    if not given:
        raise ValidationError(_("Nobody is in the hall who has not voted yet."))
    _check_counted(row, given, counted or {})
    return enter_desk_ballots(actor=actor, vote=row, given=given, way=Way.HAND)


def still_to_raise(vote: Vote) -> list[tuple[str, int]]:
    """The voters in the hall, with their parts, that have not voted and of whom nothing waits to be confirmed."""
    entries = list(RollEntry.objects.filter(vote=vote).order_by("voter"))
    there = hands.in_the_hall(vote, entries)
    if there is None:
        raise ValidationError(_("A show of hands needs a meeting that one attends."))
    there -= set(Ballot.objects.filter(vote=vote).values_list("entry_id", "part"))
    waiting = DeskBallot.objects.filter(vote=vote, confirmed_at__isnull=True, refused_at__isnull=True)
    there -= set(waiting.values_list("entry_id", "part"))
    voters = {entry.pk: entry.voter for entry in entries}
    return sorted((voters[pk], part) for pk, part in there)


def _check_counted(vote: Vote, given: Sequence[Given], counted: Mapping[str, int]) -> None:
    """ValidationError where another number of hands was counted than say a choice; it names each difference."""
    found = Counter(checked_choice(vote, one.choice) for one in given)
    wrong = [
        _("%(choice)s: you counted %(counted)s, and %(n)s are noted.")
        % {"choice": words.choice_in_words(vote.rule, choice), "counted": number, "n": found[choice]}
        for choice, number in counted.items()
        if found[choice] != number
    ]
    if wrong:
        raise ValidationError(
            {"counted": [*wrong, _("Name whose hand was another, or who has left; or count again.")]}
        )
