"""Fields and controls of forms as HTML, drawn without a template: of that a form of ten fields needs a hundred.

The markup of a field is that of NL Design System; that of a control is to the letter what Django's own templates
write. What is not known here (a widget with a template of its own) is left to its template.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from omkering.ui.forms import Field

_WIDGETS = "django/forms/widgets"
_OPTION = f"{_WIDGETS}/select_option.html"


# --- controls --------------------------------------------------------------------------------------------------
def drawn_control(template: str, context: Mapping[str, Any]) -> str | None:
    """A control by the name of Django's template for it; None where only that template can draw it."""
    draw = _CONTROLS.get(template)
    return draw(context["widget"]) if draw else None


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{_attribute(value)}"'
    return (
        f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{given}{_attributes(widget)}>'
    )


def _choice(widget: Mapping[str, Any]) -> str | None:
    """One of several radio buttons or checkboxes, without a label around it."""
    return None if widget["wrap_label"] else _input(widget)


def _textarea(widget: Mapping[str, Any]) -> str:
    value = conditional_escape(widget["value"] or "")
    return f'<textarea name="{escape(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: Mapping[str, Any]) -> str | None:
    drawn = [f'<select name="{escape(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if any(option["template_name"] != _OPTION for option in options):
            return None
        if group:
            drawn.append(f'\n  <optgroup label="{_text(group)}">')
        drawn += map(_option, options)
        if group:
            drawn.append("\n  </optgroup>")
    return "".join([*drawn, "\n</select>"])


def _option(option: Mapping[str, Any]) -> str:
    value, label = _attribute(option["value"]), _text(option["label"])
    return f'\n  <option value="{value}"{_attributes(option)}>{label}</option>\n'


_INPUTS = (
    "text",
    "number",
    "email",
    "url",
    "password",
    "hidden",
    "date",
    "datetime",
    "time",
    "file",
    "checkbox",
)
_CONTROLS: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    **{f"{_WIDGETS}/{kind}.html": _input for kind in _INPUTS},
    f"{_WIDGETS}/radio_option.html": _choice,
    f"{_WIDGETS}/checkbox_option.html": _choice,
    f"{_WIDGETS}/textarea.html": _textarea,
    f"{_WIDGETS}/select.html": _select,
}


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{_attribute(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _attribute(value: Any) -> str:
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _text(value: Any) -> str:
    """A text as a template shows it: numbers as the language writes them."""
    shown: Any = value if isinstance(value, str | Promise) else localize(value)
    return conditional_escape(shown)


# --- fields ----------------------------------------------------------------------------------------------------
def drawn_field(field: "Field") -> SafeString:
    """A field with its label, description, errors and control, by its kind."""
    kind, errors = field.kind, [_text(error) for error in field.errors]
    if kind == "hidden":
        html = str(field)
    elif field.in_fieldset:
        html = _fieldset(field, kind, errors)
    elif kind == "checkbox":
        html = _checkbox(field, errors)
    else:
        html = _control(field, errors)
    return mark_safe(html)  # noqa: S308 - every part of it is escaped


def _control(field: "Field", errors: Sequence[str]) -> str:
    return (
        f'<div class="utrecht-form-field utrecht-form-field--text{_invalid(errors)}">\n'
        '  <div class="utrecht-form-field__label"><label class="utrecht-form-label" '
        f'for="{escape(field.id_for_label)}">{_text(field.label)}{_optional(field)}</label></div>\n'
        f"  {_below(field, errors)}"
        f'  <div class="utrecht-form-field__input">{field}</div>\n</div>'
    )


def _checkbox(field: "Field", errors: Sequence[str]) -> str:
    told = f"{_errors(field, errors)}\n" if errors else ""
    return (
        f'<div class="utrecht-form-field{_invalid(errors)}">\n  {told}\n'
        f'  <div class="utrecht-form-field--checkbox app-choice">{field}<label class="utrecht-form-label '
        f'utrecht-form-label--checkbox" for="{escape(field.id_for_label)}">{_text(field.label)}</label></div>\n'
        f"  {_description(field)}\n</div>"
    )


def _fieldset(field: "Field", kind: str, errors: Sequence[str]) -> str:
    invalid = " utrecht-form-fieldset--invalid" if errors else ""
    described = field.aria_describedby
    told = f' aria-describedby="{escape(described)}"' if described else ""
    inside = _choices(field, kind) if kind in ("radios", "checkboxes") else str(field)
    return (
        f'<fieldset class="utrecht-form-fieldset utrecht-form-fieldset--html-fieldset{invalid}" '
        f'id="{escape(field.auto_id)}_group"{told}>\n'
        '  <legend class="utrecht-form-fieldset__legend utrecht-form-fieldset__legend--html-legend">'
        f"{_text(field.label)}{_optional(field)}</legend>\n"
        f"  {_below(field, errors)}  {inside}\n</fieldset>"
    )


def _choices(field: "Field", kind: str) -> str:
    columns = " app-choices--columns" if getattr(field.field.widget, "columns", False) else ""
    css = "radio" if kind == "radios" else "checkbox"
    drawn = [
        f'\n    <div class="utrecht-form-field utrecht-form-field--{css} app-choice">{choice.tag()}<label '
        f'class="utrecht-form-label utrecht-form-label--{css}" for="{escape(choice.id_for_label or "")}">'
        f"{_text(choice.choice_label)}</label></div>"
        for choice in field.subwidgets
    ]
    return f'<div class="app-choices{columns}">{"".join(drawn)}\n  </div>'


def _invalid(errors: Sequence[str]) -> str:
    return " utrecht-form-field--invalid" if errors else ""


def _optional(field: "Field") -> str:
    words = _("(optional)") if field.show_optional else ""
    return f' <span class="app-optional">{words}</span>\n' if words else "\n"


def _below(field: "Field", errors: Sequence[str]) -> str:
    """The description and the errors, between the label and the control."""
    return f"{_description(field)}{_errors(field, errors)}\n\n\n"


def _description(field: "Field") -> str:
    if not field.help_text:
        return ""
    # The words are the product's own and may hold markup.
    return (
        '<div class="utrecht-form-field__description utrecht-form-field-description" '
        f'id="{escape(field.auto_id)}_helptext">{field.help_text}</div>'
    )


def _errors(field: "Field", errors: Sequence[str]) -> str:
    if not errors:
        return ""
    return (
        '<div class="utrecht-form-field__error-message utrecht-form-field-error-message" '
        f'id="{escape(field.auto_id)}_error">{"<br>".join(errors)}</div>'
    )
