"""The filters of the board of dossiers, as they stand in the address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from omkering.agenda.cooperation import columns, ways
from omkering.agenda.queries.challenges import active_challenges
from omkering.agenda.queries.dossiers import NEWEST, BoardFilter
from omkering.thread.models import Theme
from omkering.ui.forms import LongSelect
from omkering.who.models import Body, in_language

Choices = list[tuple[str, Any]]


def _choice(label: Any, choices: Choices | None = None) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", _("All")), *(choices or [])], widget=LongSelect
    )


class BoardForm(forms.Form):
    """What makes no sense in the address is left out."""

    mark_optional = False
    text = forms.CharField(
        label=_("Words"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    way = _choice(_("Model"))
    challenge = _choice(_("Challenge"))
    body = _choice(_("Body"))
    step = _choice(_("Step"))
    theme = _choice(_("Theme"))
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Longest overdue first")), (NEWEST, _("Last changed first"))],
        widget=LongSelect,
    )
    late = forms.BooleanField(label=_("Only past their term"), required=False)
    closed = forms.BooleanField(label=_("Also closed ones"), required=False)
    FIRST = ("text", "way", "challenge", "late")

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        every = ways()
        models: Choices = []
        for way in every:
            several = len(way.model.routes) > 1
            if several and not any(key == way.model.key for key, _name in models):
                models.append((way.model.key, f"{way.model.number} {in_language(way.model.names)}"))
            models.append((way.key if several else way.model.key, way.name))
        self._choose("way", models)
        self._choose("step", list(columns(every).items()))
        self._choose("body", [(body.key, body.name) for body in Body.objects.all()])
        self._choose("theme", [(theme.key, theme.name) for theme in Theme.objects.all()])
        self._choose("challenge", list(active_challenges().values_list("key", "title")))

    def _choose(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = [("", _now("All")), *choices]  # type: ignore[attr-defined]

    @property
    def filters(self) -> BoardFilter:
        """What is asked, without what is wrong."""
        self.full_clean()
        values = {name: self.cleaned_data.get(name) for name in BoardFilter.__dataclass_fields__}
        return BoardFilter(**{name: value for name, value in values.items() if value})

    @property
    def chosen(self) -> bool:
        """Whether anything is filtered."""
        return self.filters != BoardFilter(sort=self.filters.sort)

    @property
    def more_chosen(self) -> int:
        """How many of the filters behind the button are in use."""
        more = [name for name in self.fields if name not in self.FIRST]
        return sum(bool(self.cleaned_data.get(name)) for name in more) if self.is_bound else 0

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The filters that stand open."""
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The filters behind a button."""
        return [self[name] for name in self.fields if name not in self.FIRST]
