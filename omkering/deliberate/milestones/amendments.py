"""Milestones of amendments: what who stands behind one hears of it, and what a vote on one does."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from omkering.deliberate.commands.amendment_decisions import decided_elsewhere
from omkering.deliberate.models import AmendmentState
from omkering.thread import kinds, milestones
from omkering.thread.models import Item
from omkering.who.models import Person

# What is heard of amendment `number` to the text `document`.
NEWS = {
    "submitted": _("Amendment %(number)s to “%(document)s” was handed in: “%(title)s”."),
    "collides": _(
        "Amendment %(number)s to “%(document)s” and amendment %(other)s cannot both be adopted as they are. "
        "You can ask for talks."
    ),
    "cosigned": _("%(who)s now stands behind amendment %(number)s to “%(document)s”: “%(title)s”."),
    "backing_ended": _(
        "%(who)s no longer stands behind amendment %(number)s to “%(document)s”: “%(title)s”."
    ),
    "withdrawn": _("Amendment %(number)s to “%(document)s” was withdrawn: “%(title)s”."),
    "replaced": _(
        "Amendment %(number)s to “%(document)s” was replaced by amendment %(by)s. You stand behind that one now; "
        "you can step out."
    ),
    "talks": _("There are talks about amendment %(number)s to “%(document)s” and amendment %(other)s."),
    "apart": _(
        "The talks about amendment %(number)s to “%(document)s” and amendment %(other)s ended without a common text."
    ),
    "common_proposed": _(
        "A common text was proposed for amendment %(number)s to “%(document)s” and amendment %(other)s."
    ),
    "joined": _(
        "Amendment %(number)s to “%(document)s” went up in a common one: amendment %(by)s. "
        "You stand behind that one now."
    ),
    "advised": _("There is advice of %(body)s on amendment %(number)s to “%(document)s”: “%(title)s”."),
    "adopted": _("Amendment %(number)s to “%(document)s” was adopted: “%(title)s”."),
    "rejected": _("Amendment %(number)s to “%(document)s” was rejected: “%(title)s”. %(reason)s"),
    "held": _("Amendment %(number)s to “%(document)s” is held for later: “%(title)s”. %(reason)s"),
    "fell": _("Amendment %(number)s to “%(document)s” fell, because amendment %(by)s was adopted."),
}


def register() -> None:
    """Make the kind and its milestones known, and what the result of a vote does to an amendment."""
    kinds.register(
        "amendment",
        label=_("Amendment"),
        plural=_("Amendments"),
        url_name="deliberate:amendment",
        state_labels=dict(AmendmentState.choices),
    )
    for what, text in NEWS.items():
        milestones.register(f"amendment.{what}", text=text)
    milestones.on("vote.adopted", "amendment")(_adopted)
    milestones.on("vote.rejected", "amendment")(_rejected)


def _adopted(*, item: Item, cause: Item, actor: Person | None, data: dict[str, Any]) -> None:
    decided_elsewhere(item=item, cause=cause, actor=actor, adopted=True)


def _rejected(*, item: Item, cause: Item, actor: Person | None, data: dict[str, Any]) -> None:
    decided_elsewhere(item=item, cause=cause, actor=actor, adopted=False)
