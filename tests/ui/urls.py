"""Addresses for the tests of `ui` alone, so that they need no room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from omkering.ui.gallery import gallery

LOGIN = """{% extends "ui/base.html" %}{% block title %}Log in{% endblock %}
{% block heading %}Log in{% endblock %}
{% block content %}<form method="post" data-draft="login"><label for="p">Password</label>
<input type="password" id="p" name="p"><label for="r">Remark</label><input id="r" name="r"></form>
<form method="post" action="/sent/" data-draft-clear><button>Leave</button></form>{% endblock %}"""
SENT = (
    """{% extends "ui/base.html" %}{% block title %}Sent{% endblock %}{% block heading %}Sent{% endblock %}"""
)


def _page(source: str):
    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(engines["django"].from_string(source).render({}, request))

    return view


def _error(request: HttpRequest, code: str) -> HttpResponse:
    if code == "500":  # as Django does it: without context
        return HttpResponse(engines["django"].get_template("500.html").render())
    return render(request, f"{code}.html")


urlpatterns = [
    path("gallery/", gallery, name="gallery"),
    path("language/", set_language, name="set_language"),
    path("login/", _page(LOGIN)),
    path("sent/", _page(SENT)),
    path("error/<str:code>/", _error),
    path("", include(([path("search/", _page(SENT), name="search")], "web"))),
]
