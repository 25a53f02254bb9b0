"""Forms with which people take part: a reaction, replies to questions, the draft of a view or report, a meeting."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models import ConsultationRound, Meeting, Question
from omkering.deliberate.queries.questions import labels_of
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.models import Network

EMPTY = 3  # points to fill in besides those that are there
MOST_FIELDS = 520
PARAGRAPHS = "paragraphs"  # the id of the list of paragraphs on a page


class ReactForm(CommandForm):
    """What somebody thinks; in which round, where several ask for it."""

    text = long_text(
        _("Your reaction"), _("What you think, and why. For yourself: not for a municipality."), rows=6
    )
    round = forms.ChoiceField(label=_("In which round"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, rounds: Iterable[ConsultationRound] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.rounds = {str(round.pk): round for round in rounds}
        if len(self.rounds) < 2:
            del self.fields["round"]
        else:
            choices = [(key, f"{row.consultation.title}: {row.title}") for key, row in self.rounds.items()]
            self.fields["round"].choices = choices  # type: ignore[attr-defined]
            self.initial.setdefault("round", choices[0][0])

    def chosen(self) -> ConsultationRound:
        """The round that was chosen, or the only one there is."""
        return (
            self.rounds[self.cleaned_data["round"]]
            if "round" in self.fields
            else next(iter(self.rounds.values()))
        )


class ReplyForm(CommandForm):
    """The questions of a round on one page; what is left open stays open."""

    def __init__(self, data: Any = None, *, questions: Iterable[Question], given: Mapping[int, int]) -> None:
        super().__init__(data)
        for question in questions:
            labels = labels_of(question)
            if question.kind == Question.Kind.SCALE:
                ends = {1: gettext("1 (not at all)"), 5: gettext("5 (very much)")}
                labels = [(value, ends.get(value, label)) for value, label in labels]
            field = forms.TypedChoiceField(
                label=question.text,
                choices=labels,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"q{question.pk}"] = field
            if question.pk in given:
                self.initial[f"q{question.pk}"] = given[question.pk]

    def values(self) -> dict[int, int]:
        """Question → the value that was chosen."""
        return {int(name[1:]): value for name, value in self.cleaned_data.items() if value is not None}


class DraftForm(CommandForm):
    """What is being written of a view or a report: its texts, and points that may each stand at a paragraph.

    The fields of a point are numbered: `text_0`, `paragraph_0` and, hidden, `point_0`.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    texts: tuple[str, ...] = ()

    def __init__(
        self, draft: Mapping[str, Any], version: int, data: Any = None, *, has_text: bool = True
    ) -> None:
        points = list(draft.get("points", []))
        initial: dict[str, Any] = {"version": version, **{name: draft.get(name, "") for name in self.texts}}
        super().__init__(data, initial=initial)
        self.number = len(points) + EMPTY
        if data is not None:
            sent = data.get("number", "")
            self.number = min(int(sent), MOST_FIELDS) if sent.isdecimal() and len(sent) < 5 else self.number
        for at in range(self.number):
            point = points[at] if at < len(points) else None
            self._add(at, point, has_text)
        self.has_text = has_text

    def _add(self, at: int, point: Mapping[str, Any] | None, has_text: bool) -> None:
        label = {"number": at + 1}
        self.fields[f"point_{at}"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        if has_text:
            self.fields[f"paragraph_{at}"] = forms.IntegerField(
                label=gettext("Point %(number)s: about paragraph") % label,
                required=False,
                min_value=1,
                widget=forms.NumberInput(attrs={"list": PARAGRAPHS}),
            )
        self.fields[f"text_{at}"] = long_text(
            gettext("Point %(number)s: what you think") % label, rows=3, required=False
        )
        if point:
            self.initial = {
                **self.initial,
                f"point_{at}": point.get("point"),
                f"paragraph_{at}": point.get("paragraph"),
                f"text_{at}": point["text"],
            }

    @property
    def whole(self) -> list[forms.BoundField]:
        """The fields of the texts of the whole."""
        return [self[name] for name in self.texts]

    @property
    def points(self) -> list[list[forms.BoundField]]:
        """The fields of each point."""
        names = ("point", "paragraph", "text")
        return [
            [self[f"{name}_{at}"] for name in names if f"{name}_{at}" in self.fields]
            for at in range(self.number)
        ]

    def written(self) -> dict[str, Any]:
        """What was typed, as the command takes it; the place of each point is the number of its fields."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in self.texts},
            "points": [
                {
                    "point": data.get(f"point_{at}"),
                    "paragraph": data.get(f"paragraph_{at}"),
                    "text": data.get(f"text_{at}", ""),
                }
                for at in range(self.number)
            ],
        }


class ViewForm(DraftForm):
    """The draft of a formal view."""

    text = long_text(_("What the member thinks of the whole"), rows=6, required=False)
    texts = ("text",)


class ReportForm(DraftForm):
    """The draft of the report of a meeting."""

    report = long_text(_("Report"), _("What was said, without names of people."), rows=8, required=False)
    advice = long_text(
        _("What the chapter or network advises"), _("In a few sentences."), rows=4, required=False
    )
    texts = ("report", "advice")


class MeetingForm(CommandForm):
    """When and where a meeting is; of which network, where one may plan for several."""

    network = forms.ChoiceField(label=_("Chapter or network"))
    starts_at = forms.DateTimeField(label=_("Begins"), widget=forms.DateTimeInput)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=forms.DateTimeInput)
    place = forms.CharField(label=_("Place"), required=False, strip=False)
    link = forms.CharField(label=_("Link to take part online"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, networks: Iterable[Network] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.networks = {str(network.pk): network for network in networks}
        if len(self.networks) < 2:
            del self.fields["network"]
        else:
            choices = [(key, network.name) for key, network in self.networks.items()]
            self.fields["network"].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def of(cls, row: Meeting, data: Any = None) -> "MeetingForm":
        """When and where a meeting is, to change."""
        names = ("starts_at", "ends_at", "place", "link", "version")
        return cls(data, initial={name: getattr(row, name) for name in names})

    def chosen(self) -> Network:
        """The network that was chosen, or the only one there is."""
        if "network" in self.fields:
            return self.networks[self.cleaned_data["network"]]
        return next(iter(self.networks.values()))
