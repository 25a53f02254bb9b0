"""Undertakings: what was promised in a meeting, recorded as it was said, and followed like an adopted motion."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide import live
from omkering.decide.commands.follow_up import end_of, people_heard
from omkering.decide.models import AgendaItem, Meeting, MeetingState, Undertaking, UndertakingState
from omkering.decide.motion_texts import LENGTHS
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread import texts
from omkering.thread.commands import announce, link, remember_meaning
from omkering.thread.models import LinkKind
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Body, Member, Person
from omkering.who.owners import BUREAU


@transaction.atomic
def record_undertaking(
    *,
    actor: Person,
    meeting: Meeting,
    title: str,
    text: str = "",
    agenda_item: AgendaItem | None = None,
    asked_by: Member | None = None,
    due: date | None = None,
    body: Body | None = None,
) -> Undertaking:
    """Record what was promised in a meeting: one line is enough, the rest can come later.

    `body` promised it (the body that meets when not said), `asked_by` is the member that asked for it, `due` the last
    day to tell what came of it. Whoever put in what the item on the agenda is about hears of it. Twice is once.
    """
    require(actor, "decide.record_undertaking", meeting)
    values = _checked(title, text)
    if agenda_item is not None and agenda_item.meeting_id != meeting.pk:
        raise ValidationError({"agenda_item": _("Choose an item of this meeting.")})
    row = Meeting.objects.select_for_update(no_key=True, of=("self",)).get(pk=meeting.pk)
    if row.opened_at is None or row.state == MeetingState.CANCELLED:
        raise ValidationError(_("The meeting has not begun. Undertakings are made while it goes on."))
    same = Undertaking.objects.filter(
        meeting=row, agenda_item=agenda_item, state=UndertakingState.OPEN, **values
    )
    if (there := same.first()) is not None:
        return there
    about = agenda_item.about if agenda_item is not None else None
    made = Undertaking.objects.create(
        kind="undertaking",
        state=UndertakingState.OPEN,
        meeting=row,
        agenda_item=agenda_item,
        asked_by=asked_by,
        author=actor,
        owner_body_id=body.pk if body else row.owner_body_id,
        visibility=row.visibility,
        theme_id=about.theme_id if about else None,
        summary=summary_of(values["text"] or values["title"]),
        body=values["text"],
        due_at=end_of(due) if due else None,
        **values,
    )
    if about is not None:
        link(upstream=about, downstream=made, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    remember_meaning(item=made)
    _log("made", made, actor, meeting=row.pk, agenda_item=agenda_item.pk if agenda_item else None)
    announce(
        item=made,
        milestone="undertaking.made",
        actor=actor,
        data={"meeting": row.title},
        audience=people_heard(made),
    )
    live.tell(row, "minutes", undertaking=made.pk)
    return made


@transaction.atomic
def change_undertaking(
    *,
    actor: Person,
    undertaking: Undertaking,
    version: int,
    title: str,
    text: str = "",
    asked_by: Member | None = None,
    due: date | None = None,
    body: Body | None = None,
) -> Undertaking:
    """Write an undertaking out, or mend it; an older version than the newest is refused."""
    require(actor, "decide.record_undertaking", undertaking.meeting)
    values = _checked(title, text)
    row = _locked(undertaking)
    if row.state != UndertakingState.OPEN:
        raise ValidationError(_("This undertaking was settled or taken back. Its words stay as they are."))
    if version != row.version:
        raise ValidationError(
            _("Somebody else changed this while you were writing. Look at both texts, and save again."),
            code="changed",
        )
    row.title, row.text, row.asked_by = values["title"], values["text"], asked_by
    row.summary, row.body = summary_of(values["text"] or values["title"]), values["text"]
    row.due_at = end_of(due) if due else None
    row.owner_body_id = body.pk if body else row.owner_body_id
    row.version += 1
    row.changed_at = timezone.now()
    fields = ("title", "text", "asked_by", "summary", "body", "due_at", "owner_body", "version", "changed_at")
    row.save(update_fields=fields)
    remember_meaning(item=row)
    _log("changed", row, actor, version=row.version)
    live.tell(row.meeting_id, "minutes", undertaking=row.pk)
    return row


@transaction.atomic
def withdraw_undertaking(*, actor: Person, undertaking: Undertaking) -> Undertaking:
    """Mark an undertaking as recorded by mistake; it stays readable. Twice is once."""
    require(actor, "decide.record_undertaking", undertaking.meeting)
    row = _locked(undertaking)
    if row.state == UndertakingState.WITHDRAWN:
        return row
    if row.state != UndertakingState.OPEN:
        raise ValidationError(_("This undertaking was settled or taken back. Its words stay as they are."))
    row.state, row.answered_at, row.changed_at = (
        UndertakingState.WITHDRAWN,
        clock.database_now(),
        timezone.now(),
    )
    row.save(update_fields=["state", "answered_at", "changed_at"])
    _log("withdrawn", row, actor)
    announce(
        item=row, milestone="undertaking.withdrawn", actor=actor, audience=people_heard(row), upstream=True
    )
    live.tell(row.meeting_id, "minutes", undertaking=row.pk)
    return row


def _checked(title: str, text: str) -> dict[str, str]:
    lengths = {"title": LENGTHS["title"], "text": (0, LENGTHS["promise"][1])}
    values = texts.checked({"title": title, "text": text}, lengths)
    check_personal_data(values)
    return values


def _locked(undertaking: Undertaking) -> Undertaking:
    rows = Undertaking.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
    return rows.select_related("meeting").get(pk=undertaking.pk)


def _log(what: str, row: Undertaking, actor: Person, **data: int | None) -> None:
    record(verb=f"undertaking.{what}", subject=row.subject, actor=actor.pk, on_behalf_of=BUREAU, data=data)
