"""The questions about an occupation before any account: what is asked, what the answers say, hostile parameters."""

import re
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertTemplateUsed

from careerplan.catalogue.first_steps import advanced_steps, first_steps
from careerplan.catalogue.models import Occupation, Skill
from careerplan.explore.tryout import (
    LEAST_ANSWERS,
    QUESTIONS,
    Finding,
    NamedSkill,
    TryoutResult,
    _findings,
    choose_needs,
    load_tryout,
    question_seconds,
    tryout_path,
)
from careerplan.skills.models import Assessment, Level
from careerplan.skills.queries.questions import most_telling
from careerplan.skills.wizard.pages import SECONDS_A_RATING, WORDS_A_MINUTE, words_of
from tests.explore.pages import NURSE, main_of, path_of, text_of
from tests.factories.skills import make_occupation
from tests.skills.ranked import shipped

pytestmark = pytest.mark.django_db
TRY, RESULT = "explore/try.html", "explore/try_result.html"
WITHIN = 12  # seconds


@pytest.fixture
def asked(manager):
    return load_tryout(manager)


def address(asked, *answers: int | str | None, **more: str) -> str:
    """The address with answers in the order of the questions; None leaves one out."""
    pairs = zip(asked.skills, answers, strict=False)
    given = {f"skill-{skill.pk}": answer for skill, answer in pairs if answer is not None}
    return f"{tryout_path(asked.occupation)}?{urlencode(given | more)}"


def test_six_skills_that_tell_most_are_asked_with_levels_and_examples(client, asked, manager):
    assert len(asked.skills) == QUESTIONS
    response = client.get(tryout_path(manager))
    assertTemplateUsed(response, "skills/_rating.html")
    page = main_of(response)
    assert re.findall(r"<legend><b>([^<]+)</b>", page) == [skill.name for skill in asked.skills]
    assert page.count('type="radio"') == QUESTIONS * 7
    assert 'method="post"' not in page


def test_questions_are_those_of_the_last_page_of_the_assessment(asked, manager):
    needs = {need.skill_id: need for need in asked.needs}
    assert [skill.pk for skill in asked.skills] == most_telling(None, needs, count=QUESTIONS)


def test_occupation_leads_to_its_questions(client, manager):
    page = main_of(client.get(path_of(manager)))
    assert f'class="btn btn-primary" href="{tryout_path(manager)}"' in page


def test_every_shipped_occupation_has_six_questions():
    found = shipped()
    asked = {title: choose_needs(found.catalogue, found.needs[pk]) for title, pk in found.ids.items()}
    assert {title for title, needs in asked.items() if len(needs) != QUESTIONS} == set()
    assert all(need.is_needed for needs in asked.values() for need in needs)


def test_occupation_that_needs_too_few_skills_has_no_questions(client, nurse):
    assert load_tryout(nurse) is None
    assert tryout_path(nurse) not in main_of(client.get(NURSE))
    assert client.get(tryout_path(nurse)).url == NURSE
    assert client.get(f"{NURSE}try/?skill-1=3").url == NURSE


def test_another_form_of_the_address_keeps_the_answers(client, asked):
    response = client.get("/occupations/health/11-9111/try/", {"skill-1": "3"})
    assert (response.status_code, response.url) == (301, f"{tryout_path(asked.occupation)}?skill-1=3")
    assert client.get("/occupations/health/nobody-99-9999/try/").status_code == 404


def test_questions_may_be_cached_and_set_no_cookie(client, asked):
    response = client.get(tryout_path(asked.occupation))
    assert response.headers["Cache-Control"].startswith("public")
    assert not response.cookies
    again = client.get(tryout_path(asked.occupation), headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_answers_are_neither_cached_nor_indexed_nor_stored(client, asked, settings):
    for path in (address(asked, 3, 3, 3, 3), address(asked, 3)):
        response = client.get(path)
        head = response.content.decode()
        assert response.headers["Cache-Control"] == "no-store"
        assert 'name="robots" content="noindex"' in head
        assert f'rel="canonical" href="{settings.BASE_URL}{tryout_path(asked.occupation)}"' in head
        assert not response.cookies
    assert not Assessment.objects.exists()
    assert "noindex" not in client.get(tryout_path(asked.occupation)).content.decode()


def test_result_counts_the_levels_met_and_names_three(client, asked):
    response = client.get(address(asked, 3, 1, 2, 0, 5, 2))
    result = response.context["result"]
    assert (len(result.met), result.count, result.unanswered) == (2, 6, 0)
    assert [named.finding for named in result.named] == [Finding.STRENGTH, Finding.LARGEST_GAP, Finding.NEAREST_GAP]
    assert [named.skill for named in result.named] == [asked.skills[0], asked.skills[3], asked.skills[2]]
    page = main_of(response)
    assert page.count('<rect class="c-have" x=') == 2
    assert page.count('<rect class="c-mark" x=') == 4
    assert reverse("account_signup") in page


@pytest.mark.parametrize(
    ("answers", "findings"),
    [
        ([3] * 6, [Finding.STRENGTH] * 3),
        ([3, 3, 3, 3, 3, 1], [Finding.STRENGTH, Finding.STRENGTH, Finding.ONLY_GAP]),
        ([0] * 6, [Finding.LARGEST_GAP, Finding.NEAREST_GAP, Finding.GAP]),
        ([5, 0, 0, 0, 0, 0], [Finding.STRENGTH, Finding.LARGEST_GAP, Finding.NEAREST_GAP]),
    ],
)
def test_three_are_named_whatever_the_answers(asked, answers, findings):
    levels = dict(zip([skill.pk for skill in asked.skills], answers, strict=True))
    assert [named.finding for named in asked.result(levels).named] == findings


def test_words_and_first_step_fit_the_level(asked):
    """A level that counts as met although it is lower is not called the one needed; skilled people get other steps."""
    met = asked.result({skill.pk: 3 for skill in asked.skills}).met[0]
    lower = replace(met, have=3, need=4)
    assert [finding for finding, _row in _findings([lower], [])] == [Finding.CLOSE]
    close = NamedSkill(Finding.CLOSE, Skill(), lower)
    assert "close" not in close.reason, "its label says that"
    assert TryoutResult([lower], [], [], 0).has_close
    assert not TryoutResult([met], [], [], 0).has_close
    skill = Skill(key="mathematics", name="Mathematics")
    basic, skilled = (NamedSkill(Finding.ONLY_GAP, skill, replace(met, have=have, gap=2)).first_step for have in (2, 3))
    assert basic == first_steps()["mathematics"].practice[0]
    assert skilled == advanced_steps()["mathematics"].fill_in(skill="mathematics").practice[0]


@pytest.mark.parametrize("left_out", [None, "unsure", "6", "", "-1"])
def test_unanswered_questions_leave_the_count(client, asked, left_out):
    response = client.get(address(asked, 3, 3, 1, left_out, 1, left_out))
    result = response.context["result"]
    assert (len(result.met), result.count, result.unanswered) == (2, 4, 2)


def test_too_few_answers_ask_for_more_and_keep_what_is_ticked(client, asked):
    response = client.get(address(asked, 3, "unsure", 2))
    assertTemplateUsed(response, TRY)
    assert response.context["missing"] == LEAST_ANSWERS - 2
    page = main_of(response)
    assert page.count(" checked") == 3
    assert f'href="#id_skill-{asked.skills[1].pk}"' in page


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_parameters_break_it(client, asked, data):
    keys = [f"skill-{skill.pk}" for skill in asked.skills]
    names = (
        st.sampled_from(keys) | st.text(max_size=30) | st.sampled_from(["skill-", "skill-0", "skill-9" * 20, "next"])
    )
    values = st.text(max_size=30) | st.sampled_from(["3", "03", "³", "unsure", "\x00", "<b>", "9" * 400, "\ud800"])
    pairs = data.draw(st.lists(st.tuples(names, values), max_size=12))
    query = "&".join(
        quote(part[0], errors="surrogatepass") + "=" + quote(part[1], errors="surrogatepass") for part in pairs
    )
    response = client.get(f"{tryout_path(asked.occupation)}?{query}")
    assert response.status_code == 200
    assert "<b>=" not in response.content.decode()


@given(levels=st.lists(st.none() | st.integers(0, 5), min_size=QUESTIONS, max_size=QUESTIONS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_met_and_missing_is_what_was_answered(asked, levels):
    answers = dict(zip([skill.pk for skill in asked.skills], levels, strict=True))
    result = asked.result(answers)
    known = [level for level in levels if level is not None]
    assert result.count == len(known)
    assert len(result.met) == sum(level >= 3 for level in known)
    assert len(result.named) == min(3, len(known))
    assert all(named.is_strength == (not named.row.gap) for named in result.named)


def test_questions_and_result_take_few_queries(client, asked, django_assert_num_queries):
    for path in (tryout_path(asked.occupation), address(asked, 1, 2, 3, 4, 5)):
        with django_assert_num_queries(4):  # the occupation, its needs, the catalogue's version, the skills
            assert client.get(path).status_code == 200


def test_every_shipped_occupation_can_be_tried_in_about_75_seconds(shipped):
    wrong, without = {}, []
    for occupation in Occupation.objects.current():
        asked = load_tryout(occupation)
        if asked is None:
            without.append(occupation.title)
            continue
        words = 30 + sum(words_of(skill) for skill in asked.skills)
        seconds = words / WORDS_A_MINUTE * 60 + SECONDS_A_RATING * len(asked.skills)
        if abs(seconds - question_seconds(len(asked.skills))) > WITHIN:
            wrong[occupation.title] = seconds
        assert all(skill.example(level) for skill in asked.skills for level in Level)
    assert wrong == {}
    assert without == []


def test_signed_in_users_may_try_too_and_keep_the_answers_without_signing_up(signed_in, asked):
    page = main_of(signed_in.get(address(asked, 1, 2, 3, 4)))
    assert reverse("account_signup") not in page
    assert f"{path_of(asked.occupation)}keep/?" in page


def test_words_in_titles_are_escaped(client, manager):
    odd = make_occupation(
        code="11-9999.00", title="<b>Boss</b>", needs={need.skill_id: (3, 4) for need in manager.needs.all()}
    )
    asked = load_tryout(odd)
    for path in (tryout_path(odd), address(asked, 1, 2, 3, 4)):
        assert "<b>Boss" not in text_of(client.get(path))
        assert "<b>Boss" not in client.get(path).content.decode()
