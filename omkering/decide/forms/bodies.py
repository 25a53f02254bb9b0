"""Forms of bodies: seats, terms, the rota; and of nomination rounds and candidates."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from omkering.decide.commands.seat_rows import LENGTHS, profile_roles
from omkering.decide.models import Meeting, NominationRound, PartyKind, Seat
from omkering.ui import text_forms
from omkering.ui.forms import LongSelect
from omkering.ui.text_forms import long_text
from omkering.who.current import association
from omkering.who.models import Body, Member, Network, Organisation, Person, in_language


class TextForm(text_forms.TextForm):
    """A form with texts of this part, which never hold personal data."""

    lengths = LENGTHS
    personal_data_reason = None  # type: ignore[assignment]


def one_of(label: Any, rows: Any, help_text: Any = "", *, required: bool = True) -> forms.ModelChoiceField:
    """A choice of one row."""
    return forms.ModelChoiceField(
        rows,
        label=label,
        help_text=help_text,
        required=required,
        empty_label=_("Choose") if required else _("None"),
        widget=LongSelect,
    )


def seated_bodies() -> Any:
    """The bodies in which people sit."""
    return Body.objects.filter(kind__in=[kind.key for kind in association().body_kinds if kind.seat_role])


def party_field() -> forms.ChoiceField:
    """The kind of party; never which."""
    return forms.ChoiceField(
        label=_("Kind of party"),
        choices=[(kind.value, kind.label) for kind in PartyKind],
        widget=forms.RadioSelect,
        initial=PartyKind.UNKNOWN,
        help_text=_("To show how a body is composed. Which party it is, is not kept."),
    )


# --- seats and terms ---------------------------------------------------------------------------------------
class SeatForm(TextForm):
    """A seat: for whom it is meant, and for how long one sits."""

    texts = ("note",)
    profile = forms.ChoiceField(
        label=_("For whom is this seat?"),
        required=False,
        widget=LongSelect,
        help_text=_("The role held at a member."),
    )
    term_months = forms.IntegerField(label=_("Length of a term, in months"), min_value=1, initial=48)
    chair = forms.BooleanField(label=_("This is the seat of the chair"), required=False)
    note = long_text(_("What is looked for"), _("In a few sentences."), rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(key, in_language(role.names)) for key, role in profile_roles().items()]
        self.fields["profile"].choices = [("", _("Any role")), *roles]  # type: ignore[attr-defined]
        self.fields["network"] = one_of(
            _("Kept for members of one network"), Network.objects.all(), required=False
        )
        self.order_fields(("profile", "network", "term_months", "chair", "note"))


def seat_values(seat: Seat) -> dict[str, Any]:
    """What the form shows of a seat."""
    return {name: getattr(seat, name) for name in ("profile", "term_months", "chair", "note", "network")}


class TermForm(TextForm):
    """Somebody takes a seat."""

    email = forms.EmailField(
        label=_("E-mail address of the person"),
        help_text=_("As in the account. Somebody without an account gets one first, from an administrator."),
    )
    starts = forms.DateField(label=_("First day"))
    party_kind = party_field()

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = one_of(
            _("Member that this person comes from"), Member.objects.on(day), required=False
        )
        self.order_fields(("email", "member", "starts", "party_kind"))

    def clean_email(self) -> Person:
        """The person with this address; the bureau sees people anyway."""
        person = Person.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("There is no account with this address."))
        return person


class EndTermForm(TextForm):
    """Somebody leaves a seat."""

    ends = forms.DateField(label=_("First day that they no longer hold the seat"))


class RotaForm(TextForm):
    """On which day of the year people resign."""

    day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31)
    month = forms.TypedChoiceField(label=_("Month"), coerce=int, widget=LongSelect)
    anew = forms.BooleanField(
        label=_("Set all days anew"),
        help_text=_("Otherwise days that were set before stay as they are."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = list(MONTHS.items())  # type: ignore[attr-defined]


class ResignationForm(TextForm):
    """Another day for one seat."""

    resigns = forms.DateField(label=_("Day on which this person resigns"))


# --- rounds ------------------------------------------------------------------------------------------------
class RoundForm(TextForm):
    """A nomination round."""

    texts = ("title", "profile_note")
    title = forms.CharField(
        label=_("Title"), strip=False, help_text=_("For example: “New members of the board”.")
    )
    profile_note = long_text(
        _("Whom are you looking for?"),
        _("Candidates read this. You can use Markdown."),
        rows=8,
        required=False,
    )
    opens_at = forms.DateTimeField(label=_("Candidates can come forward from"))
    closes_at = forms.DateTimeField(label=_("Candidates can come forward until"))
    starts = forms.DateField(label=_("First day of the terms"))

    def __init__(self, *args: Any, seats: Iterable[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if seats is not None:
            self.fields["seats"] = forms.ModelMultipleChoiceField(
                label=_("Seats to fill"), queryset=Seat.objects.none(), widget=forms.CheckboxSelectMultiple
            )
            rows = list(seats)
            self.fields["seats"].queryset = Seat.objects.filter(pk__in=[pk for pk, _label in rows])  # type: ignore[attr-defined]
            self.fields["seats"].choices = rows  # type: ignore[attr-defined]
        else:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        self.fields["nominating_body"] = one_of(
            _("Who weighs the candidates?"),
            seated_bodies(),
            _("The people seated in this body and the bureau see the candidates, nobody else does."),
        )
        self.order_fields(
            (
                "version",
                "title",
                "seats",
                "nominating_body",
                "profile_note",
                "opens_at",
                "closes_at",
                "starts",
            )
        )


def round_values(round: NominationRound) -> dict[str, Any]:
    """What the form shows of a round."""
    names = ("title", "profile_note", "nominating_body", "opens_at", "closes_at", "starts", "version")
    return {name: getattr(round, name) for name in names}


class ReasonForm(TextForm):
    """A reason."""

    texts = ("reason",)
    reason = long_text(_("Reason"), rows=5)

    def __init__(self, *args: Any, label: Any = None, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class PublishForm(TextForm):
    """The nominations become known."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    counter_until = forms.DateTimeField(label=_("Members can put up other candidates until"))


# --- candidates --------------------------------------------------------------------------------------------
class StandForm(TextForm):
    """Come forward for a seat."""

    texts = ("motivation",)
    motivation = long_text(
        _("Why do you want this, and what do you bring?"),
        _("Who weighs the candidates reads this. When you are nominated all members do."),
        rows=8,
    )
    party_kind = party_field()

    def __init__(self, *args: Any, members: Sequence[Member], networks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = one_of(
            _("For which member?"), Member.objects.filter(pk__in=[m.pk for m in members])
        )
        if len(members) == 1:
            self.fields["member"].initial = members[0].pk
        self.fields["networks"] = forms.ModelMultipleChoiceField(
            networks,
            label=_("Whom do you ask to recommend you?"),
            help_text=_(
                "The secretary of a network that you ask learns that you stand, and reads your motivation."
            ),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.order_fields(("member", "motivation", "party_kind", "networks"))


class RecommendForm(TextForm):
    """Recommend a candidate."""

    texts = ("text",)
    text = long_text(_("Why do you recommend this candidate?"), rows=6)

    def __init__(self, *args: Any, organisations: Any = None, networks: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if networks is not None:
            self.fields["network"] = one_of(_("On behalf of"), networks)
        if organisations is not None:
            self.fields["organisation"] = one_of(
                _("Which association recommends?"),
                organisations,
                _("You record what this association sent you."),
            )
        self.order_fields(("network", "organisation", "text"))


def associations_outside() -> Any:
    """The organisations that can recommend."""
    return Organisation.objects.filter(retired_at__isnull=True)


class PutUpForm(TextForm):
    """A member puts up one of its own people."""

    texts = ("motivation",)
    motivation = long_text(_("Why this candidate?"), _("All members read this."), rows=6)
    party_kind = party_field()

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = one_of(
            _("Whom do you put up?"),
            Person.objects.filter(pk__in=[person.pk for person in people]).order_by("name", "pk"),
            _(
                "Somebody who works for this member. They are asked first; until they agree nobody else knows."
            ),
        )
        self.order_fields(("person", "motivation", "party_kind"))


class ElectionForm(TextForm):
    """Put a seat to the vote."""

    opens_at = forms.DateTimeField(label=_("The vote opens"))
    closes_at = forms.DateTimeField(label=_("The vote closes"))
    reference_date = forms.DateField(label=_("Reference date"))
    rule_set_key = forms.ChoiceField(label=_("Rules"), widget=LongSelect)
    secret = forms.BooleanField(
        label=_("Secret vote"),
        help_text=_("Usual for persons: who voted is known, what they voted is not."),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        folder = association()
        keys = {rule.key for rule in folder.decision_rules}
        held = [rule for key in sorted(keys) if (rule := folder.decision_rule(day, key))]
        # Where everybody counts as one, a rare number of votes gives nobody away: those sets come first.
        held.sort(key=lambda rule: (rule.weight_rule is not None, rule.tie != "revote", rule.key))
        self.fields["rule_set_key"].choices = [(rule.key, in_language(rule.names)) for rule in held]  # type: ignore[attr-defined]
        self.fields["meeting"] = one_of(_("In which meeting"), _meetings(), required=False)
        self.order_fields(("meeting", "opens_at", "closes_at", "reference_date", "rule_set_key", "secret"))


class AcclaimForm(TextForm):
    """By acclamation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"] = one_of(_("In which meeting"), _meetings(), required=False)


def _meetings() -> Any:
    """The newest meetings of bodies of members; a choice is looked up in them, which a slice does not allow."""
    kinds = [kind.key for kind in association().body_kinds if not kind.seat_role]
    rows = (
        Meeting.objects.filter(owner_body__kind__in=kinds).exclude(state="cancelled").order_by("-starts_at")
    )
    return Meeting.objects.filter(pk__in=rows.values("pk")[:20]).order_by("-starts_at")


class FilterForm(forms.Form):
    """The rounds of one body."""

    mark_optional = False
    body = forms.ChoiceField(label=_("Body"), required=False, widget=LongSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(body.key, body.name) for body in seated_bodies()]
        self.fields["body"].choices = [("", _("All")), *rows]  # type: ignore[attr-defined]
