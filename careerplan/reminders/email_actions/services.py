"""The actions of email links, in the owner's name, and only while the outcome is the one that the page showed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from careerplan.core.history import BY_MAIL
from careerplan.goals.models import ActionStep, Change, Evaluation, EvaluationDraft, Goal
from careerplan.goals.services.goals import (
    ChangeReason,
    ClosingNotes,
    close_goal,
    confirm_stop_rule,
    extend_stop_rule,
    move_goal,
)
from careerplan.goals.services.locks import GoalIsArchived, lock_goal
from careerplan.goals.services.progress import evaluate_step
from careerplan.goals.services.steps import add_unblocking_step, complete_step, drop_step, update_step
from careerplan.reminders.activity import record_activity
from careerplan.reminders.email_actions.links import CONFIRM, DONE, LET_GO, STUCK, WEEK, WORTH, ActionTarget
from careerplan.reminders.email_actions.queries import (
    ActionRequest,
    TargetDeleted,
    Unavailable,
    WeekMove,
    unavailable_reason,
    week_move,
)

T = TypeVar("T")


class ActionUnavailable(Exception):
    """The action is not available: something has changed since the page was opened."""

    def __init__(self, unavailable: Unavailable) -> None:
        super().__init__(unavailable.heading)
        self.unavailable = unavailable


class OutcomeChanged(Exception):
    """The action would do something else than the page said; nothing was done."""


def lock_action_request(action: ActionRequest) -> ActionRequest:
    """Return the request with its rows locked: the plan, then the goal, then the step, as in services of goals.

    The rows of an archived plan are not locked: they do not change. Raises TargetDeleted.
    """
    try:
        goal = lock_goal(pk=action.goal.pk, require_active=False)
    except GoalIsArchived:
        goal = Goal.objects.select_related("plan").get(pk=action.goal.pk)
    except Goal.DoesNotExist as gone:
        raise TargetDeleted from gone
    step = ActionStep.objects.select_for_update().filter(pk=action.step.pk).first() if action.step else None
    if action.step and step is None:
        raise TargetDeleted
    goal.plan.user = action.user
    if step:
        step.goal = goal
    return replace(action, goal=goal, step=step)


def _run(name: str, action: ActionRequest, act: Callable[[ActionRequest], T]) -> T:
    """Run an action with its rows locked, if it is still available. The history says that it came from an email.

    Raises ActionUnavailable, TargetDeleted.
    """
    with pghistory.context(user=action.user.pk, **BY_MAIL), transaction.atomic():
        locked = lock_action_request(action)
        if unavailable := unavailable_reason(locked, name):
            raise ActionUnavailable(unavailable)
        result = act(locked)
    record_activity(user=action.user, now=action.now)
    return result


def complete(action: ActionRequest) -> ActionStep:
    """Mark the step as done."""
    return _run(DONE, action, lambda locked: complete_step(step=_step(locked), now=locked.now))


def close(action: ActionRequest, outcome: Goal.State, notes: ClosingNotes) -> Goal:
    """Close the goal. Empty notes leave those of an earlier closing."""

    def act(locked: ActionRequest) -> Goal:
        goal = locked.goal
        merged = ClosingNotes(
            closing_note=notes.closing_note or goal.closing_note,
            learned=notes.learned or goal.learned,
            worth=notes.worth or goal.worth,
            final_value=notes.final_value,
        )
        return close_goal(goal=goal, outcome=outcome, notes=merged, today=locked.today, now=locked.now)

    return _run(LET_GO if outcome == Goal.State.LET_GO else DONE, action, act)


def drop(action: ActionRequest) -> ActionStep:
    return _run(LET_GO, action, lambda locked: drop_step(step=_step(locked), now=locked.now))


def keep_going(action: ActionRequest) -> Goal:
    """Record that the condition of the stop rule is met."""
    return _run(CONFIRM, action, lambda locked: confirm_stop_rule(goal=locked.goal, now=locked.now))


def move_by_a_week(action: ActionRequest, *, shown: str, reason: str, moved_steps: frozenset[int]) -> WeekMove:
    """Move the date by a week, to the date that the page showed (`shown`, an ISO date), and some steps of the goal.

    Raises OutcomeChanged too.
    """

    def act(locked: ActionRequest) -> WeekMove:
        week = week_move(locked)
        if week.to is None or week.to.isoformat() != shown:
            raise OutcomeChanged
        note = _("Moved from an email.")
        why = ChangeReason(reason=reason or Change.Reason.OTHER, note=note, moved_steps=moved_steps)
        if locked.step:
            _move_step(locked, week)
        elif locked.target is ActionTarget.STOP_RULE:
            extend_stop_rule(goal=locked.goal, stop_on=week.to, reason=why, now=locked.now)
        else:
            move_goal(goal=locked.goal, due_on=week.to, reason=why, today=locked.today, now=locked.now)
        return week

    return _run(WEEK, action, act)


def _move_step(locked: ActionRequest, week: WeekMove) -> None:
    step = _step(locked)
    update_step(step=step, changes={"due_on": week.to or step.due_on}, now=locked.now, version=step.version)


def add_smaller_step(action: ActionRequest, *, blocker: str, next_step: dict[str, Any]) -> ActionStep:
    """Save the obstacle, and add a smaller step before the blocked one; a link adds only one. Return the new step."""

    def act(locked: ActionRequest) -> ActionStep:
        return add_unblocking_step(
            goal=locked.goal,
            step=locked.step,
            blocker=blocker,
            next_step=next_step,
            form_key=locked.form_key,
            today=locked.today,
            now=locked.now,
        )

    return _run(STUCK, action, act)


def rate(action: ActionRequest, changes: dict[str, Any]) -> None:
    """Save the rating of the done step.

    A draft in the app fills the fields that are empty here, and its text comes before the new one: nothing typed is
    lost.
    """

    def act(locked: ActionRequest) -> Evaluation:
        step, merged = _step(locked), changes
        if draft := EvaluationDraft.objects.filter(step=step).first():
            texts = (draft.learned, changes["learned"])
            merged = changes | {
                "hours_spent": draft.hours_spent if changes["hours_spent"] is None else changes["hours_spent"],
                "learned": draft.learned if changes["learned"] in draft.learned else "\n\n".join(filter(None, texts)),
                "would_repeat": changes["would_repeat"] or draft.would_repeat,
            }
        return evaluate_step(step=step, changes=merged, now=locked.now)

    _run(WORTH, action, act)


def _step(action: ActionRequest) -> ActionStep:
    if action.step is None:
        raise ValueError("this action is about a step")
    return action.step
