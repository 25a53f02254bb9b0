"""Forms of the shell."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from omkering.who.models import Person

MOST_TEXT = 800_000  # bytes; it travels in a form


class MembersFileForm(forms.Form):
    """A CSV of members; `cleaned_data["file"]` is its text, `cleaned_data["name"]` its name."""

    file = forms.FileField(
        label=_("File with members"),
        help_text=_(
            "A CSV in the format of members.csv, as the export gives it. You first see what it changes."
        ),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload = data.get("file")
        if upload:
            data["name"] = upload.name[:100]
            if upload.size > MOST_TEXT:
                self.add_error("file", _("The file is larger than 800 kB."))
                return data
            try:
                data["file"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not UTF-8 text. Save it as “CSV UTF-8” and try again."))
        return data


class MembersPlanForm(forms.Form):
    """The text whose plan was shown, to confirm it."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=MOST_TEXT, strip=False)


class BoundariesForm(forms.Form):
    """A GeoJSON with the outlines of members."""

    file = forms.FileField(
        label=_("File with boundaries"),
        help_text=_("GeoJSON in degrees (WGS 84), with the code of the member in “statcode”; at most 20 MB."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("Who made it, of which year, under which licence; shown with the map."),
    )


class PreferencesForm(forms.ModelForm):
    """Language and mail of somebody's own account."""

    class Meta:
        model = Person
        fields = ("name", "language", "digest")
        widgets = {"language": forms.Select(choices=settings.LANGUAGES), "digest": forms.RadioSelect}
