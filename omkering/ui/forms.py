"""Form rendering in the markup of NL Design System.

`FORM_RENDERER = "omkering.ui.forms.Renderer"` makes `{{ form }}` and `{{ form.name.as_field_group }}` give
the label, the description, the error at the field and the control with the right classes. `{{ form }}` starts
with the error summary unless the page has shown it already with `{% error_summary form %}`.

A form may set `mark_optional = False` (a filter, where every field is optional). Date fields become native
date inputs; placeholders are dropped, for they vanish while typing and are read badly.
"""

from collections.abc import Collection, Iterable
from html import escape
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList, flatatt
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from omkering.ui.form_drawing import drawn_control, drawn_field

_TEXT_CLASS = "utrecht-textbox utrecht-textbox--html-input"
_NATIVE_DATES = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.TimeInput: ("time", "%H:%M"),
}


def _control_class(widget: forms.Widget) -> str:
    """The NLDS class of a control; empty for controls that are not shown."""
    if isinstance(widget, forms.Textarea):
        return "utrecht-textarea utrecht-textarea--html-textarea"
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
        return "utrecht-checkbox utrecht-checkbox--html-input"
    if isinstance(widget, forms.RadioSelect):
        return "utrecht-radio-button utrecht-radio-button--html-input"
    if isinstance(widget, forms.Select):
        return "utrecht-select utrecht-select--html-select"
    if widget.is_hidden:
        return ""
    return _TEXT_CLASS


class Field(BoundField):
    """A field of a form with what the templates need: kind, classes, and where a link to it must go."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        widget = field.widget
        widget.attrs.pop("placeholder", None)
        # The field is this form's own copy, so its widget may be adjusted here.
        for kind, (input_type, pattern) in _NATIVE_DATES.items():
            if type(widget) is kind and widget.input_type == "text":  # type: ignore[attr-defined]
                widget.input_type, widget.format = input_type, pattern  # type: ignore[attr-defined]

    def as_field_group(self) -> SafeString:
        """The whole field, drawn without a template."""
        return drawn_field(self)

    @property
    def kind(self) -> str:
        """Which field markup to use: "hidden", "checkbox", "radios", "checkboxes" or "control"."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        return "control"

    @property
    def in_fieldset(self) -> bool:
        """True where several controls share one legend."""
        return self.kind in ("radios", "checkboxes") or self.use_fieldset

    @property
    def show_optional(self) -> bool:
        """True where the label must say that the field may be left empty."""
        return (
            not self.field.required and self.kind != "checkbox" and getattr(self.form, "mark_optional", True)
        )

    @property
    def focus_id(self) -> str:
        """The id of the first control, for links from the error summary."""
        if self.kind in ("radios", "checkboxes"):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes plus the NLDS classes."""
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        own = _control_class(widget)
        if own and self.errors and own.startswith("utrecht-") and not isinstance(widget, forms.CheckboxInput):
            block = own.split()[0]
            own = f"{own} {block}--invalid"
        names = f"{own} {widget.attrs.get('class', '')} {attrs.get('class', '')}".split()
        if names:
            attrs["class"] = " ".join(dict.fromkeys(names))
        return attrs


class LongSelect(forms.Select):
    """A select drawn in one go: Django's own renders a template for each option, which hundreds feel.

    A choice that is a list of choices is a group with that name.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in self.format_value(value)}
        drawn = [
            format_html_join(
                "", '<optgroup label="{}">{}</optgroup>', ((key, options(some, chosen)) for key, some in run)
            )
            if grouped
            else options(run, chosen)
            for grouped, run in groupby(self.choices, lambda choice: isinstance(choice[1], list | tuple))
        ]
        inside = format_html_join("", "{}", ((part,) for part in drawn))
        given = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", flatatt(given), inside)


def options(choices: Iterable[tuple[Any, Any]], chosen: Collection[str]) -> SafeString:
    """The options of a `<select>`, of (key, label); `chosen` are the keys, as texts, of those that are."""
    drawn = []
    for key, label in choices:
        value = str(key)
        mark = " selected" if value in chosen else ""
        drawn.append(f'<option value="{_escaped(value)}"{mark}>{_escaped(label)}</option>')
    return mark_safe("".join(drawn))  # noqa: S308 - escaped above


def _escaped(text: Any) -> str:
    """As Django escapes; a plain text, which most are, without its detours."""
    return escape(text) if type(text) is str else conditional_escape(text)


class Renderer(TemplatesSetting):
    """The form renderer of the product: templates stand in `templates/ui/forms/`, and fields and most controls are
    drawn without one.
    """

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    bound_field_class = Field

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """As Django renders; a control that is known is drawn here."""
        drawn = drawn_control(template_name, context)
        return super().render(template_name, context, request) if drawn is None else drawn


def error_links(form: forms.BaseForm) -> list[tuple[str, str]]:
    """(message, href) of every error of a form in the order of the page; href is empty for the form as a
    whole.
    """
    if not form.is_bound or not form.errors:
        return []
    found = [(str(message), "") for message in form.non_field_errors()]
    for field in form:
        errors: ErrorList = field.errors
        if field.is_hidden:
            found += [(str(message), "") for message in errors]
        else:
            href = f"#{getattr(field, 'focus_id', field.id_for_label)}"
            name = f"{field.label}" if str(field.label).endswith(("?", "!", ".")) else f"{field.label}:"
            found += [(format_html("{} {}", name, message), href) for message in errors]
    return found
