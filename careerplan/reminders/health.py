"""What /health/ asks of the reminders."""

from datetime import datetime

from careerplan.reminders.queries import SWEEP_LATE, last_sweep


def late_sweep(now: datetime) -> str:
    """Says so where no sweep was made for three minutes: nobody is reminded then. One query.

    Silent while there never was one: nothing was started yet.
    """
    swept_at = last_sweep()
    if swept_at is None or now - swept_at <= SWEEP_LATE:
        return ""
    return f"reminders: the last sweep was at {swept_at:%Y-%m-%d %H:%M:%S} UTC; is a worker running, and the beat?"
