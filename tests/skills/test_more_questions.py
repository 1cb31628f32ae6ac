"""The questions that the results ask for: a page of five, or two, and back to the results."""

import pytest
from django.urls import reverse

from careerplan.catalogue.models import OccupationNeed, Skill
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.queries.results import build_results
from tests.factories.skills import NOW, make_draft, make_results
from tests.skills.pages import at, shown_on


def levels_of(title):
    return dict(OccupationNeed.objects.filter(occupation__title=title).values_list("skill_id", "level"))


def test_five_more_questions_lead_to_one_page_and_back_to_the_results(signed_in, user, shipped_catalogue):
    assessment = make_results(user, levels=dict(list(levels_of("Electrician").items())[:20]), current_role="")
    lists = build_results(assessment, now=NOW).occupations
    where = signed_in.post(f"{reverse('skills:questions')}?{lists.questions_query}").url
    assert where == f"{at('what-you-can-do')}?then=results"
    form = signed_in.get(where).context["form"]
    assert {row.skill.name for row in form.rows()} == {one.name for one in lists.questions}
    skills = [name for name in form.fields if name.startswith("skill-")]
    shown = shown_on(signed_in, "what-you-can-do")
    answers = {**shown, **dict.fromkeys(skills, "4"), "then": "results", "go": "next"}
    done = signed_in.post(at("what-you-can-do"), answers, follow=True)
    newest = user.assessments.finished().first()
    assert done.redirect_chain[-1][0] == newest.get_absolute_url()
    assert newest.pk != assessment.pk
    assert newest.ratings.filter(level__isnull=False).count() == 25
    assert not user.assessments.drafts().exists()


def test_five_more_questions_are_added_to_an_unfinished_assessment(signed_in, user, shipped_catalogue):
    make_results(user, levels=dict(list(levels_of("Electrician").items())[:20]), current_role="")
    draft = make_draft(user, mode="quick", catalogue=False)
    skills = list(levels_of("Electrician"))[-5:]
    where = signed_in.post(reverse("skills:questions"), {"skill": skills}).url
    draft.refresh_from_db()
    page = load_wizard(draft).page(where.strip("/").split("/")[-1])
    assert {skill.pk for skill in page.skills} & set(skills)
    assert set(skills) <= set(draft.also_asked)
    shown = signed_in.get(where)
    assert [message.level_tag for message in shown.context["messages"]] == ["success"]
    assert shown.context["then"] == ""


def answer_page(client, where):
    """Answers every question of a page of questions that the results asked for."""
    skills = [name for name in client.get(where).context["form"].fields if name.startswith("skill-")]
    key = where.split("?")[0].strip("/").split("/")[-1]
    answers = {**shown_on(client, key), **dict.fromkeys(skills, "4"), "then": "results", "go": "next"}
    return client.post(at(key), answers), answers


def test_two_times_five_questions_are_two_pages_and_then_the_results(signed_in, user, shipped_catalogue):
    make_results(user, levels=dict(list(levels_of("Electrician").items())[:20]), current_role="")
    skills = list(levels_of("Electrician"))
    signed_in.post(reverse("skills:questions"), {"skill": skills[-3:]})
    first = signed_in.post(reverse("skills:questions"), {"skill": skills[-8:-3]}).url
    draft = user.assessments.drafts().get()
    second, _answers = answer_page(signed_in, at("what-you-can-do"))
    assert first.split("?")[1] == "then=results"
    assert second.url == f"{at('what-you-can-do-2')}?then=results"
    done, _answers = answer_page(signed_in, second.url)
    assert done.url == draft.get_absolute_url()
    assert draft.ratings.filter(skill__in=skills[-8:], level=4).count() == 8


def test_a_second_click_leads_to_the_results_without_an_error(signed_in, user, shipped_catalogue):
    make_results(user, levels=dict(list(levels_of("Electrician").items())[:20]), current_role="")
    skills = list(levels_of("Electrician"))[-5:]
    where = signed_in.post(reverse("skills:questions"), {"skill": skills}).url
    done, answers = answer_page(signed_in, where)
    again = signed_in.post(at("what-you-can-do"), answers, follow=True)
    assert again.context["results"].assessment.get_absolute_url() == done.url
    assert not list(again.context["messages"])


def test_answers_that_no_results_hold_are_not_lost_without_a_word(signed_in, user, shipped_catalogue):
    make_results(user, levels=levels_of("Electrician"), current_role="")
    unrated = Skill.objects.create(owner=user, name="Welding", kind="work")
    lost = {f"skill-{unrated.pk}": "4", "then": "results", "go": "next"}
    page = signed_in.post(at("what-you-can-do"), lost, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


@pytest.mark.usefixtures("shipped_catalogue")
def test_the_second_page_answered_first_leads_to_the_first_one(signed_in, user):
    make_results(user, levels=dict(list(levels_of("Electrician").items())[:20]), current_role="")
    skills = list(levels_of("Electrician"))
    signed_in.post(reverse("skills:questions"), {"skill": skills[-3:]})
    signed_in.post(reverse("skills:questions"), {"skill": skills[-8:-3]})
    draft = user.assessments.drafts().get()
    back, _answers = answer_page(signed_in, at("what-you-can-do-2"))
    assert back.url == f"{at('what-you-can-do')}?then=results"
    done, _answers = answer_page(signed_in, back.url)
    assert done.url == draft.get_absolute_url()


@pytest.mark.parametrize("then", ["results", "check"])
@pytest.mark.parametrize(
    ("key", "go"), [("where-you-want-to-be", "find"), ("skills-to-learn", "add"), ("education", "back")]
)
def test_where_a_page_leads_is_kept_by_every_button(signed_in, user, key, go, then):
    make_draft(user)
    left = signed_in.post(
        at(key), {**shown_on(signed_in, key), "target_role": "chef", "own_name": "Welsh", "go": go, "then": then}
    )
    assert signed_in.get(left.url).context["then"] == then


def test_the_check_of_the_answers_leads_nowhere_else(signed_in, user):
    make_draft(user)
    left = signed_in.post(at("education"), {**shown_on(signed_in, "education"), "go": "to:check", "then": "check"})
    assert left.url == at("check")
