"""What is due: the statement that creating reminders and the forecast share, and its parameters."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any, NamedTuple

from django.db import connection

from accounts.models import User
from careerplan.core.database import read_sql
from careerplan.core.time_zones import clock_changes
from careerplan.goals.queries.coming_times import ComingTime
from careerplan.reminders.kinds import (
    DATED_KINDS,
    DEFAULT_HOUR,
    LEAD_CHOICES,
    LEAD_DAYS,
    UNANSWERED_MOST,
    URGENT_DAYS,
    WEEK_DAYS,
    ReminderKind,
)
from careerplan.reminders.queries.delivery_windows import DeliveryWindow, open_windows, windows_of_days
from careerplan.reviews.queries.schedule import ComingReview

# No day is longer anywhere, also for someone who travels: a check further away was set by a wrong clock.
LONGEST_DAY = timedelta(hours=50)


def read_due_sql(
    name: str,
    *,
    reviews: str = "open_reviews.sql",
    steps: str = "candidates/step_due.sql",
    still_stored: str = "",
) -> str:
    """Return a statement of this app with due.sql in its place.

    `reviews` is the file with the open reviews, `steps` that with the steps that are due; `still_stored` narrows the
    reminders that were created before.
    """
    folder = files("careerplan.reminders").joinpath("sql", "candidates")
    # goal_due names the columns, so it comes first.
    names = sorted((path.name for path in folder.iterdir()), key=lambda name: (name != "goal_due.sql", name))
    files_of = (steps if name == "step_due.sql" else f"candidates/{name}" for name in names)
    candidates = (read_sql("careerplan.reminders", file) for file in files_of)
    due = (
        read_sql("careerplan.reminders", "due.sql")
        .replace("/*candidates*/", "\n    UNION ALL\n".join(candidates))
        .replace("/*open_reviews*/", read_sql("careerplan.reminders", reviews))
        .replace("/*still_stored*/", still_stored)
    )
    return read_sql("careerplan.reminders", name).replace("/*due*/", due)


# Reminders of a digest that will be dropped are deleted with it.
FORECAST = read_due_sql(
    "forecast.sql",
    reviews="coming_reviews.sql",
    steps="coming_steps.sql",
    still_stored="AND (sent.digest_id IS NULL OR NOT sent.digest_id = ANY (%(dropped)s))",
)


class DueReminder(NamedTuple):
    """A row of forecast.sql: a reminder that will be due, and on which days, unless an email before has it."""

    kind: str
    goal_id: int | None
    step_id: int | None
    assessment_id: int | None
    review_id: int | None
    opportunity_id: int | None
    due_on: date
    lead_days: int
    step_title: str
    goal_title: str
    stop_condition: str
    opportunity_title: str
    organisation: str
    series: list[str]
    is_once: bool
    days: list[date]

    @property
    def target(self) -> tuple[int | None, ...]:
        """What it is about; all None for a review that does not exist yet."""
        return self.goal_id, self.step_id, self.assessment_id, self.review_id, self.opportunity_id

    def is_urgent_on(self, day: date) -> bool:
        """Return whether its date is so near that it is never held back."""
        return self.kind in DATED_KINDS and 0 <= (self.due_on - day).days <= URGENT_DAYS


def due_reminders(
    user: User,
    days: Iterable[date],
    reviews: Iterable[ComingReview],
    times: Collection[ComingTime],
    dropped: Iterable[int],
    *,
    in_pauses: bool = False,
) -> list[DueReminder]:
    """Return what will be due to a person by email on some days. One query.

    `reviews` are the reviews that will be open on them, `times` those of repeating steps, `dropped` the ids of digests
    that will not be sent, `in_pauses` includes what no email says because of a pause.
    """
    coming = list(reviews)
    values = sql_params(_window_columns(windows_of_days(user.time_zone, days))) | {
        "users": [user.pk],
        "in_pauses": in_pauses,
        "dropped": list(dropped),
        "coming_steps": [time.step_id for time in times],
        "coming_on": [time.day for time in times],
        "coming_due_ons": [time.due_on for time in times],
        "review_days": [review.day for review in coming],
        "review_ids": [review.id for review in coming],
        "review_due_ons": [review.due_on for review in coming],
        "review_starts": [review.started_at for review in coming],
    }
    with connection.cursor() as cursor:
        cursor.execute(FORECAST, values)
        return [DueReminder(*row) for row in cursor.fetchall()]


def sql_params(windows: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of due.sql, of which `windows` are a part."""
    fixed = {kind.value: list(leads) for kind, leads in LEAD_DAYS.items()}
    return {
        **windows,
        **fixed,
        "first_day": min(windows["days"]),
        "last_day": max(windows["days"]),
        "longest_lead": max(LEAD_CHOICES),
        "goal_leads": fixed[ReminderKind.GOAL_DUE],
        "step_leads": fixed[ReminderKind.STEP_DUE],
        "opportunity_leads": fixed[ReminderKind.OPPORTUNITY_CLOSING],
        "week": WEEK_DAYS,
        "unanswered": UNANSWERED_MOST,
        "dated_kinds": [kind.value for kind in DATED_KINDS],
        "urgent_days": URGENT_DAYS,
        "in_pauses": False,
    }


def window_params(as_of: datetime, now: datetime, zones: Iterable[str]) -> dict[str, Any]:
    """Return the parameters of both writing statements: the current time, and the open delivery windows in `zones`.

    These are the zones of the people asked about: in a statement with all IANA zones, those take most of its time. One
    that the IANA data do not know (any more) counts as UTC, as in core/dates.py.
    """
    windows = open_windows(as_of, zones)
    return {"now": now, "longest_day": LONGEST_DAY, **_window_columns(windows)}


def _window_columns(windows: list[DeliveryWindow]) -> dict[str, Any]:
    changes = [clock_changes(row.zone, row.day.year) for row in windows]
    return {
        "zones": [row.zone for row in windows],
        "days": [row.day for row in windows],
        "first_hours": [row.first_hour for row in windows],
        "last_hours": [row.last_hour for row in windows],
        "days_began_at": [row.day_began_at for row in windows],
        "changed_at": [of_zone.changed_at for of_zone in changes],
        "utc_offsets": [of_zone.utc_offsets for of_zone in changes],
        "default_hour": DEFAULT_HOUR,
    }
