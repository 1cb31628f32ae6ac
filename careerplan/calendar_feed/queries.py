"""The entries of a calendar. The number of queries does not depend on the number of entries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import chain
from typing import Any

from django.db.models import Model, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.calendar_feed.models import CalendarFeed, CalendarPart
from careerplan.goals.models import ActionStep, Goal, StepOccurrence
from careerplan.goals.queries.workload import REPEATS_AHEAD
from careerplan.meetings.models import Meeting
from careerplan.mentoring.models import Mentorship
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.queries.preferences import preferences_of
from careerplan.reviews.queries.schedule import load_plan_reviews

REVIEWS_AHEAD = timedelta(days=366)  # from the next one on: a year of them
FINISHED = (Goal.State.REACHED, Goal.State.PARTLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One day of a plan in plain values: equal ones give equal bytes.

    `key` never changes. `revision` goes up with every change, the last of which was at `changed_at`. `has_alarm` says
    whether the calendar app is to show an alert. A meeting has no `part` (it is always shown), and a time.
    """

    key: str
    part: CalendarPart | None
    day: date
    title: str
    text: str
    path: str
    changed_at: datetime
    revision: int
    is_todo: bool = False
    is_started: bool = False
    done_at: datetime | None = None
    has_alarm: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarContents:
    """All entries of a calendar. Alerts are `alarm_days` before each day, at `alarm_hour`; None for no alerts."""

    entries: tuple[CalendarEntry, ...]
    alarm_days: int | None = None
    alarm_hour: int = 0


def count_addresses(user: User) -> int:
    """Return how many addresses of calendars work."""
    return CalendarFeed.objects.for_user(user).filter(token_hash__isnull=False).count()


def hash_token(token: str) -> str:
    """Return the hash of a token, by which a calendar is found. SHA-256 is enough for a random token of 256 bits."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def feed_for(user: User) -> CalendarFeed:
    """Return the calendar of a person; one with the defaults, not saved, where there is none. One query."""
    return CalendarFeed.objects.for_user(user).first() or CalendarFeed(user=user)


def find_feed(token: str) -> CalendarFeed | None:
    """Return the calendar at an address, with its owner; None where there is none.

    It is the same query whether the address is unknown, was stopped, or its owner is deleting the account: the time
    tells nothing.
    """
    return CalendarFeed.objects.served().select_related("user").filter(token_hash=hash_token(token)).first()


@dataclass
class _PlanDates:
    """A plan and its goals while its entries are made."""

    plan: Any
    feed: CalendarFeed
    goals: dict[int, Any]
    pauses: list[Pause] = field(default_factory=list)

    def entry(self, row: Any, name: str, day: date, **values: Any) -> CalendarEntry:
        values = {"changed_at": row.changed_at or row.created_at, "revision": row.version - 1, **values}
        has_alarm = self.has_alarm(day, values.get("done_at"))
        return CalendarEntry(key=f"{name}/{row.pk}", day=day, has_alarm=has_alarm, **values)

    def has_alarm(self, day: date, done_at: datetime | None = None) -> bool:
        """Whether there is an alert: not for what is done, and not during a pause."""
        before = self.feed.alarm_days
        if before is None or done_at or day.toordinal() <= before:
            return False
        alarm_on = day - timedelta(days=before)
        return not any(pause.starts_on <= alarm_on <= pause.ends_on for pause in self.pauses)


def calendar_contents(feed: CalendarFeed) -> CalendarContents:
    """Return the entries of the active plan by day, finished ones only where the person wants them, and coming
    meetings.

    A pause moves dates when it is made; here it only silences alerts. At most 9 queries.
    """
    user = feed.user
    meetings = list(_meeting_entries(user, timezone.now()))
    plans = Plan.objects.for_user(user).active().annotate(changed_at=_last_change(Plan))
    plan = plans.first()
    if plan is None:
        return CalendarContents(entries=tuple(sorted(meetings, key=_order)))
    dates = _PlanDates(plan, feed, _goals(plan, with_done=feed.with_done))
    hour = 0
    if feed.alarm_days is not None:
        dates.pauses = list(plan.pauses.all())
        hour = preferences_of(user).hour
    readers = {
        CalendarPart.GOALS: _goal_entries,
        CalendarPart.STEPS: _step_entries,
        CalendarPart.STOP_RULES: _stop_rule_entries,
        CalendarPart.REVIEWS: _review_entries,
        CalendarPart.OPPORTUNITIES: _opportunity_entries,
    }
    found = chain(meetings, *(read(dates) for part, read in readers.items() if part in feed.parts))
    entries = sorted(found, key=_order)
    return CalendarContents(entries=tuple(entries), alarm_days=feed.alarm_days, alarm_hour=hour)


def _order(entry: CalendarEntry) -> tuple[date, str]:
    return entry.day, entry.key


def _meeting_entries(user: User, now: datetime) -> Iterator[CalendarEntry]:
    """Yield the coming meetings of a person as an owner and as a mentor, without an alert. One query.

    Their key is that of the file (meetings/ics.py), so that both are one entry in a calendar.
    """
    live = Mentorship.objects.live(now).filter(Q(owner=user) | Q(mentor=user))
    for meeting in Meeting.objects.coming().filter(mentorship__in=live).select_related("mentorship__owner"):
        both, is_owner = meeting.mentorship, meeting.mentorship.owner_id == user.pk
        name = both.first_name if is_owner else both.owner.first_name or both.owner.name
        path = (
            reverse("meeting:sheet", args=[both.pk]) if is_owner else reverse("mentor-meeting:sheet", args=[both.key])
        )
        yield CalendarEntry(
            key=f"meeting/{meeting.key}",
            part=None,
            day=timezone.localdate(meeting.starts_at, user.zone),
            title=_("15 minutes with %(name)s") % {"name": name},
            text="",
            path=path,
            changed_at=meeting.set_at,
            revision=meeting.revision,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
        )


def _last_change(model: type[Model]) -> Subquery:
    """Return the last change of a row of a model with history."""
    events = model.events.rel.related_model._default_manager  # type: ignore[attr-defined]  # made by track_history
    return Subquery(events.filter(pgh_obj=OuterRef("pk")).order_by("-pgh_created_at").values("pgh_created_at")[:1])


def _goals(plan: Plan, *, with_done: bool) -> dict[int, Any]:
    """Return open goals by id, and finished ones where wanted. One query."""
    states = (Goal.State.ACTIVE, *FINISHED) if with_done else (Goal.State.ACTIVE,)
    goals = plan.goals.filter(state__in=states).annotate(changed_at=_last_change(Goal))
    return {goal.pk: goal for goal in goals}


def _goal_entries(dates: _PlanDates) -> Iterator[CalendarEntry]:
    for goal in dates.goals.values():
        yield dates.entry(
            goal,
            "goal",
            _local_day(goal.closed_at, dates) or goal.due_on,
            part=CalendarPart.GOALS,
            title=_("Goal: %(title)s") % {"title": goal.title},
            text="",
            path=goal.get_absolute_url(),
            done_at=goal.closed_at,
        )


def _step_entries(dates: _PlanDates) -> Iterator[CalendarEntry]:
    wanted = Q(state__in=ActionStep.OPEN_STATES, goal__state=Goal.State.ACTIVE)
    if dates.feed.with_done:
        wanted |= Q(state=ActionStep.State.DONE, goal__state__in=(Goal.State.ACTIVE, *FINISHED))
    steps = ActionStep.objects.filter(wanted, goal__plan=dates.plan).annotate(changed_at=_last_change(ActionStep))
    steps = steps.defer("details").prefetch_related("occurrences")
    rows: Iterable[Any] = steps.order_by("pk")  # with the annotation, which the type checker loses
    for step in rows:
        if step.goal_id not in dates.goals:
            continue  # closed between two queries
        if step.repeats:
            yield from _repeating_entries(step, dates)
            continue
        done_on = _local_day(step.done_at, dates)
        day = step.due_on or done_on if dates.feed.steps_as_todos else done_on or step.due_on
        if day is not None:
            yield _step_entry(step, dates, "step", day, done_at=step.done_at)


def _step_entry(step: Any, dates: _PlanDates, name: str, day: date, *, done_at: datetime | None) -> CalendarEntry:
    goal = dates.goals[step.goal_id]
    return dates.entry(
        step,
        name,
        day,
        part=CalendarPart.STEPS,
        title=step.title,
        text=_("Step for your goal “%(title)s”") % {"title": goal.title},
        path=goal.get_absolute_url(),
        # The entry changes with its goal, too.
        changed_at=max(step.changed_at or step.created_at, goal.changed_at or goal.created_at),
        revision=step.version + goal.version - 2,
        is_todo=dates.feed.steps_as_todos,
        is_started=step.state == ActionStep.State.IN_PROGRESS,
        done_at=done_at,
    )


def _repeating_entries(step: Any, dates: _PlanDates) -> Iterator[CalendarEntry]:
    """Yield each time that a repeating step was done, where wanted, and the coming ones of a year. As a task, and by a
    rule that counts from when it was done, only the next one.

    The key has the day, so that an entry stays the same when it is done.
    """
    for occurrence in step.occurrences.all():
        if dates.feed.with_done and occurrence.outcome == StepOccurrence.Outcome.DONE:
            done_on = timezone.localdate(occurrence.closed_at, dates.feed.user.zone)
            day = occurrence.due_on if dates.feed.steps_as_todos else done_on
            yield _step_entry(step, dates, _key(occurrence.due_on), day, done_at=occurrence.closed_at)
    if not step.is_open:
        return
    goal, rule = dates.goals[step.goal_id], step.repeat_rule
    until = min(filter(None, (step.repeats_until, goal.due_on, step.due_on + REPEATS_AHEAD)))
    days = list(rule.days(step.due_on, step.repeats_from, until)) or [step.due_on]
    for day in days if rule.is_by_calendar and not dates.feed.steps_as_todos else days[:1]:
        yield _step_entry(step, dates, _key(day), day, done_at=None)


def _key(day: date) -> str:
    return f"step-{day.isoformat()}"


def _stop_rule_entries(dates: _PlanDates) -> Iterator[CalendarEntry]:
    for goal in dates.goals.values():
        if goal.is_active and goal.stop_on and not goal.stop_answered_at:
            yield dates.entry(
                goal,
                "stop-rule",
                goal.stop_on,
                part=CalendarPart.STOP_RULES,
                title=_("Keep going or stop: %(title)s") % {"title": goal.title},
                text=_("I will stop unless: %(unless)s") % {"unless": goal.stop_condition},
                path=goal.get_absolute_url(),
            )


def _review_entries(dates: _PlanDates) -> Iterator[CalendarEntry]:
    """Yield the open review, and those of a year from the next one on; none without open goals, unless it is started.

    The key is the date, so that an entry does not change when the review becomes due.
    """
    of_plan = load_plan_reviews(dates.feed.user)
    has_goals = any(goal.is_active for goal in dates.goals.values())
    days = set()
    if of_plan.open_review and (has_goals or of_plan.open_review.started_at):
        days.add(of_plan.open_review.due_on)
    if has_goals and of_plan.schedule and of_plan.schedule.next_on:
        first = of_plan.schedule.next_on
        days.update(of_plan.schedule.rule.dates(first, first + REVIEWS_AHEAD))
    for day in days:
        yield dates.entry(
            dates.plan,
            f"review/{day.isoformat()}",
            day,
            part=CalendarPart.REVIEWS,
            title=_("Review of my plan"),
            text=dates.plan.title,
            path=reverse("reviews:list"),
        )


def _opportunity_entries(dates: _PlanDates) -> Iterable[CalendarEntry]:
    closing = dates.plan.opportunities.open().filter(closes_on__isnull=False)
    for opportunity in closing.annotate(changed_at=_last_change(Opportunity)):
        yield dates.entry(
            opportunity,
            "opportunity",
            opportunity.closes_on,
            part=CalendarPart.OPPORTUNITIES,
            title=_("Closing date: %(title)s") % {"title": opportunity.title},
            text=opportunity.organisation,
            path=opportunity.get_absolute_url(),
        )


def _local_day(at: datetime | None, dates: _PlanDates) -> date | None:
    """Return the day of a moment in the owner's time zone."""
    return timezone.localdate(at, dates.feed.user.zone) if at else None
