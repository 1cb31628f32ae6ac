"""What the goal form starts with when it grows out of a skill."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from careerplan.catalogue.first_steps import advanced_steps, first_steps
from careerplan.goals.forms.goals import NewGoalForm
from careerplan.goals.models import Goal
from careerplan.goals.queries.goal_page import skill_choices
from careerplan.goals.suggestions import GapKind, idea_from_education, idea_from_skill, initial_values
from careerplan.skills.queries.result_texts import MissingEducation
from careerplan.skills.queries.skill_gap import SkillGap, get_skill_gap
from careerplan.skills.texts import in_sentence
from tests.each import each
from tests.factories.skills import make_catalogue, make_occupation, make_results

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 9)
HOURS = Decimal(9)


def suggest(gap, today=TODAY):
    """Initial values of the goal form for a gap."""
    return initial_values(idea_from_skill(gap), HOURS, today)


@pytest.fixture
def skill():
    skill = make_catalogue()[0]
    skill.name, skill.level_2, skill.level_4 = (
        "Handling conflict",
        "I notice a quarrel.",
        "I bring both sides together.",
    )
    skill.kind = "people"
    skill.save()
    return skill


def test_skill_gap_suggests_title_measure_dates_and_first_step(skill):
    assert suggest(SkillGap(skill, have=2, need=4)) == {
        "title": "Get from basic to advanced at handling conflict",
        "measure_kind": "yes_no",
        "done_when": "I bring both sides together.",
        "due_on": date(2027, 8, 31),
        "step_title": "Choose one occasion for handling conflict, and ask a colleague for feedback",
        "step_due_on": date(2027, 3, 23),
        "skill": skill.pk,
    }


@pytest.mark.parametrize(
    ("have", "need", "aim", "title"),
    [
        (None, None, 3, "Become skilled at handling conflict"),
        (None, 4, 4, "Become advanced at handling conflict"),
        (0, 3, 3, "Become skilled at handling conflict"),
        (0, None, 1, "Learn the basics of handling conflict"),
        (4, 2, 5, "Get from advanced to expert at handling conflict"),
        (5, 3, 5, "Train 2 people in handling conflict"),
    ],
)
def test_suggested_target_is_the_level_needed_or_one_more(skill, have, need, aim, title):
    gap = SkillGap(skill, have=have, need=need)
    assert (gap.aim, suggest(gap)["title"]) == (aim, title)


LEVELS, DAYS = (None, 0, 1, 2, 3, 4, 5), (date(2027, 1, 31), date(2028, 2, 29), date(2027, 12, 31))


@each("have, need, today", list(product(LEVELS, (None, 1, 5), DAYS)))
def test_suggested_goal_is_valid(user, skill, have, need, today):
    initial = suggest(SkillGap(skill, have=have, need=need), today)
    blank = NewGoalForm(user=user, today=today, initial=initial)
    form = NewGoalForm(
        {name: blank[name].value() or "" for name in blank.fields},
        user=user,
        today=today,
        skill_groups=skill_choices(user),
    )
    assert form.errors == {}


@pytest.mark.parametrize("lacking", ["Master's degree", "x" * 2000, "A course\nand a licence"])
def test_suggested_goal_for_education_is_valid(user, lacking):
    initial = initial_values(idea_from_education(MissingEducation(words=lacking)), HOURS, TODAY)
    assert initial["due_on"] == date(2028, 3, 31)
    assert initial.get("why", "") == (lacking if len(lacking) > 200 else "")
    blank = NewGoalForm(user=user, today=TODAY, initial=initial)
    form = NewGoalForm(
        {name: blank[name].value() or "" for name in blank.fields},
        user=user,
        today=TODAY,
        skill_groups=skill_choices(user),
    )
    assert form.errors == {}


@pytest.mark.parametrize(("have", "kind"), [(None, "person"), (1, "person"), (2, "practice")])
def test_a_skill_of_the_catalogue_suggests_its_own_goal_and_step(skill, have, kind):
    skill.key = "accounts"
    found = first_steps()["accounts"]
    initial = suggest(SkillGap(skill, have=have, need=4))
    assert (initial["title"], initial["unit"], initial["target_value"]) == (
        found.goals[0].title,
        found.goals[0].unit,
        found.goals[0].target,
    )
    assert initial["step_title"] in getattr(found, kind)


def test_a_skilled_user_gets_the_advanced_goal_and_an_expert_trains_others(skill):
    skill.key = "accounts"
    texts, have_3, have_5 = first_steps()["accounts"], SkillGap(skill, have=3, need=5), SkillGap(skill, have=5, need=5)
    assert idea_from_skill(have_3).title == texts.advanced[0].title
    advanced = advanced_steps()["accounts"].fill_in(skill=in_sentence(skill.name))
    assert {step.title for step in idea_from_skill(have_3).steps} < set(advanced.steps)
    assert idea_from_skill(have_5).kind == GapKind.STRENGTH
    assert all(in_sentence(skill.name) in step.title for step in idea_from_skill(have_5).steps)


@pytest.mark.parametrize("have", [2, 3])
def test_every_goal_of_the_catalogue_is_valid(user, skill, have):
    groups = skill_choices(user)
    wrong = {}
    for key, found in first_steps().items():
        skill.key = key
        if not found.advanced:
            continue  # for a gap that is no skill
        initial = suggest(SkillGap(skill, have=have, need=4))
        blank = NewGoalForm(user=user, today=TODAY, initial=initial)
        entered = {name: blank[name].value() or "" for name in blank.fields}
        form = NewGoalForm(entered, user=user, today=TODAY, skill_groups=groups)
        wrong |= {key: form.errors} if form.errors else {}
    assert wrong == {}


def test_the_form_lists_the_ideas_for_a_first_step(signed_in, skill):
    skill.key = "accounts"
    skill.save()
    page = signed_in.get(reverse("goals:new"), {"skill": skill.pk})
    assert page.context["ideas"] == first_steps()["accounts"]
    assert all(escape(step) in page.content.decode() for step in first_steps()["accounts"].steps)


def test_suggestion_for_a_long_own_skill_fits(user, skill):
    skill.name = "x" * 80
    assert len(suggest(SkillGap(skill, have=1))["step_title"]) <= 200


def test_skill_gap_is_of_the_newest_assessment_and_its_target(user, skill):
    target = make_occupation(needs={skill.pk: (4, 4)})
    assert get_skill_gap(user, skill) == SkillGap(skill)
    make_results(user, levels={skill.pk: 2}, target_occupation=target)
    assert get_skill_gap(user, skill) == SkillGap(skill, 2, 4, target)


def test_chosen_occupation_replaces_the_target(user, skill):
    make_results(user, levels={skill.pk: 1}, target_occupation=make_occupation(needs={skill.pk: (5, 4)}))
    other = make_occupation(code="15-2051.00", title="Data scientist", needs={skill.pk: (3, 4)})
    gap = get_skill_gap(user, skill, other)
    assert gap == SkillGap(skill, 1, 3, other, is_target=False)
    initial = suggest(gap)
    words = ("Get from beginner to skilled at handling conflict", "Level needed as Data scientist: 3 skilled.")
    assert (initial["title"], initial["why"]) == words
    needs_nothing = make_occupation(code="15-2052.00", title="Poet")
    assert "why" not in suggest(get_skill_gap(user, skill, needs_nothing))


def test_chosen_occupation_without_an_assessment_has_needs(user, skill):
    other = make_occupation(needs={skill.pk: (3, 4)})
    assert get_skill_gap(user, skill, other) == SkillGap(skill, None, 3, other, is_target=False)


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999", "²", "-1", "\0"])
def test_unknown_occupation_keeps_the_target(signed_in, user, skill, key):
    make_results(user, levels={skill.pk: 2}, target_occupation=make_occupation(needs={skill.pk: (4, 4)}))
    gap = signed_in.get(reverse("goals:new"), {"skill": skill.pk, "occupation": key}).context["gap"]
    assert (gap.need, gap.is_target) == (4, True)


def test_unimportant_need_is_no_target(user, skill):
    make_results(user, levels={skill.pk: 2}, target_occupation=make_occupation(needs={skill.pk: (5, 2)}))
    assert get_skill_gap(user, skill).need is None


def test_form_is_filled_in_and_nothing_is_saved(user, skill):
    make_results(user, levels={skill.pk: 2}, target_occupation=make_occupation(needs={skill.pk: (4, 4)}))
    with time_machine.travel("2027-03-09T12:00:00Z", tick=False):
        signed_in = Client()
        signed_in.force_login(user)
        response = signed_in.get(reverse("goals:new"), {"skill": skill.pk})
    page, gap = response.content.decode(), response.context["gap"]
    assert (gap.have, gap.need) == (2, 4)
    for text in (
        'value="Get from basic to advanced at handling conflict"',
        'value="I bring both sides together."',
        'value="2028-01-31"',
        'value="2027-03-23"',
        "I notice a quarrel.",
    ):
        assert text in page
    assert Goal.objects.count() == 0


def test_skill_of_another_user_fills_in_nothing(signed_in, other_user, skill):
    skill.__class__.objects.create(name="A secret of theirs", owner=other_user)
    secret = skill.__class__.objects.get(owner=other_user)
    page = signed_in.get(reverse("goals:new"), {"skill": secret.pk}).content.decode()
    assert "A secret of theirs" not in page
