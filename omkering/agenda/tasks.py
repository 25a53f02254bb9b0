"""Work in the background: rounds open and close by themselves."""

from procrastinate.contrib.django import app

from omkering.agenda.commands.rounds import open_and_close_due


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="agenda.clock", pass_context=False)
def keep_time(timestamp: int) -> None:
    """Each minute: open and close what is due. A ballot after the closing time is refused before this runs."""
    open_and_close_due()
