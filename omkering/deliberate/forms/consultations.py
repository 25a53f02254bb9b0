"""Forms of consultations and rounds: their plans, a reason, and a later closing time."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.commands.consultations import OPEN_TO
from omkering.deliberate.models import (
    Consultation,
    ConsultationRound,
    Document,
    DocumentState,
    Public,
    Question,
)
from omkering.thread.models import Theme, Visibility
from omkering.thread.terms import last_day, working_days_after
from omkering.ui.forms import LongSelect
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.association.records import Term
from omkering.who.current import powers_of, roles_by_key
from omkering.who.models import Appointment, Body, Network, Person

WEEKS_OPEN = 6
HOURS = (9, 17)  # a round opens in the morning and closes at the end of a day


class ConsultationForm(CommandForm):
    """What members are asked about, why, and who may read it."""

    title = forms.CharField(label=_("Name of the consultation"), strip=False)
    summary = long_text(
        _("What it is for"), _("What members are asked, and what happens with what they put in."), rows=4
    )
    document = forms.ModelChoiceField(
        Document.objects.none(),
        label=_("Document"),
        required=False,
        empty_label=_("None: it is about a question"),
        widget=LongSelect,
        help_text=_("Only documents that are published. Its newest text is what is asked about."),
    )
    question = long_text(
        _("Question"), _("Only where there is no document, or beside it."), rows=3, required=False
    )
    visibility = forms.ChoiceField(label=_("Who may read it"))
    audience = forms.ModelChoiceField(
        Network.objects.all(),
        label=_("Network or chapter"),
        required=False,
        empty_label=_("None"),
        help_text=_("Only where one network may read it."),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        required=False,
        empty_label=_("That of the document"),
    )
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who answers questions about it"),
        required=False,
        empty_label=_("Nobody"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = Document.objects.filter(state__in=(DocumentState.PUBLISHED, DocumentState.ADOPTED))
        documents = published.defer("search", "body").order_by("-created_at", "-pk")
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]
        self.fields["visibility"].choices = [(key, Visibility(key).label) for key in OPEN_TO]  # type: ignore[attr-defined]
        self.fields["owner"].queryset = _staff()  # type: ignore[attr-defined]

    @classmethod
    def of(cls, row: Consultation, data: Any = None) -> "ConsultationForm":
        """The plan of a consultation, to change."""
        names = (
            "title",
            "summary",
            "document",
            "question",
            "visibility",
            "audience",
            "theme",
            "owner",
            "revision",
        )
        return cls(data, initial={name: getattr(row, name) for name in names})


def _staff() -> Any:
    """The people of the bureau today."""
    roles = [key for key in roles_by_key() if "review" in powers_of([key])]
    seats = Appointment.objects.on(timezone.localdate()).filter(role__in=roles)
    return Person.objects.filter(pk__in=seats.values("person_id"), is_active=True).order_by("name", "pk")


class WaysForm(CommandForm):
    """When a round is open, and how one takes part."""

    title = forms.CharField(label=_("Name of the round"), strip=False)
    opens_at = forms.DateTimeField(label=_("Opens"), widget=forms.DateTimeInput)
    closes_at = forms.DateTimeField(label=_("Closes"), widget=forms.DateTimeInput)
    takes_reactions = forms.BooleanField(
        label=_("Reactions at each paragraph"),
        required=False,
        help_text=_("What somebody thinks for themselves."),
    )
    takes_statements = forms.BooleanField(label=_("Statements to agree or disagree with"), required=False)
    takes_amendments = forms.BooleanField(label=_("Amendments to the text"), required=False)
    takes_views = forms.BooleanField(
        label=_("A formal view of each member"),
        required=False,
        help_text=_("Handed in once for each member, by somebody with its mandate."),
    )
    asks_questions = forms.BooleanField(
        label=_("Questions with a scale or a choice"),
        required=False,
        help_text=_("You write them once the round is planned."),
    )

    @staticmethod
    def usual() -> dict[str, Any]:
        """A round that opens on the next working day and lasts six weeks."""
        opens = working_days_after(timezone.localdate(), 1)
        closes = last_day(Term(WEEKS_OPEN, "weeks"), opens)
        return {
            "opens_at": _at(opens, HOURS[0]),
            "closes_at": _at(closes, HOURS[1]),
            "takes_reactions": True,
        }


class RoundForm(WaysForm):
    """A round: who is asked, when, and how."""

    public = forms.ChoiceField(label=_("Who is asked"), choices=Public.choices, widget=forms.RadioSelect)
    network = forms.ModelChoiceField(
        Network.objects.all(),
        label=_("Network or chapter"),
        required=False,
        empty_label=_("None"),
        help_text=_("Only where a network or chapter is asked."),
    )
    of_body = forms.ModelChoiceField(
        Body.objects.all(),
        label=_("Committee or other body"),
        required=False,
        empty_label=_("None"),
        help_text=_("Only where a body is asked."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("title", "public", "network", "of_body", "opens_at", "closes_at")

    @classmethod
    def for_new(cls, data: Any = None) -> "RoundForm":
        """A round of all members."""
        return cls(data, initial={**cls.usual(), "public": Public.MEMBERS, "takes_views": True})

    @classmethod
    def of(cls, row: ConsultationRound, data: Any = None) -> "RoundForm":
        """The plan of a round, to change."""
        return cls(data, initial={name: getattr(row, name) for name in cls.base_fields})


class ChapterRoundsForm(WaysForm):
    """The same round for several chapters or networks."""

    networks = forms.ModelMultipleChoiceField(
        Network.objects.all(),
        label=_("Chapters and networks"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order = ("title", "networks", "opens_at", "closes_at")

    @classmethod
    def for_new(cls, data: Any = None) -> "ChapterRoundsForm":
        """A round for each chapter."""
        chapters = list(Network.objects.filter(kind="chapter"))
        return cls(data, initial={**cls.usual(), "networks": chapters})


class ReasonForm(CommandForm):
    """Why something is called off or taken out."""

    reason = long_text(_("The reason"), _("Everybody who is told reads it."), rows=3)


class ExtendForm(CommandForm):
    """Until when a round stays open, and why."""

    closes_at = forms.DateTimeField(label=_("Closes"), widget=forms.DateTimeInput)
    reason = long_text(_("The reason"), _("Everybody who is asked reads it."), rows=3)


class QuestionForm(CommandForm):
    """A question of a round."""

    kind = forms.ChoiceField(
        label=_("How it is answered"), choices=Question.Kind.choices, widget=forms.RadioSelect
    )
    text = long_text(_("Question"), rows=2)
    options = long_text(
        _("Answers to choose from"), _("Only for a choice: each on its own line."), rows=4, required=False
    )


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
