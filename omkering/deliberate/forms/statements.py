"""Forms of statements."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models import Statement
from omkering.deliberate.statement_texts import LENGTHS, REASON_LENGTHS, problem
from omkering.ui.text_forms import TextForm, long_text


class StatementForm(TextForm):
    """A new statement."""

    texts = ("text",)
    lengths = LENGTHS
    personal_data_reason = None  # type: ignore[assignment]

    text = long_text(
        _("Your statement"),
        _("One thought, in one plain sentence of at most 280 characters. Others say whether they agree."),
        rows=3,
    )

    def clean_text(self) -> str:
        """What cannot be a statement is told at the field."""
        text: str = self.cleaned_data["text"]
        if found := problem(text):
            self.add_error("text", found)
        return " ".join(text.split())


class RefuseForm(TextForm):
    """Why a statement is not shown, and which one says the same."""

    texts = ("reason",)
    lengths = REASON_LENGTHS
    personal_data_reason = None  # type: ignore[assignment]

    reason = long_text(_("Reason"), _("Its author reads this."), rows=3)
    same_as = forms.ChoiceField(
        label=_("It says the same as"),
        help_text=_("Its author then hears what becomes of that one."),
        required=False,
    )

    def __init__(self, *args: Any, others: Iterable[Statement] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(other.pk): other for other in others}
        self.fields["same_as"].choices = [  # type: ignore[attr-defined]
            ("", _("No other statement")),
            *((key, f"{other.number}. {other.text}") for key, other in self.others.items()),
        ]

    def clean_same_as(self) -> Statement | None:
        """The statement itself."""
        return self.others.get(self.cleaned_data["same_as"])
