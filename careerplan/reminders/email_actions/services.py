"""Carry out email actions for the owner, only while the target is as the page showed it."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from careerplan.core.history import BY_MAIL
from careerplan.goals.models import ActionStep, Change, Evaluation, EvaluationDraft, Goal
from careerplan.goals.services.evaluations import evaluate_step
from careerplan.goals.services.goals import (
    ChangeReason,
    ClosingNotes,
    close_goal,
    confirm_stop_rule,
    extend_stop_rule,
    move_goal,
)
from careerplan.goals.services.steps import add_unblocking_step, complete_step, drop_step, update_step
from careerplan.reminders.email_actions.actions import CONFIRM, DONE, LET_GO, STUCK, WEEK, WORTH
from careerplan.reminders.email_actions.links import ActionTarget
from careerplan.reminders.email_actions.queries import (
    ActionRequest,
    Unavailable,
    WeekMove,
    locked,
    unavailable_reason,
    week_move,
)
from careerplan.reminders.services import record_activity

T = TypeVar("T")


class ActionUnavailable(Exception):
    """The action is no longer available, because something changed since the page was shown."""

    def __init__(self, unavailable: Unavailable) -> None:
        super().__init__(unavailable.heading)
        self.unavailable = unavailable


class OutcomeChanged(Exception):
    """The result would differ from what the page showed; nothing was done."""


def _answer(action: ActionRequest, answer: str, act: Callable[[ActionRequest], T]) -> T:
    """Lock the target and carry out an action if it is still available. It is recorded as coming from an email, and as
    activity.

    Raises ActionUnavailable and TargetDeleted.
    """
    with pghistory.context(user=action.user.pk, **BY_MAIL), transaction.atomic():
        now = locked(action)
        if unavailable := unavailable_reason(now, answer):
            raise ActionUnavailable(unavailable)
        result = act(now)
    record_activity(user=action.user, now=action.now)
    return result


def complete(action: ActionRequest) -> ActionStep:
    """Mark the step as done."""
    return _answer(action, DONE, lambda it: complete_step(step=_step(it), now=it.now))


def close(action: ActionRequest, outcome: Goal.State, words: ClosingNotes) -> Goal:
    """Close the goal; earlier closing notes stay unless there are new ones."""

    def act(it: ActionRequest) -> Goal:
        said = ClosingNotes(
            closing_note=words.closing_note or it.goal.closing_note,
            learned=words.learned or it.goal.learned,
            worth=words.worth or it.goal.worth,
            final_value=words.final_value,
        )
        return close_goal(goal=it.goal, outcome=outcome, notes=said, today=it.today, now=it.now)

    return _answer(action, LET_GO if outcome == Goal.State.LET_GO else DONE, act)


def drop(action: ActionRequest) -> ActionStep:
    """Drop the step."""
    return _answer(action, LET_GO, lambda it: drop_step(step=_step(it)))


def keep_going(action: ActionRequest) -> Goal:
    """Record that the condition of the stop rule is met."""
    return _answer(action, CONFIRM, lambda it: confirm_stop_rule(goal=it.goal, now=it.now))


def move_by_a_week(action: ActionRequest, *, shown: str, reason: str, move_steps: bool) -> WeekMove:
    """Move the date by a week, to the date on the page (`shown`, an ISO date). Raises OutcomeChanged too."""

    def act(it: ActionRequest) -> WeekMove:
        week = week_move(it)
        if week.to is None or week.to.isoformat() != shown:
            raise OutcomeChanged
        why = ChangeReason(reason=reason or Change.Reason.OTHER, note=_("Moved from an email."), move_steps=move_steps)
        if it.step:
            _move_step(it, week)
        elif it.target is ActionTarget.STOP_RULE:
            extend_stop_rule(goal=it.goal, stop_on=week.to, reason=why, now=it.now)
        else:
            move_goal(goal=it.goal, due_on=week.to, reason=why, today=it.today, now=it.now)
        return week

    return _answer(action, WEEK, act)


def _move_step(it: ActionRequest, week: WeekMove) -> None:
    step = _step(it)
    update_step(step=step, changes={"due_on": week.to or step.due_on}, now=it.now, version=step.version)


def add_smaller_step(action: ActionRequest, *, blocker: str, next_step: dict[str, Any]) -> ActionStep:
    """Save the obstacle, and add a smaller step before the stuck one; return the new step. One per link."""

    def act(it: ActionRequest) -> ActionStep:
        return add_unblocking_step(
            goal=it.goal,
            step=it.step,
            blocker=blocker,
            next_step=next_step,
            form_key=it.form_key,
            today=it.today,
            now=it.now,
        )

    return _answer(action, STUCK, act)


def rate(action: ActionRequest, changes: dict[str, Any]) -> None:
    """Save the rating of a finished step. A draft from the app fills what is missing here, and its texts come
    first, so that nothing typed is lost.
    """

    def act(it: ActionRequest) -> Evaluation:
        step, said = _step(it), changes
        if begun := EvaluationDraft.objects.filter(step=step).first():
            both = (begun.learned, said["learned"])
            said = said | {
                "hours_spent": begun.hours_spent if said["hours_spent"] is None else said["hours_spent"],
                "learned": begun.learned if said["learned"] in begun.learned else "\n\n".join(filter(None, both)),
                "would_repeat": said["would_repeat"] or begun.would_repeat,
            }
        return evaluate_step(step=step, changes=said, now=it.now)

    _answer(action, WORTH, act)


def _step(action: ActionRequest) -> ActionStep:
    if action.step is None:
        raise ValueError("this answer is about a step")
    return action.step
