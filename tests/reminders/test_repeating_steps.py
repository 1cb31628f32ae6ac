"""A repeating step has one reminder each time, whether it is answered or not (docs/adr/0041)."""

from datetime import date, timedelta

import pytest

from careerplan.goals.models import ActionStep
from careerplan.goals.services.steps import complete_step
from careerplan.reminders.models import Reminder, UserActivity
from careerplan.reminders.queries.digests import load_digest_rows
from careerplan.reminders.queries.preferences import goal_reminder_settings
from careerplan.reminders.services import save_preferences
from tests.factories.goals import add_steps, make_goal, only_step
from tests.reminders.days import FIRST, MADE, be_there, run_day

pytestmark = pytest.mark.django_db
MONDAYS = [FIRST.date() + timedelta(weeks=n) for n in range(4)]


@pytest.fixture
def step(user):
    UserActivity.objects.create(user=user, seen_at=MADE)
    save_preferences(user=user, step_leads=[7, 1, 0], goal_leads=[])
    goal = make_goal(user, step_due_on=date(2027, 6, 1))
    complete_step(step=only_step(goal), now=MADE)
    [step] = add_steps(goal, "Practise", due_on=MONDAYS[0], repeats="weekly:1:1")
    return step


def told(step, channel="mail"):
    reminders = Reminder.objects.filter(step=step, channel=channel).order_by("local_date")
    return list(reminders.values_list("kind", "due_on", "local_date"))


def test_each_time_has_one_reminder_on_its_day_though_none_is_answered(user, step):
    for day in range(23):
        run_day(day)
        be_there(user, day)
    for channel in ("mail", "app"):
        assert told(step, channel) == [("step_due", day, day) for day in MONDAYS]
    assert list(step.occurrences.order_by("number").values_list("due_on", "outcome")) == [
        (day, "missed") for day in MONDAYS[:-1]
    ]


def test_time_that_is_done_early_has_no_reminder_and_the_next_one_has(user, step):
    run_day(0)
    complete_step(step=step, now=FIRST + timedelta(hours=1))
    [digest] = {reminder.digest_id for reminder in Reminder.objects.filter(step=step, channel="mail")}
    assert [row.is_valid for row in load_digest_rows([digest]) if row.step_id == step.pk] == [False]
    complete_step(step=step, now=FIRST + timedelta(days=2))
    for day in range(1, 16):
        run_day(day)
        be_there(user, day)
    assert told(step) == [("step_due", day, day) for day in (MONDAYS[0], MONDAYS[2])]


def test_rule_after_done_waits_with_one_reminder(user, step):
    ActionStep.objects.filter(pk=step.pk).update(repeats="after:10")
    for day in range(23):
        run_day(day)
        be_there(user, day)
    assert told(step) == [("step_due", MONDAYS[0], MONDAYS[0])]


def test_page_of_the_goal_names_the_day_itself_as_its_next_reminder(step):
    settings = goal_reminder_settings(step.goal, [step], MADE)
    assert (settings.next.day, settings.next.days) == (MONDAYS[0], 0)


def test_nothing_is_sent_if_reminders_of_steps_are_off(user, step):
    save_preferences(user=user, step_leads=[], goal_leads=[])
    for day in range(9):
        run_day(day)
    assert told(step) == []
