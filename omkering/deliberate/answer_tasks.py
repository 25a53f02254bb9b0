"""Work in the background: answers that are owed get the day before which they are due."""

from procrastinate.contrib.django import app

from omkering.deliberate.commands.answers_known import owe_answers


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="deliberate.answers_owed", pass_context=False)
def set_answer_terms(timestamp: int) -> None:
    """Every ten minutes: what was put in during a round that has closed waits for an answer from then on."""
    owe_answers()
