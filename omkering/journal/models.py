"""What happened. Events are append-only and sealed in batches into a Merkle tree (RFC 9162).

`Event` holds ids, never names or texts: it cannot be changed afterwards, so nothing personal may be in it.
The tree is kept as tiles of 256 hashes: tile (level, number) holds the roots of complete subtrees of
256**level leaves. Leaf n of the tree is the event of `Leaf(position=n)`.
"""

from django.db import models
from django.db.models.functions import Now


class Event(models.Model):
    """One thing that happened: who, on behalf of whom, what to what, when, from where, with which result."""

    at = models.DateTimeField(db_default=Now())
    actor = models.BigIntegerField(null=True)  # a person's id; null is the system itself
    on_behalf_of = models.CharField(max_length=80, blank=True)  # "member:GM0363", "body:board"
    verb = models.CharField(max_length=60)  # "signal.submitted"
    subject = models.CharField(max_length=80)  # "item:12"
    origin = models.CharField(max_length=60)  # "web:4f1c…", "cli", "worker"
    result = models.CharField(max_length=20, default="done")
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="journal_event_subject"),
            models.Index(fields=["actor", "-id"], name="journal_event_actor"),
            # Few among very many, and looked for on a home page: who got or lost a role.
            models.Index(
                fields=["-id"],
                condition=models.Q(verb__in=["person.appointed", "person.dismissed"]),
                name="journal_event_rights",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.subject}"


class Pending(models.Model):
    """An event that is not sealed yet; a trigger writes it, sealing removes it."""

    event = models.OneToOneField(Event, models.DO_NOTHING, primary_key=True, db_constraint=False)


class Leaf(models.Model):
    """The place of an event in the tree."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, models.DO_NOTHING, db_constraint=False)


class Tile(models.Model):
    """Up to 256 hashes of 32 bytes; grows until it is full, then never changes."""

    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="journal_tile_place")]


class Seal(models.Model):
    """The root of the tree at a size; what a receipt is checked against. Append-only."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["size"]
