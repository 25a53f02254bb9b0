"""Forms about challenges, couplings, conflicts of aims, and what hangs under a challenge.

The commands check the texts, so that there is one place that says what fits.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omkering.agenda.models import Challenge, CouplingKind
from omkering.agenda.queries.challenges import active_challenges
from omkering.thread.models import Theme
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.models import Body, Organisation


def line(label: Any, help_text: Any = "") -> forms.CharField:
    """A field for text on one line; its length is checked in words that help, not cut off."""
    return forms.CharField(label=label, help_text=help_text, strip=False)


class ReasonForm(CommandForm):
    """Why something is done."""

    def __init__(self, *args: Any, label: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = long_text(label, help_text, rows=3)


class ChallengeForm(CommandForm):
    """A challenge, with the version that was read."""

    title = line(_("Name of the challenge"), _("Short, as people say it."))
    summary = long_text(_("What is it about?"), _("In one to three sentences."), rows=4)
    main_theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        required=False,
        empty_label=_("No theme"),
        help_text=_("What is reported under this theme hangs under the challenge by itself."),
    )
    owner_body = forms.ModelChoiceField(
        Body.objects.all(),
        label=_("Body that answers for it"),
        required=False,
        empty_label=_("No body yet"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def for_challenge(cls, challenge: Challenge, data: Any = None) -> "ChallengeForm":
        """A form to change a challenge."""
        values = {name: getattr(challenge, name) for name in ("title", "summary", "version")}
        return cls(
            data,
            initial={**values, "main_theme": challenge.main_theme_id, "owner_body": challenge.owner_body_id},
        )


class CouplingForm(CommandForm):
    """How two challenges hang together."""

    first = forms.ModelChoiceField(Challenge.objects.none(), label=_("Challenge"), empty_label=_("Choose"))
    kind = forms.ChoiceField(
        label=_("What does it do?"),
        widget=forms.RadioSelect,
        choices=CouplingKind.choices,
        help_text=_("“First needs” has a direction: the first challenge cannot go on before the second one."),
    )
    second = forms.ModelChoiceField(
        Challenge.objects.none(), label=_("The other challenge"), empty_label=_("Choose")
    )
    reason = long_text(_("Why?"), _("In one sentence that everybody understands."), rows=3)
    source = line(_("Where is that found?"), _("A report, a law, a letter or a web address."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].queryset = active_challenges()  # type: ignore[attr-defined]


class ConflictForm(CommandForm):
    """Two laws or policies that pull apart, and what members meet of it."""

    title = line(_("Name"), _("What pulls against what, in a few words."))
    summary = long_text(_("What do members meet in practice?"), rows=4)
    first_law = line(_("Law or policy"), _("The one side."))
    first_aim = long_text(_("What it wants"), rows=3)
    first_party = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Whose is it?"), required=False, empty_label=_("Not named")
    )
    second_law = line(_("The other law or policy"), _("The other side."))
    second_aim = long_text(_("What that one wants"), rows=3)
    second_party = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Whose is that one?"), required=False, empty_label=_("Not named")
    )
    source = line(_("Where is that found?"), _("A report, a law, a letter or a web address."))
    challenges = forms.ModelMultipleChoiceField(
        Challenge.objects.none(),
        label=_("Challenges that this touches"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one challenge that this touches.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, also: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = Organisation.objects.filter(retired_at__isnull=True)
        for name in ("first_party", "second_party"):
            now = Organisation.objects.filter(pk=self.initial.get(name) or 0)
            self.fields[name].queryset = parties | now  # type: ignore[attr-defined]
        field: Any = self.fields["challenges"]
        field.queryset = active_challenges() | Challenge.objects.filter(pk__in=list(also))
        field.widget.columns = True


class SolveForm(CommandForm):
    """How a conflict of aims was solved."""

    resolution = long_text(
        _("How was it solved?"),
        _("Everybody may read this. Followers of the challenges get it as news."),
        rows=5,
    )


class PlaceForm(CommandForm):
    """Under which challenge an item is put."""

    challenge = forms.ModelChoiceField(
        Challenge.objects.none(), label=_("Challenge"), empty_label=_("Choose a challenge")
    )

    def __init__(self, *args: Any, taken: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["challenge"]
        field.queryset = active_challenges().exclude(pk__in=list(taken))
