"""Forms that hand what people write to a command, and show at its field what the command finds wrong."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from omkering.thread.privacy import REASON, check_personal_data
from omkering.thread.texts import Lengths, length_problem, tidy


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put what a command found wrong at the fields of the form, and what fits none of them on top."""
    found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in found.items():
        form.add_error(name if name in form.fields else None, errors)


class CommandForm(forms.Form):
    """A form whose command may still find something wrong."""

    def take_errors(self, error: ValidationError) -> None:
        """Show what a command found wrong: at its field, or on top when the field is not here."""
        add_errors(self, error)


def long_text(label: Any, help_text: Any = "", *, rows: int = 6, required: bool = True) -> forms.CharField:
    """A field for text of several lines; its length is checked in words that help, not cut off."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class TextForm(CommandForm):
    """A form with text that people write: tidied, of a bearable length, without personal data.

    `texts` names the fields that are checked, `lengths` how long each may be. `lenient` leaves lengths and empty
    fields for later. A form with `personal_data_reason = None` refuses personal data.
    """

    texts: tuple[str, ...] = ()
    lengths: Lengths = {}
    personal_data_reason = long_text(
        _("Why must the personal data stay in the text?"),
        _("Only when it cannot be left out. Everybody who may read this text can read it."),
        rows=2,
        required=False,
    )

    def __init__(self, *args: Any, lenient: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.personal_data_found = False
        if lenient:
            for field in self.fields.values():
                field.required = False
        self.lenient = lenient

    def clean(self) -> dict[str, Any]:
        """Tidy the texts, then check their lengths and look for personal data."""
        cleaned = super().clean() or {}
        for name in (*self.texts, REASON):
            if name not in cleaned:
                continue
            one_line = not isinstance(self.fields[name].widget, forms.Textarea)
            cleaned[name] = tidy(cleaned[name], one_line=one_line)
            if not self.lenient and (problem := length_problem(cleaned[name], *self.lengths[name])):
                self.add_error(name, problem)
        written = {name: tidy(self.data.get(self.add_prefix(name), "")) for name in self.texts}
        try:
            check_personal_data(written, cleaned.get(REASON, "") if REASON in self.fields else None)
        except ValidationError as error:
            self.personal_data_found = True
            for name, errors in error.error_dict.items():
                self.add_error(name, errors)
        return cleaned

    @property
    def asks_reason(self) -> bool:
        """Whether to ask why personal data stays: it was found, or a reason was given before."""
        return REASON in self.fields and (self.personal_data_found or bool(self[REASON].value()))
