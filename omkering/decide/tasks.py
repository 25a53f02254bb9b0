"""Work in the background: votes open and close by themselves."""

from procrastinate.contrib.django import app

from omkering.decide.commands import open_and_close_due
from omkering.decide.commands.nominations import open_and_close_due_nominations


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="decide.clock", pass_context=False)
def keep_time(timestamp: int) -> None:
    """Each minute: open and close what is due. A ballot after the closing time is refused before this runs."""
    open_and_close_due()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="decide.nominations", pass_context=False)
def keep_nominations(timestamp: int) -> None:
    """Each minute: open and close nomination rounds whose time has come."""
    open_and_close_due_nominations()
