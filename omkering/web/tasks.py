"""Work in the background: what is kept of people goes when its time is over; news of special rights."""

from procrastinate.contrib.django import app

from omkering.web import login_watch
from omkering.web.rights import mail_change
from omkering.who import retention


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="web.retention", pass_context=False)
def apply_retention(timestamp: int) -> dict[str, int]:
    """Each night."""
    return retention.apply()


@app.task(retry=3)
def mail_special_change(person: int, role: str, given: bool) -> int:
    """Somebody got or lost special rights; tried again when the mail server is away."""
    return mail_change(person, role, given)


@app.task(retry=3)
def mail_odd_place(person: int) -> int:
    """Somebody's account was used from a new place."""
    return login_watch.mail_odd_place(person)


@app.task(retry=3)
def mail_login_peak(failures: int) -> int:
    """Many log-ins failed in a short time."""
    return login_watch.mail_peak(failures)
