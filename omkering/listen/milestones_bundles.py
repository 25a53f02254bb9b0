"""What happens to bundles that senders and followers hear of, in plain words."""

from django.utils.translation import gettext_lazy as _

from omkering.listen.rules_bundles import BundleState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kind and its milestones known; called once, when the application starts."""
    kinds.register(
        "bundle",
        label=_("Bundle"),
        plural=_("Bundles"),
        url_name="listen:bundle",
        state_labels=dict(BundleState.choices),
    )
    milestones.register(
        "signal.bundled",
        text=_(
            "“%(title)s” is not alone: it is now part of the bundle “%(bundle)s”, which holds %(count)s "
            "signals. They are looked at together."
        ),
        text_author=_(
            "Your signal “%(title)s” is not alone: it is now part of the bundle “%(bundle)s”, which holds "
            "%(count)s signals. They are looked at together."
        ),
    )
    milestones.register(
        "signal.bundled_answered",
        text=_(
            "“%(title)s” is now part of the bundle “%(bundle)s”. That bundle already has an answer, which "
            "holds for this signal too: %(reason)s"
        ),
    )
    milestones.register(
        "signal.unbundled",
        text=_(
            "“%(title)s” was taken out of the bundle “%(bundle)s” and is looked at again. "
            "The reason: %(reason)s"
        ),
    )
    milestones.register(
        "bundle.renamed",
        text=_("The bundle “%(old)s”, which “%(because)s” belongs to, is now called “%(title)s”: %(reason)s"),
        text_own=_("The bundle “%(old)s” is now called “%(title)s”: %(reason)s"),
    )
    milestones.register(
        "bundle.merged",
        text=_(
            "“%(because)s” is now part of the bundle “%(title)s”, which was made from %(count)s bundles that "
            "belong together."
        ),
        text_own=_("The bundle “%(title)s” was made from %(count)s bundles that belong together."),
    )
    milestones.register(
        "bundle.split",
        text=_(
            "“%(because)s” moved from the bundle “%(old)s” to the new bundle “%(title)s”, so that it gets a "
            "fitting answer."
        ),
        text_own=_("The bundle “%(title)s” was split off from the bundle “%(old)s”."),
    )
    milestones.register(
        "bundle.taken_up",
        text=_("The bundle “%(title)s”, with “%(because)s” in it, is taken up: %(reason)s"),
        text_own=_("The bundle “%(title)s” is taken up: %(reason)s"),
    )
    milestones.register(
        "bundle.referred",
        text=_("The bundle “%(title)s”, with “%(because)s” in it, was referred to %(addressee)s: %(reason)s"),
        text_own=_("The bundle “%(title)s” was referred to %(addressee)s: %(reason)s"),
    )
    milestones.register(
        "bundle.declined",
        text=_("The bundle “%(title)s”, with “%(because)s” in it, is not taken up: %(reason)s"),
        text_own=_("The bundle “%(title)s” is not taken up: %(reason)s"),
    )
    milestones.register(
        "search.found",
        text=_("There is a new signal that fits your search “%(search)s”: “%(title)s”."),
    )
