"""Changes of statements: written, looked at by the bureau, and voted on."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate import opinion_clock, statement_texts
from omkering.deliberate.models import (
    ConsultationRound,
    ConsultationState,
    Statement,
    StatementState,
    StatementVote,
)
from omkering.deliberate.models.statements import SHOWN
from omkering.deliberate.publics import visibility_of
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce, link, remember_meaning
from omkering.thread.models import LinkKind, Visibility
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU
from omkering.who.standing import standing_of

MOST_OF_ONE = 20  # statements of one person in a round, so that nobody drowns the others


@transaction.atomic
def write_statement(*, actor: Person, round: ConsultationRound, text: str) -> Statement:
    """Put in a statement, for the bureau to look at. The same one of the same person is the one that is there.

    ValidationError at `text` for what cannot be a statement, or is there already in the same words.
    """
    require(actor, "deliberate.write_statement", round)
    text = statement_texts.checked_text(text)
    # The lock keeps numbers apart, and twins of somebody who sends twice.
    round = (
        ConsultationRound.objects.select_for_update(of=("self",))
        .select_related("consultation")
        .get(pk=round.pk)
    )
    check_open(round)
    in_round = list(
        Statement.objects.filter(in_round=round)
        .exclude(state=StatementState.REFUSED)
        .values_list("pk", "number", "author_id", "text", "state")
    )
    for pk, number, author, other, state in in_round:
        if not statement_texts.same(text, other):
            continue
        if author == actor.pk:
            return Statement.objects.get(pk=pk)
        if state != StatementState.WAITING:
            raise ValidationError(
                {
                    "text": _("This is there already as statement %(number)s. Vote on that one.")
                    % {"number": number}
                }
            )
    if Statement.objects.filter(in_round=round, author=actor).count() >= MOST_OF_ONE:
        raise ValidationError(
            {
                "text": _("You wrote %(most)s statements in this round. Leave room for others.")
                % {"most": MOST_OF_ONE}
            }
        )
    last = Statement.objects.filter(in_round=round).aggregate(last=Max("number"))["last"] or 0
    statement = Statement.objects.create(
        kind="statement",
        title=statement_texts.title_of(text),
        summary=text,
        text=text,
        state=StatementState.WAITING,
        visibility=Visibility.BUREAU,  # and its author, until it is shown
        theme_id=round.consultation.theme_id,
        author=actor,
        in_round=round,
        number=last + 1,
    )
    remember_meaning(item=statement)
    record(
        verb="statement.written",
        subject=statement.subject,
        actor=actor.pk,
        data={"round": round.pk, "number": statement.number},
    )
    return statement


def check_open(round: ConsultationRound) -> None:
    """ValidationError for a round that takes no statements, or not now. By the clock of the database."""
    if not round.takes_statements:
        raise ValidationError(_("This round takes no statements."))
    if round.state == ConsultationState.PLANNED:
        raise ValidationError(_("This round has not opened yet."))
    if round.state != ConsultationState.OPEN or round.closes_at <= clock.database_now():
        raise ValidationError(_("This round has closed. Statements and votes are no longer taken."))


# --- moderation ------------------------------------------------------------------------------------------
@transaction.atomic
def show_statement(*, actor: Person, statement: Statement, seen: str = "") -> Statement:
    """Let everybody in the round's public vote on a statement; its author hears of it.

    `seen` is the state that the actor saw: another one means that somebody else looked at it, and is refused.
    """
    require(actor, "deliberate.moderate_statement", statement)
    statement = _locked(statement, seen)
    if statement.state == StatementState.SHOWN:
        return statement
    statement.visibility, statement.audience_id = visibility_of(statement.in_round)
    again = _moderated(statement, actor, StatementState.SHOWN, "")
    record(
        verb="statement.shown",
        subject=statement.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"round": statement.in_round_id},
    )
    announce(item=statement, milestone="statement.shown", actor=actor, once=again)
    return statement


@transaction.atomic
def refuse_statement(
    *, actor: Person, statement: Statement, reason: str, same_as: Statement | None = None, seen: str = ""
) -> Statement:
    """Do not show a statement, or no longer, with a reason that its author hears. Votes on it stay.

    `same_as` is the shown one that says the same: whoever wrote this one then hears what becomes of that one.
    """
    require(actor, "deliberate.moderate_statement", statement)
    reason = statement_texts.checked_reason(reason)
    statement = _locked(statement, seen)
    if statement.state == StatementState.REFUSED:
        raise ValidationError(_("This statement is not shown already."))
    if same_as is not None:
        if same_as.pk == statement.pk or same_as.in_round_id != statement.in_round_id:
            raise ValidationError({"same_as": _("Choose another statement of this round.")})
        if same_as.state not in SHOWN:
            raise ValidationError({"same_as": _("Choose a statement that is shown.")})
    statement.visibility, statement.audience_id = Visibility.BUREAU, None
    again = _moderated(statement, actor, StatementState.REFUSED, reason)
    if same_as is not None:
        try:
            link(upstream=statement, downstream=same_as, kind=LinkKind.BUNDLED_IN, actor=actor)
        except ValueError:
            raise ValidationError(
                {"same_as": _("That one was itself bundled in this one. Choose another.")}
            ) from None
    record(
        verb="statement.refused",
        subject=statement.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"round": statement.in_round_id, "same_as": same_as.pk if same_as else None},
    )
    announce(
        item=statement,
        milestone="statement.same" if same_as else "statement.refused",
        actor=actor,
        data={"reason": reason, **({"number": same_as.number} if same_as else {})},
        once=again,
    )
    opinion_clock.changed(statement.in_round_id)
    return statement


def _locked(statement: Statement, seen: str) -> Statement:
    rows = Statement.objects.select_for_update(of=("self", "item_ptr")).select_related(
        "in_round__consultation"
    )
    found = rows.defer("search").get(pk=statement.pk)
    if found.state == StatementState.ANSWERED:
        raise ValidationError(_("This statement was answered, so it stays as it is."))
    if seen and found.state != seen:
        raise ValidationError(
            _("Somebody else looked at this statement in the meantime. See what they decided first.")
        )
    return found


def _moderated(statement: Statement, actor: Person, state: str, reason: str) -> str:
    """Keep who decided what, when; returns a key that tells this decision apart from earlier ones."""
    now = timezone.now()
    statement.state, statement.moderation_reason = state, reason
    statement.moderated_by, statement.moderated_at, statement.changed_at = actor, now, now
    statement.save(
        update_fields=[
            *("state", "visibility", "audience", "changed_at"),
            *("moderation_reason", "moderated_by", "moderated_at"),
        ]
    )
    return f"{now:%Y%m%d%H%M%S%f}"


# --- voting ----------------------------------------------------------------------------------------------
# Any number of votes at once: JSON of a list of {i, statement, round, person, member, value, session, password}, and
# the moment (None: the database's clock). Answers with i and what became of each: kept, closed, hidden or
# no_session. With a session (the quick road) it must still be there, and the password (its first hash digits) the same.
VOTE = """
WITH x AS (
  SELECT * FROM jsonb_to_recordset(%s::jsonb) AS x(
    i int, statement bigint, round bigint, person bigint, member bigint, value smallint, session text, password text)
), t AS (SELECT coalesce(%s::timestamptz, clock_timestamp()) AS now)
, j AS MATERIALIZED (
  SELECT x.*, t.now, CASE
      WHEN r.state IS DISTINCT FROM 'open' OR NOT r.takes_statements OR r.closes_at <= t.now THEN 'closed'
      WHEN item.state IS DISTINCT FROM 'shown' THEN 'hidden'
      WHEN w.id IS NULL OR (x.session IS NOT NULL AND (
        x.password IS DISTINCT FROM left(encode(sha256(convert_to(w.password, 'UTF8')), 'hex'), 16)
        OR NOT EXISTS (SELECT 1 FROM django_session z WHERE z.session_key = x.session AND z.expire_date > t.now)))
        THEN 'no_session'
      ELSE 'kept' END AS verdict
  FROM x CROSS JOIN t
  LEFT JOIN deliberate_statement s ON s.item_ptr_id = x.statement AND s.in_round_id = x.round
  LEFT JOIN thread_item item ON item.id = s.item_ptr_id
  LEFT JOIN deliberate_consultationround r ON r.id = x.round
  LEFT JOIN who_person w ON w.id = x.person AND w.is_active
), kept AS (
  INSERT INTO deliberate_statementvote AS vote (statement_id, person_id, member_id, value, changed_at)
  SELECT statement, person, member, value, now FROM j WHERE verdict = 'kept' ORDER BY statement, person
  ON CONFLICT (statement_id, person_id) DO UPDATE
  SET value = EXCLUDED.value, member_id = EXCLUDED.member_id, changed_at = EXCLUDED.changed_at
  WHERE vote.value <> EXCLUDED.value
)
SELECT i, verdict FROM j ORDER BY i
"""


def vote(*, actor: Person, statement: Statement, value: int) -> None:
    """Agree (1), disagree (−1) or pass (0); the last vote counts. `statement` comes with its round.

    One statement of SQL, which also sees to it that the round takes votes. Unlike every other change it records no
    event: what somebody thinks is theirs, a sealed log would tell for ever who voted when, and many people vote at
    once. The result is recorded instead, when the round is counted after its closing.
    """
    require(actor, "deliberate.vote_statement", statement.in_round)
    if value not in StatementVote.Value.values:
        raise ValidationError({"value": _("Choose whether you agree, disagree or pass.")})
    row = {
        "i": 0,
        "statement": statement.pk,
        "round": statement.in_round_id,
        "person": actor.pk,
        "member": member_of(actor),
        "value": int(value),
    }
    with connection.cursor() as cursor:
        cursor.execute(VOTE, [json.dumps([row]), clock.set_now()])
        [(_number, verdict)] = cursor.fetchall()
    if verdict == "kept":
        opinion_clock.changed(statement.in_round_id)
    else:
        _check_votable(statement)


def member_of(person: Any) -> int | None:
    """The member that somebody works for today, for slices; the first one of several."""
    return min(standing_of(person).members, default=None)


def _check_votable(statement: Statement) -> None:
    read = [f"in_round__{name}" for name in ("state", "takes_statements", "closes_at")]
    found = Statement.objects.select_related("in_round").only("state", *read).get(pk=statement.pk)
    check_open(found.in_round)
    if found.state != StatementState.SHOWN:
        raise ValidationError(_("This statement is not shown, so nobody can vote on it now."))
