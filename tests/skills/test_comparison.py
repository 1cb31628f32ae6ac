"""The results beside an occupation: gaps, reasons, education, credits."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from careerplan.catalogue.models import Occupation
from careerplan.core.sentences import isolate
from careerplan.skills.models import Education
from careerplan.skills.queries.comparison import FIRST_GAPS
from careerplan.skills.queries.result_texts import education_summary
from careerplan.skills.queries.results import build_results
from careerplan.skills.queries.skill_groups import GoalLink
from careerplan.skills.templatetags.skills import gap_cells
from tests.factories.goals import make_goal
from tests.factories.skills import NOW, make_catalogue, make_occupation, make_results
from tests.skills.pages import numbers_in, text_of

pytestmark = pytest.mark.django_db

#        thinking     money        talking, three of each
LEVELS = [4, 0, 3, 1, 2, None, 5, 3, 2]
NEEDS = [(3, 4), (4, 5), (3, 3), (3, 4), (2, 3), (3, 4), (3, 3.5), (4, 4), (5, 2.9)]


@pytest.fixture
def skills():
    return make_catalogue(each=3)


@pytest.fixture
def ids(skills):
    return [skill.pk for skill in skills]


@pytest.fixture
def target(ids):
    return make_occupation(needs=dict(zip(ids, NEEDS, strict=True)), typical_education="master")


@pytest.fixture
def finished(user, ids, target):
    levels = dict(zip(ids, LEVELS, strict=True))
    return make_results(user, levels=levels, target_occupation=target)


def page_of(client, assessment, **query):
    response = client.get(reverse("skills:result", args=[assessment.pk, "gaps"]), query)
    return text_of(response)


def test_gaps_are_sorted_by_importance_times_what_is_missing(finished):
    comparison = build_results(finished, now=NOW).comparison
    assert [(row.name, row.have, row.need, row.gap) for row in comparison.gaps] == [
        ("Thinking skill 1", 0, 4, 4),
        ("Money skill 0", 1, 3, 2),
        ("Talking skill 1", 3, 4, 1),
    ]
    assert [(row.name, row.have, row.need) for row in comparison.met] == [
        ("Thinking skill 0", 4, 3),
        ("Talking skill 0", 5, 3),
        ("Money skill 1", 2, 2),
        ("Thinking skill 2", 3, 3),
    ]


def test_a_skill_that_is_not_rated_is_named_and_never_counts_as_zero(finished):
    results = build_results(finished, now=NOW)
    assert results.comparison.unrated == ["Money skill 2"]
    assert numbers_in(results.headline) == [4, 7]


def test_unrated_needed_skills_are_no_gaps_and_can_be_rated(signed_in, finished, skills):
    page = page_of(signed_in, finished)
    unrated = page.split('data-testid="unrated"')[1].split("</section>")[0]
    assert "Money skill 2" in unrated
    assert "Money skill 2" not in page.split("<table")[1].split('data-testid="unrated"')[0]
    where = f"{reverse('skills:questions')}?skill={skills[5].pk}"
    assert f'action="{where}"' in unescape(unrated)
    asked = signed_in.get(signed_in.post(where).url).context["form"]
    assert [row.skill.pk for row in asked.rows()] == [skills[5].pk]


def test_the_headline_and_the_lead_say_what_counts(user, ids, finished):
    results = build_results(finished, now=NOW, goals={ids[1]: GoalLink("Think straight", "/goals/1/")})
    gaps, goals = results.lead
    assert "Thinking skill 1, Money skill 0, Talking skill 1" in gaps
    assert (numbers_in(gaps)[0], numbers_in(goals)) == (3, [1])


def test_unimportant_and_tiny_needs_are_not_needed(user, ids):
    needs = {ids[0]: (5, 2.99), ids[1]: (0, 5), ids[2]: (1, 2), ids[3]: (2, 3)}
    assessment = make_results(user, levels=dict.fromkeys(ids, 1), target_occupation=make_occupation(needs=needs))
    comparison = build_results(assessment, now=NOW).comparison
    assert ([row.name for row in comparison.gaps], comparison.met, comparison.unrated) == (["Money skill 0"], [], [])


def test_the_page_offers_a_goal_for_each_gap_and_links_the_one_there_is(signed_in, user, ids, finished, skills):
    goal = make_goal(user, title="Run the ward budget on my own", origin_skill=skills[3])
    page = page_of(signed_in, finished)
    assert f'<a href="{goal.get_absolute_url()}" dir="auto">Run the ward budget on my own</a>' in page
    need = f"&amp;occupation={finished.target_occupation_id}"
    assert f'href="{reverse("goals:new")}?skill={ids[1]}{need}"' in page
    assert f'href="{reverse("goals:new")}?skill={ids[3]}{need}"' not in page.split("All your ratings")[0]


def test_a_goal_of_somebody_else_is_not_linked(signed_in, other_user, finished, skills):
    make_goal(other_user, title="A secret of theirs", origin_skill=skills[3])
    assert "A secret of theirs" not in page_of(signed_in, finished)


def test_rough_figures_are_marked(signed_in, user, ids):
    needs = {ids[0]: (5, 5, True), ids[1]: (5, 5)}
    assessment = make_results(user, levels=dict.fromkeys(ids, 1), target_occupation=make_occupation(needs=needs))
    table = page_of(signed_in, assessment).split("All your ratings")[0]
    assert table.count("data-low-precision") == 1


def test_a_level_within_the_error_of_a_rating_is_close_and_not_a_gap_of_nothing():
    assert ("Close" in gap_cells(3, 4, 0), "Close" in gap_cells(4, 4, 0), "Close" in gap_cells(2, 4, 2)) == (
        True,
        False,
        False,
    )


def test_after_a_year_a_rating_is_not_confirmed_lately(user, finished):
    year = timedelta(days=365)
    assert not build_results(finished, now=NOW + year).comparison.gaps[0].is_stale
    assert build_results(finished, now=NOW + year + timedelta(hours=1)).comparison.gaps[0].is_stale
    with time_machine.travel(NOW + timedelta(days=366)):
        signed_in = Client()
        signed_in.force_login(user)
        page = page_of(signed_in, finished, all="1")
    assert page.split("By group")[0].count("data-stale") == 7


def test_an_occupation_that_is_not_rated_shows_strengths_and_no_zeros(signed_in, user, ids, target):
    levels = dict(zip(ids, LEVELS, strict=True))
    unrated = make_occupation(code="15-2051.00", title="Data scientist", typical_education="bachelor")
    assessment = make_results(user, levels=levels, target_occupation=unrated)
    results = build_results(assessment, now=NOW)
    assert results.comparison is None
    assert numbers_in(results.headline) == [4, 8]
    page = page_of(signed_in, assessment)
    assert "Data scientist" in results.note
    assert results.note in unescape(page)


def test_a_target_in_own_words_says_what_is_missing(signed_in, user, ids, target):
    assessment = make_results(user, levels=dict(zip(ids, LEVELS, strict=True)), target_role="Lion tamer")
    results = build_results(assessment, now=NOW)
    assert results.comparison is None
    assert isolate("Lion tamer") in results.note
    page = page_of(signed_in, assessment)
    assert results.note in unescape(page)
    assert "<bdi>Lion tamer</bdi>" in page


def test_beside_another_occupation_a_goal_is_about_that_ones_need(signed_in, user, ids, finished):
    other = make_occupation(code="15-2051.00", title="Data scientist", needs={ids[1]: (3, 4)})
    link = f"{reverse('goals:new')}?skill={ids[1]}&amp;occupation={other.pk}"
    gaps = page_of(signed_in, finished, occupation=other.pk)
    assert gaps.count(f'href="{link}"') == 1
    strengths = text_of(signed_in.get(reverse("skills:results"), {"occupation": other.pk}))
    assert strengths.count(f'href="{link}"') == 1  # among the weaknesses
    form = text_of(signed_in.get(link.replace("&amp;", "&")))
    assert "Data scientist" in form
    assert "Ward manager" not in form


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999", "²", "-1", "1 OR 1=1", "\0"])
def test_an_occupation_that_does_not_exist_is_passed_over(signed_in, finished, key):
    assert 'name="occupation"' not in page_of(signed_in, finished, occupation=key)


def test_weaknesses_are_sorted_by_gap(signed_in, user, ids):
    # Gaps: 2, 3 (important), 3 (very), none asked.
    needs = {ids[0]: (2, 5), ids[1]: (4, 3), ids[2]: (3, 5)}
    levels = {ids[0]: 0, ids[1]: 1, ids[2]: 0, ids[3]: 0}
    assessment = make_results(user, levels=levels, target_occupation=make_occupation(needs=needs))
    weaknesses = build_results(assessment, now=NOW).weaknesses
    assert [(row.skill_id, row.gap) for row in weaknesses] == [(ids[2], 3), (ids[1], 3), (ids[0], 2), (ids[3], 0)]
    page = text_of(signed_in.get(reverse("skills:result", args=[assessment.pk])))
    section = page.split('data-testid="marked-weaknesses"')[1].split("</details>")[0]
    assert section.count('class="ms-2"') == 3
    assert section.count(reverse("goals:new")) == 4


def test_the_other_gaps_are_one_link_away(signed_in, user, ids):
    needs = {pk: (2 + place % 3, 5) for place, pk in enumerate(ids)}
    assessment = make_results(user, levels=dict.fromkeys(ids, 0), target_occupation=make_occupation(needs=needs))
    page = signed_in.get(reverse("skills:result", args=[assessment.pk, "gaps"]))
    assert text_of(page).count('role="rowheader"') == FIRST_GAPS < len(ids)
    assert build_results(assessment, now=NOW).all_query in text_of(page)
    every = signed_in.get(reverse("skills:result", args=[assessment.pk, "gaps"]), {"all": "1"})
    assert text_of(every).count('role="rowheader"') == len(ids)


def test_an_occupation_that_was_withdrawn_is_compared_with_only_as_the_target(signed_in, ids, finished):
    needs = dict.fromkeys(ids, (3, 4))
    other = make_occupation(code="11-9111.01", title="Matron", is_current=False, needs=needs)
    assert "Matron" not in page_of(signed_in, finished, occupation=other.pk)


def test_without_ratings_no_gaps(signed_in, user, ids, target):
    assessment = make_results(user, levels={}, target_occupation=target)
    results = build_results(assessment, now=NOW)
    assert (numbers_in(results.headline), results.comparison.compared) == ([], 0)
    assert results.note in page_of(signed_in, assessment)


@pytest.mark.parametrize("enough", ["yes", "no", "unsure"])
@pytest.mark.parametrize(
    ("level", "usual", "reached"),
    [
        ("master", "master", True),
        ("master", "bachelor", True),
        ("bachelor", "master", False),
        ("none", "secondary", False),
    ],
)
def test_education_is_compared_with_the_usual_level(level, usual, reached, enough):
    def summary(level: str, usual: str) -> str:
        return education_summary(Education(level=level, enough=enough), Occupation(typical_education=usual))

    above, below = summary("doctorate", "associate"), summary("none", "associate")
    assert above != below
    assert summary(level, usual) == (above if reached else below)


def test_without_a_usual_level_only_the_persons_own_view_is_said():
    answers = [Education(level="master", enough=enough) for enough in ("yes", "no", "unsure")]
    assert len({education_summary(education, Occupation()) for education in answers}) == 3
    assert education_summary(None, Occupation()) == ""


def test_the_credits_that_the_licences_ask_for_are_shown(signed_in, finished):
    page = page_of(signed_in, finished)
    assert "This page includes information from the O*NET 29.3 Database" in page
    assert "CC BY 4.0" in page


def test_at_most_twenty_rows_and_then_the_rest(signed_in, user):
    ids = [skill.pk for skill in make_catalogue(each=9)]
    target = make_occupation(needs=dict.fromkeys(ids, (4, 4)))
    comparison = build_results(
        make_results(user, levels=dict.fromkeys(ids, 3), target_occupation=target), now=NOW
    ).comparison
    [skills] = comparison.lists
    assert (len(skills.first), len(skills.smaller), len(skills.met)) == (3, 24, 0)


@pytest.mark.parametrize("each", [3, 9])
def test_the_number_of_queries_does_not_grow(signed_in, user, each, django_assert_num_queries):
    skills = make_catalogue(each=each)
    needs = {skill.pk: (3, 4) for skill in skills}
    target = make_occupation(needs=needs)
    for number in range(each + 2):
        make_occupation(code=f"13-{number:04}.00", title=f"Occupation {number}", needs=needs)
    for skill in skills[:each]:
        make_goal(user, origin_skill=skill)
    levels = {skill.pk: place % 6 for place, skill in enumerate(skills)}
    finished = make_results(user, levels=levels, target_occupation=target)
    address = reverse("skills:result", args=[finished.pk, "gaps"])
    signed_in.get(address)  # the first reads the table of occupations
    # user; assessment; goals by skill and by task; target, catalogue, names of skills; draft.
    with django_assert_num_queries(7):
        signed_in.get(address)
