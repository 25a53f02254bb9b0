"""Addresses of the pages about the site, and of the machine."""

from django.conf import settings
from django.urls import URLPattern, path

from omkering.web.views import demo, pages, status

urlpatterns: list[URLPattern] = [
    path("over/", pages.about, name="about"),
    path("toegankelijkheid/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("privacy/register/", pages.register, name="processing"),
    path("kwetsbaarheid-melden/", pages.security, name="security"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
    path("robots.txt", pages.robots, name="robots"),
    path("healthz", status.healthz, name="healthz"),
    path("metrics", status.metrics, name="metrics"),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/inloggen/", demo.log_in, name="demo_log_in"),
        path("demo/postvak/", demo.outbox, name="demo_outbox"),
    ]
