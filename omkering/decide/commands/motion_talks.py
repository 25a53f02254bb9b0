"""Those who filed two motions talk, and may go together in one: then it takes the place of both."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide.commands.motion_rows import (
    call_off_planned_votes,
    carry_signatures,
    locked,
    locked_all,
    log,
    move,
    people_behind,
    put_under,
    refuse_old,
    refuse_unless_on_the_table,
    standing_signatures,
    tell,
)
from omkering.decide.commands.motions import publish
from omkering.decide.models import Admission, Motion, MotionState, MotionTalk, TalkMessage
from omkering.decide.motion_texts import as_one_text, checked
from omkering.decide.rules_motions import filed_it, owner_of, speaks_for
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import link
from omkering.thread.models import LinkKind, Visibility
from omkering.thread.texts import summary_of
from omkering.who.authority import may, require
from omkering.who.models import Member, Network, Person
from omkering.who.owners import BUREAU, Owner, behalf


@transaction.atomic
def open_talk(*, actor: Person, motion: Motion, other: Motion, text: str = "") -> MotionTalk:
    """Ask those who filed another motion to talk about going together; both sides hear of it. Twice is one talk."""
    side = motion if may(actor, "decide.talk_of_motion", motion) else other
    require(actor, "decide.talk_of_motion", side)
    rows = locked_all([motion, other])
    if len(rows) != 2:
        raise ValidationError({"other": _("Choose another motion.")})
    for row in rows:
        refuse_unless_on_the_table(row)
    present = MotionTalk.objects.filter(motion=rows[0], other=rows[1], ended_at__isnull=True).first()
    if present is not None:
        return present
    talk = MotionTalk.objects.create(
        motion=rows[0], other=rows[1], opened_by=actor, opened_at=clock.database_now()
    )
    _log("opened", talk, actor)
    for row, beside in (rows, rows[::-1]):
        tell(row, "talks", actor, audience=people_behind(row, filers=True), once=talk.pk, other=beside.title)
    if text.strip():
        say_in_talk(actor=actor, talk=talk, text=text)
    return talk


@transaction.atomic
def say_in_talk(*, actor: Person, talk: MotionTalk, text: str) -> TalkMessage:
    """Say something in talks; both sides read it. The same words twice in a row are said once."""
    require(actor, "decide.talk", talk)
    text = checked({"message": text})["message"]
    talk = _locked(talk)
    _refuse_ended(talk)
    last = talk.messages.order_by("-pk").first()
    if last is not None and (last.person_id, last.text) == (actor.pk, text):
        return last
    made = TalkMessage.objects.create(talk=talk, person=actor, text=text, at=clock.database_now())
    _log("said", talk, actor, message=made.pk)
    people = people_behind(talk.motion, talk.other, filers=True)
    tell(talk.motion, "talk_said", actor, audience=people, once=made.pk, other=talk.other.title)
    return made


@transaction.atomic
def end_talk(*, actor: Person, talk: MotionTalk) -> MotionTalk:
    """End talks; both motions stay on the table as they are. Twice is once."""
    require(actor, "decide.talk", talk)
    talk = _locked(talk)
    if talk.ended_at is not None:
        return talk
    _close(talk)
    _drop_common(talk, actor)
    _log("ended", talk, actor)
    for row, other in ((talk.motion, talk.other), (talk.other, talk.motion)):
        tell(
            row,
            "talks_ended",
            actor,
            audience=people_behind(row, filers=True),
            once=talk.pk,
            other=other.title,
        )
    return talk


# --- going together ------------------------------------------------------------------------------------------
@transaction.atomic
def propose_merger(
    *,
    actor: Person,
    talk: MotionTalk,
    owner: Owner,
    title: str,
    noting: str = "",
    considering: str = "",
    requests: str,
) -> Motion:
    """Propose one motion in the place of both, in the name of one who filed one of them; the other side agrees or not.

    An earlier proposal in these talks ends. The same proposal twice is one.
    """
    require(actor, "decide.file_motion", owner)
    values = checked({"title": title, "noting": noting, "considering": considering, "requests": requests})
    rows = [locked(pk) for pk in sorted((talk.motion_id, talk.other_id))]
    talk = _locked(talk)
    _refuse_ended(talk)
    for row in rows:
        refuse_unless_on_the_table(row)
    _same_meeting(rows)
    if not _sides(talk, owner):
        raise ValidationError({"owner": _("Only one who filed one of the two can propose a common motion.")})
    before = talk.common
    if before is not None and all(getattr(before, name) == value for name, value in values.items()):
        return before
    _drop_common(talk, actor)
    common = _new(values, owner, actor, rows)
    talk.common = common
    talk.save(update_fields=["common"])
    log("merger_proposed", common, actor, owner, talk=talk.pk)
    for row, other in (rows, rows[::-1]):
        tell(
            row,
            "merger_proposed",
            actor,
            audience=people_behind(row, filers=True),
            once=common.pk,
            other=other.title,
        )
    return common


@transaction.atomic
def agree_merger(*, actor: Person, talk: MotionTalk, version: int | None = None) -> Motion:
    """Agree, for the other side, to the common motion as one read it (`version`): it takes the place of both."""
    rows = [locked(pk) for pk in sorted((talk.motion_id, talk.other_id))]
    talk = _locked(talk)
    if talk.common is None:
        raise ValidationError(_("There is no common motion yet. Propose one first."))
    if not may_agree(actor, talk) and talk.ended_at is None:
        require(actor, "decide.talk", talk)
        raise ValidationError(_("The other side agrees to this, not the one that proposed it."))
    require(actor, "decide.talk", talk)
    common = locked(talk.common)
    if talk.ended_at is not None:
        if not common.merged_from.exists():
            raise ValidationError(_("These talks have ended. Ask for new ones."))
        return common
    refuse_old(common, version)
    proposer = owner_of(common)
    assert proposer is not None
    _close(talk)
    _take_the_place(common, rows, proposer, actor)
    speaker = next((one for one in _filers(rows) if speaks_for(actor, one)), None)
    log("merged", common, actor, speaker, talk=talk.pk, of=[row.pk for row in rows])
    _tell_merged(common, rows, actor)
    return common


@transaction.atomic
def merge_motions(
    *,
    actor: Person,
    motions: Iterable[Motion],
    title: str,
    noting: str = "",
    considering: str = "",
    requests: str,
) -> Motion:
    """Merge motions into one that takes their place, as those who filed them agreed; by the bureau or the chair.

    All who stand under any of them stand under it; nobody who filed one is lost. Twice is once.
    """
    given = list(motions)
    for motion in given:
        require(actor, "decide.handle_motion", motion)
    values = checked({"title": title, "noting": noting, "considering": considering, "requests": requests})
    rows = locked_all(given)
    if len(rows) < 2:
        raise ValidationError(_("Choose at least two motions."))
    into = {row.merged_into_id for row in rows}
    if len(into) == 1 and (there := into.pop()) is not None:
        return Motion.objects.get(pk=there)
    for row in rows:
        refuse_unless_on_the_table(row)
    _same_meeting(rows)
    owner = owner_of(rows[0])
    assert owner is not None
    common = _new(values, owner, actor, rows)
    _take_the_place(common, rows, owner, actor)
    for talk in MotionTalk.objects.filter(ended_at__isnull=True, motion__in=rows, other__in=rows):
        _close(talk)
        _drop_common(talk, actor)
    log("merged", common, actor, None, of=[row.pk for row in rows])
    _tell_merged(common, rows, actor)
    return common


def _new(values: dict[str, str], owner: Owner, actor: Person, rows: list[Motion]) -> Motion:
    """The draft of what may take the place of these."""
    first = rows[0]
    return Motion.objects.create(
        kind="motion",
        state=MotionState.DRAFT,
        author=actor,
        owner_member=owner if isinstance(owner, Member) else None,
        network=owner if isinstance(owner, Network) else None,
        theme_id=first.theme_id,
        language=first.language,
        example=first.example,
        visibility=Visibility.BUREAU,
        summary=summary_of(values["requests"]),
        body=as_one_text(values),
        **values,
    )


def _take_the_place(common: Motion, rows: list[Motion], owner: Owner, actor: Person) -> None:
    """File the common motion with the signatures of these, and end these as merged into it."""
    first = next((row for row in rows if row.meeting_id), rows[0])
    common.meeting, common.agenda_item_id = first.meeting, first.agenda_item_id
    common.owner_body_id = first.owner_body_id
    admissions = {row.admission for row in rows}
    best = [one for one in (Admission.ON_TIME, Admission.URGENT, Admission.ASKED) if one in admissions]
    common.admission = best[0] if best else Admission.ON_TIME
    for name in ("urgency_current", "urgency_earlier"):
        setattr(common, name, next((text for row in rows if (text := getattr(row, name))), ""))
    publish(common, actor, owner)
    for row in rows:
        link(upstream=row, downstream=common, kind=LinkKind.FOLLOWS_FROM, actor=actor)
        carry_signatures(row, common)
        call_off_planned_votes(row)
        row.merged_into = common
        move(row, MotionState.MERGED, actor, "merged_into", cause=common.item_ptr)
    put_under(common, owner, actor, filer=True)


def _tell_merged(common: Motion, rows: list[Motion], actor: Person) -> None:
    behind = people_behind(common)
    for row in rows:
        tell(row, "merged", actor, audience=behind, upstream=True, into=common.title)


def _same_meeting(rows: list[Motion]) -> None:
    if len({row.meeting_id for row in rows if row.meeting_id}) > 1:
        raise ValidationError(
            _("These motions are for different meetings. Bring them to the same meeting first.")
        )
    if any(row.part_of_id for row in rows):
        raise ValidationError(_("Parts of a motion have a fate of their own. They cannot be merged."))


# --- what these share ----------------------------------------------------------------------------------------
def may_agree(actor: Person, talk: MotionTalk) -> bool:
    """Whether a common motion waits for this person's word: of one who filed the other motion."""
    if talk.common is None or talk.ended_at is not None:
        return False
    proposer = owner_of(talk.common)
    mine = _sides(talk, proposer) if proposer is not None else set()
    asked = [row for row in (talk.motion, talk.other) if row.pk not in mine] or [talk.motion, talk.other]
    return any(filed_it(actor, row) for row in asked)


def _filers(rows: Iterable[Motion]) -> list[Owner]:
    found = [one.member or one.network for one in standing_signatures(*rows) if one.filer]
    return [owner for owner in found if owner is not None]


def _sides(talk: MotionTalk, owner: Owner) -> set[int]:
    """Ids of the motions of the two that this member or network filed."""
    return {row.pk for row in (talk.motion, talk.other) if owner in _filers([row])}


def _locked(talk: MotionTalk) -> MotionTalk:
    rows = MotionTalk.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("motion", "other", "common").get(pk=talk.pk)


def _refuse_ended(talk: MotionTalk) -> None:
    if talk.ended_at is not None:
        raise ValidationError(_("These talks have ended. Ask for new ones."))


def _close(talk: MotionTalk) -> None:
    talk.ended_at = clock.database_now()
    talk.save(update_fields=["ended_at"])


def _drop_common(talk: MotionTalk, actor: Person) -> None:
    """End the draft of a common motion that does not come."""
    if talk.common_id is None:
        return
    common = locked(talk.common_id)
    if common.state == MotionState.DRAFT:
        move(common, MotionState.WITHDRAWN, actor)


def _log(what: str, talk: MotionTalk, actor: Person, **data: Any) -> None:
    speaker = next((one for one in _filers([talk.motion, talk.other]) if speaks_for(actor, one)), None)
    record(
        verb=f"motion_talk.{what}",
        subject=talk.motion.subject,
        actor=actor.pk,
        on_behalf_of=behalf(speaker, BUREAU),
        data={"talk": talk.pk, "other": talk.other_id, **data},
    )
