"""Catch up: answers for late goals and steps, what they would change, and applying them as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.dates import next_monday
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep, Change, Goal, StepOccurrence
from careerplan.goals.queries.workload import (
    WEEK,
    Overload,
    StepEffort,
    all_efforts,
    open_efforts,
    overload_after,
    weekly_load,
    weeks_of_pauses,
)
from careerplan.goals.services.locks import lock_plan_and_goals
from careerplan.goals.services.occurrences import advance_step, next_day, stop_repeating
from careerplan.goals.services.undo import UndoRecord
from careerplan.plans.models import Plan
from careerplan.plans.queries import pauses_ahead


class GoalAnswer(models.TextChoices):
    """An answer for a late goal."""

    REACHED = "reached", gettext_lazy("Reached")
    MONTH = "month", gettext_lazy("In a month")
    QUARTER = "quarter", gettext_lazy("In 3 months")
    DAY = "day", gettext_lazy("Pick a day")
    LET_GO = "let_go", gettext_lazy("Let go")


class StepAnswer(models.TextChoices):
    """An answer for a late step."""

    DONE = "done", gettext_lazy("Done")
    TODAY = "today", gettext_lazy("Today")
    WEEK = "week", gettext_lazy("Next week")
    DAY = "day", gettext_lazy("Pick a day")
    DROP = "drop", gettext_lazy("Drop")


class RepeatAnswer(models.TextChoices):
    """An answer for a late time of a repeating step."""

    DONE = "done", gettext_lazy("Done")
    TODAY = "today", gettext_lazy("Today")
    SKIP = "skip", gettext_lazy("Skip this time")
    DAY = "day", gettext_lazy("Pick a day")
    STOP = "stop", gettext_lazy("Stop repeating")


FOR_ALL: Mapping[str, RepeatAnswer] = {
    StepAnswer.WEEK: RepeatAnswer.SKIP,
    StepAnswer.DROP: RepeatAnswer.SKIP,
}
"""What an answer for all late steps is for a repeating one: it comes again by itself, and goes on."""


@dataclass(frozen=True)
class Answer:
    """An answer with its date, if it is "Pick a day"."""

    choice: str
    day: date | None = None


GOAL_STATES: Mapping[str, Goal.State] = {
    GoalAnswer.REACHED: Goal.State.REACHED,
    GoalAnswer.LET_GO: Goal.State.LET_GO,
}
STEP_STATES: Mapping[str, ActionStep.State] = {
    StepAnswer.DONE: ActionStep.State.DONE,
    StepAnswer.DROP: ActionStep.State.DROPPED,
    RepeatAnswer.STOP: ActionStep.State.DROPPED,
}
MONTH_DAYS, QUARTER_DAYS = 30, 91


@dataclass(frozen=True)
class GoalUpdate:
    """A goal that closes (`state`), or moves to `due_on`. `is_for_steps`: it moves so that its steps fit."""

    goal: Goal
    state: Goal.State | None = None
    due_on: date | None = None
    is_for_steps: bool = False


@dataclass(frozen=True)
class StepUpdate:
    """A step that is done or dropped (`state`), or moves to `due_on`; `is_skipped`: a time of a repeating step.

    `next_on`: when a repeating step is due after this time; None if it was the last one. `until`: its last day, with
    the new date of its goal.
    """

    step: ActionStep
    state: ActionStep.State | None = None
    due_on: date | None = None
    is_skipped: bool = False
    next_on: date | None = None
    until: date | None = None

    @property
    def text(self) -> str:
        """Return what becomes of the step, if it does not move."""
        if self.is_skipped:
            return str(RepeatAnswer.SKIP.label) if self.next_on else _("Skip this time, the last one")
        if self.step.repeats and self.state == ActionStep.State.DROPPED:
            return str(RepeatAnswer.STOP.label)
        return str(self.state.label) if self.state else ""

    @property
    def outcome(self) -> StepOccurrence.Outcome | None:
        """Return what becomes of this time of a repeating step that goes on; None where it stops or moves."""
        if self.step.repeats and self.state == ActionStep.State.DONE:
            return StepOccurrence.Outcome.DONE
        return StepOccurrence.Outcome.SKIPPED if self.is_skipped else None


@dataclass(frozen=True)
class CatchUp:
    """What the answers change, in the order of the page."""

    goals: Sequence[GoalUpdate]
    steps: Sequence[StepUpdate]

    @property
    def count(self) -> int:
        """Return the number of goals and steps that change."""
        return len(self.goals) + len(self.steps)


def plan_catch_up(goals: Mapping[Goal, Answer], steps: Mapping[ActionStep, Answer], today: date) -> CatchUp:
    """Return what answers change. A goal that stays open moves to the last new date of its steps, if that is later."""
    step_updates = [_step_update(step, answer, today) for step, answer in steps.items()]
    updates = {goal.pk: _goal_update(goal, answer, today) for goal, answer in goals.items()}
    return _with_goals_moved(updates, step_updates, today)


def _with_goals_moved(goals: Mapping[int, GoalUpdate], steps: Sequence[StepUpdate], today: date) -> CatchUp:
    """Return the updates, with goals moved that would be due before one of their steps, and the next day of repeating
    steps until the new dates of their goals.
    """
    updates = dict(goals)
    for update in steps:
        goal = update.step.goal
        known = updates.get(goal.pk, GoalUpdate(goal))
        if update.due_on and not known.state and update.due_on > (known.due_on or goal.due_on):
            updates[goal.pk] = replace(known, due_on=update.due_on, is_for_steps=True)
    new_days = {pk: update.due_on for pk, update in updates.items()}
    return CatchUp(
        list(updates.values()), [_with_next_day(one, new_days.get(one.step.goal_id), today) for one in steps]
    )


def _with_next_day(update: StepUpdate, goal_due_on: date | None, today: date) -> StepUpdate:
    step, outcome = update.step, update.outcome
    if not step.repeats:
        return update
    next_on = next_day(step, outcome, today, goal_due_on) if outcome else None
    return replace(update, next_on=next_on, until=step.last_day(goal_due_on))


def _goal_update(goal: Goal, answer: Answer, today: date) -> GoalUpdate:
    if state := GOAL_STATES.get(answer.choice):
        return GoalUpdate(goal, state=state)
    days = {GoalAnswer.MONTH: MONTH_DAYS, GoalAnswer.QUARTER: QUARTER_DAYS}
    return GoalUpdate(goal, due_on=answer.day or today + timedelta(days=days[GoalAnswer(answer.choice)]))


def _step_update(step: ActionStep, answer: Answer, today: date) -> StepUpdate:
    if state := STEP_STATES.get(answer.choice):
        return StepUpdate(step, state=state)
    if answer.choice == RepeatAnswer.SKIP:
        return StepUpdate(step, is_skipped=True)
    day = next_monday(today) if answer.choice == StepAnswer.WEEK else today
    return StepUpdate(step, due_on=answer.day or day)


def spread_over_weeks(updates: CatchUp, limit: Decimal, today: date) -> CatchUp:
    """Return the updates with the steps for next week laid over the coming weeks: as many as `limit` hours allow in
    each, and at least one. A goal moves with its last step.
    """
    week, used = next_monday(today), Decimal(0)
    steps = []
    for update in updates.steps:
        if update.due_on != next_monday(today):
            steps.append(update)
            continue
        hours = update.step.effort_hours or Decimal(0)
        if used and used + hours > limit:
            week, used = week + WEEK, Decimal(0)
        used += hours
        steps.append(replace(update, due_on=week))
    return _with_goals_moved({update.goal.pk: update for update in updates.goals}, steps, today)


def overload_after_catch_up(plan: Plan, updates: CatchUp, today: date) -> Overload | None:
    """Return the first week that the updates would fill beyond the weekly hours. Two queries, none without hours."""
    if plan.hours_a_week is None:
        return None
    rows, paused = open_efforts(plan), weeks_of_pauses(pauses_ahead(plan, today))
    new = {update.step.pk: update for update in updates.steps}
    before = weekly_load(all_efforts(rows, today), today, paused)
    after = [found for row in rows if (found := _effort_after(row, new.get(row.pk)))]
    return overload_after(before, weekly_load(all_efforts(after, today), today, paused), plan.hours_a_week, today)


def _effort_after(row: StepEffort, update: StepUpdate | None) -> StepEffort | None:
    """Return the effort that is left of a step; None if it is over."""
    if update is None:
        return row
    if update.outcome:
        return replace(row, due_on=update.next_on, until=update.until) if update.next_on else None
    if update.state:
        return None
    return replace(row, due_on=update.due_on or row.due_on, until=update.until or row.until)


@transaction.atomic
def catch_up(*, plan: Plan, updates: CatchUp, today: date, now: datetime) -> UndoRecord:
    """Apply the updates to goals and steps of the plan, and record on ended pauses that the person caught up.

    `updates` has the rows as the answers were checked against. Return the record that undoes all of it. Raises
    PlanIsArchived, and StaleObjectError without any change if one of the rows has changed since.
    """
    plan, locked = lock_plan_and_goals(plan)
    goals = {goal.pk: goal for goal in locked}
    ids = [update.step.pk for update in updates.steps]
    found = ActionStep.objects.select_for_update().open().filter(pk__in=ids, goal__in=goals).order_by("pk")
    steps = {step.pk: step for step in found}
    for step in steps.values():
        step.goal = goals[step.goal_id]
        step.goal.plan = plan
    rows: list[tuple[Goal | ActionStep, Goal | ActionStep | None]] = [
        *((update.goal, goals.get(update.goal.pk)) for update in updates.goals),
        *((update.step, steps.get(update.step.pk)) for update in updates.steps),
    ]
    if any(current is None or current.version != row.version for row, current in rows):
        raise StaleObjectError
    record = UndoRecord.of(made_at=now, goals=[goals[one.goal.pk] for one in updates.goals], steps=steps.values())
    # Dates of goals first: a step repeats until the new one. Goals close last: their steps do not change any more.
    changes = [_move_goal(goals[update.goal.pk], update, now) for update in updates.goals if not update.state]
    for step_update in updates.steps:
        _update_step(steps[step_update.step.pk], step_update, now)
    ActionStep.objects.bulk_update(steps.values(), ["state", "done_at", "due_on", "due_set_at", "repeats_until"])
    for update in updates.goals:
        if update.state:
            _close_goal(goals[update.goal.pk], update.state, now)
    Change.objects.bulk_create(changes)
    plan.pauses.filter(ends_on__lt=today, caught_up_at__isnull=True).update(caught_up_at=now)
    return record


def _update_step(step: ActionStep, update: StepUpdate, now: datetime) -> None:
    if update.outcome:
        advance_step(step, update.outcome, now)
    elif update.state and step.repeats:
        stop_repeating(step, now)
    elif update.state:
        step.state = update.state
        step.done_at = now if update.state == ActionStep.State.DONE else None
    elif update.due_on:
        step.due_on, step.due_set_at = update.due_on, now
        step.shift_until(0)  # a last time that is late is done after it


def _close_goal(goal: Goal, state: Goal.State, now: datetime) -> None:
    goal.state, goal.closed_at = state, now
    goal.save(update_fields=["state", "closed_at"])


def _move_goal(goal: Goal, update: GoalUpdate, now: datetime) -> Change:
    """Save a goal; return the change of its date with the reason, not saved yet."""
    before, after = goal.due_on, update.due_on or goal.due_on
    goal.due_on, goal.due_set_at = after, now
    goal.save(update_fields=["due_on", "due_set_at"])
    return Change(
        goal=goal,
        what=Change.What.DUE_DATE,
        day_from=before,
        day_to=after,
        reason=Change.Reason.OTHER,
        note=_("Moved while catching up."),
        made_at=now,
    )
