"""Too many wrong passwords: who is meant, from where, and the page that says so."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail address of an attempt, in small letters."""
    given = credentials or {}
    named = given.get("email") or given.get("username") or request.POST.get("login", "")
    return str(named).strip().lower()


def client_ip(request: HttpRequest) -> str | None:
    """The address of the visitor, past the proxies that are trusted (TRUSTED_PROXIES); None without a network."""
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None


def locked(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """The page of somebody who is locked out."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
