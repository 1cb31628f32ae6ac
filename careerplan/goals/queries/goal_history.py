"""Query of a goal's history: its changes with reasons, in words. Progress entries are not included."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.numbers import format_number
from careerplan.goals.models import Change, Goal


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A line of the history: the date in the user's time zone, what changed, the reason, and the user's own note."""

    at: datetime
    text: str
    reason: str = ""
    note: str = ""
    grew_from: str = ""  # the skill whose gap the goal closes, on the line of its start
    carried_from: int | None = None  # id of the goal in an earlier plan that this one continues, on the same line

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


def goal_history(goal: Goal, grew_from: str = "") -> list[HistoryLine]:
    """Return the changes of a goal, newest first, back to its start. `grew_from`: name of its first skill."""
    changes = goal.changes.all()
    lines = [
        HistoryLine(change.made_at, change_text(goal, change), change.reason_text, change.note) for change in changes
    ]
    added = _("Goal carried over from an earlier plan.") if goal.carried_from_id else _("Goal added.")
    return [*lines, HistoryLine(goal.created_at, added, grew_from=grew_from, carried_from=goal.carried_from_id)]


def change_text(goal: Goal, change: Change) -> str:
    """Return a change in words: "Due date moved from 30 Apr 2027 to 11 Jun 2027, with 2 open steps."."""
    if change.value_from is not None and change.value_to is not None:
        words = {"old": format_number(change.value_from), "new": format_number(change.value_to), "unit": goal.unit}
        return (_("Target changed from %(old)s to %(new)s %(unit)s") % words).rstrip() + "."
    days = {
        "old": date_format(change.day_from, "j M Y") if change.day_from else "",
        "new": date_format(change.day_to, "j M Y") if change.day_to else "",
    }
    if change.what == Change.What.STOP_DATE:
        return _("The date of the stop rule moved from %(old)s to %(new)s.") % days
    moved = change.steps_moved
    if not moved:
        return _("Due date moved from %(old)s to %(new)s.") % days
    text = ngettext(
        "Due date moved from %(old)s to %(new)s, with %(n)s open step.",
        "Due date moved from %(old)s to %(new)s, with %(n)s open steps.",
        moved,
    )
    return text % {**days, "n": moved}
