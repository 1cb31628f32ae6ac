"""The steps of one goal with what they need and what they were worth."""

from dataclasses import dataclass

from careerplan.goals.models import ActionStep, Goal


@dataclass(frozen=True)
class StepsOfGoal:
    """All steps of a goal: open ones in their order, done ones newest first, dropped ones in their order."""

    open: list[ActionStep]
    done: list[ActionStep]
    dropped: list[ActionStep]


def steps_of_goal(goal: Goal) -> StepsOfGoal:
    """The steps of a goal, each with its resources and its evaluation. Two queries."""
    steps = list(goal.steps.select_related("evaluation").prefetch_related("resources"))
    done = [step for step in steps if step.state == ActionStep.State.DONE]
    return StepsOfGoal(
        open=[step for step in steps if step.is_open],
        done=sorted(done, key=lambda step: step.done_at or step.created_at, reverse=True),
        dropped=[step for step in steps if step.state == ActionStep.State.DROPPED],
    )


def open_steps_in_order(goal: Goal) -> list[ActionStep]:
    """The open steps of a goal in their order. One query."""
    return list(ActionStep.objects.open().filter(goal=goal).order_by("position"))


def has_open_step(goal: Goal) -> bool:
    """Whether anything is left to do for a goal."""
    return ActionStep.objects.open().filter(goal=goal).exists()
