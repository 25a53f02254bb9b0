"""Forms that are sent in the name of a member or a network."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omkering.ui.forms import LongSelect
from omkering.ui.text_forms import CommandForm
from omkering.who.owners import Owner, owner_key


class ForOwner(CommandForm):
    """A form in the name of a member or network: a choice where somebody speaks for several."""

    def __init__(self, *args: Any, owners: Iterable[Owner] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {owner_key(owner): owner for owner in owners}
        if len(self.owners) > 1:
            choices = [("", gettext("Choose")), *((key, str(owner)) for key, owner in self.owners.items())]
            self.fields["owner"] = forms.ChoiceField(
                label=_("In the name of"), choices=choices, widget=LongSelect
            )
            self.order_fields(["owner"])

    @property
    def owner(self) -> Owner:
        """The one that was chosen, or the only one there is."""
        if "owner" not in self.fields:
            return next(iter(self.owners.values()))
        return self.owners[self.cleaned_data["owner"]]
