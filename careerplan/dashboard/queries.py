"""Queries of Today and of the results of an assessment."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from careerplan.conversation.owner.queries import Waiting, list_waiting
from careerplan.dashboard.agenda import (
    ROWS_OF_A_GROUP,
    AgendaGroup,
    LateGoals,
    build_agenda,
    closing_rows,
    hero_lines,
    next_step,
    review_row,
    room_below,
    stop_rule_row,
)
from careerplan.dashboard.occasions import load_occasions
from careerplan.goals.queries.agenda import DuePeriod, StepRow, due_steps, period_ends
from careerplan.goals.queries.first_goals import load_first_goals_offer
from careerplan.goals.queries.goal_list import (
    FirstGoalRows,
    GoalRow,
    GoalWithDueStopRule,
    active_goals_by_purpose,
    first_goal_rows,
)
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries.opportunity_list import UpcomingOpportunities, upcoming_opportunities
from careerplan.planning.queries.catch_up import CatchUpDue, pause_and_catch_up
from careerplan.planning.timeline import MOST_MARKS, GoalTimeline, build_timeline
from careerplan.plans.models import Pause
from careerplan.reviews.queries.schedule import PlanReviews, load_plan_reviews
from careerplan.skills.queries.skill_groups import GoalLink

LANES = 6  # goals that fit on 1280 x 800, beside the next step
MOST_ASKING = 2  # the others ask on the page of their goal
MOST_LATE_GOALS = 2  # on Today; the page for catching up has all


@dataclass(frozen=True)
class TodayPage:
    """Content of Today. `hero` is the step to do next, `hero_goal` its goal where it is among those drawn.

    `pause`, `catch_up`, `first_goals` (how many are offered), `outcome_reviews_due` and `waiting` (comments and
    suggestions of people who see the plan) are the notes above the agenda.
    `has_draft`: whether an assessment is unfinished.
    `late` counts the goals and steps past their due date, `steps` all open steps, `undated` those without a day.
    """

    hero: StepRow | None
    hero_goal: GoalRow | None
    groups: list[AgendaGroup]
    timeline: GoalTimeline[GoalRow]
    late: int
    steps: int
    undated: int
    pause: Pause | None
    catch_up: CatchUpDue | None
    first_goals: int
    outcome_reviews_due: list[Opportunity]
    waiting: list[Waiting]
    has_draft: bool


def today_page(user: User, now: datetime, *, done_row: StepRow | None = None) -> TodayPage | None:
    """Return the content of Today, or None without goals. Six queries, and those of what is only now and then
    there: with one of these seven, more while goals are offered.

    `done_row`: the step that was just done. It is asked about at the top, not among the finished steps to rate.
    """
    today = timezone.localdate(now)
    goals = first_goal_rows(user, today, most=LANES, marks=MOST_MARKS)
    if not goals.rows:
        return None
    ends = dict(zip(("week_end", "weeks_end"), period_ends(today), strict=True))
    due = due_steps(user, now=now, today=today, most=ROWS_OF_A_GROUP, **ends)
    due = due.without_unrated(done_row) if done_row else due
    soon = closing_soon(user, now, today)
    late = due.count(DuePeriod.LATE) + goals.late
    notes = _load_notes(user, now, today, goals=goals, soon=soon, late=late)
    reviews = load_plan_reviews(user)
    review = review_row(reviews.open_review, today, goals=goals.count)
    asking = [*filter(None, [review]), *(stop_rule_row(goal, today) for goal in notes.stop_rules)]
    hero = next_step(due)
    return TodayPage(
        hero=hero,
        hero_goal=next((row for row in goals.rows if hero and row.id == hero.goal_id), None),
        groups=build_agenda(
            due,
            asking,
            closing_rows(soon.closing, **ends),
            hero=hero,
            late_goals=late_goals(goals, today),
            room=room_below(hero, notes=notes.count),
        ),
        timeline=_timeline(
            goals, today, reviews, soon, lanes=LANES - 2 * bool(notes.count) - max(0, hero_lines(hero) - 1)
        ),
        late=late,
        steps=sum(due.counts.values()) + due.undated,
        undated=due.undated,
        pause=notes.pause,
        catch_up=notes.catch_up,
        first_goals=notes.first_goals,
        outcome_reviews_due=notes.outcome_reviews_due,
        waiting=notes.waiting,
        has_draft=notes.has_draft,
    )


@dataclass(frozen=True, slots=True)
class _Notes:
    """What is only now and then above the steps, and the goals whose stop rule asks."""

    pause: Pause | None
    catch_up: CatchUpDue | None
    stop_rules: list[GoalWithDueStopRule]
    first_goals: int
    outcome_reviews_due: list[Opportunity]
    waiting: list[Waiting]
    has_draft: bool

    @property
    def count(self) -> int:
        """Return how many notes take room above the steps."""
        once = (self.pause, self.catch_up, self.first_goals, self.waiting)
        return sum(map(bool, once)) + len(self.outcome_reviews_due)


def _load_notes(
    user: User, now: datetime, today: date, *, goals: FirstGoalRows, soon: UpcomingOpportunities, late: int
) -> _Notes:
    occasions = load_occasions(user, now, today)
    pause, catch_up = pause_and_catch_up(user, today, late, has_recent=occasions.has_recent_pause)
    stop_rules = [] if pause else goals.asking[:MOST_ASKING]
    may_offer = occasions.may_offer_goals and not pause and not catch_up
    first_goals = load_first_goals_offer(user).count if may_offer else 0
    # A decision is 90 days old: it can wait for a day without other questions.
    is_busy = pause or catch_up or stop_rules or first_goals
    return _Notes(
        pause=pause,
        catch_up=catch_up,
        stop_rules=stop_rules,
        first_goals=first_goals,
        outcome_reviews_due=[] if is_busy else soon.outcome_reviews_due[:1],
        waiting=list_waiting(user, now=now) if occasions.has_waiting else [],
        has_draft=occasions.has_draft,
    )


def _timeline(
    goals: FirstGoalRows, today: date, reviews: PlanReviews, soon: UpcomingOpportunities, *, lanes: int
) -> GoalTimeline[GoalRow]:
    """Return the timeline of the first goals, with reviews and closing dates."""
    return build_timeline(
        goals.rows[:lanes],
        today,
        count=goals.count,
        review_days=reviews.between,
        closing_days=[row.opportunity.closes_on for row in soon.closing if row.opportunity.closes_on],
    )


def late_goals(goals: FirstGoalRows, today: date) -> LateGoals:
    """Return the first goals past their due date; they are the first by date."""
    return LateGoals([row for row in goals.rows if row.due_on < today][:MOST_LATE_GOALS], goals.late, today)


def closing_soon(user: User, now: datetime, today: date) -> UpcomingOpportunities:
    """Return opportunities that close in the next 4 weeks, and decisions to look back on. Up to two queries."""
    _week_end, last_day = period_ends(today)
    return upcoming_opportunities(user, now, today=today, last_day=last_day)


def goals_of_results(user: User) -> tuple[dict[int, GoalLink], dict[str, GoalLink]]:
    """Return the active goals that the results link to: by the skill (id) that they build, and by the text of the task
    that they grew from. One query.
    """
    by_skill, by_task = active_goals_by_purpose(user)
    links = {goal: GoalLink(goal.title, goal.get_absolute_url()) for goal in (*by_skill.values(), *by_task.values())}
    return (
        {skill_id: links[goal] for skill_id, goal in by_skill.items()},
        {task: links[goal] for task, goal in by_task.items()},
    )
