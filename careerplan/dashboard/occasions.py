"""What is only now and then on Today, found out in one query, so that its own queries run only where it is there."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from careerplan.conversation.owner.queries import new_comments, open_suggestions
from careerplan.goals.models import Goal
from careerplan.planning.queries.catch_up import recent_pauses
from careerplan.skills.models import Assessment


@dataclass(frozen=True, slots=True)
class Occasions:
    """Whether there may be an unfinished assessment, first goals to offer, a pause, or something to read."""

    has_draft: bool
    may_offer_goals: bool
    has_recent_pause: bool
    has_waiting: bool


def load_occasions(user: User, now: datetime, today: date) -> Occasions:
    """Return what there may be for a user. One query."""
    sql, params = _statement()
    with connection.cursor() as cursor:
        cursor.execute(sql, [_value(param, user, now, today) for param in params])
        has_draft, may_offer, has_pause, has_comments, has_suggestions = cursor.fetchone()
    return Occasions(has_draft, may_offer, has_pause, has_comments or has_suggestions)


# Values in the place of those of a request, so that Django builds the statement once: that takes longer than to run it.
USER, NOW, TODAY = User(pk=-1), datetime(1000, 6, 1, tzinfo=UTC), date(1000, 6, 1)


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """Return the statement and its parameters, for USER at NOW."""
    found = User.objects.filter(pk=USER.pk).values_list(
        Exists(Assessment.objects.for_user(USER).drafts()),
        Exists(_results_without_goals(USER)),
        Exists(recent_pauses(USER, TODAY)),
        Exists(new_comments(USER)),
        Exists(open_suggestions(USER, NOW)),
    )
    return found.query.sql_with_params()


def _value(param: Any, user: User, now: datetime, today: date) -> Any:
    """Return a parameter of the statement for a user and a time."""
    if isinstance(param, datetime):
        return now + (param - NOW)
    if isinstance(param, date):
        return today + (param - TODAY)
    return user.pk if param == USER.pk else param


def _results_without_goals(user: User) -> QuerySet[Assessment]:
    """Return the newest results unless their first goals were declined, or a goal was surely made for one of their gaps
    (`GoalsOfGaps.is_made_from_results`).
    """
    newest = Assessment.objects.for_user(user).finished().values("pk")[:1]
    counted = Q(state=Goal.State.ACTIVE) | Q(created_at__gte=OuterRef("finished_at"))
    for_a_gap = Q(origin_skill__isnull=False) | ~Q(origin_task="")
    goals = Goal.objects.for_user(user).filter(counted, for_a_gap, plan__state="active")
    undecided = Assessment.objects.filter(pk=Subquery(newest), declined_first_goals__isnull=True)
    return undecided.exclude(Exists(goals))
