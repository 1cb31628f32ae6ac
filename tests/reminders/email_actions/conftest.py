"""A goal with a late step, one with a stop rule, and noon of the day of an email."""

from datetime import date

import pytest
import time_machine

from careerplan.goals.models import ActionStep, Goal
from tests.factories.goals import make_goal, only_step
from tests.reminders.email_actions.asking import NOW, TODAY


@pytest.fixture
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def goal(user) -> Goal:
    """Due on 30 June; its step is eight days late."""
    return make_goal(user, step_due_on=date(2027, 2, 25), title="Lead 12 shifts")


@pytest.fixture
def step(goal) -> ActionStep:
    return only_step(goal)


@pytest.fixture
def ruled(user) -> Goal:
    goal = make_goal(user)
    goal.stop_on, goal.stop_condition = TODAY, "two shifts are agreed"
    goal.save()
    return goal
