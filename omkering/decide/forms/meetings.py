"""Forms of meetings: the plan, items on the agenda, papers, proxies, who votes, and requests for an extra meeting."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from omkering.decide.models import AgendaItem, AgendaKind, AgendaState, Meeting, MeetingForm
from omkering.decide.queries.meetings import TO_COME
from omkering.ui.forms import LongSelect
from omkering.ui.text_forms import CommandForm, long_text
from omkering.who.current import powers_of, roles_by_key
from omkering.who.models import Appointment, Body, Member, Person


def bodies_that_meet() -> Any:
    """The bodies that can have meetings."""
    return Body.objects.exclude(kind="bureau").order_by("order", "pk")


class PlanForm(CommandForm):
    """When, where and how a body meets."""

    body = forms.ModelChoiceField(Body.objects.none(), label=_("Body"), widget=LongSelect)
    title = forms.CharField(label=_("Name of the meeting"), strip=False)
    form = forms.ChoiceField(
        label=_("Where members take part"), choices=MeetingForm.choices, widget=forms.RadioSelect
    )
    extra = forms.BooleanField(
        label=_("Extra meeting"), required=False, help_text=_("Extra meetings can have shorter deadlines.")
    )
    starts_at = forms.DateTimeField(label=_("Begins"), widget=forms.DateTimeInput)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=forms.DateTimeInput)
    place = forms.CharField(label=_("Place"), required=False, strip=False)
    link = forms.CharField(
        label=_("Address to join remotely"), required=False, help_text=_("It begins with https://.")
    )
    reference_date = forms.DateField(
        label=_("Reference date"),
        required=False,
        widget=forms.DateInput,
        help_text=_(
            "Members and inhabitants on this day say who has how many votes. Empty: the day it begins."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, change: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies_that_meet()  # type: ignore[attr-defined]
        if change:
            del self.fields["body"], self.fields["extra"]
        else:
            del self.fields["version"]

    @classmethod
    def for_new(cls, data: Any = None, body: Body | None = None) -> "PlanForm":
        """A meeting in five weeks, in the morning."""
        day = timezone.localdate() + timedelta(weeks=6)
        begins = timezone.make_aware(datetime.combine(day, time(10)))
        usual = {"starts_at": begins, "ends_at": begins + timedelta(hours=3), "form": MeetingForm.ON_SITE}
        return cls(data, initial={**usual, "body": body})

    @classmethod
    def of(cls, row: Meeting, data: Any = None) -> "PlanForm":
        """The plan of a meeting, to change."""
        names = ("title", "form", "starts_at", "ends_at", "place", "link", "reference_date", "version")
        return cls(data, initial={name: getattr(row, name) for name in names}, change=True)


class ReasonForm(CommandForm):
    """Why a meeting is called off."""

    reason = long_text(_("The reason"), _("Everybody who is told reads it."), rows=3)


class AgendaItemForm(CommandForm):
    """An item on an agenda."""

    title = forms.CharField(label=_("Title"), strip=False)
    kind = forms.ChoiceField(label=_("Kind of item"), choices=AgendaKind.choices)
    minutes = forms.IntegerField(label=_("Planned minutes"), min_value=0, initial=10)
    parent = forms.ModelChoiceField(
        AgendaItem.objects.none(),
        label=_("Part of"),
        required=False,
        empty_label=_("Nothing: an item of its own"),
    )
    text = long_text(_("What is asked of the body"), rows=4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if meeting is None:
            del self.fields["parent"]
            return
        del self.fields["version"]
        tops = meeting.agenda.filter(parent=None).exclude(state=AgendaState.DROPPED).order_by("position")
        self.fields["parent"].queryset = tops  # type: ignore[attr-defined]

    @classmethod
    def of(cls, row: AgendaItem, data: Any = None) -> "AgendaItemForm":
        """An item as it is, to change."""
        names = ("title", "kind", "minutes", "text", "version")
        return cls(data, initial={name: getattr(row, name) for name in names})


class PutOnAgendaForm(CommandForm):
    """On which agenda an item comes."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Meeting"), widget=LongSelect)
    kind = forms.ChoiceField(label=_("Kind of item"), choices=AgendaKind.choices)
    minutes = forms.IntegerField(label=_("Planned minutes"), min_value=0, initial=10)
    text = long_text(_("What is asked of the body"), rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Meeting.objects.filter(state__in=TO_COME).defer("search", "body", "rules")
        self.fields["meeting"].queryset = rows.order_by("starts_at", "pk")  # type: ignore[attr-defined]


class PaperForm(CommandForm):
    """A paper: a text, a file, or an item that is here."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        strip=False,
        help_text=_("Empty: the name of the file, or of the item."),
    )
    agenda_item = forms.ModelChoiceField(
        AgendaItem.objects.none(),
        label=_("At which item"),
        required=False,
        empty_label=_("The whole meeting"),
    )
    text = long_text(_("Text"), rows=6, required=False)
    upload = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("pdf, docx, png or jpg, of 10 MB at most.")
    )
    item = forms.CharField(
        label=_("Or an item that is here"),
        required=False,
        help_text=_("The address of its page, or its number."),
    )

    def clean_item(self) -> int | None:
        """The number of the item, from the address of its page."""
        given = self.cleaned_data["item"].strip()
        if not given:
            return None
        found = re.search(r"(\d{1,18})/?(?:[?#].*)?$", given)
        if found is None:
            raise forms.ValidationError(
                _now("Give the address of a page of an item here, which ends in its number.")
            )
        return int(found[1])

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = meeting.agenda.exclude(state=AgendaState.DROPPED).order_by("position")
        self.fields["agenda_item"].queryset = rows  # type: ignore[attr-defined]


class InterestForm(CommandForm):
    """An interest of one's own in an item."""

    text = long_text(
        _("What your interest is"),
        _("Who meets reads it. You then do not have to take part in this item."),
        rows=3,
    )


class ProxyForm(CommandForm):
    """Who votes in the name of a member that is away."""

    holder = forms.ModelChoiceField(
        Member.objects.none(), label=_("Who votes in our name"), widget=LongSelect, empty_label=_("Choose")
    )
    text = long_text(_("The proxy, in writing"), rows=4)
    starts_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput)
    ends_at = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput)

    def __init__(self, *args: Any, meeting: Meeting, giver: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Member.objects.on(meeting.reference_date).exclude(pk=giver.pk)
        self.fields["holder"].queryset = others.order_by("sort_key", "pk")  # type: ignore[attr-defined]

    @classmethod
    def of(cls, meeting: Meeting, giver: Member, data: Any = None) -> "ProxyForm":
        """A proxy for the whole meeting, with words that say what it must."""
        last = timezone.make_aware(datetime.combine(timezone.localdate(meeting.ends_at), time(23, 59)))
        words = _now("%(member)s lets the member chosen above vote in its name in “%(meeting)s”.") % {
            "member": giver.name,
            "meeting": meeting.title,
        }
        usual = {"starts_at": timezone.now(), "ends_at": last, "text": words}
        return cls(data, initial=usual, meeting=meeting, giver=giver)


class DelegatesForm(CommandForm):
    """Who votes for a member: a mark, and where it divides its votes a number, for each of its people."""

    def __init__(
        self,
        *args: Any,
        people: list[Person],
        named: dict[int, int | None],
        split: bool,
        weight: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.split = people, split
        for person in people:
            self.fields[f"votes_{person.pk}"] = forms.BooleanField(
                label=person.name, required=False, initial=person.pk in named
            )
            if split:
                self.fields[f"number_{person.pk}"] = forms.IntegerField(
                    label=_now("Votes of %(person)s") % {"person": person.name},
                    required=False,
                    min_value=1,
                    max_value=weight,
                    initial=named.get(person.pk),
                )

    def shares(self) -> list[tuple[Person, int | None]]:
        """Who was marked, with the votes of each."""
        data = self.cleaned_data
        return [
            (person, data.get(f"number_{person.pk}"))
            for person in self.people
            if data.get(f"votes_{person.pk}")
        ]


def people_who_may_vote(member: Member) -> list[Person]:
    """The people of a member whose role may vote, by name; one query."""
    voting = [key for key in roles_by_key() if "vote" in powers_of([key])]
    held = Appointment.objects.on(timezone.localdate()).filter(member=member, role__in=voting)
    rows = Person.objects.filter(pk__in=held.values("person_id"), is_active=True)
    return list(rows.order_by("name", "pk"))


class RequestForm(CommandForm):
    """A request of a member for an extra meeting."""

    body = forms.ModelChoiceField(Body.objects.none(), label=_("Of which body"))
    member = forms.ModelChoiceField(Member.objects.none(), label=_("In the name of"))
    title = forms.CharField(label=_("What it must be about"), strip=False)
    reason = long_text(_("Why it cannot wait"), rows=5)

    def __init__(self, *args: Any, bodies: list[Body], members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Body.objects.filter(pk__in=[body.pk for body in bodies]).order_by("order", "pk")
        own = Member.objects.filter(pk__in=members).order_by("sort_key", "pk")
        for name, queryset in (("body", rows), ("member", own)):
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
            if len(found := list(queryset[:2])) == 1:
                self.initial.setdefault(name, found[0])


class SupportForm(CommandForm):
    """In the name of which member one stands behind a request, or no longer does."""

    member = forms.ModelChoiceField(Member.objects.none(), label=_("In the name of"))

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = Member.objects.filter(pk__in=members)  # type: ignore[attr-defined]
