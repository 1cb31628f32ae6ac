"""Copying open opportunities into a new plan."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from careerplan.catalogue.models import Skill
from careerplan.opportunities.models import Criterion, CriterionScore, GoalEffect, Opportunity, PriorityScore
from careerplan.planning.services.new_plan import start_new_plan
from careerplan.plans.models import Plan
from careerplan.reminders.services import create_due_reminders
from tests.factories.goals import NOW, make_goal
from tests.factories.opportunities import decline, make_opportunity, pursue

LATER = NOW + timedelta(days=20)


def begin(user, *carried, now=LATER):
    plan = Plan.objects.get(user=user, state="active")
    return start_new_plan(plan=plan, title="Next", closing_notes="", carried={goal.pk for goal in carried}, now=now)


def test_open_opportunity_is_copied_with_scores_and_effects(user):
    taken, left = make_goal(user, title="Lead 12 shifts"), make_goal(user, title="Sleep seven hours")
    skill = Skill.objects.create(name="Leading", owner=user)
    opportunity = pursue(
        make_opportunity(user, closes_on=date(2027, 6, 1), needs={skill.pk: 4}, organisation="St Anne")
    )
    for goal, effect in ((taken, "helps"), (left, "slows_down")):
        GoalEffect.objects.create(opportunity=opportunity, goal=goal, effect=effect)
    PriorityScore.objects.create(opportunity=opportunity, priority="Home by seven", score=4)
    criterion = Criterion.objects.create(plan=opportunity.plan, name="Pay", weight=3)
    CriterionScore.objects.create(opportunity=opportunity, criterion=criterion, score=5)
    new = begin(user, taken)
    copy = Opportunity.objects.get(plan=new)
    same = ("title", "organisation", "closes_on", "state", "decided_at", "reason", "created_at")
    assert [getattr(copy, name) for name in same] == [getattr(opportunity, name) for name in same]
    assert copy.closes_set_at == LATER
    assert list(copy.needed_skills.values_list("skill", "level")) == [(skill.pk, 4)]
    assert list(copy.effects.values_list("goal__carried_from", "effect")) == [(taken.pk, "helps")]
    assert list(copy.priority_scores.values_list("priority", "score")) == [("Home by seven", 4)]
    scores = copy.criterion_scores.values_list("criterion__plan", "criterion__name", "criterion__weight", "score")
    assert list(scores) == [(new.pk, "Pay", 3, 5)]
    assert Opportunity.objects.filter(plan__state="archived").count() == 1


def test_decided_opportunity_is_not_copied(user):
    decline(make_opportunity(user))
    new = begin(user)
    assert not Opportunity.objects.filter(plan=new).exists()


def test_closing_date_is_not_reminded_twice_after_a_new_plan(user):
    make_opportunity(user, closes_on=date(2027, 3, 8))
    moment = datetime(2027, 3, 1, 12, tzinfo=ZoneInfo(user.time_zone))
    assert create_due_reminders(as_of=moment, now=NOW) == 1
    begin(user, now=moment)
    assert create_due_reminders(as_of=moment + timedelta(hours=1), now=NOW) == 0
    assert create_due_reminders(as_of=moment + timedelta(days=6), now=NOW) == 1
