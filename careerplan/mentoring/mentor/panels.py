"""Sections that other apps add to the mentor's pages. They append to these lists in `AppConfig.ready`.

Each gets `is_preview` when the owner looks at the mentor's page: then it shows the same without buttons.
"""

from typing import Protocol

from django.http import HttpRequest
from django.utils.safestring import SafeString

from careerplan.mentoring.mentor.queries import MentorGoal
from careerplan.mentoring.models import Mentorship


class MentorPlanPanel(Protocol):
    """A section on the page of the plan."""

    def __call__(self, request: HttpRequest, mentorship: Mentorship, *, is_preview: bool) -> SafeString: ...


class MentorGoalPanel(Protocol):
    """A section on the page of a goal."""

    def __call__(
        self, request: HttpRequest, mentorship: Mentorship, goal: MentorGoal, *, is_preview: bool
    ) -> SafeString: ...


asking_panels: list[MentorPlanPanel] = []
"""Above the plan: what the mentor is asked to do."""
plan_panels: list[MentorPlanPanel] = []
"""Below the plan."""
goal_panels: list[MentorGoalPanel] = []
"""Below the steps of a goal."""
