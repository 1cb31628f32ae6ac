"""What somebody wished to be reminded of, and what comes next by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.models import LEAD_DAYS, GoalReminders, Preferences, ReminderKind
from careerplan.reminders.queries.hours import mail_instant
from careerplan.reviews.models import ReviewRhythm


def preferences_of(user: User) -> Preferences:
    """What somebody wished; the defaults (not saved) where they have wished nothing yet."""
    return Preferences.objects.for_user(user).first() or Preferences(user=user)


def muted_goals(user: User) -> list[Goal]:
    """Active goals somebody muted, by title."""
    goals = Goal.objects.for_user(user).active().filter(reminders__is_muted=True, plan__state=Plan.State.ACTIVE)
    return list(goals.order_by("title"))


def next_review_on(user: User) -> date | None:
    """When the next review of somebody's active plan is going to be due; None where they start them themselves."""
    rhythms = ReviewRhythm.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    return rhythms.values_list("next_on", flat=True).first()


@dataclass(frozen=True)
class GoalWishes:
    """What holds for the reminders of one goal, and what comes next."""

    leads: list[int]
    is_muted: bool
    next: "NextMention | None"


@dataclass(frozen=True)
class NextMention:
    """The next mail in which a goal or a step of it is due to be mentioned, if nothing changes until then."""

    day: date
    hour: int
    title: str
    days: int  # before its date; below zero: after

    @property
    def days_late(self) -> int:
        """How many days after its date."""
        return -self.days


def goal_wishes(goal: Goal, open_steps: Iterable[ActionStep], now: datetime) -> GoalWishes:
    """The wishes for an active goal of the reader. One query."""
    pauses = Pause.objects.filter(plan=OuterRef("plan")).order_by("starts_on", "pk")
    found = (
        Goal.objects.select_related("reminders", "plan__user__reminder_preferences")
        .annotate(begin=ArraySubquery(pauses.values("starts_on")), end=ArraySubquery(pauses.values("ends_on")))
        .get(pk=goal.pk)
    )
    paused = list(zip(found.begin, found.end, strict=True))  # type: ignore[attr-defined]  # annotated above
    own = getattr(found, "reminders", None) or GoalReminders(goal=goal)
    usual = getattr(found.plan.user, "reminder_preferences", None) or Preferences()
    leads = usual.goal_leads if own.leads is None else own.leads
    if own.is_muted:
        return GoalWishes(leads, is_muted=True, next=None)
    late = list(LEAD_DAYS[ReminderKind.OVERDUE]) if ReminderKind.OVERDUE not in usual.muted_kinds else []
    goal_days = [] if ReminderKind.GOAL_DUE in usual.muted_kinds else leads
    step_days = [] if ReminderKind.STEP_DUE in usual.muted_kinds else usual.step_leads
    dates = [(goal.title, goal.due_on, [*goal_days, *late])]
    dates += [(step.title, step.due_on, [*step_days, *late]) for step in open_steps]
    zone, today = found.plan.user.time_zone, local_day(now, found.plan.user.time_zone)
    first = today if mail_instant(today, usual.hour, zone) > now else today + timedelta(days=1)
    mentions = [
        NextMention(_after(paused, due_on - timedelta(days=days)), usual.hour, title, days)
        for title, due_on, all_days in dates
        for days in all_days
        if due_on - timedelta(days=days) >= first
    ]
    first_mention = min(mentions, key=lambda mention: mention.day, default=None)
    return GoalWishes(leads, is_muted=False, next=first_mention)


def _after(pauses: Iterable[tuple[date, date]], day: date) -> date:
    """The day, or the first one after the pause (from, to) it lies in."""
    for starts_on, ends_on in pauses:
        if starts_on <= day <= ends_on:
            day = ends_on + timedelta(days=1)
    return day
