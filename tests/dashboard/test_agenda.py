"""The agenda of Today: steps, ratings, stop rules, closing dates and decisions."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from careerplan.goals.models import ActionStep, Evaluation, Goal
from careerplan.goals.queries.agenda import DuePeriod, UnratedSteps
from careerplan.goals.services.goals import close_goal
from careerplan.planning.services.pauses import start_pause
from careerplan.plans.models import Plan
from tests.dashboard.today import DAY, NOON, TODAY, done_step, due_of, shown, steps_on, today_page
from tests.factories.goals import NOW, make_goal
from tests.factories.opportunities import decline, make_opportunity, pursue

pytestmark = pytest.mark.django_db


def test_without_goals_there_is_no_page(user):
    assert today_page(user) is None


def test_steps_are_grouped_by_urgency_nearest_first(user):
    steps_on(user, 28, 6, -4, 0, 5)  # Sunday is the last day of the week
    assert shown(today_page(user)) == [("next", [-4], 0), ("week", [0, 5], 0), ("weeks", [6, 28], 0)]


def test_later_steps_fill_the_remaining_rows(user):
    steps_on(user, 0, 29, 60, 90, 120)
    assert shown(today_page(user)) == [("next", [0], 0), ("later", [29, 60, 90, 120], 0)]


def test_step_in_a_few_days_is_near_at_the_end_of_a_month(user):
    make_goal(user, step_due_on=date(2027, 4, 1))
    make_goal(user, step_due_on=date(2027, 4, 4))
    make_goal(user, step_due_on=date(2027, 4, 5))
    groups = today_page(user, date(2027, 3, 30)).groups
    assert [(group.key, [item.day.day for item in group.rows]) for group in groups] == [("week", [4]), ("weeks", [5])]


def test_rows_that_do_not_fit_are_counted_and_one_to_rate_stays(user, client, time_machine):
    time_machine.move_to(NOON, tick=False)
    client.force_login(user)
    steps_on(user, *range(-9, 0), *[1] * 5, *range(6, 22), 30)
    done_step(user)
    newest = done_step(user)
    assert shown(today_page(user)) == [
        ("next", [-9], 0),
        ("late", [-8, -7], 6),
        ("week", [], 5),
        ("weeks", [], 16),
        ("unrated", [0], 1),
    ]
    assert [group.steps for group in today_page(user).groups] == [9, 5, 16, 2]  # what the list of all steps shows
    page = client.get(reverse("dashboard:today")).content.decode()
    after = client.get(reverse("dashboard:today"), {"done": newest.pk}).context["page"].groups[-1]
    assert ([row.id == newest.pk for row in after.rows], after.steps) == ([False], 1)  # it is asked about at the top
    assert (page.count('<h2 id="ag-'), "In the next 4 weeks: 16 steps" in page) == (2, True)  # no heading over nothing
    make_opportunity(user, closes_on=TODAY + 20 * DAY)
    assert "1 closing date" in client.get(reverse("dashboard:today")).content.decode()


def test_only_open_steps_of_active_goals_of_the_active_plan_are_due(user, other_user):
    steps_on(other_user, 1)
    done_step(user)
    dropped = make_goal(user, step_due_on=TODAY)
    ActionStep.objects.filter(goal=dropped).update(state="dropped")
    close_goal(goal=make_goal(user, step_due_on=TODAY), outcome=Goal.State.LET_GO, today=TODAY, now=NOW)
    begun = make_goal(user, step_due_on=TODAY)
    ActionStep.objects.filter(goal=begun).update(state="in_progress")
    assert [step.goal_id for step in due_of(user).steps[DuePeriod.WEEK]] == [begun.pk]
    Plan.objects.filter(user=user).update(state="archived", archived_at=NOW)
    assert due_of(user).counts == {}


def test_done_steps_are_listed_to_rate_for_sixty_days(user, other_user):
    done_step(other_user)
    make_goal(user)
    done_step(user, title="Long ago", at=NOON - 60 * DAY)
    first = done_step(user, at=NOON - 59 * DAY)
    last = done_step(user, at=NOON - 2 * DAY)
    judged = done_step(user)
    Evaluation.objects.create(step=judged, worth=4, made_at=NOON)
    closed = done_step(user, at=NOON - DAY)
    close_goal(goal=closed.goal, outcome=Goal.State.REACHED, today=TODAY, now=NOON)
    found = due_of(user).unrated
    assert [step.id for step in found.steps] == [closed.pk, last.pk, first.pk]
    assert (found.count, due_of(user, most=1).unrated.count) == (3, 3)
    Plan.objects.filter(user=user).update(state="archived", archived_at=NOW)
    assert due_of(user).unrated == UnratedSteps()


def test_stop_rule_is_listed_though_its_goal_is_not_drawn(user):
    for days in range(9, 0, -1):
        make_goal(user, due_on=TODAY + days * DAY)
    last = Goal.objects.order_by("-due_on").first()
    Goal.objects.filter(pk=last.pk).update(stop_on=TODAY, stop_condition="A yes")
    (week,) = [group for group in today_page(user).groups if group.key == "week"]
    assert (week.rows[0].verb, week.rows[0].action) == ("Answer", f"{last.get_absolute_url()}#stop-rule")


def test_notes_above_the_agenda_take_rows_from_it(user):
    steps_on(user, 1, 2, 3, 10, 11, 12, 13)
    for days in range(6):
        make_goal(user, title=f"Later {days}", due_on=TODAY + 300 * DAY, step_due_on=TODAY + 200 * DAY)
    without = today_page(user)
    data = {"starts_on": TODAY, "ends_on": TODAY + 3 * DAY, "reason": "leave"}
    start_pause(plan=Plan.objects.get(user=user), form_key=uuid4(), changes=data, now=NOON)
    page = today_page(user)
    assert page.pause is not None
    rows = [sum(len(group.rows) for group in one.groups) for one in (without, page)]
    assert rows == [5, 4]
    assert [len(one.timeline.lanes) for one in (without, page)] == [6, 4]


def test_closing_dates_are_listed_among_the_steps(user, django_assert_num_queries):
    steps_on(user, 0, 1, 5)
    for days in (-1, 3, 6, 40):
        make_opportunity(user, f"In {days} days", closes_on=TODAY + days * DAY)
    pursue(make_opportunity(user, "Pursued", closes_on=TODAY + 7 * DAY))
    page = today_page(user)
    assert shown(page) == [("next", [0], 0), ("week", [1, 3, 5], 0), ("weeks", [6, 7], 0)]
    rows = {row.title: (row.verb, row.meta) for group in page.groups for row in group.rows}
    assert rows["Closing date: In 3 days"] == ("Decide", "Opportunity")
    assert rows["Closing date: Pursued"] == ("Open", "Opportunity")
    with django_assert_num_queries(6):
        today_page(user)


def test_closing_dates_within_a_week_are_listed_at_the_end_of_a_month(user):
    make_goal(user, step_due_on=date(2027, 12, 1), due_on=date(2027, 12, 1))
    make_opportunity(user, closes_on=date(2027, 4, 6))
    page = today_page(user, date(2027, 3, 31))
    assert [(group.key, [row.title for row in group.rows][:1]) for group in page.groups] == [
        ("weeks", ["Closing date: Ward manager, ward 12"])
    ]


def test_decision_to_look_back_on_waits_for_a_day_without_other_questions(user):
    goal = make_goal(user)
    decline(make_opportunity(user))  # on 4 January
    day = NOW.date() + 90 * DAY
    assert [one.title for one in today_page(user, day).outcome_reviews_due] == ["Ward manager, ward 12"]
    assert today_page(user, day - DAY).outcome_reviews_due == []
    Goal.objects.filter(pk=goal.pk).update(stop_on=day, stop_condition="I may")
    assert today_page(user, day).outcome_reviews_due == []
