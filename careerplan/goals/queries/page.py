"""Everything the page of one goal shows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.changes import HistoryLine, history_of
from careerplan.goals.queries.rows import share
from careerplan.goals.queries.skills import BuiltSkill, skills_of
from careerplan.goals.wording import Outcome, Wording, look_at


@dataclass(frozen=True)
class GoalPage:
    """A goal with all its steps, open ones first by date, then done ones, newest first."""

    goal: Goal
    open_steps: list[ActionStep]
    done_steps: list[ActionStep]
    skills: list[BuiltSkill]
    history: list[HistoryLine]
    time_gone: int  # per cent
    today: date

    @property
    def wording(self) -> Wording:
        """What there is to say about the title of a goal that is worked on."""
        goal = self.goal
        known = {name: getattr(goal, name) for name in ("title", "unit", "start_value", "target_value", "done_when")}
        return look_at(Outcome(**known, due_on=goal.due_on), language=get_language() or "en")

    @property
    def stop_rule_asks(self) -> bool:
        """Whether the day of the stop rule has come, and nobody has answered."""
        goal = self.goal
        return goal.is_active and goal.stop_on is not None and goal.stop_on <= self.today and not goal.stop_answered_at

    @property
    def share_done(self) -> int:
        """Steps done, in per cent of all but the dropped ones."""
        return share(len(self.done_steps), len(self.open_steps) + len(self.done_steps))


def goal_page(goal: Goal, user: User, today: date) -> GoalPage:
    """Everything the page of one goal shows."""
    steps = list(goal.steps.exclude(state=ActionStep.State.DROPPED))
    done = [step for step in steps if not step.is_open]
    skills = skills_of(goal, user)
    return GoalPage(
        goal=goal,
        open_steps=[step for step in steps if step.is_open],
        done_steps=sorted(done, key=lambda step: step.done_at or step.created_at, reverse=True),
        skills=skills,
        history=history_of(goal, next((skill.name for skill in skills if skill.goal_grew_from_it), "")),
        time_gone=goal.share_of_time_gone(today),
        today=today,
    )


def newest_figure(goal: Goal) -> Decimal | None:
    """The newest reading of a goal that was not withdrawn. One query."""
    figures = goal.readings.filter(withdrawn_at__isnull=True).order_by("-read_on", "-id")
    figure: Decimal | None = figures.values_list("value", flat=True).first()
    return figure
