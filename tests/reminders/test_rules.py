"""Each named constraint of reminders rejects the write that breaks it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from careerplan.reminders.models import Digest, GoalReminders, Preferences, Reminder, SchedulerRun
from careerplan.reminders.services import save_preferences
from tests.factories.goals import NOW, make_goal, only_step
from tests.factories.opportunities import make_opportunity
from tests.factories.skills import make_draft

pytestmark = pytest.mark.django_db


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("reminders_preferences_hour", {"hour": 24}),
        ("reminders_preferences_weekly_maximum", {"weekly_maximum": 0}),
        ("reminders_preferences_weekly_maximum", {"weekly_maximum": 8}),
        ("reminders_preferences_leads", {"goal_leads": [30, 3]}),
        ("reminders_preferences_leads", {"step_leads": [-1]}),
        ("reminders_preferences_leads", {"opportunity_leads": [3]}),
        ("reminders_preferences_kinds_known", {"muted_kinds": ["everything"]}),
    ],
)
def test_preferences_constraints(user, constraint, changes):
    save_preferences(user=user)
    with refused(constraint), transaction.atomic():
        Preferences.objects.update(**changes)


def test_goal_reminders_constraint(user):
    with refused("reminders_goalreminders_leads"), transaction.atomic():
        GoalReminders.objects.create(goal=make_goal(user), leads=[5])


def test_one_scheduler_run_row():
    SchedulerRun.objects.create(ran_at=NOW)
    with refused("reminders_schedulerrun_one_row"), transaction.atomic():
        SchedulerRun.objects.create(id=2, ran_at=NOW)


@pytest.fixture
def row(user):
    """The fields of a valid reminder."""
    goal = make_goal(user)
    digest = Digest.objects.create(user=user, local_date=date(2027, 3, 5), made_at=NOW, not_before=NOW)
    days = {"due_on": date(2027, 3, 12), "local_date": date(2027, 3, 5), "lead_days": 7}
    return {"user": user, "digest": digest, "kind": "step_due", "goal": goal, "step": only_step(goal), **days}


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("reminders_reminder_subject", {"step": None}),
        ("reminders_reminder_subject", {"kind": "goal_due"}),
        ("reminders_reminder_subject", {"kind": "goal_without_step", "lead_days": 0}),
        ("reminders_reminder_subject", {"kind": "assessment_abandoned", "lead_days": -3}),
        ("reminders_reminder_subject", {"kind": "review_due", "lead_days": 0}),
        ("reminders_reminder_subject", {"kind": "opportunity_closing"}),
        ("reminders_reminder_subject", {"kind": "opportunity_closing", "step": None, "goal": None}),
        ("reminders_reminder_subject", {"kind": "overdue", "lead_days": -1, "goal": None}),
        ("reminders_reminder_lead_of_kind", {"lead_days": -1}),
        ("reminders_reminder_lead_of_kind", {"kind": "overdue", "lead_days": 0}),
        ("reminders_reminder_lead_of_kind", {"kind": "stop_rule", "step": None, "lead_days": 1}),
        ("reminders_reminder_channel", {"digest": None}),
        ("reminders_reminder_channel", {"channel": "app"}),
        ("reminders_reminder_channel", {"seen_at": NOW}),
    ],
)
def test_reminder_constraints(row, constraint, changes):
    with refused(constraint), transaction.atomic():
        Reminder.objects.create(**{**row, **changes})


@pytest.mark.parametrize(("kind", "lead"), [("opportunity_closing", -1), ("opportunity_outcome_review", 0)])
def test_lead_days_of_opportunity_reminders(user, row, kind, lead):
    row |= {"kind": kind, "goal": None, "step": None, "opportunity": make_opportunity(user), "lead_days": lead}
    with refused("reminders_reminder_lead_of_kind"), transaction.atomic():
        Reminder.objects.create(**row)


@pytest.mark.parametrize("kind", ["step_due", "goal_due", "assessment_abandoned", "opportunity_closing"])
def test_one_reminder_per_target_and_channel(user, row, kind):
    subject = {
        "step_due": {},
        "goal_due": {"step": None},
        "assessment_abandoned": {"goal": None, "step": None, "lead_days": -3, "assessment": make_draft(user)},
        "opportunity_closing": {"goal": None, "step": None, "opportunity": make_opportunity(user)},
    }[kind]
    row |= {"kind": kind, **subject}
    Reminder.objects.create(**row)
    Reminder.objects.create(**{**row, "channel": "app", "digest": None})
    with refused("reminders_reminder_once"), transaction.atomic():
        Reminder.objects.create(**row)
