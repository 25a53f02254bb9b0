"""The example year: played through the commands, in the order of time."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from omkering.agenda.commands.loading import load_challenges
from omkering.decide.models import (
    Execution,
    Meeting,
    Minutes,
    Motion,
    NominationRound,
    Settlement,
    Undertaking,
    Vote,
)
from omkering.deliberate import models as deliberate
from omkering.deliberate.queries.answer_points import open_points
from omkering.journal.models import Event
from omkering.lab.example.clock import at, play
from omkering.lab.example.year import load_example_year
from omkering.lab.items import FROM_FOLDER
from omkering.thread.models import Item, Notice
from omkering.thread.themes import load_themes
from omkering.who.commands.association import load_association


def test_stories_play_through_each_other_in_the_order_of_time():
    start = timezone.now() - timedelta(days=10)
    seen = []

    def story(name, *days):
        for day in days:
            yield start + timedelta(days=day)
            seen.append((name, (timezone.now() - start).days))

    play([story("a", 1, 4, 5), story("b", 2, 3, 6), story("none")])
    assert seen == [("a", 1), ("b", 2), ("b", 3), ("a", 4), ("a", 5), ("b", 6)]
    assert timezone.now() - start > timedelta(days=9)


def test_a_clock_inside_a_clock_goes_back_to_the_outer_one():
    outer, inner = timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=2)
    with at(outer):
        with at(inner):
            assert timezone.now() >= inner
        assert outer <= timezone.now() < outer + timedelta(minutes=1)


@pytest.mark.django_db
def test_the_year_happens_in_order_and_ends_now():
    load_association()
    load_themes()
    load_challenges()
    assert load_example_year()
    happened = Event.objects.exclude(verb__endswith=".loaded").order_by("id")
    times = list(happened.values_list("at", flat=True))
    assert all(later >= earlier for earlier, later in pairwise(times))
    assert timezone.now() - times[-1] < timedelta(days=3)
    for person in set(Notice.objects.values_list("person_id", flat=True)):
        told = list(Notice.objects.filter(person=person).order_by("id").values_list("created_at", flat=True))
        assert told == sorted(told)
    assert sorted(Vote.objects.values_list("state", flat=True)) == [*["closed"] * 5, "open", "open"]
    assert not Item.objects.filter(example=False).exclude(kind__in=FROM_FOLDER).exists()
    _check_deliberation()
    _check_decisions()
    assert not load_example_year(), "a second time it does nothing"


def _check_deliberation():
    """The room `deliberate`: a text that was answered and amended, and is open now, and positions with a difference."""
    document = deliberate.Document.objects.get()
    present = document.versions.order_by("-number").first()
    assert present.number == 3
    parts = list(present.blocks.values_list("kind", "label").order_by("position"))
    assert [label for kind, label in parts if kind == "proposal"] == [f"Voorstel {n}" for n in (1, 2, 3, 4)]
    assert sum(kind == "heading" for kind, _label in parts) == 7
    assert {"box", "item", "table"} <= {kind for kind, _label in parts}
    assert deliberate.Basis.objects.filter(version__number__gt=1).count() > 8

    first, second = deliberate.Consultation.objects.order_by("pk")
    assert (first.state, second.state) == ("answered", "open")
    assert not open_points([first.pk])
    owed = [point.pk for point in open_points([second.pk])]
    assert Item.objects.filter(pk__in=owed, due_at__lt=timezone.now()).count() == len(owed) > 3
    now = timezone.now()
    open_rounds = deliberate.ConsultationRound.objects.filter(
        state="open", opens_at__lt=now, closes_at__gt=now
    )
    assert open_rounds.count() == 2
    handed_in = deliberate.View.objects.filter(handed_in_at__isnull=False)
    assert handed_in.filter(in_round__consultation=first).count() == 4
    assert deliberate.Meeting.objects.filter(reported_at__isnull=False).exclude(advice="").count() == 2
    assert deliberate.Meeting.objects.filter(reported_at__isnull=True, ends_at__lt=now).count() == 1

    voting = open_rounds.get(takes_statements=True)
    latest = voting.opinion_runs.latest("created_at")
    assert [group["size"] >= 5 for group in latest.result["groups"]] == [True, True]
    votes = deliberate.StatementVote.objects
    assert not votes.filter(
        statement__in_round__state="closed", changed_at__gt=now - timedelta(days=100)
    ).exists()
    assert latest.created_at >= votes.filter(statement__in_round=voting).latest("changed_at").changed_at

    amendments = deliberate.Amendment.objects
    states = sorted(amendments.exclude(state="draft").values_list("state", flat=True))
    assert states == ["adopted", "joined", "joined", *["submitted"] * 4, "withdrawn"]
    common = deliberate.CollisionTalk.objects.get(outcome="common").common
    assert common.backings.filter(part="author", ended_at__isnull=True).count() == 2
    assert common.advices.get().kind == "adopt"
    assert deliberate.CollisionTalk.objects.filter(outcome="open", common__state="draft").exists()

    positions = deliberate.Position.objects.filter(state="active")
    assert positions.values("theme").distinct().count() == 4
    assert deliberate.Stance.objects.filter(differs=True).count() == 1
    assert deliberate.Stance.objects.exclude(red_line="").count() == 1
    assert sorted(deliberate.Alignment.objects.values_list("state", flat=True)) == ["apart", "open"]
    assert deliberate.Contact.objects.filter(sensitive=True).count() == 1
    assert not positions.filter(meaning__isnull=True).exists()


def _check_decisions():
    """The room `decide`: an assembly that was held and one to come, a consultation, a committee, and what followed."""
    now = timezone.now()
    assembly = Meeting.objects.get(owner_body__key="alv", state="closed")
    assert assembly.attendance.count() > 100
    assert assembly.attendance.filter(left_at__isnull=True).count() == 0
    assert assembly.proxies.count() == 1
    fates = dict(Motion.objects.filter(meeting=assembly).values_list("title", "state"))
    assert sorted(fates.values()) == ["adopted", "adopted", "rejected", "rejected", "split", "taken_over"]
    votes = Vote.objects.filter(meeting=assembly)
    assert all(vote.announced_at and vote.result["cast"]["heads"] > 80 for vote in votes)

    coming = Meeting.objects.get(owner_body__key="alv", starts_at__gt=now)
    assert (coming.state, coming.motions.count()) == ("called", 2)
    assert Minutes.objects.get(meeting=assembly).state == "proposed"
    over_days = Meeting.objects.get(form="consultation")
    running = Vote.objects.get(meeting=over_days)
    assert (over_days.state, running.state) == ("open", "open")
    assert running.closes_at > now
    assert running.ballots.count() > 20
    committee = Meeting.objects.filter(owner_body__kind="committee")
    assert committee.filter(state="closed").count() == 2
    assert Minutes.objects.filter(meeting__in=committee, state="adopted").count() == 1

    winter = Motion.objects.get(title="Energiehulp stopt niet na de winter")
    assert winter.upstream_links.filter(upstream__kind="position").exists()
    assert winter.downstream_links.filter(downstream__kind="vote").exists()
    assert Execution.objects.filter(about=winter, owner__isnull=False).exists()
    assert Settlement.objects.filter(about=winter).exists()
    assert Undertaking.objects.filter(meeting=assembly).count() == 1
    assert NominationRound.objects.get().state == "open"
