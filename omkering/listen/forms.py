"""Forms of signals. They check what the commands check, so that every error stands at its field at once."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from omkering.listen.models import SignalState
from omkering.listen.rules import ANSWERS
from omkering.listen.texts import LENGTHS
from omkering.thread.models import Theme, Visibility
from omkering.ui import text_forms
from omkering.ui.text_forms import long_text
from omkering.who.current import association
from omkering.who.models import Body, Member, Network


class TextForm(text_forms.TextForm):
    """A form with texts of this room."""

    lengths = LENGTHS


def _title() -> forms.CharField:
    return forms.CharField(
        label=_("Title"),
        help_text=_(
            "What is it about, in one sentence? For example: “Residents cannot pay their energy bill”."
        ),
        strip=False,
    )


def _case() -> forms.CharField:
    return long_text(
        _("What happens?"),
        _("Tell of one concrete case: what did you see, where does it go wrong? Leave names out."),
        rows=8,
    )


def _touches() -> forms.CharField:
    return long_text(
        _("Where does it happen, and whom does it touch?"),
        _("For example: which neighbourhoods or villages, which people, how many, since when."),
        required=False,
    )


def _helps() -> forms.CharField:
    return long_text(
        _("What would help?"),
        _("For example: another rule, money, data, or a way of working that you have tried."),
        required=False,
    )


def _theme() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Theme.objects.all(), label=_("Theme"), required=False, empty_label=_("None of these themes")
    )


class MemberChoice(TextForm):
    """For which member somebody speaks; not asked of who speaks for one."""

    member = forms.ModelChoiceField(
        Member.objects.none(), label=_("In the name of"), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, members: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        field = self.fields["member"]
        field.queryset = Member.objects.filter(pk__in=[m.pk for m in members])  # type: ignore[attr-defined]
        field.error_messages["required"] = _("Choose for whom you report this.")
        if len(members) == 1:
            del self.fields["member"]

    def member_id(self) -> int | None:
        """The id of the member that was chosen, or of the only one."""
        if len(self.members) == 1:
            return self.members[0].pk
        chosen = self.cleaned_data.get("member")
        return chosen.pk if chosen else None


class WhatHappens(MemberChoice):
    """Step 1 of a report."""

    texts = ("title", "case")
    title = _title()
    case = _case()
    field_order = ("member", "title", "case")


class WhereAndWhom(TextForm):
    """Step 2 of a report. Links and files are added one at a time."""

    texts = ("touches",)
    touches = _touches()
    theme = _theme()
    url = forms.CharField(
        label=_("Link"),
        help_text=_("The address of a page that shows what you see. It begins with https://."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )
    upload = forms.FileField(
        label=_("File"),
        help_text=_("A pdf, docx, png or jpg file of at most 10 MB. Take personal data out first."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.png,.jpg,.jpeg"}),
    )


class Readers(TextForm):
    """Who may read a signal: one of the ways of the association, with the network where that is one."""

    visibility = forms.ChoiceField(label=_("Who may read this signal?"), widget=forms.RadioSelect)
    audience = forms.ModelChoiceField(
        Network.objects.none(),
        label=_("Which network?"),
        help_text=_("Only when one network may read it."),
        required=False,
        empty_label=_("Choose a network"),
    )

    def __init__(self, *args: Any, networks: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or association().languages[0]
        ways = [
            (way.key, way.names.get_in(language))
            for way in association().visibilities
            if way.key != Visibility.NETWORK or networks
        ]
        self.fields["visibility"].choices = ways  # type: ignore[attr-defined]
        default = [way.key for way in association().visibilities if way.default]
        self.fields["visibility"].initial = (default or [ways[0][0]])[0]
        if networks and any(key == Visibility.NETWORK for key, _name in ways):
            self.fields["audience"].queryset = Network.objects.filter(pk__in=networks)  # type: ignore[attr-defined]
        else:
            del self.fields["audience"]

    def clean(self) -> dict[str, Any]:
        """A network must be named where one network may read it, and counts only there."""
        cleaned = super().clean()
        if cleaned.get("visibility") != Visibility.NETWORK:
            cleaned["audience"] = None
        elif not cleaned.get("audience") and not self.lenient and not self.has_error("audience"):
            self.add_error("audience", _("Choose the network that may read this."))
        return cleaned


class WhatHelps(Readers):
    """Step 3 of a report."""

    texts = ("helps",)
    helps = _helps()
    field_order = ("helps", "visibility", "audience")


class CorrectSignal(Readers):
    """All of a signal, to correct it before the bureau looks at it."""

    texts = ("title", "case", "touches", "helps")
    title = _title()
    case = _case()
    touches = _touches()
    helps = _helps()
    theme = _theme()
    field_order = ("title", "case", "touches", "helps", "theme", "visibility", "audience")


class RecogniseSignal(MemberChoice):
    """We see this too, with a case of one's own."""

    texts = ("own_case",)
    own_case = long_text(
        _("What do you see yourselves?"),
        _("Tell of a concrete case of your own. It stays with this signal, also when signals are bundled."),
        required=False,
    )
    discard = forms.BooleanField(label=_("Throw away my own report of the same"), required=False)
    field_order = ("member", "own_case", "discard")

    def __init__(self, *args: Any, from_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not from_draft:
            del self.fields["discard"]


class AnswerSignal(TextForm):
    """What the bureau says to a signal, with its reason."""

    texts = ("reason", "referred_to")
    state = forms.ChoiceField(
        label=_("What happens with this signal?"),
        choices=[(state, SignalState(state).label) for state in ANSWERS],
        widget=forms.RadioSelect,
    )
    reason = long_text(
        _("Why? Write it to the sender"),
        _(
            "The sender and everybody who follows this signal get this text. Say what comes next, if you know."
        ),
    )
    referred_body = forms.ModelChoiceField(
        Body.objects.all(),
        label=_("Refer to a body of the association"),
        required=False,
        empty_label=_("Choose a body"),
        help_text=_("Only when you refer the signal."),
    )
    referred_to = forms.CharField(
        label=_("Or refer to somebody else"),
        help_text=_("For example a ministry, a province or an inspectorate."),
        required=False,
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        """Who refers says to whom."""
        cleaned = super().clean()
        refers = cleaned.get("state") == SignalState.REFERRED
        if refers and not cleaned.get("referred_body") and not cleaned.get("referred_to"):
            self.add_error("referred_body", _("Say to whom you refer it: choose a body, or write a name."))
        return cleaned


class MakeObjection(TextForm):
    """The sender does not agree."""

    texts = ("text",)
    text = long_text(
        _("Why do you not agree?"),
        _("Say what was not seen or not weighed. You can object once. Somebody else answers it."),
    )


class AnswerObjection(TextForm):
    """Somebody else of the bureau answers an objection."""

    texts = ("reply",)
    upheld = forms.TypedChoiceField(
        label=_("Is the sender right?"),
        choices=[("yes", _("Yes: we look at the signal again")), ("no", _("No: the answer stays as it is"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reply = long_text(
        _("Why? Write it to the sender"), _("The sender and who follows this signal get this text.")
    )
