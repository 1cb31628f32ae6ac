"""Making, sending and stopping reminders.

Two moments must not be mixed up: `as_of` is the instant for which it is asked what is owed (an operator
may ask about another day), `clock` tells the real time, by which claims run out.
"""

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files

from django.db import connection, transaction

from accounts.models import User
from careerplan.reminders.models import DEFAULT_HOUR, LEAD_DAYS, Preferences, ReminderKind
from careerplan.reminders.queries import wall_clocks

Clock = Callable[[], datetime]
OWED_SQL = files("careerplan.reminders").joinpath("owed.sql").read_text(encoding="utf-8")


def make_owed(*, as_of: datetime, now: datetime) -> int:
    """Write down, at `now`, everything that is owed at `as_of` and was not written down before.

    Gives the number of new reminders. Safe to run at any time, any number of times, in parallel.
    """
    zones, days, hours = (list(column) for column in zip(*wall_clocks(as_of), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            OWED_SQL,
            {
                "now": now,
                "zones": zones,
                "days": days,
                "hours": hours,
                "last_day": max(days),
                "longest_lead": max(max(leads) for leads in LEAD_DAYS.values()),
                "goal_leads": list(LEAD_DAYS[ReminderKind.GOAL_DUE]),
                "step_leads": list(LEAD_DAYS[ReminderKind.STEP_DUE]),
                "default_hour": DEFAULT_HOUR,
            },
        )
        return int(cursor.rowcount)


@transaction.atomic
def save_preferences(*, user: User, hour: int, muted_kinds: list[str]) -> Preferences:
    """Keep when somebody wants to be reminded and of what they do not want to hear."""
    wishes = {"hour": hour, "muted_kinds": sorted(set(muted_kinds))}
    preferences, _created = Preferences.objects.update_or_create(user=user, defaults=wishes)
    return preferences


@transaction.atomic
def stop_kinds(*, user: User, kinds: list[ReminderKind]) -> Preferences:
    """Mute some kinds of e-mail, on top of what is muted. Idempotent."""
    Preferences.objects.get_or_create(user=user)
    locked = Preferences.objects.select_for_update().get(user=user)
    return save_preferences(user=user, hour=locked.hour, muted_kinds=[*locked.muted_kinds, *kinds])
