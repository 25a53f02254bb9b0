"""Pages about the site itself."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from omkering import __version__
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.web import processing
from omkering.who.current import association

SECURITY_TXT_LASTS = timedelta(days=180)


@access("public")
def about(request: Request) -> HttpResponse:
    """What this is, which association runs it, and where its figures come from."""
    folder = association()
    return render(
        request,
        "web/about.html",
        {"folder": folder, "name": folder.names.get_in(get_language()), "version": __version__},
    )


@access("public")
def accessibility(request: Request) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "web/accessibility.html", {"email": association().email})


@access("public")
def privacy(request: Request) -> HttpResponse:
    """What is kept of people, why, and for how long."""
    return render(
        request, "web/privacy.html", {"email": association().email, "kept": processing.kept("role")}
    )


@access("public")
def register(request: Request) -> HttpResponse:
    """The register of processing."""
    folder = association()
    context = {
        "register": processing.register(),
        "name": folder.names.get_in(get_language() or folder.languages[0]),
        "email": folder.email,
        "breadcrumbs": [(_("Privacy"), reverse("web:privacy")), (_("Register of processing"), "")],
    }
    return render(request, "web/processing.html", context)


@access("public")
def security(request: Request) -> HttpResponse:
    """How to report a vulnerability."""
    return render(request, "web/security.html", {"email": association().email})


@access("public")
@cache_control(max_age=86400, public=True)
def security_txt(request: Request) -> HttpResponse:
    """RFC 9116; its last day moves along, half a year ahead, at midnight UTC."""
    expires = (timezone.now() + SECURITY_TXT_LASTS).strftime("%Y-%m-%dT00:00:00Z")
    site = settings.SITE_URL.rstrip("/")
    lines = [
        f"Contact: mailto:{association().email}",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {site}/.well-known/security.txt",
        f"Policy: {site}/kwetsbaarheid-melden/",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@access("public")
def robots(request: Request) -> HttpResponse:
    """Search engines may read what is public, and nothing of the demo."""
    text = (
        "User-agent: *\nDisallow: /\n"
        if settings.DEMO
        else "User-agent: *\nDisallow: /account/\nDisallow: /mijn/\n"
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
