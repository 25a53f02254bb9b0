"""Minutes in words, the news they give, and a vote that adopts them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from omkering.decide.commands.minutes import adopt
from omkering.decide.models import Minutes, MinutesState, Vote
from omkering.thread import kinds, milestones
from omkering.thread.models import Item
from omkering.who.models import Person


def register() -> None:
    """Make the kind and its milestones known; called once, when the application starts."""
    kinds.register(
        "minutes",
        label=_("minutes"),
        plural=_("Minutes"),
        url_name="decide:kept_minutes",
        state_labels=dict(MinutesState.choices),
    )
    milestones.register(
        "minutes.proposed",
        text=_("“%(title)s” was laid before the meeting of %(day)s. You can ask for corrections until then."),
    )
    milestones.register("minutes.adopted", text=_("“%(title)s” was adopted."))
    milestones.on("vote.adopted", "minutes")(minutes_adopted_by_vote)


def minutes_adopted_by_vote(*, item: Item, cause: Item, actor: Person | None, data: dict[str, Any]) -> None:
    """A vote on minutes in the meeting that they were laid before adopts them."""
    vote = Vote.objects.select_related("meeting").filter(pk=cause.pk).first()
    minutes = Minutes.objects.select_related("meeting").filter(pk=item.pk).first()
    if vote is None or vote.meeting is None or minutes is None:
        return
    try:
        adopt(minutes, vote.meeting, actor)
    except ValidationError:  # the meeting is over: whoever leads the next one adopts them there
        return
