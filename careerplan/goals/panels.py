"""Sections that apps above this one add to the page of an active goal, so that this app need not know them."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from careerplan.goals.queries.goal_page import GoalPage

GoalPanel = Callable[[HttpRequest, GoalPage], SafeString]

goal_panels: list[GoalPanel] = []
"""Appended to in `AppConfig.ready`; each panel gives its section as HTML."""
