"""What is kept of a person in motions: what they signed, wrote, said, advised and told. All of it stays: it was done in
the name of a member, a network or a body."""

from typing import Any

from omkering.decide.models import (
    Advice,
    Execution,
    MotionStep,
    MotionTalk,
    MotionText,
    Report,
    Settlement,
    Signature,
    TalkMessage,
)
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("motion_signatures")
def _signatures(person: Person) -> list[dict[str, Any]]:
    rows = (
        Signature.objects.filter(person=person).select_related("motion", "member", "network").order_by("pk")
    )
    return [
        {
            "id": row.motion_id,
            "title": row.motion.title,
            "member": str(row.member or row.network),
            "what": "filed" if row.filer else "signed",
            "made": row.signed_at.isoformat(),
            "until": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row in rows.defer("motion__body", "motion__search")
    ]


@part("motion_texts")
def _texts(person: Person) -> list[dict[str, Any]]:
    rows = MotionText.objects.filter(made_by=person).order_by("pk")
    return [
        {
            "id": row.motion_id,
            "title": row.title,
            "text": "\n\n".join(text for text in (row.noting, row.considering, row.requests) if text),
            "made": row.made_at.isoformat(),
        }
        for row in rows
    ]


@part("motion_talks")
def _talks(person: Person) -> list[dict[str, Any]]:
    opened = MotionTalk.objects.filter(opened_by=person).order_by("pk")
    said = TalkMessage.objects.filter(person=person).order_by("pk")
    return [
        *({"id": row.pk, "what": "opened", "text": "", "made": row.opened_at.isoformat()} for row in opened),
        *({"id": row.talk_id, "what": "said", "text": row.text, "made": row.at.isoformat()} for row in said),
    ]


@part("motion_steps")
def _steps(person: Person) -> list[dict[str, Any]]:
    rows = MotionStep.objects.filter(person=person).order_by("pk")
    return [
        {"id": row.motion_id, "state": row.state, "text": row.reason, "made": row.at.isoformat()}
        for row in rows
    ]


@part("advice_given")
def _advice(person: Person) -> list[dict[str, Any]]:
    rows = Advice.objects.filter(person=person).select_related("about").order_by("pk")
    return [
        {
            "id": row.about_id,
            "title": row.about.title,
            "state": row.kind,
            "text": row.reason,
            "made": row.given_at.isoformat(),
        }
        for row in rows.defer("about__body", "about__search")
    ]


@part("follow_up")
def _follow_up(person: Person) -> list[dict[str, Any]]:
    plans = Execution.objects.filter(person=person) | Execution.objects.filter(owner=person)
    reports = Report.objects.filter(person=person)
    settlements = Settlement.objects.filter(person=person) | Settlement.objects.filter(heard_by=person)
    return [
        *(
            {"id": one.about_id, "what": "plan", "text": one.plan, "made": one.made_at.isoformat()}
            for one in plans
        ),
        *(
            {"id": one.about_id, "what": "report", "text": one.text, "made": one.made_at.isoformat()}
            for one in reports
        ),
        *(
            {"id": one.about_id, "what": "account", "text": one.account, "made": one.proposed_at.isoformat()}
            for one in settlements
        ),
    ]
