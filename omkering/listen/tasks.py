"""Work in the background: suggesting bundles."""

from procrastinate.contrib.django import app

from omkering.listen.suggestions import suggest


@app.periodic(cron="20 * * * *", periodic_id="hourly")
@app.task(queueing_lock="listen.suggest", pass_context=False)
def suggest_bundles(timestamp: int = 0) -> int:
    """Look for bundles every hour, and when the bureau asks for it."""
    return suggest()
