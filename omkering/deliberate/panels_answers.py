"""What became of something: the answer, on the page of each thing that was put in during a consultation."""

from django.template.loader import render_to_string

from omkering.deliberate.queries.answer_pages import answers_to
from omkering.thread.models import Item
from omkering.ui import panels
from omkering.ui.request import Request
from omkering.who.authority import may

KINDS = ("reaction", "view_point", "view", "report_point", "chapter_advice", "statement", "amendment")
WAITING = ("submitted", "shown", "held", "adopted", "rejected", "fallen")  # states in which an answer is owed


@panels.register(*KINDS, order=5)
def answer(request: Request, item: Item) -> str:
    """The answer that an item has, as far as this reader may know it; one query."""
    found = answers_to([item.pk], request.user).get(item.pk)
    answers = found is None and item.state in WAITING and may(request.user, "deliberate.give_answer")
    if found is None and not answers:
        return ""
    context = {"item": item, "answer": found, "may_answer": answers}
    return render_to_string("deliberate/answer_panel.html", context, request)
