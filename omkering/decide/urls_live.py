"""Addresses of this room, under `besluiten/`: live."""

from django.urls import path

from omkering.decide.views import console, delegate, watching

urlpatterns = [
    path("vergadering/<int:pk>/nu/", watching.now, name="live_now"),
    path("vergadering/<int:pk>/voorzitter/", console.console, name="console"),
    path("vergadering/<int:pk>/voorzitter/doe/", console.console_do, name="console_do"),
    path("vergadering/<int:pk>/mijn/", delegate.delegate, name="delegate"),
    path("vergadering/<int:pk>/mijn/doe/", delegate.delegate_do, name="delegate_do"),
    path("vergadering/<int:pk>/scherm/", watching.screen, name="screen"),
]
