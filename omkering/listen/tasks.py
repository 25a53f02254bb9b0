"""Work in the background: suggesting bundles, and telling who follows a saved search."""

from procrastinate.contrib.django import app

from omkering.listen.saved_searches import tell_followers
from omkering.listen.suggestions import suggest


@app.periodic(cron="20 * * * *", periodic_id="hourly")
@app.task(queueing_lock="listen.suggest", pass_context=False)
def suggest_bundles(timestamp: int = 0) -> int:
    """Look for bundles every hour, and when the bureau asks for it."""
    return suggest()


@app.periodic(cron="*/10 * * * *", periodic_id="ten-minutely")
@app.task(queueing_lock="listen.searches", pass_context=False)
def tell_followers_of_searches(timestamp: int = 0) -> int:
    """Tell followers of saved searches what is new."""
    return tell_followers()
