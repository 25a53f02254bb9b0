"""Signs of misuse: a log-in from a place that somebody never came from, and many failures in a short time (BIO2
5.17.01). Both become an event and a mail.

A place is the network of an address, kept only as a keyed mark that nobody can turn back into it.
"""

import hashlib
import hmac
from datetime import timedelta
from ipaddress import ip_network

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from omkering.journal.models import Event
from omkering.web.lockout import client_ip
from omkering.who.models import Person
from omkering.who.rights import administrators

WITHIN = timedelta(minutes=15)
QUIET = timedelta(hours=1)  # between two times that a peak is told
NEWEST = 2_000  # events looked at: the journal has no index on time, and a peak is new


def place_of(request: HttpRequest) -> str:
    """A mark of the network somebody comes from (the first 16 bits of an IPv4 address, 32 of IPv6); "" without one."""
    address = client_ip(request)
    if not address:
        return ""
    network = ip_network(f"{address}/{32 if ':' in address else 16}", strict=False)
    return hmac.new(settings.SECRET_KEY.encode(), f"place {network}".encode(), hashlib.sha256).hexdigest()[
        :12
    ]


def is_odd(person: Person, place: str) -> bool:
    """Whether `person` logged in before, and never from here. Two queries."""
    known = Event.objects.filter(actor=person.pk, verb="login.done", data__has_key="place")
    return bool(place) and known.exists() and not known.filter(data__place=place).exists()


def failures_now() -> int:
    """How many log-ins failed just now when that is a peak that was not told yet, else 0. One query."""
    now = timezone.now()
    rows = list(Event.objects.order_by("-id").values_list("verb", "at")[:NEWEST])
    failed = sum(verb == "login.failed" and at > now - WITHIN for verb, at in rows)
    told = any(verb == "login.peak" and at > now - QUIET for verb, at in rows)
    return failed if failed >= settings.LOGIN_PEAK and not told else 0


def mail_odd_place(person: int) -> int:
    """Tell somebody that their account was used from a new place; returns how many mails went out."""
    reader = Person.objects.filter(pk=person, is_active=True).first()
    if reader is None:
        return 0
    with translation.override(reader.language):
        text = render_to_string("web/login_odd.txt", {"site": settings.SITE_URL.rstrip("/")})
        EmailMessage(_("Log-in from a new place"), text, to=[reader.email]).send()
    return 1


def mail_peak(failures: int) -> int:
    """Tell every administrator that many log-ins failed; returns how many mails went out."""
    readers = list(administrators())
    for reader in readers:
        with translation.override(reader.language):
            minutes = int(WITHIN.total_seconds() // 60)
            text = render_to_string("web/login_peak.txt", {"failures": failures, "minutes": minutes})
            EmailMessage(_("Many log-ins fail"), text, to=[reader.email]).send()
    return len(readers)
