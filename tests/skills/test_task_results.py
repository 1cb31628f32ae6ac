"""The tasks of the target in the results: what is done, what is still open, and how it becomes a goal."""

from datetime import timedelta

import pytest
from django.urls import reverse

from careerplan.goals.models import Goal
from careerplan.skills.models import TaskAnswer
from careerplan.skills.queries.results import build_results
from careerplan.skills.queries.task_results import load_task_results
from careerplan.skills.services.answers import TaskChange, save_task_answers
from careerplan.skills.services.direction import save_direction
from careerplan.skills.services.finish import finish_assessment
from tests.factories.goals import make_goal
from tests.factories.skills import (
    NOW,
    answer_direction,
    answer_judgement,
    answer_ratings,
    make_draft,
    make_occupation,
)
from tests.skills.pages import numbers_in, text_of

pytestmark = pytest.mark.django_db
TEXTS = ("Draws up the rota", "Plans the budget", "Hires staff", "Leads a shift")


@pytest.fixture
def manager(db):
    """An occupation with four tasks."""
    occupation = make_occupation(plural="ward managers")
    for position, text in enumerate(TEXTS):
        occupation.tasks.create(text=text, position=position)
    return occupation


def finish(user, occupation, *experience: str, now=NOW):
    """A finished assessment with that target and these answers about its tasks, in order."""
    draft = make_draft(user, now=now)
    answer_direction(draft, now=now)
    save_direction(assessment=draft, changes={"target_occupation": occupation}, now=now)
    answers = [TaskChange(one, "Four weeks for 22 nurses." if one == "alone" else "") for one in experience]
    changes = dict(zip(occupation.tasks.all(), answers, strict=True))
    save_task_answers(assessment=draft, changes=changes, now=now)
    answer_ratings(draft, now=now)
    answer_judgement(draft, now=now)
    return finish_assessment(assessment=draft, now=now, today=now.date())


def tasks_of(assessment, **more):
    return build_results(assessment, now=NOW, **more).tasks


def test_what_is_not_done_comes_first_then_what_was_done_with_help(user, manager):
    found = tasks_of(finish(user, manager, "help", "alone", "never", "taught"))
    assert [row.text for row in found.open] == ["Hires staff", "Draws up the rota"]
    assert [(row.text, row.evidence) for row in found.done] == [
        ("Plans the budget", "Four weeks for 22 nurses."),
        ("Leads a shift", ""),
    ]
    assert numbers_in(found.headline) == [2, 4]
    assert numbers_in(found.caption) == [2, 1, 1]
    assert [cell.css_class for cell in found.cells] == ["c-have", "c-have", "c-have-area", "c-mark"]
    assert float(found.cells[-1].x) + float(found.cells[-1].width) == pytest.approx(100, abs=0.1)


def test_a_task_answered_differently_from_last_time_is_a_change(user, manager):
    finish(user, manager, "never", "alone", "", "help")
    newer = finish(user, manager, "help", "alone", "alone", "never", now=NOW + timedelta(days=90))
    changes = {change.text: change.is_up for change in build_results(newer, now=NOW).since_last.tasks}
    assert changes == {"Draws up the rota": True, "Leads a shift": False}


def test_unanswered_tasks_leave_the_count(user, manager):
    found = tasks_of(finish(user, manager, "alone", "", "never", ""))
    assert (found.answered, found.unanswered) == (2, 2)
    assert numbers_in(found.headline) == [1, 2]


def test_without_any_answer_there_is_no_section(signed_in, user, manager):
    finished = finish(user, manager, "", "", "", "")
    assert tasks_of(finished) is None
    page = signed_in.get(reverse("skills:result", args=[finished.pk, "gaps"]))
    assert (page.status_code, 'id="tasks"' in text_of(page)) == (200, False)


def test_another_occupation_has_its_own_answers(user, manager):
    finished = finish(user, manager, "alone", "alone", "never", "never")
    other = make_occupation(code="11-9112.00", title="Ward clerk")
    assert tasks_of(finished, occupation=other) is None


def test_answers_that_the_catalogue_worded_differently_since_do_not_count_twice(user, manager):
    finish(user, manager, "alone", "alone", "alone", "alone")
    manager.tasks.all().delete()
    for position, text in enumerate(("Draws up rotas", "Plans budgets")):
        manager.tasks.create(text=text, position=position)
    later = NOW + timedelta(days=90)
    again = finish(user, manager, "never", "help", now=later)
    assert again.task_answers.count() == 6
    assert load_task_results(again, manager, {}).answered == 2


def test_a_gap_becomes_a_goal_and_links_to_it(signed_in, user, manager):
    finished = finish(user, manager, "alone", "help", "never", "")
    never = finished.task_answers.get(experience="never")
    address = f"{reverse('goals:new')}?task={never.pk}"
    gaps = reverse("skills:result", args=[finished.pk, "gaps"])
    assert address in text_of(signed_in.get(gaps))
    response = signed_in.get(address)
    form = response.context["form"]
    assert form["title"].value() == "Hire staff"
    initial = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    assert initial["task"] == never.pk
    assert initial["step_title"].endswith(" hire staff")
    saved = signed_in.post(reverse("goals:new"), {**initial, "skills": []})
    assert saved.status_code == 302
    goal = Goal.objects.get(plan__user=user)
    assert (goal.title, goal.origin_task) == ("Hire staff", "Hires staff")
    page = signed_in.get(gaps)
    rows = {row.text: row.goal and row.goal.url for row in page.context["results"].tasks.open}
    assert rows == {"Hires staff": goal.get_absolute_url(), "Plans the budget": None}


def test_a_goal_for_what_was_done_with_help_is_shorter_and_begins_with_practice(signed_in, user, manager):
    finished = finish(user, manager, "help", "never", "alone", "alone")
    helped, never = finished.task_answers.filter(experience__in=["help", "never"]).order_by("experience")
    forms = [signed_in.get(reverse("goals:new"), {"task": pk}).context["form"] for pk in (helped.pk, never.pk)]
    assert forms[0]["due_on"].value() < forms[1]["due_on"].value()
    assert forms[0]["step_title"].value() != forms[1]["step_title"].value()
    assert forms[0]["done_when"].value() != forms[1]["done_when"].value()


def test_the_answers_of_others_make_no_goal(client, user, other_user, manager):
    theirs = finish(other_user, manager, "never", "never", "never", "never").task_answers.first()
    client.force_login(user)
    page = client.get(reverse("goals:new"), {"task": theirs.pk})
    assert page.context["task"] is None
    assert theirs.text not in text_of(page)


def test_a_closed_goal_offers_the_task_again(user, manager):
    finished = finish(user, manager, "never", "alone", "alone", "alone")
    assert tasks_of(finished).open[0].goal is None
    assert make_goal(user).origin_task == ""


@pytest.mark.parametrize("experience", TaskAnswer.Experience)
def test_done_is_what_needs_no_help(experience):
    assert experience.is_done == (experience in {"alone", "taught"})
