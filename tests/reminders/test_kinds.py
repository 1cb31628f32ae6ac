"""What becomes due by its kind, on which day, and how often again."""

from datetime import date, timedelta

import pytest

from careerplan.goals.models import ActionStep, Evaluation, Goal
from careerplan.goals.services.steps import complete_step
from careerplan.plans.models import Plan
from careerplan.reminders.forecast import upcoming
from careerplan.reminders.models import Digest, Reminder, UserActivity
from careerplan.reminders.queries.digests import load_digest_rows
from careerplan.reminders.texts import reminder_text
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.models import Review
from careerplan.reviews.services import make_due_reviews, set_schedule
from tests.factories.goals import make_goal, only_step
from tests.factories.skills import make_draft
from tests.reminders.days import FIRST, MADE, be_there, reminders_sent, run_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(user):
    """A person who was active at the start."""
    UserActivity.objects.create(user=user, seen_at=MADE)


def test_late_reminder_after_a_day_then_weekly_three_times(user):
    make_goal(user, step_due_on=date(2027, 3, 1))
    for day in range(40):
        run_day(day)
        be_there(user, day)
    assert reminders_sent("overdue") == [(date(2027, 3, 1), lead) for lead in (-1, -8, -15)]


def test_done_step_has_one_reminder_unless_it_is_rated(user):
    for n in range(2):
        goal = make_goal(user, step_due_on=date(2027, 6, 1))
        step = only_step(goal)
        complete_step(step=step, now=FIRST + timedelta(hours=n))
    Evaluation.objects.create(step=step, worth=3, made_at=FIRST)
    for day in range(10):
        run_day(day)
        be_there(user, day)
    assert reminders_sent("step_unrated") == [(date(2027, 3, 1), -2)]


def test_goal_without_step_has_a_reminder_from_the_next_day_once_a_week(user):
    goal = make_goal(user, step_due_on=date(2027, 6, 1))
    complete_step(step=only_step(goal), now=FIRST - timedelta(hours=2))
    for day in range(16):
        run_day(day)
        be_there(user, day)
    days = [date(2027, 3, 2), date(2027, 3, 9), date(2027, 3, 16)]
    assert [day for day, _lead in reminders_sent("goal_without_step")] == days
    text = reminder_text(Reminder.objects.filter(kind="goal_without_step")[0], days[0])
    assert (text.mark, text.when) == ("No next step", "No open step has a day")
    assert "due date" not in text.detail, "the day of the email is not that of the goal"


def test_step_without_a_day_is_never_due_and_no_next_step_of_its_goal(user):
    step = only_step(make_goal(user, step_due_on=FIRST.date()))
    run_day(0)
    ActionStep.objects.update(due_on=None, due_set_at=FIRST + timedelta(hours=1))
    for day in range(10):
        run_day(day, hours=2)
        be_there(user, day)
    days = [date(2027, 3, 2), date(2027, 3, 9)]
    assert [day for day, _lead in reminders_sent("goal_without_step")] == days
    assert reminders_sent("overdue") == []
    [digest] = Digest.objects.filter(local_date=FIRST.date())
    assert not load_digest_rows([digest.pk])[0].is_valid
    ActionStep.objects.filter(pk=step.pk).update(due_on=date(2027, 6, 1))
    [digest] = Digest.objects.filter(local_date=days[1])
    assert not load_digest_rows([digest.pk])[0].is_valid


def test_abandoned_assessment_has_one_reminder_after_three_days(user):
    draft = make_draft(user, now=FIRST)
    for day in range(3):
        assert run_day(day) == []
    assert run_day(3) == [1]
    type(draft).objects.update(saved_at=FIRST + timedelta(days=4))
    assert [run_day(day) for day in range(4, 10)] == [[]] * 6


def test_stop_rule_has_a_reminder_on_its_day_until_it_is_answered(user):
    make_goal(user, step_due_on=date(2027, 6, 1))
    Goal.objects.update(stop_on=date(2027, 3, 3), stop_condition="six shifts are led")
    assert [sum(run_day(day)) for day in range(4)] == [0, 0, 1, 0]
    Reminder.objects.all().delete()
    Digest.objects.all().delete()
    Goal.objects.update(stop_answered_at=FIRST)
    assert run_day(5) == []


@pytest.fixture
def reviewed(user):
    """A plan that is reviewed on 3 March; nothing else is due."""
    make_goal(user, due_on=date(2027, 12, 1), step_due_on=date(2027, 12, 1))
    set_schedule(plan=Plan.objects.get(), cadence=Cadence.YEARLY, next_on=date(2027, 3, 3))
    return user


def test_review_reminders_on_the_day_after_three_days_and_after_a_week(reviewed):
    for day in range(14):
        make_due_reviews(now=FIRST + timedelta(days=day))
        run_day(day)
        be_there(reviewed, day)
    assert reminders_sent("review_due") == [(date(2027, 3, 3), lead) for lead in (0, -3, -7)]


def test_started_review_has_reminders_only_if_it_is_not_finished(reviewed):
    make_due_reviews(now=FIRST + timedelta(days=2))
    Review.objects.update(started_at=FIRST + timedelta(days=2, hours=1))
    assert [sum(run_day(day, hours)) for day, hours in ((2, 2), (3, 2), (4, 2), (5, 0))] == [0, 0, 0, 1]
    assert reminders_sent("review_due") == [(date(2027, 3, 3), -3)]


def test_coming_review_is_in_the_forecast(reviewed):
    mails = upcoming(reviewed, FIRST)
    assert [(mail.day, [r.kind for r in mail.reminders]) for mail in mails] == [
        (date(2027, 3, day), ["review_due"]) for day in (3, 6, 10)
    ]
    assert not Review.objects.exists()
