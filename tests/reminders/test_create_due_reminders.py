"""Reminders of coming dates, created by the database. (Every zone and hour: test_zones.py.)"""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.steps import complete_step
from careerplan.plans.models import Plan
from careerplan.reminders.models import Digest, Preferences, Reminder
from careerplan.reminders.services import create_due_reminders, save_preferences, stop_kinds
from tests.factories.goals import NOW, make_goal, only_step

pytestmark = pytest.mark.django_db


def round_at(as_of: datetime) -> int:
    return create_due_reminders(as_of=as_of, now=as_of)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def reminders_sent() -> list[tuple[str, date, int]]:
    mailed = Reminder.objects.filter(channel="mail").order_by("id")
    return list(mailed.values_list("kind", "due_on", "lead_days"))


@pytest.fixture
def goal(user):
    """Due on 30 June, its step on 12 March; added on 4 January; London time. Only dates are mailed."""
    save_preferences(user=user, muted_kinds=["step_unrated", "goal_without_step"])
    return make_goal(user, step_due_on=date(2027, 3, 12))


def test_no_reminder_before_the_first_lead_time(goal):
    assert round_at(at("2027-03-05T07:59:59+00:00")) == 0


def test_step_reminders_at_eight_7_1_and_0_days_before(goal):
    days = {"2027-03-05": 7, "2027-03-11": 1, "2027-03-12": 0}
    for day, lead in days.items():
        assert round_at(at(f"{day}T07:59:59+00:00")) == 0
        assert round_at(at(f"{day}T08:00:00+00:00")) == 1
        assert reminders_sent()[-1] == ("step_due", date(2027, 3, 12), lead)


def test_goal_reminders_30_7_1_and_0_days_before(user):
    goal = make_goal(user, step_due_on=date(2027, 1, 5))
    complete_step(step=only_step(goal), now=NOW)
    save_preferences(user=user, muted_kinds=["step_unrated", "goal_without_step"])
    days = [date(2027, 6, 30) - timedelta(days=lead) for lead in (30, 7, 1, 0)]
    assert [round_at(at(f"{day}T08:00:00+01:00")) for day in days] == [1, 1, 1, 1]
    assert [lead for _kind, _due, lead in reminders_sent()] == [30, 7, 1, 0]


def test_second_run_creates_nothing(goal):
    moment = at("2027-03-05T08:00:00+00:00")
    assert [round_at(moment), round_at(moment), round_at(moment + timedelta(minutes=1))] == [1, 0, 0]
    assert Digest.objects.count() == 1


def test_scheduler_outage_loses_nothing_and_only_the_last_lead_time_counts(goal):
    assert round_at(at("2027-03-14T11:00:00+00:00")) == 1
    assert reminders_sent() == [("overdue", date(2027, 3, 12), -1)]
    assert round_at(at("2027-03-15T11:00:00+00:00")) == 0


def test_due_day_is_reminded_late_where_late_reminders_are_muted(goal, user):
    save_preferences(user=user, muted_kinds=["overdue"])
    assert round_at(at("2027-03-14T11:00:00+00:00")) == 1
    assert reminders_sent() == [("step_due", date(2027, 3, 12), 0)]


def test_no_reminder_for_a_lead_time_passed_before_the_date_was_set(user):
    make_goal(user, step_due_on=date(2027, 1, 8))  # written down at noon on 4 January
    assert round_at(at("2027-01-04T12:01:00+00:00")) == 0
    assert round_at(at("2027-01-07T08:00:00+00:00")) == 1
    assert reminders_sent() == [("step_due", date(2027, 1, 8), 1)]


def test_lead_time_on_the_day_of_setting_counts_only_before_the_hour(user):
    save_preferences(user=user, hour=13)
    make_goal(user, step_due_on=date(2027, 1, 5))  # tomorrow; it is noon now, the mail goes at 13:00
    assert round_at(at("2027-01-04T12:59:00+00:00")) == 0
    assert round_at(at("2027-01-04T13:00:00+00:00")) == 1


def test_no_reminder_for_a_date_set_in_the_past(user):
    make_goal(user, starts_on=date(2026, 1, 1), due_on=date(2026, 3, 1), step_due_on=date(2026, 2, 1))
    assert round_at(at("2027-06-01T12:00:00+00:00")) == 0


def test_one_digest_per_day(user):
    for _ in range(3):
        make_goal(user, step_due_on=date(2027, 3, 12))
    assert round_at(at("2027-03-05T08:00:00+00:00")) == 3
    assert Digest.objects.count() == 1


def test_reminder_after_the_mail_of_the_day_waits_for_tomorrow(user, goal):
    round_at(at("2027-03-11T08:00:00+00:00"))
    Digest.objects.update(state="sent", sent_at=at("2027-03-11T08:00:01+00:00"))
    save_preferences(user=user, hour=20)
    make_goal(user, step_due_on=date(2027, 3, 12), now=at("2027-03-11T12:00:00+00:00"))
    assert round_at(at("2027-03-11T20:00:00+00:00")) == 0
    assert round_at(at("2027-03-12T20:00:00+00:00")) == 2
    assert sorted(Digest.objects.values_list("local_date", flat=True)) == [date(2027, 3, 11), date(2027, 3, 12)]


def test_reminder_before_the_mail_of_the_day_joins_it(user, goal):
    round_at(at("2027-03-11T08:00:00+00:00"))
    make_goal(user, step_due_on=date(2027, 3, 12), now=at("2027-03-01T12:00:00+00:00"))
    save_preferences(user=user, hour=7)  # so they are checked again
    assert round_at(at("2027-03-11T08:01:00+00:00")) == 1
    assert Digest.objects.get().reminders.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda: ActionStep.objects.update(state="done", done_at=NOW),
        lambda: ActionStep.objects.update(state="dropped"),
        lambda: Goal.objects.update(state="let_go", closed_at=NOW),
        lambda: Plan.objects.update(state="archived", archived_at=NOW),
        lambda: User.objects.update(is_active=False),
        lambda: User.objects.get().emailaddress_set.update(verified=False),
        lambda: stop_kinds(user=User.objects.get(), kinds=["step_due"]),
        lambda: ActionStep.objects.update(due_on=date(2027, 3, 13)),
    ],
)
def test_no_reminder_about_done_closed_archived_muted_or_moved(goal, change):
    change()
    assert round_at(at("2027-03-05T08:00:00+00:00")) == 0


def test_moved_date_has_reminders_again(goal):
    round_at(at("2027-03-05T08:00:00+00:00"))
    ActionStep.objects.update(due_on=date(2027, 3, 20), due_set_at=at("2027-03-06T12:00:00+00:00"))
    assert round_at(at("2027-03-13T08:00:00+00:00")) == 1
    assert reminders_sent()[-1] == ("step_due", date(2027, 3, 20), 7)


def test_default_hour_equals_a_chosen_eight(user, other_user):
    save_preferences(user=other_user, hour=8)
    other_user.time_zone = "Europe/London"
    other_user.save()
    for person in (user, other_user):
        make_goal(person, step_due_on=date(2027, 3, 12))
    assert Preferences.objects.count() == 1
    assert round_at(at("2027-03-05T08:00:00+00:00")) == 2


def test_day_of_a_past_moment_follows_our_zone_data(user):
    """Vancouver has kept summer time since 2026. Older copies say 23:30 of the day before."""
    User.objects.filter(pk=user.pk).update(time_zone="America/Vancouver")
    goal = make_goal(user)
    complete_step(step=only_step(goal), now=at("2027-01-11T07:30:00+00:00"))
    round_at(at("2027-01-13T16:00:00+00:00"))
    assert ("step_unrated", date(2027, 1, 11), -2) in reminders_sent()
