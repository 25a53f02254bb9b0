"""Forms of motions and undertakings, and of what follows on them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omkering.decide.commands.motion_outcomes import Part
from omkering.decide.models import AdviceKind, AgendaItem, Meeting, Motion
from omkering.decide.motion_words import named
from omkering.thread.models import Theme
from omkering.ui.forms import LongSelect
from omkering.ui.owner_forms import ForOwner
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.models import Body, Member, Network

MOST_PARTS = 6


class MotionText(ForOwner):
    """A motion in its usual form; each line is a point. What a draft may still lack, the command says."""

    mark_optional = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Title"), required=False, help_text=_("What the motion asks, in one line.")
    )
    noting = long_text(
        _("Noting that"), _("What is the case: facts that can be checked. Each on a line of its own."),
        rows=4, required=False,
    )  # fmt: skip
    considering = long_text(
        _("Considering that"), _("Why that matters. Each on a line of its own."), rows=4, required=False
    )
    requests = long_text(
        _("Requests"),
        _(
            "What must be done, and by whom. Each request on a line of its own, so that it can be voted on by itself."
        ),
        rows=5,
        required=False,
    )

    def values(self) -> dict[str, str]:
        """What the commands take."""
        return {name: self.cleaned_data[name] for name in ("title", "noting", "considering", "requests")}


class DraftMotion(MotionText):
    """A draft, with its theme and who may read it."""

    def __init__(self, *args: Any, networks: Sequence[Network] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"] = forms.ModelChoiceField(
            label=_("Theme"), queryset=Theme.objects.all(), required=False, widget=LongSelect,
            empty_label=gettext("No theme"),
        )  # fmt: skip
        if networks:
            self.fields["shared_with"] = forms.ModelChoiceField(
                label=_("Also readable for"),
                queryset=Network.objects.filter(pk__in=[network.pk for network in networks]).order_by("key"),
                required=False,
                widget=LongSelect,
                empty_label=gettext("Only my own people and the bureau"),
                help_text=_("Members of that network read the draft, and can sign it before you file it."),
            )


class ChangeMotion(MotionText):
    """Another text for a motion that was filed, with the reason."""

    reason = long_text(
        _("Why it is changed"), _("Everybody reads this. Who signed hears of it, and can step out."), rows=3
    )


def _meeting_label(meeting: Meeting) -> str:
    day = date_format(localtime(meeting.starts_at), "j F Y")
    return f"{meeting.title} ({day})"


Items = Mapping[int, Sequence[tuple[str, AgendaItem]]]


class AtItem(CommandForm):
    """Which item of the agenda a motion belongs to; asked only where there is an agenda."""

    def offer_items(self, items: Items) -> None:
        """Ask for the item; `items`: those of each meeting that can be chosen, with their numbers."""
        self.items = {str(item.pk): item for some in items.values() for _number, item in some}
        if not self.items:
            return
        of_meeting = [
            (_meeting_label(meeting), [(str(item.pk), f"{number}. {item.title}") for number, item in some])
            for meeting in self.meetings.values()
            if (some := items.get(meeting.pk))
        ]
        self.fields["agenda_item"] = forms.ChoiceField(
            label=_("Item on the agenda"),
            required=False,
            choices=[("", gettext("It stands by itself")), *of_meeting],
            widget=LongSelect,
            help_text=_("The item of that meeting that it belongs to."),
        )

    def agenda_item(self) -> AgendaItem | None:
        """The item that was chosen."""
        return self.items.get(self.cleaned_data.get("agenda_item", ""))

    meetings: dict[str, Meeting]
    items: dict[str, AgendaItem]


class FileMotion(AtItem):
    """File a draft for a meeting, at an item of its agenda; late, with the two reasons of its urgency."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, meetings: Sequence[Meeting], items: Items, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        self.fields["meeting"] = forms.ChoiceField(
            label=_("Meeting"),
            required=False,
            choices=[
                ("", gettext("No meeting yet")),
                *((key, _meeting_label(m)) for key, m in self.meetings.items()),
            ],
            widget=LongSelect,
            help_text=_("The meeting in which it is decided on."),
        )
        self.offer_items(items)
        note = _(
            "Only when the deadline of this meeting has passed. The body decides whether it admits the motion."
        )
        self.fields["urgency_current"] = long_text(_("Why is it of now?"), note, rows=3, required=False)
        self.fields["urgency_earlier"] = long_text(
            _("Why could it not come earlier?"), note, rows=3, required=False
        )

    def meeting(self) -> Meeting | None:
        """The meeting that was chosen."""
        return self.meetings.get(self.cleaned_data["meeting"])


class Sign(ForOwner):
    """Stand under a motion."""


class WithReason(CommandForm):
    """Something that needs a reason that others read."""

    reason = long_text(_("Why"), _("Everybody who may read the motion reads this."), rows=4)


class Urgency(WithReason):
    """What the body decided about a late motion."""

    admitted = forms.ChoiceField(
        label=_("What the body decided"),
        choices=[("yes", _("It is admitted as urgent")), ("no", _("It is not admitted"))],
        widget=forms.RadioSelect,
    )
    field_order = ("admitted", "reason")


class ForBody(CommandForm):
    """A form in the name of a body."""

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"] = forms.ModelChoiceField(
            label=_("Body"), queryset=bodies, widget=LongSelect, empty_label=gettext("Choose")
        )
        self.order_fields(["body"])


class AdviceForm(ForBody):
    """What a body advises."""

    kind = forms.ChoiceField(label=_("Advice"), choices=AdviceKind.choices, widget=forms.RadioSelect)
    reason = long_text(_("Why"), rows=5)


class TakeOver(ForBody):
    """A body takes a motion over."""

    reason = long_text(_("What the body does, and why without a vote"), rows=4)


class ChooseMeeting(CommandForm):
    """Choose a meeting."""

    def __init__(self, *args: Any, meetings: Sequence[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        self.fields["meeting"] = forms.ChoiceField(
            label=_("Meeting"),
            choices=[
                ("", gettext("Choose")),
                *((key, _meeting_label(m)) for key, m in self.meetings.items()),
            ],
            widget=LongSelect,
        )

    def meeting(self) -> Meeting:
        """The meeting that was chosen."""
        return self.meetings[self.cleaned_data["meeting"]]


class BringMotion(ChooseMeeting, AtItem):
    """Bring a motion to another meeting, at an item of its agenda."""

    def __init__(self, *args: Any, items: Items, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_items(items)


class ChooseMotion(CommandForm):
    """Choose another motion to talk about, and say why."""

    def __init__(self, *args: Any, motions: Sequence[Motion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motions = {str(row.pk): row for row in motions}
        choices = [(key, f"{named(row)}. {row.title}") for key, row in self.motions.items()]
        self.fields["other"] = forms.ChoiceField(
            label=_("Other motion"), choices=[("", gettext("Choose")), *choices], widget=LongSelect
        )
        self.fields["message"] = long_text(_("Message to the other side"), rows=4, required=False)

    def other(self) -> Motion:
        """The motion that was chosen."""
        return self.motions[self.cleaned_data["other"]]


class Say(CommandForm):
    """A word in talks."""

    message = long_text(_("Message"), rows=4)


class Merge(MotionText):
    """One motion in the place of several."""

    def __init__(self, *args: Any, motions: Sequence[Motion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motions = {str(row.pk): row for row in motions}
        if motions:
            self.fields["others"] = forms.MultipleChoiceField(
                label=_("Merged with"),
                choices=[(key, f"{named(row)}. {row.title}") for key, row in self.motions.items()],
                widget=forms.CheckboxSelectMultiple,
            )
            self.order_fields(["others"])

    def others(self) -> list[Motion]:
        """The motions that were chosen."""
        return [self.motions[key] for key in self.cleaned_data["others"]]


class Split(CommandForm):
    """Each request goes to a part; a part can have a title of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, requests: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requests = list(requests)
        most = min(len(self.requests), MOST_PARTS)
        parts = [(str(n), gettext("Part %(number)s") % {"number": n}) for n in range(1, most + 1)]
        for number, request in enumerate(self.requests):
            self.fields[f"request_{number}"] = forms.ChoiceField(
                label=request, choices=parts, initial=str(min(number + 1, most)), widget=LongSelect
            )
        for number in range(1, most + 1):
            self.fields[f"title_{number}"] = forms.CharField(
                label=gettext("Title of part %(number)s") % {"number": number}, required=False, max_length=200
            )

    def parts(self) -> list[Part]:
        """The parts that have a request, in order."""
        taken: dict[str, list[int]] = {}
        for number in range(len(self.requests)):
            taken.setdefault(self.cleaned_data[f"request_{number}"], []).append(number)
        return [Part(self.cleaned_data[f"title_{key}"], tuple(taken[key])) for key in sorted(taken)]


# --- what follows ----------------------------------------------------------------------------------------------
class PlanExecution(ForBody):
    """Who carries it out, how, and by when."""

    plan = long_text(_("How it is done"), rows=5)
    due = forms.DateField(
        label=_("Account by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("From the day after it counts as a debt of the association."),
    )


class ReportForm(CommandForm):
    """What was done."""

    report = long_text(_("What was done"), rows=6)


class ProposeSettling(CommandForm):
    """An account, with the proposal to settle."""

    account = long_text(
        _("Account"), _("What was done, and what came of it. Who put it in is heard first."), rows=8
    )


class AnswerSettling(CommandForm):
    """Agree that it is settled, or object."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("agree", _("Yes, this is settled")), ("object", _("No, this is not settled yet"))],
        widget=forms.RadioSelect,
    )
    objection = long_text(_("What is still lacking?"), _("Only when you object."), rows=5, required=False)


class DecideSettling(ChooseMeeting):
    """What a meeting decided about settling."""

    settled = forms.ChoiceField(
        label=_("What the meeting decided"),
        choices=[("yes", _("It is settled")), ("no", _("It must go on"))],
        widget=forms.RadioSelect,
    )
    field_order = ("meeting", "settled")


class UndertakingText(CommandForm):
    """What was promised in a meeting."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Undertaking in one line"))
    text = long_text(_("What exactly was promised"), rows=4, required=False)
    due = forms.DateField(
        label=_("To be told of before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, meeting: Meeting, with_item: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_item:
            self.fields["agenda_item"] = forms.ModelChoiceField(
                label=_("Item on the agenda"), queryset=meeting.agenda.exclude(state="dropped"),
                required=False, widget=LongSelect, empty_label=gettext("None"),
            )  # fmt: skip
        self.fields["body"] = forms.ModelChoiceField(
            label=_("Promised by"), queryset=Body.objects.order_by("order"), required=False,
            widget=LongSelect, empty_label=gettext("The body that meets"),
        )  # fmt: skip
        self.fields["asked_by"] = forms.ModelChoiceField(
            label=_("Asked by"), queryset=Member.objects.on(meeting.reference_date).order_by("sort_key"),
            required=False, widget=LongSelect, empty_label=gettext("Nobody in particular"),
        )  # fmt: skip


def bodies_for(bureau: bool, seats: Iterable[int]) -> Any:
    """The bodies that somebody speaks for."""
    return Body.objects.order_by("order") if bureau else Body.objects.filter(pk__in=list(seats))
