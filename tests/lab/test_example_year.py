"""The example year: played through the commands, in the order of time."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from omkering.agenda.commands.loading import load_challenges
from omkering.decide.commands.ballots import cast_ballot
from omkering.decide.commands.candidacies import stand
from omkering.decide.models import (
    Advice,
    Ballot,
    Execution,
    Meeting,
    Minutes,
    Motion,
    MotionTalk,
    NominationRound,
    Settlement,
    Speech,
    Term,
    Undertaking,
    Vote,
)
from omkering.deliberate import models as deliberate
from omkering.deliberate.queries.answer_points import open_points
from omkering.journal.models import Event
from omkering.lab.example.clock import at, play
from omkering.lab.example.year import load_example_year
from omkering.lab.items import FROM_FOLDER
from omkering.thread.models import Item, Link, Notice
from omkering.thread.themes import load_themes
from omkering.who.commands.association import load_association
from omkering.who.example_people import DOMAIN
from omkering.who.models import Member, Person


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
    assert sorted(Vote.objects.values_list("state", flat=True)) == [*["closed"] * 7, "open", "open"]
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
    """The room `decide`: assemblies that were held and one to come, a consultation, a committee, and what followed."""
    now = timezone.now()
    earlier, assembly = Meeting.objects.filter(owner_body__key="alv", state="closed").order_by("starts_at")
    for meeting in (earlier, assembly):
        assert meeting.called_at < meeting.starts_at - timedelta(days=28) < meeting.opened_at
        assert meeting.closed_at > meeting.opened_at + timedelta(minutes=20)
        assert set(meeting.attendance.values_list("presence", flat=True)) == {"on_site", "remote"}
        assert not meeting.attendance.filter(left_at__isnull=True).exists()
        assert set(meeting.agenda.values_list("state", flat=True)) <= {"done", "dropped"}
    assert assembly.attendance.count() > 100
    votes = Vote.objects.filter(meeting=assembly)
    assert all(vote.announced_at and vote.result["cast"]["heads"] > 80 for vote in votes)
    [proxy] = assembly.proxies.all()
    by_proxy = Ballot.objects.filter(vote__in=votes, entry__member=proxy.giver)
    assert by_proxy.count() == votes.count() == 5
    fates = dict(Motion.objects.filter(meeting=assembly).values_list("title", "state"))
    assert sorted(fates.values()) == [
        *("adopted", "adopted", "rejected", "rejected", "split", "taken_over", "withdrawn")
    ]

    minutes = Minutes.objects.get(meeting=earlier)
    assert (minutes.state, minutes.adopted_in) == ("adopted", assembly)
    assert sorted(minutes.notes.values_list("version", "source").order_by("pk"))[1][0] == 2
    assert minutes.notes.filter(source__startswith="correction:").exists()
    assert Minutes.objects.get(meeting=assembly).state == "proposed"

    coming = Meeting.objects.get(owner_body__key="alv", starts_at__gt=now)
    assert (coming.state, coming.motions.count(), coming.proxies.count()) == ("called", 2, 2)
    assert coming.called_at < coming.starts_at - timedelta(days=28)
    assert Speech.objects.filter(meeting=coming, state="waiting").exists()
    assert Advice.objects.filter(about__in=coming.motions.all()).count() == 1
    assert MotionTalk.objects.get().messages.count() == 2
    assert coming.meeting_papers.exists()

    committee = Meeting.objects.filter(owner_body__kind="committee")
    assert committee.filter(state="closed").count() == 2
    assert Minutes.objects.filter(meeting__in=committee, state="adopted").count() == 1
    board = Meeting.objects.get(owner_body__key="bestuur")
    assert board.attendance.count() == 6
    for key, seats in (("bestuur", 7), ("participatie-schuldhulpverlening-en-integratie", 7)):
        terms = Term.objects.filter(seat__body__key=key)
        assert terms.count() == seats
        assert len(set(terms.values_list("resigns", flat=True))) >= 3, "not all resign in one year"
    _check_open_things(now)
    _check_following(assembly)
    _check_thread()


def _check_open_things(now):
    """What a visitor of the demo can do now: vote as the alderman, come forward as the councillor, answer."""
    alderman = Person.objects.get(email=f"wethouder@{DOMAIN}")
    over_days = Meeting.objects.get(form="consultation")
    running = Vote.objects.get(meeting=over_days)
    assert (over_days.state, running.state) == ("open", "open")
    assert running.closes_at > now
    assert running.ballots.count() > 20
    member = Member.objects.get(code="GM1680")
    assert not running.ballots.filter(entry__member=member).exists()
    receipt = cast_ballot(actor=alderman, vote=running, member=member, choice="for")
    assert receipt
    assert running.ballots.filter(entry__member=member).count() == 1

    nomination = NominationRound.objects.get()
    assert (nomination.state, nomination.closes_at > now) == ("open", True)
    councillor = Person.objects.get(email=f"raadslid@{DOMAIN}")
    vacancy = nomination.vacancies.get()
    assert stand(
        actor=councillor,
        vacancy=vacancy,
        member=Member.objects.get(code="GM0106"),
        motivation="Ik ken dit werk goed.",
    )


def _check_following(assembly):
    """Adopted motions have an owner, a plan and a report; those who filed them are heard about settling."""
    winter = Motion.objects.get(title="Energiehulp stopt niet na de winter")
    tool = Motion.objects.get(title="Een rekenhulp voor nieuwe taken")
    for motion in (winter, tool):
        plan = Execution.objects.get(about=motion)
        assert plan.owner and plan.owner_body and plan.due
        assert motion.reports.exists()
    states = dict(Settlement.objects.values_list("about__title", "state"))
    assert states[winter.title] == "proposed"
    assert states[tool.title] == "objected"
    assert sorted(states.values()) == ["agreed", "objected", "proposed", "settled"]
    promised = Undertaking.objects.filter(meeting=assembly)
    assert promised.count() == 2
    assert promised.filter(due_at__lt=timezone.now(), answered_at__isnull=True).count() == 1, "one is overdue"
    assert Undertaking.objects.filter(state="settled").count() == 1


def _check_thread():
    """From a signal to decisions, deeds and back; nothing that was decided hangs in the air."""
    signal = Item.objects.get(kind="signal", title="Huishoudens in financiële problemen door hoge gasprijzen")
    found, edge = {signal.pk}, [signal.pk]
    while edge:
        edge = [
            pk
            for pk in Link.objects.filter(upstream__in=edge).values_list("downstream", flat=True)
            if pk not in found
        ]
        found |= set(edge)
    kinds = Counter(Item.objects.filter(pk__in=found).values_list("kind", flat=True))
    assert {"bundle", "dossier", "position", "proposal", "motion", "vote", "undertaking"} <= set(kinds)
    promise = Undertaking.objects.get(title="De uitkomst van de twee pilots gaat naar alle leden")
    assert promise.pk in found
    assert promise.reports.exists()
    back = [promise.pk]
    kinds_back = []
    while back:
        kinds_back.append(set(Item.objects.filter(pk__in=back).values_list("kind", flat=True)))
        back = list(Link.objects.filter(downstream__in=back).values_list("upstream", flat=True))
    assert kinds_back == [{"undertaking"}, {"proposal"}, {"dossier"}, {"bundle"}, {"signal"}]
    alone = Item.objects.filter(kind__in=("proposal", "motion", "vote", "minutes"), upstream_links=None)
    assert list(alone.values_list("kind", "title")) == []
    loose = Undertaking.objects.filter(upstream_links=None).values_list("title", flat=True)
    assert list(loose) == ["Een brief over het stroomnet binnen drie weken"], (
        "that one was promised at the news"
    )
