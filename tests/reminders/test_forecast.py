"""The forecast equals what is sent on the coming days, and writes nothing."""

import re
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.goals.services.steps import complete_step, reopen_step
from careerplan.plans.models import Pause, Plan
from careerplan.reminders import forecast as forecasts
from careerplan.reminders.forecast import upcoming
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.queries.delivery_windows import delivery_day, delivery_time
from careerplan.reminders.queries.digests import load_digest_rows, unique_by_target
from careerplan.reminders.services import (
    create_due_reminders,
    reschedule_unsent_digests,
    save_goal_reminders,
    save_preferences,
)
from careerplan.reviews.services import make_due_reviews, set_schedule
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal, only_step
from tests.reminders.days import pause

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2027-03-05T12:00:00+00:00")  # after that day's hour; the clocks change on the 28th


def contents(mails):
    return [
        (mail.at, [(r.kind, r.goal_id, r.step_id, r.due_on, r.lead_days) for r in mail.reminders]) for mail in mails
    ]


def valid_reminders_of(digest):
    """The valid reminders of a digest, most urgent first, each target once."""
    valid = [row.reminder_id for row in load_digest_rows([digest.pk]) if row.is_valid and row.reminder_id is not None]
    reminders = Reminder.objects.filter(pk__in=valid)
    return unique_by_target(reminders.select_related("goal__plan", "step", "assessment", "review", "opportunity"))


def send_as_the_days_come(user, hour, start=START, *, around=(-1, 0, 1), days=30):
    """Run the scheduler at `start` and at each delivery time, and in the first half also some hours around it.

    What must wait because the last email was too recent is tried again at its time.
    """
    sent, last_sent_at = [], Digest.objects.for_user(user).aggregate(at=Max("sent_at"))["at"]
    first = start.astimezone(user.zone).date()
    hours = [delivery_time(first + timedelta(days=n), hour, user.time_zone) for n in range(days + 1)]
    moments = [at + timedelta(hours=n) for at in hours[: days // 2] for n in around] + hours[days // 2 :]
    moments = sorted({start, *(at for at in moments if at > start)})
    while moments:
        at = heappop(moments)
        make_due_reviews(now=at)
        reschedule_unsent_digests(as_of=at, now=at)
        create_due_reminders(as_of=at, now=at)
        day = delivery_day(at, user.time_zone, hour)
        for digest in Digest.objects.for_user(user).pending().filter(not_before__lte=at):
            reminders = valid_reminders_of(digest)
            if reminders and digest.local_date != day:
                continue
            if reminders and last_sent_at and at < last_sent_at + timedelta(hours=18):
                Digest.objects.filter(pk=digest.pk).update(not_before=last_sent_at + timedelta(hours=18))
                heappush(moments, last_sent_at + timedelta(hours=18))
                continue
            Reminder.objects.filter(digest=digest).exclude(pk__in=[r.pk for r in reminders]).delete()
            outcome = {"state": "sent", "sent_at": at} if reminders else {"state": "dropped"}
            Digest.objects.filter(pk=digest.pk).update(claim_token=None, attempt_started_at=None, **outcome)
            if reminders:
                last_sent_at = at
                sent.append((at, [(r.kind, r.goal_id, r.step_id, r.due_on, r.lead_days) for r in reminders]))
    return sent


@pytest.fixture
def busy(user):
    """Dates on most days, an unrated step, a muted goal, a pause, a goal with its own lead times."""
    made = datetime.fromisoformat("2027-03-01T12:00:00+00:00")
    start = date(2027, 3, 1)
    for days in (2, 7, 9, 13, 20, 33):
        make_goal(user, due_on=start + timedelta(days=days + 3), step_due_on=start + timedelta(days=days), now=made)
    muted, own, done = (make_goal(user, due_on=start + timedelta(days=40), now=made) for _ in range(3))
    save_goal_reminders(goal=muted, leads=[30, 7, 1, 0], is_muted=True)
    save_goal_reminders(goal=own, leads=[14], is_muted=False)
    complete_step(step=only_step(done), now=datetime.fromisoformat("2027-03-04T12:00:00+00:00"))
    Pause.objects.create(
        plan=Plan.objects.get(user=user),
        starts_on=date(2027, 3, 17),
        ends_on=date(2027, 3, 19),
        reason="leave",
        made_at=made,
        form_key="7c9e6679-7425-40de-944b-e07fc1f90ae7",
    )
    return user


@pytest.mark.parametrize(
    ("zone", "hour", "weekly_maximum"), [("Europe/London", 1, 7), ("Pacific/Auckland", 8, 3), ("America/Nuuk", 23, 1)]
)
def test_forecast_equals_what_is_sent(busy, zone, hour, weekly_maximum):
    busy.time_zone = zone
    busy.save()
    save_preferences(user=busy, hour=hour, weekly_maximum=weekly_maximum)
    forecast = contents(upcoming(busy, START))
    sent = send_as_the_days_come(busy, hour)
    until = delivery_time(START.astimezone(busy.zone).date() + timedelta(days=30), hour, zone)
    assert forecast == [mail for mail in sent if mail[0] <= until]
    assert len(forecast) >= 4


ZONES_OF_FORECAST = st.sampled_from(["Europe/London", "America/Nuuk", "Pacific/Kiritimati", "Pacific/Pago_Pago"])


CASES = ["open", "done", "none", "muted", "stop", "daily", "weekly", "month ends"]


@st.composite
def people(draw):
    """Goals around START with all that decides what is sent and when, and what was sent before."""
    day = st.integers(-20, 40)
    return {
        "zone": draw(ZONES_OF_FORECAST),
        "came_from": draw(st.none() | ZONES_OF_FORECAST),
        "hour": draw(st.integers(0, 23)),
        "weekly_maximum": draw(st.integers(1, 7)),
        "goals": draw(st.lists(st.tuples(day, day, st.sampled_from(CASES)), max_size=5)),
        "muted_kinds": draw(st.lists(st.sampled_from(["overdue", "step_due", "review_due"]), max_size=1)),
        "pause": draw(st.none() | st.tuples(st.integers(-3, 15), st.integers(0, 9))),
        "review_in": draw(st.none() | st.tuples(st.sampled_from(["weekly", "monthly"]), st.integers(-3, 10))),
        "unsent": draw(st.sampled_from(["", "pending", "claimed", "uncertain", "failed"])),
        "days_before": draw(st.integers(0, 3)),
        "unanswered": draw(st.integers(0, 4)),
        "start_after": draw(st.integers(0, 24)),
    }


def write_down(user, person):
    """Make the rows of a person, and run the scheduler once some days before."""
    made, first = START - timedelta(days=60), START.date()
    user.time_zone = person["zone"]
    user.save()
    User.objects.filter(pk=user.pk).update(date_joined=made)
    for due, step_due, case in person["goals"]:
        due_on = first + timedelta(days=max(due, step_due))
        goal = make_goal(user, due_on=due_on, step_due_on=first + timedelta(days=step_due), now=made)
        if case == "done":
            complete_step(step=only_step(goal), now=START - timedelta(days=abs(due)))
        elif case == "none":
            goal.steps.all().delete()
        elif case == "muted":
            save_goal_reminders(goal=goal, leads=[7], is_muted=True)
        elif case in ("daily", "weekly", "month ends"):
            first_on = only_step(goal).due_on
            rule = {"daily": "daily:1", "weekly": f"weekly:1:{first_on.isoweekday()}"}.get(case, "monthly:1:31")
            goal.steps.update(repeats=rule, repeats_from=first_on)
        elif case == "stop":
            Goal.objects.filter(pk=goal.pk).update(stop_on=first + timedelta(days=due), stop_condition="two say yes")
    save_preferences(
        user=user, hour=person["hour"], weekly_maximum=person["weekly_maximum"], muted_kinds=person["muted_kinds"]
    )
    Plan.objects.filter(user=user).update(created_at=made)
    if person["pause"] and person["goals"]:
        starts_on = first + timedelta(days=person["pause"][0])
        pause(user, starts_on, starts_on + timedelta(days=person["pause"][1]))
    if person["review_in"] and person["goals"]:
        cadence, days = person["review_in"]
        set_schedule(plan=Plan.objects.get(user=user), cadence=cadence, next_on=first + timedelta(days=days))
    if person["unsent"]:
        before = START - timedelta(days=person["days_before"], hours=1)
        create_due_reminders(as_of=before, now=before)
        pending = Digest.objects.for_user(user).pending()
        if person["unsent"] == "claimed":
            pending.update(claim_token=uuid4(), not_before=START + timedelta(minutes=1))
        elif person["unsent"] == "uncertain":
            pending.update(uncertain_attempts=1)
        elif person["unsent"] == "failed":
            Reminder.objects.filter(digest__in=pending).delete()
            pending.update(state="failed")
    for n in range(person["unanswered"]):
        on = START - timedelta(days=4 + 3 * n)
        outcome = {"state": "sent", "sent_at": on, "made_at": on, "not_before": on}
        Digest.objects.get_or_create(user=user, local_date=on.date(), defaults=outcome)
    if person["came_from"] and person["goals"]:
        fly_from(person["came_from"], user, START + timedelta(hours=person["start_after"] - 1), person["hour"])


def fly_from(zone, user, at, hour):
    """An email goes out by the clocks of another zone, at the last time of day before `at`; then the person is here."""
    here, user.time_zone = user.time_zone, zone
    user.save()
    times = [delivery_time(at.date() + timedelta(days=n), hour, zone) for n in range(-2, 2)]
    came = max(time for time in times if time <= at)
    create_due_reminders(as_of=came, now=came)
    Digest.objects.for_user(user).pending().filter(claim_token=None).update(state="sent", sent_at=came)
    user.time_zone = here
    user.save()


@given(person=people())
@settings(max_examples=max(12, settings().max_examples // 2), suppress_health_check=list(HealthCheck))  # 12 days each
def test_forecast_of_anybody_equals_what_is_sent(db, monkeypatch, person):
    days = 12  # enough for every rule
    monkeypatch.setattr(forecasts, "DAYS_AHEAD", days)
    with transaction.atomic():
        user = UserFactory()
        write_down(user, person)
        user.refresh_from_db()
        start = START + timedelta(hours=person["start_after"])
        forecast = contents(upcoming(user, start))
        sent = send_as_the_days_come(user, person["hour"], start, around=[0], days=days)
        transaction.set_rollback(True)
    assert forecast == sent


def test_forecast_has_each_time_of_a_repeating_step(user):
    goal = make_goal(user, due_on=date(2027, 3, 24), step_due_on=date(2027, 3, 10), now=START)
    goal.steps.update(repeats="weekly:1:3", repeats_from=date(2027, 3, 10))
    save_preferences(user=user, goal_leads=[], hour=8)
    told = [(mail.day, [(line.step_id, line.due_on) for line in mail.reminders]) for mail in upcoming(user, START)]
    wednesdays = [date(2027, 3, 10), date(2027, 3, 17), date(2027, 3, 24)]
    assert [(day, lines) for day, lines in told if lines[0][0]] == [
        (day, [(only_step(goal).pk, day)]) for day in wednesdays
    ]


def test_step_reopened_after_the_hour_is_in_the_forecast_of_the_next_day(user):
    """A person checked today is checked again tomorrow: the forecast promises nothing for today."""
    goal = make_goal(user, due_on=date(2027, 4, 30), step_due_on=date(2027, 3, 12))
    step = only_step(goal)
    complete_step(step=step, now=START - timedelta(hours=5))
    create_due_reminders(as_of=START, now=START)
    reopen_step(step=step)
    forecast = contents(upcoming(user, START + timedelta(minutes=1)))
    assert forecast[0][0] == START.replace(hour=8) + timedelta(days=1)
    create_due_reminders(as_of=START + timedelta(minutes=2), now=START + timedelta(minutes=2))
    assert not Digest.objects.exists()
    create_due_reminders(as_of=forecast[0][0], now=forecast[0][0])
    assert Digest.objects.get().local_date == date(2027, 3, 6)


@pytest.mark.parametrize("goals", [1, 30])
def test_forecast_only_reads_in_a_constant_number_of_queries(user, goals, django_assert_num_queries):
    upcoming(user, START)
    for n in range(goals):
        make_goal(user, step_due_on=date(2027, 3, 8) + timedelta(days=n % 20))
    with django_assert_num_queries(15) as asked:
        assert upcoming(user, START)
    assert not [query for query in asked if re.search(r"\b(INSERT|UPDATE|DELETE|SAVEPOINT)\b", query["sql"])]
    assert not Digest.objects.exists()
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("route", ["settings", "upcoming"])
def test_pages_of_emails_are_read_in_a_read_only_session(busy, signed_in, time_machine, route):
    """The database itself refuses to write."""
    time_machine.move_to(START, tick=False)
    signed_in.force_login(busy)
    signed_in.get(reverse(f"reminders:{route}"))  # records the visit
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        assert signed_in.get(reverse(f"reminders:{route}")).status_code == 200
        transaction.set_rollback(True)


def test_forecast_is_empty_without_a_confirmed_address(busy):
    busy.emailaddress_set.update(verified=False)
    assert upcoming(busy, START) == []


def test_upcoming_page_lists_days_and_reminders(busy, signed_in, time_machine):
    time_machine.move_to(START, tick=False)
    signed_in.force_login(busy)
    page = signed_in.get(reverse("reminders:upcoming")).content.decode()
    assert "Sat 6 Mar, 8:00" in page
    assert re.search(r"Ask for two late shifts(</bdi>)?\s*<span[^>]*>2 days late", page)
