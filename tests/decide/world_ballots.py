"""Votes of other kinds for the tests of every address: a list, an acclamation, a tie, a result to announce."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from omkering.decide.commands.ballots import cast_ballot
from omkering.decide.commands.desk_ballots import enter_desk_ballot
from omkering.decide.commands.proposals import make_proposal
from omkering.decide.commands.vote_corrections import object_to, undo_vote
from omkering.decide.commands.votes import close_vote, open_vote, plan_vote
from omkering.decide.models import Ballot, Vote
from omkering.decide.vote_rule import ballot_data
from omkering.who.models import Member
from tests.decide.running import make_meeting, put_there
from tests.people import make_person
from tests.world import BUREAU, OWN

REASON = "De stemlijst klopte niet: één gemeente ontbrak."
TITLES = ("Loket in het noorden", "Loket in het zuiden", "Geen loket")

ARGUMENTS: dict[str, dict[str, str]] = {
    "decide:extend": {"pk": "running"},
    "decide:undo_vote": {"pk": "running"},
    "decide:announce": {"pk": "vote_unannounced"},
    "decide:decide_tie": {"pk": "vote_tied"},
    "decide:what_if": {"pk": "running"},
    "decide:vote_export": {"pk": "closed"},
    "decide:desk": {"pk": "running"},
    "decide:desk_confirm": {"pk": "running"},
    "decide:desk_line": {"pk": "vote_listed", "voter": OWN, "part": "0"},
    "decide:vote_list": {"pk": "vote_listed"},
    "decide:object_to": {"pk": "vote_acclaimed", "code": OWN},
}
POST_ONLY: set[str] = {"decide:desk_confirm"}
REDIRECTS: set[str] = set()
FILES: set[str] = {"decide:vote_export"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    **{
        f"decide:{name}": (BUREAU, 403)
        for name in ("open", "close", "announce", "extend", "undo_vote", "decide_tie", "desk", "desk_line")
    },
    "decide:vote_list": (("mayor",), 302),
    "decide:object_to": (("mayor",), 403),
}


def _plan(c: SimpleNamespace, title: str, **changes) -> Vote:
    adviser = c.people["adviser"]
    about = make_proposal(
        actor=adviser, from_item=c.bundle, title=title, text="De vereniging maakt één loket."
    )
    now = timezone.now()
    values = {
        "opens_at": now, "closes_at": now + timedelta(days=5), "reference_date": timezone.localdate(), **changes,
    }  # fmt: skip
    return plan_vote(actor=adviser, about=about, **values)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser, mayor = c.people["adviser"], c.people["mayor"]
    theirs = make_person("mayor", member=c.other, votes=True)
    options = ballot_data("ranking", [{"title": title} for title in TITLES])
    first = _plan(c, "Waar komt het loket?", ballot=options)
    second = _plan(c, "Wanneer komt het loket?", together=first)
    open_vote(actor=adviser, vote=first)
    acclaimed = open_vote(actor=adviser, vote=_plan(c, "Dank aan het bureau", procedure="acclamation"))
    tied = open_vote(actor=adviser, vote=_plan(c, "Loket op zaterdag", tie="chair", heads=True))
    cast_ballot(actor=mayor, vote=tied, member=c.own, choice="for")
    cast_ballot(actor=theirs, vote=tied, member=c.other, choice="against")
    close_vote(actor=adviser, vote=tied)
    meeting = make_meeting(body=c.body)
    put_there(meeting, c.own, mayor)
    closed = open_vote(actor=adviser, vote=_plan(c, "Loket op zondag", meeting=meeting))
    cast_ballot(actor=mayor, vote=closed, member=c.own, choice="for")
    close_vote(actor=adviser, vote=closed)
    hidden = open_vote(actor=adviser, vote=_plan(c, "Voorzitter van het loket", secret=True))
    cast_ballot(actor=mayor, vote=hidden, member=c.own, choice="for")
    undo_vote(actor=adviser, vote=open_vote(actor=adviser, vote=_plan(c, "Loket op maandag")), reason=REASON)
    return {
        "vote_listed": first.pk,
        "vote_listed_second": second.pk,
        "vote_acclaimed": acclaimed.pk,
        "vote_tied": tied.pk,
        "vote_unannounced": closed.pk,
        "vote_secret": hidden.pk,
        "vote_meeting": meeting.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    adviser = c.people["adviser"]
    first = Vote.objects.get(pk=c.ids["vote_listed"])
    acclaimed = Vote.objects.get(pk=c.ids["vote_acclaimed"])
    members = (
        Member.objects.filter(ends__isnull=True)
        .exclude(pk__in=[c.own.pk, c.other.pk])
        .exclude(pk__in=Ballot.objects.filter(entry__member__isnull=False).values("entry__member"))
        .order_by("code")[20:30]
    )
    for number, member in enumerate(members):
        voter = make_person("mayor", member=member, votes=True)
        cast_ballot(actor=voter, vote=first, member=member, choice=("A>B", "B>C=A", "abstain")[number % 3])
        object_to(actor=voter, vote=acclaimed, voter=member.code)
        for pk in ("running", "vote_listed_second"):
            vote = Vote.objects.get(pk=c.ids[pk]) if pk in c.ids else None
            if vote is not None:
                enter_desk_ballot(actor=adviser, vote=vote, voter=member.code, choice="for", way="hand")
