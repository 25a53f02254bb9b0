"""Forms of dossiers: open and change one, its steps, and what belongs to it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from omkering.agenda.cooperation import Way, step_name, ways
from omkering.agenda.models import Dossier, Participation
from omkering.agenda.queries.challenges import active_challenges
from omkering.thread.models import Item, Theme, Visibility
from omkering.thread.texts import tidy
from omkering.ui.forms import LongSelect
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.association.agenda_records import StepRecord
from omkering.who.association.records import CLOSED
from omkering.who.models import Appointment, Body, ContactRole, Member, Network, Organisation, Person

Choices = list[tuple[str, Any]]
TEXTS = ("title", "summary", "solution", "asks", "result")


def owners() -> Any:
    """People who can own a dossier or a step: who works for the bureau or sits in a body today."""
    seats = Appointment.objects.on(timezone.localdate()).filter(member__isnull=True, network__isnull=True)
    return Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("name", "pk")


def _one(label: Any, rows: Any, help_text: Any = "", *, required: bool = False) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        queryset=rows,
        required=required,
        help_text=help_text,
        widget=LongSelect,
        empty_label=_("Choose") if required else _("None"),
    )


def _version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput)


def _title() -> forms.CharField:
    return forms.CharField(label=_("Title"), help_text=_("What it is about, in one line."))


def _summary() -> forms.CharField:
    return long_text(
        _("What it is"), _("In at most three sentences, for somebody who knows nothing of it."), rows=4
    )


def _visibility() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Who may read it"), choices=Visibility.choices)


class DossierFields(CommandForm):
    """What opening and changing share: where a dossier belongs, whose it is, and who may read it."""

    def __init__(self, *args: Any, keep: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = owners()
        if keep is not None:  # an owner stays to choose when they no longer hold a role
            rows = Person.objects.filter(pk__in=[keep.pk, *rows.values_list("pk", flat=True)]).order_by(
                "name"
            )
        self.fields["owner"] = _one(_("Owner"), rows, _("Who sees to it that it goes on."))
        self.fields["owner_body"] = _one(_("Body"), Body.objects.all(), _("Which body answers for it."))
        self.fields["theme"] = _one(_("Theme"), Theme.objects.all())
        self.fields["visibility"] = _visibility()
        self.fields["audience"] = _one(
            _("Which network"), Network.objects.all(), _("Only when one network may read it.")
        )


class OpenDossier(DossierFields):
    """A new dossier; from an item what that already says stands filled in."""

    title = _title()
    summary = _summary()
    way = forms.ChoiceField(label=_("Model of co-operation"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (way.key, f"{way.name}. {way.description}") for way in ways()
        ]
        self.fields["challenges"] = forms.ModelMultipleChoiceField(
            label=_("Challenges"),
            queryset=active_challenges(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Under which challenges it hangs, beside the one of its theme."),
        )

    @classmethod
    def start(cls, source: Item | None, summary: str, data: Any = None) -> "OpenDossier":
        """A form for a dossier from an item, or from nothing."""
        initial: dict[str, Any] = {"visibility": Visibility.PUBLIC}
        if source is not None:
            initial = {
                "title": source.title,
                "summary": summary,
                "theme": source.theme_id,
                "owner_body": source.owner_body_id,
                "visibility": source.visibility,
                "audience": source.audience_id,
            }
        return cls(data, initial=initial)


class EditDossier(DossierFields):
    """The words of a dossier, with the version that was looked at and what each field said then."""

    version = _version()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    title = _title()
    summary = _summary()
    solution = long_text(
        _("The solution"), _("What the members do about it. You can use Markdown."), rows=8, required=False
    )
    asks = long_text(
        _("What is asked of whom now"),
        _("Of members, bodies and parties outside. Conditions stand in a list of their own."),
        required=False,
    )
    result = long_text(_("What came of it"), _("Needed before the dossier closes."), required=False)
    FIELDS = (*TEXTS, "owner", "owner_body", "theme", "visibility", "audience")

    @classmethod
    def of(cls, dossier: Dossier, data: Any = None) -> "EditDossier":
        """The dossier as it is, to change."""
        values = values_of(dossier)
        initial = {**values, "version": dossier.version, "seen": fingerprints(values)}
        return cls(data, initial=initial, keep=dossier.owner)

    @classmethod
    def after_change(cls, dossier: Dossier, data: QueryDict) -> "EditDossier":
        """The form again after somebody else saved: with the new version, and with what was typed.

        A field that was not touched here takes over what it says now.
        """
        merged, now = data.copy(), values_of(dossier)
        try:
            seen = json.loads(data.get("seen", "") or "{}")
        except ValueError:
            seen = {}
        for name in cls.FIELDS:
            typed = tidy(data.get(name, ""))
            if isinstance(seen, dict) and seen.get(name) == _fingerprint(typed) and typed != tidy(now[name]):
                merged[name] = now[name]
        merged["version"], merged["seen"] = str(dossier.version), fingerprints(now)
        return cls(merged, keep=dossier.owner)

    def differences(self, dossier: Dossier) -> list[tuple[Any, str, str]]:
        """(label, what it says now, what was typed) of every field where these differ."""
        now = values_of(dossier)
        return [
            (self.fields[name].label, self._words(name, now[name]), self._words(name, typed))
            for name in self.FIELDS
            if (typed := tidy(self.data.get(name, ""))) != tidy(now[name])
        ]

    def _words(self, name: str, value: str) -> str:
        if name in TEXTS or not value:
            return value
        choices = {str(key): str(label) for key, label in self.fields[name].choices}  # type: ignore[attr-defined]
        return choices.get(value, value)


def values_of(dossier: Dossier) -> dict[str, str]:
    """What a form shows of a dossier, as text."""
    texts = {name: getattr(dossier, name) for name in TEXTS}
    keys = {"owner": dossier.owner_id, "owner_body": dossier.owner_body_id, "theme": dossier.theme_id}
    chosen = {name: str(key or "") for name, key in (keys | {"audience": dossier.audience_id}).items()}
    return {**texts, **chosen, "visibility": str(dossier.visibility)}


def fingerprints(values: Mapping[str, str]) -> str:
    """What each field said, in few letters, so that one can tell later which were touched."""
    return json.dumps({name: _fingerprint(tidy(value)) for name, value in values.items()})


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# --- steps ---------------------------------------------------------------------------------------------------
class TakeStep(CommandForm):
    """Go on to the next step: what was done, and whose the new step is."""

    version = _version()
    to = forms.CharField(widget=forms.HiddenInput)
    note = long_text(
        _("What was done"), _("Everybody who put in a signal behind this dossier reads this."), rows=4
    )

    def __init__(self, *args: Any, step: StepRecord, owner: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.key == CLOSED:
            self.fields["result"] = long_text(_("What came of it"), rows=8)
            return
        rows = owners()
        if owner is not None:
            rows = Person.objects.filter(pk__in=[owner.pk, *rows.values_list("pk", flat=True)]).order_by(
                "name"
            )
        self.fields["owner_person"] = _one(_("Owner of the new step"), rows)
        self.fields["owner_body"] = _one(_("Or a body"), Body.objects.all())
        self.fields["due_on"] = forms.DateField(
            label=_("To be done by"),
            required=False,
            help_text=_("Leave it empty for the term of the step.") if step.term else "",
        )


class GoBack(CommandForm):
    """Go back to an earlier step, with the reason."""

    version = _version()
    to = forms.ChoiceField(label=_("Back to"))
    reason = long_text(_("Why"), _("Everybody who follows this dossier reads this."), rows=4)

    def __init__(self, *args: Any, earlier: Iterable[StepRecord], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(step.key, step_name(step)) for step in earlier]
        self.fields["to"].choices = steps[::-1]  # type: ignore[attr-defined]


class ChangeModel(CommandForm):
    """Go on by another model, at one of its steps, with the reason."""

    version = _version()
    way = forms.ChoiceField(
        label=_("Model, and the step to go on at"),
        help_text=_("You can begin at any step for which all is there that it needs."),
    )
    reason = long_text(_("Why"), _("Everybody who follows this dossier reads this."), rows=4)

    def __init__(self, *args: Any, present: Way | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (
                way.name,
                [(f"{way.key}:{step.key}", f"{way.name}: {step_name(step)}") for step in way.steps[:-1]],
            )
            for way in ways()
            if present is None or way.key != present.key
        ]
        self.fields["way"].choices = [("", _now("Choose")), *groups]  # type: ignore[attr-defined]


class StopDossier(CommandForm):
    """End a dossier before the end of its route."""

    version = _version()
    reason = long_text(
        _("Why the association stops with this"), _("Everybody who put in a signal reads this.")
    )


# --- what belongs to it --------------------------------------------------------------------------------------
class AddDocument(CommandForm):
    """A link or a file."""

    name = forms.CharField(
        label=_("Name"), required=False, help_text=_("Of a file without a name its own name is used.")
    )
    url = forms.CharField(label=_("Link"), required=False, help_text=_("It begins with https://."))
    upload = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("Pdf, docx, png or jpg; at most 10 MB.")
    )


class AddParty(CommandForm):
    """A party from outside, the function one speaks to, and its part."""

    part = forms.CharField(
        label=_("Part in the dossier"), required=False, help_text=_("For example: makes the law.")
    )

    def __init__(self, *args: Any, taken: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.filter(retired_at__isnull=True)
        self.fields["organisation"] = _one(_("Organisation"), rows.exclude(pk__in=list(taken)), required=True)
        contacts = ContactRole.objects.filter(organisation__in=rows).select_related("organisation")
        self.fields["contact"] = contact = _one(
            _("Whom one speaks to"), contacts, _("A function, not a person.")
        )
        contact.label_from_instance = lambda row: f"{row.organisation}: {row}"  # type: ignore[assignment, method-assign]
        self.order_fields(["organisation", "contact", "part"])


class TakePart(CommandForm):
    """How a member takes part."""

    part = forms.ChoiceField(label=_("How"), choices=Participation.Part.choices, widget=forms.RadioSelect)
    what = long_text(_("What you do"), _("Needed of a pilot."), rows=4, required=False)
    under_way_since = forms.DateField(
        label=_("Under way since"), required=False, help_text=_("Of a pilot that has begun in practice.")
    )

    def __init__(self, *args: Any, members: Iterable[Member] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(members)
        if len(self.members) > 1:
            choices = [("", _now("Choose")), *((str(member.pk), member.name) for member in self.members)]
            self.fields["member"] = forms.ChoiceField(label=_("Member"), choices=choices, widget=LongSelect)
            self.order_fields(["member", "part", "what", "under_way_since"])

    def member(self) -> Member:
        """The member that was chosen, or the only one there is."""
        if "member" not in self.fields:
            return self.members[0]
        return next(member for member in self.members if str(member.pk) == self.cleaned_data["member"])
