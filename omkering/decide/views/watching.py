"""Watching a meeting: what it is at now, and the screen in the hall and of the stream."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from omkering.decide import vote_rule
from omkering.decide.models import Meeting, SpeechState, Vote
from omkering.decide.queries import live as queries
from omkering.decide.queries.results import option_slices, slices
from omkering.decide.screen_picture import (
    LEADING,
    LINES_BESIDE,
    MOST_LINES,
    MOST_ROWS,
    OnVote,
    Shown,
    first_lines,
    majority_bars,
    option_lines,
    percent,
    share_bar,
    slice_bars,
    what_to_show,
)
from omkering.decide.short_memory import remembered
from omkering.decide.views.live_common import live_context, part_or_page
from omkering.decide.views.meeting_common import crumbs_in, meeting_or_404
from omkering.ui.access import access
from omkering.ui.request import Request


@access("public")
@never_cache
def now(request: Request, pk: int) -> HttpResponse:
    """What a meeting is at: the item, who speaks and who waits, votes. With `?deel=nu` that part alone."""
    meeting = meeting_or_404(request, pk)
    if request.GET.get("deel") == "nu":
        return HttpResponse(_kept(meeting, "nu", lambda state: _part(meeting, state)))
    state = queries.running(meeting)
    context = {
        **live_context(meeting, state),
        **now_context(meeting, state),
        "breadcrumbs": crumbs_in(meeting, (_("Live"), "")),
    }
    return part_or_page(request, {}, "decide/live/now_page.html", context)


def now_context(meeting: Meeting, state: queries.Running) -> dict[str, Any]:
    """What the public part needs: nothing of it depends on who reads it."""
    last = state.announced
    return {
        "live": state,
        "meeting": meeting,
        "last": last,
        "bars": majority_bars(last.vote.result) if last and last.vote.result else [],
    }


def _part(meeting: Meeting, state: queries.Running) -> str:
    return render_to_string("decide/live/now.html", now_context(meeting, state))


def _kept(meeting: Meeting, what: str, make: Any) -> str:
    """The part as it was made for somebody else within the same second, or made now."""
    key = (what, meeting.pk, queries.newest_change(meeting), translation.get_language())
    return remembered(key, lambda: make(queries.running(meeting)))


# --- the screen ------------------------------------------------------------------------------------------
@access("public")
@never_cache
def screen(request: Request, pk: int) -> HttpResponse:
    """The screen, in a bare frame; `?taal=en` for English. With `?deel=scherm` the picture alone."""
    meeting = meeting_or_404(request, pk)
    wanted = request.GET.get("taal", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else translation.get_language()
    with translation.override(language):
        if request.GET.get("deel") == "scherm":
            return HttpResponse(_kept(meeting, "scherm", lambda state: _picture(meeting, state)))
        state = queries.running(meeting)
        context = {
            **live_context(meeting, state),
            **_shown(meeting, state),
            "language": language,
            "other": "en" if language == "nl" else "nl",
        }
        return part_or_page(request, {}, "decide/live/screen.html", context)


def _picture(meeting: Meeting, state: queries.Running) -> str:
    return render_to_string("decide/live/screen_picture.html", _shown(meeting, state))


def _shown(meeting: Meeting, state: queries.Running) -> dict[str, Any]:
    """What the screen shows now; with a result that was not secret how groups of members voted."""
    shown = _choose(meeting, state)
    line = next((line for line in state.all_votes if line.vote.pk == shown.vote), None)
    context: dict[str, Any] = {
        "live": state,
        "meeting": meeting,
        "shown": shown.show,
        "line": line,
        "content_language": settings.LANGUAGE_CODE,
    }
    if shown.show == "result" and line and line.vote.result:
        context |= _result(line)
    return context


def _choose(meeting: Meeting, state: queries.Running) -> Shown:
    votes = [
        OnVote(
            line.vote.pk,
            line.vote.state,
            here=line.vote.agenda_item_id == meeting.current_id and meeting.current_id is not None,
            announced=line.announced,
            moment=line.vote.announced_at,
        )
        for line in state.all_votes
    ]
    begun = [speech.started_at for speech in state.speeches if speech.state == SpeechState.SPEAKING]
    return what_to_show(
        meeting.state,
        meeting.on_screen,
        votes,
        item=state.current is not None,
        speaking_since=begun[0] if begun else None,
    )


def _result(line: queries.VoteLine) -> dict[str, Any]:
    vote = line.vote
    result = vote.result or {}
    election = vote_rule.is_election(vote.rule)
    found: dict[str, Any] = {"result": result, "election": election}
    if election:
        found |= _of_options(vote)
    else:
        found["bars"] = majority_bars(result)
        if not vote.secret:
            found["slices"] = [
                (
                    each.title,
                    slice_bars(
                        {row.name: {"for": row.votes[0], "against": row.votes[1]} for row in each.rows},
                        {row.name: row.name for row in each.rows},
                    )[:12],
                )
                for each in slices(vote)
            ]
    return found


def _of_options(vote: Vote) -> dict[str, Any]:
    """What each option got; below it, of a vote that was not secret, what those that lead got in each group."""
    lines = option_lines(vote.result or {}, vote_rule.titles_of(vote.rule), vote.chosen)
    groups = option_slices(vote, LEADING)
    columns = [key for key, _title in groups.options] if groups else []
    shown = first_lines(lines, LINES_BESIDE if groups else MOST_LINES, columns)
    found = {"options": shown, "more": len(lines) - len(shown), "groups": groups}
    if groups:
        found["groupings"] = [
            (
                each.title,
                [
                    (row.name, [(percent(share), most, share_bar(share or 0)) for share, most in row.cells])
                    for row in each.rows[:MOST_ROWS]
                ],
            )
            for each in groups.groupings
        ]
    return found
