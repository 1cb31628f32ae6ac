"""Items that a user can choose from a list: goals, and steps by the list that they are in. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.imports.content import LeftOut
from careerplan.imports.lists.columns import ColumnUse, all_states, is_done_word
from careerplan.imports.lists.days import parse_date, parse_month
from careerplan.imports.lists.table import ListRow, ListTable

MAX_GROUPS = 20
MEASURE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class ListItem:
    """A goal or a step. `number`: of its row in the table; `due_on`: None where the file names no day to come.

    `names_month`: the file names a month only, and `due_on` is its last day.
    """

    number: int
    title: str
    due_on: date | None = None
    details: str = ""
    measure: str = ""
    names_month: bool = False


@dataclass
class ListGroup:
    """Items that stand together in the file. `are_goals`: each of them is a goal, not a step."""

    name: str
    items: list[ListItem] = field(default_factory=list)
    are_goals: bool = False

    @property
    def last_day(self) -> date | None:
        """Return the latest due date among its items."""
        return max((item.due_on for item in self.items if item.due_on), default=None)


@dataclass
class ListContent:
    """The open items of a list by group, and what of it is not used."""

    groups: list[ListGroup] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def items(self) -> list[ListItem]:
        """Return the items of all groups."""
        return [item for group in self.groups for item in group.items]


def read_items(table: ListTable, uses: Sequence[str], *, day_first: bool, today: date) -> ListContent:
    """Return the open items of a table whose columns have these uses (ColumnUse)."""
    content = ListContent(left_out=list(table.left_out))
    groups: dict[tuple[str, bool], ListGroup] = {}
    lists = {_cell(row, uses, ColumnUse.GOAL) for row in table.rows}
    only_states = ColumnUse.TITLE in uses and all_states(sorted(lists))
    for number, row in enumerate(table.rows):
        title, goal = _cell(row, uses, ColumnUse.TITLE), _cell(row, uses, ColumnUse.GOAL)
        is_done = is_done_word(_cell(row, uses, ColumnUse.DONE)) or (only_states and is_done_word(goal))
        if is_done or not (title or goal):
            reason = _("It is done already.") if is_done else _("It has no title.")
            content.left_out.append(LeftOut(row.place, reason))
            continue
        are_goals = not title
        name = "" if are_goals else table.name if only_states else goal or table.name
        item = _item(number, row, uses, content, title or goal, day_first=day_first, today=today)
        if (name, are_goals) not in groups and len(groups) >= MAX_GROUPS:
            content.left_out.append(LeftOut(row.place, _("There are too many lists. Import it as a file of its own.")))
            continue
        groups.setdefault((name, are_goals), ListGroup(name, are_goals=are_goals)).items.append(item)
    content.groups = list(groups.values())
    return content


def _cell(row: ListRow, uses: Sequence[str], use: ColumnUse) -> str:
    """Return the text of the columns with a use, in the order of the columns; a title is one line."""
    parts = [cell for cell, its_use in zip(row.cells, uses, strict=True) if its_use == use and cell]
    if use == ColumnUse.NOTES:
        return "\n".join(parts)
    return " ".join(" ".join(parts).split())


def _item(
    number: int, row: ListRow, uses: Sequence[str], content: ListContent, title: str, *, day_first: bool, today: date
) -> ListItem:
    details, measure = _cell(row, uses, ColumnUse.NOTES), _cell(row, uses, ColumnUse.MEASURE)
    if len(title) > TITLE_LENGTH:
        details, title = "\n".join(filter(None, (title, details))), f"{title[: TITLE_LENGTH - 1]}…"
    day = _cell(row, uses, ColumnUse.DUE)
    exact, month_end = parse_date(day, day_first=day_first), parse_month(day)
    due_on = exact or month_end
    reason = ""
    if day and due_on is None:
        reason = _("“%(text)s” is not a single date. We import this without a date.") % {"text": day[:60]}
    elif due_on and due_on < today:
        due_on, reason = None, _("Its date has passed. We import this without a date.")
    if reason:
        content.left_out.append(LeftOut(row.place, reason))
    names_month = bool(due_on and not exact)
    return ListItem(number, title, due_on, details, measure[:MEASURE_LENGTH], names_month)
