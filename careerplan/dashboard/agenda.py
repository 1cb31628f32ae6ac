"""The agenda of Today: the next step, goals and steps that are late, steps due this week, in the next 4 weeks or later,
and finished steps to rate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from careerplan.core.addresses import page_url
from careerplan.core.dates import days_ago
from careerplan.goals.queries.agenda import DuePeriod, DueSteps, StepRow
from careerplan.goals.queries.goal_list import GoalRow, GoalWithDueStopRule
from careerplan.opportunities.queries.opportunity_list import OpportunityRow, SkillMatch
from careerplan.reviews.models import Review
from careerplan.reviews.queries.schedule import minutes_for

GROUP_TITLES = {
    DuePeriod.LATE: gettext_lazy("Late"),
    DuePeriod.WEEK: gettext_lazy("This week"),
    DuePeriod.WEEKS: gettext_lazy("In the next 4 weeks"),
    DuePeriod.LATER: pgettext_lazy("steps", "Later"),
}
ROWS_OF_A_GROUP = 4  # of which the first may be the next step above the groups

# Today fits on 1280 x 800 without scrolling, with fonts a little wider than ours. Heights in CSS pixels, as
# static/css/rows.css and today.css draw them; tests/dashboard/test_screen.py measures the page.
ROOM = 640
HEADING = 43
ROW, TITLE_LINE, TITLE_CHARACTERS = 35, 22, 42
BUTTONS_TITLE_CHARACTERS = 26  # of a row with three buttons beside its title
NOTE = 54
HERO, HERO_LINE, HERO_CHARACTERS = 185, 42, 34


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A row: its subject, a day and what can be done.

    `kind` says how the row is drawn: "step" (tick and date; `step` has it), "goal" (past its date: move, reached, let
    go), "rate" (a finished step), "link" (a review under way, a stop rule, a closing date: `verb` leads to `action`),
    or "start" (a due review: the button `verb` posts to `action`).
    """

    kind: str
    id: int
    day: date | None
    title: str
    url: str
    meta: str
    icon: str = ""
    verb: str = ""
    action: str = ""
    step: StepRow | None = None


@dataclass(frozen=True, slots=True)
class AgendaGroup:
    """Rows of one urgency. `more` counts the rows that do not fit; `all_url` lists all `steps` of this urgency.

    Without rows it is one line, with links to its steps and to opportunities, if any are `closing` then.
    """

    key: str
    title: str
    rows: Sequence[AgendaItem]
    more: int
    steps: int = 0
    closing: int = 0

    @property
    def all_url(self) -> str:
        """Return the list of all steps of this group."""
        return f"{reverse('goals:steps')}?show={self.key}"


Closing = Mapping[DuePeriod, Sequence[AgendaItem]]


@dataclass(frozen=True)
class LateGoals:
    """The first goals past their due date, and the number of all."""

    rows: Sequence[GoalRow]
    count: int
    today: date


def build_agenda(
    due: DueSteps,
    asking: Sequence[AgendaItem] = (),
    closing: Closing | None = None,
    *,
    hero: StepRow | None = None,
    late_goals: LateGoals | None = None,
    room: int = ROOM,
) -> list[AgendaGroup]:
    """Return the groups with rows, most urgent first, without the `hero`. A group without room has a count only.

    `late_goals` come first of all, since their steps depend on them. `asking` (a review that is due, a stop rule) comes
    first in this week, late or not. `closing` opportunities are sorted among the steps, by day. `room` is the available
    height in pixels: headings and one row to rate are subtracted before any other row. Steps after these weeks fill
    what is left.
    """
    unrated, all_steps = due.unrated, due.count
    due = due.without(hero) if hero else due
    to_rate = [_to_rate(step) for step in unrated.steps[:ROWS_OF_A_GROUP]]
    part_rows = {part: _group_rows(part, due, closing or {}) for part in DuePeriod}
    goals = [late_goal_row(goal, late_goals.today) for goal in late_goals.rows] if late_goals else []
    first = {DuePeriod.LATE: goals, DuePeriod.WEEK: asking}
    headed = {part for part in DuePeriod if part is not DuePeriod.LATER and (part_rows[part] or first.get(part))}
    room -= HEADING * (len(headed) + bool(to_rate)) + sum(map(_height, [*goals, *asking, *to_rate[:1]]))
    groups = []
    for part, title in GROUP_TITLES.items():
        room -= HEADING if part is DuePeriod.LATER else 0
        rows, room = _fit(part_rows[part], room)
        closing_here = len((closing or {}).get(part, ()))
        if part in headed and not due.count(part):  # a closing date alone: without steps there is nothing to link to
            rows = rows or part_rows[part][:1]
        more = due.count(part) + closing_here - len(rows)
        if goals and late_goals and part is DuePeriod.LATE:
            more += late_goals.count - len(goals)
        rows = [*first.get(part, ()), *rows]
        if rows or part in headed:
            groups.append(AgendaGroup(part, str(title), rows, more, all_steps(part), closing_here))
        elif part is DuePeriod.LATER:
            room += HEADING
    if to_rate:
        groups.append(_group_to_rate(to_rate, unrated.count, room))
    return groups


def _group_to_rate(first: list[AgendaItem], count: int, room: int) -> AgendaGroup:
    rows = [first[0], *_fit(first[1:], room)[0]]
    return AgendaGroup("unrated", _("Finished steps to rate"), rows, count - len(rows), count)


def room_below(hero: StepRow | None, *, notes: int) -> int:
    """Return the height for the agenda below the next step and the notes, in pixels."""
    return ROOM - NOTE * notes - (HERO + HERO_LINE * hero_lines(hero) if hero else 0)


def hero_lines(hero: StepRow | None) -> int:
    """Return how many lines the title of the next step takes."""
    return min(3, ceil(len(hero.title) / HERO_CHARACTERS)) if hero else 0


def next_step(due: DueSteps) -> StepRow | None:
    """Return the open step that is due first."""
    return next((due.steps[part][0] for part in DuePeriod if due.steps.get(part)), None)


def _group_rows(part: DuePeriod, due: DueSteps, closing: Closing) -> list[AgendaItem]:
    steps = [_to_do(step) for step in due.steps.get(part, [])]
    return sorted([*closing.get(part, ()), *steps], key=lambda row: row.day or date.max)[:ROWS_OF_A_GROUP]


def _height(row: AgendaItem) -> int:
    characters = BUTTONS_TITLE_CHARACTERS if row.kind == "goal" else TITLE_CHARACTERS
    return ROW + TITLE_LINE * ceil(len(row.title) / characters)


def _fit(rows: Sequence[AgendaItem], room: int) -> tuple[list[AgendaItem], int]:
    """Return the first rows that fit, and the room that is left."""
    fitting = []
    for row in rows:
        if _height(row) > room:
            break
        fitting.append(row)
        room -= _height(row)
    return fitting, room


def late_goal_row(goal: GoalRow, today: date) -> AgendaItem:
    """Return the row of a goal past its due date: move it, mark it as reached, or let go."""
    words = {"day": date_format(goal.due_on, "j M Y"), "ago": days_ago(goal.due_on, today), "progress": goal.words}
    return AgendaItem(
        kind="goal",
        id=goal.id,
        day=goal.due_on,
        title=goal.title,
        url=goal.url,
        meta=_("Goal. Due %(day)s, %(ago)s. %(progress)s.") % words,
        icon="flag",
    )


def review_row(review: Review | None, today: date, *, goals: int) -> AgendaItem | None:
    """Return the row of a review that is due or started."""
    if review is None or not (review.started_at or review.due_on <= today):
        return None
    words = ngettext("%(n)s goal, about %(minutes)s minutes", "%(n)s goals, about %(minutes)s minutes", goals)
    is_started = review.started_at is not None
    return AgendaItem(
        kind="link" if is_started else "start",
        id=0,
        day=review.due_on,
        title=_("Review of your plan"),
        url=reverse("reviews:continue" if is_started else "reviews:list"),
        action=reverse("reviews:continue" if is_started else "reviews:start"),
        icon="check-check",
        meta=words % {"n": goals, "minutes": minutes_for(goals)},
        verb=_("Continue") if is_started else _("Start"),
    )


def stop_rule_row(goal: GoalWithDueStopRule, today: date) -> AgendaItem:
    """Return the row of a goal with a stop rule to answer; it returns each day until then."""
    return _link("hand", today, goal.title, f"{goal.url}#stop-rule", meta=_("Keep going or stop?"), verb=_("Answer"))


def closing_rows(rows: Sequence[OpportunityRow], *, week_end: date, weeks_end: date) -> Closing:
    """Return the rows of opportunities that close soon, by group."""
    found: dict[DuePeriod, list[AgendaItem]] = {DuePeriod.WEEK: [], DuePeriod.WEEKS: [], DuePeriod.LATER: []}
    for row in rows:
        day = row.opportunity.closes_on
        if day is not None:
            part = DuePeriod.WEEK if day <= week_end else DuePeriod.WEEKS if day <= weeks_end else DuePeriod.LATER
            found[part].append(_to_decide(row, day))
    return found


def _to_decide(row: OpportunityRow, day: date) -> AgendaItem:
    return _link(
        "calendar-clock",
        day,
        _("Closing date: %(title)s") % {"title": row.opportunity.title},
        row.opportunity.get_absolute_url(),
        meta=_about_match(row.match),
        verb=_("Decide") if row.opportunity.is_considering else _("Open"),
    )


def _link(icon: str, day: date, title: str, address: str, **words: Any) -> AgendaItem:
    return AgendaItem(kind="link", id=0, day=day, title=title, url=address, action=address, icon=icon, **words)


def _about_match(match: SkillMatch) -> str:
    if match.is_unknown:
        count = len(match.unrated)
        return ngettext("Rate %(n)s skill to see your match", "Rate %(n)s skills to see your match", count) % {
            "n": count
        }
    return match.sentence or _("Opportunity")


def _to_do(step: StepRow) -> AgendaItem:
    return AgendaItem(
        kind="step", id=step.id, day=step.due_on, title=step.title, url=step.url, meta=step.goal_title, step=step
    )


def _to_rate(step: StepRow) -> AgendaItem:
    return AgendaItem(
        kind="rate",
        id=step.id,
        day=step.done_on or step.due_on,
        title=step.title,
        url=step.url,
        meta=_("Was it worth your time and effort?"),
        icon="star",
        verb=_("Rate"),
        action=page_url("goals:step-evaluate", step.id),
        step=step,
    )
