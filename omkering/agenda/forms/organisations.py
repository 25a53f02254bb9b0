"""Forms of the parties outside the association, and of the functions one speaks to there."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from omkering.ui.text_forms import CommandForm
from omkering.who.current import association
from omkering.who.models import ContactRole, Organisation, OrganisationKind

LANGUAGES = {"nl": _("in Dutch"), "en": _("in English"), "fr": _("in French"), "de": _("in German")}


class NamedForm(CommandForm):
    """Something with a name in each language of the association; the main one's is needed."""

    def __init__(self, *args: Any, names: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = association().languages
        for place, language in enumerate(languages):
            label = _("Name %(language)s") % {"language": LANGUAGES.get(language, language)}
            self.fields[f"name_{language}"] = forms.CharField(
                label=label if len(languages) > 1 else _("Name"),
                required=place == 0,
                max_length=200,
                initial=(names or {}).get(language, ""),
            )
        self.order_fields([f"name_{language}" for language in languages])

    @property
    def names(self) -> dict[str, str]:
        """The names as the commands take them."""
        return {
            language: self.cleaned_data.get(f"name_{language}", "") for language in association().languages
        }

    def take_errors(self, error: ValidationError) -> None:
        """Show what is wrong with the names at the first of them."""
        if hasattr(error, "error_dict") and "names" in error.error_dict:
            error.error_dict[f"name_{association().languages[0]}"] = error.error_dict.pop("names")
        super().take_errors(error)


class OrganisationForm(NamedForm):
    """A party outside the association."""

    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        choices=OrganisationKind.choices,
        widget=forms.RadioSelect,
    )
    abbreviation = forms.CharField(label=_("Abbreviation"), required=False, max_length=20)
    website = forms.CharField(
        label=_("Website"),
        required=False,
        help_text=_("It begins with https://."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )

    @classmethod
    def of(cls, organisation: Organisation, data: Any = None) -> "OrganisationForm":
        """A form to change an organisation."""
        initial = {name: getattr(organisation, name) for name in ("kind", "abbreviation", "website")}
        return cls(data, names=organisation.names, initial=initial)

    @property
    def values(self) -> dict[str, Any]:
        """What the commands take."""
        given = {name: self.cleaned_data[name] for name in ("kind", "abbreviation", "website")}
        return {"names": self.names, **given}


class ContactRoleForm(NamedForm):
    """A function at an organisation."""

    email = forms.CharField(
        label=_("E-mail address of the function"),
        required=False,
        help_text=_("Of the function or department, never of a person. You may leave it empty."),
        widget=forms.EmailInput,
    )

    @classmethod
    def of(cls, contact: ContactRole, data: Any = None) -> "ContactRoleForm":
        """A form to change a function."""
        return cls(data, names=contact.names, initial={"email": contact.email})

    @property
    def values(self) -> dict[str, Any]:
        """What the commands take."""
        return {"names": self.names, "email": self.cleaned_data["email"]}
