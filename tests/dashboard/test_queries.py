"""What Today shows."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.core.dates import end_of_month, end_of_week
from careerplan.dashboard import queries
from careerplan.dashboard.words import lead
from careerplan.goals.lanes import MOST_DAYS, MOST_MARKS
from careerplan.goals.models import ActionStep, Evaluation, Goal
from careerplan.goals.queries import DueSteps, Part, Unrated, due_steps
from careerplan.goals.services import Measure, PauseData, close_goal, complete_step, start_pause
from careerplan.plans.models import Plan
from careerplan.reviews.rhythm import Cadence
from careerplan.reviews.services import set_rhythm
from careerplan.skills.models import Assessment, Education
from careerplan.skills.queries import offers
from tests.factories.goals import NOW, make_goal, make_reading, only_step
from tests.factories.opportunities import decline, make_opportunity, pursue
from tests.factories.skills import make_catalogue, make_draft, make_occupation

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 9)  # a Tuesday
NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def today_page(user, day=TODAY):
    return queries.today_page(user, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def due_of(user, most=3):
    ends = {"week_end": end_of_week(TODAY), "month_end": end_of_month(TODAY)}
    return due_steps(user, now=NOON, today=TODAY, most=most, **ends)


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
        ("week", [1, 1], 3),  # one place less: above them stands that there is much to look through
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
    found = due_of(user).unrated
    assert [step.id for step in found.steps] == [closed.pk, last.pk, first.pk]
    assert (found.count, due_of(user, most=1).unrated.count) == (3, 3)
    Plan.objects.filter(user=user).update(state="archived", archived_at=NOW)
    assert due_of(user).unrated == Unrated()


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


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "Two things are due this week. Start with “Review of your plan”."),
        ({"month": 2}, "Two things are due this week. Start with “Review of your plan”."),
        ({"week": 1}, "Three things are due this week. Start with “Rehearse”."),
        ({"overdue": 1}, "One step is late and two things are due this week. Start with “Rehearse”."),
    ],
)
def test_the_sentence_counts_the_review_and_what_closes(counts, sentence):
    step = SimpleNamespace(title="Rehearse", due_on=TODAY)
    due = DueSteps({Part(part): [step] for part in counts}, {Part(p): n for p, n in counts.items()})
    assert lead(due, ["Review of your plan", "Ward manager"]) == sentence


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
        make_goal(user, title=f"Goal {days}", due_on=TODAY + days * DAY, step_due_on=TODAY + DAY)
    lanes = today_page(user).lanes
    assert [lane.row.title for lane in lanes.lanes] == [f"Goal {n}" for n in range(1, 6)]
    assert lanes.more == 7


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
    # user, goals with their stop rules, steps, opportunities, pauses, reviews, draft, notices
    with django_assert_num_queries(8):
        assert signed_in.get(reverse("dashboard:today")).status_code == 200


def test_a_draft_that_is_not_finished_costs_three_more(signed_in, user, django_assert_num_queries):
    make_goal(user, due_on=timezone.localdate() + timedelta(days=90))
    draft = make_draft(user)
    occupation = make_occupation()
    Assessment.objects.filter(pk=draft.pk).update(target_occupation=occupation)
    Education.objects.create(assessment=draft, level="master")
    with django_assert_num_queries(11):  # its skills, ratings, and what the occupation needs
        page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert "Your assessment" in page


def test_the_row_of_reviews_has_those_that_were_and_those_to_come(user):
    goal = make_goal(user, starts_on=date(2027, 1, 1), due_on=date(2027, 12, 31))
    plan = goal.plan
    Plan.objects.filter(pk=plan.pk).update(started_on=date(2027, 1, 9))
    set_rhythm(plan=plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 4, 9))
    lanes = today_page(user).lanes
    assert [mark.day for mark in lanes.reviews] == [date(2027, 4, 9), date(2027, 7, 9), date(2027, 10, 9)]
    assert lanes.review_words == "9 Apr 2027, 9 Jul 2027, 9 Oct 2027"
    assert [0 < mark.at < 100 for mark in lanes.reviews] == [True] * 3
    set_rhythm(plan=plan, cadence=Cadence.WEEKLY, next_on=date(2027, 3, 12))
    assert len(today_page(user).lanes.reviews) == MOST_DAYS, "the nearest ones"


def test_the_legend_names_what_is_drawn(signed_in, user):
    today = timezone.localdate()
    goal = make_goal(user, due_on=today + 90 * DAY, step_due_on=today + DAY)
    set_rhythm(plan=goal.plan, cadence=Cadence.NONE, next_on=None)
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert (page.count("Late step"), page.count(">Review<")) == (0, 0)
    ActionStep.objects.update(due_on=today - DAY)
    set_rhythm(plan=goal.plan, cadence=Cadence.MONTHLY, next_on=today + 20 * DAY)
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert (page.count("Late step"), page.count("</svg>Review</li>")) == (1, 1)


def test_a_lane_of_a_yes_or_no_leads_to_its_next_step(signed_in, user):
    due_on = timezone.localdate() + 90 * DAY
    goal = make_goal(user, due_on=due_on, measure=Measure(kind="yes_no", done_when="A signed contract"))
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    way = f"{goal.get_absolute_url()}#step-{only_step(goal).pk}"
    assert f'<a href="{way}">Next step<span class="visually-hidden">: {goal.title}</span></a>' in page


def test_a_stop_rule_asks_on_its_day_though_its_goal_is_not_drawn(user):
    for days in range(9, 0, -1):
        make_goal(user, due_on=TODAY + days * DAY)
    last = Goal.objects.order_by("-due_on").first()
    Goal.objects.filter(pk=last.pk).update(stop_on=TODAY, stop_unless="A yes")
    (week,) = [group for group in today_page(user).groups if group.key == "week"]
    assert (week.rows[0].verb, week.rows[0].action) == ("Answer", f"{last.get_absolute_url()}#stop-rule")


def test_what_stands_above_the_agenda_takes_places_from_it(user):
    steps_on(user, 1, 2, 3, 10, 11, 12, 13)
    for days in range(6):
        make_goal(user, title=f"Later {days}", due_on=TODAY + 300 * DAY, step_due_on=TODAY + 200 * DAY)
    without = today_page(user)
    data = PauseData(starts_on=TODAY, ends_on=TODAY + 3 * DAY, reason="leave")
    start_pause(plan=Plan.objects.get(user=user), form_key=uuid4(), data=data, now=NOON)
    page = today_page(user)
    assert page.pause is not None
    rows = [sum(len(group.rows) for group in one.groups) for one in (without, page)]
    assert rows == [7, 6]
    assert [len(one.lanes.lanes) for one in (without, page)] == [5, 4]


def test_opportunities_that_close_soon_stand_among_the_steps(user, django_assert_num_queries):
    steps_on(user, 1, 5)
    for days in (-1, 3, 6, 40):
        make_opportunity(user, f"In {days} days", closes_on=TODAY + days * DAY)
    pursue(make_opportunity(user, "Pursued", closes_on=TODAY + 7 * DAY))
    page = today_page(user)
    assert shown(page) == [("week", [1, 3, 5], 0), ("month", [6, 7], 0)]
    rows = {row.title: (row.verb, row.meta) for group in page.groups for row in group.rows}
    assert rows["In 3 days, closes"] == ("Decide", "Opportunity")
    assert rows["Pursued, closes"] == ("Open", "Opportunity")
    with django_assert_num_queries(6):
        today_page(user)


def test_what_closes_within_a_week_is_shown_at_the_end_of_a_month_too(user):
    make_goal(user, step_due_on=date(2027, 12, 1), due_on=date(2027, 12, 1))
    make_opportunity(user, closes_on=date(2027, 4, 6))
    page = today_page(user, date(2027, 3, 31))
    assert [(group.key, [row.title for row in group.rows][:1]) for group in page.groups] == [
        ("later", ["Ward manager, ward 12, closes"])
    ]


def test_a_decision_asks_on_a_day_on_which_nothing_else_does(user):
    goal = make_goal(user)
    decline(make_opportunity(user))  # on 4 January
    day = NOW.date() + 90 * DAY
    assert [one.title for one in today_page(user, day).to_judge] == ["Ward manager, ward 12"]
    assert today_page(user, day - DAY).to_judge == []
    Goal.objects.filter(pk=goal.pk).update(stop_on=day, stop_unless="I may")
    assert today_page(user, day).to_judge == []


def test_somebody_new_can_begin_with_an_opportunity(signed_in, user):
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert "A post or a course with a closing date that you do not want to miss. 1 minute." in page
    make_opportunity(user, closes_on=timezone.localdate() + DAY)
    assert "Ward manager, ward 12" in signed_in.get(reverse("dashboard:today")).content.decode()


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
