"""What catching up works out, whatever is answered: days within their goals, weeks with room, the line of weeks."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from careerplan.goals.models import ActionStep, Goal
from careerplan.planning.queries.catch_up import draw_away_line
from careerplan.planning.services.catch_up import (
    Answer,
    CatchUp,
    GoalAnswer,
    StepAnswer,
    StepUpdate,
    plan_catch_up,
    spread_over_weeks,
)

TODAY = date(2027, 3, 24)  # a Wednesday
MONDAY = date(2027, 3, 29)
DAY = timedelta(days=1)


def test_line_of_the_weeks_away_has_a_mark_a_day():
    line = draw_away_line(TODAY - 100 * DAY, TODAY, [TODAY - 150 * DAY, TODAY - 50 * DAY, TODAY - 50 * DAY, TODAY])
    assert (line.marks, line.weeks) == ([50.0, 100.0], 14)


goals = st.builds(Goal, pk=st.integers(1, 3), due_on=st.dates(date(2027, 1, 1), date(2027, 12, 1)))
days = st.dates(TODAY, TODAY + 400 * DAY)
step_answers = st.one_of(
    st.builds(Answer, st.sampled_from([choice for choice in StepAnswer if choice != StepAnswer.DAY])),
    st.builds(Answer, st.just(StepAnswer.DAY), days),
)
goal_answers = st.one_of(
    st.builds(Answer, st.sampled_from([choice for choice in GoalAnswer if choice != GoalAnswer.DAY])),
    st.builds(Answer, st.just(GoalAnswer.DAY), days),
)


@given(st.lists(st.tuples(goals, goal_answers | st.none(), st.lists(step_answers, max_size=3)), max_size=3))
def test_no_step_moves_past_its_goal_and_nothing_moves_into_the_past(rows):
    rows = list({goal.pk: (goal, answer, steps) for goal, answer, steps in rows}.values())
    pk = iter(range(1, 100))
    of_steps = {
        ActionStep(pk=next(pk), goal=goal, due_on=TODAY - DAY): answer for goal, _own, steps in rows for answer in steps
    }
    found = plan_catch_up({goal: answer for goal, answer, _ in rows if answer}, of_steps, TODAY)
    new_days = {update.goal.pk: update.due_on for update in found.goals}
    closed = {update.goal.pk for update in found.goals if update.state}
    for update in found.steps:
        assert (update.state is None) != (update.due_on is None)
        if update.due_on:
            goal = update.step.goal
            assert update.due_on >= TODAY
            assert goal.pk in closed or update.due_on <= (new_days.get(goal.pk) or goal.due_on)


@given(st.lists(st.decimals(0, 40, places=1), min_size=1, max_size=20), st.decimals(1, 40, places=1))
def test_steps_are_spread_over_weeks_that_have_room(hours, limit):
    goal = Goal(pk=1, due_on=TODAY)
    steps = [ActionStep(pk=n, goal=goal, due_on=TODAY, effort_hours=known) for n, known in enumerate(hours)]
    found = spread_over_weeks(CatchUp([], [StepUpdate(step, due_on=MONDAY) for step in steps]), limit, TODAY)
    by_week: dict[date, list[Decimal]] = {}
    for update in found.steps:
        by_week.setdefault(update.due_on, []).append(update.step.effort_hours)
    assert all(sum(some) <= limit or len([one for one in some if one]) == 1 for some in by_week.values())
    assert sorted(by_week) == [MONDAY + timedelta(weeks=n) for n in range(len(by_week))]
    assert found.goals[0].due_on == max(by_week)
