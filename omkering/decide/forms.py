"""Forms of this room: a proposal, and the plan of a vote."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.decide.models import Proposal, Vote
from omkering.thread.models import Item
from omkering.thread.terms import last_day, working_days_after
from omkering.who.current import association
from omkering.who.models import in_language


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


def _choices(part: str) -> list[tuple[str, str]]:
    """Keys and names of the rules of one kind; of several versions the newest name counts."""
    rules = getattr(association(), part)
    return list({rule.key: in_language(rule.names) for rule in rules}.items())


class PlanForm(forms.Form):
    """When a vote is held, on whose membership, and by which rule."""

    opens_at = forms.DateTimeField(label=_("Opens"), widget=forms.DateTimeInput)
    closes_at = forms.DateTimeField(label=_("Closes"), widget=forms.DateTimeInput)
    reference_date = forms.DateField(
        label=_("Reference date"),
        widget=forms.DateInput,
        help_text=_("Who is a member on this date can vote, with the inhabitants of this date."),
    )
    weight_rule_key = forms.ChoiceField(label=_("Votes per member"))
    threshold_key = forms.ChoiceField(label=_("Majority"))
    quorum_key = forms.ChoiceField(label=_("Quorum"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, part in PARTS.items():
            self.fields[name].choices = _choices(part)  # type: ignore[attr-defined]

    @classmethod
    def for_new(cls, data: Any = None) -> "PlanForm":
        """A plan that opens on the next working day, for as long as the association's term says."""
        today = timezone.localdate()
        opens = working_days_after(today, 1)
        folder = association()
        defaults = {
            name: next(r.key for r in getattr(folder, part) if r.default) for name, part in PARTS.items()
        }
        return cls(
            data,
            initial={
                "opens_at": _at(opens, 9),
                "closes_at": _at(last_day(folder.terms.vote_open, opens), 17),
                "reference_date": today,
                **defaults,
            },
        )

    @classmethod
    def for_vote(cls, vote: Vote, data: Any = None) -> "PlanForm":
        """The plan of a vote, to change."""
        return cls(
            data,
            initial={
                "opens_at": vote.opens_at,
                "closes_at": vote.closes_at,
                "reference_date": vote.reference_date,
                "weight_rule_key": vote.rule["weight"]["key"],
                "threshold_key": vote.rule["threshold"]["key"],
                "quorum_key": vote.rule["quorum"]["key"],
            },
        )


PARTS = {
    "weight_rule_key": "weight_rules",
    "threshold_key": "threshold_rules",
    "quorum_key": "quorum_rules",
}


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
