"""Work in the background: the opinion map after new votes."""

from procrastinate.contrib.django import app

from omkering.deliberate import opinion_clock
from omkering.deliberate.commands.opinion import renew_map


@app.task(name=opinion_clock.TASK)
def renew_opinion_map(round_id: int) -> None:
    """The map of one round, a moment after votes came in."""
    renew_map(round_id=round_id)


@app.periodic(cron="* * * * *", periodic_id="minutely")
@app.task(queueing_lock="deliberate.opinion", pass_context=False)
def find_old_maps(timestamp: int = 0) -> int:
    """Each minute: maps that are behind their votes, and the last one of a round that closed."""
    behind = opinion_clock.due()
    for round_id in behind:
        opinion_clock.ask(round_id)
    return len(behind)
