"""Hold all reminder emails until an operator lets them go on, such as after a restore."""

from datetime import datetime

from careerplan.reminders.models import SchedulerRun


def hold_sending(*, now: datetime) -> None:
    """Send no reminder email until `let_sending_go_on`. They stay owed. Idempotent."""
    SchedulerRun.objects.get_or_create(defaults={"ran_at": now})
    SchedulerRun.objects.filter(held_since__isnull=True).update(held_since=now)


def let_sending_go_on() -> bool:
    """Send again; return whether it was held."""
    return bool(SchedulerRun.objects.filter(held_since__isnull=False).update(held_since=None))


def sending_held_since() -> datetime | None:
    """Return since when sending is held; None where it is not. One query."""
    return SchedulerRun.objects.values_list("held_since", flat=True).first()
