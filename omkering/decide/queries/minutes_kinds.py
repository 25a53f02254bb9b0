"""What kinds of things there are at all in a meeting: asked once, so that minutes ask for none of them in vain."""

from django.db import connection

from omkering.decide.models import Admission, Meeting, MotionState

# What was done with a motion without a vote of its own.
WITHOUT_VOTE = (MotionState.TAKEN_OVER, MotionState.HELD, MotionState.MERGED, MotionState.WITHDRAWN)

# Each says at most too often that there is something: who reads it, chooses exactly.
THERE = """
SELECT array_remove(ARRAY[
  CASE WHEN EXISTS (SELECT 1 FROM decide_motion m JOIN thread_item i ON i.id = m.item_ptr_id
    WHERE m.meeting_id = %(meeting)s AND i.state = ANY(%(without_vote)s)) THEN 'motion' END,
  CASE WHEN EXISTS (SELECT 1 FROM decide_motion m JOIN thread_item i ON i.id = m.item_ptr_id
    WHERE m.meeting_id = %(meeting)s AND (m.admission = %(urgent)s OR i.state = %(refused)s)) THEN 'admission' END,
  CASE WHEN EXISTS (SELECT 1 FROM decide_objection o JOIN decide_vote v ON v.item_ptr_id = o.vote_id
    WHERE v.meeting_id = %(meeting)s) THEN 'objection' END,
  CASE WHEN EXISTS (SELECT 1 FROM decide_interest i JOIN decide_agendaitem a ON a.id = i.agenda_item_id
    WHERE a.meeting_id = %(meeting)s) THEN 'interest' END,
  CASE WHEN EXISTS (SELECT 1 FROM decide_speech WHERE meeting_id = %(meeting)s) THEN 'speech' END,
  CASE WHEN EXISTS (SELECT 1 FROM decide_undertaking WHERE meeting_id = %(meeting)s) THEN 'undertaking' END,
  CASE WHEN EXISTS (SELECT 1 FROM decide_settlement WHERE decided_in_id = %(meeting)s) THEN 'settlement' END,
  CASE WHEN EXISTS (SELECT 1 FROM decide_proxy WHERE meeting_id = %(meeting)s) THEN 'proxy' END,
  CASE WHEN EXISTS (SELECT 1 FROM decide_delegate WHERE meeting_id = %(meeting)s) THEN 'delegate' END
], NULL)
"""


def kinds_there(meeting: Meeting) -> frozenset[str]:
    """The kinds of entries ("motion", "admission", "speech" …) that minutes of this meeting may have, and "objection",
    "proxy" and "delegate"; one query.
    """
    values = {
        "meeting": meeting.pk,
        "without_vote": [str(state.value) for state in WITHOUT_VOTE],
        "urgent": str(Admission.URGENT.value),
        "refused": str(MotionState.NOT_ADMITTED.value),
    }
    with connection.cursor() as cursor:
        cursor.execute(THERE, values)
        [[found]] = cursor.fetchall()
    return frozenset(found)
