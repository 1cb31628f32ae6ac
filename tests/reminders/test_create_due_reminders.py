"""What is owed, decided by the database: dates that come near. (Every zone and hour: test_zones.py.)"""

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


def told() -> list[tuple[str, date, int]]:
    mailed = Reminder.objects.filter(channel="mail").order_by("id")
    return list(mailed.values_list("kind", "due_on", "lead_days"))


@pytest.fixture
def goal(user):
    """Due on 30 June, its step on 12 March; written down on 4 January; London time. Nothing but dates is mailed."""
    save_preferences(user=user, muted_kinds=["step_unrated", "goal_without_step"])
    return make_goal(user, step_due_on=date(2027, 3, 12))


def test_nothing_is_owed_before_the_first_lead(goal):
    assert round_at(at("2027-03-05T07:59:59+00:00")) == 0


def test_a_step_is_owed_seven_days_one_day_and_no_day_before_at_eight(goal):
    days = {"2027-03-05": 7, "2027-03-11": 1, "2027-03-12": 0}
    for day, lead in days.items():
        assert round_at(at(f"{day}T07:59:59+00:00")) == 0
        assert round_at(at(f"{day}T08:00:00+00:00")) == 1
        assert told()[-1] == ("step_due", date(2027, 3, 12), lead)


def test_a_goal_is_owed_thirty_seven_one_and_no_day_before(user):
    goal = make_goal(user, step_due_on=date(2027, 1, 5))
    complete_step(step=only_step(goal), now=NOW)
    save_preferences(user=user, muted_kinds=["step_unrated", "goal_without_step"])
    days = [date(2027, 6, 30) - timedelta(days=lead) for lead in (30, 7, 1, 0)]
    assert [round_at(at(f"{day}T08:00:00+01:00")) for day in days] == [1, 1, 1, 1]
    assert [lead for _kind, _due, lead in told()] == [30, 7, 1, 0]


def test_the_same_round_twice_makes_nothing_twice(goal):
    moment = at("2027-03-05T08:00:00+00:00")
    assert [round_at(moment), round_at(moment), round_at(moment + timedelta(minutes=1))] == [1, 0, 0]
    assert Digest.objects.count() == 1


def test_a_scheduler_that_was_away_loses_nothing_and_tells_only_the_last_lead(goal):
    assert round_at(at("2027-03-14T11:00:00+00:00")) == 1
    assert told() == [("overdue", date(2027, 3, 12), -1)]
    assert round_at(at("2027-03-15T11:00:00+00:00")) == 0


def test_who_does_not_want_to_hear_of_late_things_is_told_the_day_itself_later(goal, user):
    save_preferences(user=user, muted_kinds=["overdue"])
    assert round_at(at("2027-03-14T11:00:00+00:00")) == 1
    assert told() == [("step_due", date(2027, 3, 12), 0)]


def test_a_lead_that_had_passed_when_the_date_was_set_is_not_told(user):
    make_goal(user, step_due_on=date(2027, 1, 8))  # written down at noon on 4 January
    assert round_at(at("2027-01-04T12:01:00+00:00")) == 0
    assert round_at(at("2027-01-07T08:00:00+00:00")) == 1
    assert told() == [("step_due", date(2027, 1, 8), 1)]


def test_a_lead_on_the_day_of_writing_counts_only_before_the_hour(user):
    save_preferences(user=user, hour=13)
    make_goal(user, step_due_on=date(2027, 1, 5))  # tomorrow; it is noon now, the mail goes at 13:00
    assert round_at(at("2027-01-04T12:59:00+00:00")) == 0
    assert round_at(at("2027-01-04T13:00:00+00:00")) == 1


def test_a_date_that_was_in_the_past_when_written_down_is_never_told(user):
    make_goal(user, starts_on=date(2026, 1, 1), due_on=date(2026, 3, 1), step_due_on=date(2026, 2, 1))
    assert round_at(at("2027-06-01T12:00:00+00:00")) == 0


def test_all_of_a_day_is_one_digest(user):
    for _ in range(3):
        make_goal(user, step_due_on=date(2027, 3, 12))
    assert round_at(at("2027-03-05T08:00:00+00:00")) == 3
    assert Digest.objects.count() == 1


def test_what_comes_up_after_the_mail_of_the_day_waits_for_tomorrow(user, goal):
    round_at(at("2027-03-11T08:00:00+00:00"))
    Digest.objects.update(state="sent", sent_at=at("2027-03-11T08:00:01+00:00"))
    save_preferences(user=user, hour=20)
    make_goal(user, step_due_on=date(2027, 3, 12), now=at("2027-03-11T12:00:00+00:00"))
    assert round_at(at("2027-03-11T20:00:00+00:00")) == 0
    assert round_at(at("2027-03-12T20:00:00+00:00")) == 2
    assert sorted(Digest.objects.values_list("local_date", flat=True)) == [date(2027, 3, 11), date(2027, 3, 12)]


def test_what_comes_up_before_the_mail_of_the_day_is_sent_joins_it(user, goal):
    round_at(at("2027-03-11T08:00:00+00:00"))
    make_goal(user, step_due_on=date(2027, 3, 12), now=at("2027-03-01T12:00:00+00:00"))
    save_preferences(user=user, hour=7)  # by which it is their turn again
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
def test_what_is_done_closed_archived_muted_moved_or_unreachable_is_not_owed(goal, change):
    change()
    assert round_at(at("2027-03-05T08:00:00+00:00")) == 0


def test_a_moved_date_is_told_anew(goal):
    round_at(at("2027-03-05T08:00:00+00:00"))
    ActionStep.objects.update(due_on=date(2027, 3, 20), due_set_at=at("2027-03-06T12:00:00+00:00"))
    assert round_at(at("2027-03-13T08:00:00+00:00")) == 1
    assert told()[-1] == ("step_due", date(2027, 3, 20), 7)


def test_who_has_wished_nothing_is_reminded_at_eight_like_who_wished_eight(user, other_user):
    save_preferences(user=other_user, hour=8)
    other_user.time_zone = "Europe/London"
    other_user.save()
    for person in (user, other_user):
        make_goal(person, step_due_on=date(2027, 3, 12))
    assert Preferences.objects.count() == 1
    assert round_at(at("2027-03-05T08:00:00+00:00")) == 2
