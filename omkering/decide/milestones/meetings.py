"""Meetings and requests for one in words: their kinds, their states, and the news they give."""

from django.utils.translation import gettext_lazy as _

from omkering.decide.models import MeetingState, RequestState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kinds and milestones of this part known."""
    kinds.register(
        "meeting",
        label=_("Meeting"),
        plural=_("Meetings of bodies"),
        url_name="decide:meeting",
        state_labels=dict(MeetingState.choices),
    )
    kinds.register(
        "meeting_request",
        label=_("Request for an extra meeting"),
        plural=_("Requests for an extra meeting"),
        url_name="decide:meeting_request",
        state_labels=dict(RequestState.choices),
    )
    milestones.register(
        "meeting.called",
        text=_("The agenda of “%(title)s” is out. The meeting begins on %(begins)s."),
    )
    milestones.register(
        "meeting.changed",
        text=_("“%(title)s” was changed. It begins on %(begins)s."),
    )
    milestones.register(
        "meeting.cancelled",
        text=_("“%(title)s” was called off: %(reason)s"),
    )
    milestones.register(
        "meeting.paper_late",
        text=_("A paper was sent on later for “%(title)s”: %(number)s. %(paper)s"),
    )
    milestones.register(
        "meeting.dealt_with",
        text=_(
            "“%(title)s”, which came from “%(because)s”, was dealt with in “%(meeting)s”, without a vote."
        ),
        text_own=_("“%(title)s” was dealt with in “%(meeting)s”, without a vote."),
        text_yours=_(
            "“%(title)s”, which came from your %(because_kind)s “%(because)s”, was dealt with in “%(meeting)s”, "
            "without a vote."
        ),
    )
    milestones.register(
        "meeting.held_over",
        text=_(
            "“%(title)s”, which came from “%(because)s”, was held over in “%(meeting)s”. It comes back later."
        ),
        text_own=_("“%(title)s” was held over in “%(meeting)s”. It comes back later."),
        text_yours=_(
            "“%(title)s”, which came from your %(because_kind)s “%(because)s”, was held over in “%(meeting)s”. "
            "It comes back later."
        ),
    )
    milestones.register(
        "meeting_request.made",
        text=_("A member asks for an extra meeting: “%(title)s”. Your member can stand behind it."),
        text_author=_("Your request for an extra meeting was made: “%(title)s”."),
    )
    milestones.register(
        "meeting_request.reached",
        text=_("“%(title)s” has enough support. The extra meeting must be called by %(day)s."),
    )
    milestones.register(
        "meeting_request.called",
        text=_("The extra meeting that you asked for is planned on %(day)s: “%(title)s”."),
    )
