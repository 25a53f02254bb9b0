"""Addresses of bundles, the board and themes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
