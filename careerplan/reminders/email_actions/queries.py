"""The target of an email link, why an action is unavailable, and what it would do."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.goals.models import ActionStep, Evaluation, Goal
from careerplan.goals.queries.agenda import Overload, workload_check
from careerplan.goals.queries.steps import Move, has_open_step, moves_along, open_steps_by_date
from careerplan.planning.queries.pauses import later, one_week_later, overlapping_pause
from careerplan.plans.models import Pause
from careerplan.reminders.email_actions.actions import CONFIRM, STUCK, WEEK, WORTH
from careerplan.reminders.email_actions.links import ActionTarget, BadLink, read_link, verify

WEEK_DAYS = 7
SMALLER_STEPS = UUID("5f0c4b1e-2f0b-4f5c-9a3e-7d1b6c8e2a90")  # the namespace of their form keys (RFC 9562, version 5)


class TargetDeleted(Exception):
    """The target of a link was deleted."""


@dataclass(frozen=True)
class ActionRequest:
    """A verified link with its target, and the user's local date. `due_on` is the date in the email."""

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
        """Return the title of the step or goal."""
        return self.step.title if self.step else self.goal.title

    @property
    def date_now(self) -> date | None:
        """Return the date that would move by a week; None if a stop rule was removed."""
        return self.goal.stop_on if self.target is ActionTarget.STOP_RULE else self.due_now

    @property
    def due_now(self) -> date:
        """Return the due date of the step or goal."""
        return self.step.due_on if self.step else self.goal.due_on

    @property
    def is_moved(self) -> bool:
        """Return whether its due date differs from that in the email; other targets have none."""
        return self.target in {ActionTarget.STEP, ActionTarget.GOAL} and self.due_now != self.due_on

    @property
    def form_key(self) -> UUID:
        """Return the form key of the step that this link may add, so that the database allows only one.

        It is made from the content of the link, not from its tag, which is secret and changes with SECRET_KEY.
        """
        said, _dot, _tag = self.token.rpartition(".")
        return uuid5(SMALLER_STEPS, said)

    @property
    def path(self) -> str:
        """Return its page in the app."""
        return f"{self.goal.get_absolute_url()}#step-{self.step.pk}" if self.step else self.goal.get_absolute_url()


def find_action_request(token: str, now: datetime) -> ActionRequest:
    """Return the target of a link. Raises BadLink, OldLink, TargetDeleted. At most four queries."""
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


def locked(action: ActionRequest) -> ActionRequest:
    """Reload the target with locks on the goal and then the step until the transaction ends. Raises TargetDeleted."""
    goal = Goal.objects.select_for_update(of=("self",)).select_related("plan").filter(pk=action.goal.pk).first()
    step = ActionStep.objects.select_for_update().filter(pk=action.step.pk).first() if action.step else None
    if goal is None or (action.step and step is None):
        raise TargetDeleted
    goal.plan.user = action.user
    if step:
        step.goal = goal
    return replace(action, goal=goal, step=step)


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


def unavailable_reason(action: ActionRequest, answer: str) -> Unavailable | None:
    """Return why an action is unavailable; None if it is available."""
    goal, step = action.goal, action.step
    if not goal.plan.is_active:
        return Unavailable(
            "archived", _("This belongs to an earlier plan"), _("You can read an archived plan but not change it.")
        )
    if answer == WORTH:
        return _no_verdict_on(step) if step else None
    if step and not step.is_open:
        return _of_closed_step(step)
    if not goal.is_active:
        words = _("You closed its goal on %(day)s.") if step else _("You closed it on %(day)s.")
        return Unavailable("closed", _("This goal is closed"), words % _closing(goal))
    return _of_rule(action) or _of_date(action, answer) or _of_steps(action, answer)


def _of_rule(action: ActionRequest) -> Unavailable | None:
    if action.target is not ActionTarget.STOP_RULE:
        return None
    if action.goal.stop_on is None:
        return Unavailable("no_rule", _("This goal no longer has a stop rule"), _("You removed the stop rule."))
    if action.goal.stop_answered_at and action.due_on == action.goal.stop_on:
        return Unavailable("answered", _("You have already answered"), _("You met the condition and kept going."))
    return None


def _of_date(action: ActionRequest, answer: str) -> Unavailable | None:
    """Return why a date cannot move; it moves once from the date in the email."""
    if answer not in {WEEK, CONFIRM} or action.date_now == action.due_on:
        return None
    days = {"old": _day(action.due_on), "new": _day(action.date_now)}
    words = _("The email said %(old)s. The date is now %(new)s.")
    return Unavailable("moved", _("The date has already moved"), words % days)


def _of_steps(action: ActionRequest, answer: str) -> Unavailable | None:
    if answer != STUCK:
        return None
    if made := action.goal.steps.filter(form_key=action.form_key).first():
        words = {"day": _day(timezone.localdate(made.created_at)), "title": made.title}
        return Unavailable("answered", _("You have already answered"), _planned(action) % words, offers_step=True)
    if action.target is ActionTarget.STEPLESS and has_open_step(action.goal):
        return Unavailable("has_step", _("This goal has a next step"), _("You have added an open step."))
    return None


def _planned(action: ActionRequest) -> str:
    """Return the text for a step that was already added; it needs its title and the day."""
    if action.step:
        return _("You added “%(title)s” before this step on %(day)s.")
    if action.target is ActionTarget.STEPLESS:
        return _("You added “%(title)s” on %(day)s.")
    return _("You added “%(title)s” as the first step on %(day)s.")


def _no_verdict_on(step: ActionStep) -> Unavailable | None:
    if step.state != ActionStep.State.DONE:
        return Unavailable("not_done", _("This step is not done"), _("You can rate it when it is done."))
    worth = Evaluation.objects.filter(step=step).values_list("worth", flat=True).first()
    if worth is None:
        return None
    return Unavailable(
        "rated", _("You have already rated this step"), _("You gave it %(worth)s of 5.") % {"worth": worth}
    )


def _of_closed_step(step: ActionStep) -> Unavailable:
    if step.state == ActionStep.State.DROPPED:
        return Unavailable("dropped", _("You dropped this step"), _("We send no more reminders about it."))
    words = _("You marked this step as done on %(day)s.") % {"day": _day(step.done_on)}
    return Unavailable("done", _("This step is already done"), words, asks_for_rating=_no_verdict_on(step) is None)


def _closing(goal: Goal) -> dict[str, str]:
    return {"day": _day(goal.closed_on)}


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else ""


@dataclass(frozen=True)
class WeekMove:
    """Result of moving by a week. `to` is None if it cannot move; `requested_date` is a week later, and after `to`
    if the goal's due date is earlier. `moves` are the steps of a goal that also move.
    """

    date_now: date
    requested_date: date
    to: date | None
    pause: Pause | None = None
    overfull: Overload | None = None
    moves: list[Move] = field(default_factory=list)

    @property
    def was_capped(self) -> bool:
        """Return whether it moves by less than a week."""
        return self.to is not None and self.to < self.requested_date


def week_move(action: ActionRequest) -> WeekMove:
    """Return the date a week after the stored date or today, at most the goal's due date, unless that date moves.
    At most three queries.
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
    if to is None:
        return WeekMove(day, requested_date, None)
    overfull = workload_check(action.user, today, step)(step.effort_hours, to) if step else None
    moves = []
    if action.target is ActionTarget.GOAL:
        steps = open_steps_by_date(goal)
        moves = [move for move in moves_along(steps, old=goal.due_on, new=to, today=today) if move.moves]
    return WeekMove(day, requested_date, to, overlapping_pause(goal.plan, to, to), overfull, moves)


def pause_now(action: ActionRequest) -> Pause | None:
    """Return the current pause of the plan. One query."""
    return overlapping_pause(action.goal.plan, action.today, action.today)


def smallest_step_until(action: ActionRequest) -> date:
    """Return the last possible due date of a smaller step: that of the step it comes before, or the goal's if that
    step is late or the goal itself is stuck.
    """
    step, goal = action.step, action.goal
    return min(step.due_on, goal.due_on) if step and step.due_on >= action.today else goal.due_on


def smallest_step_by(action: ActionRequest) -> date | None:
    """Return the suggested due date: in three days, but not after the last possible one; None if the goal's due
    date has passed and has to move first.
    """
    if action.goal.due_on < action.today:
        return None
    return min(action.today + timedelta(days=3), smallest_step_until(action))
