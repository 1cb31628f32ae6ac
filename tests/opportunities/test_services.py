"""What can be done with opportunities: noting, deciding, looking back; each twice is once."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from careerplan.catalogue.models import Skill
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep
from careerplan.goals.services.closing import close_goal
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.steps import StepData
from careerplan.opportunities import services
from careerplan.opportunities.models import Criterion, GoalEffect, Opportunity
from careerplan.opportunities.queries import criteria_of, weighed
from careerplan.plans.models import Plan
from careerplan.plans.services import PlanIsArchived
from tests.factories.goals import NOW, NOW_ON, make_goal
from tests.factories.opportunities import REASON, decline, make_opportunity, pursue

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=90)


@pytest.fixture
def opportunity(user):
    return make_opportunity(user)


def judge(opportunity, judgement="partly", note="", now=LATER):
    return services.judge_decision(opportunity=opportunity, judgement=judgement, note=note, now=now, today=now.date())


def test_a_form_that_is_sent_twice_makes_one_and_changed_another(user):
    key, data = uuid4(), services.OpportunityData(title="Ward manager", closes_on=date(2027, 3, 15))
    first = services.note_opportunity(user=user, form_key=key, data=data, now=NOW)
    assert services.note_opportunity(user=user, form_key=key, data=data, now=LATER) == first
    assert (first.closes_set_at, first.state) == (NOW, "considering")
    other = services.OpportunityData(title="Deputy")
    assert services.note_opportunity(user=user, form_key=key, data=other, now=NOW) != first
    assert Plan.objects.get().user == user


def test_a_closing_date_that_moves_is_set_anew_and_one_that_stays_is_not(user):
    made = make_opportunity(user, closes_on=date(2027, 3, 15))
    for day, set_at in ((date(2027, 3, 15), NOW), (date(2027, 3, 20), LATER), (None, None)):
        data = services.OpportunityData(title="Ward manager", closes_on=day)
        made = services.update_opportunity(opportunity=made, data=data, now=LATER)
        made.refresh_from_db()
        assert (made.closes_on, made.closes_set_at) == (day, set_at)


def test_an_opportunity_that_was_changed_elsewhere_is_not_overwritten(opportunity):
    data = services.OpportunityData(title="Other")
    seen = Opportunity.objects.get()
    services.update_opportunity(opportunity=opportunity, data=data, now=NOW)
    for write in (
        lambda: services.update_opportunity(opportunity=seen, data=data, now=NOW),
        lambda: services.weigh_opportunity(opportunity=seen, weighing=services.Weighing(), now=NOW),
        lambda: services.set_needed_skills(opportunity=seen, levels={}, now=NOW),
    ):
        with pytest.raises(StaleObjectError):
            write()


def test_needed_skills_are_written_and_added_to(user, opportunity):
    one, two = (Skill.objects.create(name=name, owner=user).pk for name in ("Negotiating", "Leading"))
    opportunity = services.set_needed_skills(opportunity=opportunity, levels={one: 3}, now=NOW)
    services.add_needed_skills(opportunity=opportunity, levels={one: 4, two: 2}, now=NOW)
    opportunity.refresh_from_db()
    assert dict(opportunity.needed_skills.values_list("skill", "level")) == {one: 4, two: 2}
    services.set_needed_skills(opportunity=opportunity, levels={two: 5}, now=NOW)
    assert dict(opportunity.needed_skills.values_list("skill", "level")) == {two: 5}


def test_what_is_said_is_kept_and_can_be_taken_back(user, opportunity):
    goal = make_goal(user)
    Plan.objects.update(priorities=["Home by seven"])
    pay = Criterion.objects.create(plan=opportunity.plan, name="Pay", weight=2)
    said = services.Weighing(
        pros="A budget\n\nA team",
        vision_score=4,
        effects={goal.pk: "delays"},
        priorities={"Home by seven": 2},
        criteria={pay.pk: 5},
    )
    opportunity.refresh_from_db()
    made = services.weigh_opportunity(opportunity=opportunity, weighing=said, now=NOW)
    [row] = weighed(user, Plan.objects.get(), [made])
    assert row.opportunity.pro_lines == ["A budget", "A team"]
    assert (row.delayed, row.served) == ([goal], [])
    assert [(one.name, one.score) for one in (*row.priorities, *row.criteria)] == [("Home by seven", 2), ("Pay", 5)]
    assert (row.overall.about, row.overall.parts) == (65, 3)  # 75, 25 and 100, in steps of five
    nothing = services.Weighing(effects={goal.pk: ""}, priorities={"Home by seven": None}, criteria={pay.pk: None})
    services.weigh_opportunity(opportunity=made, weighing=nothing, now=NOW)
    [row] = weighed(user, Plan.objects.get(), [Opportunity.objects.get()])
    assert row.overall is None
    assert not GoalEffect.objects.exists()


def test_criteria_change_places_and_names_and_keep_their_scores(opportunity):
    plan = opportunity.plan
    data = services.CriterionData
    services.set_criteria(plan=plan, criteria=[data(name="Pay", weight=3), data(name="Way", weight=1)], seen=[])
    pay, way = criteria_of(plan)
    swapped = [data(name="Way", weight=1, id=pay.pk), data(name="Pay", weight=5, id=way.pk)]
    services.set_criteria(plan=plan, criteria=swapped, seen=[pay, way])
    assert [(row.pk, row.name, row.weight) for row in criteria_of(plan)] == [(pay.pk, "Way", 1), (way.pk, "Pay", 5)]
    with pytest.raises(StaleObjectError):
        services.set_criteria(plan=plan, criteria=[], seen=[pay, way])
    services.set_criteria(plan=plan, criteria=[], seen=criteria_of(plan))
    assert criteria_of(plan) == []


def test_a_decision_needs_a_reason_and_is_made_once(opportunity):
    with pytest.raises(services.ReasonIsMissing):
        services.pursue_opportunity(opportunity=opportunity, reason=" \n", now=NOW)
    pursue(opportunity)
    again = services.pursue_opportunity(opportunity=opportunity, reason="Other words", now=LATER)
    assert (again.state, again.decided_at, again.reason) == ("pursuing", NOW, REASON)


def test_what_is_pursued_is_won_lost_or_withdrawn_from(user):
    for end, state in ((services.win_opportunity, "won"), (services.lose_opportunity, "lost")):
        opportunity = make_opportunity(user)
        with pytest.raises(services.NotPursued):
            end(opportunity=opportunity, now=LATER)
        pursue(opportunity)
        assert end(opportunity=opportunity, now=LATER).state == state
        assert end(opportunity=opportunity, now=LATER + timedelta(days=1)).outcome_at == LATER
        with pytest.raises(services.IsDecided):
            decline(opportunity)
    withdrawn = decline(pursue(make_opportunity(user)), now=LATER)
    assert (withdrawn.state, withdrawn.decided_at) == ("declined", LATER)
    with pytest.raises(services.IsDecided):
        pursue(withdrawn)


def test_what_is_opened_again_keeps_what_was_said(opportunity):
    judge(decline(opportunity), note="I see it now.")
    for _ in range(2):
        made = services.reopen_opportunity(opportunity=opportunity)
        assert (made.state, made.decided_at, made.outcome_at, made.judged_at) == ("considering", None, None, None)
        assert (made.reason, made.judgement, made.judgement_note) == (REASON, "", "I see it now.")


def test_pursuing_adds_the_next_step_to_a_goal_once(user, opportunity):
    goal = make_goal(user)
    step = StepData(title="Ask Karen for a reference", due_on=date(2027, 3, 10))
    following = services.NextStep(goal=goal, step=step, form_key=uuid4())
    for _ in range(2):
        services.pursue_opportunity(opportunity=opportunity, reason=REASON, next_step=following, now=NOW)
    assert list(goal.steps.filter(title=step.title).values_list("due_on", flat=True)) == [date(2027, 3, 10)]


def test_nothing_is_decided_where_the_goal_of_the_step_is_closed(user, opportunity):
    goal = close_goal(goal=make_goal(user), outcome="let_go", today=NOW_ON, now=NOW)
    step = services.NextStep(goal=goal, step=StepData(title="Ask", due_on=NOW_ON), form_key=uuid4())
    with pytest.raises(GoalIsClosed):
        services.pursue_opportunity(opportunity=opportunity, reason=REASON, next_step=step, now=NOW)
    assert Opportunity.objects.get().state == "considering"
    assert not ActionStep.objects.filter(title="Ask").exists()


def test_a_decision_is_judged_from_ninety_days_on(opportunity):
    with pytest.raises(services.NothingToJudge):
        judge(opportunity)
    decline(opportunity)
    with pytest.raises(services.NothingToJudge):
        judge(opportunity, now=LATER - timedelta(days=1))
    assert judge(opportunity).judged_at == LATER
    assert judge(opportunity, now=LATER + timedelta(days=1)).judged_at == LATER
    changed = judge(opportunity, "no", "It was not.", now=LATER + timedelta(days=2))
    assert (changed.judgement, changed.judged_at) == ("no", LATER + timedelta(days=2))


def test_the_ninety_days_are_those_of_the_person(user, opportunity):
    late = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)  # past midnight in London
    services.decline_opportunity(opportunity=opportunity, reason=REASON, now=late)
    from django.utils import timezone

    with timezone.override(user.zone):
        assert Opportunity.objects.get().judged_from == date(2027, 9, 30)


def test_an_archived_plan_is_left_alone(user, opportunity):
    Plan.objects.update(state="archived", archived_at=NOW)
    data = services.OpportunityData(title="Other")
    for write in (
        lambda: services.update_opportunity(opportunity=opportunity, data=data, now=NOW),
        lambda: services.delete_opportunity(opportunity=opportunity),
        lambda: services.add_needed_skills(opportunity=opportunity, levels={}, now=NOW),
        lambda: services.weigh_opportunity(opportunity=opportunity, weighing=services.Weighing(), now=NOW),
        lambda: services.set_criteria(plan=opportunity.plan, criteria=[], seen=[]),
        lambda: pursue(opportunity),
        lambda: decline(opportunity),
        lambda: services.win_opportunity(opportunity=opportunity, now=NOW),
        lambda: services.reopen_opportunity(opportunity=opportunity),
        lambda: judge(opportunity),
    ):
        with pytest.raises(PlanIsArchived):
            write()
