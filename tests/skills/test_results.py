"""The results page."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.skills.queries.results import build_results
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.direction import save_direction
from careerplan.skills.services.finish import finish_assessment
from careerplan.skills.services.own_skills import add_own_skill
from careerplan.skills.services.sorting import CategoryChange, save_categories
from tests.factories.goals import make_goal
from tests.factories.skills import (
    NOW,
    answer_direction,
    answer_judgement,
    answer_ratings,
    make_answered_draft,
    make_catalogue,
    make_draft,
    make_finished_assessment,
)
from tests.skills.pages import numbers_in, text_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=200)


@pytest.fixture
def finished(user):
    return make_finished_assessment(user)


def test_the_headline_counts_what_is_skilled_or_better(finished):
    results = build_results(finished, now=NOW)
    assert numbers_in(results.headline) == [3, 6]
    learn, strengths = results.lead
    assert "Thinking skill 0, Thinking skill 1" in learn
    assert "Talking skill 1, Talking skill 0" in strengths


def test_ratings_are_grouped(finished):
    groups = [(group.name, len(group.rows)) for group in build_results(finished, now=NOW).groups]
    assert groups == [("Thinking well", 2), ("Money well", 2), ("Talking well", 2)]


def test_skills_to_learn_are_named_lowest_level_first(user):
    draft = make_answered_draft(user)
    add_own_skill(assessment=draft, name="Portuguese", level=0, now=NOW)
    results = build_results(finish_assessment(assessment=draft, now=LATER, today=LATER.date()), now=LATER)
    assert "Thinking skill 0, Portuguese, Thinking skill 1" in results.lead[0]


@pytest.mark.parametrize("proof", ["", "Asked for by others."])
def test_strengths_are_said_to_have_examples_where_there_are_any(signed_in, user, proof):
    draft = make_answered_draft(user)
    strong = {rating.skill_id for rating in draft.ratings.filter(category="strength")}
    changes = dict.fromkeys(strong, CategoryChange("strength", proof))
    save_categories(assessment=draft, changes=changes, now=NOW)
    finish_assessment(assessment=draft, now=LATER, today=LATER.date())
    page = text_of(signed_in.get(reverse("skills:results")))
    assert page.count("cp-own cp-own-sm") == (len(strong) if proof else 0)


def test_not_sure_counts_as_no_answer(user):
    draft = make_answered_draft(user)
    skill = draft.ratings.order_by("pk").last().skill_id
    save_ratings(assessment=draft, levels={skill: None}, now=NOW)
    results = build_results(finish_assessment(assessment=draft, now=LATER, today=LATER.date()), now=LATER)
    assert [row.level for row in results.groups[-1].rows][-1] is None
    assert numbers_in(results.headline)[1] == 5


def test_without_levels_the_headline_says_so(user):
    draft = make_answered_draft(user)
    skills = [rating.skill_id for rating in draft.ratings.all()]
    save_ratings(assessment=draft, levels=dict.fromkeys(skills), now=NOW)
    results = build_results(finish_assessment(assessment=draft, now=LATER, today=LATER.date()), now=LATER)
    assert numbers_in(results.headline) == []
    assert results.standing is None


def test_since_last_time_shows_what_changed(user, finished):
    draft = make_draft(user, now=LATER)
    answer_direction(draft, now=LATER)
    answer_ratings(draft, level=3, now=LATER)
    answer_judgement(draft, now=LATER)
    newer = finish_assessment(assessment=draft, now=LATER, today=LATER.date())
    since = build_results(newer, now=NOW).since_last
    assert [(change.before, change.after, change.is_up) for change in since.changes] == [
        (0, 3, True),
        (1, 3, True),
        (2, 3, True),
        (4, 3, False),
        (5, 3, False),
    ]
    assert (since.previous, since.same) == (finished, 1)


def test_since_last_time_counts_what_is_newly_rated(signed_in, user, finished):
    draft = make_draft(user, now=LATER)
    answer_direction(draft, now=LATER)
    add_own_skill(assessment=draft, name="Portuguese", level=1, now=LATER)
    answer_ratings(draft, now=LATER)
    answer_judgement(draft, now=LATER)
    finish_assessment(assessment=draft, now=LATER, today=LATER.date())
    since = signed_in.get(reverse("skills:results")).context["results"].since_last
    assert (since.same, since.new) == (6, 1)


def test_two_assessments_of_one_day_show_their_times(user, finished):
    older = make_finished_assessment(user, now=NOW + timedelta(days=1))
    newer = make_finished_assessment(user, now=NOW + timedelta(days=1, hours=3))
    results = build_results(newer, now=NOW)
    assert results.since_last.period == "21 Feb 2026, 10:22 to 13:22"
    assert (results.since_last.before, results.since_last.after) == ("10:22", "13:22")
    assert [(one.pk, one.words) for one in results.earlier] == [
        (older.pk, "21 Feb 2026, 10:22"),
        (finished.pk, "20 Feb 2026"),
    ]
    assert build_results(older, now=NOW).since_last.period == "20 Feb 2026 to 21 Feb 2026"


def test_what_is_one_day_depends_on_where_the_person_is(user, finished):
    newer = make_finished_assessment(user, now=NOW + timedelta(hours=13))  # 23:22 in London, the next day in Athens
    assert build_results(newer, now=NOW).since_last.period == "20 Feb 2026, 10:22 to 23:22"
    with timezone.override(ZoneInfo("Europe/Athens")):
        assert build_results(newer, now=NOW).since_last.period == "20 Feb 2026 to 21 Feb 2026"


def test_a_weakness_can_become_a_goal_unless_it_is_one(signed_in, user, finished):
    weak = [row.skill_id for row in build_results(finished, now=NOW).weaknesses]
    levels = {row.skill_id: row.level for row in build_results(finished, now=NOW).weaknesses}
    assert list(levels.values()) == [0, 1]
    goal = make_goal(user, title="Think straight", origin_skill=finished.ratings.get(skill=weak[0]).skill)
    page = text_of(signed_in.get(reverse("skills:results")))
    section = page.split('data-testid="marked-weaknesses"')[1].split("</details>")[0]
    assert f'<a href="{goal.get_absolute_url()}" dir="auto">Think straight</a>' in section
    assert f'href="{reverse("goals:new")}?skill={weak[1]}"' in section
    assert f"?skill={weak[0]}" not in section


def test_the_first_assessment_has_no_last_time(finished):
    assert build_results(finished, now=NOW).since_last is None


def test_results_show_the_answers(signed_in, finished):
    strengths = text_of(signed_in.get(reverse("skills:result", args=[finished.pk])))
    gaps = text_of(signed_in.get(reverse("skills:result", args=[finished.pk, "gaps"])))
    assert all(text in strengths for text in ("20 Feb 2026", "Ward manager", "Asked for by others."))
    assert all(text in gaps for text in ("20 Feb 2026", "Ward manager", "nursing"))
    skill = finished.ratings.filter(wants_to_learn=True).first().skill_id
    assert f'href="{reverse("goals:new")}?skill={skill}"' in gaps


@pytest.mark.parametrize("view", ["strength", "fits", "GAPS"])
def test_another_view_is_not_found(signed_in, finished, view):
    assert signed_in.get(reverse("skills:result", args=[finished.pk, view])).status_code == 404
    assert signed_in.get(reverse("skills:results", args=[view])).status_code == 404


def test_own_words_are_escaped(signed_in, user):
    draft = make_answered_draft(user)
    skill = draft.ratings.get(level=5).skill_id
    proof = CategoryChange("strength", "<script>alert(1)</script>")
    save_categories(assessment=draft, changes={skill: proof}, now=NOW)
    finish_assessment(assessment=draft, now=LATER, today=LATER.date())
    page = text_of(signed_in.get(reverse("skills:results")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    offered = {int(pk) for pk in re.findall(r"/goals/new/\?skill=(\d+)", page)}
    assert offered
    assert skill not in offered, "there is no higher level to reach"


def test_without_a_target_the_page_says_how_to_choose_one(signed_in, user):
    draft = make_answered_draft(user)
    changes = {"target_role": "", "target_undecided": True}
    save_direction(assessment=draft, changes=changes, now=NOW)
    finish_assessment(assessment=draft, now=LATER, today=LATER.date())
    page = text_of(signed_in.get(reverse("skills:results", args=["gaps"])))
    assert 'id="choose-target"' in page


def test_the_newest_results_are_shown_first_and_lead_to_the_earlier_ones(signed_in, user, finished):
    newer = make_finished_assessment(user, now=LATER)
    page = text_of(signed_in.get(reverse("skills:results")))
    assert newer.finished_at.strftime("%-d %b %Y") in page
    assert f'href="{reverse("skills:result", args=[finished.pk])}"' in page


def test_without_results_the_page_leads_to_the_start(signed_in):
    assert signed_in.get(reverse("skills:results")).url == reverse("skills:start")


def test_results_of_others_are_not_found(signed_in, other_user):
    theirs = make_finished_assessment(other_user)
    assert signed_in.get(reverse("skills:result", args=[theirs.pk])).status_code == 404


def test_a_draft_has_no_results(signed_in, user):
    draft = make_answered_draft(user)
    assert signed_in.get(reverse("skills:result", args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("each", [1, 7])
def test_the_number_of_queries_does_not_grow(signed_in, user, each, django_assert_num_queries):
    make_catalogue(each=each)
    finished = make_finished_assessment(user)
    address = reverse("skills:result", args=[finished.pk])
    signed_in.get(address)  # the first makes the results
    # user; assessment; goals; target, catalogue, names of skills; draft.
    with django_assert_num_queries(7):
        signed_in.get(address)
