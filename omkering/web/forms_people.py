"""Forms to look after people, their roles and mandates."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from omkering.ui.text_forms import CommandForm
from omkering.who.current import association, roles_by_key
from omkering.who.models import Body, Member, Network, Person
from omkering.who.people_queries import may_vote_for


class PersonForm(CommandForm):
    """Somebody new."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, help_text=_("The address of their work.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class _PeriodForm(CommandForm):
    """From a first day up to and including a last day."""

    starts = forms.DateField(label=_("First day"), initial=timezone.localdate)
    last = forms.DateField(
        label=_("Last day"), required=False, help_text=_("Leave it empty while no end is known.")
    )

    def period(self) -> dict[str, date | None]:
        """The period as the commands take it: `ends` is the first day no more."""
        last = self.cleaned_data.get("last")
        return {"starts": self.cleaned_data["starts"], "ends": last + timedelta(days=1) if last else None}

    def take_errors(self, error: ValidationError) -> None:
        if hasattr(error, "error_dict") and "ends" in error.error_dict:
            error.error_dict["last"] = error.error_dict.pop("ends")
        super().take_errors(error)


class AppointForm(_PeriodForm):
    """A role, and where it is held."""

    role = forms.ChoiceField(label=_("Role"))
    member = forms.ModelChoiceField(
        Member.objects.none(),
        label=_("Municipality"),
        required=False,
        help_text=_("For a role at a municipality."),
    )
    network = forms.ModelChoiceField(
        Network.objects.all(), label=_("Network"), required=False, help_text=_("For a role in a network.")
    )
    body = forms.ModelChoiceField(
        Body.objects.all(),
        label=_("Body"),
        required=False,
        help_text=_("For a role in a body of the association."),
    )
    field_order = ("role", "member", "network", "body", "starts", "last")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or association().languages[0]
        roles = [(key, role.names.get_in(language)) for key, role in roles_by_key().items()]
        self.fields["role"].choices = [("", _("Choose a role")), *roles]  # type: ignore[attr-defined]
        members = Member.objects.on(timezone.localdate()).order_by("sort_key")
        self.fields["member"].queryset = members  # type: ignore[attr-defined]


class EndForm(CommandForm):
    """The last day of a role."""

    last = forms.DateField(label=_("Last day"), initial=timezone.localdate)

    def ends(self) -> date:
        """The first day on which the role is no longer held."""
        return self.cleaned_data["last"] + timedelta(days=1)

    def take_errors(self, error: ValidationError) -> None:
        if hasattr(error, "error_dict") and "ends" in error.error_dict:
            error.error_dict["last"] = error.error_dict.pop("ends")
        super().take_errors(error)


class MandateForm(_PeriodForm):
    """Who votes for a member, from when."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who votes"), empty_label=None, widget=forms.RadioSelect
    )
    field_order = ("person", "starts", "last")

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = may_vote_for(member, timezone.localdate())  # type: ignore[attr-defined]
