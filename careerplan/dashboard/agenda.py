"""The agenda of Today: steps that are late, due this week, this month or later, finished steps to rate,
and the sentence above them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.sentences import join_sentences
from careerplan.goals.queries.agenda import DuePeriod, DueStep, DueSteps, UnratedStep
from careerplan.goals.queries.goal_list import GoalWithDueStopRule
from careerplan.opportunities.queries.opportunity_list import OpportunityRow, SkillMatch
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
LONG_LEAD, LONG_LEAD_CHARACTERS = 27, 95  # a longer lead needs a second line


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A row: a day, its subject and one action. `action` is the address of `verb`, a POST if `is_post`.

    `move_url`: the form that changes the day. `is_done`: the day is when it was finished, so it is not late.
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
    """Rows of one urgency. `more` counts the rows that do not fit."""

    key: str
    title: str
    rows: Sequence[AgendaItem]
    more: int


Closing = Mapping[DuePeriod, Sequence[AgendaItem]]


def build_agenda(
    due: DueSteps, asking: Sequence[AgendaItem] = (), closing: Closing | None = None, *, room: int = ROOM
) -> list[AgendaGroup]:
    """Return the groups with rows, most urgent first. A group without room has a count only.

    `asking` (a review that is due, a stop rule) comes first in this week, late or not. `closing` opportunities are
    sorted among the steps, by day. `room` is the available height in pixels: headings and one row to rate are
    subtracted before any other row. Steps after this month fill what is left.
    """
    unrated = due.unrated
    to_rate = [_to_rate(step) for step in unrated.steps[:ROWS_OF_A_GROUP]]
    part_rows = {part: _group_rows(part, due, closing or {}) for part in DuePeriod}
    headed = {
        part
        for part in DuePeriod
        if part is not DuePeriod.LATER and (part_rows[part] or (part is DuePeriod.WEEK and asking))
    }
    room -= HEADING * (len(headed) + bool(to_rate)) + sum(map(_height, [*asking, *to_rate[:1]]))
    if DuePeriod.OVERDUE in headed:
        room -= LARGER + (TITLE_LINE if len(part_rows[DuePeriod.OVERDUE][0].title) > LARGER_CHARACTERS else 0)
    groups = []
    for part, title in (
        (DuePeriod.OVERDUE, _("Late")),
        (DuePeriod.WEEK, _("This week")),
        (DuePeriod.MONTH, _("Later this month")),
        (DuePeriod.LATER, _("After this month")),
    ):
        room -= HEADING if part is DuePeriod.LATER else 0
        rows, room = _fit(part_rows[part], room)
        more = due.count(part) + len((closing or {}).get(part, ())) - len(rows)
        if part is DuePeriod.WEEK:
            rows = [*asking, *rows]
        if rows or part in headed:
            groups.append(AgendaGroup(part, title, rows, more))
        elif part is DuePeriod.LATER:
            room += HEADING
    if to_rate:
        rows = [to_rate[0], *_fit(to_rate[1:], room)[0]]
        groups.append(AgendaGroup("unrated", _("Finished steps to rate"), rows, unrated.count - len(rows)))
    return groups


def is_long(lead: str) -> bool:
    """Return whether a lead takes two lines."""
    return len(lead) > LONG_LEAD_CHARACTERS


def room_below(lead: str, *, notes: int) -> int:
    """Return the height for the agenda below its lead and notes, in pixels."""
    return ROOM - NOTE * notes - (LONG_LEAD if is_long(lead) else 0)


def _group_rows(part: DuePeriod, due: DueSteps, closing: Closing) -> list[AgendaItem]:
    rows = sorted([*closing.get(part, ()), *map(_to_do, due.steps.get(part, []))], key=lambda row: row.day)
    return rows[:ROWS_OF_A_GROUP]


def _height(row: AgendaItem) -> int:
    return ROW + TITLE_LINE * ceil(len(row.title) / TITLE_CHARACTERS)


def _fit(rows: Sequence[AgendaItem], room: int) -> tuple[list[AgendaItem], int]:
    """Return the first rows that fit, and the room that is left."""
    fitting = []
    for row in rows:
        if _height(row) > room:
            break
        fitting.append(row)
        room -= _height(row)
    return fitting, room


def review_row(review: Review | None, today: date, *, goals: int) -> AgendaItem | None:
    """Return the row of a review that is due or started."""
    if review is None or not (review.started_at or review.due_on <= today):
        return None
    address = reverse("reviews:continue" if review.started_at else "reviews:list")
    words = ngettext("%(n)s goal, about %(minutes)s minutes", "%(n)s goals, about %(minutes)s minutes", goals)
    return AgendaItem(
        day=review.due_on,
        title=_("Review of your plan"),
        url=address,
        meta=words % {"n": goals, "minutes": minutes_for(goals)},
        verb=_("Continue") if review.started_at else _("Start"),
        action=address,
    )


def stop_rule_row(goal: GoalWithDueStopRule, today: date) -> AgendaItem:
    """Return the row of a goal with a stop rule to answer; it returns each day until then."""
    address = f"{goal.url}#stop-rule"
    return AgendaItem(
        day=today,
        title=goal.title,
        url=address,
        meta=_("Keep going or stop?"),
        verb=_("Answer"),
        action=address,
    )


def closing_rows(rows: Sequence[OpportunityRow], *, week_end: date, month_end: date) -> Closing:
    """Return the rows of opportunities that close soon, by group."""
    found: dict[DuePeriod, list[AgendaItem]] = {DuePeriod.WEEK: [], DuePeriod.MONTH: [], DuePeriod.LATER: []}
    for row in rows:
        day = row.opportunity.closes_on
        if day is not None:
            part = DuePeriod.WEEK if day <= week_end else DuePeriod.MONTH if day <= month_end else DuePeriod.LATER
            found[part].append(_to_decide(row, day))
    return found


def _to_decide(row: OpportunityRow, day: date) -> AgendaItem:
    address = row.opportunity.get_absolute_url()
    return AgendaItem(
        day=day,
        title=_("Closing date: %(title)s") % {"title": row.opportunity.title},
        url=address,
        meta=_about_match(row.match),
        verb=_("Decide") if row.opportunity.is_considering else _("Open"),
        action=address,
    )


def _about_match(match: SkillMatch) -> str:
    if match.is_unknown:
        count = len(match.unrated)
        return ngettext("Rate %(n)s skill to see your match", "Rate %(n)s skills to see your match", count) % {
            "n": count
        }
    return match.sentence or _("Opportunity")


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


TITLE_CHARACTERS = 60  # of a title in a sentence


def summary(due: DueSteps, also: Sequence[str] = ()) -> str:
    """Return what matters most now: "1 step is late. 3 things are due this week. Start with “...”.".

    `also`: titles of this week's review and of opportunities that close. They count as due, but steps come first.
    """
    first = next((due.steps[part][0] for part in DuePeriod if due.steps.get(part)), None)
    if first is None and not also:
        return _("You have no open steps. Add the next step to a goal.")
    late, steps = due.count(DuePeriod.OVERDUE), due.count(DuePeriod.WEEK)
    this_week = steps + len(also)
    title = Truncator(first.title if first and (late or steps or not also) else also[0]).chars(TITLE_CHARACTERS)
    if first and not late and not this_week:
        day = date_format(first.due_on, "j M Y")
        return _("Nothing is due this week. Next: “%(title)s” on %(day)s.") % {"title": title, "day": day}
    sentences = []
    if late:
        sentences.append(ngettext("%(n)s step is late.", "%(n)s steps are late.", late) % {"n": late})
    if this_week:
        words = ngettext("%(n)s thing is due this week.", "%(n)s things are due this week.", this_week)
        sentences.append(words % {"n": this_week})
    return join_sentences(*sentences, _("Start with “%(title)s”.") % {"title": title})
