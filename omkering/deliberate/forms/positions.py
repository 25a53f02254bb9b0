"""Forms of positions: write one down and change it, take and end it, and say how one stands to it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.commands.position_rows import bureau_people, readers_word
from omkering.deliberate.forms.position_fields import (
    FilterForm,
    TextForm,
    audience_field,
    choice,
    one_of,
    open_parties,
    readers_field,
    version_field,
    words,
)
from omkering.deliberate.models import Position, PositionSource, PositionState, Stance, StanceKind
from omkering.thread.models import Item, Theme
from omkering.ui.forms import LongSelect
from omkering.ui.text_forms import long_text
from omkering.who.models import Body, Member, Network, Person

TEXTS = ("title", "summary", "text", "messages", "figures", "source_note")


class PositionForm(TextForm):
    """A position: what the association says to whom, and since when. For one that holds also who may read it."""

    texts: tuple[str, ...] = TEXTS
    title = forms.CharField(
        label=_("What is it about, in one line?"),
        help_text=_("For example: “Fixed money for help with energy bills”."),
        strip=False,
    )
    summary = long_text(_("The position in one sentence"), _("As everybody may repeat it."), rows=2)
    text = long_text(_("The whole text"), _("You can use Markdown."), rows=10)
    messages = long_text(
        _("Messages"),
        _("What one says, in plain words. Write each message on a line of its own."),
        rows=4,
        required=False,
    )
    figures = long_text(_("Figures"), _("With their sources. You can use Markdown."), rows=4, required=False)
    source = forms.ChoiceField(
        label=_("Who decided this?"), choices=PositionSource.choices, widget=forms.RadioSelect
    )
    source_note = forms.CharField(
        label=_("Where can the decision be found?"),
        help_text=_("The meeting and its date, or a letter."),
        required=False,
        strip=False,
    )
    taken_on = forms.DateField(label=_("Decided on"))
    ends_on = forms.DateField(
        label=_("Last day that it holds"),
        required=False,
        help_text=_("Leave it empty when that is not known."),
    )

    def __init__(
        self,
        *args: Any,
        position: Position | None = None,
        addressees: Sequence[int] = (),
        source_item: Item | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.position = position
        fields: dict[str, Any] = self.fields
        fields["theme"] = one_of(_("Theme"), Theme.objects.all(), required=True)
        fields["addressees"] = forms.ModelMultipleChoiceField(
            label=_("To whom is it addressed?"),
            queryset=open_parties(addressees),
            widget=forms.CheckboxSelectMultiple,
        )
        fields["addressees"].widget.columns = True
        fields["source_body"] = one_of(_("Which body"), Body.objects.all())
        people = bureau_people(timezone.localdate())
        if position is not None and position.owner_id:
            people.append(position.owner_id)
        fields["owner"] = one_of(
            _("Owner"),
            Person.objects.filter(pk__in=people).order_by("name", "pk"),
            _("Who keeps it up to date and talks about it with members."),
        )
        if source_item is not None:
            fields["source_note"].help_text = _(
                "More than the decision that is named above, where that helps."
            )
        if position is not None:
            fields["version"] = version_field()
            if position.state == PositionState.ACTIVE:
                fields["readers"] = readers_field()
                fields["audience"] = audience_field()
        self.order_fields(
            (
                *("title", "summary", "theme", "addressees", "text", "messages", "figures"),
                *(
                    "source",
                    "source_body",
                    "source_note",
                    "taken_on",
                    "ends_on",
                    "owner",
                    "readers",
                    "audience",
                ),
            )
        )


def values_of(position: Position, addressees: Sequence[int]) -> dict[str, Any]:
    """What the form shows of a position."""
    return {
        **{name: getattr(position, name) for name in TEXTS},
        "theme": position.theme_id,
        "addressees": list(addressees),
        "source": position.source,
        "source_body": position.source_body_id,
        "taken_on": position.taken_on,
        "ends_on": position.ends_on,
        "owner": position.owner_id,
        "version": position.version,
        "readers": readers_word(position),
        "audience": position.audience_id,
    }


class TakeForm(TextForm):
    """From now on it holds."""

    readers = readers_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"] = audience_field()


class EndForm(TextForm):
    """It holds no longer."""

    texts = ("reason",)
    version = version_field()
    ends_on = forms.DateField(label=_("Last day that it held"))
    reason = long_text(_("Why does it no longer hold?"), _("Everybody who follows it reads this."), rows=4)


class StanceForm(TextForm):
    """How a member or network stands to a position."""

    texts = ("remark", "red_line")
    kind = forms.ChoiceField(
        label=_("How do you stand to it?"), choices=StanceKind.choices, widget=forms.RadioSelect
    )
    remark = long_text(
        _("Remark or reason"),
        _("Needed for a remark, for another line, and to weigh it yourselves. All members can read it."),
        rows=4,
        required=False,
    )
    red_line = long_text(
        _("Red line"), _("What must not happen, whatever comes of it."), rows=2, required=False
    )
    differs = forms.BooleanField(
        label=_("We want to weigh this ourselves"),
        help_text=_("You declare the right to do otherwise on this subject. Say why at the remark."),
        required=False,
    )

    @classmethod
    def of(cls, stance: Stance | None, data: Any = None) -> "StanceForm":
        """The form with how the party stands now."""
        if stance is None:
            return cls(data)
        return cls(data, initial={name: getattr(stance, name) for name in cls.base_fields if name in _STANCE})


_STANCE = frozenset({"kind", "remark", "red_line", "differs"})


def party_key(party: Member | Network) -> str:
    """How an address names a member or network: its code or key."""
    return party.code if isinstance(party, Member) else party.key


class PositionFilterForm(FilterForm):
    """The filters of the register of positions."""

    text = words()
    theme = choice(_("Theme"))
    organisation = choice(_("Addressed to"))
    source = choice(_("Decided by"), PositionSource.choices)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Holds")), (PositionState.ENDED.value, _("No longer holds"))],
        widget=LongSelect,
    )
    silent = choice(_("Without a word of"))
    mine = forms.BooleanField(label=_("Only positions that I own"), required=False)
