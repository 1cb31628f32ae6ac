"""Reminders in every zone and hour: the database compared with an independent oracle.

A case is one person with their own zone, hour, preferences and dates; twenty are checked in one run. `make test`
draws twenty for each example of its profile, the same ones each time; ZONE_CASES=20000 (in `make faults`) draws as
many as it says, new ones.
"""

import os
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.timezones import known_time_zones
from careerplan.goals.models import ActionStep, Evaluation, Goal
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.models import GoalReminders, Preferences, Reminder
from careerplan.reminders.queries.delivery_windows import delivery_day, delivery_time
from careerplan.reminders.services import create_due_reminders
from careerplan.skills.models import Assessment
from tests.reminders import oracle

pytestmark = pytest.mark.django_db

PEOPLE = 20
CASES = int(os.environ.get("ZONE_CASES", PEOPLE * settings().max_examples))
ZONES = sorted(known_time_zones())
NASTY = [
    "Africa/Cairo",
    "America/Havana",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Pacific/Apia",
    "Europe/Dublin",
    "America/Nuuk",
    "America/Santiago",
    "Asia/Beirut",
    "Atlantic/Azores",
    "Africa/Casablanca",
]
MUTABLE = ["goal_due", "step_due", "overdue", "step_unrated", "goal_without_step", "assessment_abandoned", "stop_rule"]
MUTABLE += ["opportunity_closing", "opportunity_outcome_review"]


def changes_of_clocks() -> list[datetime]:
    """Every change of the clocks of the nasty zones, 2026 to 2029, and the day Apia left out."""
    found = [datetime(2011, 12, 30, 10, tzinfo=UTC)]
    for zone in map(ZoneInfo, NASTY):
        hour = datetime(2026, 1, 1, tzinfo=UTC)
        while hour.year < 2029:
            following = hour + timedelta(hours=1)
            if hour.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
                found.append(following)
            hour = following
    return found


near_a_change = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.deferred(lambda: st.sampled_from(changes_of_clocks())),  # not while the tests are collected, in every worker
    st.integers(-26 * 60, 26 * 60),
)
any_moment = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
moments = st.one_of(near_a_change, any_moment)
leads = st.lists(st.sampled_from([30, 14, 7, 2, 1, 0]), unique=True, max_size=4).map(tuple)

# Made once, and about days and times to be added: a strategy that is made for each person is looked through each time.
ago = st.timedeltas(timedelta(0), timedelta(days=20))
maybe_ago = st.none() | ago
near = st.integers(-20, 35)
stops = st.none() | st.integers(-3, 3)
maybe_leads = st.none() | leads
closes = st.none() | st.sampled_from([0, 1, 2, 7, 14, 30]) | st.integers(-4, 35)  # at a lead time, else that is rare
states = st.sampled_from(["considering", "considering", "pursuing", "declined", "won", "lost"])
decided = st.timedeltas(timedelta(days=87), timedelta(days=93))
zones = st.one_of(st.sampled_from(NASTY), st.sampled_from(ZONES))
hours = st.integers(0, 23)
one_of_4, one_of_8 = st.integers(0, 3), st.integers(0, 7)
pauses = st.none() | st.none() | st.tuples(st.integers(-5, 3), st.integers(0, 6))
muted = st.lists(st.sampled_from(MUTABLE), max_size=2).map(frozenset)


def on(today: date, days: int | None) -> date | None:
    """The day so many days from today."""
    return None if days is None else today + timedelta(days=days)


def before(as_of: datetime, gone: timedelta | None) -> datetime | None:
    """The moment that is gone for so long."""
    return None if gone is None else as_of - gone


def opportunity(draw: st.DrawFn, as_of: datetime, today: date) -> oracle.OpportunityCase:
    closes_on, set_at, state = on(today, draw(closes)), as_of - draw(ago), draw(states)
    if state == "considering":
        return oracle.OpportunityCase(closes_on, set_at)
    return oracle.OpportunityCase(
        closes_on, set_at, state, as_of - draw(decided), is_looked_back_on=draw(one_of_4) == 0
    )


@st.composite
def people(draw: st.DrawFn, as_of: datetime) -> oracle.Person:
    zone = draw(zones)
    today = oracle.local(as_of, zone).date()
    goal = oracle.Item(
        on(today, draw(near)),
        as_of - draw(ago),
        leads=draw(maybe_leads),
        is_muted=draw(one_of_8) == 0,
        stop_on=on(today, draw(stops)),
    )
    step = oracle.Item(
        on(today, draw(near)),
        as_of - draw(ago),
        is_step=True,
        done_at=before(as_of, draw(maybe_ago)),
        is_rated=draw(st.booleans()),
    )
    pause = draw(pauses)
    return oracle.Person(
        zone,
        draw(hours),
        goal,
        step,
        goal_leads=draw(leads),
        step_leads=draw(leads),
        muted=draw(muted),
        left_at=before(as_of, draw(maybe_ago)),
        opportunity_leads=draw(leads),
        opportunity=opportunity(draw, as_of, today) if draw(st.booleans()) else None,
        pause=pause and (on(today, pause[0]), on(today, sum(pause))),
    )


@given(data=st.data())
@settings(
    max_examples=max(1, CASES // PEOPLE),
    derandomize=CASES <= 1000,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_reminders_equal_the_oracle_in_every_zone_and_hour(data):
    with connection.cursor() as cursor:  # inventing cases takes longer than the product ever thinks in a transaction
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    as_of = data.draw(moments)
    case = data.draw(st.lists(people(as_of), min_size=PEOPLE, max_size=PEOPLE))
    with transaction.atomic():
        held_against_the_oracle(case, as_of)
        transaction.set_rollback(True)


def held_against_the_oracle(case: list[oracle.Person], as_of: datetime) -> None:
    users = write_down(case)
    create_due_reminders(as_of=as_of, now=as_of)
    sent: dict[int, set] = {user.pk: set() for user in users}
    for reminder in Reminder.objects.filter(channel="mail"):
        subject = "draft" if reminder.assessment_id else "step" if reminder.step_id else "goal"
        subject = "opportunity" if reminder.opportunity_id else subject
        sent[reminder.user_id].add((reminder.kind, subject, reminder.due_on, reminder.lead_days))
    for person, user in zip(case, users, strict=True):
        assert sent[user.pk] == oracle.due_reminders(person, as_of), person


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def write_down(case: list[oracle.Person]) -> list[User]:
    """The people of a case as rows."""
    users = User.objects.bulk_create(
        User(email=f"{uuid4()}@example.org", time_zone=person.zone, date_joined=LONG_AGO) for person in case
    )
    EmailAddress.objects.bulk_create(EmailAddress(user=u, email=u.email, verified=True, primary=True) for u in users)
    plans = Plan.objects.bulk_create(Plan(user=user, title="Plan", started_on=LONG_AGO.date()) for user in users)
    Plan.objects.filter(user__in=users).update(created_at=LONG_AGO)  # which is set to now where a plan is made
    goals = Goal.objects.bulk_create(map(goal_row, plans, case))
    steps = ActionStep.objects.bulk_create(map(step_row, goals, case))
    Evaluation.objects.bulk_create(
        Evaluation(step=step, worth=3, made_at=LONG_AGO)
        for step, person in zip(steps, case, strict=True)
        if person.step.done_at and person.step.is_rated
    )
    Pause.objects.bulk_create(pause_row(*of) for of in zip(plans, case, strict=True) if of[1].pause)
    Assessment.objects.bulk_create(
        Assessment(user=user, mode="quick", started_at=person.left_at)
        for user, person in zip(users, case, strict=True)
        if person.left_at
    )
    Opportunity.objects.bulk_create(opportunity_row(*of) for of in zip(plans, case, strict=True) if of[1].opportunity)
    Preferences.objects.bulk_create(map(wishes_row, users, case))
    GoalReminders.objects.bulk_create(
        GoalReminders(goal=goal, leads=None if own.leads is None else list(own.leads), is_muted=own.is_muted)
        for goal, own in zip(goals, (person.goal for person in case), strict=True)
        if own.leads is not None or own.is_muted
    )
    return users


def goal_row(plan: Plan, person: oracle.Person) -> Goal:
    return Goal(
        plan=plan,
        area="personal",
        title="Goal",
        measure_kind="yes_no",
        done_when="Done",
        starts_on=LONG_AGO.date(),
        due_on=person.goal.due_on,
        due_set_at=person.goal.set_at,
        stop_on=person.goal.stop_on,
        stop_condition="this" if person.goal.stop_on else "",
        created_at=person.goal.set_at,
        form_key=uuid4(),
    )


def step_row(goal: Goal, person: oracle.Person) -> ActionStep:
    return ActionStep(
        goal=goal,
        title="Step",
        position=1,
        due_on=person.step.due_on,
        due_set_at=person.step.set_at,
        created_at=person.step.set_at,
        state="done" if person.step.done_at else "to_do",
        done_at=person.step.done_at,
    )


def pause_row(plan: Plan, person: oracle.Person) -> Pause:
    starts_on, ends_on = person.pause
    return Pause(plan=plan, starts_on=starts_on, ends_on=ends_on, reason="leave", made_at=LONG_AGO, form_key=uuid4())


def opportunity_row(plan: Plan, person: oracle.Person) -> Opportunity:
    opportunity = person.opportunity
    return Opportunity(
        plan=plan,
        title="OpportunityCase",
        closes_on=opportunity.closes_on,
        closes_set_at=opportunity.set_at if opportunity.closes_on else None,
        state=opportunity.state,
        decided_at=opportunity.decided_at,
        reason="Why" if opportunity.decided_at else "",
        outcome_at=opportunity.decided_at if opportunity.state in ("won", "lost") else None,
        outcome_review="yes" if opportunity.is_looked_back_on else "",
        outcome_reviewed_at=opportunity.decided_at if opportunity.is_looked_back_on else None,
        created_at=LONG_AGO,
        form_key=uuid4(),
    )


def wishes_row(user: User, person: oracle.Person) -> Preferences:
    return Preferences(
        user=user,
        hour=person.hour,
        goal_leads=list(person.goal_leads),
        step_leads=list(person.step_leads),
        opportunity_leads=list(person.opportunity_leads),
        muted_kinds=sorted(person.muted),
    )


@given(zone=st.sampled_from([*NASTY, *ZONES]), hour=st.integers(0, 23), as_of=moments)
@settings(max_examples=CASES, derandomize=CASES <= 1000, deadline=None, database=None)
def test_delivery_time_and_day_follow_rfc_5545(zone, hour, as_of):
    today = oracle.local(as_of, zone).date()
    assert delivery_time(today, hour, zone) == oracle.instant(today, hour, zone)
    assert delivery_day(as_of, zone, hour) == oracle.delivery_day(as_of, hour, zone)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "instant"),
    [
        ("Europe/London", date(2027, 3, 28), 1, "2027-03-28T01:00+00:00"),  # skipped: by the offset before
        ("Europe/London", date(2027, 10, 31), 1, "2027-10-31T00:00+00:00"),  # twice: the first
        ("Antarctica/Troll", date(2027, 3, 28), 2, "2027-03-28T02:00+00:00"),  # two hours are skipped
        ("Australia/Lord_Howe", date(2027, 10, 3), 2, "2027-10-02T15:30+00:00"),  # half an hour is
        ("America/Nuuk", date(2027, 3, 27), 23, "2027-03-28T01:00+00:00"),  # the hour comes in tomorrow
        ("Pacific/Apia", date(2011, 12, 30), 8, "2011-12-30T18:00+00:00"),  # a day that never was
    ],
)
def test_gaps_and_overlaps(zone, day, hour, instant):
    assert delivery_time(day, hour, zone) == datetime.fromisoformat(instant)
