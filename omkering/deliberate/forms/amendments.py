"""Forms of amendments: what is proposed, and what is done with it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models import AmendmentAdvice, Deed
from omkering.thread.models import Item
from omkering.ui.forms import LongSelect
from omkering.ui.owner_forms import ForOwner
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.models import Body


class AmendmentForm(ForOwner):
    """The text of a paragraph, to change in place, with the reason.

    `version` is that of the amendment one read, `on_version` that of the document. A draft may lack the reason, so
    the command says what is still needed.
    """

    mark_optional = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on_version = forms.IntegerField(widget=forms.HiddenInput)
    deed = forms.ChoiceField(choices=Deed.choices, widget=forms.HiddenInput)
    text = long_text(_("The text"), rows=10, required=False)
    title = forms.CharField(
        label=_("What it changes, in one line"),
        help_text=_("For lists, and for who hears of it."),
        required=False,
    )
    reason = long_text(_("Why"), rows=5, required=False)
    consequences = long_text(
        _("What it costs, and what else it brings about"),
        _("You may leave this empty."),
        rows=4,
        required=False,
    )

    def __init__(self, *args: Any, deed: str = Deed.CHANGE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if deed == Deed.DROP:
            del self.fields["text"]
        elif deed == Deed.ADD:
            self.fields["text"].label = _("The text that comes after it")
        else:
            self.fields["text"].help_text = _("Change the words here. Below you see what is changed.")

    def values(self) -> dict[str, Any]:
        """What the commands take."""
        names = ("title", "text", "reason", "consequences", "deed", "on_version")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class Cosign(ForOwner):
    """Stand behind an amendment."""


class WithReason(CommandForm):
    """Something that needs a reason that others read."""

    why = long_text(_("Why"), _("Everybody who stands behind it reads this."), rows=4)


class EndTalks(CommandForm):
    """End talks without a common text."""

    why = long_text(_("Why there is no common text"), _("Both sides and everybody else read this."), rows=4)


class Advise(CommandForm):
    """What a body advises."""

    kind = forms.ChoiceField(
        label=_("Advice"), choices=AmendmentAdvice.Kind.choices, widget=forms.RadioSelect
    )
    why = long_text(_("Why"), rows=5)
    alternative = long_text(
        _("The text that the body advises instead"),
        _("Only with “adopt with a change”: the whole paragraph as it would become."),
        rows=8,
        required=False,
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"] = forms.ModelChoiceField(
            label=_("Body"), queryset=bodies, widget=LongSelect, empty_label=_("Choose")
        )
        self.order_fields(["body", "kind", "why", "alternative"])


class Decided(CommandForm):
    """Where something was decided: an item here, or in words."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    decided_in = forms.IntegerField(
        label=_("Number of the vote or meeting item here"),
        required=False,
        min_value=1,
        help_text=_("The number at the end of its address. Leave it empty when it was not decided here."),
    )

    def clean_decided_in(self) -> Item | None:
        """The item with this number."""
        number = self.cleaned_data["decided_in"]
        if number is None:
            return None
        found = Item.objects.filter(pk=number).first()
        if found is None:
            raise forms.ValidationError(gettext("There is nothing here with this number."))
        return found


class Adopt(Decided):
    """Adopt an amendment."""

    note = long_text(
        _("Where it was decided"), _("For example: general assembly of 14 June."), rows=2, required=False
    )
    text = long_text(
        _("The text as it was decided"),
        _("Only when that is not what the amendment says, or when it collides with the text as it is now."),
        rows=8,
        required=False,
    )

    def __init__(
        self, *args: Any, against: Iterable[Any] = (), needs_text: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.pk), f"{row.number}. {row.title}") for row in against]
        if needs_text:
            self.fields["text"].required = True
        if choices:
            self.fields["falls"] = forms.MultipleChoiceField(
                label=_("These fall with it"),
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_(
                    "What you do not choose stays on the table, and is shown as colliding with the text."
                ),
            )


class EndIt(Decided):
    """Reject or hold an amendment."""

    why = long_text(
        _("Why, or where it was decided"), _("Everybody who stands behind it reads this."), rows=4
    )


class AdoptSeveral(Decided):
    """Adopt several amendments at once."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)
    note = long_text(
        _("Where it was decided"), _("For example: general assembly of 14 June."), rows=2, required=False
    )


class WriteIn(CommandForm):
    """Write an adopted amendment into the text."""

    text = long_text(_("The paragraph as it becomes"), rows=10)
    note = long_text(_("Note"), _("For the list of versions."), rows=2, required=False)


def bodies_for(person: Any, bureau: bool, seats: Iterable[int]) -> Any:
    """The bodies that somebody records advice of."""
    return Body.objects.all() if bureau else Body.objects.filter(pk__in=list(seats))
