"""Documents: a text in numbered parts with stable addresses, and each of its versions."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item
from omkering.who.models import Person


class DocumentState(models.TextChoices):
    """The life of a document."""

    DRAFT = "draft", _("Being prepared")
    PUBLISHED = "published", _("Published")
    ADOPTED = "adopted", _("Adopted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class BlockKind(models.TextChoices):
    """What a part of a text is."""

    HEADING = "heading", _("Heading")
    PARAGRAPH = "paragraph", _("Paragraph")
    ITEM = "item", _("Item of a list")
    TABLE = "table", _("Table")
    BOX = "box", _("Box")
    PROPOSAL = "proposal", _("Proposal")


@pghistory.track()
class Document(Item):
    """A text that members talk about, amend and adopt. Its parts stand in its versions."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_document"
    )
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="documents")
    state_reason = models.TextField(blank=True)  # where it was adopted, or why it was withdrawn
    revision = models.PositiveIntegerField(
        default=1
    )  # one more at each change that is no new version of the text

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One whole text of a document; never changed once made, so that what was read can always be read again."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()  # 1, 2, 3 …; the highest is the present one
    note = models.TextField(_("what changed"), blank=True)
    # Why personal data stays in the text; empty where there is none.
    personal_data_reason = models.TextField(blank=True)
    # Nobody where a decision took effect by itself.
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="deliberate_version_number"),
        ]
        triggers = [
            pgtrigger.Protect(name="version_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"


class Paragraph(models.Model):
    """The lasting address of a part: the same from version to version, whatever its words, number or place become."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="paragraphs")
    address = models.PositiveIntegerField()  # 1, 2, 3 … in the order of first appearance; never given again

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "address"], name="deliberate_paragraph_address"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.address}"


class Block(models.Model):
    """The words of a part in one version.

    Texts are Markdown without HTML. A heading has a level from 1; a list item a depth from 1 in `level`. A table is
    a Markdown table. `label` is the number that the text itself gives it ("1.2", "Voorstel 3"); `text` holds the rest.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="blocks")
    paragraph = models.ForeignKey(Paragraph, models.PROTECT, related_name="blocks")
    position = models.PositiveIntegerField()  # the place in the version, from 0
    kind = models.CharField(max_length=10, choices=BlockKind)
    level = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=60, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="deliberate_block_position"),
            models.UniqueConstraint(fields=["version", "paragraph"], name="deliberate_block_once"),
        ]
        indexes = [models.Index(fields=["paragraph", "version"], name="deliberate_block_of")]
        triggers = [
            pgtrigger.Protect(name="block_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.position}"


class Basis(models.Model):
    """What a change in a new version follows from: the contribution or amendment behind this block."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="bases")
    paragraph = models.ForeignKey(Paragraph, models.PROTECT, related_name="bases")
    item = models.ForeignKey(Item, models.PROTECT, related_name="bases")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "paragraph", "item"], name="deliberate_basis_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.paragraph_id} {self.item_id}"


class Import(models.Model):
    """A text that is being looked at before it counts: a file that was read, or the next version of a document."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be looked at")
        DONE = "done", _("Became a document")
        DROPPED = "dropped", _("Dropped")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="imports")
    based_on = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="+"
    )  # the text that was begun from, when somebody writes the next version here
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200, blank=True)
    file = models.FileField(upload_to="documents/%Y/%m/", blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    blocks = models.JSONField(default=list)  # [{"kind", "level", "label", "text"}] and "address" where known
    notes = models.JSONField(default=list)  # what the reader of the file doubted, in words
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)  # one more at each correction
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(document__isnull=False), name="deliberate_import_done"
            )
        ]

    def __str__(self) -> str:
        return self.title
