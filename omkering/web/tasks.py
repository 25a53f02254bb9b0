"""Work in the background: what is kept of people goes when its time is over."""

from procrastinate.contrib.django import app

from omkering.who import retention


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="web.retention", pass_context=False)
def apply_retention(timestamp: int) -> dict[str, int]:
    """Each night."""
    return retention.apply()
