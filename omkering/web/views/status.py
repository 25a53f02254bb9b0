"""For the machine that watches: is it up, and how is it going."""

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from omkering import __version__
from omkering.journal.commands import tree_size
from omkering.journal.models import Pending
from omkering.thread.models import Item, Notice
from omkering.ui.access import access
from omkering.ui.request import Request


@access("public")
def healthz(request: Request) -> JsonResponse:
    """200 while the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok", "version": __version__})


@access("public")
def metrics(request: Request) -> HttpResponse:
    """Figures in the form of Prometheus. With METRICS_TOKEN set, only with that token as bearer; without
    it, from this machine alone."""
    if not _may_measure(request):
        return HttpResponseForbidden(
            "metrics: send METRICS_TOKEN as a bearer token\n", content_type="text/plain"
        )
    registry = CollectorRegistry()
    for name, text, value in (
        ("omkering_events_sealed", "Events under a seal", tree_size()),
        ("omkering_events_waiting", "Events that wait to be sealed", Pending.objects.count()),
        ("omkering_debts", "Items past their answering term", Item.objects.debts(timezone.now()).count()),
        (
            "omkering_notices_unmailed",
            "News not mailed yet",
            Notice.objects.filter(mailed_at__isnull=True).count(),
        ),
    ):
        Gauge(name, text, registry=registry).set(value)
    jobs = Gauge("omkering_jobs", "Jobs by state", ["state"], registry=registry)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, count(*) FROM procrastinate_jobs GROUP BY status")
        for state, count in cursor.fetchall():
            jobs.labels(state).set(count)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_measure(request: Request) -> bool:
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "")
        return hmac.compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    forwarded = "X-Forwarded-For" in request.headers
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not forwarded
