"""Constraints and triggers of opportunities."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from careerplan.catalogue.models import Skill
from careerplan.goals.models import Goal
from careerplan.opportunities.models import (
    Criterion,
    CriterionScore,
    GoalEffect,
    NeededSkill,
    Opportunity,
    PriorityScore,
)
from careerplan.plans.models import Plan
from tests.factories.goals import NOW, make_goal
from tests.factories.opportunities import decline, make_opportunity, pursue

pytestmark = pytest.mark.django_db


@pytest.fixture
def opportunity(user):
    return make_opportunity(user, closes_on=date(2027, 3, 15))


@pytest.fixture
def skill(user):
    return Skill.objects.create(name="Negotiating", owner=user)


def refuses(rule, write, *args, **kwargs):
    def write_now():
        with transaction.atomic():
            write(*args, **kwargs)
            check_now()

    with pytest.raises(IntegrityError, match=rule):
        write_now()


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def archive(user):
    Plan.objects.filter(user=user).update(state="archived", archived_at=NOW)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("opportunities_title_given", {"title": " \t"}),
        ("opportunities_link_is_web_address", {"link": "javascript:alert(1)"}),
        ("opportunities_link_is_web_address", {"link": "https:// jobs.example.org"}),
        ("opportunities_link_is_web_address", {"link": "ftp://example.org/"}),
        ("opportunities_closes_set_at", {"closes_on": None}),
        ("opportunities_closes_set_at", {"closes_set_at": None}),
        ("opportunities_vision_1_to_5", {"vision_score": 0}),
        ("opportunities_vision_1_to_5", {"vision_score": 6}),
        ("opportunities_state_and_moments", {"state": "shelved"}),
        ("opportunities_state_and_moments", {"state": "pursuing", "reason": "x"}),
        ("opportunities_state_and_moments", {"decided_at": NOW, "reason": "x"}),
        ("opportunities_state_and_moments", {"outcome_at": NOW}),
        ("opportunities_state_and_moments", {"state": "won", "decided_at": NOW, "reason": "x"}),
        (
            "opportunities_state_and_moments",
            {"state": "won", "decided_at": NOW, "outcome_at": NOW - timedelta(days=1), "reason": "x"},
        ),
        ("opportunities_reason_given", {"state": "declined", "decided_at": NOW, "reason": " "}),
        ("opportunities_outcome_reviewed_after_decision", {"outcome_review": "yes"}),
        ("opportunities_outcome_reviewed_after_decision", {"outcome_reviewed_at": NOW}),
        (
            "opportunities_outcome_reviewed_after_decision",
            {
                "state": "declined",
                "decided_at": NOW,
                "reason": "x",
                "outcome_review": "maybe",
                "outcome_reviewed_at": NOW,
            },
        ),
    ],
)
def test_invalid_opportunity_is_refused(opportunity, rule, changes):
    refuses(rule, Opportunity.objects.filter(pk=opportunity.pk).update, **changes)


def test_form_key_is_unique(opportunity):
    first = {"plan": opportunity.plan, "title": "Again", "created_at": NOW}
    refuses("opportunities_form_key_once", Opportunity.objects.create, form_key=opportunity.form_key, **first)


def test_invalid_parts_are_refused(user, opportunity, skill):
    goal = make_goal(user)
    criterion = Criterion.objects.create(plan=opportunity.plan, name="Pay", weight=3)
    of = {"opportunity": opportunity}
    for rule, model, given in (
        ("opportunities_neededskill_level", NeededSkill, {**of, "skill": skill, "level": 0}),
        ("opportunities_neededskill_level", NeededSkill, {**of, "skill": skill, "level": 6}),
        ("opportunities_goaleffect_known", GoalEffect, {**of, "goal": goal, "effect": "maybe"}),
        ("opportunities_priorityscore_1_to_5", PriorityScore, {**of, "priority": "Home by seven", "score": 0}),
        ("opportunities_priorityscore_given", PriorityScore, {**of, "priority": " ", "score": 3}),
        ("opportunities_criterionscore_1_to_5", CriterionScore, {**of, "criterion": criterion, "score": 6}),
        ("opportunities_criterion_weight_1_to_5", Criterion, {"plan": opportunity.plan, "name": "Way", "weight": 6}),
        ("opportunities_criterion_given", Criterion, {"plan": opportunity.plan, "name": " ", "weight": 1}),
        ("opportunities_criterion_once", Criterion, {"plan": opportunity.plan, "name": "Pay", "weight": 1}),
    ):
        refuses(rule, model.objects.create, **given)
    for rule, model, given in (
        ("opportunities_neededskill_once", NeededSkill, {**of, "skill": skill, "level": 3}),
        ("opportunities_goaleffect_once", GoalEffect, {**of, "goal": goal, "effect": "helps"}),
        ("opportunities_priorityscore_once", PriorityScore, {**of, "priority": "Home by seven", "score": 3}),
        ("opportunities_criterionscore_once", CriterionScore, {**of, "criterion": criterion, "score": 3}),
    ):
        model.objects.create(**given)
        refuses(rule, model.objects.create, **given)


def test_parts_of_another_person_or_plan_are_refused(user, other_user, opportunity):
    theirs = Skill.objects.create(name="Welding", owner=other_user)
    of = {"opportunity": opportunity}
    refuses("opportunities_neededskill_visible", NeededSkill.objects.create, **of, skill=theirs, level=3)
    goal = make_goal(other_user)
    refuses("opportunities_goaleffect_of_the_plan", GoalEffect.objects.create, **of, goal=goal, effect="helps")
    pay = Criterion.objects.create(plan=goal.plan, name="Pay", weight=3)
    refuses("opportunities_criterionscore_of_the_plan", CriterionScore.objects.create, **of, criterion=pay, score=3)


def test_parent_cannot_change(user, other_user, opportunity, skill):
    other = make_opportunity(user, "Another")
    elsewhere = make_opportunity(other_user).plan
    need = NeededSkill.objects.create(opportunity=opportunity, skill=skill, level=3)
    refuses("opportunities_immutable_plan_id", Opportunity.objects.filter(pk=other.pk).update, plan=elsewhere)
    needs = NeededSkill.objects.filter(pk=need.pk)
    refuses("opportunities_immutable_opportunity_id", needs.update, opportunity=other)


def test_archived_plan_refuses_changes_of_every_part(user, opportunity, skill):
    goal = make_goal(user)
    of = {"opportunity": opportunity}
    criterion = Criterion.objects.create(plan=opportunity.plan, name="Pay", weight=3)
    made = [
        NeededSkill.objects.create(**of, skill=skill, level=3),
        GoalEffect.objects.create(**of, goal=goal, effect="helps"),
        PriorityScore.objects.create(**of, priority="Home by seven", score=3),
        CriterionScore.objects.create(**of, criterion=criterion, score=3),
    ]
    changes = ({"level": 4}, {"effect": "slows_down"}, {"score": 4}, {"score": 4})
    archive(user)
    refuses("opportunities_opportunity_readonly", Opportunity.objects.update, title="Other")
    new = {"plan": opportunity.plan, "title": "New", "created_at": NOW, "form_key": uuid4()}
    refuses("opportunities_opportunity_readonly", Opportunity.objects.create, **new)
    refuses("opportunities_criterion_readonly", Criterion.objects.update, weight=1)
    for row, change in zip(made, changes, strict=True):
        rule = f"opportunities_{row._meta.model_name}_readonly"
        refuses(rule, type(row).objects.filter(pk=row.pk).update, **change)
        refuses(rule, type(row).objects.filter(pk=row.pk).delete)


def test_parts_of_an_archived_plan_are_deleted_with_skill_or_account(user, opportunity, skill):
    goal = make_goal(user)
    NeededSkill.objects.create(opportunity=opportunity, skill=skill, level=3)
    GoalEffect.objects.create(opportunity=opportunity, goal=goal, effect="helps")
    archive(user)
    skill.delete()
    check_now()
    assert not NeededSkill.objects.exists()
    user.delete()
    check_now()
    assert not Opportunity.objects.exists()
    assert not Goal.objects.exists()


def test_every_change_is_versioned(user, opportunity):
    pursue(opportunity)
    opportunity.refresh_from_db()
    states = opportunity.events.order_by("pgh_id").values_list("state", "version")
    assert list(states) == [("considering", 1), ("pursuing", 2)]
    assert decline(opportunity).state == "declined"
