"""Error pages in the look of the house; each says in a sentence what is wrong."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request, exception=None):
    return render(request, "400.html", {"reason": str(exception or "")}, status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    # Without context: whatever broke may be in there.
    return HttpResponseServerError(render_to_string("500.html"))
