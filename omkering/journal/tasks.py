"""Work in the background: sealing what was recorded."""

from procrastinate.contrib.django import app

from omkering.journal.commands import seal_pending


@app.periodic(cron="*/10 * * * * *")
@app.task(queueing_lock="journal.seal", pass_context=False)
def seal(timestamp: int) -> int:
    """Seal every ten seconds; a receipt is provable from then on."""
    return seal_pending()
