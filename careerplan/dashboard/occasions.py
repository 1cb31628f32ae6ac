"""What is only now and then on Today, found out in one query, so that its own queries run only where it is there."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from careerplan.conversation.owner.queries import new_comments, open_suggestions
from careerplan.core.compiled_query import CompiledQuery
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
    [[has_draft, may_offer, has_pause, has_comments, has_suggestions]] = OCCASIONS.fetch(user.pk, now, today)
    return Occasions(has_draft, may_offer, has_pause, has_comments or has_suggestions)


def _occasions(user: User, now: datetime, today: date) -> QuerySet[User, Any]:
    return User.objects.filter(pk=user.pk).values_list(
        Exists(Assessment.objects.for_user(user).drafts()),
        Exists(_results_without_goals(user)),
        Exists(recent_pauses(user, today)),
        Exists(new_comments(user)),
        Exists(open_suggestions(user, now)),
    )


# Fifteen tables, mostly empty for somebody: to plan it takes twenty times as long as to run it.
OCCASIONS = CompiledQuery(_occasions, is_planned_once=True)


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
