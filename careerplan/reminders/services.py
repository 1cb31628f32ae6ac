"""Making and stopping reminders, wishes about them, signs of life.

Two moments must not be mixed up: `as_of` is the instant for which it is asked what is owed (an operator
may ask about another day), `now` and `clock` tell the real time, by which claims run out.
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
from careerplan.goals.models import Goal
from careerplan.goals.services.locks import GoalIsClosed, lock_goal
from careerplan.reminders.kinds import LEAD_CHOICES, UNANSWERED_MOST, WEEK_DAYS
from careerplan.reminders.models import (
    DEFAULT_HOUR,
    LEAD_DAYS,
    GoalReminders,
    Preferences,
    Presence,
    Reminder,
    ReminderKind,
    SweepRecord,
    Turn,
)
from careerplan.reminders.queries import mail_hours, next_mail_hour, unanswered
from careerplan.reminders.statements import BRING_FORWARD, OWED, for_one

# The planner would rather read all goals at once, as many are active; their rows are wide and the indexes narrow, so
# that gets worse as plans grow. Compiling the statement would take longer than it runs.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
SEEN_AGAIN = timedelta(hours=1)
NEXT_TURNS = """
UPDATE reminders_turn AS turn SET look_at = next.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS next (user_id, at) WHERE turn.user_id = next.user_id
"""
# So many people at a time, in a transaction of their own.
TURNS_AT_ONCE = 1000
# No day is longer, wherever: a turn further away than this was set by a clock that went wrong.
LONGEST_DAY = timedelta(hours=50)
# For whom the statement failed is looked at again after this, when the others are through.
BROKEN_AGAIN = timedelta(minutes=10)
# Clocks of two machines may differ by this; a last sweep further ahead was made by a clock that was set back since.
CLOCKS_DIFFER = timedelta(minutes=10)

log = structlog.get_logger(__name__)


def make_owed(*, as_of: datetime, now: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
    """Write down, at `now`, everything that is owed at `as_of` to those whose turn has come by then.

    Gives the number of new reminders that are to be mailed. Safe to run at any time, any number of times, in
    parallel: nobody's turn is taken twice at once, and what was written down before is not written again. Ends early
    where `is_over` says so; whose turn was not taken by then is looked at by the next sweep. One person for whom it
    fails keeps nobody else waiting.
    """
    _look_at_all_where_clocks_changed(now)
    rules, made = rules_of(hours_of(as_of, now)), 0
    while True:
        with transaction.atomic():
            people = _take_turns(as_of)
            looked = _look_at(people, rules, is_over)
            made += looked.made
            _give_next_turns(looked.people, as_of)
            Turn.objects.filter(pk__in=looked.broken).update(look_at=as_of + BROKEN_AGAIN)
            SweepRecord.objects.update(swept_at=now, made=made)
        if len(people) < TURNS_AT_ONCE or is_over():
            break
    if as_of > now:  # an operator asked about a later day: the days until then are looked at when they come
        Turn.objects.filter(look_at__gt=as_of).update(look_at=now)
    return made


@dataclass
class _Looked:
    """Who was looked at, for whom of them that failed, and how many reminders to be mailed it made."""

    people: list[int]
    made: int = 0
    broken: list[int] = field(default_factory=list)


def _look_at(people: list[int], rules: dict[str, Any], is_over: Callable[[], bool]) -> _Looked:
    """As `owed_by`; where the statement fails about all together, one by one, until `is_over`.

    Raises what the database says where it fails for each of them: then it is not the rows.
    """
    try:
        return _Looked(people, owed_by(people, rules))
    except DatabaseError as error:
        if connection.needs_rollback:  # the connection is lost
            raise
        failure = error
    looked = _Looked([])
    for person in people:
        if looked.people and is_over():
            break
        looked.people.append(person)
        try:
            looked.made += owed_by([person], rules)
        except DatabaseError as error:
            if connection.needs_rollback:
                raise
            looked.broken.append(person)
            log.error("what is owed to somebody cannot be told", user=person, error=type(error).__name__)
    if len(looked.broken) == len(people) > 1:
        raise failure
    return looked


def make_owed_to(user: User, *, as_of: datetime, now: datetime) -> int:
    """The same for one person whose turn it may not be: to see what would come."""
    return owed_by([user.pk], rules_of(hours_of(as_of, now, user)))


def owed_by(people: list[int], rules: dict[str, Any]) -> int:
    """Run the statement about some people, by their ids. Gives the number of new reminders that are to be mailed."""
    if not people or not rules["days"]:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BY_INDEX)
        cursor.execute(OWED, {**rules, "users": people})
        return int(cursor.fetchone()[0])


def _take_turns(as_of: datetime) -> list[int]:
    """The people whose turn has come, held until the end of the transaction; who is held by another round is left."""
    turns = Turn.objects.select_for_update(skip_locked=True).filter(_has_come(as_of)).order_by("look_at")
    return list(turns.values_list("user_id", flat=True)[:TURNS_AT_ONCE])


def _has_come(as_of: datetime) -> Q:
    return Q(look_at__lte=as_of) | Q(look_at__gt=as_of + LONGEST_DAY)


def _give_next_turns(people: list[int], as_of: datetime) -> None:
    """Their next turns: when their mail hour next comes. One statement: bulk_update is ten times as slow."""
    own = User.objects.filter(pk__in=people).values_list("pk", "time_zone", "reminder_preferences__hour")
    next_hour = cache(partial(next_mail_hour, as_of))
    turns = {pk: next_hour(zone, DEFAULT_HOUR if hour is None else hour) for pk, zone, hour in own}
    with connection.cursor() as cursor:
        cursor.execute(NEXT_TURNS, [list(turns), list(turns.values())])


def whose_turn_has_come(as_of: datetime, only: User | None = None) -> Iterator[list[int]]:
    """The ids of the people whom a sweep at `as_of` would look at, some at a time; takes nobody's turn."""
    turns, last = Turn.objects.filter(_has_come(as_of)).order_by("pk").values_list("pk", flat=True), 0
    if only:
        turns = turns.filter(pk=only.pk)
    while people := list(turns.filter(pk__gt=last)[:TURNS_AT_ONCE]):
        yield people
        last = people[-1]


def _look_at_all_where_clocks_changed(now: datetime) -> None:
    """Where the clocks of some zone change by newer data, or ours was set back, nobody's turn is known any more."""
    record, _created = SweepRecord.objects.get_or_create(defaults={"swept_at": now, "zone_data": IANA_VERSION})
    if record.zone_data != IANA_VERSION or record.swept_at > now + CLOCKS_DIFFER:
        with transaction.atomic():
            # The turns first, as in a sweep: who takes both in the same order never waits in a circle.
            Turn.objects.filter(look_at__gt=now).update(look_at=now)
            SweepRecord.objects.update(zone_data=IANA_VERSION, swept_at=now)


def bring_forward(*, as_of: datetime, now: datetime, only: User | None = None) -> None:
    """Turn what could not be sent on an earlier day into today's mail, where the person's hour has come.

    Raises IntegrityError where another round makes today's mail at the same moment; the next round settles it.
    """
    with connection.cursor() as cursor:
        cursor.execute(for_one(BRING_FORWARD) if only else BRING_FORWARD, hours_of(as_of, now, only))


def rules_of(hours: dict[str, Any]) -> dict[str, Any]:
    """The parameters of OWED, of which `hours` are a part."""
    fixed = {kind.value: list(leads) for kind, leads in LEAD_DAYS.items()}
    return {
        **hours,
        **fixed,
        "last_day": max(hours["days"]),
        "longest_lead": max(LEAD_CHOICES),
        "goal_leads": fixed[ReminderKind.GOAL_DUE],
        "step_leads": fixed[ReminderKind.STEP_DUE],
        "opportunity_leads": fixed[ReminderKind.OPPORTUNITY_CLOSING],
        "week": WEEK_DAYS,
        "unanswered": UNANSWERED_MOST,
    }


def hours_of(as_of: datetime, now: datetime, only: User | None = None) -> dict[str, Any]:
    """Parameters of both statements: whose mail hour has come, and the moment it is written down."""
    hours = mail_hours(as_of, [only.time_zone] if only else None)
    return {
        "now": now,
        "only": only.pk if only else None,
        "zones": [row.zone for row in hours],
        "days": [row.day for row in hours],
        "first_hours": [row.first_hour for row in hours],
        "last_hours": [row.last_hour for row in hours],
        "database_zones": [row.database_zone for row in hours],
        "default_hour": DEFAULT_HOUR,
    }


@transaction.atomic
def save_preferences(*, user: User, **wishes: Any) -> Preferences:
    """Keep what somebody wishes: `hour`, `weekly_maximum`, `goal_leads`, `step_leads`, `opportunity_leads`,
    `muted_kinds`.

    What is not named stays as it is. Who says what they want has answered what we asked them.
    """
    for name in ("goal_leads", "step_leads", "opportunity_leads"):
        if name in wishes:
            wishes[name] = sorted(set(wishes[name]), reverse=True)
    if "muted_kinds" in wishes:
        wishes["muted_kinds"] = sorted(set(wishes["muted_kinds"]))
    preferences, _created = Preferences.objects.update_or_create(user=user, defaults=wishes)
    answer_question(user=user)
    return preferences


@transaction.atomic
def stop_kinds(*, user: User, kinds: list[ReminderKind]) -> Preferences:
    """Mute some kinds of e-mail, on top of what is muted. Idempotent."""
    Preferences.objects.get_or_create(user=user)
    locked = Preferences.objects.select_for_update().get(user=user)
    return save_preferences(user=user, muted_kinds=[*locked.muted_kinds, *kinds])


@transaction.atomic
def save_goal_reminders(*, goal: Goal, leads: list[int], is_muted: bool) -> GoalReminders:
    """Keep when somebody wants to hear of a goal. Lead times like those of the settings follow the settings.

    Raises GoalIsClosed.
    """
    goal = lock_goal(require_active=False, pk=goal.pk)
    if not goal.is_active:
        raise GoalIsClosed
    usual = Preferences.objects.for_user(goal.plan.user).first() or Preferences(user=goal.plan.user)
    own = None if set(leads) == set(usual.goal_leads) else sorted(set(leads), reverse=True)
    wishes, _created = GoalReminders.objects.update_or_create(goal=goal, defaults={"leads": own, "is_muted": is_muted})
    return wishes


@transaction.atomic
def note_presence(*, user: User, now: datetime) -> None:
    """Somebody gave a sign of life: mails come again as they wish. Once an hour is enough.

    Where mails had become rarer meanwhile, they are asked in the app whether hour, amount or plan is wrong.
    """
    presence, _created = Presence.objects.get_or_create(user=user, defaults={"seen_at": user.date_joined})
    presence = Presence.objects.select_for_update().get(pk=presence.pk)
    if now - presence.seen_at < SEEN_AGAIN:
        return
    if presence.asked_at is None and unanswered(user, presence.seen_at) >= UNANSWERED_MOST:
        presence.asked_at = now
    presence.seen_at = now
    presence.save(update_fields=["seen_at", "asked_at"])


def answer_question(*, user: User) -> None:
    """They answered, or do not want to: not asked again until mails stay unanswered again. Idempotent."""
    Presence.objects.filter(user=user, asked_at__isnull=False).update(asked_at=None)


def put_notices_away(*, user: User, up_to: int, now: datetime) -> int:
    """Mark one's notices as seen, up to an id: what came up after the page was shown stays new. Gives how many."""
    notices = Reminder.objects.for_user(user).in_app()
    return notices.filter(pk__lte=up_to, seen_at__isnull=True).update(seen_at=now)
