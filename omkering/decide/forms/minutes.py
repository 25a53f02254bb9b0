"""Forms of the minutes: a note, a correction, and before which meeting they are laid."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from omkering.decide.commands.minutes import LENGTHS
from omkering.decide.models import AgendaItem, Meeting
from omkering.thread.privacy import REASON
from omkering.ui.text_forms import CommandForm, TextForm, long_text
from omkering.who.models import Member


class NoteForm(TextForm):
    """A note of the minute taker."""

    texts = ("text",)
    lengths = LENGTHS
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = long_text(_("Your note"), _("Write down what was said or agreed, in short sentences."), rows=8)

    field_order = ("version", "text", REASON)


class CorrectionForm(TextForm):
    """A correction that a member asks for."""

    texts = ("text",)
    lengths = LENGTHS
    member = forms.ModelChoiceField(Member.objects.none(), label=_("Which member asks for it"))
    agenda_item = forms.ModelChoiceField(
        AgendaItem.objects.none(),
        label=_("At which item"),
        required=False,
        empty_label=_("About the whole"),
    )
    text = long_text(_("What should be written instead"), rows=6)

    field_order = ("member", "agenda_item", "text", REASON)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Member.objects.on(meeting.reference_date).order_by("sort_key")
        self.fields["member"].queryset = members  # type: ignore[attr-defined]
        self.fields["agenda_item"].queryset = meeting.agenda.order_by("position")  # type: ignore[attr-defined]


class MeetingChoice(forms.ModelChoiceField):
    """Meetings by their day and title."""

    def label_from_instance(self, obj: Any) -> str:
        """The words of one meeting."""
        return f"{date_format(localtime(obj.starts_at), 'j F Y')} – {obj.title}"


class ProposeForm(CommandForm):
    """Before which meeting the minutes are laid."""

    to = MeetingChoice(
        Meeting.objects.none(), label=_("Which meeting adopts these minutes"), empty_label=None
    )

    def __init__(self, *args: Any, later: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = later  # type: ignore[attr-defined]
