"""Mail of the demo: kept in the database and shown on a page, never sent."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from omkering.web.models import OutboxMail


class OutboxBackend(BaseEmailBackend):
    """Keeps every mail for the outbox page of the demo."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        OutboxMail.objects.bulk_create(
            OutboxMail(recipient=recipient, subject=str(message.subject)[:200], text=str(message.body))
            for message in email_messages
            for recipient in message.to
        )
        return len(email_messages)
