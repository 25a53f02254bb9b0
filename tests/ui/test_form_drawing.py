"""Controls drawn without a template are to the letter what Django's templates write; fields have all their parts."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import override

from omkering.ui.form_drawing import drawn_control
from omkering.ui.forms import Renderer

EVIL = "<b>\"&'"
CHOICES = [("", "-"), ("Groep <1>", [("a", "A & b"), (2, 2500)]), (2500, 2500), ("e", mark_safe("<i>x</i>"))]
ATTRIBUTES = {"id": "x", "data-y": EVIL, "required": True, "hidden": False, "data-n": 2500}
WIDGETS = [
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput),
    *(forms.HiddenInput, forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.ClearableFileInput),
    *(forms.FileInput, forms.CheckboxInput, forms.Textarea, forms.SelectDateWidget, forms.NullBooleanSelect),
]
WITH_CHOICES = [forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("value", [None, "", "a", EVIL, 2500, "2500"])
@pytest.mark.parametrize("widget", [*WIDGETS, *WITH_CHOICES], ids=lambda widget: widget.__name__)
def test_a_control_is_what_the_template_of_django_writes(widget, value, language) -> None:
    made = widget(attrs=ATTRIBUTES, **({"choices": CHOICES} if widget in WITH_CHOICES else {}))
    if widget is forms.SelectMultiple or widget is forms.CheckboxSelectMultiple:
        value = [value]
    with override(language):
        assert made.render("n", value, renderer=Renderer()) == made.render(
            "n", value, renderer=TemplatesSetting()
        )


def test_what_is_not_known_is_left_to_its_template() -> None:
    class Own(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    context = Own(choices=CHOICES).get_context("n", None, {})
    assert drawn_control("django/forms/widgets/select.html", context) is None
    assert drawn_control("django/forms/widgets/multiwidget.html", {}) is None


class Sample(forms.Form):
    title = forms.CharField(label=f"Titel {EVIL}", help_text="Eén <em>zin</em>.")
    agreed = forms.BooleanField(label="Akkoord", help_text="Het moet.")
    kinds = forms.MultipleChoiceField(
        label="Soorten",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", EVIL), ("b", "B")],
    )
    step = forms.CharField(widget=forms.HiddenInput)


def test_a_field_has_its_label_description_errors_and_control() -> None:
    with override("nl"):
        form = Sample({"kinds": ["b"], "step": "1"})
        form.add_error("title", EVIL)
        form.add_error("title", mark_safe("Hier: <mark>x</mark>"))
        title, agreed, kinds, step = (form[name].as_field_group() for name in form.fields)
    assert "Titel &lt;b&gt;&quot;&amp;&#x27;\n</label>" in title and "Eén <em>zin</em>." in title
    assert 'aria-describedby="id_title_helptext id_title_error"' in title
    assert "<br>&lt;b&gt;&quot;&amp;&#x27;<br>Hier: <mark>x</mark></div>" in title
    assert agreed.index("id_agreed_error") < agreed.index("<input") < agreed.index("id_agreed_helptext")
    assert "utrecht-form-field--invalid" in title and "utrecht-form-field--invalid" in agreed
    assert (
        '<fieldset class="utrecht-form-fieldset utrecht-form-fieldset--html-fieldset" id="id_kinds_group"'
        in kinds
    )
    assert '<span class="app-optional">' in kinds and '<span class="app-optional">' not in title + agreed
    assert kinds.index(" checked") > kinds.index('value="b"')
    assert 'for="id_kinds_0">&lt;b&gt;&quot;' in kinds
    assert step == '<input type="hidden" name="step" value="1" id="id_step">'
