"""What a voter fills in, for every kind of vote; each form gives the choice as a ballot keeps it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omkering.decide import choices, vote_rule
from omkering.decide.models import Choice
from omkering.decide.vote_rule import RuleData
from omkering.engine.tally import ABSTAIN

ABSTAIN_LABEL = gettext_lazy("Abstain")


class BallotForm(forms.Form):
    """One ballot under a rule. `choice` (after validation) is as the engine writes it, in its one form.

    `current` is what the voter said before.
    """

    mark_optional = False

    def __init__(
        self, rule: RuleData, data: Any = None, *, current: str = "", prefix: str | None = None
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.rule = rule
        self.choice = ""
        self.ballot = vote_rule.ballot_of(rule)
        self.kind = self.ballot["kind"]
        self.options = [(option["key"], option["title"]) for option in vote_rule.options_of(rule)]
        getattr(self, f"_fields_{self.kind}")(current)
        if self.kind in ("approval", "ranking", "points"):
            self.fields["abstain"] = forms.BooleanField(
                label=ABSTAIN_LABEL, required=False, initial=current == ABSTAIN
            )

    # --- the fields of each kind
    def _fields_for_against_abstain(self, current: str) -> None:
        self._one_of(list(Choice.choices), current, _("Your choice"))

    def _fields_options(self, current: str) -> None:
        self._one_of([*self.options, (ABSTAIN, str(ABSTAIN_LABEL))], current, _("Choose one"))

    def _one_of(self, options: list[tuple[str, Any]], current: str, label: str) -> None:
        self.fields["choice"] = forms.ChoiceField(
            label=label, choices=options, widget=forms.RadioSelect, initial=current or None, required=False
        )

    def _fields_approval(self, current: str) -> None:
        said = current.split("|") if current and current != ABSTAIN else []
        self.fields["choices"] = forms.MultipleChoiceField(
            label=_("Tick what you agree with"),
            choices=self.options,
            widget=forms.CheckboxSelectMultiple,
            initial=said,
            required=False,
        )

    def _fields_ranking(self, current: str) -> None:
        places: dict[str, int] = {}
        if current and current != ABSTAIN:
            places = {
                key: place for place, tier in enumerate(current.split(">"), 1) for key in tier.split("=")
            }
        ranks = [("", _("no place")), *((str(n), str(n)) for n in range(1, len(self.options) + 1))]
        for key, title in self.options:
            self.fields[f"place-{key}"] = forms.ChoiceField(
                label=title, choices=ranks, required=False, initial=str(places.get(key, ""))
            )

    def _fields_points(self, current: str) -> None:
        given: dict[str, str] = {}
        if current and current != ABSTAIN:
            given = {key: points for key, _c, points in (part.rpartition(":") for part in current.split("|"))}
        most = self.ballot.get("max_points") or self.ballot.get("total_points")
        for key, title in self.options:
            self.fields[f"points-{key}"] = forms.IntegerField(
                label=title, required=False, min_value=0, max_value=most, initial=given.get(key)
            )

    # --- what was filled in
    def clean(self) -> dict[str, Any]:
        """The choice in its one form; an error on top where the rule does not allow it."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        said = self._said(cleaned)
        if cleaned.get("abstain"):
            if said:
                raise forms.ValidationError(_("Abstain, or choose; not both."), code="choice")
            said = ABSTAIN
        if not said:
            raise forms.ValidationError(_("Choose something, or abstain."), code="choice")
        try:
            self.choice = choices.canonical(vote_rule.tally_rule(self.rule), said)
        except choices.NoSuchChoice:
            raise forms.ValidationError(self._too_much(cleaned), code="choice") from None
        return cleaned

    def _said(self, cleaned: dict[str, Any]) -> str:
        if self.kind == "approval":
            return "|".join(cleaned.get("choices", ()))
        if self.kind == "ranking":
            tiers: dict[int, list[str]] = {}
            for key, _title in self.options:
                if place := cleaned.get(f"place-{key}"):
                    tiers.setdefault(int(place), []).append(key)
            return ">".join("=".join(tiers[place]) for place in sorted(tiers))
        if self.kind == "points":
            given = ((key, cleaned.get(f"points-{key}") or 0) for key, _title in self.options)
            return "|".join(f"{key}:{points}" for key, points in given if points)
        return cleaned.get("choice", "")

    def _too_much(self, cleaned: dict[str, Any]) -> str:
        if self.kind == "approval":
            return _("You can tick %(most)s at most.") % {"most": self.ballot.get("max_choices")}
        if self.kind == "points":
            given = sum(cleaned.get(f"points-{key}") or 0 for key, _title in self.options)
            return _("You gave %(given)s points, and can give %(total)s at most.") % {
                "given": given,
                "total": self.ballot.get("total_points") or self.ballot.get("max_points"),
            }
        if self.kind == "ranking":
            return _("Give each option a place of its own.")
        return _("This choice does not fit the vote. Look at what you can fill in, and choose again.")


class ObjectionForm(forms.Form):
    """Why somebody objects to deciding by acclamation."""

    reason = forms.CharField(
        label=gettext_lazy("Why you object"),
        help_text=gettext_lazy("You need not give a reason. Everybody can read it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UndoForm(forms.Form):
    """Why a vote is undone."""

    reason = forms.CharField(
        label=gettext_lazy("Why this vote is undone"),
        help_text=gettext_lazy("For example: the list of who may vote was wrong. Everybody can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ExtendForm(forms.Form):
    """A later closing time."""

    closes_at = forms.DateTimeField(label=gettext_lazy("Closes"), widget=forms.DateTimeInput)


class TieForm(forms.Form):
    """What the chair decides where votes are equal."""

    choice = forms.ChoiceField(label=gettext_lazy("The chair decides"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, options: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["choice"].choices = options  # type: ignore[attr-defined]
