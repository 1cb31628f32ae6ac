"""Each named rule of the schema refuses the write that breaks it, whoever tries."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from careerplan.catalogue.models import Skill
from careerplan.goals.models import ActionStep, Change, Evaluation, Goal, ProgressEntry, Resource
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.progress import evaluate_step, remove_entry
from careerplan.goals.services.steps import complete_step
from careerplan.planning.services.new_plan import start_new_plan
from careerplan.plans.models import Plan
from tests.factories.goals import NOW, make_entry, make_goal, only_step, rate_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(user):
    return make_goal(user)


def refuses(constraint, queryset, **changes):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        queryset.update(**changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("goals_goal_title_given", {"title": " \t "}),
        ("goals_goal_due_after_start", {"due_on": date(2026, 12, 31)}),
        ("goals_goal_measure_complete", {"unit": ""}),
        ("goals_goal_measure_complete", {"target_value": None}),
        ("goals_goal_measure_complete", {"target_value": Decimal(0)}),
        ("goals_goal_measure_complete", {"done_when": "A contract"}),
        ("goals_goal_measure_complete", {"measure_kind": "yes_no"}),
        ("goals_goal_measure_complete", {"measure_kind": "other"}),
        ("goals_goal_closed_at", {"state": "reached"}),
        ("goals_goal_closed_at", {"closed_at": NOW}),
    ],
)
def test_goal_constraint(goal, constraint, changes):
    refuses(constraint, Goal.objects.filter(pk=goal.pk), **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("goals_actionstep_title_given", {"title": ""}),
        ("goals_actionstep_effort_positive", {"effort_hours": Decimal(0)}),
        ("goals_actionstep_done_at", {"state": "done"}),
        ("goals_actionstep_done_at", {"done_at": NOW}),
    ],
)
def test_step_constraint(goal, constraint, changes):
    refuses(constraint, ActionStep.objects.filter(goal=goal), **changes)


def test_yes_no_goal_needs_a_done_condition(goal):
    yes_no = {"measure_kind": "yes_no", "unit": "", "start_value": None, "target_value": None}
    goals = Goal.objects.filter(pk=goal.pk)
    refuses("goals_goal_measure_complete", goals, **yes_no, done_when=" ")
    assert goals.update(**yes_no, done_when="A signed contract") == 1


def test_goal_form_key_is_unique(goal):
    copy = Goal.objects.get(pk=goal.pk)
    copy.pk = None
    with pytest.raises(IntegrityError, match="goals_goal_form_key_once"), transaction.atomic():
        copy.save()


def test_step_form_key_is_unique(goal):
    copy = only_step(goal)
    copy.pk, copy.position = None, 9
    with pytest.raises(IntegrityError, match="goals_actionstep_form_key_once"), transaction.atomic():
        copy.save()


@pytest.mark.django_db(transaction=True)
def test_goal_without_a_step_is_refused_at_commit(user):
    goal = make_goal(user)
    copy = Goal.objects.get(pk=goal.pk)
    copy.pk, copy.form_key = None, uuid4()
    with pytest.raises(IntegrityError, match="first step"), transaction.atomic():
        copy.save()
    assert Goal.objects.count() == 1


def test_elapsed_time_is_between_0_and_100_per_cent(goal):
    half = goal.starts_on + (goal.due_on - goal.starts_on) / 2
    days = [goal.starts_on - timedelta(days=9), goal.starts_on, half, goal.due_on, goal.due_on + timedelta(days=9)]
    assert [goal.share_of_time_gone(day) for day in days] == [0, 0, 50, 100, 100]
    assert only_step(goal).is_open


def test_rows_of_closed_goals_and_archived_plans_are_not_deleted(user, goal):
    other = make_goal(user)
    rate_step(only_step(goal))
    step, entry = only_step(goal), make_entry(goal)
    Resource.objects.create(step=make_goal(user).steps.get(), kind="money", description="Fee")
    Change.objects.create(goal=goal, what="target", value_from=10, value_to=12, reason="learned", made_at=NOW)
    close_goal(goal=goal, outcome=Goal.State.LET_GO, today=NOW.date(), now=NOW)
    there = only_step(other)
    refuses("goals_immutable_goal_id", ActionStep.objects.filter(pk=step.pk), goal=other, position=9)
    refuses("goals_immutable_goal_id", Change.objects.all(), goal=other)
    refuses("goals_progressentry_kept", ProgressEntry.objects.filter(pk=entry.pk), goal=other)
    complete_step(step=there, now=NOW)
    refuses("goals_immutable_step_id", Evaluation.objects.all(), step=there)
    refuses("goals_immutable_step_id", Resource.objects.all(), step=there)
    start_new_plan(plan=goal.plan, title="Next", closing_notes="", carried=set(), now=NOW)
    new = Plan.objects.get(state="active")
    refuses("goals_immutable_plan_id", Goal.objects.filter(pk=other.pk), plan=new)


def now_checked():
    """The rules that look when the transaction ends, looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def keeps(rule, remove):
    """Who passes the services by does not remove it: looked at when the transaction ends."""

    def go():
        remove()
        now_checked()

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        go()


def archive(plan):
    Plan.objects.filter(pk=plan.pk).update(state="archived", archived_at=NOW)


def test_goal_of_an_archived_plan_is_deleted_only_with_the_plan(goal):
    archive(goal.plan)
    keeps("goals_goal_readonly", Goal.objects.get(pk=goal.pk).delete)
    assert Goal.objects.count() == 1
    Plan.objects.get(pk=goal.plan_id).delete()
    now_checked()
    assert Goal.objects.count() == 0


@pytest.mark.parametrize("ended", ["closed", "archived"])
def test_resources_of_closed_goals_are_read_only(goal, ended):
    step = only_step(goal)
    resource = step.resources.create(kind="money", description="Fee")
    if ended == "closed":
        close_goal(goal=goal, outcome=Goal.State.LET_GO, today=NOW.date(), now=NOW)
    else:
        archive(goal.plan)
    refuses("goals_resource_readonly", Resource.objects.all(), description="Other")
    with pytest.raises(IntegrityError, match="goals_resource_readonly"), transaction.atomic():
        step.resources.create(kind="money", description="More")
    keeps("goals_resource_readonly", resource.delete)


def test_evaluation_of_a_closed_goal_can_change_but_not_in_an_archived_plan(goal):
    step = complete_step(step=only_step(goal), now=NOW)
    close_goal(goal=goal, outcome=Goal.State.LET_GO, today=NOW.date(), now=NOW)
    evaluate_step(step=step, changes={"worth": 4}, now=NOW)
    assert Evaluation.objects.update(worth=5) == 1
    archive(goal.plan)
    refuses("goals_evaluation_readonly", Evaluation.objects.all(), worth=4)
    keeps("goals_evaluation_readonly", Evaluation.objects.all().delete)


@pytest.mark.parametrize("ended", ["closed", "archived"])
def test_skills_of_closed_goals_are_read_only(user, goal, ended):
    skill, other = (Skill.objects.create(name=name, owner=user) for name in ("Welding", "Reading"))
    goal.skills.add(skill)
    if ended == "closed":
        close_goal(goal=goal, outcome=Goal.State.LET_GO, today=NOW.date(), now=NOW)
    else:
        archive(goal.plan)
    with pytest.raises(IntegrityError, match="goals_goal_skills_readonly"), transaction.atomic():
        goal.skills.add(other)
    keeps("goals_goal_skills_readonly", goal.skills.through.objects.all().delete)
    another = Goal.objects.exclude(pk=goal.pk).first() or make_goal(user)
    refuses("goals_immutable_goal_id", goal.skills.through.objects.all(), goal=another)
    skill.delete()
    now_checked()
    assert goal.skills.count() == 0, "a skill may vanish"


def test_removed_entry_of_a_yes_no_goal_cannot_be_restored(goal):
    remove_entry(entry=make_entry(goal), now=NOW)
    yes_no = {"measure_kind": "yes_no", "unit": "", "start_value": None, "target_value": None, "done_when": "A yes"}
    Goal.objects.filter(pk=goal.pk).update(**yes_no)
    refuses("goals_progressentry_of_number", ProgressEntry.objects.all(), removed_at=None)
    assert ProgressEntry.objects.update(removed_at=NOW + timedelta(days=1)) == 1
