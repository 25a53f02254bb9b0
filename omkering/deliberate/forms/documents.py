"""Forms of documents: read a file in, correct its structure, and what is said about a document."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.document_words import KINDS
from omkering.deliberate.models import Document, DocumentState
from omkering.thread.models import Theme, Visibility
from omkering.ui.forms import LongSelect
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.models import Appointment, Body, Network, Person

CORRECTIONS = (
    *(KINDS.items()),
    ("join", _("Join with the part before it")),
    ("out", _("Leave out")),
)


def _one(label: Any, rows: Any, help_text: Any = "") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        queryset=rows,
        required=False,
        help_text=help_text,
        widget=LongSelect,
        empty_label=_("None"),
    )


def _owners() -> Any:
    """Who can look after a document: people of the bureau or with a seat in a body today."""
    seats = Appointment.objects.on(timezone.localdate()).filter(member__isnull=True, network__isnull=True)
    return Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("name", "pk")


class Filter(forms.Form):
    """The documents one looks for."""

    mark_optional = False
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *DocumentState.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"] = forms.ModelChoiceField(
            label=_("Theme"),
            queryset=Theme.objects.all(),
            required=False,
            to_field_name="key",
            empty_label=_("All themes"),
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, without what is not known."""
        if not self.is_bound:
            return {}
        self.is_valid()
        theme = self.cleaned_data.get("theme")
        return {
            "words": self.cleaned_data.get("q", ""),
            "state": self.cleaned_data.get("state", ""),
            "theme": theme.key if theme else "",
        }


class TakeFile(CommandForm):
    """A file to read."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("Word (docx), PDF with text, Markdown or plain text, at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.pdf,.md,.markdown,.txt"}),
    )
    title = forms.CharField(
        label=_("Title"), required=False, help_text=_("Empty: the title that the file itself has.")
    )


class CorrectParts(CommandForm):
    """What happens with the parts that were ticked."""

    mark_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput)
    deed = forms.ChoiceField(label=_("Make of the ticked parts"), choices=CORRECTIONS, required=False)


class OnePart(CommandForm):
    """The words of one part, and what it is."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What it is"), choices=list(KINDS.items()))
    label = forms.CharField(
        label=_("Number"), required=False, help_text=_("As the text itself counts: 1.2, or Voorstel 3.")
    )
    blocks = long_text(_("Text"), _("A blank line makes two parts of it. You can use Markdown."), rows=10)


class Confirm(CommandForm):
    """A text that was looked at becomes a document, or its next version."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"))
    summary = long_text(
        _("What it is about"), _("In a few sentences. Empty: its first paragraph."), rows=3, required=False
    )
    personal_data_reason = long_text(
        _("Why must the personal data stay in the text?"),
        _("Only when it cannot be left out. Everybody who may read this text can read it."),
        rows=2,
        required=False,
    )

    def __init__(self, *args: Any, asks_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"] = _one(_("Theme"), Theme.objects.all())
        self.fields["owner_body"] = _one(_("Body"), Body.objects.all(), _("Which body answers for it."))
        if not asks_reason:
            del self.fields["personal_data_reason"]


class ConfirmVersion(CommandForm):
    """A text becomes the next version of a document."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = long_text(
        _("What changed, and why"), _("Who follows the document reads this."), rows=3, required=False
    )
    personal_data_reason = long_text(
        _("Why must the personal data stay in the text?"),
        _("Only when it cannot be left out. Everybody who may read this text can read it."),
        rows=2,
        required=False,
    )

    def __init__(self, *args: Any, asks_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_reason:
            del self.fields["personal_data_reason"]


class EditDocument(CommandForm):
    """What is said about a document."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"))
    summary = long_text(_("What it is about"), rows=4, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"] = _one(_("Theme"), Theme.objects.all())
        self.fields["owner"] = _one(_("Owner"), _owners(), _("Who answers questions about it."))
        self.fields["owner_body"] = _one(_("Body"), Body.objects.all(), _("Which body answers for it."))

    @classmethod
    def start(cls, document: Document, data: Any = None) -> "EditDocument":
        """The form with what the document says now."""
        names = ("revision", "title", "summary")
        initial: dict[str, Any] = {name: getattr(document, name) for name in names}
        initial |= {name: getattr(document, f"{name}_id") for name in ("theme", "owner", "owner_body")}
        return cls(data, initial=initial)


class Publish(CommandForm):
    """Who may read it."""

    visibility = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[choice for choice in Visibility.choices if choice[0] != Visibility.BUREAU],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"] = _one(
            _("Which network"), Network.objects.all(), _("Only when one network may read it.")
        )


class WithReason(CommandForm):
    """A reason that everybody sees who may read the document."""

    reason = long_text(_("Reason"), rows=4)
