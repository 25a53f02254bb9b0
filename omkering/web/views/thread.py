"""Pages of the thread: news, following, saved searches, receipts, and searching everything."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.journal import queries as journal
from omkering.journal.models import Event, Seal
from omkering.thread import commands, kinds
from omkering.thread.models import Item, SavedSearch, Theme
from omkering.thread.queries import best_items, follows_of, in_words, marked, notices_of
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.models import Member
from omkering.who.standing import standing_of


def _back(request: Request, otherwise: str) -> HttpResponse:
    """To where the form stood, if that is a page of ours."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else otherwise)


@access("person")
def news(request: Request) -> HttpResponse:
    """All news for me, newest first."""
    page = paginate(notices_of(request.user), request.GET, order=["-id"], size=25)
    return render(
        request, "web/news.html", {"page": page, "news": [in_words(notice) for notice in page.rows]}
    )


@access("person")
@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark all my news as read."""
    commands.mark_read(person=request.user)
    return redirect("web:news")


@access("person")
def follows(request: Request) -> HttpResponse:
    """What I follow, and my saved searches."""
    searches = SavedSearch.objects.filter(person=request.user).order_by("-pk")
    return render(request, "web/follows.html", {"follows": follows_of(request.user), "searches": searches})


@access("person")
@require_POST
def follow(request: Request) -> HttpResponse:
    """Start or stop following the item or theme named in the form."""
    subject = _subject(request)
    stop = request.POST.get("stop") == "1"
    if stop:
        commands.unfollow(person=request.user, **subject)
        messages.success(request, _("You no longer follow this."))
    else:
        commands.follow(person=request.user, **subject)
        messages.success(request, _("You follow this now. We tell you when there is news."))
    return _back(request, reverse("web:follows"))


def _subject(request: Request) -> dict[str, Any]:
    """The item or theme that a form names; a 404 for what this person may not know of."""
    if number := request.POST.get("item", ""):
        if not number.isdecimal():
            raise Http404
        readable = Item.objects.visible_to(standing_of(request.user), request.user.pk)
        return {"item": get_object_or_404(readable, pk=int(number))}
    return {"theme": get_object_or_404(Theme, key=request.POST.get("theme", ""))}


@access("person")
@require_POST
def remove_search(request: Request, pk: int) -> HttpResponse:
    """Throw away a saved search of mine."""
    commands.remove_search(
        person=request.user, search=get_object_or_404(SavedSearch, pk=pk, person=request.user)
    )
    messages.success(request, _("The saved search is gone."))
    return redirect("web:follows")


@access("public")
def search(request: Request) -> HttpResponse:
    """Search over every item I may see, and over members."""
    text = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("kind", "")
    items = list(best_items(text, request.user, 51, kind=kind)) if text else []
    members = Member.objects.filter(name__icontains=text).order_by("sort_key")[:8] if len(text) > 1 else []
    return render(
        request,
        "web/search.html",
        {
            "q": text,
            "kind": kind,
            "kinds": kinds.all_kinds(),
            "items": [(item, marked(item.words)) for item in items[:50]],
            "more": len(items) > 50,
            "members": members,
        },
    )


@access("public")
def item(request: Request, pk: int) -> HttpResponse:
    """The lasting address of any item: leads to its page."""
    readable = Item.objects.visible_to(standing_of(request.user), getattr(request.user, "pk", None))
    target = kinds.url(get_object_or_404(readable.defer("body", "search"), pk=pk))
    if not target:
        raise Http404
    return redirect(target)


@access("public")
def log(request: Request) -> HttpResponse:
    """The state of the sealed log, for anyone who keeps receipts."""
    seals = Seal.objects.order_by("-size")[:25]
    return render(
        request, "web/log.html", {"seals": [(seal.size, bytes(seal.root).hex(), seal.at) for seal in seals]}
    )


@access("person")
def receipt(request: Request, pk: int) -> HttpResponse:
    """The receipt of something I did myself: a page, or the JSON a stranger can check."""
    event = get_object_or_404(Event, pk=pk, actor=request.user.pk)
    proof = journal.receipt(event.pk)
    if request.GET.get("format") == "json":
        if proof is None:
            return JsonResponse(
                {"status": "waiting", "detail": _("This is being sealed; try again shortly.")}, status=202
            )
        response = JsonResponse(proof, json_dumps_params={"indent": 1})
        response["Content-Disposition"] = f'attachment; filename="receipt-{pk}.json"'
        return response
    return render(
        request,
        "web/receipt.html",
        {"event": event, "proof": proof, "proof_text": json.dumps(proof, indent=1) if proof else ""},
    )


@access("public")
def consistency(request: Request, old: int, new: int) -> HttpResponse:
    """Proof between two seals, as JSON."""
    proof = journal.consistency(old, new)
    if proof is None:
        raise Http404
    return JsonResponse(proof, json_dumps_params={"indent": 1})
