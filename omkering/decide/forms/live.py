"""Forms of a running meeting: put somebody on the speakers' list, a quick vote, an undertaking, an undo."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omkering.decide.models import SpeechKind
from omkering.ui.forms import LongSelect

SIDES = [("", _("Neither for nor against")), ("for", _("For")), ("against", _("Against"))]


class AskForm(forms.Form):
    """Ask to speak, for oneself or one's member."""

    kind = forms.ChoiceField(
        label=_("What for"),
        choices=[(k, SpeechKind(k).label) for k in ("speak", "order")],
        widget=forms.RadioSelect,
    )
    side = forms.ChoiceField(label=_("On which side"), choices=SIDES, required=False)
    subject = forms.CharField(label=_("About what"), max_length=200, required=False)


class SpeakerForm(forms.Form):
    """Put somebody on the list from the console."""

    kind = forms.ChoiceField(label=_("What for"), choices=SpeechKind.choices, initial=SpeechKind.SPEAK)
    member = forms.ChoiceField(label=_("Member"), required=False, widget=LongSelect)
    name = forms.CharField(label=_("Name of a visitor"), max_length=120, required=False)
    side = forms.ChoiceField(label=_("On which side"), choices=SIDES, required=False)

    def __init__(self, *args: Any, members: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        """`members`: code and name."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["member"]
        field.choices = [("", "–"), *members]


class QuickVoteForm(forms.Form):
    """A vote for or against, at once, on the item that the meeting is at."""

    procedure = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("ballots", _("By phone, and by hand or on paper at the desk")),
            ("acclamation", _("By acclamation: adopted unless somebody objects")),
        ],
        initial="ballots",
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(
        label=_("Closes by itself after (minutes)"), min_value=1, max_value=120, initial=15
    )


class UndertakingForm(forms.Form):
    """What was promised, just as it was said."""

    title = forms.CharField(label=_("Undertaking in one line"), max_length=200)
    text = forms.CharField(
        label=_("What exactly was promised"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due = forms.DateField(label=_("To be told of before"), required=False, widget=forms.DateInput)


class UndoForm(forms.Form):
    """Undo a vote whose result was not announced yet."""

    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("This is kept with the vote and stands in the minutes."),
    )
