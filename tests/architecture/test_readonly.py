"""Closed rows are read-only: every table below them has its rule, and one switch turns the rules off."""

import pgtrigger
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from careerplan.core.readonly import allow_closed_changes
from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from careerplan.readonly_rules import CLOSED, RULES
from tests.factories.goals import NOW, make_goal

# Tables with a foreign key to a table with a rule that change all the same, each with the reason.
NOT_READ_ONLY = {
    "goals.DeclinedFirstGoals": "an answer to what finished results offer",
    "planning.PauseMove": "says what a pause moved; ending a pause removes it",
    "reviews.ReviewSchedule": "the next date moves on, also in archived plans",
    "reminders.GoalReminders": "settings",
    "reminders.Reminder": "what was sent",
    "reminders.Digest": "what was sent",
    "account_data.DataImport": "names the plan that an import replaced, so that it can be undone",
    "meetings.MeetingNote": "what two people agreed; goals and steps only name what it became",
    "mentoring.SharedGoal": "who may see a goal; sharing can end at any time",
    "conversation.Comment": "what was said about a goal, also after it was reached",
    "conversation.Suggestion": "what a mentor suggested",
    "plan_document.PlanFile": "a file of a plan, also of an archived one; deleted after a day",
}


def test_every_table_below_a_closed_row_has_a_rule():
    ruled = {rule.model for rule in RULES}
    assert ruled >= {one.model for one in CLOSED}
    models = {model._meta.label: model for model in apps.get_models() if not model._meta.proxy}
    parts = {
        label
        for label, model in models.items()
        if any(one.related_model and one.related_model._meta.label in ruled for one in model._meta.concrete_fields)
        and not label.endswith("Event")
        and label != "goals.Goal_skills"  # goals.GoalSkill
    }
    assert parts - ruled == set(NOT_READ_ONLY) & parts
    assert set(NOT_READ_ONLY) <= set(models)


def test_every_rule_has_its_triggers():
    installed = {(model._meta.label, trigger.name) for model, trigger in pgtrigger.registered()}
    for rule in RULES:
        assert (rule.model, "readonly") in installed
        has_delete = bool(rule.through) and not rule.may_delete
        assert ((rule.model, "readonly_delete") in installed) == has_delete, rule.model


@pytest.mark.django_db
def test_the_switch_allows_changes_for_its_block_only(user):
    goal = make_goal(user)
    Plan.objects.filter(pk=goal.plan_id).update(state="archived", archived_at=NOW)
    goals = Goal.objects.filter(pk=goal.pk)
    with allow_closed_changes():
        assert goals.update(title="Changed") == 1
    with pytest.raises(IntegrityError, match="goals_goal_readonly: an archived plan"), transaction.atomic():
        goals.update(title="Again")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
        assert cursor.fetchone()[0] in ("{}", "", None)


@pytest.mark.django_db
def test_a_foreign_key_may_be_cleared_and_not_changed(user):
    goal, other = make_goal(user), make_goal(user)
    goals = Goal.objects.filter(pk=goal.pk)
    goals.update(carried_from=other)
    Plan.objects.filter(pk=goal.plan_id).update(state="archived", archived_at=NOW)
    with pytest.raises(IntegrityError, match="goals_goal_readonly"), transaction.atomic():
        goals.update(carried_from=goal)
    assert goals.update(carried_from=None) == 1
