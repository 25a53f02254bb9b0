"""Work in the background: news by mail."""

from procrastinate.contrib.django import app

from omkering.thread.mail import deliver


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="thread.mail_at_once")
def mail_at_once(timestamp: int) -> int:
    """Each minute, for those who want to hear at once."""
    return deliver("at_once")


@app.periodic(cron="30 5 * * *")
@app.task(queueing_lock="thread.mail_daily")
def mail_daily(timestamp: int) -> int:
    """Each morning."""
    return deliver("daily")


@app.periodic(cron="30 5 * * 1")
@app.task(queueing_lock="thread.mail_weekly")
def mail_weekly(timestamp: int) -> int:
    """Each Monday morning."""
    return deliver("weekly")
