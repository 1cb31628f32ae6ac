"""The agenda of Today: what is late, due this week, later this month; and what waits for a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.goals.queries.agenda import DueStep, DueSteps, Part, UnratedStep
from careerplan.goals.queries.goal_list import AskingGoal
from careerplan.opportunities.queries.opportunity_list import OpportunityRow
from careerplan.reviews.models import Review
from careerplan.reviews.queries import minutes_for

ROWS_OF_A_GROUP = 3

# The agenda fits on 1280 x 800 without scrolling, with fonts a little wider than ours. Heights in CSS pixels, as
# static/css/agenda.css and page.css draw them; tests/dashboard/test_screen.py measures the page.
ROOM = 625
HEADING = 41
ROW, TITLE_LINE, TITLE_CHARACTERS = 37, 22, 46
LARGER, LARGER_CHARACTERS = 12, 30  # the first late step is written larger, beside two buttons
NOTE = 54
LONG_LEAD, LONG_LEAD_CHARACTERS = 27, 95  # a longer lead takes a second line


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One row: a day, what it is about, and one verb. `action` is where the verb leads; posted to with `is_post`.

    `move_url`: where its day is moved. `is_done`: the day has passed on purpose.
    """

    day: date
    title: str
    url: str
    meta: str
    verb: str
    action: str
    is_post: bool = False
    move_url: str = ""
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class AgendaGroup:
    """Rows of one urgency. `more` counts what is not shown."""

    key: str
    title: str
    rows: Sequence[AgendaItem]
    more: int


Closing = Mapping[Part, Sequence[AgendaItem]]


def agenda(
    due: DueSteps, asking: Sequence[AgendaItem] = (), closing: Closing | None = None, *, room: int = ROOM
) -> list[AgendaGroup]:
    """The groups that have anything in them, nearest first; where no place is left, with the count alone.

    What is `asking` (a review that is due, a stop rule) comes first in this week, late or not: it is never late by
    much, and is no step. Opportunities that are `closing` stand among the steps, by day. `room`: the height that
    there is, in pixels; headings and one row that asks for a rating are taken off before any other row.

    What lies beyond the month fills the room that is left over.
    """
    unrated = due.unrated
    to_rate = [_to_rate(step) for step in unrated.steps[:ROWS_OF_A_GROUP]]
    rows_of = {part: _rows_of(part, due, closing or {}) for part in Part}
    headed = {part for part in Part if part is not Part.LATER and (rows_of[part] or (part is Part.WEEK and asking))}
    room -= HEADING * (len(headed) + bool(to_rate)) + sum(map(_height, [*asking, *to_rate[:1]]))
    if Part.OVERDUE in headed:
        room -= LARGER + (TITLE_LINE if len(rows_of[Part.OVERDUE][0].title) > LARGER_CHARACTERS else 0)
    groups = []
    for part, title in (
        (Part.OVERDUE, _("Overdue")),
        (Part.WEEK, _("This week")),
        (Part.MONTH, _("Later this month")),
        (Part.LATER, _("After that")),
    ):
        room -= HEADING if part is Part.LATER else 0
        rows, room = _that_fit(rows_of[part], room)
        more = due.count(part) + len((closing or {}).get(part, ())) - len(rows)
        if part is Part.WEEK:
            rows = [*asking, *rows]
        if rows or part in headed:
            groups.append(AgendaGroup(part, title, rows, more))
        elif part is Part.LATER:
            room += HEADING
    if to_rate:
        rows = [to_rate[0], *_that_fit(to_rate[1:], room)[0]]
        groups.append(AgendaGroup("unrated", _("Done, not rated yet"), rows, unrated.count - len(rows)))
    return groups


def is_long(lead: str) -> bool:
    """Whether a lead takes two lines."""
    return len(lead) > LONG_LEAD_CHARACTERS


def room_below(lead: str, *, notes: int) -> int:
    """The height that is left for the agenda below its lead and so many notes."""
    return ROOM - NOTE * notes - (LONG_LEAD if is_long(lead) else 0)


def _rows_of(part: Part, due: DueSteps, closing: Closing) -> list[AgendaItem]:
    rows = sorted([*closing.get(part, ()), *map(_to_do, due.steps.get(part, []))], key=lambda row: row.day)
    return rows[:ROWS_OF_A_GROUP]


def _height(row: AgendaItem) -> int:
    return ROW + TITLE_LINE * ceil(len(row.title) / TITLE_CHARACTERS)


def _that_fit(rows: Sequence[AgendaItem], room: int) -> tuple[list[AgendaItem], int]:
    """The first rows that fit, and the room that is left."""
    fitting = []
    for row in rows:
        if _height(row) > room:
            break
        fitting.append(row)
        room -= _height(row)
    return fitting, room


def review_row(review: Review | None, today: date, *, goals: int) -> AgendaItem | None:
    """The row of a review that is due or under way."""
    if review is None or not (review.started_at or review.due_on <= today):
        return None
    address = reverse("reviews:continue" if review.started_at else "reviews:list")
    goals_words = ngettext("%(n)s goal", "%(n)s goals", goals) % {"n": goals}
    return AgendaItem(
        day=review.due_on,
        title=_("Review of your plan"),
        url=address,
        meta=_("%(goals)s, about %(minutes)s minutes") % {"goals": goals_words, "minutes": minutes_for(goals)},
        verb=_("Continue") if review.started_at else _("Start"),
        action=address,
    )


def stop_rule_row(goal: AskingGoal, today: date) -> AgendaItem:
    """The row of a goal whose stop rule asks, each day until it is answered."""
    address = f"{goal.url}#stop-rule"
    return AgendaItem(
        day=today,
        title=goal.title,
        url=address,
        meta=_("You wanted to be asked: go on, or let it go?"),
        verb=_("Answer"),
        action=address,
    )


def closing_rows(rows: Sequence[OpportunityRow], *, week_end: date, month_end: date) -> Closing:
    """The rows of opportunities that close soon, by the group they belong to."""
    found: dict[Part, list[AgendaItem]] = {Part.WEEK: [], Part.MONTH: [], Part.LATER: []}
    for row in rows:
        day = row.opportunity.closes_on
        if day is not None:
            part = Part.WEEK if day <= week_end else Part.MONTH if day <= month_end else Part.LATER
            found[part].append(_to_decide(row, day))
    return found


def _to_decide(row: OpportunityRow, day: date) -> AgendaItem:
    about, address = row.match.rounded_percent, row.opportunity.get_absolute_url()
    return AgendaItem(
        day=day,
        title=_("%(title)s, closes") % {"title": row.opportunity.title},
        url=address,
        meta=_("Opportunity") if about is None else _("Opportunity; skills match about %(n)s%%") % {"n": about},
        verb=_("Decide") if row.opportunity.is_considering else _("Open"),
        action=address,
    )


def _to_do(step: DueStep) -> AgendaItem:
    return AgendaItem(
        day=step.due_on,
        title=step.title,
        url=_step_url(step),
        meta=step.goal_title,
        verb=_("Done"),
        action=reverse("goals:step-complete", args=[step.id]),
        is_post=True,
        move_url=reverse("goals:step-edit", args=[step.id]),
    )


def _to_rate(step: UnratedStep) -> AgendaItem:
    return AgendaItem(
        day=timezone.localdate(step.done_at),
        title=step.title,
        url=_step_url(step),
        meta=_("Was it worth your time and effort?"),
        verb=_("Rate"),
        action=reverse("goals:step-evaluate", args=[step.id]),
        is_done=True,
    )


def _step_url(step: DueStep | UnratedStep) -> str:
    return f"{reverse('goals:detail', args=[step.goal_id])}#step-{step.id}"
