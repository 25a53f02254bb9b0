"""Work in the background: rounds of consultations open, remind and close by themselves."""

from procrastinate.contrib.django import app

from omkering.deliberate.commands import consultation_times


@app.periodic(cron="* * * * *", periodic_id="consultations")
@app.task(queueing_lock="deliberate.consultations", pass_context=False)
def keep_consultation_time(timestamp: int = 0) -> None:
    """Each minute: open, close and remind what is due. What is put in after the closing time is refused before this
    runs.
    """
    consultation_times.keep_time()
