"""Read the content of a calendar. The number of queries does not depend on its size."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Model, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.calendar_feed.addresses import hash_of
from careerplan.calendar_feed.entries import CalendarContents, CalendarEntry
from careerplan.calendar_feed.models import CalendarFeed, CalendarPart
from careerplan.goals.models import ActionStep, Goal
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.queries.preferences import preferences_of
from careerplan.reviews.queries import load_plan_reviews

REVIEWS_AHEAD = timedelta(days=366)  # reviews from the next one on: a year of them
FINISHED = (Goal.State.REACHED, Goal.State.PARTLY)


def feed_for(user: User) -> CalendarFeed:
    """Return the feed settings of a user, or unsaved defaults. One query."""
    return CalendarFeed.objects.for_user(user).first() or CalendarFeed(user=user)


def find_feed(token: str) -> CalendarFeed | None:
    """Return the feed at an address with its owner, or None.

    The query is the same whether the address is unknown, was stopped, or its owner is leaving, so the time it takes
    reveals nothing.
    """
    return CalendarFeed.objects.served().select_related("user").filter(token_hash=hash_of(token)).first()


@dataclass
class _PlanDates:
    """Collects the entries of a plan."""

    plan: Any
    feed: CalendarFeed
    goals: dict[int, Any]
    pauses: list[Pause] = field(default_factory=list)

    def entry(self, row: Any, name: str, day: date, **said: Any) -> CalendarEntry:
        """Return the entry of a row with history, or of a date within one."""
        said = {"changed_at": row.changed_at or row.created_at, "revision": row.version - 1, **said}
        return CalendarEntry(key=f"{name}/{row.pk}", day=day, rings=self.rings(day, said.get("done_at")), **said)

    def rings(self, day: date, done_at: datetime | None = None) -> bool:
        """Return whether an alarm is set: not for finished entries, and not during a pause."""
        before = self.feed.alarm_days
        if before is None or done_at or day.toordinal() <= before:
            return False
        rung_on = day - timedelta(days=before)
        return not any(pause.starts_on <= rung_on <= pause.ends_on for pause in self.pauses)


def calendar_contents(feed: CalendarFeed) -> CalendarContents:
    """Return the calendar of the active plan, in date order. Closed or finished entries only if the settings ask for
    them.

    Pauses moved the dates when they were made; here they only silence alarms. At most 7 queries.
    """
    user = feed.user
    plans = Plan.objects.for_user(user).active().annotate(changed_at=_last_change(Plan))
    plan = plans.first()
    if plan is None:
        return CalendarContents(entries=())
    reading = _PlanDates(plan, feed, _goals(plan, with_done=feed.with_done))
    hour = 0
    if feed.alarm_days is not None:
        reading.pauses = list(plan.pauses.all())
        hour = preferences_of(user).hour
    readers = {
        CalendarPart.GOALS: _goal_entries,
        CalendarPart.STEPS: _step_entries,
        CalendarPart.STOP_RULES: _stop_rule_entries,
        CalendarPart.REVIEWS: _review_entries,
        CalendarPart.OPPORTUNITIES: _opportunity_entries,
    }
    found = chain.from_iterable(read(reading) for part, read in readers.items() if part in feed.parts)
    entries = sorted(found, key=lambda entry: (entry.day, entry.key))
    return CalendarContents(entries=tuple(entries), alarm_days=feed.alarm_days, alarm_hour=hour)


def _last_change(model: type[Model]) -> Subquery:
    """Return when a row of a model with history last changed."""
    events = model.events.rel.related_model._default_manager  # type: ignore[attr-defined]  # made by track_history
    return Subquery(events.filter(pgh_obj=OuterRef("pk")).order_by("-pgh_created_at").values("pgh_created_at")[:1])


def _goals(plan: Plan, *, with_done: bool) -> dict[int, Any]:
    """Return open goals by id, and finished ones if asked for. One query."""
    states = (Goal.State.ACTIVE, *FINISHED) if with_done else (Goal.State.ACTIVE,)
    goals = plan.goals.filter(state__in=states).annotate(changed_at=_last_change(Goal))
    return {goal.pk: goal for goal in goals}


def _goal_entries(reading: _PlanDates) -> Iterator[CalendarEntry]:
    for goal in reading.goals.values():
        yield reading.entry(
            goal,
            "goal",
            _local_day(goal.closed_at, reading) or goal.due_on,
            part=CalendarPart.GOALS,
            title=_("Goal: %(title)s") % {"title": goal.title},
            text="",
            path=goal.get_absolute_url(),
            done_at=goal.closed_at,
        )


def _step_entries(reading: _PlanDates) -> Iterator[CalendarEntry]:
    wanted = Q(state__in=ActionStep.OPEN_STATES, goal__state=Goal.State.ACTIVE)
    if reading.feed.with_done:
        wanted |= Q(state=ActionStep.State.DONE, goal__state__in=(Goal.State.ACTIVE, *FINISHED))
    steps = ActionStep.objects.filter(wanted, goal__plan=reading.plan).annotate(changed_at=_last_change(ActionStep))
    rows: Iterable[Any] = steps.defer("details").order_by("pk")  # with the annotation, which the type checker loses
    for step in rows:
        goal = reading.goals.get(step.goal_id)
        if goal is None:
            continue  # closed between two queries
        is_todo = reading.feed.steps_as_todos
        yield reading.entry(
            step,
            "step",
            step.due_on if is_todo else _local_day(step.done_at, reading) or step.due_on,
            part=CalendarPart.STEPS,
            title=step.title,
            text=_("Step for your goal “%(title)s”") % {"title": goal.title},
            path=goal.get_absolute_url(),
            # The text changes with its goal too.
            changed_at=max(step.changed_at or step.created_at, goal.changed_at or goal.created_at),
            revision=step.version + goal.version - 2,
            is_todo=is_todo,
            is_begun=step.state == ActionStep.State.IN_PROGRESS,
            done_at=step.done_at,
        )


def _stop_rule_entries(reading: _PlanDates) -> Iterator[CalendarEntry]:
    for goal in reading.goals.values():
        if goal.is_active and goal.stop_on and not goal.stop_answered_at:
            yield reading.entry(
                goal,
                "stop-rule",
                goal.stop_on,
                part=CalendarPart.STOP_RULES,
                title=_("Keep going or stop: %(title)s") % {"title": goal.title},
                text=_("I will stop unless: %(unless)s") % {"unless": goal.stop_condition},
                path=goal.get_absolute_url(),
            )


def _review_entries(reading: _PlanDates) -> Iterator[CalendarEntry]:
    """Return the review that is due, and the reviews of a year from the next one on.

    Each is identified by its date, so that becoming due changes nothing. Without open goals there are none, unless a
    review was started.
    """
    of_plan = load_plan_reviews(reading.feed.user)
    has_goals = any(goal.is_active for goal in reading.goals.values())
    days = set()
    if of_plan.open_review and (has_goals or of_plan.open_review.started_at):
        days.add(of_plan.open_review.due_on)
    if has_goals and of_plan.schedule and of_plan.schedule.next_on:
        first = of_plan.schedule.next_on
        days.update(of_plan.schedule.rule.dates(first, first + REVIEWS_AHEAD))
    for day in days:
        yield reading.entry(
            reading.plan,
            f"review/{day.isoformat()}",
            day,
            part=CalendarPart.REVIEWS,
            title=_("Review of my plan"),
            text=reading.plan.title,
            path=reverse("reviews:list"),
        )


def _opportunity_entries(reading: _PlanDates) -> Iterable[CalendarEntry]:
    closing = reading.plan.opportunities.open().filter(closes_on__isnull=False)
    for opportunity in closing.annotate(changed_at=_last_change(Opportunity)):
        yield reading.entry(
            opportunity,
            "opportunity",
            opportunity.closes_on,
            part=CalendarPart.OPPORTUNITIES,
            title=_("Closing date: %(title)s") % {"title": opportunity.title},
            text=opportunity.organisation,
            path=opportunity.get_absolute_url(),
        )


def _local_day(at: datetime | None, reading: _PlanDates) -> date | None:
    """Return the local date of a time in the owner's time zone; no one needs to be signed in."""
    return timezone.localdate(at, reading.feed.user.zone) if at else None
