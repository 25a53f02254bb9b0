"""Rounds in words: their kind, their states, and the news they give.

News about a candidate is news about its item: `%(round)s` names the round. News about the round itself reaches who
may choose, and who follows it.
"""

from django.utils.translation import gettext_lazy as _

from omkering.agenda.models import RoundState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kind and its milestones known."""
    kinds.register(
        "round",
        label=_("Priority round"),
        plural=_("Priority rounds"),
        url_name="agenda:round",
        state_labels=dict(RoundState.choices),
    )
    _register_of_candidates()
    milestones.register(
        "round.opened",
        text=_(
            "“%(because)s” is in the round “%(title)s”. Until %(closes)s it is chosen what become the priorities, "
            "%(maximum)s at most."
        ),
        text_own=_(
            "The round “%(title)s” is open. Until %(closes)s it is chosen what become the priorities, %(maximum)s at "
            "most."
        ),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” is in the round “%(title)s”. Until %(closes)s it is chosen what "
            "become the priorities, %(maximum)s at most."
        ),
    )
    milestones.register(
        "round.withdrawn",
        text=_("The round “%(title)s”, in which “%(because)s” was, is called off."),
        text_own=_("The round “%(title)s” is called off."),
        text_yours=_(
            "The round “%(title)s”, in which your %(because_kind)s “%(because)s” was, is called off."
        ),
    )
    milestones.register(
        "round.closed",
        text=_(
            "The result of the round “%(title)s” is there: of %(candidates)s candidates %(chosen)s became a priority."
        ),
    )


def _register_of_candidates() -> None:
    milestones.register(
        "candidate.nominated",
        text=_("“%(title)s”, which came from “%(because)s”, is a candidate in the round “%(round)s”."),
        text_own=_("“%(title)s” is a candidate in the round “%(round)s”."),
        text_author=_("Your %(because_kind)s “%(title)s” is a candidate in the round “%(round)s”."),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” is a candidate in the round “%(round)s”, as part of “%(title)s”."
        ),
    )
    milestones.register(
        "candidate.withdrawn",
        text=_(
            "“%(title)s”, which came from “%(because)s”, is no longer a candidate in the round “%(round)s”. The "
            "reason: %(reason)s"
        ),
        text_own=_("“%(title)s” is no longer a candidate in the round “%(round)s”. The reason: %(reason)s"),
        text_author=_(
            "Your %(because_kind)s “%(title)s” is no longer a candidate in the round “%(round)s”. The reason: "
            "%(reason)s"
        ),
        text_yours=_(
            "“%(title)s”, which came from your %(because_kind)s “%(because)s”, is no longer a candidate in the round "
            "“%(round)s”. The reason: %(reason)s"
        ),
    )
    milestones.register(
        "candidate.chosen",
        text=_(
            "“%(title)s”, which came from “%(because)s”, became a priority: number %(place)s of %(chosen)s in the "
            "round “%(round)s”, wanted with %(votes)s votes."
        ),
        text_own=_(
            "“%(title)s” became a priority: number %(place)s of %(chosen)s in the round “%(round)s”, wanted with "
            "%(votes)s votes."
        ),
        text_author=_(
            "Your %(because_kind)s “%(title)s” became a priority: number %(place)s of %(chosen)s in the round "
            "“%(round)s”, wanted with %(votes)s votes."
        ),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” became a priority, as part of “%(title)s”: number %(place)s of "
            "%(chosen)s in the round “%(round)s”, wanted with %(votes)s votes."
        ),
    )
    milestones.register(
        "candidate.not_chosen",
        text=_(
            "“%(title)s”, which came from “%(because)s”, was not chosen in the round “%(round)s”. It was wanted with "
            "%(votes)s votes and lacked %(lacked)s of the %(needed)s for a place."
        ),
        text_own=_(
            "“%(title)s” was not chosen in the round “%(round)s”. It was wanted with %(votes)s votes and lacked "
            "%(lacked)s of the %(needed)s for a place."
        ),
        text_author=_(
            "Your %(because_kind)s “%(title)s” was not chosen in the round “%(round)s”. It was wanted with %(votes)s "
            "votes and lacked %(lacked)s of the %(needed)s for a place."
        ),
        text_yours=_(
            "Your %(because_kind)s “%(because)s”, as part of “%(title)s”, was not chosen in the round “%(round)s”. It "
            "was wanted with %(votes)s votes and lacked %(lacked)s of the %(needed)s for a place."
        ),
    )
    milestones.register(
        "round.taken_up",
        text=_(
            "%(body)s takes up “%(title)s”, though it was not chosen in the round “%(round)s”. The reason: %(reason)s"
        ),
        text_yours=_(
            "%(body)s takes up “%(title)s”, which came from your %(because_kind)s “%(because)s”, though it was not "
            "chosen in the round “%(round)s”. The reason: %(reason)s"
        ),
    )
    milestones.register(
        "round.set_aside",
        text=_(
            "%(body)s does not take up “%(title)s”, though it was chosen in the round “%(round)s”. The reason: "
            "%(reason)s"
        ),
        text_yours=_(
            "%(body)s does not take up “%(title)s”, which came from your %(because_kind)s “%(because)s”, though it "
            "was chosen in the round “%(round)s”. The reason: %(reason)s"
        ),
    )
