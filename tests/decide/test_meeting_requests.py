"""Members ask for an extra meeting: support with weights, a tenth of the votes, and the debt that follows."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from omkering.decide.commands.meeting_requests import request_meeting, support_request, withdraw_support
from omkering.decide.commands.meetings import cancel_meeting
from omkering.decide.meeting_rules import needed
from omkering.decide.models import MeetingRequest
from omkering.thread.models import Item, Notice
from tests.decide.meetings import make_body, plan
from tests.decide.votes import members_with_voters
from tests.people import make_adviser, make_person

pytestmark = pytest.mark.django_db
REASON = "De plannen voor jeugdzorg kunnen niet wachten tot het najaar."


def ask(member, voter, **changes) -> MeetingRequest:
    values = {"body": make_body(), "title": "Jeugdzorg nu", "reason": REASON, **changes}
    return request_meeting(actor=voter, member=member, **values)


@pytest.mark.parametrize(("votes", "expected"), [(100, 10), (101, 11), (13_263, 1_327), (9, 1), (10, 1)])
def test_a_tenth_of_the_votes_is_never_less_than_a_tenth(votes, expected):
    assert needed(votes, {"numerator": 1, "denominator": 10}) == expected


def test_support_counts_by_weight_and_with_a_tenth_the_bureau_owes_a_meeting():
    small, other, *_large = members_with_voters(5_000, 6_000, *[45_000] * 2)  # 5 + 6 of 101; needed: 11
    adviser, reader = make_adviser(), members_with_voters()
    del reader
    request = ask(*small)
    assert ask(*small).pk == request.pk
    assert request.roll["votes"] == 101 and request.roll["required"] == 11 and request.state == "open"
    assert Notice.objects.filter(milestone="meeting_request.made", person=other[1]).count() == 1
    support_request(actor=other[1], request=request, member=other[0])
    support_request(actor=other[1], request=request, member=other[0])
    request.refresh_from_db()
    assert request.supports.count() == 2 and request.state == "reached"
    assert request.due_at - request.reached_at == timedelta(weeks=4)
    assert Notice.objects.filter(milestone="meeting_request.reached", person=adviser).count() == 1
    assert Item.objects.debts(timezone.now() + timedelta(weeks=5)).filter(pk=request.pk).exists()
    with pytest.raises(ValidationError):
        withdraw_support(actor=other[1], request=request, member=other[0])
    meeting = plan(adviser, request=request)
    request.refresh_from_db()
    assert meeting.extra and request.meeting_id == meeting.pk and request.state == "called"
    assert not Item.objects.debts(timezone.now() + timedelta(weeks=5)).filter(pk=request.pk).exists()
    assert Notice.objects.filter(milestone="meeting_request.called", person=small[1]).exists()
    cancel_meeting(actor=adviser, meeting=meeting, reason="De zaal is niet vrij.")
    request.refresh_from_db()
    assert request.state == "reached" and request.answered_at is None  # it waits again


def test_support_is_withdrawn_while_it_gathers_and_nobody_left_withdraws_the_request():
    (member, voter), (other, other_voter), *_rest = members_with_voters(1_000, 1_000, 90_000, 90_000)
    request = ask(member, voter)
    support_request(actor=other_voter, request=request, member=other)
    withdraw_support(actor=voter, request=request, member=member)
    request.refresh_from_db()
    assert request.state == "open"
    withdraw_support(actor=other_voter, request=request, member=other)
    request.refresh_from_db()
    assert request.state == "withdrawn"
    with pytest.raises(ValidationError):
        support_request(actor=voter, request=request, member=member)


def test_only_with_the_mandate_and_only_of_a_body_of_members():
    member, voter = members_with_voters(30_000)[0]
    with pytest.raises(PermissionDenied):
        ask(member, make_person("official", member=member))
    with pytest.raises(ValidationError) as problem:
        ask(member, voter, body=make_body("financien", "committee"))
    assert "body" in problem.value.message_dict
    with pytest.raises(ValidationError):
        plan(make_adviser(), body=make_body("bestuur", "board"), request=ask(member, voter))
