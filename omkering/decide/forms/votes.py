"""The form of a proposal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omkering.decide.models import Proposal
from omkering.thread.models import Item


class ProposalForm(forms.Form):
    """The words of a proposal."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("Say in one line what is decided."))
    text = forms.CharField(
        label=_("What the members decide"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The text as it will stand once it is adopted. You can use Markdown."),
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Why this is proposed, and what it costs and brings."),
    )

    @classmethod
    def for_source(cls, source: Item, data: Any = None) -> "ProposalForm":
        """A form for a proposal that follows from an item."""
        return cls(data, initial={"title": source.title, "explanation": source.summary})

    @classmethod
    def for_proposal(cls, proposal: Proposal, data: Any = None) -> "ProposalForm":
        """A form to change a proposal."""
        words = {"title": proposal.title, "text": proposal.text, "explanation": proposal.explanation}
        return cls(data, initial=words)
