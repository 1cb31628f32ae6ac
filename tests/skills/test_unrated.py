"""Needed skills that a quick assessment leaves unrated: told as such, never as a gap or as met."""

from html import unescape

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Occupation, OccupationNeed
from careerplan.skills.queries.results import build_results
from tests.factories.skills import NOW, make_results
from tests.skills.pages import numbers_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_catalogue")]


def levels_of(title):
    return dict(OccupationNeed.objects.filter(occupation__title=title).values_list("skill_id", "level"))


def nurse(user, count, **direction):
    """Results of a nurse who rated so many skills, and would like to manage health services."""
    target = Occupation.objects.get(title="Health services manager")
    direction = {"current_role": "Registered nurse", "target_occupation": target} | direction
    return make_results(user, levels=dict(list(levels_of("Registered nurse").items())[:count]), **direction)


def test_every_needed_skill_is_a_gap_or_met_or_not_rated(user):
    results = build_results(nurse(user, 15), now=NOW)
    compared = {row.skill_id for row in (*results.comparison.gaps, *results.comparison.met)}
    unrated = [one.skill_id for one in (*results.unrated.first, *results.unrated.more)]
    needed = {pk for pk, need in results.inputs.target_needs.items() if need.is_needed}
    assert len(unrated) == len(set(unrated)) == results.unrated.count
    assert (compared & set(unrated), compared | set(unrated)) == (set(), needed)
    assert set(unrated) & set(results.inputs.rated.levels) == set()


def test_five_are_offered_and_answering_them_settles_them(user, other_user):
    results = build_results(nurse(user, 15), now=NOW)
    assert len(results.unrated.first) == 5
    rated = results.inputs.rated.levels | {one.skill_id: 3 for one in results.unrated.first}
    again = make_results(
        other_user, levels=rated, current_role="Registered nurse", target_occupation=results.occupation
    )
    assert build_results(again, now=NOW).unrated.count == results.unrated.count - 5


def test_without_unrated_skills_nothing_is_said_of_them(signed_in, user):
    assessment = nurse(user, 200)
    assert build_results(assessment, now=NOW).unrated is None
    page = text_of(signed_in.get(reverse("skills:result", args=[assessment.pk, "gaps"])))
    assert 'data-testid="unrated"' not in page


def test_the_headline_or_the_lead_says_of_how_many_skills_it_speaks(user):
    results = build_results(nurse(user, 15), now=NOW)
    said = numbers_in(" ".join([results.headline, *results.lead]))
    assert results.comparison.compared in said or results.unrated.count in said


def test_an_occupation_without_a_gap_says_of_how_many_skills(user):
    lists = build_results(nurse(user, 20), now=NOW).occupations
    rows = [*lists.like_yours, *lists.step_up, *lists.other_field]
    assert rows
    assert all(row.largest_gap or len(numbers_in(row.gaps)) == 2 for row in rows)


def test_earlier_results_offer_no_questions(signed_in, user):
    old = nurse(user, 15)
    nurse(user, 15, now=NOW.replace(year=NOW.year + 1))
    page = text_of(signed_in.get(reverse("skills:result", args=[old.pk, "gaps"])))
    assert 'data-testid="unrated"' in page
    assert f'action="{reverse("skills:questions")}' not in unescape(page)
