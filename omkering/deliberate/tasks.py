"""Work in the background of this room."""

from omkering.deliberate.answer_tasks import set_answer_terms
from omkering.deliberate.consultation_tasks import keep_consultation_time
from omkering.deliberate.opinion_tasks import find_old_maps, renew_opinion_map

__all__ = ["find_old_maps", "keep_consultation_time", "renew_opinion_map", "set_answer_terms"]
