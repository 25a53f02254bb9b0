"""Forms of conditions: write one down in three short steps, change it, and record what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.agenda.commands.condition_checks import LENGTHS
from omkering.agenda.commands.conditions import ANSWERS
from omkering.agenda.models import Condition, ConditionKind, ConditionState, DossierDocument
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.ui import text_forms
from omkering.ui.forms import LongSelect
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.models import ContactRole, Organisation

Choices = list[tuple[Any, Any]]


class TextForm(text_forms.TextForm):
    """A form with texts of conditions, which never hold personal data."""

    lengths = LENGTHS
    personal_data_reason = None  # type: ignore[assignment]


# --- fields that several forms have ----------------------------------------------------------------------------
def _title() -> forms.CharField:
    return forms.CharField(
        label=_("What do you ask, in one line?"),
        help_text=_("For example: “Access to the exhaust data of the vehicle register”."),
        strip=False,
    )


def _kind() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What kind of condition is it?"), choices=ConditionKind.choices, widget=forms.RadioSelect
    )


def _exactly() -> forms.CharField:
    return long_text(
        _("What exactly do you ask?"),
        _("So that later everybody can see whether it is there: what, how much, for whom, from when."),
    )


def _why() -> forms.CharField:
    return long_text(
        _("Why is this needed?"), _("What goes wrong in practice without it? Leave names of people out.")
    )


class _ByKey(forms.ModelChoiceField):
    """A choice by key. The database takes no NUL characters, so a key with one is no choice."""

    def to_python(self, value: Any) -> Any:
        """The chosen one."""
        return super().to_python(value.replace("\0", "-") if isinstance(value, str) else value)


def _organisation() -> forms.ModelChoiceField:
    return _ByKey(
        Organisation.objects.none(),
        label=_("Of whom do you ask it?"),
        empty_label=_("Choose an organisation"),
        to_field_name="key",
        widget=LongSelect,
    )


def _contact() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        ContactRole.objects.none(),
        label=_("Which function do you speak to there?"),
        help_text=_("A function, never a person."),
        required=False,
        empty_label=_("No function in particular"),
        widget=LongSelect,
    )


def open_organisations() -> Any:
    """The organisations that can be asked."""
    return Organisation.objects.filter(retired_at__isnull=True)


class Reasons(forms.MultipleChoiceField):
    """Signals and bundles to tick; gives the items themselves."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, items: Iterable[Item]) -> None:
        """Let these be chosen."""
        self.items = {item.pk: item for item in items}
        self.choices = [(item.pk, self._label(item)) for item in self.items.values()]

    def _label(self, item: Item) -> str:
        said = [kinds.label(item), str(item.owner_member or "")]
        return f"{item.title} ({', '.join(filter(None, said))})"

    def clean(self, value: Any) -> Any:
        """The chosen items."""
        return [self.items[int(pk)] for pk in super().clean(value)]


def _signals() -> Reasons:
    return Reasons(
        label=_("Which signals are the reason?"),
        help_text=_("Who put them in hears of each answer."),
        required=False,
        error_messages={"invalid_choice": _("Choose signals and bundles from the list.")},
    )


# --- a new condition, in steps ---------------------------------------------------------------------------------
class AddCondition(TextForm):
    """A condition in three steps. The fields of the steps before and after the shown one travel along unseen."""

    STEPS: Sequence[tuple[str, ...]] = (
        ("organisation", "condition_kind", "title"),
        ("contact", "exactly"),
        ("why", "signals"),
    )
    texts: tuple[str, ...] = ("title", "exactly", "why")
    organisation = _organisation()
    condition_kind = _kind()
    title = _title()
    contact = _contact()
    exactly = _exactly()
    why = _why()
    signals = _signals()

    def __init__(
        self, *args: Any, step: int, offered: Iterable[Item] = (), sent: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.sent: Any = sent if sent is not None else self.data
        fields: dict[str, Any] = self.fields
        fields["organisation"].queryset = open_organisations()
        fields["contact"].queryset = ContactRole.objects.filter(
            organisation__key=self._sent("organisation"), organisation__retired_at__isnull=True
        )
        fields["signals"].offer(offered)
        for names in self.STEPS[step:]:
            for name in names:
                del self.fields[name]
        self.texts = tuple(name for name in self.texts if name in self.fields)

    def _sent(self, name: str) -> str:
        return self.sent.get(name, "").replace("\0", "") if self.sent else ""

    @property
    def shown(self) -> list[Any]:
        """The fields of this step."""
        return [self[name] for name in self.STEPS[self.step - 1]]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """(name, value) of what was filled in at the other steps."""
        here = self.STEPS[self.step - 1]
        names = [name for names in self.STEPS for name in names if name not in here]
        return [(name, value) for name in names for value in (self.sent.getlist(name) if self.sent else [])]

    @classmethod
    def step_of(cls, errors: Iterable[str]) -> int:
        """The first step with a field among these; the last one where there is none."""
        found = [number for number, names in enumerate(cls.STEPS, 1) if set(names) & set(errors)]
        return min(found, default=len(cls.STEPS))


class EditCondition(TextForm):
    """All of a condition on one page; once it was asked with a reason, and of the same organisation."""

    texts: tuple[str, ...] = ("title", "exactly", "why", "reason")
    version = forms.IntegerField(widget=forms.HiddenInput)
    organisation = _organisation()
    contact = _contact()
    condition_kind = _kind()
    title = _title()
    exactly = _exactly()
    why = _why()
    signals = _signals()
    answer_due = forms.DateField(
        label=_("Before the end of which day is an answer due?"),
        help_text=_("The monitor shows from then on that the answer is late."),
        required=False,
    )
    reason = long_text(
        _("Why does this change?"),
        _("It was asked already. Everybody who may read the condition reads this, and what it said before."),
        rows=3,
    )

    def __init__(self, *args: Any, condition: Condition, offered: Iterable[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        draft = condition.state == ConditionState.DRAFT
        fields["signals"].offer(offered)
        if condition.state != ConditionState.ASKED:
            del fields["answer_due"]
        if draft:
            fields["organisation"].queryset = open_organisations()
            fields["contact"].queryset = ContactRole.objects.filter(organisation__retired_at__isnull=True)
            fields["contact"].queryset = fields["contact"].queryset.select_related("organisation")
            fields["contact"].label_from_instance = lambda role: f"{role.organisation}: {role}"
            del fields["reason"]
            self.texts = self.texts[:-1]
        else:
            del fields["organisation"]
            fields["contact"].queryset = ContactRole.objects.filter(organisation=condition.organisation_id)

    @classmethod
    def initial_of(cls, condition: Condition, reasons: Iterable[Item]) -> dict[str, Any]:
        """The values of a condition as it is."""
        names = ("version", "condition_kind", "title", "exactly", "why", "answer_due")
        return {
            **{name: getattr(condition, name) for name in names},
            "organisation": condition.organisation.key,
            "contact": condition.contact_id,
            "signals": [item.pk for item in reasons],
        }


# --- what came of it -------------------------------------------------------------------------------------------
def _day(label: Any, help_text: Any = "", *, required: bool = True, today: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, required=required, initial=timezone.localdate if today else None
    )


class AskCondition(CommandForm):
    """It was asked."""

    asked_on = _day(_("On which day was it asked?"), today=True)
    answer_due = _day(
        _("Before the end of which day is an answer due?"),
        _("The monitor shows from then on that the answer is late."),
        required=False,
    )


class _WithEvidence(TextForm):
    """Something that happened, with where it is found."""

    texts = ("text",)
    evidence_url = forms.CharField(
        label=_("A link that shows it"),
        help_text=_("For example a letter to parliament. The address begins with https://."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )
    document = forms.ModelChoiceField(
        DossierDocument.objects.none(),
        label=_("Or a document of the dossier"),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, *args: Any, condition: Condition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        documents = DossierDocument.objects.filter(dossier=condition.dossier_id, withdrawn_at__isnull=True)
        self.fields["document"].queryset = documents.order_by("-pk")  # type: ignore[attr-defined]


class AnswerCondition(_WithEvidence):
    """What they answered."""

    answer = forms.ChoiceField(
        label=_("What did they answer?"),
        choices=[(answer.value, answer.label) for answer in ANSWERS],
        widget=forms.RadioSelect,
    )
    text = long_text(
        _("In which words?"), _("Say what they take on, and what not. Leave names of people out.")
    )
    given_on = _day(_("On which day did they answer?"), today=True)
    promised_on = _day(
        _("By which day will it be there?"),
        _("Only when they named a day. The monitor shows from then on that the promise is late."),
        required=False,
    )
    field_order = ("answer", "text", "given_on", "promised_on", "evidence_url", "document")


class FulfilCondition(_WithEvidence):
    """Whether it is there."""

    met = forms.TypedChoiceField(
        label=_("Is it there?"),
        choices=[("yes", _("Yes, it was met")), ("no", _("No, it was not met"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = long_text(_("What did you see?"), rows=4)
    seen_on = _day(_("On which day was that seen?"), today=True)
    field_order = ("met", "text", "seen_on", "evidence_url", "document")


class WithdrawCondition(TextForm):
    """It is asked no more."""

    texts = ("reason",)
    reason = long_text(
        _("Why is it asked no more?"), _("Who put in the signals behind it reads this."), rows=4
    )


# --- the monitor -----------------------------------------------------------------------------------------------
def _all(choices: Iterable[tuple[Any, Any]]) -> Choices:
    return [("", _("All")), *choices]


def _choice(label: Any, choices: Iterable[tuple[Any, Any]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=_all(choices), widget=LongSelect)


class MonitorForm(forms.Form):
    """The filters of the monitor, as they stand in the address. What makes no sense there is left out."""

    mark_optional = False
    text = forms.CharField(
        label=_("Words"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    organisation = _choice(_("Party"))
    condition_kind = _choice(_("Kind of condition"), ConditionKind.choices)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All that was asked")), *ConditionState.choices],
        widget=LongSelect,
    )
    late = forms.BooleanField(label=_("Only what is late"), required=False)
    organisation_kind = _choice(_("Kind of party"))
    met = _choice(_("Met or not"), [("yes", _("Met")), ("no", _("Not met")), ("unknown", _("Not known yet"))])
    model = _choice(_("Model of co-operation"))
    challenge = _choice(_("Challenge"))
    theme = _choice(_("Theme"))
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("What is due first")),
            ("promised", _("By the promised day")),
            ("newest", _("Newest first")),
        ],
        widget=LongSelect,
    )
    mine = forms.BooleanField(label=_("Only dossiers that I own"), required=False)

    # Filters that stand open on the page; the others are behind a button.
    FIRST = ("text", "organisation", "condition_kind", "state", "late")

    def __init__(self, data: Mapping[str, Any], *, choices: Mapping[str, Choices], bureau: bool) -> None:
        super().__init__(data)
        for name, offered in choices.items():
            self.fields[name].choices = _all(offered)  # type: ignore[attr-defined]
        if not bureau:
            del self.fields["mine"]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that were chosen and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def first_fields(self) -> list[Any]:
        """The fields that stand open."""
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list[Any]:
        """The fields behind the button."""
        return [self[name] for name in self.fields if name not in self.FIRST]

    @property
    def more_chosen(self) -> int:
        """How many of the fields behind the button are used."""
        return len(self.chosen.keys() - set(self.FIRST))


def take_stale(form: forms.Form, error: ValidationError, version: int) -> None:
    """After somebody else's change: what was typed stays, and sending it again is meant for the new version."""
    if any(one.code == "changed" for one in getattr(error, "error_list", ())):
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = str(version)  # type: ignore[index]
