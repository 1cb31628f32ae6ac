"""Reads of opportunities: skill match, missing skills, upcoming dates, texts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from careerplan.catalogue.models import Skill
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries.opportunity_list import (
    list_opportunities,
    skill_matches,
    upcoming_opportunities,
)
from careerplan.opportunities.queries.weighing import compare_matches, weigh_up, weighing_questions
from careerplan.opportunities.services import WeighingAnswers, reopen_opportunity, weigh_opportunity
from careerplan.opportunities.texts import compare_lead, list_lead
from careerplan.plans.models import Plan
from careerplan.skills.fit import IMPORTANT, SkillNeed, SkillsMet, share_met
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
    return skill_matches(user, [made.pk])[made.pk]


def test_skill_match_is_the_share_met_and_the_gaps(user, skills):
    levels = dict(zip(skills, (1, 2, 3, 4, 5, 0), strict=True))
    make_results(user, levels=levels)
    needs = dict.fromkeys(skills, 4)
    found = match_of(user, needs)
    assert found.fit == share_met(levels, [SkillNeed(pk, 4, IMPORTANT) for pk in skills])
    assert [(row.have, row.need) for row in found.gaps] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert found.fit.percent == 58  # 14 of 24 levels
    assert found.fit.skills_met is SkillsMet.SOME
    assert "2 of 6" in found.words
    assert "2 of 6" in found.sentence


def test_unrated_skills_that_could_change_the_words_are_asked_first(user, skills):
    make_results(user, levels={skills[0]: 2})
    found = match_of(user, {skills[0]: 4, skills[1]: 5})
    assert (found.is_unknown, found.words, found.sentence) == (True, "", "")
    assert (found.needed, list(found.unrated), found.unrated_query) == (2, [skills[1]], f"skill={skills[1]}")
    assert match_of(user, {skills[1]: 5}).is_unknown
    settled = match_of(user, {skills[0]: 2})
    assert (settled.is_unknown, "1 of 1" in settled.words) == (False, True)
    nothing = match_of(user, {})
    assert (nothing.needed, nothing.is_unknown, nothing.words) == (0, False, "")


def test_no_match_without_an_assessment(user, skills):
    found = match_of(user, {skills[0]: 4})
    assert (found.fit, found.gaps, list(found.unrated)) == (None, [], [skills[0]])


def test_missing_skills_are_ranked_by_opportunities_then_gap(user, skills):
    make_results(user, levels=dict(zip(skills, (2, 2, 2, 5), strict=False)))
    one, two, three, four, five, _six = skills
    goal = make_goal(user, origin_skill=Skill.objects.get(pk=two))
    make_opportunity(user, "First", needs={one: 4, two: 3, four: 4})
    pursue(make_opportunity(user, "Second", needs={one: 3, five: 5}))
    make_opportunity(user, "Third", needs={one: 3, three: 5})
    make_opportunity(user, "Fourth, which asks for nothing yet")
    decline(make_opportunity(user, "Fifth", needs={two: 5, one: 5}))
    rows = list_opportunities(user, TODAY).missing
    assert [(row.skill_id, row.count, row.of, row.have, row.needed) for row in rows] == [
        (one, 3, 3, 2, 4),
        (three, 1, 3, 2, 5),
        (two, 1, 3, 2, 3),
    ]
    assert [row.goal for row in rows] == [None, None, goal]


def test_list_groups_by_state_and_names_the_next_closing_date(user):
    days = (date(2027, 3, 20), None, date(2027, 3, 15), date(2027, 3, 1))
    made = [make_opportunity(user, f"No. {n}", closes_on=day) for n, day in enumerate(days)]
    pursue(made[0])
    decline(make_opportunity(user, "Declined"))
    found = list_opportunities(user, TODAY)
    assert [row.opportunity.title for row in found.considering] == ["No. 3", "No. 2", "No. 1"]
    assert [row.opportunity.title for row in found.pursuing] == ["No. 0"]
    assert [row.opportunity.title for row in found.decided] == ["Declined"]
    leads = [list_lead(found, day) for day in (TODAY, date(2027, 3, 14), date(2027, 3, 15), date(2027, 4, 1))]
    assert all("4" in lead for lead in leads)
    assert [name in lead for name, lead in zip(("Mon 15 Mar", "tomorrow", "today", "."), leads, strict=True)] == [
        True
    ] * 4
    assert len({*leads}) == 4
    assert "1 of them has closed. Pursue or decline it." in leads[0]
    assert "2 of them have closed." in leads[3], "pursued ones are decided"


def test_comparison_lead_names_only_a_single_best_opportunity(user, skills):
    make_results(user, levels={skills[0]: 2})
    goal = make_goal(user)
    near = make_opportunity(user, "Near", needs={skills[0]: 2})
    far = make_opportunity(user, "Far", needs={skills[0]: 5})
    lead = lead_of(user, [near, far])
    assert ("Near" in lead, "Far" in lead) == (True, False)
    weigh_opportunity(opportunity=far, answers=WeighingAnswers(effects={goal.pk: "helps"}), now=NOW)
    assert "Far" not in lead_of(user, [near, far]), "the other one says nothing about goals"
    weigh_opportunity(opportunity=near, answers=WeighingAnswers(effects={goal.pk: "neither"}), now=NOW)
    both = lead_of(user, [near, far])
    assert ("Near" in both, "Far" in both) == (True, True)
    best = make_opportunity(user, "Best", needs={skills[0]: 2})
    weigh_opportunity(opportunity=best, answers=WeighingAnswers(effects={goal.pk: "helps"}), now=NOW)
    bare = make_opportunity(user, "Bare", needs={skills[0]: 5})
    weigh_opportunity(opportunity=bare, answers=WeighingAnswers(effects={goal.pk: "neither"}), now=NOW)
    assert lead_of(user, [best, bare]).count("Best") == 1


def test_comparison_says_ties_and_asks_for_skills_that_could_change_it(user, skills):
    make_results(user, levels={skills[0]: 2, skills[1]: 3})
    one = make_opportunity(user, "One", needs={skills[0]: 3})
    two = make_opportunity(user, "Two", needs={skills[0]: 3})
    best = make_opportunity(user, "Best", needs={skills[1]: 3})
    empty = make_opportunity(user, "Empty")
    unknown = make_opportunity(user, "Unknown", needs={skills[1]: 4, skills[2]: 1})
    assert best_of(user, [one, two]) == [one, two]
    assert best_of(user, [one, two, best]) == [best]
    assert best_of(user, [best, empty]) == []
    assert best_of(user, [one, best, empty]) == [], "nothing is best against an unknown"
    asked = compare_matches(weigh_up(user, best.plan, [best, unknown]))
    assert (asked.best, asked.unrated_query) == ([], f"skill={skills[2]}")
    assert all(name in lead_of(user, [one, two]) for name in ("One", "Two"))
    assert "1" in lead_of(user, [best, unknown])
    assert "Best" not in lead_of(user, [best, empty])


def lead_of(user, opportunities):
    rows = weigh_up(user, opportunities[0].plan, opportunities)
    return compare_lead(rows, compare_matches(rows))


def best_of(user, opportunities):
    rows = weigh_up(user, opportunities[0].plan, opportunities)
    return [row.opportunity for row in compare_matches(rows).best]


def test_goals_are_listed_with_the_needed_skills_they_build(user, skills):
    goal = make_goal(user, origin_skill=Skill.objects.get(pk=skills[0]))
    other = make_goal(user)
    made = make_opportunity(user, needs={skills[0]: 3})
    shared = {one.goal: one.shared for one in weighing_questions(made).goals}
    assert shared == {goal: [Skill.objects.get(pk=skills[0]).name], other: []}


def test_upcoming_closing_dates_and_outcome_reviews(user, other_user):
    for day in (8, 9, 15, 31):
        make_opportunity(user, f"{day} March", closes_on=date(2027, 3, day))
    decline(make_opportunity(user, "Declined", closes_on=date(2027, 3, 12)), now=NOON - timedelta(days=90))
    decline(make_opportunity(user, "Recently declined"), now=NOON - timedelta(days=89))
    make_opportunity(other_user, "Theirs", closes_on=date(2027, 3, 10))
    soon = upcoming_opportunities(user, NOON, today=TODAY, last_day=date(2027, 3, 20))
    assert [row.opportunity.title for row in soon.closing] == ["9 March", "15 March"]
    assert [one.title for one in soon.outcome_reviews_due] == ["Declined"]
    reopen_opportunity(opportunity=Opportunity.objects.get(title="Declined"))
    again = upcoming_opportunities(user, NOON, today=TODAY, last_day=date(2027, 3, 20))
    assert [row.opportunity.title for row in again.closing] == ["9 March", "Declined", "15 March"]
    assert again.outcome_reviews_due == []


@pytest.mark.parametrize("count", [1, 30])
def test_query_counts_do_not_grow(user, skills, django_assert_num_queries, count):
    make_results(user, levels={skills[0]: 2})
    goal = make_goal(user)
    plan = Plan.objects.get()
    for n in range(count):
        made = make_opportunity(user, f"No. {n}", needs={skills[0]: 3, skills[1]: 4}, closes_on=TODAY)
        weigh_opportunity(opportunity=made, answers=WeighingAnswers(effects={goal.pk: "helps"}), now=NOW)
    with django_assert_num_queries(3):
        list_opportunities(user, TODAY)
    with django_assert_num_queries(2):
        upcoming_opportunities(user, NOON, today=TODAY, last_day=TODAY)
    with django_assert_num_queries(6):
        weigh_up(user, plan, list(Opportunity.objects.for_user(user)))
