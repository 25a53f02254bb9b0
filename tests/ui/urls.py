"""Addresses for the tests of `ui` alone, so that they need no room."""

from django.views.i18n import set_language
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from omkering.ui.gallery import gallery


def _search(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.GET.get("q", ""))


urlpatterns = [
    path("gallery/", gallery, name="gallery"),
    path("language/", set_language, name="set_language"),
    path("", include(([path("search/", _search, name="search")], "web"))),
]
