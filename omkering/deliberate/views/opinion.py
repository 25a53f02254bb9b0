"""The opinion map of a round: groups, what divides, what all of them share, and where one stands oneself."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.deliberate import opinion_words as words
from omkering.deliberate.opinion_picture import draw
from omkering.deliberate.queries import opinion as queries
from omkering.deliberate.views.statements import crumbs_of, is_open, round_or_404
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.request import Request
from omkering.who.authority import may


@access("public")
def opinion_map(request: Request, pk: int) -> HttpResponse:
    """The newest map, and what it says."""
    round = round_or_404(request, pk)
    run = queries.newest(round)
    statements = queries.statements_of(round)
    stand = queries.stand_of(request.user, run, round, statements)
    context = {
        "round": round,
        "open": is_open(round),
        "may_vote": is_open(round) and may(request.user, "deliberate.vote_statement", round),
        "run": run,
        "stand": stand,
        "breadcrumbs": crumbs_of(
            round,
            (_("Statements"), reverse("deliberate:statements", args=[round.pk])),
            (_("Opinion map"), ""),
        ),
    }
    if run is not None and run.result["groups"]:
        result = run.result
        names = {group["name"]: words.group_with_size(group) for group in result["groups"]}
        context |= {
            "result": result,
            "picture": draw(
                result,
                title=_("Map of who thinks alike: %(groups)s.") % {"groups": ", ".join(names.values())},
                names=names,
                nobody=_("In no group that can be described"),
                you=_("You"),
                own=stand.place if stand else None,
            ),
            "shared": words.entries(words.shared(result, statements)),
            "dividing": words.entries(words.dividing(result, statements)),
            "typical": [
                (group, words.short_entries(group.statements))
                for group in (words.typical(result, statements) if len(names) > 1 else [])
            ],
            "legend": words.parts(),
            "columns": [_("Everybody"), *(words.group_name(name) for name in names)],
            "body": words.table_body(result, statements),
            "letters": [words.group_name(name) for name in names],
            "slices": words.slice_bodies(words.slice_tables(result)),
            "with_groups": [
                (words.group_name(letter), same, of)
                for letter, same, of in (stand.with_groups if stand else [])
            ],
            "own_group": words.group_name(stand.letter) if stand and stand.letter else "",
        }
    return render(request, "deliberate/opinion_map.html", context)


@access("public")
def opinion_file(request: Request, pk: int, form: str) -> HttpResponseBase:
    """The figures of the newest map, as CSV or ODS."""
    round = round_or_404(request, pk)
    run = queries.newest(round)
    if form not in ("csv", "ods") or run is None:
        raise Http404
    statements = queries.statements_of(round)
    rows = words.file_rows(run.result, statements)
    return table_response(form, f"{_('opinion-map')}-{round.pk}", words.header(), rows)
