"""What Today and the results read of other apps."""

from careerplan.dashboard.queries.results import goals_by_skill
from careerplan.dashboard.queries.today import TodayPage, today_page

__all__ = ["TodayPage", "goals_by_skill", "today_page"]
