"""What the shell keeps of its own: the mail of the demo."""

from django.db import models
from django.db.models.functions import Now


class OutboxMail(models.Model):
    """A mail the demo would have sent, to be read on its outbox page."""

    at = models.DateTimeField(db_default=Now())
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        ordering = ["-id"]
