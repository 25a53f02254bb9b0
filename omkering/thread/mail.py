"""News by mail, at once, daily or weekly as each person chose: one mail with all that is new."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from omkering.thread.models import Notice
from omkering.thread.queries import in_words, notices_of
from omkering.who.current import association
from omkering.who.models import Person

logger = logging.getLogger(__name__)
LINES = 50  # in one mail; the rest is counted and linked
OLDEST = timedelta(days=30)  # a person who switches mail on does not get years at once


def deliver(digest: str) -> int:
    """Send what is new to everyone with this choice; returns how many mails went out."""
    since = timezone.now() - OLDEST
    people = Person.objects.filter(
        digest=digest, is_active=True, notices__mailed_at__isnull=True, notices__created_at__gt=since
    ).distinct()
    return sum(deliver_to(person) for person in list(people))


def deliver_to(person: Person) -> bool:
    """One mail with all that is new for a person; False when there was nothing or it could not be sent.

    The news is marked as mailed before it is sent: after a crash half-way somebody may miss a mail (the news
    is in the app), but never gets the same news twice.
    """
    with transaction.atomic():
        claimed = list(
            Notice.objects.select_for_update(skip_locked=True)
            .filter(person=person, mailed_at__isnull=True, read_at__isnull=True)
            .values_list("pk", flat=True)
        )
        Notice.objects.filter(pk__in=claimed).update(mailed_at=timezone.now())
    if not claimed:
        return False
    try:
        message(person, claimed).send()
    except OSError:
        logger.exception("mail to person %s could not be sent", person.pk)
        Notice.objects.filter(pk__in=claimed).update(mailed_at=None)
        return False
    return True


def message(person: Person, notices: list[int]) -> EmailMessage:
    """The mail itself, in the person's language, as plain text with an address for each line of news."""
    with translation.override(person.language):
        news = [in_words(notice) for notice in notices_of(person).filter(pk__in=notices)[:LINES]]
        subject = ngettext("%(n)s new message for you", "%(n)s new messages for you", len(notices)) % {
            "n": len(notices)
        }
        text = render_to_string(
            "thread/digest.txt",
            {
                "person": person,
                "news": news,
                "more": len(notices) - len(news),
                "site": settings.SITE_URL.rstrip("/"),
                "association": association().names.get_in(person.language),
            },
        )
    return EmailMessage(subject, text, to=[person.email])
