"""The target of an email link, why an action is unavailable, and what it would do."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.core.dates import later, local_day
from careerplan.goals.models import ActionStep, Evaluation, Goal, StepOccurrence
from careerplan.goals.queries.steps import Move, has_next_step, moves_along, open_steps_by_date
from careerplan.goals.queries.workload import Overload, StepEffort, workload_check
from careerplan.planning.queries.pauses import one_week_later, overlapping_pause
from careerplan.plans.models import Pause
from careerplan.reminders.email_actions.links import (
    CONFIRM,
    DONE,
    STUCK,
    WEEK,
    WORTH,
    ActionTarget,
    BadLink,
    StopLink,
    read_link,
    read_stop_token,
    verify,
    verify_stop,
)

WEEK_DAYS = 7
SMALLER_STEPS = UUID("5f0c4b1e-2f0b-4f5c-9a3e-7d1b6c8e2a90")  # the namespace of their form keys (RFC 9562, version 5)


class TargetDeleted(Exception):
    """The target of a link was deleted."""


@dataclass(frozen=True)
class ActionRequest:
    """A verified link with its target and the person's day. `due_on` is the date in the email."""

    token: str
    user: User
    target: ActionTarget
    goal: Goal
    step: ActionStep | None
    due_on: date
    last_day: date
    today: date
    now: datetime

    @property
    def title(self) -> str:
        """Title of the step, or of the goal."""
        return self.step.title if self.step else self.goal.title

    @property
    def date_now(self) -> date | None:
        """The date that moves by a week; None where it was removed."""
        return self.goal.stop_on if self.target is ActionTarget.STOP_RULE else self.due_now

    @property
    def due_now(self) -> date | None:
        """Due date of the step or the goal; None where the step no longer has a day."""
        return self.step.due_on if self.step else self.goal.due_on

    @property
    def is_moved(self) -> bool:
        """Whether it is due on a different day from the one in the email. Emails about other targets name no day."""
        return self.target in {ActionTarget.STEP, ActionTarget.GOAL} and self.due_now != self.due_on

    @property
    def form_key(self) -> UUID:
        """Form key of the smaller step, so that a link adds only one.

        Made from the content of the link without its tag: the tag is a secret and belongs in no table, and a new
        SECRET_KEY changes it.
        """
        content, _dot, _tag = self.token.rpartition(".")
        return uuid5(SMALLER_STEPS, content)

    @property
    def path(self) -> str:
        """Path of the target in the app."""
        return f"{self.goal.get_absolute_url()}#step-{self.step.pk}" if self.step else self.goal.get_absolute_url()


def find_stop_request(token: str, now: datetime) -> tuple[StopLink, User]:
    """Return a stop link and its user. Raises BadLink, also after a change of address, and OldLink."""
    link = read_stop_token(token)
    user = User.objects.filter(pk=link.user_id).first()
    if user is None:
        raise BadLink
    verify_stop(link, address=user.email, today=local_day(now, user.time_zone))
    return link, user


def find_action_request(token: str, now: datetime) -> ActionRequest:
    """Return the request of a link. Raises BadLink, OldLink, TargetDeleted. Four queries at most."""
    link = read_link(token)
    user = User.objects.filter(pk=link.user_id, is_active=True, deletion_due_at=None).first()
    address = EmailAddress.objects.filter(user=user, primary=True, verified=True).first() if user else None
    if user is None or address is None:
        raise BadLink
    today = local_day(now, user.time_zone)
    verify(link, address=address.email, today=today)
    step = None
    if link.target in {ActionTarget.STEP, ActionTarget.UNRATED}:
        step = ActionStep.objects.for_user(user).select_related("goal__plan").filter(pk=link.pk).first()
        goal = step.goal if step else None
    else:
        goal = Goal.objects.for_user(user).select_related("plan").filter(pk=link.pk).first()
    if goal is None:
        raise TargetDeleted
    goal.plan.user = user
    return ActionRequest(token, user, link.target, goal, step, link.due_on, link.last_day, today, now)


@dataclass(frozen=True)
class Unavailable:
    """Why an action is not available: a code for tests, and what the page says.

    `asks_for_rating`: the step is done and not rated. `offers_step`: the page links to adding another step.
    """

    code: str
    heading: str
    words: str = ""
    asks_for_rating: bool = False
    offers_step: bool = False


def unavailable_reason(action: ActionRequest, name: str) -> Unavailable | None:
    """Return why an action is not available; None where it is."""
    goal, step = action.goal, action.step
    if not goal.plan.is_active:
        return Unavailable(
            "archived", _("This belongs to an earlier plan"), _("You can read an archived plan but not change it.")
        )
    if name == WORTH:
        return _rating_unavailable(step) if step else None
    if step and not step.is_open:
        return _closed_step_unavailable(step)
    if not goal.is_active:
        words = _("You closed its goal on %(day)s.") if step else _("You closed it on %(day)s.")
        return Unavailable("closed", _("This goal is closed"), words % _closing(goal))
    return (
        _stop_rule_unavailable(action)
        or _time_unavailable(action, name)
        or _move_unavailable(action, name)
        or _step_unavailable(action, name)
    )


def _time_unavailable(action: ActionRequest, name: str) -> Unavailable | None:
    """A link about a repeating step answers the time in the email, not a later one."""
    step = action.step
    if name != DONE or step is None or not step.repeats or step.due_on == action.due_on:
        return None
    occurrence = step.occurrences.filter(due_on=action.due_on).first()
    if occurrence is None:  # this time was moved
        return None
    words = {
        StepOccurrence.Outcome.DONE: _("You marked this time as done. It is due again on %(day)s."),
        StepOccurrence.Outcome.SKIPPED: _("You skipped this time. It is due again on %(day)s."),
        StepOccurrence.Outcome.MISSED: _("The next time has come since. It is due on %(day)s."),
    }[StepOccurrence.Outcome(occurrence.outcome)]
    return Unavailable("answered", _("This time is over"), words % {"day": _day(step.due_on)})


def _stop_rule_unavailable(action: ActionRequest) -> Unavailable | None:
    if action.target is not ActionTarget.STOP_RULE:
        return None
    if action.goal.stop_on is None:
        return Unavailable("no_rule", _("This goal no longer has a stop rule"), _("You removed the stop rule."))
    if action.goal.stop_answered_at and action.due_on == action.goal.stop_on:
        return Unavailable("answered", _("You have already answered"), _("You met the condition and kept going."))
    return None


def _move_unavailable(action: ActionRequest, name: str) -> Unavailable | None:
    """A link moves a date once, from the date in the email."""
    if name not in {WEEK, CONFIRM} or action.date_now == action.due_on:
        return None
    days = {"old": _day(action.due_on), "new": _day(action.date_now)}
    words = _("The email said %(old)s. The date is now %(new)s.")
    if action.date_now is None:
        words = _("The email said %(old)s. It no longer has a date.")
    return Unavailable("moved", _("The date has already moved"), words % days)


def _step_unavailable(action: ActionRequest, name: str) -> Unavailable | None:
    if name != STUCK:
        return None
    if made := action.goal.steps.filter(form_key=action.form_key).first():
        words = {"day": _day(timezone.localdate(made.created_at)), "title": made.title}
        return Unavailable(
            "answered", _("You have already answered"), _added_step_text(action) % words, offers_step=True
        )
    if action.target is ActionTarget.STEPLESS and has_next_step(action.goal):
        told = _("You have added a step, or set a day for one.")
        return Unavailable("has_step", _("This goal has a next step"), told)
    return None


def _added_step_text(action: ActionRequest) -> str:
    """Return a text about the added step, with places for its title and the day."""
    if action.step:
        return _("You added “%(title)s” before this step on %(day)s.")
    if action.target is ActionTarget.STEPLESS:
        return _("You added “%(title)s” on %(day)s.")
    return _("You added “%(title)s” as the first step on %(day)s.")


def _rating_unavailable(step: ActionStep) -> Unavailable | None:
    if step.state != ActionStep.State.DONE:
        return Unavailable("not_done", _("This step is not done"), _("You can rate it when it is done."))
    worth = Evaluation.objects.filter(step=step).values_list("worth", flat=True).first()
    if worth is None:
        return None
    return Unavailable(
        "rated", _("You have already rated this step"), _("You gave it %(worth)s of 5.") % {"worth": worth}
    )


def _closed_step_unavailable(step: ActionStep) -> Unavailable:
    if step.state == ActionStep.State.DROPPED:
        return Unavailable("dropped", _("You dropped this step"), _("We send no more reminders about it."))
    words = _("You marked this step as done on %(day)s.") % {"day": _day(step.done_on)}
    return Unavailable("done", _("This step is already done"), words, asks_for_rating=_rating_unavailable(step) is None)


def _closing(goal: Goal) -> dict[str, str]:
    return {"day": _day(goal.closed_on)}


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else ""


@dataclass(frozen=True)
class WeekMove:
    """The effect of moving a date by a week.

    `until`: the day until which the step repeats, where it is before the due date of the goal.

    `requested_date` is a week later; `to` is earlier where the due date of the goal is before it, and None where the
    date cannot move. `moves` are the steps that move with their goal.
    """

    date_now: date
    requested_date: date
    to: date | None
    pause: Pause | None = None
    overfull: Overload | None = None
    moves: list[Move] = field(default_factory=list)
    until: date | None = None

    @property
    def was_capped(self) -> bool:
        """Return whether it moves by less than a week."""
        return self.to is not None and self.to < self.requested_date


def week_move(action: ActionRequest) -> WeekMove:
    """Return the effect of moving to a week after the date, or after today where the date has passed.

    A step or a stop rule never moves past the due date of its goal. Three queries at most.
    """
    goal, step, today = action.goal, action.step, action.today
    day = action.date_now or today
    requested_date = later(max(day, today), WEEK_DAYS)
    if step:
        to = one_week_later(step, today)
    elif action.target is ActionTarget.STOP_RULE:
        latest = min(requested_date, goal.due_on)
        to = latest if latest > max(day, today) else None
    else:
        to = requested_date if requested_date > day else None
    until = step.repeats_until if step and step.last_day() < goal.due_on else None
    if to is None:
        return WeekMove(day, requested_date, None, until=until)
    overfull = None
    if step:
        overfull = workload_check(action.user, today, step)(StepEffort.of_step(step, to))
    moves = []
    if action.target is ActionTarget.GOAL:
        steps = open_steps_by_date(goal)
        moves = [move for move in moves_along(steps, old=goal.due_on, new=to, today=today) if move.moves]
    return WeekMove(day, requested_date, to, overlapping_pause(goal.plan, to, to), overfull, moves, until)


def pause_now(action: ActionRequest) -> Pause | None:
    """Return today's pause of the plan. One query."""
    return overlapping_pause(action.goal.plan, action.today, action.today)


def smallest_step_until(action: ActionRequest) -> date:
    """Return the last possible due date of a smaller step: that of the step it comes before.

    Where that step is late, or the link is about the goal, it is the due date of the goal.
    """
    step, goal = action.step, action.goal
    day = step.due_on if step and step.due_on and step.due_on >= action.today else goal.due_on
    return min(day, goal.due_on)


def smallest_step_by(action: ActionRequest) -> date | None:
    """Return the default due date of a smaller step, in three days at most; None where the goal is late."""
    if action.goal.due_on < action.today:
        return None
    return min(action.today + timedelta(days=3), smallest_step_until(action))
