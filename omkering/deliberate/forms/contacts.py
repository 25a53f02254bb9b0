"""Forms of the lobby register: a contact in three short steps, changing one, and what came of it; and of alignment."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.commands.position_rows import LENGTHS, readers_word
from omkering.deliberate.commands.relations import UNRELATED, Said
from omkering.deliberate.forms.position_fields import (
    READERS,
    Choices,
    FilterForm,
    TextForm,
    choice,
    one_of,
    open_parties,
    readers_field,
    version_field,
    words,
)
from omkering.deliberate.models import (
    Alignment,
    AlignmentState,
    Contact,
    ContactState,
    Position,
    Relation,
    RelationKind,
)
from omkering.deliberate.rules_positions import Party
from omkering.thread.models import Visibility
from omkering.ui.text_forms import long_text
from omkering.who.current import association
from omkering.who.models import Member, Network, in_language

RELATION = re.compile(r"relation_(\d{1,18})")


def party_value(party: Party) -> str:
    """How a form names on whose behalf a contact is."""
    if party is None:
        return "association"
    return f"{'member' if isinstance(party, Member) else 'network'}-{party.pk}"


def party_label(party: Party) -> str:
    """On whose behalf, in words."""
    return in_language(dict(association().names)) if party is None else str(party)


def _organisation() -> forms.ModelChoiceField:
    return one_of(_("With whom?"), open_parties(), required=True)


class ContactFields(TextForm):
    """What is asked of a contact: with whom, when, about what, and how it stands to positions."""

    texts: tuple[str, ...] = ("title", "with_function", "message")
    organisation = _organisation()
    with_function = forms.CharField(
        label=_("Which function do you speak to there?"),
        help_text=_("A function, never a person."),
        required=False,
        strip=False,
    )
    on = forms.DateField(label=_("On which day?"), help_text=_("A day to come, or the day on which it was."))
    title = forms.CharField(
        label=_("What is it about, in one line?"),
        help_text=_("For example: “Fixed money for help with energy bills”."),
        strip=False,
    )
    message = long_text(_("What do you say?"), _("The message, as you bring it."))
    readers = readers_field(help_text=_("Sensitive is what would harm the talks when others read it."))

    def ask(self, positions: Iterable[Position], said: dict[int, Relation]) -> None:
        """Ask of each of these positions how the message stands to it."""
        self.asked = list(positions)
        for position in self.asked:
            fields = _relation_fields(position, said.get(position.pk))
            self.fields[f"relation_{position.pk}"], self.fields[f"note_{position.pk}"] = fields
            self.texts = (*self.texts, f"note_{position.pk}")
            self.lengths = {**self.lengths, f"note_{position.pk}": LENGTHS["note"]}

    @property
    def relations(self) -> list[tuple[Position, Any, Any]]:
        """Each position that is asked about, with its two fields."""
        return [
            (position, self[f"relation_{position.pk}"], self[f"note_{position.pk}"])
            for position in self.asked
        ]

    @property
    def said(self) -> Said:
        """What the author says of each position."""
        cleaned = self.cleaned_data
        return {
            position.pk: (cleaned[f"relation_{position.pk}"], cleaned[f"note_{position.pk}"])
            for position in self.asked
        }

    @property
    def values(self) -> dict[str, Any]:
        """The other fields as the commands take them."""
        names = ("organisation", "with_function", "on", "title", "message", "readers", "version")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


def _relation_fields(position: Position, said: Relation | None) -> tuple[forms.ChoiceField, forms.CharField]:
    settled = said is not None and said.kind == RelationKind.DEPARTS
    choices: Choices = [*RelationKind.choices, (UNRELATED, _("It is about something else"))]
    relation = forms.ChoiceField(
        label=position.title,
        help_text=_("You said that this departs: it is settled in the alignment.")
        if settled
        else position.summary,
        choices=[pair for pair in choices if pair[0] == RelationKind.DEPARTS] if settled else choices,
        widget=forms.RadioSelect,
        initial=said.kind if said else None,
        error_messages={"required": _("Say how your message stands to this position.")},
    )
    note = long_text(
        _("What adds or departs, and why: “%(title)s”") % {"title": position.title}, rows=2, required=False
    )
    note.initial = said.note if said else ""
    return relation, note


class ContactForm(ContactFields):
    """A contact in three steps. The fields of the steps before and after the shown one travel along unseen."""

    STEPS: Sequence[tuple[str, ...]] = (
        ("party", "organisation", "with_function", "on"),
        ("title", "message", "readers"),
        (),
    )

    def __init__(
        self,
        *args: Any,
        step: int,
        parties: Sequence[Party],
        asked: Iterable[Position] = (),
        sent: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.sent: Any = sent if sent is not None else self.data
        self.parties = {party_value(party): party for party in parties}
        self.fields["party"] = forms.ChoiceField(
            label=_("On whose behalf do you speak?"),
            choices=[(value, party_label(party)) for value, party in self.parties.items()],
            widget=forms.RadioSelect if len(self.parties) > 1 else forms.HiddenInput,
            initial=next(iter(self.parties), None),
        )
        self._offer_readers()
        self.asked: list[Position] = []
        if step == len(self.STEPS):
            self.ask(asked, {})
        for names in self.STEPS[step:]:
            for name in names:
                del self.fields[name]
        self.texts = tuple(name for name in self.texts if name in self.fields)

    def _offer_readers(self) -> None:
        """One network may read it only when that network speaks."""
        party = self.parties.get(self.sent.get("party", "") if self.sent else "")
        without = () if isinstance(party, Network) else (Visibility.NETWORK,)
        readers: Any = self.fields["readers"]
        readers.choices = [pair for pair in READERS if pair[0] not in without]
        readers.initial = Visibility.MEMBERS

    @property
    def party(self) -> Party:
        """On whose behalf it is."""
        return self.parties[self.cleaned_data["party"]]

    @property
    def shown(self) -> list[Any]:
        """The fields of this step, without those about positions."""
        return [self[name] for name in self.STEPS[self.step - 1]]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """(name, value) of what was filled in at the other steps."""
        here = self.STEPS[self.step - 1]
        names = [name for names in self.STEPS for name in names if name not in here]
        if self.step < len(self.STEPS) and self.sent:
            names += [name for name in self.sent if RELATION.fullmatch(name)]
            names += [name for name in self.sent if re.fullmatch(r"note_\d{1,18}", name)]
        return [(name, value) for name in names for value in (self.sent.getlist(name) if self.sent else [])]

    @classmethod
    def step_of(cls, errors: Iterable[str]) -> int:
        """The first step with a field among these; the last one where there is none."""
        found = [number for number, names in enumerate(cls.STEPS, 1) if set(names) & set(errors)]
        return min(found, default=len(cls.STEPS))


class EditContact(ContactFields):
    """All of a contact on one page."""

    version = version_field()

    def __init__(
        self,
        *args: Any,
        contact: Contact,
        asked: Iterable[Position],
        said: dict[int, Relation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["organisation"].queryset = open_parties([contact.organisation_id])
        if contact.network_id is None:
            fields["readers"].choices = [pair for pair in READERS if pair[0] != Visibility.NETWORK]
        self.ask(asked, said)


def contact_values(contact: Contact) -> dict[str, Any]:
    """What the form shows of a contact."""
    names = ("with_function", "on", "title", "message", "version")
    return {
        **{name: getattr(contact, name) for name in names},
        "organisation": contact.organisation_id,
        "readers": readers_word(contact),
    }


class HoldForm(TextForm):
    """It took place."""

    texts = ("outcome",)
    on = forms.DateField(label=_("On which day did it take place?"))
    outcome = long_text(
        _("What came of it?"), _("What did the other party say, and what happens next?"), rows=6
    )


class CancelForm(TextForm):
    """It does not take place."""

    texts = ("reason",)
    reason = long_text(_("Why does it not take place?"), rows=3)


# --- alignment ---------------------------------------------------------------------------------------------------
class TalkForm(TextForm):
    """A talk about a message that departs."""

    texts = ("said",)
    on = forms.DateField(label=_("On which day did you talk?"))
    said = long_text(
        _("What was said?"), _("What do you agree on, and what not yet? Leave names of people out."), rows=6
    )


class EndAlignmentForm(TextForm):
    """How it ends."""

    texts = ("text", "reason")
    version = version_field()
    outcome = forms.ChoiceField(label=_("How does it end?"), widget=forms.RadioSelect)
    text = long_text(
        _("The text that both agree on"), _("Leave it empty for an open difference."), rows=6, required=False
    )
    reason = long_text(_("The reason"), _("Of what you agreed on, or of the difference."), rows=4)
    lengths = {**LENGTHS, "text": (0, LENGTHS["text"][1])}  # the command says when it is needed

    def __init__(self, *args: Any, alignment: Alignment, speaks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without = {AlignmentState.OPEN.value}
        if not speaks:
            without.add(AlignmentState.ALIGNED.value)
        if alignment.state == AlignmentState.APART:
            without.add(AlignmentState.APART.value)
        fields: dict[str, Any] = self.fields
        fields["outcome"].choices = [pair for pair in AlignmentState.choices if pair[0] not in without]


# --- the register ------------------------------------------------------------------------------------------------
class ContactFilterForm(FilterForm):
    """The filters of the lobby register."""

    text = words()
    organisation = choice(_("With whom"))
    speaker = choice(_("On whose behalf"))
    theme = choice(_("Theme"))
    state = choice(_("State"), ContactState.choices)
    relation = choice(_("How it stands to positions"), RelationKind.choices)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    mine = forms.BooleanField(label=_("Only contacts that I recorded"), required=False)
