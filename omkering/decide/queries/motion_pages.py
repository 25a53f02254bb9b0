"""All that the page of a motion shows: its texts, who stands under it, and its whole life as one timeline."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide.models import (
    Advice,
    AgendaItem,
    AgendaState,
    Motion,
    MotionState,
    MotionStep,
    MotionTalk,
    MotionText,
    Signature,
    Vote,
    VoteState,
)
from omkering.decide.motion_texts import FORM, as_one_text
from omkering.decide.motion_words import difference, named
from omkering.decide.queries.follow_up import FollowUp, follow_up_entries, follow_up_of
from omkering.engine.merge import Span
from omkering.thread import kinds
from omkering.thread.models import Item, Link
from omkering.who.standing import standing_of


@dataclass(frozen=True)
class Entry:
    """Something that happened: when, in a sentence, with words of a person or not, and where to read on."""

    at: datetime
    text: str
    detail: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class TextVersion:
    """A text of the motion and what it changed in the one before."""

    text: MotionText
    spans: tuple[Span, ...]


@dataclass
class MotionPage:
    """What the page of a motion shows."""

    texts: list[TextVersion]
    signatures: list[Signature]
    withdrawn: list[Signature]
    advice: list[Advice]
    votes: list[Vote]
    parts: list[Motion]
    merged_from: list[Motion]
    sources: list[Item]
    agenda: AgendaItem | None
    talks: list[MotionTalk]
    follow_up: FollowUp
    timeline: list[Entry] = field(default_factory=list)


def motion_page(row: Motion, person: Any, *, inside: bool) -> MotionPage:
    """All of it; a fixed number of queries. `inside`: whether the reader takes part in its talks."""
    signatures = _signatures(row)
    related = _related(row)
    page = MotionPage(
        texts=_versions(list(row.texts.order_by("number"))),
        signatures=[one for one in signatures if one.withdrawn_at is None],
        withdrawn=[one for one in signatures if one.withdrawn_at is not None],
        advice=_advice(row),
        votes=_votes(row),
        parts=sorted(
            (one for one in related if one.part_of_id == row.pk), key=lambda one: one.part_number or 0
        ),
        merged_from=sorted(
            (one for one in related if one.merged_into_id == row.pk), key=lambda one: one.number or 0
        ),
        sources=_sources(row, person),
        agenda=AgendaItem.objects.filter(about_id=row.pk)
        .exclude(state=AgendaState.DROPPED)
        .select_related("meeting")
        .only("about", "meeting__kind", "meeting__title")
        .order_by("-pk")
        .first(),
        talks=_talks(row) if inside else [],
        follow_up=follow_up_of(row),
    )
    page.timeline = timeline(row, page)
    return page


def _signatures(row: Motion) -> list[Signature]:
    rows = Signature.objects.filter(motion=row).select_related("member", "network", "came_from")
    own = ("motion", "filer", "signed_at", "withdrawn_at")
    named_by = ("member__name", "network__names", "came_from__kind", "came_from__title")
    return list(rows.only(*own, *named_by).order_by("-filer", "pk"))


def _related(row: Motion) -> list[Motion]:
    """Its parts, and the motions that went up in it, in the order they were made; one query."""
    rows = Motion.objects.filter(Q(part_of=row) | Q(merged_into=row)).select_related(
        "owner_member", "network"
    )
    own = ("kind", "title", "state", "year", "number", "part_number", "part_of", "merged_into", "requests")
    return list(rows.only(*own, "owner_member__name", "network__names").order_by("pk"))


def _advice(row: Motion) -> list[Advice]:
    given = Advice.objects.filter(about_id=row.pk).select_related("body")
    return list(given.only("about", "kind", "reason", "given_at", "ended_at", "body__names").order_by("-pk"))


def _votes(row: Motion) -> list[Vote]:
    rows = Vote.objects.filter(Q(about_id=row.pk) | Q(about_id=row.urgency_question_id or 0))
    own = ("kind", "title", "state", "created_at", "about", "meeting", "opens_at", "announced_at")
    came_to = ("result", "chair_choice", "undone_at", "undone_reason")
    return list(rows.exclude(state=VoteState.WITHDRAWN).only(*own, *came_to).order_by("pk"))


def _versions(texts: list[MotionText]) -> list[TextVersion]:
    found: list[TextVersion] = []
    before: MotionText | None = None
    for text in texts:
        spans = difference(_whole(before), _whole(text)) if before is not None else ()
        found.append(TextVersion(text, spans))
        before = text
    return found


def _whole(text: MotionText) -> str:
    return f"{text.title}\n\n" + as_one_text({name: getattr(text, name) for name in FORM})


def _sources(row: Motion, person: Any) -> list[Item]:
    """What the motion came from, as far as the reader may know of it; one query."""
    readable = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    links = Link.objects.filter(downstream_id=row.pk, ended_at__isnull=True)
    found = readable.filter(pk__in=links.values("upstream")).only("kind", "title").order_by("pk")
    return [item for item in found if item.pk != row.part_of_id]


def _talks(row: Motion) -> list[MotionTalk]:
    rows = MotionTalk.objects.filter(Q(motion=row) | Q(other=row)).select_related("motion", "other")
    return list(rows.only("ended_at", "motion__title", "other__title").order_by("-pk"))


# --- its whole life --------------------------------------------------------------------------------------------
def timeline(row: Motion, page: MotionPage) -> list[Entry]:
    """What happened to a motion, first what came first; one query."""
    steps = list(
        MotionStep.objects.filter(motion=row)
        .select_related("caused_by")
        .only("motion", "state", "reason", "at", "caused_by__kind", "caused_by__title")
    )
    found = [Entry(row.created_at, _("The draft was begun."))]
    found += [_step(row, step) for step in steps]
    words: dict[str, Any]
    for version in page.texts[1:]:
        words = {"number": version.text.number}
        found.append(
            Entry(version.text.made_at, _("It was changed: text %(number)s.") % words, version.text.reason)
        )
    for one in (*page.signatures, *page.withdrawn):
        if not one.filer and one.came_from_id is None:
            found.append(Entry(one.signed_at, _("%(who)s signed it.") % {"who": one.member or one.network}))
        if one.withdrawn_at is not None:
            words = {"who": one.member or one.network}
            found.append(Entry(one.withdrawn_at, _("%(who)s withdrew its signature.") % words))
    for advice in page.advice:
        words = {"body": advice.body, "kind": advice.get_kind_display()}
        found.append(Entry(advice.given_at, _("Advice of %(body)s: %(kind)s.") % words, advice.reason))
    for vote in page.votes:
        found += _vote(row, vote)
    for at, text, detail in follow_up_entries(page.follow_up):
        found.append(Entry(at, text, detail))
    return sorted(found, key=lambda entry: entry.at)


def _step(row: Motion, step: MotionStep) -> Entry:
    cause = step.caused_by
    url, link = (kinds.url(cause), cause.title) if cause is not None else ("", "")
    if step.state == MotionState.FILED and step.reason:  # admitted: it stays filed
        return Entry(step.at, _("It was admitted as urgent."), step.reason, url, link)
    if step.state == MotionState.FILED and cause is not None:
        return Entry(step.at, _("Nothing was decided. It is on the table."), "", url, link)
    return Entry(step.at, f"{STEPS[MotionState(step.state)]()}", step.reason, url, link)


STEPS = {
    MotionState.DRAFT: lambda: _("The draft was begun."),
    MotionState.FILED: lambda: _("It was filed."),
    MotionState.NOT_ADMITTED: lambda: _("It came late and was not admitted."),
    MotionState.VOTING: lambda: _("The vote on it was opened."),
    MotionState.ADOPTED: lambda: _("It was adopted."),
    MotionState.TAKEN_OVER: lambda: _("The board took it over."),
    MotionState.REJECTED: lambda: _("It was rejected."),
    MotionState.HELD: lambda: _("It was held over."),
    MotionState.SPLIT: lambda: _("It was split in parts, each with a fate of its own."),
    MotionState.MERGED: lambda: _("It went up in a common motion. All who signed it stand under that one."),
    MotionState.WITHDRAWN: lambda: _("It was withdrawn."),
    MotionState.SETTLED: lambda: _("It was settled."),
}


def _vote(row: Motion, vote: Vote) -> list[Entry]:
    url = kinds.url(vote)
    words = {"day": date_format(vote.opens_at, "j F Y")}
    if vote.state == VoteState.PLANNED:
        text = _("A vote on it is planned for %(day)s.") % words
        return [Entry(vote.created_at, text, "", url, _("To the vote"))]
    if vote.state == VoteState.UNDONE and vote.undone_at is not None:
        return [
            Entry(vote.undone_at, _("A vote on it was undone."), vote.undone_reason, url, _("To the vote"))
        ]
    return []


def title_of(row: Motion) -> str:
    """A motion by its number and its title."""
    return f"{named(row)}. {row.title}"
