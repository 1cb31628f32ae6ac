"""Making, sending and stopping reminders.

Two moments must not be mixed up: `as_of` is the instant for which it is asked what is owed (an operator
may ask about another day), `now` and `clock` tell the real time, by which claims run out.
"""

from datetime import datetime
from importlib.resources import files
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from careerplan.reminders.models import DEFAULT_HOUR, LEAD_DAYS, Preferences, ReminderKind
from careerplan.reminders.queries import wall_clocks


def _sql(name: str) -> str:
    return files("careerplan.reminders").joinpath(name).read_text(encoding="utf-8")


OWED, BRING_FORWARD = _sql("owed.sql"), _sql("bring_forward.sql")


def make_owed(*, as_of: datetime, now: datetime) -> int:
    """Write down, at `now`, everything that is owed at `as_of` and was not written down before.

    Gives the number of new reminders. Safe to run at any time, any number of times, in parallel.
    """
    clocks = _clocks(as_of, now)
    leads = {
        "last_day": max(clocks["days"]),
        "longest_lead": max(max(leads) for leads in LEAD_DAYS.values()),
        "goal_leads": list(LEAD_DAYS[ReminderKind.GOAL_DUE]),
        "step_leads": list(LEAD_DAYS[ReminderKind.STEP_DUE]),
    }
    with connection.cursor() as cursor:
        cursor.execute(OWED, {**clocks, **leads})
        return int(cursor.rowcount)


def bring_forward(*, as_of: datetime, now: datetime) -> None:
    """Turn what could not be sent on an earlier day into today's mail, where the person's hour has come.

    Raises IntegrityError where another round makes today's mail at the same moment; the next round settles it.
    """
    with connection.cursor() as cursor:
        cursor.execute(BRING_FORWARD, _clocks(as_of, now))


def _clocks(as_of: datetime, now: datetime) -> dict[str, Any]:
    clocks = wall_clocks(as_of)
    return {
        "now": now,
        "zones": [clock.zone for clock in clocks],
        "days": [clock.day for clock in clocks],
        "hours": [clock.hour for clock in clocks],
        "database_zones": [clock.database_zone for clock in clocks],
        "default_hour": DEFAULT_HOUR,
    }


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
