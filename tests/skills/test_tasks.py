"""The tasks of the target occupation in the wizard: which the user has done, and where those answers stay."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from careerplan.skills.models import Assessment, TaskAnswer
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.services.answers import TaskChange, save_task_answers
from careerplan.skills.services.direction import save_direction
from careerplan.skills.services.finish import finish_assessment
from careerplan.skills.services.locks import DraftNotFound
from tests.conflicts import shown_in
from tests.factories.skills import (
    NOW,
    answer_direction,
    answer_judgement,
    answer_ratings,
    make_draft,
    make_occupation,
)
from tests.skills.pages import EDUCATION, WHERE_TO, at, errors_of, text_of

pytestmark = pytest.mark.django_db
AFTER = NOW + timedelta(days=30)
TASKS = "tasks"


def with_tasks(*texts: str, **fields):
    """An occupation with these tasks, the most telling first."""
    occupation = make_occupation(**fields)
    for position, text in enumerate(texts):
        occupation.tasks.create(text=text, position=position)
    return occupation


@pytest.fixture
def manager(db):
    """An occupation with three tasks."""
    return with_tasks("Draws up the rota", "Plans the budget", "Hires staff", plural="ward managers")


@pytest.fixture
def aimed(draft, manager):
    """A draft with that target."""
    answer_direction(draft)
    return aim_at(draft, manager)


def aim_at(draft, occupation) -> Assessment:
    save_direction(assessment=draft, changes={"target_occupation": occupation}, now=NOW)
    return Assessment.objects.select_related("target_occupation", "user").get(pk=draft.pk)


def answers(assessment) -> dict[str, str]:
    return dict(assessment.task_answers.values_list("text", "experience"))


def fields(occupation, *experience: str, **more: str) -> dict[str, str]:
    """Posted answers about the first tasks, in order."""
    tasks = zip(occupation.tasks.all(), experience, strict=False)
    return {f"task-{task.pk}": value for task, value in tasks if value} | more


@pytest.mark.parametrize(
    ("number", "pages"), [(0, []), (3, [3]), (7, [7]), (8, [4, 4]), (11, [5, 6]), (12, [6, 6])], ids=str
)
def test_tasks_take_one_page_or_two(draft, number, pages):
    aimed = aim_at(draft, with_tasks(*(f"Task {n}" for n in range(number))))
    wizard = load_wizard(aimed)
    assert [len(page.tasks) for page in wizard.pages if page.key.startswith(TASKS)] == pages


@pytest.mark.parametrize("mode", Assessment.Mode.values)
def test_both_modes_ask_after_the_target(user, manager, mode):
    draft = aim_at(make_draft(user, mode=Assessment.Mode(mode)), manager)
    keys = [page.key for page in load_wizard(draft).pages]
    assert keys[1:4] == [WHERE_TO, TASKS, EDUCATION]


def test_naming_a_target_leads_to_its_tasks(signed_in, draft, manager):
    response = signed_in.post(
        at(WHERE_TO), {"target_role": manager.title, "target_occupation": manager.pk, "go": "next"}
    )
    assert response.url == at(TASKS)


def test_without_tasks_or_target_the_page_is_not_there(signed_in, draft):
    assert signed_in.get(at(TASKS)).status_code == 404
    aim_at(draft, make_occupation())
    assert signed_in.get(at(TASKS)).status_code == 404


def test_answers_with_an_example_are_saved(signed_in, aimed, manager):
    first = manager.tasks.first()
    data = fields(manager, "alone", "never") | {f"evidence-{first.pk}": "Four weeks for 22 nurses.", "go": "next"}
    assert signed_in.post(at(TASKS), data).url == at(EDUCATION)
    assert answers(aimed) == {"Draws up the rota": "alone", "Plans the budget": "never", "Hires staff": ""}
    assert aimed.task_answers.first().evidence == "Four weeks for 22 nurses."
    assert text_of(signed_in.get(at(TASKS))).count(" checked") == 2


def test_continuing_with_nothing_is_an_answer(signed_in, aimed):
    key = load_wizard(aimed).first_unanswered.key
    assert key == TASKS
    signed_in.post(at(TASKS), {"go": "next"})
    assert load_wizard(aimed).first_unanswered.key != TASKS
    assert set(answers(aimed).values()) == {""}


@pytest.mark.parametrize("go", ["stay", "back", "close", "to:education"])
def test_other_ways_of_leaving_save_what_was_answered_only(signed_in, aimed, manager, go):
    signed_in.post(at(TASKS), fields(manager, "", "help") | {"go": go})
    assert answers(aimed) == {"Plans the budget": "help"}
    assert load_wizard(aimed).first_unanswered.key == TASKS


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("task", "often", "invalid_choice"), ("evidence", "x" * 301, "max_length")],
)
def test_an_invalid_answer_is_an_error_and_the_others_are_saved(signed_in, aimed, manager, field, value, code):
    first, second, _third = manager.tasks.all()
    data = {f"{field}-{first.pk}": value, f"task-{second.pk}": "taught", "go": "next"}
    response = signed_in.post(at(TASKS), data)
    assert errors_of(response) == {(f"{field}-{first.pk}", code)}
    assert answers(aimed)["Plans the budget"] == "taught"


def test_two_tabs_ask_which_answer_counts(signed_in, aimed, manager):
    name = f"task-{manager.tasks.first().pk}"
    shown = shown_in(signed_in.get(at(TASKS)))
    signed_in.post(at(TASKS), {**shown, name: "alone", "go": "next"})
    asked = signed_in.post(at(TASKS), {**shown, name: "never", "go": "next"})
    assert [conflict.other for conflict in asked.context["form"].conflicts] == ["Alone"]
    assert answers(aimed)["Draws up the rota"] == "alone"


def test_a_changed_target_keeps_the_answers_and_does_not_ask_them(signed_in, aimed, manager):
    signed_in.post(at(TASKS), fields(manager, "alone") | {"go": "next"})
    clerk = with_tasks("Files letters", code="11-9112.00", title="Ward clerk")
    draft = aim_at(aimed, clerk)
    assert "Draws up the rota" not in text_of(signed_in.get(at(TASKS)))
    assert load_wizard(draft).first_unanswered.key == TASKS
    back = load_wizard(aim_at(draft, manager))
    assert back.answers.task_answer(manager.tasks.first()).experience == "alone"
    assert back.first_unanswered.key != TASKS


@pytest.mark.parametrize("has_tasks", [True, False])
@pytest.mark.parametrize("go", ["next", "back", "close", "stay"])
def test_answers_from_a_tab_with_the_old_target_are_saved(signed_in, aimed, manager, has_tasks, go):
    data = fields(manager, "alone", "help")
    aim_at(aimed, with_tasks(*["Files letters"] * has_tasks, code="11-9112.00", title="Ward clerk"))
    response = signed_in.post(at(TASKS), data | {"go": go})
    assert response.status_code == (200 if go == "stay" else 302)
    kept = answers(aimed)
    assert (kept["Draws up the rota"], kept["Plans the budget"]) == ("alone", "help")


def finish(user, occupation, *experience: str, now=NOW) -> Assessment:
    draft = make_draft(user, now=now)
    answer_direction(draft, now=now)
    changes = dict(zip(occupation.tasks.all(), map(TaskChange, experience), strict=True))
    save_task_answers(assessment=aim_at(draft, occupation), changes=changes, now=now)
    answer_ratings(draft, now=now)
    answer_judgement(draft, now=now)
    return finish_assessment(assessment=draft, now=now, today=now.date())


def test_a_finished_assessment_says_what_was_asked_and_does_not_change(user, manager):
    finished = finish(user, manager, "alone", "", "")
    task = manager.tasks.first()
    manager.tasks.all().delete()
    assert answers(finished)["Draws up the rota"] == "alone"
    with pytest.raises(DraftNotFound):
        save_task_answers(assessment=finished, changes={task: TaskChange("never")}, now=AFTER)
    with pytest.raises(IntegrityError, match="readonly"), transaction.atomic():
        finished.task_answers.update(experience="never")


def test_the_next_assessment_starts_with_the_answers_to_be_confirmed(signed_in, user, manager):
    finish(user, manager, "alone", "never", "")
    later = make_draft(user, now=AFTER)
    assert answers(later) == {"Draws up the rota": "alone", "Plans the budget": "never"}
    answer_direction(later, now=AFTER)
    aimed = aim_at(later, manager)
    assert load_wizard(aimed).first_unanswered.key == TASKS
    page = signed_in.get(at(TASKS))
    assert page.context["form"].is_again
    assert text_of(page).count(" checked") == 2


def test_the_check_counts_the_tasks(signed_in, user, manager):
    draft = aim_at(make_draft(user), manager)
    signed_in.post(at(TASKS), fields(manager, "alone", "help", "never") | {"go": "next"})
    rows = [row for section in signed_in.get(at("check")).context["sections"] for row in section.rows]
    assert [row.text for row in rows if row.page_key == TASKS] == ["1 done, 1 with help, 1 not yet"]
    assert draft.task_answers.count() == 3


def test_minutes_count_the_tasks_of_a_target(draft, manager):
    wizard = load_wizard(draft)
    page = next(page for page in load_wizard(aim_at(draft, manager)).pages if page.key == TASKS)
    assert page.seconds(wizard.answers) > 3 * 4
    assert (
        load_wizard(draft).minutes_left >= load_wizard(aim_at(draft, make_occupation(code="11-9112.00"))).minutes_left
    )


@pytest.mark.parametrize(
    ("fields", "rule"),
    [({"experience": "often"}, "experience_known"), ({"text": " "}, "text_not_blank")],
)
def test_impossible_answers_are_refused(draft, manager, fields, rule):
    known = {"assessment": draft, "occupation": manager, "text": "Plans the budget", "confirmed_at": NOW}
    with pytest.raises(IntegrityError, match=f"skills_taskanswer_{rule}"), transaction.atomic():
        TaskAnswer.objects.create(**known | fields)


def test_a_task_has_one_answer_in_an_assessment(draft, manager):
    known = {"assessment": draft, "occupation": manager, "text": "Plans the budget", "confirmed_at": NOW}
    TaskAnswer.objects.create(**known)
    with pytest.raises(ValidationError):
        TaskAnswer(**known).full_clean()
    with pytest.raises(IntegrityError, match="skills_taskanswer_once"), transaction.atomic():
        TaskAnswer.objects.create(**known)


def test_others_answers_are_not_touched(client, user, other_user, manager):
    client.force_login(other_user)
    theirs = aim_at(make_draft(other_user), manager)
    mine = aim_at(make_draft(user), manager)
    client.post(at(TASKS), fields(manager, "alone") | {"go": "next"})
    assert (len(answers(mine)), len(answers(theirs))) == (0, 3)
