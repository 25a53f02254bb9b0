"""A running meeting in words: the usual next step, times, and what was done."""

from django.utils.translation import gettext as _

from omkering.decide.autopilot import Do, Step
from omkering.decide.queries.live import Running


def step_in_words(state: Running) -> tuple[str, str]:
    """The label of the button for the usual next step, and what it will do; no label where there is no button."""
    step = state.step
    titles = {item.pk: item.title for item in state.agenda}
    speakers = {each.speech.pk: each.name for each in state.waiting}
    votes = {line.vote.pk: line.vote.title for line in state.all_votes}
    name = {
        Do.GO_TO: titles.get(step.about, ""),
        Do.CALL_SPEAKER: speakers.get(step.about, ""),
        Do.END_SPEECH: state.speaking.name if state.speaking else "",
    }.get(step.do, votes.get(step.about, ""))
    label, words = {
        Do.OPEN_MEETING: (
            _("Open the meeting"),
            _("The meeting then begins. Everybody who watches sees it."),
        ),
        Do.RESUME: (_("Resume the meeting"), _("The meeting then goes on where it was.")),
        Do.GO_TO: (_("Next item"), _("Go to “%(name)s”. What is dealt with now is then done.")),
        Do.CALL_SPEAKER: (_("Next speaker"), _("%(name)s then has the floor. Who speaks now has spoken.")),
        Do.END_SPEECH: (_("End the speech"), _("%(name)s has then spoken. Nobody else waits.")),
        Do.OPEN_VOTE: (
            _("Open the vote"),
            _("Members can then vote on “%(name)s”. The list of who may vote is frozen."),
        ),
        Do.CLOSE_VOTE: (
            _("Close the vote"),
            _("Nobody can then vote on “%(name)s” any more. The votes are counted."),
        ),
        Do.ANNOUNCE: (
            _("Announce the result"),
            _("Everybody then sees the result of “%(name)s”. It cannot be undone any more."),
        ),
        Do.DECIDE_TIE: ("", _("The votes on “%(name)s” are equal. The chair decides: do that at the vote.")),
        Do.CLOSE_MEETING: (_("Close the meeting"), _("The agenda is done. After this nothing can be added.")),
        Do.NOTHING: ("", _("There is nothing to do now: the meeting was not called yet, or it is over.")),
    }[step.do]
    return label, words % {"name": name}


def clock_words(seconds: int) -> str:
    """Seconds as minutes: 3:05; below nought with a minus."""
    whole = abs(seconds)
    return f"{'−' if seconds < 0 else ''}{whole // 60}:{whole % 60:02}"


def read_step(text: str) -> Step | None:
    """The step that a form names; None for anything else."""
    do, _colon, about = text.partition(":")
    if do not in Do._value2member_map_ or not about.isdecimal() or len(about) > 18:
        return None
    return Step(Do(do), int(about))
