"""Putting ballots in the box: many at once, each judged by the database at the moment it is kept.

One statement locks the vote (shared: ballots do not wait for each other, closing waits for them) and the lines of the
roll (so that two ballots for one line queue up); the next judges every ballot, writes the events that are their
receipts, and keeps what counts. Both run in the caller's transaction. Whether a vote is open is read from the clock
of the database after the locks are held, and weights from the roll alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from omkering.decide.voting_rights import Ground
from omkering.journal import clock

# What can become of a ballot.
KEPT = frozenset({"cast", "changed", "same"})


@dataclass(frozen=True)
class Incoming:
    """A ballot as it comes in. `choice` is as the engine writes it and must have been checked against the rule.

    `seen`: the receipt of the ballot that the person looked at (0: there was none; None: whatever there is).
    `desk`: the desk vouches for the right. `session` and `password` (its first hash digits) let a ballot that did not
    come through a whole request be refused when the session ended or the password changed.
    """

    vote: int
    entry: int
    part: int
    choice: str
    data: Any  # the choice as the event tells it: a key, a list, or a table of points
    person: int
    ground: Ground
    way: str = "screen"
    seen: int | None = None
    desk: bool = False
    session: str | None = None
    password: str | None = None
    origin: str = "cli"


@dataclass(frozen=True)
class Verdict:
    """What became of a ballot: a code, and for one that is kept the event that is its receipt.

    Codes: cast, changed, same (kept before; the first receipt), planned, closed, acclamation (nobody votes unless
    somebody objects), not_on_roll, no_right, no_session,
    overtaken (another one was cast in the meantime).
    """

    code: str
    event: int
    at: datetime | None

    @property
    def kept(self) -> bool:
        return self.code in KEPT


LOCK_VOTES = "SELECT 1 FROM decide_vote WHERE item_ptr_id = ANY(%s) ORDER BY item_ptr_id FOR SHARE"
LOCK_ENTRIES = "SELECT 1 FROM decide_rollentry WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

JUDGED = """
x AS (
  SELECT * FROM jsonb_to_recordset(%s::jsonb) AS x(
    i int, vote bigint, entry bigint, part int, choice text, data jsonb, person bigint, way text, seen bigint,
    desk boolean, mandate bigint, delegate bigint, attendance bigint, proxy bigint, holder bigint,
    session text, password text, origin text)
), t AS (
  SELECT coalesce(%s::timestamptz, clock_timestamp()) AS now, %s::date AS day
), j AS MATERIALIZED (
  SELECT x.*, t.now, e.weight, e.voter, e.member_id, b.id AS ballot, b.event_id AS old_event, b.cast_at AS old_at,
    CASE
      WHEN i.state = 'planned' THEN 'planned'
      WHEN i.state IS DISTINCT FROM 'open' OR t.now >= v.closes_at OR v.secret IS DISTINCT FROM %s THEN 'closed'
      WHEN v.procedure = 'acclamation' AND NOT EXISTS (SELECT 1 FROM decide_objection o WHERE o.vote_id = x.vote)
        THEN 'acclamation'
      WHEN e.id IS NULL OR (CASE  -- IS NOT TRUE: what is unknown is no right
        WHEN jsonb_array_length(e.parts) = 0 THEN x.part = 0
        ELSE EXISTS (SELECT 1 FROM jsonb_array_elements(e.parts) p
                     WHERE (p->>'part')::int = x.part AND (x.desk OR (p->>'person')::bigint = x.person))
      END) IS NOT TRUE THEN 'not_on_roll'
      WHEN NOT x.desk AND (
        EXISTS (SELECT 1 FROM who_person w WHERE w.id = x.person AND w.is_active
                AND (x.password IS NULL
                     OR x.password = left(encode(sha256(convert_to(w.password, 'UTF8')), 'hex'), 16)))
        AND (
          e.person_id = x.person
          OR EXISTS (SELECT 1 FROM decide_delegate d
                     WHERE d.id = x.delegate AND d.person_id = x.person AND d.ended_at IS NULL
                       AND d.meeting_id = v.meeting_id AND d.member_id = coalesce(x.holder, e.member_id))
          OR EXISTS (SELECT 1 FROM who_mandate m
                     WHERE m.id = x.mandate AND m.person_id = x.person AND m.scope = 'vote'
                       AND m.starts <= t.day AND (m.ends IS NULL OR m.ends > t.day)
                       AND m.member_id = coalesce(x.holder, e.member_id)
                       AND NOT EXISTS (SELECT 1 FROM decide_delegate d
                                       WHERE d.meeting_id = v.meeting_id AND d.member_id = m.member_id
                                         AND d.ended_at IS NULL))
        )
        AND (v.meeting_id IS NULL OR g.form = 'consultation'
             OR EXISTS (SELECT 1 FROM decide_attendance a
                        WHERE a.id = x.attendance AND a.person_id = x.person AND a.left_at IS NULL
                          AND a.meeting_id = v.meeting_id
                          AND a.member_id IS NOT DISTINCT FROM coalesce(x.holder, e.member_id)))
        AND NOT EXISTS (SELECT 1 FROM decide_proxy p  -- whose ballot it is did not give it to another
                        WHERE p.meeting_id = v.meeting_id AND p.giver_id = coalesce(x.holder, e.member_id)
                          AND p.ended_at IS NULL AND p.starts_at <= t.now AND p.ends_at > t.now
                          AND jsonb_array_length(e.parts) = 0)
        AND (x.holder IS NULL
             OR EXISTS (SELECT 1 FROM decide_proxy p
                        WHERE p.id = x.proxy AND p.meeting_id = v.meeting_id AND p.giver_id = e.member_id
                          AND p.holder_id = x.holder AND p.ended_at IS NULL
                          AND p.starts_at <= t.now AND p.ends_at > t.now))
      ) IS NOT TRUE THEN 'no_right'
      WHEN x.session IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM django_session s WHERE s.session_key = x.session AND s.expire_date > t.now) THEN 'no_session'
      {verdict}
    END AS verdict
  FROM x CROSS JOIN t
  LEFT JOIN decide_vote v ON v.item_ptr_id = x.vote
  LEFT JOIN thread_item i ON i.id = x.vote
  LEFT JOIN decide_meeting g ON g.item_ptr_id = v.meeting_id
  LEFT JOIN decide_rollentry e ON e.id = x.entry AND e.vote_id = x.vote
  LEFT JOIN decide_ballot b ON b.entry_id = x.entry AND b.part = x.part
)
"""

CAST = (  # all of it is constant; what comes in are parameters
    "WITH "  # noqa: S608
    + JUDGED.format(
        verdict="""
      WHEN b.choice = x.choice AND b.person_id = x.person THEN 'same'
      WHEN x.seen IS NOT NULL AND x.seen <> coalesce(b.event_id, 0) THEN 'overtaken'
      WHEN b.id IS NULL THEN 'cast'
      ELSE 'changed'"""
    )
    + """
, kept AS MATERIALIZED (
  SELECT j.*, nextval(pg_get_serial_sequence('journal_event', 'id')) AS event
  FROM j WHERE verdict IN ('cast', 'changed') ORDER BY i
), events AS (
  INSERT INTO journal_event (id, at, actor, on_behalf_of, verb, subject, origin, result, data)
  SELECT event, now, person, CASE WHEN member_id IS NULL THEN 'voter:' ELSE 'member:' END || voter,
    'ballot.' || verdict, 'item:' || vote, origin, 'done',
    jsonb_strip_nulls(jsonb_build_object('choice', data, 'part', nullif(part, 0), 'way', nullif(way, 'screen'),
      'by_proxy', holder, 'votes', coalesce(
        (SELECT (p->>'votes')::int FROM decide_rollentry e, jsonb_array_elements(e.parts) p
         WHERE e.id = kept.entry AND (p->>'part')::int = kept.part), weight)))
  FROM kept ORDER BY i
), made AS (
  INSERT INTO decide_ballot (vote_id, entry_id, part, choice, person_id, way, by_proxy_id, cast_at, event_id)
  SELECT vote, entry, part, choice, person, way, holder, now, event FROM kept WHERE verdict = 'cast'
), altered AS (
  UPDATE decide_ballot b SET choice = kept.choice, person_id = kept.person, way = kept.way,
    by_proxy_id = kept.holder, cast_at = kept.now, event_id = kept.event
  FROM kept WHERE kept.verdict = 'changed' AND b.id = kept.ballot
)
SELECT j.i, j.verdict, coalesce(kept.event, j.old_event, 0), coalesce(kept.now, j.old_at)
FROM j LEFT JOIN kept USING (i) ORDER BY j.i
"""
)

# A secret ballot is a mark on the roll and one more in the box: no event, no time, nothing that ties the two.
CAST_SECRET = (
    "WITH "  # noqa: S608
    + JUDGED.format(
        verdict="""
      WHEN EXISTS (SELECT 1 FROM decide_secretturnout s
                   WHERE s.entry_id = x.entry AND s.part = x.part AND s.voted) THEN 'voted_before'
      ELSE 'cast'"""
    )
    + """
, marked AS (
  UPDATE decide_secretturnout s SET voted = true FROM j
  WHERE j.verdict = 'cast' AND s.entry_id = j.entry AND s.part = j.part AND NOT s.voted
  RETURNING j.i, j.vote, j.weight, j.choice
), boxed AS (
  INSERT INTO decide_secretbox (vote_id, weight, choice, ballots)
  SELECT vote, weight, choice, count(*) FROM marked GROUP BY vote, weight, choice
  ON CONFLICT (vote_id, weight, choice) DO UPDATE SET ballots = decide_secretbox.ballots + excluded.ballots
)
SELECT i, verdict, 0, NULL::timestamptz FROM j ORDER BY i
"""
)


def statements(ballots: Sequence[Incoming], *, secret: bool, day: Any) -> list[tuple[str, list[Any]]]:
    """The statements that put these ballots in the box, with their parameters; the last one answers.

    At most one ballot for each line of the roll and part; all in votes that are secret, or all in votes that are not.
    `day` is today where the association is.
    """
    rows = [
        {
            "i": number,
            "vote": ballot.vote,
            "entry": ballot.entry,
            "part": ballot.part,
            "choice": ballot.choice,
            "data": ballot.data,
            "person": ballot.person,
            "way": ballot.way,
            "seen": ballot.seen,
            "desk": ballot.desk,
            "mandate": ballot.ground.mandate,
            "delegate": ballot.ground.delegate,
            "attendance": ballot.ground.attendance,
            "proxy": ballot.ground.proxy,
            "holder": ballot.ground.holder,
            "session": ballot.session,
            "password": ballot.password,
            "origin": ballot.origin,
        }
        for number, ballot in enumerate(ballots)
    ]
    return [
        (LOCK_VOTES, [sorted({ballot.vote for ballot in ballots})]),
        (LOCK_ENTRIES, [sorted({ballot.entry for ballot in ballots})]),
        (CAST_SECRET if secret else CAST, [json.dumps(rows), clock.set_now(), day, secret]),
    ]


def verdicts(rows: Sequence[Sequence[Any]]) -> list[Verdict]:
    """The answer of the last statement, in the order of the ballots."""
    return [Verdict(code, event, at) for _number, code, event, at in rows]
