"""What the shell and its libraries keep of a person: ways to log in, sessions, failed attempts, mail of the demo."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef

from omkering.web.models import OutboxMail
from omkering.who import retention
from omkering.who.association.records import Term
from omkering.who.models import Person
from omkering.who.personal_data import erases, part

DEMO_MAIL = Term(30, "days")  # there is none outside the demo


@part("ways_to_log_in")
def _ways(person: Person) -> list[dict[str, Any]]:
    own = [
        {
            "what": row.type,
            "made": row.created_at.isoformat(),
            "read": row.last_used_at.isoformat() if row.last_used_at else None,
        }
        for row in Authenticator.objects.filter(user=person).order_by("pk")
    ]
    elsewhere = [
        {"what": row.provider, "made": row.date_joined.isoformat(), "read": row.last_login.isoformat()}
        for row in SocialAccount.objects.filter(user=person).order_by("pk")
    ]
    return own + elsewhere


@part("sessions")
def _sessions(person: Person) -> list[dict[str, Any]]:
    rows = UserSession.objects.filter(user=person).order_by("pk")
    return [
        {
            "ip": str(row.ip),
            "device": row.user_agent,
            "from": row.created_at.isoformat(),
            "until": row.last_seen_at.isoformat(),
        }
        for row in rows
    ]


@part("failed_logins")
def _failed(person: Person) -> list[dict[str, Any]]:
    rows = AccessAttempt.objects.filter(username=person.email).order_by("pk")
    return [
        {"ip": str(row.ip_address), "device": row.user_agent, "made": row.attempt_time.isoformat()}
        for row in rows
    ]


@erases
def _erase(person: Person) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
    for model in (Authenticator, SocialAccount, EmailAddress):
        model.objects.filter(user=person).delete()
    AccessAttempt.objects.filter(username=person.email).delete()
    OutboxMail.objects.filter(recipient=person.email).delete()


@retention.rule("failed_logins", period="failed_logins")
def _old_attempts(cutoff: datetime) -> int:
    return AccessAttempt.objects.filter(attempt_time__lt=cutoff).delete()[0]


@retention.rule("sessions")
def _ended_sessions(now: datetime) -> int:
    """Sessions that are over, with the address and device they came from."""
    gone = Session.objects.filter(expire_date__lt=now).delete()[0]
    live = Session.objects.filter(session_key=OuterRef("session_key"))
    return gone + UserSession.objects.filter(~Exists(live)).delete()[0]


@retention.rule("counters")
def _old_counters(now: datetime) -> int:
    """Counters of attempts that no longer count; the cache itself clears up only when it is full."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM web_cache WHERE expires < %s", [now])
        return cursor.rowcount


@retention.rule("demo_mail", period=DEMO_MAIL)
def _demo_mail(cutoff: datetime) -> int:
    return OutboxMail.objects.filter(at__lt=cutoff).delete()[0]
