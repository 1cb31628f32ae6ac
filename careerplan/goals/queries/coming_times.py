"""On which day repeating steps will be due, if nobody answers: for the forecast of emails."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models.functions import Least

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.repeats import RepeatRule, RepeatUnit
from careerplan.plans.models import Plan


class ComingTime(NamedTuple):
    """A repeating step that will be due on `due_on` on a coming day, because its times before were missed."""

    step_id: int
    day: date
    due_on: date


def times_on_days(user: User, local_days: Mapping[date, date]) -> list[ComingTime]:
    """Return the times of repeating steps that will have come by some days, as `record_missed` moves to them.

    One query. `local_days` are the user's dates by day, in order. Missing are days on which a step is due as it is now.
    """
    steps = ActionStep.objects.for_user(user).open().exclude(repeats="").exclude(repeats__startswith=RepeatUnit.AFTER)
    active = steps.filter(goal__state=Goal.State.ACTIVE, goal__plan__state=Plan.State.ACTIVE)
    until = Least("repeats_until", "goal__due_on")  # PostgreSQL leaves a null out
    rows = active.annotate(until=until).values_list("pk", "repeats", "repeats_from", "due_on", "until")
    return [
        ComingTime(pk, day, due_on)
        for pk, repeats, anchor, first, last in rows
        if (rule := RepeatRule.parse(repeats)) and anchor and first
        for day, due_on in _latest_days(rule, anchor, first, last, local_days)
        if due_on != first
    ]


def _latest_days(
    rule: RepeatRule, anchor: date, first: date, last: date, local_days: Mapping[date, date]
) -> Iterator[tuple[date, date]]:
    """Yield each day with the last day of a rule that has come by then, from `first` to `last`."""
    due_on = first
    for day, today in local_days.items():
        while (next_on := rule.next_after(due_on, anchor)) and next_on <= min(today, last):
            due_on = next_on
        yield day, due_on
