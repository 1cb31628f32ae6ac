"""A finished step is rated: at once, later, or anew."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import Evaluation, EvaluationDraft, Goal
from careerplan.goals.queries.agenda import due_steps
from careerplan.goals.queries.progress import load_evaluation_summary
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.progress import (
    EvaluationVersion,
    StepIsNotDone,
    evaluate_step,
    save_evaluation_draft,
)
from careerplan.goals.services.steps import complete_step, drop_step, reopen_step
from careerplan.plans.models import Plan
from tests.conflicts import choose, conflicts_in, shown_in, shown_on
from tests.factories.goals import NOW, add_steps, make_goal, only_step, rate_step

pytestmark = pytest.mark.django_db

ANSWERS = {"worth": "4", "hours_spent": "7,5", "learned": "The first minute is the hard one.", "would_repeat": "yes"}


@pytest.fixture
def step(user):
    goal = make_goal(user)
    (step,) = add_steps(goal, "Present the audit", effort_hours=Decimal(5))
    return complete_step(step=step, now=NOW)


def waiting(user):
    today = NOW.date()
    return due_steps(user, now=NOW, today=today, week_end=today, weeks_end=today, most=5).unrated.steps


def address(step):
    return reverse("goals:step-evaluate", args=[step.pk])


def test_evaluation_is_saved_and_shown_on_the_goal_page(signed_in, step):
    planned = signed_in.get(address(step)).context["form"].fields["hours_spent"].help_text
    assert "5" in planned
    assert signed_in.post(address(step), ANSWERS).url == step.goal.get_absolute_url()
    kept = Evaluation.objects.get()
    assert (kept.worth, kept.hours_spent, kept.would_repeat) == (4, Decimal("7.5"), "yes")
    page = " ".join(signed_in.get(step.goal.get_absolute_url()).content.decode().split())
    assert 'Worth it: 4 of 5, <span class="cp-nowrap">7.5 hours</span>' in page
    assert "The first minute is the hard one." in page


def test_changed_evaluation_keeps_the_first_in_the_history(signed_in, step):
    signed_in.post(address(step), ANSWERS)
    assert 'value="7.5"' in signed_in.get(address(step)).content.decode()
    signed_in.post(address(step), {**ANSWERS, "worth": "2", **shown_on(signed_in, "goals:step-evaluate", step.pk)})
    kept = Evaluation.objects.get()
    assert kept.worth == 2
    assert list(kept.events.order_by("pgh_id").values_list("worth", flat=True)) == [4, 2]


def test_evaluating_a_step_twice_is_idempotent(step):
    changes = {"worth": 3}
    first = evaluate_step(step=step, changes=changes, now=NOW)
    assert evaluate_step(step=step, changes=changes, now=timezone.now()).made_at == first.made_at


def test_postponed_evaluation_saves_nothing_and_asks_again(signed_in, user, step):
    assert signed_in.post(address(step), {"later": "1"}).url == step.goal.get_absolute_url()
    assert Evaluation.objects.count() == 0
    assert [row.id for row in waiting(user)] == [step.pk]
    assert "Not rated yet" in signed_in.get(step.goal.get_absolute_url()).content.decode()


def test_postponed_evaluation_keeps_a_draft(signed_in, user, step):
    typed = {**ANSWERS, "worth": "", **shown_on(signed_in, "goals:step-evaluate", step.pk)}
    for _ in range(2):  # a double click
        assert signed_in.post(address(step), {**typed, "later": "1"}).status_code == 302
    assert Evaluation.objects.count() == 0
    assert [row.id for row in waiting(user)] == [step.pk]
    page = signed_in.get(address(step))
    assert "You started this rating on" in page.content.decode()
    assert "The first minute is the hard one.</textarea>" in page.content.decode()
    form = page.context["form"]
    assert (form["hours_spent"].value(), form["would_repeat"].value(), form["worth"].value()) == ("7.5", "yes", None)
    signed_in.post(address(step), {**ANSWERS, **shown_in(page)})
    assert (Evaluation.objects.get().worth, EvaluationDraft.objects.count()) == (4, 0)


def test_drafts_of_two_tabs_are_a_conflict(signed_in, step):
    shown = shown_on(signed_in, "goals:step-evaluate", step.pk)
    signed_in.post(address(step), {**shown, "learned": "One.", "later": "1"})
    asked = signed_in.post(address(step), {**shown, "learned": "Two.", "later": "1"})
    assert conflicts_in(asked)["learned"][1:] == ("One.", "Two.")
    assert EvaluationDraft.objects.get().learned == "One."
    choice = choose(asked.context["form"], "mine")
    signed_in.post(address(step), {**shown_in(asked), "learned": "Two.", "later": "1", **choice})
    assert EvaluationDraft.objects.get().learned == "Two."


def test_emptied_draft_is_deleted(signed_in, step):
    save_evaluation_draft(step=step, changes={"learned": "One."}, now=NOW)
    shown = shown_on(signed_in, "goals:step-evaluate", step.pk)
    signed_in.post(address(step), {**shown, "learned": "", "later": "1"})
    assert not EvaluationDraft.objects.exists()


def test_service_does_not_overwrite_a_later_draft(step):
    save_evaluation_draft(step=step, changes={"learned": "One."}, now=NOW)
    version = EvaluationVersion(evaluation=0, draft_saved_at=None)
    for save in (save_evaluation_draft, evaluate_step):
        with pytest.raises(StaleObjectError):
            save(step=step, changes={"worth": 4, "learned": "Two."}, version=version, now=NOW)
    assert EvaluationDraft.objects.get().learned == "One."


def test_invalid_draft_shows_an_error(signed_in, step):
    said = signed_in.post(address(step), {"learned": "Ask earlier.", "hours_spent": "long", "later": "1"})
    assert "hours_spent" in said.context["form"].errors
    assert "Ask earlier.</textarea>" in said.content.decode()


def test_draft_of_a_reopened_step_is_kept_until_it_is_done(signed_in, step):
    reopen_step(step=step)
    said = signed_in.post(address(step), ANSWERS, follow=True).content.decode()
    assert "We keep what you typed until then." in said
    complete_step(step=step, now=NOW)
    assert "The first minute is the hard one.</textarea>" in signed_in.get(address(step)).content.decode()


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [("goals_evaluationdraft_worth", {"worth": 6}), ("goals_evaluationdraft_hours", {"hours_spent": Decimal(-1)})],
)
def test_evaluation_draft_constraint(step, constraint, changes):
    save_evaluation_draft(step=step, changes={"learned": "Ask earlier."}, now=NOW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        EvaluationDraft.objects.update(**changes)


def test_evaluation_draft_belongs_to_its_step_and_plan(user, step):
    save_evaluation_draft(step=step, changes={"learned": "Ask earlier."}, now=NOW)
    (other,) = add_steps(step.goal, "Another")
    with pytest.raises(IntegrityError, match="goals_immutable_step_id"), transaction.atomic():
        EvaluationDraft.objects.update(step=other)
    Plan.objects.update(state="archived", archived_at=NOW)
    with pytest.raises(IntegrityError, match="goals_evaluationdraft_readonly"), transaction.atomic():
        EvaluationDraft.objects.update(learned="Other")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"worth": ""}, "worth"),
        ({"worth": "6"}, "worth"),
        ({"hours_spent": "-1"}, "hours_spent"),
        ({"hours_spent": "long"}, "hours_spent"),
        ({"would_repeat": "never"}, "would_repeat"),
        ({"learned": "\x07"}, "learned"),
    ],
)
def test_invalid_form_shows_errors_and_keeps_input(signed_in, step, changes, field):
    response = signed_in.post(address(step), {**ANSWERS, **changes})
    assert set(response.context["form"].errors) == {field}
    assert "<title>Error: Was it worth it?" in response.content.decode()
    assert Evaluation.objects.count() == 0
    if field != "learned":
        assert "The first minute is the hard one." in response.content.decode()


def test_open_step_cannot_be_evaluated(signed_in, user):
    step = only_step(make_goal(user))
    response = signed_in.post(address(step), ANSWERS, follow=True)
    assert "This step is not done." in response.content.decode()
    with pytest.raises(StepIsNotDone):
        evaluate_step(step=step, changes={"worth": 3}, now=NOW)
    with pytest.raises(IntegrityError, match="goals_evaluation_of_done"), transaction.atomic():
        Evaluation.objects.create(step=step, worth=3, made_at=NOW)


@pytest.mark.parametrize("answer", [ANSWERS, {"later": "1"}])
def test_finished_last_step_asks_for_the_next_one(signed_in, user, answer):
    goal = make_goal(user)
    complete_step(step=only_step(goal), now=NOW)
    response = signed_in.post(address(only_step(goal)), {**answer, "from": "today"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == goal.get_absolute_url()
    assert "Have you reached this goal, or is there a next step?" in page
    assert f'href="{reverse("goals:reached", args=[goal.pk])}"' in page
    assert f'href="{reverse("goals:step-new", args=[goal.pk])}"' in page


def test_step_of_a_closed_goal_can_be_evaluated_but_not_in_an_archived_plan(signed_in, step):
    close_goal(goal=step.goal, outcome=Goal.State.REACHED, today=NOW.date(), now=NOW)
    signed_in.post(address(step), ANSWERS)
    assert Evaluation.objects.get().worth == 4
    Plan.objects.update(state="archived", archived_at=NOW)
    assert signed_in.post(address(step), {**ANSWERS, "worth": "1"}).status_code == 404
    with pytest.raises(IntegrityError, match="goals_evaluation_readonly"), transaction.atomic():
        Evaluation.objects.update(worth=1)


def test_evaluation_of_a_reopened_step_counts_once_it_is_done_again(user, step):
    rate_step(step)
    reopen_step(step=step)
    assert load_evaluation_summary(user).rows == []
    complete_step(step=step, now=NOW)
    assert load_evaluation_summary(user).total.rated == 1


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("goals_evaluation_worth_1_to_5", {"worth": 0}),
        ("goals_evaluation_worth_1_to_5", {"worth": 6}),
        ("goals_evaluation_hours_not_negative", {"hours_spent": Decimal("-0.01")}),
    ],
)
def test_the_database_refuses(step, constraint, changes):
    rate_step(step)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Evaluation.objects.update(**changes)


def test_starting_a_step_is_idempotent_and_leaves_done_steps(signed_in, user):
    step = only_step(make_goal(user))
    start = reverse("goals:step-start", args=[step.pk])
    for _ in range(2):
        signed_in.post(start)
        step.refresh_from_db()
        assert step.state == step.State.IN_PROGRESS
    complete_step(step=step, now=NOW)
    signed_in.post(start)
    step.refresh_from_db()
    assert step.state == step.State.DONE


def test_dropped_step_can_be_reopened(signed_in, user):
    goal = make_goal(user)
    (step,) = add_steps(goal, "Rent a hall")
    drop_step(step=step, now=NOW)
    page = signed_in.get(goal.get_absolute_url()).content.decode()
    assert "Dropped steps" in page
    assert "Rent a hall" in page
    signed_in.post(reverse("goals:step-reopen", args=[step.pk]))
    step.refresh_from_db()
    assert step.state == step.State.TO_DO
