"""The plan of a vote: when, who votes, what a ballot can say, and what is needed to pass."""

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omkering.decide import vote_rule
from omkering.decide.models import AdviceKind, Procedure, Vote, VoteState
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.thread.terms import last_day, working_days_after
from omkering.who.current import association
from omkering.who.models import Body, Network, in_language

KINDS = [
    ("for_against_abstain", gettext_lazy("For, against or abstain")),
    ("options", gettext_lazy("One of several options")),
    ("approval", gettext_lazy("Tick every option that one agrees with")),
    ("ranking", gettext_lazy("Put the options in order")),
    ("points", gettext_lazy("Give points")),
]
METHODS = [
    ("schulze", gettext_lazy("Two by two (Schulze)")),
    ("irv", gettext_lazy("Fewest votes fall off (instant run-off)")),
]
TIES = [
    ("stays", gettext_lazy("Nothing is decided")),
    ("rejected", gettext_lazy("It is rejected")),
    ("chair", gettext_lazy("The chair decides")),
    ("revote", gettext_lazy("The vote is held once more")),
]
HEADS = "heads"
OWN = ""


def _keys(part: str) -> list[tuple[str, str]]:
    """Keys and names of the rules of one kind; of several versions the newest name counts."""
    return list({rule.key: in_language(rule.names) for rule in getattr(association(), part)}.items())


def _whole(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, required=False, min_value=1, max_value=1_000)


class PlanForm(forms.Form):
    """When a vote is held, on whose membership, how, and by which rule."""

    mark_optional = False

    opens_at = forms.DateTimeField(label=gettext_lazy("Opens"), widget=forms.DateTimeInput)
    closes_at = forms.DateTimeField(label=gettext_lazy("Closes"), widget=forms.DateTimeInput)
    reference_date = forms.DateField(
        label=gettext_lazy("Reference date"),
        widget=forms.DateInput,
        help_text=gettext_lazy("Who is a member on this date can vote, with the inhabitants of this date."),
    )
    electorate = forms.ChoiceField(label=gettext_lazy("Who votes"), required=False)
    procedure = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=Procedure.choices,
        required=False,
        help_text=gettext_lazy(
            "By acclamation it is adopted, unless somebody objects before it closes. Then members vote."
        ),
    )
    on_advice = forms.ChoiceField(
        label=gettext_lazy("What is put to the vote"),
        required=False,
        help_text=gettext_lazy("The text itself, or what the board advises to do with it."),
    )
    ballot_kind = forms.ChoiceField(label=gettext_lazy("What members fill in"), choices=KINDS, required=False)
    options = forms.CharField(
        label=gettext_lazy("Options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Each on a line of its own; not for a vote for or against. The address of a page here (a proposal, a "
            "motion, an amendment) makes that the option: if it is chosen, it is adopted."
        ),
    )
    seats = _whole(gettext_lazy("How many are chosen"))
    max_choices = _whole(gettext_lazy("At most so many ticks"))
    max_points = _whole(gettext_lazy("At most so many points for an option"))
    total_points = _whole(gettext_lazy("So many points to divide"))
    method = forms.ChoiceField(label=gettext_lazy("How an order is counted"), choices=METHODS, required=False)
    relative = forms.BooleanField(
        label=gettext_lazy("Most votes is enough, without a majority (for options and ticks)"), required=False
    )
    secret = forms.BooleanField(label=gettext_lazy("Secret: for votes about persons"), required=False)
    rule_set_key = forms.ChoiceField(
        label=gettext_lazy("Rules"),
        required=False,
        help_text=gettext_lazy("A set of rules with its source. Or choose the four parts below yourself."),
    )
    weight_rule_key = forms.ChoiceField(label=gettext_lazy("Votes per member"), required=False)
    threshold_key = forms.ChoiceField(label=gettext_lazy("Majority"), required=False)
    also_heads = forms.BooleanField(
        label=gettext_lazy("The same majority is needed of members too (double majority)"), required=False
    )
    quorum_key = forms.ChoiceField(label=gettext_lazy("Quorum"), required=False)
    tie = forms.ChoiceField(label=gettext_lazy("If votes are equal"), choices=TIES, required=False)
    together = forms.ChoiceField(label=gettext_lazy("On one list with"), required=False)
    ratifies = forms.ChoiceField(label=gettext_lazy("Makes formal an earlier vote"), required=False)

    # What most votes need stands open; the rest is there for who looks for it.
    GROUPS = (
        ("", ("opens_at", "closes_at", "reference_date", "electorate", "procedure", "on_advice", "rule_set_key")),
        (
            gettext_lazy("Options to choose from, and persons"),
            (
                "ballot_kind", "options", "seats", "max_choices", "max_points", "total_points", "method", "relative",
                "secret",
            ),
        ),
        (
            gettext_lazy("Choose the parts of the rules yourself"),
            ("weight_rule_key", "threshold_key", "also_heads", "quorum_key", "tie"),
        ),
        (gettext_lazy("A list, or an earlier vote"), ("together", "ratifies")),
    )  # fmt: skip

    FIRST_ONLY = ("electorate", "on_advice", "together", "ratifies")

    def __init__(self, *args: Any, about: Item | None = None, meeting: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: dict[str, Any] = {}
        self.votes: dict[str, Vote] = {}
        self._set("weight_rule_key", [*_keys("weight_rules"), (HEADS, _("Everybody one vote"))])
        self._set("threshold_key", _keys("threshold_rules"))
        self._set("quorum_key", _keys("quorum_rules"))
        self._set("rule_set_key", [*_keys("decision_rules"), (OWN, _("I choose the parts myself"))])
        if about is None:
            for name in self.FIRST_ONLY:
                del self.fields[name]
            return
        self._set("electorate", _electorates())
        self._set("on_advice", [("", _("The text itself")), *AdviceKind.choices])
        lists = Vote.objects.filter(state=VoteState.PLANNED, together__isnull=True, meeting=meeting)
        self._set_votes("together", lists.exclude(about=about), _("no list"))
        earlier = Vote.objects.filter(about=about, state=VoteState.CLOSED)
        self._set_votes("ratifies", earlier, _("none"))

    def groups(self) -> list[dict[str, Any]]:
        """The fields as the page shows them: what is filled in or wrong stands open."""
        ballot_kind, own_rules = self["ballot_kind"].value(), self["rule_set_key"].value() == OWN
        found = []
        for title, names in self.GROUPS:
            fields = [self[name] for name in names if name in self.fields]
            wanted = {
                "ballot_kind": ballot_kind not in (None, "", KINDS[0][0]) or bool(self["secret"].value())
            }
            wanted |= {"weight_rule_key": own_rules}
            is_open = any(field.errors for field in fields) or any(wanted.get(field.name) for field in fields)
            if fields:
                found.append({"title": title, "fields": fields, "open": is_open})
        return found

    def _set(self, name: str, options: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = options  # type: ignore[attr-defined]

    def _set_votes(self, name: str, votes: Any, none: str) -> None:
        """The choice between these votes; without any the field is not there."""
        found = list(votes.only("pk", "title", "opens_at").order_by("-pk")[:30])
        self.votes |= {str(vote.pk): vote for vote in found}
        if not found:
            del self.fields[name]
            return
        self._set(
            name,
            [("", none), *((str(vote.pk), f"{vote.title} ({vote.opens_at:%d-%m-%Y})") for vote in found)],
        )

    @classmethod
    def for_new(cls, about: Item, data: Any = None, *, meeting: Any = None) -> "PlanForm":
        """A plan that opens on the next working day, for as long as the association's term says; in a meeting when
        that begins, until it ends."""
        today = timezone.localdate()
        opens = working_days_after(today, 1)
        folder = association()
        usual = meeting.rules.get("decision_rule") if meeting else None
        chosen = folder.decision_rule(today, usual) or folder.decision_rule(today)
        initial = {
            "opens_at": meeting.starts_at if meeting else _at(opens, 9),
            "closes_at": meeting.ends_at if meeting else _at(last_day(folder.terms.vote_open, opens), 17),
            "reference_date": meeting.reference_date if meeting else today,
            "rule_set_key": chosen.key if chosen else OWN,
            "weight_rule_key": next(rule.key for rule in folder.weight_rules if rule.default),
            "threshold_key": next(rule.key for rule in folder.threshold_rules if rule.default),
            "quorum_key": next(rule.key for rule in folder.quorum_rules if rule.default),
        }
        return cls(data, initial=initial, about=about, meeting=meeting)

    @classmethod
    def for_vote(cls, vote: Vote, data: Any = None) -> "PlanForm":
        """The plan of a vote, to change."""
        rule, ballot = vote.rule, vote_rule.ballot_of(vote.rule)
        majorities = vote_rule.threshold_parts(rule)
        initial = {
            "opens_at": vote.opens_at,
            "closes_at": vote.closes_at,
            "reference_date": vote.reference_date,
            "rule_set_key": rule["set"]["key"] if rule.get("set") else OWN,
            "weight_rule_key": rule["weight"]["key"] if rule["weight"] else HEADS,
            "threshold_key": majorities[0]["key"] if majorities else None,
            "also_heads": any(part.get("in") == "heads" for part in majorities[1:]),
            "quorum_key": vote_rule.quorum_key(rule),
            "tie": vote_rule.tie_of(rule),
            "ballot_kind": ballot["kind"],
            "options": "\n".join(_line(option) for option in ballot.get("options", ())),
            "secret": vote.secret,
            "procedure": vote.procedure,
            **{name: ballot[name] for name in (*LIMITS, "method", "relative") if name in ballot},
        }
        return cls(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        """What the command takes, in `found`."""
        cleaned = super().clean() or {}
        try:
            self.found = self._arguments(cleaned)
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned

    def _arguments(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        given = {name: cleaned.get(name) for name in ("opens_at", "closes_at", "reference_date")}
        given["procedure"] = cleaned.get("procedure") or Procedure.BALLOTS
        given["secret"] = bool(cleaned.get("secret"))
        given["ballot"] = vote_rule.ballot_data(
            cleaned.get("ballot_kind") or KINDS[0][0],
            _options(cleaned.get("options", "")),
            relative=bool(cleaned.get("relative")),
            method=cleaned.get("method") or None,
            **{name: cleaned.get(name) for name in LIMITS},
        )
        if chosen := cleaned.get("rule_set_key"):
            given["rule_set_key"] = chosen
        else:
            weight = cleaned.get("weight_rule_key") or None
            given |= {
                "weight_rule_key": None if weight == HEADS else weight,
                "heads": weight == HEADS,
                "threshold_key": cleaned.get("threshold_key") or None,
                "quorum_key": cleaned.get("quorum_key") or None,
                "also_heads": bool(cleaned.get("also_heads")),
                "tie": cleaned.get("tie") or None,
            }
        if "electorate" in self.fields:
            of, _colon, key = (cleaned.get("electorate") or "members").partition(":")
            given["electorate"] = {"of": of, **({ELECTORATE_KEYS[of]: key} if key else {})}
            given["on_advice"] = cleaned.get("on_advice", "")
            for name in ("together", "ratifies"):
                given[name] = self.votes.get(cleaned.get(name) or "")
        return given


LIMITS = ("seats", "max_choices", "max_points", "total_points")
ELECTORATE_KEYS = {"network": "network", "seats": "body"}


def _electorates() -> list[tuple[str, str]]:
    networks = [(f"network:{network.key}", network.name) for network in Network.objects.all()]
    bodies = [
        (f"seats:{body.key}", _("The seats of: %(body)s") % {"body": body.name})
        for body in Body.objects.all()
    ]
    return [("members", _("All members")), *networks, *bodies]


def _options(text: str) -> list[dict[str, Any]]:
    """An option for each line; the address of an item here becomes that item."""
    found: list[dict[str, Any]] = []
    for line in (line.strip() for line in text.splitlines()):
        if line:
            item = _item_at(line)
            found.append({"title": item.title if item else line, "item": item.pk if item else None})
    return found


def _item_at(line: str) -> Item | None:
    if not line.startswith(("http://", "https://", "/")):
        return None
    path = urlsplit(line).path
    try:
        pk = resolve(path).kwargs.get("pk")
    except Resolver404:
        pk = None
    item = Item.objects.defer("search").filter(pk=pk).first() if pk else None
    if item is None or kinds.url(item) != path:
        raise ValidationError(
            {"options": _("There is nothing to vote on at %(address)s.") % {"address": line}}
        )
    return item


def _line(option: dict[str, Any]) -> str:
    item = Item.objects.defer("search").filter(pk=option["item"]).first() if option.get("item") else None
    return kinds.url(item) if item else option["title"]


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
