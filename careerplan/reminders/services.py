"""Creating reminders; preferences and notifications.

Two moments must not be mixed up: `as_of` is the moment for which reminders are created (an operator may name another
day), `now` and `clock` are the real time, by which claims expire.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from tzdata import IANA_VERSION

from accounts.models import User
from careerplan.core.database import read_sql
from careerplan.goals.models import Goal
from careerplan.goals.services.locks import lock_goal
from careerplan.goals.services.occurrences import record_missed
from careerplan.reminders.kinds import DEFAULT_HOUR, ReminderKind
from careerplan.reminders.models import (
    Digest,
    GoalReminders,
    Preferences,
    Reminder,
    ReminderSchedule,
    SchedulerRun,
    UserActivity,
)
from careerplan.reminders.queries.delivery_windows import CLOCKS_DIFFER, next_delivery_time
from careerplan.reminders.queries.due import LONGEST_DAY, read_due_sql, sql_params, window_params

# The planner prefers to read all goals at once, because many are active; their rows are wide and the indexes narrow, so
# that gets worse as plans grow. Compiling the statement would take longer than running it.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
SET_NEXT_CHECKS = """
UPDATE reminders_reminderschedule AS schedule SET next_check_at = next.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS next (user_id, at) WHERE schedule.user_id = next.user_id
"""
# Users per transaction.
USERS_PER_BATCH = 1000
# Users for whom the statement failed are checked again after this.
RETRY_FAILED_AFTER = timedelta(minutes=10)

log = structlog.get_logger(__name__)


CREATE_DUE_REMINDERS = read_due_sql("create_due_reminders.sql")
RESCHEDULE_UNSENT_DIGESTS = read_sql("careerplan.reminders", "reschedule_unsent_digests.sql")
RESCHEDULE_FOR_USER = RESCHEDULE_UNSENT_DIGESTS.replace("/*only*/", "AND person.id = %(only)s")


def create_due_reminders(*, as_of: datetime, now: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
    """Create, at `now`, the reminders due at `as_of` for users whose next check is due.

    Return the number of new reminders that are to be mailed. Safe to run at any time, any number of times, in
    parallel: no one is checked twice at once, and nothing is created twice. Ends early where `is_over` says so; the
    next run continues. A failure for one person stops no one else.
    """
    _check_everyone_after_clock_change(now)
    made = 0
    while True:
        with transaction.atomic():
            people = _lock_due_users(as_of)
            record_missed(users=people, now=now)
            result = _create_for_batch(people, as_of, now, is_over)
            made += result.made
            _schedule_next_checks(result.people, as_of)
            ReminderSchedule.objects.filter(pk__in=result.broken).update(next_check_at=as_of + RETRY_FAILED_AFTER)
            SchedulerRun.objects.update(ran_at=now, made=made)
        if len(people) < USERS_PER_BATCH or is_over():
            break
    if as_of > now:  # an operator asked about a later day: the days until then are checked when they come
        ReminderSchedule.objects.filter(next_check_at__gt=as_of).update(next_check_at=now)
    return made


@dataclass
class _BatchResult:
    """Users of a batch, those whose reminders failed, and the number of reminders for emails."""

    people: list[int]
    made: int = 0
    broken: list[int] = field(default_factory=list)


def _create_for_batch(people: list[int], as_of: datetime, now: datetime, is_over: Callable[[], bool]) -> _BatchResult:
    """Create reminders for a batch; if that fails, for each user alone, until `is_over`.

    Raises the database error if it fails for all of them: then the rows are not the reason.
    """
    try:
        return _BatchResult(people, create_for_users(people, as_of=as_of, now=now))
    except DatabaseError as error:
        if connection.needs_rollback:  # the connection is lost
            raise
        failure = error
    result = _BatchResult([])
    for person in people:
        if result.people and is_over():
            break
        result.people.append(person)
        try:
            result.made += create_for_users([person], as_of=as_of, now=now)
        except DatabaseError as error:
            if connection.needs_rollback:
                raise
            result.broken.append(person)
            log.error("reminder_creation_failed", user=person, error=type(error).__name__)
    if len(result.broken) == len(people) > 1:
        raise failure
    return result


def create_for_users(people: list[int], *, as_of: datetime, now: datetime) -> int:
    """Create, at `now`, the reminders due to users (by id) at `as_of`. Return the number of new ones for emails."""
    if not people:
        return 0
    zones = User.objects.filter(pk__in=people).order_by().values_list("time_zone", flat=True).distinct()
    values = sql_params(window_params(as_of, now, zones)) | {"users": people}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BY_INDEX)
        cursor.execute(CREATE_DUE_REMINDERS, values)
        return int(cursor.fetchone()[0])


def _lock_due_users(as_of: datetime) -> list[int]:
    """Lock the people whose next check has come until the end of the transaction; skip those locked by another run."""
    due = ReminderSchedule.objects.select_for_update(skip_locked=True).filter(_is_due(as_of)).order_by("next_check_at")
    return list(due.values_list("user_id", flat=True)[:USERS_PER_BATCH])


def _is_due(as_of: datetime) -> Q:
    return Q(next_check_at__lte=as_of) | Q(next_check_at__gt=as_of + LONGEST_DAY)


def _schedule_next_checks(people: list[int], as_of: datetime) -> None:
    """Set the next check of each user to their next delivery time. One statement: bulk_update is ten times as slow."""
    people_with_hours = User.objects.filter(pk__in=people).values_list("pk", "time_zone", "reminder_preferences__hour")
    next_hour = cache(partial(next_delivery_time, as_of))
    next_checks = {pk: next_hour(zone, DEFAULT_HOUR if hour is None else hour) for pk, zone, hour in people_with_hours}
    with connection.cursor() as cursor:
        cursor.execute(SET_NEXT_CHECKS, [list(next_checks), list(next_checks.values())])


def due_user_batches(as_of: datetime, only: User | None = None) -> Iterator[list[int]]:
    """Yield the ids of the people whom a run at `as_of` would check, a batch at a time; changes no schedule."""
    due, last = ReminderSchedule.objects.filter(_is_due(as_of)).order_by("pk").values_list("pk", flat=True), 0
    if only:
        due = due.filter(pk=only.pk)
    while people := list(due.filter(pk__gt=last)[:USERS_PER_BATCH]):
        yield people
        last = people[-1]


def _check_everyone_after_clock_change(now: datetime) -> None:
    """Check every user after newer time zone data, or after our clock was set back: no schedule is valid then."""
    record, _created = SchedulerRun.objects.get_or_create(defaults={"ran_at": now, "zone_data": IANA_VERSION})
    # A last run further in the future was made before a clock was set back.
    if record.zone_data != IANA_VERSION or record.ran_at > now + CLOCKS_DIFFER:
        with transaction.atomic():
            # Schedules first, as in a run: the same order prevents a deadlock.
            ReminderSchedule.objects.filter(next_check_at__gt=now).update(next_check_at=now)
            SchedulerRun.objects.update(zone_data=IANA_VERSION, ran_at=now)


def reschedule_unsent_digests(*, as_of: datetime, now: datetime, only: User | None = None) -> None:
    """Move what could not be sent on an earlier day into today's mail, where the person's time of day has come.

    Raises IntegrityError where another run creates today's mail at the same moment; the next run settles it.
    """
    unsent = Digest.objects.pending().filter(user=only) if only else Digest.objects.pending()
    zones = list(unsent.order_by().values_list("user__time_zone", flat=True).distinct())
    if not zones:
        return
    with connection.cursor() as cursor:
        statement = RESCHEDULE_FOR_USER if only else RESCHEDULE_UNSENT_DIGESTS
        cursor.execute(statement, window_params(as_of, now, zones) | {"only": only.pk if only else None})


@transaction.atomic
def save_preferences(*, user: User, **changes: Any) -> Preferences:
    """Save reminder preferences: any fields of the model. Other fields do not change.

    Saving them also answers the feedback question.
    """
    for name in ("goal_leads", "step_leads", "opportunity_leads"):
        if name in changes:
            changes[name] = sorted(set(changes[name]), reverse=True)
    if "muted_kinds" in changes:
        changes["muted_kinds"] = sorted(set(changes["muted_kinds"]))
    preferences, _created = Preferences.objects.update_or_create(user=user, defaults=changes)
    dismiss_feedback_question(user=user)
    return preferences


@transaction.atomic
def stop_kinds(*, user: User, kinds: list[ReminderKind]) -> Preferences:
    """Mute some kinds of email, in addition to the muted ones. Idempotent."""
    Preferences.objects.get_or_create(user=user)
    locked = Preferences.objects.select_for_update().get(user=user)
    return save_preferences(user=user, muted_kinds=[*locked.muted_kinds, *kinds])


@transaction.atomic
def save_goal_reminders(*, goal: Goal, leads: list[int], is_muted: bool) -> GoalReminders:
    """Save the reminder settings of a goal. Lead times equal to the preferences follow the preferences.

    Raises GoalIsClosed.
    """
    goal = lock_goal(pk=goal.pk)
    usual = Preferences.objects.for_user(goal.plan.user).first() or Preferences(user=goal.plan.user)
    own = None if set(leads) == set(usual.goal_leads) else sorted(set(leads), reverse=True)
    settings, _created = GoalReminders.objects.update_or_create(
        goal=goal, defaults={"leads": own, "is_muted": is_muted}
    )
    return settings


def dismiss_feedback_question(*, user: User) -> None:
    """Stop asking for feedback until emails stay unanswered again. Idempotent."""
    UserActivity.objects.filter(user=user, feedback_asked_at__isnull=False).update(feedback_asked_at=None)


def mark_notifications_seen(*, user: User, up_to: int, now: datetime) -> int:
    """Mark notifications as read up to an id: later ones stay new. Return how many."""
    notifications = Reminder.objects.for_user(user).in_app()
    return notifications.filter(pk__lte=up_to, seen_at__isnull=True).update(seen_at=now)
