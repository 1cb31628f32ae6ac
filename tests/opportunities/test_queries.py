"""What the pages read: the match by the formula of the results, the skills that are missing, what is soon."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from careerplan.catalogue.models import Skill
from careerplan.opportunities import words
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries import (
    asked_of,
    matches_of,
    opportunities_soon,
    opportunity_list,
    weighed,
)
from careerplan.opportunities.services import Weighing, reopen_opportunity, weigh_opportunity
from careerplan.plans.models import Plan
from careerplan.skills.fit import IMPORTANT, Need, fit
from tests.factories.goals import NOW, make_goal
from tests.factories.opportunities import decline, make_opportunity, pursue
from tests.factories.skills import make_catalogue, make_results

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 9)
NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)


@pytest.fixture
def skills(db):
    return [skill.pk for skill in make_catalogue()]


def match_of(user, needs):
    made = make_opportunity(user, needs=needs)
    return matches_of(user, [made.pk])[made.pk]


def test_the_match_is_the_fit_of_the_results(user, skills):
    levels = dict(zip(skills, (1, 2, 3, 4, 5, 0), strict=True))
    make_results(user, levels=levels)
    needs = dict.fromkeys(skills, 4)
    found = match_of(user, needs)
    assert found.fit == fit(levels, [Need(pk, Decimal(4), IMPORTANT) for pk in skills])
    assert [(row.have, row.need) for row in found.gaps] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert found.fit.percent == 58  # 14 of 24 levels
    assert found.about == 60


def test_few_skills_are_enough_and_what_is_not_rated_is_left_out(user, skills):
    make_results(user, levels={skills[0]: 2})
    found = match_of(user, {skills[0]: 4, skills[1]: 5})
    assert (found.about, found.needed, list(found.unrated)) == (50, 2, [skills[1]])
    assert match_of(user, {skills[1]: 5}).about is None
    assert match_of(user, {}).needed == 0


def test_without_an_inventory_nothing_is_claimed(user, skills):
    found = match_of(user, {skills[0]: 4})
    assert (found.about, found.gaps, list(found.unrated)) == (None, [], [skills[0]])


def test_the_skills_that_are_missing_in_most_are_ranked(user, skills):
    make_results(user, levels=dict(zip(skills, (2, 2, 2, 5), strict=False)))
    one, two, three, four, five, _six = skills
    goal = make_goal(user, skill=Skill.objects.get(pk=two))
    make_opportunity(user, "First", needs={one: 4, two: 3, four: 4})
    pursue(make_opportunity(user, "Second", needs={one: 3, five: 5}))
    make_opportunity(user, "Third", needs={one: 3, three: 5})
    make_opportunity(user, "Fourth, which asks for nothing yet")
    decline(make_opportunity(user, "Fifth", needs={two: 5, one: 5}))
    rows = opportunity_list(user, TODAY).missing
    assert [(row.skill_id, row.count, row.of, row.have, row.needed) for row in rows] == [
        (one, 3, 3, 2, 4),
        (three, 1, 3, 2, 5),
        (two, 1, 3, 2, 3),
    ]
    assert [row.goal for row in rows] == [None, None, goal]


def test_the_list_is_by_state_and_says_what_is_open(user):
    days = (date(2027, 3, 20), None, date(2027, 3, 15), date(2027, 3, 1))
    made = [make_opportunity(user, f"No. {n}", closes_on=day) for n, day in enumerate(days)]
    pursue(made[0])
    decline(make_opportunity(user, "Declined"))
    found = opportunity_list(user, TODAY)
    assert [row.opportunity.title for row in found.considering] == ["No. 3", "No. 2", "No. 1"]
    assert [row.opportunity.title for row in found.pursuing] == ["No. 0"]
    assert [row.opportunity.title for row in found.decided] == ["Declined"]
    assert words.list_lead(found, TODAY).endswith("Four are open; the first closes on Monday.")
    assert words.list_lead(found, date(2027, 3, 14)).endswith("closes tomorrow.")
    assert words.list_lead(found, date(2027, 4, 1)).endswith("Four are open.")


def test_the_lead_of_the_comparison_names_only_what_stands_out(user, skills):
    make_results(user, levels={skills[0]: 2})
    goal = make_goal(user)
    near = make_opportunity(user, "Near", needs={skills[0]: 2})
    far = make_opportunity(user, "Far", needs={skills[0]: 5})
    plan = Plan.objects.get()
    assert words.compare_lead(weighed(user, plan, [near, far])) == "“Near” fits your skills best today."
    weigh_opportunity(opportunity=far, weighing=Weighing(effects={goal.pk: "serves"}), now=NOW)
    both = "“Near” fits your skills best today. “Far” serves the most goals."
    assert words.compare_lead(weighed(user, plan, [near, far])) == both
    assert words.compare_lead(weighed(user, plan, [far, far])) == ""
    best = make_opportunity(user, "Best", needs={skills[0]: 2})
    weigh_opportunity(opportunity=best, weighing=Weighing(effects={goal.pk: "serves"}), now=NOW)
    bare = make_opportunity(user, "Bare", needs={skills[0]: 5})
    said = "“Best” fits your skills best today, and serves the most goals."
    assert words.compare_lead(weighed(user, plan, [best, bare])) == said


def test_goals_are_proposed_by_the_skills_they_share(user, skills):
    goal = make_goal(user, skill=Skill.objects.get(pk=skills[0]))
    other = make_goal(user)
    made = make_opportunity(user, needs={skills[0]: 3})
    asked = {one.goal: one.shared for one in asked_of(made).goals}
    assert asked == {goal: [Skill.objects.get(pk=skills[0]).name], other: []}


def test_what_closes_soon_and_what_is_to_be_looked_back_on(user, other_user):
    for day in (8, 9, 15, 31):
        make_opportunity(user, f"{day} March", closes_on=date(2027, 3, day))
    decline(make_opportunity(user, "Declined", closes_on=date(2027, 3, 12)), now=NOON - timedelta(days=90))
    decline(make_opportunity(user, "Lately"), now=NOON - timedelta(days=89))
    make_opportunity(other_user, "Theirs", closes_on=date(2027, 3, 10))
    soon = opportunities_soon(user, NOON, today=TODAY, last_day=date(2027, 3, 20))
    assert [row.opportunity.title for row in soon.closing] == ["9 March", "15 March"]
    assert [one.title for one in soon.to_judge] == ["Declined"]
    reopen_opportunity(opportunity=Opportunity.objects.get(title="Declined"))
    again = opportunities_soon(user, NOON, today=TODAY, last_day=date(2027, 3, 20))
    assert [row.opportunity.title for row in again.closing] == ["9 March", "Declined", "15 March"]
    assert again.to_judge == []


@pytest.mark.parametrize("count", [1, 30])
def test_reads_cost_the_same_however_many(user, skills, django_assert_num_queries, count):
    make_results(user, levels={skills[0]: 2})
    goal = make_goal(user)
    plan = Plan.objects.get()
    for n in range(count):
        made = make_opportunity(user, f"No. {n}", needs={skills[0]: 3, skills[1]: 4}, closes_on=TODAY)
        weigh_opportunity(opportunity=made, weighing=Weighing(effects={goal.pk: "serves"}), now=NOW)
    with django_assert_num_queries(3):
        opportunity_list(user, TODAY)
    with django_assert_num_queries(2):
        opportunities_soon(user, NOON, today=TODAY, last_day=TODAY)
    with django_assert_num_queries(6):
        weighed(user, plan, list(Opportunity.objects.for_user(user)))
