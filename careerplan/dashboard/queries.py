"""What Today shows: what is next, by urgency, and the goals against time."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from careerplan.goals.models import ActionStep
from careerplan.goals.queries import GoalRow, active_goals_by_skill, goal_rows, open_steps_by_date
from careerplan.skills.queries import GoalLink

SHOWN_LATER = 3
SHOWN_LANES = 8  # DESIGN.md section 5: "Don't show more than about 8; then a link to Goals."
WEEK = timedelta(days=7)
# The axis shows at most so much around today: one goal of a lifetime must not squeeze the others into a point.
SHOWN_BEFORE, SHOWN_AFTER = timedelta(days=2 * 365), timedelta(days=3 * 365)


@dataclass(frozen=True)
class AgendaGroup:
    """Steps of one urgency. `more` counts what is not shown."""

    key: str
    title: str
    steps: list[ActionStep]
    more: int = 0


@dataclass(frozen=True)
class Mark:
    """An open step on a lane, in per cent of the axis."""

    at: float
    is_late: bool


@dataclass(frozen=True)
class Lane:
    """One goal on the common time axis: positions and lengths in per cent of it."""

    row: GoalRow
    start: float
    length: float
    filled: float
    marks: list[Mark]


@dataclass(frozen=True)
class Lanes:
    """All goals against time."""

    lanes: list[Lane]
    today_at: float
    ticks: list[tuple[float, date]]
    more: int

    @property
    def today_anchor(self) -> str:
        """Where the word "Today" is held, so that it stays on the page at either end."""
        return "" if self.today_at < 5 else "c-end" if self.today_at > 95 else "c-mid"


@dataclass(frozen=True)
class TodayPage:
    """Everything the page shows."""

    groups: list[AgendaGroup]
    lanes: Lanes | None
    lead: str


def today_page(user: User, today: date) -> TodayPage | None:
    """What is next for somebody; None for somebody who has no goal yet. Three queries."""
    rows = goal_rows(user, today)
    if not rows:
        return None
    steps = open_steps_by_date(user)
    groups = agenda(steps, today)
    return TodayPage(groups=groups, lanes=lanes(rows, steps, today), lead=lead(steps, today))


def goals_by_skill(user: User) -> dict[int, GoalLink]:
    """The active goal that builds a skill, by skill id: what the results link to. One query."""
    goals = active_goals_by_skill(user)
    return {skill_id: GoalLink(goal.title, goal.get_absolute_url()) for skill_id, goal in goals.items()}


def agenda(steps: list[ActionStep], today: date) -> list[AgendaGroup]:
    """Open steps by urgency: overdue, within a week, later. Empty groups are left out."""
    late = [step for step in steps if step.due_on < today]
    week = [step for step in steps if today <= step.due_on <= today + WEEK]
    later = [step for step in steps if step.due_on > today + WEEK]
    groups = [
        AgendaGroup("overdue", _("Overdue"), late),
        AgendaGroup("soon", _("Within a week"), week),
        AgendaGroup("later", _("Later"), later[:SHOWN_LATER], more=max(0, len(later) - SHOWN_LATER)),
    ]
    return [group for group in groups if group.steps]


def lead(steps: list[ActionStep], today: date) -> str:
    """The sentence under the date: what matters now."""
    late = sum(step.due_on < today for step in steps)
    week = sum(today <= step.due_on <= today + WEEK for step in steps)
    late_words = ngettext("%(n)s step is late", "%(n)s steps are late", late) % {"n": late}
    week_words = ngettext("%(n)s is due within a week", "%(n)s are due within a week", week) % {"n": week}
    if late and week:
        return _("%(late)s, %(week)s.") % {"late": late_words, "week": week_words}
    if late:
        return _("%(late)s.") % {"late": late_words}
    if week:
        return _("Nothing is late, %(week)s.") % {"week": week_words}
    return _("Nothing is due within a week.")


def lanes(rows: list[GoalRow], steps: list[ActionStep], today: date) -> Lanes:
    """Goals on one time axis that runs over whole months, from the first start to the last due date."""
    shown = rows[:SHOWN_LANES]
    first = max(min(today, *(row.starts_on for row in shown)), today - SHOWN_BEFORE).replace(day=1)
    last = min(max(today, *(row.due_on for row in shown)), today + SHOWN_AFTER)
    last = last.replace(day=monthrange(last.year, last.month)[1])
    whole = (last - first).days

    def at(day: date) -> float:
        return round(100 * (min(max(day, first), last) - first).days / whole, 2)

    marks: dict[int, list[Mark]] = {}
    for step in steps:
        marks.setdefault(step.goal_id, []).append(Mark(at(step.due_on), step.due_on < today))
    drawn = []
    for row in shown:
        start, end = at(row.starts_on), at(row.due_on)
        length = round(end - start, 2)
        filled = round(length * row.share_done / 100, 2)
        drawn.append(Lane(row, start, length, filled, marks.get(row.id, [])))
    return Lanes(drawn, at(today), _ticks(first, last, at), more=len(rows) - len(shown))


def _ticks(first: date, last: date, at: Callable[[date], float]) -> list[tuple[float, date]]:
    """Up to five month starts, evenly spread."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = max(1, -(-months // 5))
    ticks = []
    for n in range(0, months, step):
        year, month = divmod(first.month - 1 + n, 12)
        day = date(first.year + year, month + 1, 1)
        ticks.append((at(day), day))
    return ticks
