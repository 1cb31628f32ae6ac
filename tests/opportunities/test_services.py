"""Services of opportunities: adding, weighing up, deciding, looking back."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from careerplan.catalogue.models import Skill
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.opportunities import services
from careerplan.opportunities.models import Criterion, GoalEffect, Opportunity
from careerplan.opportunities.queries.weighing import plan_criteria, weigh_up
from careerplan.plans.models import Plan
from careerplan.plans.services import PlanIsArchived
from tests.factories.goals import NOW, NOW_ON, make_goal
from tests.factories.opportunities import REASON, decline, make_opportunity, pursue

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=90)


@pytest.fixture
def opportunity(user):
    return make_opportunity(user)


def look_back(opportunity, outcome_review="partly", note="", now=LATER):
    return services.review_outcome(
        opportunity=opportunity, outcome_review=outcome_review, note=note, now=now, today=now.date()
    )


def test_form_sent_twice_adds_one_opportunity_and_changed_adds_another(user):
    key, changes = uuid4(), {"title": "Ward manager", "closes_on": date(2027, 3, 15)}
    first = services.add_opportunity(user=user, form_key=key, changes=changes, now=NOW)
    assert services.add_opportunity(user=user, form_key=key, changes=changes, now=LATER) == first
    assert (first.closes_set_at, first.state) == (NOW, "considering")
    other = {**changes, "title": "Deputy"}
    assert services.add_opportunity(user=user, form_key=key, changes=other, now=NOW) != first
    assert Plan.objects.get().user == user


def test_closes_set_at_changes_only_with_the_closing_date(user):
    made = make_opportunity(user, closes_on=date(2027, 3, 15))
    for day, set_at in ((date(2027, 3, 15), NOW), (date(2027, 3, 20), LATER), (None, None)):
        changes = {"title": "Ward manager", "closes_on": day}
        made = services.update_opportunity(opportunity=made, changes=changes, now=LATER)
        made.refresh_from_db()
        assert (made.closes_on, made.closes_set_at) == (day, set_at)


def test_outdated_opportunity_is_not_overwritten(opportunity):
    changes = {"title": "Other"}
    seen = Opportunity.objects.get()
    services.update_opportunity(opportunity=opportunity, changes=changes, now=NOW)
    for write in (
        lambda: services.update_opportunity(opportunity=seen, changes=changes, now=NOW),
        lambda: services.weigh_opportunity(opportunity=seen, answers=services.WeighingAnswers(), now=NOW),
        lambda: services.set_needed_skills(opportunity=seen, levels={}, now=NOW),
    ):
        with pytest.raises(StaleObjectError):
            write()


def test_needed_skills_are_replaced_and_added(user, opportunity):
    one, two = (Skill.objects.create(name=name, owner=user).pk for name in ("Negotiating", "Leading"))
    opportunity = services.set_needed_skills(opportunity=opportunity, levels={one: 3}, now=NOW)
    services.add_needed_skills(opportunity=opportunity, levels={one: 4, two: 2}, now=NOW)
    opportunity.refresh_from_db()
    assert dict(opportunity.needed_skills.values_list("skill", "level")) == {one: 4, two: 2}
    services.set_needed_skills(opportunity=opportunity, levels={two: 5}, now=NOW)
    assert dict(opportunity.needed_skills.values_list("skill", "level")) == {two: 5}


def test_weighing_answers_are_saved_and_cleared(user, opportunity):
    goal = make_goal(user)
    Plan.objects.update(priorities=["Home by seven"])
    pay = Criterion.objects.create(plan=opportunity.plan, name="Pay", weight=2)
    said = services.WeighingAnswers(
        pros="A budget\n\nA team",
        vision_score=4,
        effects={goal.pk: "slows_down"},
        priorities={"Home by seven": 2},
        criteria={pay.pk: 5},
    )
    opportunity.refresh_from_db()
    made = services.weigh_opportunity(opportunity=opportunity, answers=said, now=NOW)
    [row] = weigh_up(user, Plan.objects.get(), [made])
    assert row.opportunity.pro_lines == ["A budget", "A team"]
    assert (row.slowed_goals, row.helped_goals) == ([goal], [])
    assert [(one.name, one.score) for one in (*row.priorities, *row.criteria)] == [("Home by seven", 2), ("Pay", 5)]
    assert (row.overall.score, row.overall.parts) == (4, 3)  # 4, 2 and 5
    nothing = services.WeighingAnswers(
        effects={goal.pk: ""}, priorities={"Home by seven": None}, criteria={pay.pk: None}
    )
    services.weigh_opportunity(opportunity=made, answers=nothing, now=NOW)
    [row] = weigh_up(user, Plan.objects.get(), [Opportunity.objects.get()])
    assert row.overall is None
    assert not GoalEffect.objects.exists()


def test_criteria_can_swap_names(opportunity):
    plan = opportunity.plan
    services.set_criteria(
        plan=plan, criteria=[Criterion(name="Pay", weight=3), Criterion(name="Way", weight=1)], seen=[]
    )
    pay, way = plan_criteria(plan)
    swapped = [Criterion(name="Way", weight=1, pk=pay.pk), Criterion(name="Pay", weight=5, pk=way.pk)]
    services.set_criteria(plan=plan, criteria=swapped, seen=[pay, way])
    assert [(row.pk, row.name, row.weight) for row in plan_criteria(plan)] == [(pay.pk, "Way", 1), (way.pk, "Pay", 5)]
    with pytest.raises(StaleObjectError):
        services.set_criteria(plan=plan, criteria=[], seen=[pay, way])
    services.set_criteria(plan=plan, criteria=[], seen=plan_criteria(plan))
    assert plan_criteria(plan) == []


def test_decision_needs_a_reason_and_is_idempotent(opportunity):
    with pytest.raises(services.DecisionReasonMissing):
        services.pursue_opportunity(opportunity=opportunity, reason=" \n", now=NOW)
    pursue(opportunity)
    again = services.pursue_opportunity(opportunity=opportunity, reason="Other words", now=LATER)
    assert (again.state, again.decided_at, again.reason) == ("pursuing", NOW, REASON)


def test_only_pursued_opportunity_is_won_lost_or_withdrawn(user):
    for end, state in ((services.mark_won, "won"), (services.mark_lost, "lost")):
        opportunity = make_opportunity(user)
        with pytest.raises(services.NotPursuing):
            end(opportunity=opportunity, now=LATER)
        pursue(opportunity)
        assert end(opportunity=opportunity, now=LATER).state == state
        assert end(opportunity=opportunity, now=LATER + timedelta(days=1)).outcome_at == LATER
        with pytest.raises(services.AlreadyDecided):
            decline(opportunity)
    withdrawn = decline(pursue(make_opportunity(user)), now=LATER)
    assert (withdrawn.state, withdrawn.decided_at) == ("declined", LATER)
    with pytest.raises(services.AlreadyDecided):
        pursue(withdrawn)


def test_reopening_keeps_reason_and_note(opportunity):
    look_back(decline(opportunity), note="I see it now.")
    for _ in range(2):
        made = services.reopen_opportunity(opportunity=opportunity)
        assert made.state == "considering"
        assert (made.decided_at, made.outcome_at, made.outcome_reviewed_at) == (None, None, None)
        assert (made.reason, made.outcome_review, made.outcome_review_note) == (REASON, "", "I see it now.")


def test_pursuing_adds_the_first_step_once(user, opportunity):
    goal = make_goal(user)
    step = {"title": "Ask Karen for a reference", "due_on": date(2027, 3, 10)}
    following = services.FirstStep(goal=goal, step=step, form_key=uuid4())
    for _ in range(2):
        services.pursue_opportunity(opportunity=opportunity, reason=REASON, first_step=following, now=NOW)
    assert list(goal.steps.filter(title=step["title"]).values_list("due_on", flat=True)) == [date(2027, 3, 10)]


def test_pursuing_with_a_closed_goal_decides_nothing(user, opportunity):
    goal = close_goal(goal=make_goal(user), outcome="let_go", today=NOW_ON, now=NOW)
    step = services.FirstStep(goal=goal, step={"title": "Ask", "due_on": NOW_ON}, form_key=uuid4())
    with pytest.raises(GoalIsClosed):
        services.pursue_opportunity(opportunity=opportunity, reason=REASON, first_step=step, now=NOW)
    assert Opportunity.objects.get().state == "considering"
    assert not ActionStep.objects.filter(title="Ask").exists()


def test_outcome_review_from_90_days_after_the_decision(opportunity):
    with pytest.raises(services.OutcomeReviewNotDue):
        look_back(opportunity)
    decline(opportunity)
    with pytest.raises(services.OutcomeReviewNotDue):
        look_back(opportunity, now=LATER - timedelta(days=1))
    assert look_back(opportunity).outcome_reviewed_at == LATER
    assert look_back(opportunity, now=LATER + timedelta(days=1)).outcome_reviewed_at == LATER
    changed = look_back(opportunity, "no", "It was not.", now=LATER + timedelta(days=2))
    assert (changed.outcome_review, changed.outcome_reviewed_at) == ("no", LATER + timedelta(days=2))


def test_outcome_review_date_is_local(user, opportunity):
    late = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)  # past midnight in London
    services.decline_opportunity(opportunity=opportunity, reason=REASON, now=late)
    with timezone.override(user.zone):
        assert Opportunity.objects.get().outcome_review_due_on == date(2027, 9, 30)


def test_services_refuse_an_archived_plan(user, opportunity):
    Plan.objects.update(state="archived", archived_at=NOW)
    changes = {"title": "Other"}
    for write in (
        lambda: services.update_opportunity(opportunity=opportunity, changes=changes, now=NOW),
        lambda: services.delete_opportunity(opportunity=opportunity),
        lambda: services.add_needed_skills(opportunity=opportunity, levels={}, now=NOW),
        lambda: services.weigh_opportunity(opportunity=opportunity, answers=services.WeighingAnswers(), now=NOW),
        lambda: services.set_criteria(plan=opportunity.plan, criteria=[], seen=[]),
        lambda: pursue(opportunity),
        lambda: decline(opportunity),
        lambda: services.mark_won(opportunity=opportunity, now=NOW),
        lambda: services.reopen_opportunity(opportunity=opportunity),
        lambda: look_back(opportunity),
    ):
        with pytest.raises(PlanIsArchived):
            write()
