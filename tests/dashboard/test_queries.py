"""What Today shows."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.core.dates import end_of_month, end_of_week
from careerplan.dashboard import queries
from careerplan.dashboard.words import lead
from careerplan.goals.lanes import MOST_MARKS
from careerplan.goals.models import ActionStep, Evaluation, Goal
from careerplan.goals.queries import DueSteps, Part, due_steps, unrated_steps
from careerplan.goals.services import Measure, close_goal, complete_step
from careerplan.plans.models import Plan
from careerplan.skills.queries import offers
from tests.factories.goals import NOW, make_goal, make_reading, only_step
from tests.factories.skills import make_catalogue

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 9)  # a Tuesday
NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def today_page(user, day=TODAY):
    return queries.today_page(user, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def due_of(user, most=3):
    return due_steps(user, today=TODAY, week_end=end_of_week(TODAY), month_end=end_of_month(TODAY), most=most)


def steps_on(user, *days):
    """A goal with one step on each of these days, counted from today."""
    for days_ahead in days:
        make_goal(user, step_due_on=TODAY + days_ahead * DAY)


def shown(page):
    return [(group.key, [(item.day - TODAY).days for item in group.rows], group.more) for group in page.groups]


def done_step(user, *, at=NOON, **changes):
    step = only_step(make_goal(user, **changes))
    return complete_step(step=step, now=at)


def test_somebody_without_a_goal_has_no_page_yet(user):
    assert today_page(user) is None


def test_steps_are_grouped_by_urgency_nearest_first(user):
    steps_on(user, 22, 6, -4, 0, 5)  # Sunday is the last day of the week, 31 March of the month
    assert shown(today_page(user)) == [("overdue", [-4], 0), ("week", [0, 5], 0), ("month", [6, 22], 0)]


def test_what_lies_beyond_the_month_fills_the_places_that_are_left(user):
    steps_on(user, 0, 23, 60, 90, 120)
    assert shown(today_page(user)) == [("week", [0], 0), ("later", [23, 60, 90], 1)]


def test_a_week_may_reach_into_the_next_month(user):
    make_goal(user, step_due_on=date(2027, 4, 4))
    make_goal(user, step_due_on=date(2027, 4, 5))
    groups = today_page(user, date(2027, 3, 30)).groups
    assert [(group.key, [item.day.day for item in group.rows]) for group in groups] == [("week", [4]), ("later", [5])]


def test_what_does_not_fit_is_counted_and_a_verdict_keeps_its_place(user):
    steps_on(user, *range(-9, 0), *[1] * 5, *range(6, 22), 30)
    done_step(user)
    done_step(user)
    assert shown(today_page(user)) == [
        ("overdue", [-9, -8, -7], 6),
        ("week", [1, 1, 1], 2),
        ("month", [], 16),
        ("unrated", [0], 1),
    ]


def test_only_open_steps_of_active_goals_of_ones_own_active_plan_are_due(user, other_user):
    steps_on(other_user, 1)
    done_step(user)
    dropped = make_goal(user, step_due_on=TODAY)
    ActionStep.objects.filter(goal=dropped).update(state="dropped")
    close_goal(goal=make_goal(user, step_due_on=TODAY), outcome=Goal.State.LET_GO, today=TODAY, now=NOW)
    begun = make_goal(user, step_due_on=TODAY)
    ActionStep.objects.filter(goal=begun).update(state="in_progress")
    assert [step.goal_id for step in due_of(user).steps[Part.WEEK]] == [begun.pk]
    Plan.objects.filter(user=user).update(state="archived", archived_at=NOW)
    assert due_of(user).counts == {}


def test_done_steps_wait_for_a_verdict_for_sixty_days(user, other_user):
    done_step(other_user)
    make_goal(user)
    done_step(user, title="Long ago", at=NOON - 60 * DAY)
    first = done_step(user, at=NOON - 59 * DAY)
    last = done_step(user, at=NOON - 2 * DAY)
    judged = done_step(user)
    Evaluation.objects.create(step=judged, worth=4, made_at=NOON)
    closed = done_step(user, at=NOON - DAY)
    close_goal(goal=closed.goal, outcome=Goal.State.ACHIEVED, today=TODAY, now=NOON)
    found = unrated_steps(user, now=NOON, most=3)
    assert [step.id for step in found.steps] == [closed.pk, last.pk, first.pk]
    assert (found.count, unrated_steps(user, now=NOON, most=1).count) == (3, 3)
    Plan.objects.filter(user=user).update(state="archived", archived_at=NOW)
    assert (unrated_steps(user, now=NOON, most=3).steps, unrated_steps(user, now=NOON, most=3).count) == ([], 0)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "No step is open. Choose a goal and say what comes next."),
        ({"month": 2}, "Nothing is due this week. Next comes “Rehearse”, on 9 Mar 2027."),
        ({"later": 1}, "Nothing is due this week. Next comes “Rehearse”, on 9 Mar 2027."),
        ({"week": 1}, "One thing is due this week. Start with “Rehearse”."),
        ({"overdue": 1, "month": 5}, "One step is late. Start with “Rehearse”."),
        (
            {"overdue": 1, "week": 3},
            "One step is late and three things are due this week. Start with “Rehearse”.",
        ),
        (
            {"overdue": 13, "week": 1},
            "13 steps are late and one thing is due this week. Start with “Rehearse”.",
        ),
    ],
)
def test_the_sentence_says_what_matters_now(counts, sentence):
    step = SimpleNamespace(title="Rehearse", due_on=TODAY)
    assert lead(DueSteps({Part(part): [step] for part in counts}, {Part(p): n for p, n in counts.items()})) == sentence


def test_the_sentence_begins_with_what_is_most_urgent_and_stays_short(user):
    steps_on(user, 1)
    late = only_step(make_goal(user, step_due_on=TODAY - DAY))
    ActionStep.objects.filter(pk=late.pk).update(title="Ask Dr Osei " * 15)
    words = today_page(user).lead
    assert words.startswith("One step is late and one thing is due this week. Start with “Ask Dr Osei Ask")
    assert len(words) < 140


def test_lanes_lie_on_one_axis_within_it(user):
    make_goal(user, starts_on=date(2027, 1, 15), due_on=date(2027, 6, 30), step_due_on=date(2027, 2, 1))
    make_goal(user, starts_on=date(2027, 3, 1), due_on=date(2027, 12, 31), step_due_on=date(2027, 9, 1))
    lanes = today_page(user).lanes
    assert [(tick.at, tick.label) for tick in lanes.ticks][:2] == [(0.0, "Jan 2027"), (24.73, "Apr")]
    assert 0 < lanes.today_at < 100
    for lane in lanes.lanes:
        assert 0 <= lane.start
        assert lane.start + lane.length <= 100
    assert [mark.is_late for lane in lanes.lanes for mark in lane.marks] == [True, False]


def test_the_measure_fills_the_lane_and_steps_that_of_a_yes_or_no(user):
    number = make_goal(user)
    yes_no = make_goal(user, measure=Measure(kind="yes_no", done_when="A signed contract"))
    assert [lane.filled for lane in today_page(user).lanes.lanes] == [0, 0]
    complete_step(step=only_step(number), now=NOW)
    complete_step(step=only_step(yes_no), now=NOW)
    make_reading(number, 6)
    half, whole = today_page(user).lanes.lanes
    assert half.filled == pytest.approx(half.length / 2, abs=0.01)
    assert whole.filled == whole.length


def test_a_lane_has_at_most_so_many_marks_and_asks_where_no_step_is_open(signed_in, user):
    goal = make_goal(user)
    ActionStep.objects.bulk_create(
        ActionStep(goal=goal, title="Ask", position=p, due_on=goal.due_on, due_set_at=NOW, created_at=NOW)
        for p in range(2, 30)
    )
    asks = make_goal(user)
    complete_step(step=only_step(asks), now=NOW)
    lanes = today_page(user).lanes
    assert [len(lane.marks) for lane in lanes.lanes] == [MOST_MARKS, 0]
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert reverse("goals:step-new", args=[asks.pk]) in page
    assert reverse("goals:step-new", args=[goal.pk]) not in page


def test_of_many_goals_those_due_first_are_drawn(signed_in, user):
    for days in range(12, 0, -1):
        make_goal(user, title=f"Goal {days}", due_on=TODAY + days * DAY)
    lanes = today_page(user).lanes
    assert [lane.row.title for lane in lanes.lanes] == [f"Goal {n}" for n in range(1, 9)]
    assert lanes.more == 4


def test_one_verb_a_row_and_the_date_of_the_first_late_one_can_be_moved(signed_in, user):
    today = timezone.localdate()
    late = [make_goal(user, due_on=today + 90 * DAY, step_due_on=today - days * DAY) for days in (5, 4)]
    first, second = (only_step(goal) for goal in late)
    rated = done_step(user, due_on=today + 90 * DAY, at=timezone.now())
    page = " ".join(signed_in.get(reverse("dashboard:today")).content.decode().split())
    assert page.count('class="btn btn-primary btn-sm"') == 1
    assert f'<a class="btn btn-secondary btn-sm" href="{reverse("goals:step-edit", args=[first.pk])}">Move date' in page
    assert reverse("goals:step-edit", args=[second.pk]) not in page
    for step in (first, second):
        assert f'action="{reverse("goals:step-complete", args=[step.pk])}"' in page
    assert f'href="{reverse("goals:step-evaluate", args=[rated.pk])}">Rate' in page


@pytest.mark.parametrize("count", [1, 30])
def test_today_costs_the_same_however_much_there_is(signed_in, user, django_assert_num_queries, count):
    for _ in range(count):
        make_goal(user, due_on=timezone.localdate() + timedelta(days=90))
    # user, goals, due and unrated steps, pauses, stop rules, review, draft, notices
    with django_assert_num_queries(9):
        assert signed_in.get(reverse("dashboard:today")).status_code == 200


def test_a_stranger_sees_what_it_is_and_who_is_signed_in_sees_today(client, signed_in):
    assert "stays out of the drawer" in client.get("/").content.decode()
    assert signed_in.get("/").url == reverse("dashboard:today")


def test_somebody_new_is_shown_where_to_begin(signed_in):
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert "Where would you like to start?" in page
    assert reverse("skills:home") in page
    assert reverse("goals:new") in page
    assert re.search(r"\d+ minutes, or \d+ in the quick version", page)


def test_the_minutes_are_those_of_the_wizard(signed_in, user):
    make_catalogue(each=7)
    minutes = {offer.key: offer.minutes for offer in offers(user, timezone.now())}
    words = f"{minutes['full']} minutes, or {minutes['quick']} in the quick version"
    assert words in signed_in.get(reverse("dashboard:today")).content.decode()


def test_a_goal_of_a_lifetime_does_not_squeeze_the_others(user):
    make_goal(user, starts_on=TODAY, due_on=TODAY + timedelta(days=365))
    make_goal(user, starts_on=TODAY, due_on=date(2099, 12, 31), step_due_on=date(2099, 1, 1))
    year, lifetime = today_page(user).lanes.lanes
    assert year.length > 25
    assert lifetime.start + lifetime.length == pytest.approx(100)
    assert lifetime.marks[0].at == 100
