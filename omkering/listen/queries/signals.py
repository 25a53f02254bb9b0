"""Reading signals: one's drafts, and all that the page of a signal shows, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from omkering.journal.models import Event
from omkering.listen.models import Answer, Draft, Evidence, Objection, Recognition, Signal, SignalState
from omkering.listen.queries.similar import Similar, similar_signals
from omkering.thread.commands import meaning_text
from omkering.thread.models import Item, Link, LinkKind, Meaning
from omkering.who.models import Member
from omkering.who.queries import heirs, population_on
from omkering.who.standing import standing_of

SHOWN = 8  # recognitions that stand open on the page
TONES = {
    SignalState.SUBMITTED: "info",
    SignalState.IN_REVIEW: "info",
    SignalState.BUNDLED: "info",
    SignalState.TAKEN_UP: "positive",
    SignalState.REFERRED: "warning",
    SignalState.DECLINED: "negative",
}


def readable_signals(person: Any) -> QuerySet[Signal]:
    """The signals that `person` may read."""
    return Signal.objects.visible_to(standing_of(person), getattr(person, "pk", None))


def drafts_of(person: Any) -> QuerySet[Draft]:
    """The reports that a person has not sent yet, newest first."""
    return Draft.objects.filter(person=person, signal__isnull=True).order_by("-changed_at")


@dataclass(frozen=True)
class Moment:
    """One line of what happened, with the words that go with it."""

    at: datetime
    text: str
    reason: str = ""


@dataclass(frozen=True)
class SignalPage:
    """What the page of a signal shows."""

    signal: Signal
    tone: str
    recognitions: list[Recognition]
    members: int
    inhabitants: int
    evidence: list[Evidence]
    bundle: Item | None
    timeline: list[Moment]
    answer: Answer | None
    objection: Objection | None
    similar: list[Similar]

    @property
    def first_recognitions(self) -> list[Recognition]:
        """Those that are shown at once."""
        return self.recognitions[:SHOWN]

    @property
    def more_recognitions(self) -> list[Recognition]:
        """The others, behind a button."""
        return self.recognitions[SHOWN:]

    @property
    def alert(self) -> str:
        """The kind of message that the answer is."""
        return "ok" if self.tone == "positive" else "warning"

    @property
    def answer_sentence(self) -> str:
        """The answer that holds in one sentence; "" while there is none."""
        holds = self.answer is not None and self.answer.state == self.signal.state
        return _answer_in_words(self.answer) if self.answer and holds else ""


def signal_page(signal_id: int, person: Any, day: date) -> SignalPage | None:
    """The signal with everything around it, its support counted on `day`; None when `person` may not read it."""
    signal = (
        readable_signals(person)
        .select_related("owner_member", "owner_body", "theme", "audience", "meaning", "objection")
        .defer("search")
        .prefetch_related(
            Prefetch("evidence", Evidence.objects.order_by("pk")),
            Prefetch("answers", Answer.objects.select_related("referred_body").order_by("created_at", "pk")),
            Prefetch(
                "recognitions", Recognition.objects.select_related("member").order_by("created_at", "pk")
            ),
        )
        .filter(pk=signal_id)
        .first()
    )
    if signal is None:
        return None
    recognitions = list(signal.recognitions.all())
    standing = [recognition for recognition in recognitions if recognition.withdrawn_at is None]
    seers = [recognition.member for recognition in standing]
    members, inhabitants = support([*([signal.owner_member] if signal.owner_member else []), *seers], day)
    answers = list(signal.answers.all())
    objection: Objection | None = getattr(signal, "objection", None)
    if objection is not None:  # about one of the answers, which were read
        objection.answer = next(answer for answer in answers if answer.pk == objection.answer_id)
    bundlings = _bundlings(signal, person)
    meaning: Meaning | None = getattr(signal, "meaning", None)
    return SignalPage(
        signal=signal,
        tone=TONES[SignalState(signal.state)],
        recognitions=standing,
        members=members,
        inhabitants=inhabitants,
        evidence=list(signal.evidence.all()),
        bundle=next((link.downstream for link in bundlings if link.ended_at is None), None),
        timeline=_timeline(signal, recognitions, answers, objection, bundlings),
        answer=answers[-1] if answers else None,
        objection=objection,
        similar=similar_signals(
            meaning_text(signal),
            person,
            vector=meaning.vector,
            exclude=signal.pk,
            limit=4,
            by_words=False,
        )
        if meaning
        else [],
    )


def support(members: Iterable[Member], day: date) -> tuple[int, int]:
    """How many members of `day` these are, and their inhabitants; a member that ended counts as its successor.

    Two queries.
    """
    found = list(members)
    successor = heirs(found)
    present = {m.pk if m.ends is None or m.ends > day else successor[m.pk] for m in found}
    return len(present), sum(population_on(day, present).values())


def _bundlings(signal: Signal, person: Any) -> list[Link]:
    """The bundles that it is or was in, as far as the reader may see them; newest first."""
    readable = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return list(
        Link.objects.filter(upstream_id=signal.pk, kind=LinkKind.BUNDLED_IN, downstream__in=readable)
        .select_related("downstream")
        .defer("downstream__search", "downstream__body")
        .order_by("-created_at", "-pk")
    )


def _timeline(
    signal: Signal,
    recognitions: list[Recognition],
    answers: list[Answer],
    objection: Objection | None,
    bundlings: list[Link],
) -> list[Moment]:
    """What happened in plain words, oldest first."""
    member = signal.owner_member.name if signal.owner_member else ""
    told = {
        "signal.submitted": _("%(member)s reports this signal.") % {"member": member},
        "signal.corrected": _("%(member)s corrects the text.") % {"member": member},
        "signal.in_review": _("The bureau starts looking at it."),
    }
    events = Event.objects.filter(subject=signal.subject, verb__in=told).order_by("pk")
    moments = [Moment(at, told[verb]) for at, verb in events.values_list("at", "verb")]
    moments += [Moment(a.created_at, _answer_in_words(a), a.reason) for a in answers]
    moments += _recognised(recognitions)
    for link in bundlings:
        name = {"bundle": link.downstream.title}
        moments.append(Moment(link.created_at, _("It is bundled with others: “%(bundle)s”.") % name))
        if link.ended_at:
            moments.append(Moment(link.ended_at, _("It leaves the bundle “%(bundle)s”.") % name))
    if objection:
        moments.append(
            Moment(objection.created_at, _("%(member)s objects.") % {"member": member}, objection.text)
        )
        if objection.replied_at:
            outcome = (
                _("The objection is right: the signal is looked at again.")
                if objection.upheld
                else _("The objection does not change the answer.")
            )
            moments.append(Moment(objection.replied_at, outcome, objection.reply))
    return sorted(moments, key=lambda moment: moment.at)


def _answer_in_words(answer: Answer) -> str:
    if answer.state == SignalState.TAKEN_UP:
        return _("The association takes it up.")
    if answer.state == SignalState.REFERRED:
        return _("The association refers it to %(addressee)s.") % {"addressee": answer.addressee}
    return _("The association does not take it up.")


def _recognised(recognitions: list[Recognition]) -> list[Moment]:
    """Who sees it too, one line a day; and who no longer says so."""
    moments = []
    for _day, group in groupby(recognitions, key=lambda r: timezone.localdate(r.created_at)):
        rows = list(group)
        names = get_text_list([row.member.name for row in rows[:5]], _("and"))
        if len(rows) > 5:
            names = _("%(names)s and %(count)s more") % {
                "names": ", ".join(row.member.name for row in rows[:5]),
                "count": len(rows) - 5,
            }
        moments.append(Moment(rows[-1].created_at, _("This is seen too by: %(names)s.") % {"names": names}))
    moments += [
        Moment(r.withdrawn_at, _("%(member)s no longer says that it sees this.") % {"member": r.member.name})
        for r in recognitions
        if r.withdrawn_at
    ]
    return moments
