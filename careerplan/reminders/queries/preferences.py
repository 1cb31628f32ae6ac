"""Reminder preferences of people and goals, and the next reminder of a goal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import User
from careerplan.core.compiled_query import ROW_ID, CompiledQuery, as_text
from careerplan.core.dates import later, local_day
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.kinds import DUE_SERIES, LEAD_DAYS, WEEK_DAYS, ReminderKind
from careerplan.reminders.models import Preferences, Reminder
from careerplan.reminders.queries.delivery_windows import delivery_time


def preferences_of(user: User) -> Preferences:
    """Return the preferences of a person; the defaults, not saved, where there are none."""
    return Preferences.objects.for_user(user).first() or Preferences(user=user)


def muted_goals(user: User) -> list[Goal]:
    """Return the active goals that a person muted, by title."""
    goals = Goal.objects.for_user(user).active().filter(reminders__is_muted=True, plan__state=Plan.State.ACTIVE)
    return list(goals.order_by("title"))


@dataclass(frozen=True)
class GoalReminderSettings:
    """Reminder settings of one goal, the most emails in 7 days about all goals, and the next reminder."""

    leads: list[int]
    is_muted: bool
    weekly_maximum: int
    next: "NextMention | None"

    @property
    def is_daily(self) -> bool:
        """Whether emails are limited to one a day only."""
        return self.weekly_maximum == WEEK_DAYS


@dataclass(frozen=True)
class NextMention:
    """The next day on which a goal or one of its steps has a reminder, if nothing changes.

    It promises no email: their number is limited, over all goals. The forecast knows the email (forecast.py), but
    reads everything for it.
    """

    day: date
    title: str
    days: int  # before its date; negative: after

    @property
    def days_late(self) -> int:
        """Days after its date."""
        return -self.days


def goal_reminder_settings(goal: Goal, open_steps: Iterable[ActionStep], now: datetime) -> GoalReminderSettings:
    """Return the reminder settings of an active goal. One query."""
    [found] = GOAL_REMINDERS.fetch(0, today=now.astimezone(UTC).date(), row_id=goal.pk)
    row = _GoalRow(*found)
    usual = row.usual
    leads = usual.goal_leads if row.own_leads is None else row.own_leads
    if row.is_muted:
        return GoalReminderSettings(leads, is_muted=True, weekly_maximum=usual.weekly_maximum, next=None)
    paused, today = list(zip(row.pause_starts, row.pause_ends, strict=True)), local_day(now, row.zone)
    last_leads = _least_leads(zip(row.steps, row.due_on, row.lead_days, strict=True))
    first = today if delivery_time(today, usual.hour, row.zone) > now else today + timedelta(days=1)
    mentions = [
        NextMention(day, title, (due_on - day).days)
        for step_id, title, due_on, all_days in _dates_with_leads(goal, open_steps, usual, leads)
        for days in all_days
        if later(due_on, -days) >= first and days < last_leads.get((step_id, due_on), days + 1)
        for day in [_after(paused, later(due_on, -days))]
    ]
    first_mention = min(mentions, key=lambda mention: mention.day, default=None)
    return GoalReminderSettings(leads, is_muted=False, weekly_maximum=usual.weekly_maximum, next=first_mention)


def _dates_with_leads(
    goal: Goal, open_steps: Iterable[ActionStep], usual: Preferences, leads: list[int]
) -> Iterator[tuple[int | None, str, date, list[int]]]:
    """Yield the due dates of a goal (id None) and its steps, with the days before them that have a reminder."""
    late = list(LEAD_DAYS[ReminderKind.OVERDUE]) if ReminderKind.OVERDUE not in usual.muted_kinds else []
    goal_days = [] if ReminderKind.GOAL_DUE in usual.muted_kinds else leads
    step_days = [] if ReminderKind.STEP_DUE in usual.muted_kinds else usual.step_leads
    yield None, goal.title, goal.due_on, [*goal_days, *late]
    once = [0] if step_days else []  # a repeating step has one reminder each time
    for step in open_steps:
        if step.due_on:
            yield step.pk, step.title, step.due_on, once if step.repeats else [*step_days, *late]


class _GoalRow(NamedTuple):
    """A row of `_goal_reminders`: the goal's own settings, the person's (None without any), pauses, and reminders."""

    zone: str
    own_leads: list[int] | None
    is_muted: bool | None
    hour: int | None
    goal_leads: list[int] | None
    step_leads: list[int] | None
    muted_kinds: list[str] | None
    weekly_maximum: int | None
    pause_starts: list[date]
    pause_ends: list[date]
    steps: list[int | None]
    due_on: list[date]
    lead_days: list[int]

    @property
    def usual(self) -> Preferences:
        """The preferences of the person; the defaults where there are none."""
        return Preferences() if self.hour is None else Preferences(**{name: getattr(self, name) for name in USUAL})


USUAL = ("hour", "goal_leads", "step_leads", "muted_kinds", "weekly_maximum")
"""The preferences of a person that count for a goal."""


def _goal_reminders(_user: User, _now: datetime, today: date) -> QuerySet[Goal, Any]:
    """Return the zone, the goal's own settings, the person's, the pauses of the plan, and the reminders about due dates
    of the goal and its steps of the last days (`today` in UTC).

    A reminder is never created before its day, so two days back are enough in any zone.
    """
    pauses = Pause.objects.filter(plan=OuterRef("plan")).order_by("starts_on", "pk")
    reminders = Reminder.objects.in_app().filter(user=OuterRef("plan__user"), goal=OuterRef("pk"))
    recent = reminders.filter(kind__in=DUE_SERIES, local_date__gte=today - timedelta(days=2)).order_by("pk")
    return Goal.objects.filter(pk=ROW_ID).values_list(
        *(as_text("plan__user__time_zone"), "reminders__leads", "reminders__is_muted"),
        *(_usual_column(name) for name in USUAL),
        *(ArraySubquery(pauses.values(name)) for name in ("starts_on", "ends_on")),
        *(ArraySubquery(recent.values(name)) for name in ("step", "due_on", "lead_days")),
    )


def _usual_column(name: str) -> str | Cast:
    column = f"plan__user__reminder_preferences__{name}"
    return Cast(column, ArrayField(TextField())) if name == "muted_kinds" else column


GOAL_REMINDERS = CompiledQuery(_goal_reminders, is_planned_once=True)


def _least_leads(reminders: Iterable[tuple[int | None, date, int]]) -> dict[tuple[int | None, date], int]:
    """Return the fewest days before a date with a reminder, by step (None: the goal itself) and date."""
    least: dict[tuple[int | None, date], int] = {}
    for step_id, due_on, lead in reminders:
        least[step_id, due_on] = min(lead, least.get((step_id, due_on), lead))
    return least


def _after(pauses: Iterable[tuple[date, date]], day: date) -> date:
    """Return the day, or the first one after the pause (start, end) that it is in."""
    for starts_on, ends_on in pauses:
        if starts_on <= day <= ends_on:
            day = ends_on + timedelta(days=1)
    return day
