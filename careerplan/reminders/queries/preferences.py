"""Reminder preferences of people and goals, and the next reminder of a goal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.models import User
from careerplan.core.dates import later, local_day
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.kinds import DUE_SERIES, LEAD_DAYS, WEEK_DAYS, ReminderKind
from careerplan.reminders.models import GoalReminders, Preferences, Reminder
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
    pauses = Pause.objects.filter(plan=OuterRef("plan")).order_by("starts_on", "pk")
    recent = _reminders_since(now - timedelta(days=2))
    found = (
        Goal.objects.select_related("reminders", "plan__user__reminder_preferences")
        .annotate(
            pause_starts=ArraySubquery(pauses.values("starts_on")),
            pause_ends=ArraySubquery(pauses.values("ends_on")),
            recent=ArraySubquery(recent.values(row=JSONObject(step="step", due="due_on", lead="lead_days"))),
        )
        .get(pk=goal.pk)
    )
    paused = list(zip(found.pause_starts, found.pause_ends, strict=True))  # type: ignore[attr-defined]  # annotated above
    own = getattr(found, "reminders", None) or GoalReminders(goal=goal)
    usual = getattr(found.plan.user, "reminder_preferences", None) or Preferences()
    leads = usual.goal_leads if own.leads is None else own.leads
    if own.is_muted:
        return GoalReminderSettings(leads, is_muted=True, weekly_maximum=usual.weekly_maximum, next=None)
    last_leads = _least_leads(found.recent)  # type: ignore[attr-defined]  # annotated above
    zone, today = found.plan.user.time_zone, local_day(now, found.plan.user.time_zone)
    first = today if delivery_time(today, usual.hour, zone) > now else today + timedelta(days=1)
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


def _reminders_since(since: datetime) -> QuerySet[Reminder]:
    """Find the reminders about due dates of the outer query's goal and its steps since then (a day in UTC).

    A reminder is never created before its day, so two days back are enough in any zone.
    """
    reminders = Reminder.objects.in_app().filter(user=OuterRef("plan__user"), goal=OuterRef("pk"))
    return reminders.filter(kind__in=DUE_SERIES, local_date__gte=since.date())


def _least_leads(reminders: Iterable[dict[str, Any]]) -> dict[tuple[int | None, date], int]:
    """Return the fewest days before a date with a reminder, by step (None: the goal itself) and date."""
    least: dict[tuple[int | None, date], int] = {}
    for reminder in reminders:
        target = reminder["step"], date.fromisoformat(reminder["due"])
        least[target] = min(reminder["lead"], least.get(target, reminder["lead"]))
    return least


def _after(pauses: Iterable[tuple[date, date]], day: date) -> date:
    """Return the day, or the first one after the pause (start, end) that it is in."""
    for starts_on, ends_on in pauses:
        if starts_on <= day <= ends_on:
            day = ends_on + timedelta(days=1)
    return day
