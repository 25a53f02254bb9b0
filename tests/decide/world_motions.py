"""Motions and undertakings for the tests of every address: a draft, filed, late, in talks, taken over, settling."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from omkering.decide import commands
from omkering.decide.models import Meeting, Motion
from omkering.thread.models import Item
from omkering.who.models import Body, Member
from tests.decide.running import make_meeting
from tests.people import make_person

NOTING = "Gezinnen wachten maanden op hulp."
REQUESTS = "Met het Rijk een termijn af te spreken.\nDe leden elk kwartaal te vertellen hoe het gaat."
REASON = "Dit past bij de afspraken van vorig jaar."
AT_MEMBER = ("alderman", "mayor", "councillor", "clerk", "official", "town_secretary")
BUREAU = ("adviser", "administrator")
WRITERS = (*AT_MEMBER, "network_secretary")

ARGUMENTS: dict[str, dict[str, str]] = {
    "decide:export_motions": {"kind": "csv"},
    "decide:motion_from": {"pk": "bundle"},
    "decide:motion": {"pk": "motion"},
    "decide:change_motion": {"pk": "motion"},
    "decide:file_motion": {"pk": "motion_draft"},
    "decide:sign_motion": {"pk": "motion_far"},
    "decide:withdraw_signature": {"pk": "motion_signature"},
    "decide:withdraw_motion": {"pk": "motion"},
    "decide:decide_urgency": {"pk": "motion_late"},
    "decide:ask_urgency": {"pk": "motion_late"},
    "decide:bring_motion": {"pk": "motion"},
    "decide:place_motion": {"pk": "motion"},
    "decide:hold_motion": {"pk": "motion"},
    "decide:take_over_motion": {"pk": "motion"},
    "decide:split_motion": {"pk": "motion"},
    "decide:merge_motions": {"pk": "motion"},
    "decide:ask_motion_talk": {"pk": "motion"},
    "decide:motion_talk": {"pk": "motion_talk"},
    "decide:propose_merger": {"pk": "motion_talk"},
    "decide:advise": {"pk": "motion"},
    "decide:plan_execution": {"pk": "motion_adopted"},
    "decide:report_execution": {"pk": "motion_adopted"},
    "decide:propose_settling": {"pk": "motion_adopted"},
    "decide:answer_settling": {"pk": "motion_settling"},
    "decide:decide_settling": {"pk": "motion_settling"},
    "decide:export_undertakings": {"kind": "ods"},
    "decide:undertaking": {"pk": "undertaking"},
    "decide:change_undertaking": {"pk": "undertaking"},
    "decide:withdraw_undertaking": {"pk": "undertaking"},
    "decide:record_undertaking": {"pk": "motion_meeting"},
}
POST_ONLY: set[str] = {
    "decide:similar_motions",
    "decide:withdraw_signature",
    "decide:ask_urgency",
    "decide:place_motion",
}
REDIRECTS: set[str] = set()
FILES: set[str] = {"decide:export_motions", "decide:export_undertakings"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    "decide:new_motion": (WRITERS, 403),
    "decide:motion_from": (WRITERS, 403),
    "decide:change_motion": (("mayor",), 403),
    "decide:file_motion": (AT_MEMBER, 404),
    "decide:sign_motion": (("mayor", "network_secretary"), 403),
    "decide:withdraw_motion": (("mayor",), 403),
    "decide:decide_urgency": (BUREAU, 403),
    "decide:bring_motion": (("mayor", *BUREAU), 403),
    "decide:hold_motion": (BUREAU, 403),
    "decide:take_over_motion": (("committee_member", *BUREAU), 403),
    "decide:split_motion": (("mayor", *BUREAU), 403),
    "decide:merge_motions": (BUREAU, 403),
    "decide:ask_motion_talk": (("mayor", *BUREAU), 403),
    "decide:motion_talk": (("mayor", *BUREAU), 404),
    "decide:propose_merger": (("mayor",), 404),
    "decide:advise": (("committee_member", *BUREAU), 403),
    "decide:plan_execution": (("committee_member", *BUREAU), 403),
    "decide:report_execution": (("committee_member", *BUREAU), 403),
    "decide:propose_settling": (("committee_member", *BUREAU), 403),
    "decide:answer_settling": (("mayor",), 403),
    "decide:decide_settling": (BUREAU, 403),
    "decide:change_undertaking": (BUREAU, 403),
    "decide:withdraw_undertaking": (BUREAU, 403),
    "decide:record_undertaking": (BUREAU, 403),
}


def assembly() -> Body:
    """The body that decides on motions."""
    return Body.objects.filter(kind="assembly").order_by("order").first() or Body.objects.order_by("order")[0]


def to_come(days: int, deadline: int, title: str) -> Meeting:
    """A meeting to come, whose deadline for motions is so many days from now."""
    now = timezone.now()
    return make_meeting(
        body=assembly(),
        title=title,
        state="called",
        opened_at=None,
        called_at=now,
        starts_at=now + timedelta(days=days),
        ends_at=now + timedelta(days=days, hours=3),
        deadlines={"motions": (now + timedelta(days=deadline)).isoformat()},
    )


def drafted(actor, owner, title: str, **more) -> Motion:
    return commands.draft_motion(
        actor=actor, owner=owner, title=title, noting=NOTING, requests=REQUESTS, **more
    )


def filed(actor, owner, title: str, meeting: Meeting, **more) -> Motion:
    return commands.file_motion(actor=actor, motion=drafted(actor, owner, title, **more), meeting=meeting)


def decided(c: SimpleNamespace, motion: Motion) -> Motion:
    """The same motion, taken over: it is being carried out from then on."""
    return commands.take_over(actor=c.people["adviser"], motion=motion, body=c.body, reason=REASON)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    mayor, adviser = c.people["mayor"], c.people["adviser"]
    theirs = make_person("mayor", member=c.other, votes=True)
    elsewhere = Member.objects.get(code="GM0037")
    far = make_person("mayor", member=elsewhere, votes=True)
    bundle = Item.objects.get(pk=c.bundle.pk)
    meeting = to_come(40, 20, "Ledenvergadering met moties")
    past = to_come(10, -5, "Vergadering na de uiterste datum")
    running = make_meeting(body=assembly(), title="Vergadering van nu")

    mine = filed(mayor, c.own, "Een termijn voor hulp", meeting, sources=[bundle], theme=c.theme)
    other = filed(theirs, c.other, "Hulp binnen zes weken", meeting)
    third = filed(far, elsewhere, "Een meldpunt voor wachttijden", meeting)
    signature = commands.sign_motion(actor=theirs, motion=third, owner=c.other)
    commands.advise(actor=adviser, about=mine, body=c.body, kind="hold", reason=REASON)
    talk = commands.open_talk(actor=theirs, motion=mine, other=other, text="Zullen wij samen gaan?")
    commands.propose_merger(
        actor=theirs, talk=talk, owner=c.other, title="Samen een termijn", requests=REQUESTS
    )
    late = commands.file_motion(
        actor=far,
        motion=drafted(far, elsewhere, "Een late motie over geld"),
        meeting=past,
        urgency_current="Het Rijk besluit hierover volgende week al.",
        urgency_earlier="Het voorstel van het Rijk kwam gisteren pas.",
    )
    commands.merge_motions(
        actor=adviser,
        motions=[
            filed(theirs, c.other, "Meer geld voor hulp", meeting),
            filed(far, elsewhere, "Vast geld voor hulp", meeting),
        ],
        title="Meer en vast geld voor hulp",
        requests=REQUESTS,
    )
    adopted = decided(c, filed(mayor, c.own, "Een brief aan het Rijk", meeting))
    commands.plan_execution(
        actor=adviser, about=adopted, owner_body=assembly(), plan="Het bestuur schrijft de brief.",
        due=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    commands.report(actor=adviser, about=adopted, text="De brief is geschreven.")
    settling = commands.propose_settling(
        actor=adviser, about=adopted, account="De brief is verstuurd en beantwoord."
    )
    made = commands.record_undertaking(
        actor=adviser, meeting=running, title="Voor de zomer een overzicht", text="Van alle wachttijden.",
        asked_by=c.own, due=timezone.localdate() + timedelta(days=20),
    )  # fmt: skip
    draft = drafted(c.people["official"], c.own, "Concept over regionale hulp")
    return {
        "motion": mine.pk,
        "motion_other": other.pk,
        "motion_far": third.pk,
        "motion_signature": signature.pk,
        "motion_draft": draft.pk,
        "motion_late": late.pk,
        "motion_talk": talk.pk,
        "motion_adopted": adopted.pk,
        "motion_settling": settling.pk,
        "motion_meeting": running.pk,
        "undertaking": made.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    adviser = c.people["adviser"]
    mine = Motion.objects.get(pk=c.ids["motion"])
    running = Meeting.objects.get(pk=c.ids["motion_meeting"])
    meeting = mine.meeting
    assert meeting is not None
    known = ["GM0037", c.own.code, c.other.code]
    members = Member.objects.filter(ends__isnull=True).exclude(code__in=known).order_by("code")[:10]
    for number, member in enumerate(members):
        voter = make_person("mayor", member=member, votes=True)
        row = filed(voter, member, f"Motie {number} over hulp", meeting, theme=c.theme)
        commands.sign_motion(actor=voter, motion=mine, owner=member)
        commands.advise(actor=adviser, about=row, body=c.body, kind="adopt", reason=REASON)
        if number % 3 == 0:
            decided(c, row)
        drafted(c.people["official"], c.own, f"Concept {number} over hulp")
        commands.record_undertaking(
            actor=adviser, meeting=running, title=f"Toezegging {number} over hulp", asked_by=c.own
        )
        undertaking = Item.objects.get(pk=c.ids["undertaking"])
        commands.report(actor=adviser, about=undertaking, text=f"Bericht {number}: wij zijn bezig.")
