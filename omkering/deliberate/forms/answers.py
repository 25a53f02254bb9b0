"""Forms of the note of answer: filter it, answer points, change an answer, and make the new version."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.commands.answer_versions import Change
from omkering.deliberate.commands.answers import LENGTHS
from omkering.deliberate.models import AnswerKind, Consultation
from omkering.deliberate.queries.answer_versions import Draft
from omkering.deliberate.queries.answers import ARRANGEMENTS, Line, NoteFilter
from omkering.thread import kinds
from omkering.ui.text_forms import CommandForm, TextForm, long_text

KINDS = ("reaction", "view_point", "view", "report_point", "chapter_advice", "statement", "amendment")


class NoteForm(forms.Form):
    """Which points of the note to show. What does not fit is left out: an old address still shows something."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    answer = forms.ChoiceField(
        label=_("Answer"), required=False, choices=[("", _("All answers")), *AnswerKind.choices]
    )
    round = forms.ChoiceField(label=_("Round"), required=False)
    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    mine = forms.BooleanField(label=_("Only what I or my organisation put in"), required=False)

    def __init__(
        self, data: Any, *, consultation: Consultation, knows: bool, personal: bool, answers: bool = True
    ) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        labels = [(kind.key, kind.plural) for kind in kinds.all_kinds() if kind.key in KINDS]
        fields["kind"].choices = [("", _("All kinds")), *labels]
        rounds = list(consultation.rounds.values_list("pk", "title"))
        fields["round"].choices = [("", _("All rounds")), *((str(pk), title) for pk, title in rounds)]
        if len(rounds) < 2:
            del self.fields["round"]
        if not (knows and answers):
            del self.fields["answer"]
        if not personal:
            del self.fields["mine"]
        self.is_valid()

    @property
    def chosen(self) -> bool:
        """Whether anything is left out."""
        return any(self.cleaned_data.values())

    def filters(self, by: str) -> NoteFilter:
        """The chosen filters, in the arrangement `by`."""
        given = self.cleaned_data
        address = self.data.get("paragraph", "")
        return NoteFilter(
            by=by if by in ARRANGEMENTS else "paragraph",
            kind=given.get("kind", ""),
            answer=given.get("answer", ""),
            words=given.get("words", "").replace("\0", ""),
            round=int(given["round"]) if given.get("round") else None,
            paragraph=int(address) if address.isdecimal() and len(address) < 9 else None,
            mine=bool(given.get("mine")),
        )


class Points(forms.MultipleChoiceField):
    """Points to tick; gives the items themselves."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, lines: Iterable[Line]) -> None:
        """Let these be chosen."""
        self.items = {line.item.pk: line.item for line in lines}
        self.choices = [(line.item.pk, _label(line)) for line in lines]

    def clean(self, value: Any) -> Any:
        """The chosen items."""
        return [self.items[int(pk)] for pk in super().clean(value)]


def _label(line: Line) -> str:
    """A point in one line: what it says, its kind, who put it in, and where."""
    text = " ".join(line.text.split())
    short = text if len(text) <= 240 else text[:240].rsplit(" ", 1)[0] + "…"
    return f"{short} ({', '.join(filter(None, [line.kind, line.by, line.place]))})"


def _items() -> Points:
    return Points(
        label=_("Which points does this answer?"),
        help_text=_("Untick what needs another answer."),
        error_messages={
            "required": _("Choose at least one point to answer."),
            "invalid_choice": _("One of these points is no longer here. Choose from the list again."),
        },
    )


def _kind() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What happens with it?"),
        choices=AnswerKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens with it: taken over, partly, or not.")},
    )


def _reason() -> forms.CharField:
    return long_text(
        _("Why?"),
        _(
            "In plain words, for who put it in. If it is taken over: say where it can be found in the new text."
        ),
    )


class _AnswerForm(TextForm):
    """A form with an answer, which never holds personal data."""

    texts: tuple[str, ...] = ("reason",)
    lengths = LENGTHS
    personal_data_reason = None  # type: ignore[assignment]


class GiveAnswer(_AnswerForm):
    """One answer to the ticked points."""

    items = _items()
    kind = _kind()
    reason = _reason()

    def __init__(self, *args: Any, lines: Iterable[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(lines)
        self.fields["items"].offer(offered)  # type: ignore[attr-defined]
        self.initial.setdefault("items", [line.item.pk for line in offered])


class ChangeAnswer(GiveAnswer):
    """Another answer for the ticked points."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("version", "items", "kind", "reason")


class AddPoints(CommandForm):
    """Give the ticked points an answer that is there."""

    items = _items()

    def __init__(self, *args: Any, lines: Iterable[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(lines)
        self.fields["items"].offer(offered)  # type: ignore[attr-defined]
        self.initial.setdefault("items", [line.item.pk for line in offered])


class PublishNote(CommandForm):
    """Nothing to fill in: the button is the question."""


class MakeVersion(CommandForm):
    """The paragraphs that can change, each with its words, a text after it, and the points behind it."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What changed, in a few sentences?"),
        help_text=_("Readers see this beside the new version."),
        required=False,
        max_length=3_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.initial.setdefault("based_on", draft.version.number)
        for part in draft.parts:
            at = part.block.paragraph.address
            rows = min(16, 3 + len(part.text) // 90)
            text = long_text(
                _("The new text"),
                _("Leave it empty to drop this paragraph. Leave it as it is when nothing changes."),
                rows=rows,
                required=False,
            )
            after = long_text(
                _("A new text after it"), _("Only when something is added."), rows=2, required=False
            )
            points = Points(label=_("This follows from"), required=False)
            points.offer([*part.lines, *draft.whole])
            self.fields |= {f"text_{at}": text, f"after_{at}": after, f"points_{at}": points}
            self.initial.setdefault(f"text_{at}", part.text)
            self.initial.setdefault(f"after_{at}", part.after)
            self.initial.setdefault(
                f"points_{at}", [line.item.pk for line in part.lines if line.item.pk not in draft.done]
            )

    @property
    def parts(self) -> list[tuple[Any, Any]]:
        """Each paragraph with its fields."""
        names = ("text", "after", "points")
        return [
            (part, [self[f"{name}_{part.block.paragraph.address}"] for name in names])
            for part in self.draft.parts
        ]

    @property
    def changes(self) -> dict[int, Change]:
        """What was filled in, by the address of the paragraph."""
        given = self.cleaned_data
        return {
            at: Change(
                text=given[f"text_{at}"],
                after=given[f"after_{at}"],
                points=[item.pk for item in given[f"points_{at}"]],
            )
            for at in (part.block.paragraph.address for part in self.draft.parts)
        }
