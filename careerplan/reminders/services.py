"""Making and stopping reminders, wishes about them, signs of life.

Two moments must not be mixed up: `as_of` is the instant for which it is asked what is owed (an operator
may ask about another day), `now` and `clock` tell the real time, by which claims run out.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.goals.services import GoalIsClosed
from careerplan.goals.services.locks import locked_goal
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
)
from careerplan.reminders.queries import mail_hours, unanswered
from careerplan.reminders.statements import BRING_FORWARD, OWED, for_one

# The planner would rather read all goals at once, as many are active; their rows are wide and the indexes narrow, so
# that gets worse as plans grow. Compiling the statement would take longer than it runs.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
SEEN_AGAIN = timedelta(hours=1)


def make_owed(*, as_of: datetime, now: datetime, only: User | None = None) -> int:
    """Write down, at `now`, everything that is owed at `as_of` and was not written down before.

    Gives the number of new reminders that are to be mailed. Safe to run at any time, any number of times, in
    parallel. `only`: for one person; then it is no sweep.
    """
    hours = hours_of(as_of, now, only)
    if not hours["days"]:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        if only is None:
            cursor.execute(BY_INDEX)
        cursor.execute(for_one(OWED) if only else OWED, rules_of(hours))
        made = int(cursor.fetchone()[0])
        if only is None:
            _note_sweep(now, made)
    return made


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
        "week": WEEK_DAYS,
        "unanswered": UNANSWERED_MOST,
    }


def hours_of(as_of: datetime, now: datetime, only: User | None) -> dict[str, Any]:
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


def _note_sweep(now: datetime, made: int) -> None:
    SweepRecord.objects.bulk_create(
        [SweepRecord(swept_at=now, made=made)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["swept_at", "made"],
    )


@transaction.atomic
def save_preferences(*, user: User, **wishes: Any) -> Preferences:
    """Keep what somebody wishes: `hour`, `weekly_maximum`, `goal_leads`, `step_leads`, `muted_kinds`.

    What is not named stays as it is. Who says what they want has answered what we asked them.
    """
    for name in ("goal_leads", "step_leads"):
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
    goal = locked_goal(goal)
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
