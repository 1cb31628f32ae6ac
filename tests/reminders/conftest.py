"""Fixtures of the reminders."""

from datetime import date

import pytest

from careerplan.goals.models import Goal
from careerplan.reminders.services import save_preferences
from tests.factories.goals import make_goal


@pytest.fixture
def goal(user) -> Goal:
    """A goal whose only step is due a week after MOMENT; reminders to rate steps are muted."""
    save_preferences(user=user, muted_kinds=["step_unrated", "goal_without_step"])
    return make_goal(user, step_due_on=date(2027, 3, 12), title="Lead 12 shifts <as nurse in charge>")
