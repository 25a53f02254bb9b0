"""What the forms of positions and the lobby register share."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.commands.position_rows import INVOLVED, LENGTHS
from omkering.thread.models import Visibility
from omkering.thread.texts import tidy
from omkering.ui import text_forms
from omkering.ui.forms import LongSelect
from omkering.who.models import Network, Organisation

Choices = list[tuple[Any, Any]]
READERS: Choices = [
    (Visibility.PUBLIC, _("Everyone")),
    (Visibility.MEMBERS, _("All members")),
    (Visibility.NETWORK, _("One network")),
    (INVOLVED, _("Only those involved (sensitive)")),
]


class TextForm(text_forms.TextForm):
    """A form with texts of this part, which never hold personal data; it may carry the version that was read."""

    lengths = LENGTHS
    personal_data_reason = None  # type: ignore[assignment]

    def renewed(self, version: int, **given: Any) -> "TextForm":
        """The same form with what was typed, meant for the version as it is now."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        form = type(self)(data, **given)
        form.is_valid()
        return form

    def differences(self, now: Mapping[str, str]) -> list[tuple[Any, str, str]]:
        """(label, what it says now, what was typed) of every text where these differ."""
        return [
            (self.fields[name].label, said, typed)
            for name, said in now.items()
            if name in self.fields and (typed := tidy(self.data.get(name, ""))) != tidy(said)
        ]


def version_field() -> forms.IntegerField:
    """The version that was read, unseen."""
    return forms.IntegerField(widget=forms.HiddenInput)


def one_of(label: Any, rows: Any, help_text: Any = "", *, required: bool = False) -> forms.ModelChoiceField:
    """A choice of one row."""
    return forms.ModelChoiceField(
        rows,
        label=label,
        help_text=help_text,
        required=required,
        empty_label=_("Choose") if required else _("None"),
        widget=LongSelect,
    )


def open_parties(keep: Iterable[int] = ()) -> Any:
    """The organisations that can be chosen, and those that are chosen already."""
    rows = Organisation.objects.all()
    return rows.filter(retired_at__isnull=True) | rows.filter(pk__in=list(keep))


def readers_field(choices: Choices = READERS, help_text: Any = "") -> forms.ChoiceField:
    """Who may read it."""
    return forms.ChoiceField(
        label=_("Who may read this?"), choices=choices, widget=forms.RadioSelect, help_text=help_text
    )


def audience_field() -> forms.ModelChoiceField:
    """Which network may read it."""
    return one_of(
        _("Which network"),
        Network.objects.all(),
        _(
            "When one network may read it. With “only those involved”: the network whose secretary is involved."
        ),
    )


class FilterForm(forms.Form):
    """Filters as they stand in the address. What makes no sense there is left out."""

    mark_optional = False

    def __init__(
        self, data: Mapping[str, Any], *, choices: Mapping[str, Choices], without: Iterable[str] = ()
    ) -> None:
        super().__init__(data)
        for name, offered in choices.items():
            self.fields[name].choices = all_of(offered)  # type: ignore[attr-defined]
        for name in without:
            del self.fields[name]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that were chosen and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def all_of(choices: Iterable[tuple[Any, Any]]) -> Choices:
    """Choices with "all" before them."""
    return [("", _("All")), *choices]


def choice(label: Any, choices: Iterable[tuple[Any, Any]] = ()) -> forms.ChoiceField:
    """A filter of one choice."""
    return forms.ChoiceField(label=label, required=False, choices=all_of(choices), widget=LongSelect)


def words() -> forms.CharField:
    """A filter of words."""
    return forms.CharField(
        label=_("Words"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
