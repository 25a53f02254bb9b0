"""Forms of the board, of bundles, and of importing signals."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from omkering.listen.forms import TextForm, long_text
from omkering.listen.models import Bundle, Signal, SignalState
from omkering.listen.queries.board import DUE, MEMBERS, NEWEST, OLDEST, ORDERS, RELEVANCE, Board, BoardFilter
from omkering.listen.rules_bundles import ANSWERS, BundleState
from omkering.listen.transfer import LARGEST, MOST_ROWS
from omkering.thread.models import SavedSearch, Theme, Visibility
from omkering.ui.forms import LongSelect
from omkering.who.current import association
from omkering.who.models import Body, Member, Network, Person
from omkering.who.standing import standing_of

Choices = list[tuple[str, Any]]


def _all(choices: Iterable[tuple[str, Any]]) -> Choices:
    return [("", _("All")), *choices]


def _choice(label: Any, choices: Iterable[tuple[str, Any]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=_all(choices), widget=LongSelect)


class BoardForm(forms.Form):
    """The filters of the board, as they stand in the address. What makes no sense there is left out."""

    mark_optional = False
    text = forms.CharField(
        label=_("Words"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = _choice(_("State"), SignalState.choices)
    theme = _choice(_("Theme"))
    member = _choice(_("Member"))
    province = _choice(_("Province"))
    network = _choice(_("Network"))
    size_class = _choice(_("Size"))
    bundled = _choice(_("Bundle"), [("yes", _("In a bundle")), ("no", _("Not in a bundle"))])
    visibility = _choice(_("Who may read it"))
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Up to and including"), required=False)
    late = forms.BooleanField(label=_("Only past the answering term"), required=False)
    mine = forms.BooleanField(label=_("Only what I sent or support"), required=False)
    sort = _choice(_("Order"))

    # Filters that stand open on the page; the others are behind a button.
    FIRST = ("text", "theme", "network", "sort")

    def __init__(self, data: Mapping[str, Any], *, person: Any, bureau: bool) -> None:
        super().__init__(data)
        folder = association()
        language = get_language() or folder.languages[0]
        members = list(Member.objects.order_by("sort_key").values_list("code", "name", "ends"))
        main = next(kind for kind in folder.division_kinds if kind.key == folder.main_division)
        self._choose("theme", [(theme.key, theme.name) for theme in Theme.objects.all()])
        self._choose("member", [(code, name) for code, name, _ends in members])
        self._choose("network", [(network.key, network.name) for network in Network.objects.all()])
        self._choose(
            "province",
            [(d.code, d.names.get_in(language)) for d in folder.divisions if d.kind == folder.main_division],
        )
        self.fields["province"].label = main.names.get_in(language)
        self.fields["member"].label = folder.member_singular.get_in(language).capitalize()
        self._choose("size_class", [(size.key, size.names.get_in(language)) for size in folder.size_classes])
        visible = {way.key: way.names.get_in(language) for way in folder.visibilities}
        self._choose(
            "visibility", [(key, visible.get(key, key)) for key in Visibility.values if key in visible]
        )
        if not bureau:
            del self.fields["visibility"]
        if not person.is_authenticated:
            del self.fields["mine"]
        self.fields["sort"].choices = self._orders()  # type: ignore[attr-defined]

    def _choose(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = _all(choices)  # type: ignore[attr-defined]

    def _orders(self) -> Choices:
        named = {
            RELEVANCE: _("Best fit first"),
            NEWEST: _("Newest first"),
            OLDEST: _("Oldest first"),
            MEMBERS: _("Most members first"),
            DUE: _("Longest without an answer"),
        }
        with_words = bool(self.data.get("text", "").strip())
        first: Choices = [("", named[RELEVANCE if with_words else NEWEST])]
        hidden = RELEVANCE if with_words else NEWEST
        shown: Choices = [
            (order, text)
            for order, text in named.items()
            if order != hidden and (with_words or order != RELEVANCE)
        ]
        # Orders that only a column's header gives stay valid, but are not in the list twice.
        chosen = self.data.get("sort", "")
        if chosen in ORDERS and chosen not in dict(shown):
            shown.append((chosen, named.get(chosen, _("As chosen in the table"))))
        return first + shown

    @property
    def filters(self) -> BoardFilter:
        """What was asked, without what makes no sense."""
        self.is_valid()
        return BoardFilter(**{name: value for name, value in self.cleaned_data.items() if value})

    @property
    def chosen(self) -> dict[str, str]:
        """The filters as they stand in the address, for keeping the search; no empty ones, no pages."""
        self.is_valid()
        return {name: str(self.data[name]) for name, value in self.cleaned_data.items() if value}

    @property
    def first_fields(self) -> list[Any]:
        """The fields that stand open."""
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list[Any]:
        """The fields behind the button."""
        return [self[name] for name in self.fields if name not in self.FIRST and name != "state"]

    @property
    def more_chosen(self) -> int:
        """How many of the fields behind the button are used."""
        return sum(field.name in self.chosen for field in self.more_fields)


def as_query(filters: Mapping[str, str]) -> QueryDict:
    """The filters of a saved search as the address gives them."""
    query = QueryDict(mutable=True)
    query.update(filters)
    return query


def board_of(search: SavedSearch) -> Board:
    """The board as the owner of a saved search sees it today, newest first."""
    person: Person = search.person
    query = as_query({**search.query, "sort": NEWEST})
    form = BoardForm(query, person=person, bureau=standing_of(person).is_bureau)
    return Board(form.filters, person, timezone.localdate())


class SaveSearch(forms.Form):
    """A name for the filters on the board."""

    name = forms.CharField(label=_("Name of this search"), max_length=120)


# --- bundles -------------------------------------------------------------------------------------------------
class SignalChoice(forms.ModelMultipleChoiceField):
    """Signals to tick, each with the member that sent it."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, signal: Any) -> str:
        sender = f" ({signal.owner_member})" if signal.owner_member else ""
        return f"{signal.title}{sender}"


class BundleText(TextForm):
    """The name of a bundle, and what it is about."""

    texts = ("title", "summary")
    title = forms.CharField(label=_("Name of the bundle"), strip=False)
    summary = long_text(_("What is it about?"), _("In one or two sentences."), rows=3, required=False)


class ChooseSignals(forms.Form):
    """Which signals go along; all are ticked at first when `ticked`."""

    signals = SignalChoice(
        Signal.objects.none(),
        label=_("Signals"),
        error_messages={"required": _("Choose at least one signal.")},
    )

    def __init__(self, *args: Any, signals: Iterable[Signal], ticked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [signal.pk for signal in signals]
        rows = Signal.objects.filter(pk__in=ids).select_related("owner_member").defer("search", "body")
        field: Any = self.fields["signals"]
        field.queryset = rows.order_by("-supporters", "created_at", "pk")
        if ticked:
            field.initial = ids


class MakeBundle(BundleText, ChooseSignals):
    """A new bundle of ticked signals, from a suggestion or from the board."""

    field_order = ("title", "summary", "signals")


class SplitBundle(BundleText, ChooseSignals):
    """Which signals move to a new bundle."""

    field_order = ("signals", "title", "summary")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signals"].label = _("Signals that move to the new bundle")
        self.fields["title"].label = _("Name of the new bundle")


class AddSignals(ChooseSignals):
    """Loose signals that join a bundle."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signals"].label = _("Signals to add")

    def take_errors(self, error: ValidationError) -> None:
        """Show what the command found wrong at the signals."""
        self.add_error("signals", error.messages)


class RenameBundle(TextForm):
    """Another name, with the reason."""

    texts = ("title", "reason")
    title = forms.CharField(label=_("New name"), strip=False)
    reason = long_text(_("Why does the name change?"), _("The senders and followers read this."), rows=3)


class RemoveSignal(TextForm):
    """Why a signal leaves its bundle."""

    texts = ("reason",)
    reason = long_text(
        _("Why does this signal not belong here?"),
        _("The sender reads this. The signal is looked at again on its own."),
        rows=3,
    )


class MergeBundles(BundleText):
    """Which bundles become one."""

    bundles = forms.ModelMultipleChoiceField(
        Bundle.objects.none(), label=_("Bundles that become one"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("bundles", "title", "summary")

    def __init__(self, *args: Any, bundles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bundles"].queryset = bundles  # type: ignore[attr-defined]


class AnswerBundle(TextForm):
    """One answer for all the signals of a bundle."""

    texts = ("reason", "referred_to")
    state = forms.ChoiceField(
        label=_("What happens with this bundle?"),
        choices=[(state, BundleState(state).label) for state in ANSWERS],
        widget=forms.RadioSelect,
    )
    reason = long_text(
        _("Why? Write it to the senders"),
        _("All senders and followers get this text. Say what comes next, if you know."),
    )
    referred_body = forms.ModelChoiceField(
        Body.objects.all(),
        label=_("Refer to a body of the association"),
        required=False,
        empty_label=_("Choose a body"),
        help_text=_("Only when you refer the bundle."),
    )
    referred_to = forms.CharField(
        label=_("Or refer to somebody else"),
        help_text=_("For example a ministry, a province or an inspectorate."),
        required=False,
        strip=False,
    )


# --- import --------------------------------------------------------------------------------------------------
class ImportFile(forms.Form):
    """A CSV with signals."""

    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "UTF-8, at most %(rows)s signals and %(size)s kB. The columns are those of the export."
        ) % {"rows": MOST_ROWS, "size": LARGEST // 1000}

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(
                _("This file is too large. Split it in parts of at most %(size)s kB.")
                % {"size": LARGEST // 1000}
            )
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("This file is not UTF-8 text. Save it as “CSV UTF-8”.")) from None


class ImportPlan(forms.Form):
    """The text that the plan was made of, and which possible duplicates are written all the same."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=LARGEST)
