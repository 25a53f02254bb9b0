"""Who may bundle, answer bundles and import signals; the life of a bundle."""

import rules
from django.db import models
from django.utils.translation import gettext_lazy as _

from omkering.listen.models import SignalState
from omkering.who.authority import is_bureau, works_for_member


class BundleState(models.TextChoices):
    """The life of a bundle; merged and dissolved bundles keep their page and their history."""

    IN_REVIEW = "in_review", _("In review")
    TAKEN_UP = "taken_up", _("Taken up")
    REFERRED = "referred", _("Referred")
    DECLINED = "declined", _("Declined")
    MERGED = "merged", _("Merged")
    DISSOLVED = "dissolved", _("Dissolved")


ANSWERS = (BundleState.TAKEN_UP, BundleState.REFERRED, BundleState.DECLINED)
# A bundle that lives holds its signals; a signal is in at most one of these.
LIVE = (BundleState.IN_REVIEW, *ANSWERS)
# New signals may still join: not what was declined, for that would decline them unread.
GROWING = (BundleState.IN_REVIEW, BundleState.TAKEN_UP, BundleState.REFERRED)
# Signals that nobody has settled yet may be put in a bundle.
LOOSE = (SignalState.SUBMITTED, SignalState.IN_REVIEW)

rules.add_perm("listen.bundle_signals", is_bureau)
rules.add_perm("listen.answer_bundle", is_bureau)
rules.add_perm("listen.import_signals", is_bureau | works_for_member)
