"""What Today and the results read of other apps."""

from careerplan.dashboard.queries.results import goals_by_skill
from careerplan.dashboard.queries.today import TodayPage, closing_soon, today_page

__all__ = ["TodayPage", "closing_soon", "goals_by_skill", "today_page"]
