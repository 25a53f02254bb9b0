"""Show of hands at the desk: what the hall says as a whole, and the names of those whose hand was another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from omkering.decide import commands
from omkering.decide.commands.desk_ballots import Given
from omkering.decide.commands.show_of_hands import still_to_raise
from omkering.decide.commands.vote_rows import in_attended_meeting
from omkering.decide.models import RollEntry, Vote, VoteState
from omkering.decide.queries.desk import DeskLine, desk_lines
from omkering.decide.views.common import crumbs_of
from omkering.decide.views.desk import held_by, noted, short
from omkering.ui.access import access
from omkering.ui.form_pages import sent
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required

ABSENT = "-"  # in the list: this one raised no hand at all


class HandsForm(forms.Form):
    """What the hall says, and how many hands were counted for each choice."""

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["rest"] = forms.ChoiceField(
            label=_("All hands, but for those named below"), choices=choices, widget=forms.RadioSelect
        )
        for number, (_value, label) in enumerate(choices):
            self.fields[f"counted-{number}"] = forms.IntegerField(
                label=_("Hands counted: %(choice)s") % {"choice": label},
                min_value=0,
                max_value=100_000,
                required=False,
            )

    def counted(self) -> dict[str, int]:
        """Choice → the hands that were counted, where somebody counted them."""
        given = (
            (value, self.cleaned_data[f"counted-{at}"]) for at, (value, _label) in enumerate(self.choices)
        )
        return {value: number for value, number in given if number is not None}


@access("insider")
@second_factor_required
@never_cache
def hands(request: Request, pk: int) -> HttpResponse:
    """Take down a show of hands of the whole hall, for somebody else to confirm."""
    vote = held_by(request, pk)
    choices = short(vote)
    if vote.secret or vote.state != VoteState.OPEN or not in_attended_meeting(vote):
        return redirect("decide:vote", pk)
    if not choices:
        return redirect("decide:desk", pk)
    lines = _lines(vote)
    form = HandsForm(choices, sent(request))
    error = ""
    if request.method == "POST":
        for line in lines:
            line.typed = request.POST.get(line.field, "")
        if form.is_valid():
            try:
                made = commands.enter_show_of_hands(
                    actor=request.user,
                    vote=vote,
                    rest=form.cleaned_data["rest"],
                    others=[
                        Given(line.voter, "" if line.typed == ABSENT else line.typed, line.part)
                        for line in lines
                        if line.typed
                    ],
                    counted=form.counted(),
                )
            except ValidationError as refused:
                error = " ".join(refused.messages)
            else:
                messages.success(request, noted(len(made)))
                return redirect("decide:desk", pk)
    context = {
        "vote": vote,
        "form": form,
        "lines": lines,
        "choices": choices,
        "absent": ABSENT,
        "error": error,
        "votes": sum(line.votes for line in lines),
        "breadcrumbs": crumbs_of(vote, (_("Show of hands"), "")),
    }
    return render(request, "decide/desk_hands.html", context, status=422 if error or form.errors else 200)


def _lines(vote: Vote) -> list[DeskLine]:
    """Those in the hall that have not voted, in the order of their names."""
    free = set(still_to_raise(vote))
    entries = RollEntry.objects.filter(vote=vote, voter__in=[voter for voter, _part in free])
    rows = desk_lines(vote, list(entries.select_related("member", "person")))
    found = [line for line in rows if (line.voter, line.part) in free]
    return sorted(
        found, key=lambda line: (line.entry.member.sort_key if line.entry.member else "", line.name)
    )
