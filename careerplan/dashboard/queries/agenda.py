"""The agenda of Today: what is late, due this week, later this month; and what waits for a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.goals.queries.agenda import DueStep, DueSteps, Part, UnratedStep
from careerplan.goals.queries.goal_list import AskingGoal
from careerplan.opportunities.queries import OpportunityRow
from careerplan.reviews.models import Review
from careerplan.reviews.queries import minutes_for

# So many rows fit on 1280 x 800 without scrolling; one of them is kept for a verdict that is asked for.
ROWS, ROWS_OF_A_GROUP = 7, 3


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
    due: DueSteps, asking: Sequence[AgendaItem] = (), closing: Closing | None = None, *, rows_less: int = 0
) -> list[AgendaGroup]:
    """The groups that have anything in them, nearest first; where no place is left, with the count alone.

    What is `asking` (a review that is due, a stop rule) comes first in this week, late or not: it is never late by
    much, and is no step. Opportunities that are `closing` stand among the steps, by day. `rows_less`: places that
    something above the agenda takes.

    What lies beyond the month fills the places that are left over.
    """
    unrated = due.unrated
    places = max(0, ROWS - bool(unrated.count) - len(asking) - rows_less)
    groups = []
    for part, title in (
        (Part.OVERDUE, _("Overdue")),
        (Part.WEEK, _("This week")),
        (Part.MONTH, _("Later this month")),
        (Part.LATER, _("After that")),
    ):
        closes = (closing or {}).get(part, ())
        rows = sorted([*closes, *map(_to_do, due.steps.get(part, []))], key=lambda row: row.day)
        rows = rows[: min(places, ROWS_OF_A_GROUP)]
        places -= len(rows)
        more = due.count(part) + len(closes) - len(rows)
        if part is Part.WEEK:
            rows = [*asking, *rows]
        if rows or (part is not Part.LATER and more):
            groups.append(AgendaGroup(part, title, rows, more))
    done = unrated.steps[: min(places + 1, ROWS_OF_A_GROUP)]
    if done:
        title = _("Done, not rated yet")
        groups.append(AgendaGroup("unrated", title, list(map(_to_rate, done)), unrated.count - len(done)))
    return groups


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
    about, address = row.match.about, row.opportunity.get_absolute_url()
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
