"""Email actions on steps: done, rate, a week later, stuck, drop."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from careerplan.goals.models import ActionStep, Evaluation
from careerplan.goals.services.progress import save_evaluation_draft
from careerplan.goals.services.steps import update_step
from careerplan.planning.services.pauses import start_pause
from careerplan.reminders.email_actions import services as answers
from careerplan.reminders.email_actions.links import ActionTarget
from tests.factories.goals import add_steps, make_goal, only_step
from tests.reminders.email_actions.asking import NOW, TODAY, action_request, path, shown_day, unavailable, words
from tests.reminders.test_mail import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_at_noon")]


def test_second_post_does_nothing(step, client):
    where = path("done", step)
    client.post(where)
    before = everything()
    for again in (client.get(where), client.post(where)):
        assert unavailable(again) == "done"
        assert "5 Mar 2027" in words(again)
        assert step.goal.get_absolute_url() in again.content.decode()
    assert everything() == before


def test_step_is_rated_without_signing_in(step, client):
    where = path("worth", step)
    assert unavailable(client.get(where)) == "not_done"
    client.post(path("done", step))
    assert client.get(where).status_code == 200
    wrong = client.post(where, {"learned": "Ask earlier."})
    assert wrong.context["form"].has_error("worth", "required")
    assert "Ask earlier." in wrong.content.decode()
    assert client.post(where, {"worth": "4", "hours_spent": "1,5", "learned": "Ask earlier."}).status_code == 200
    step.refresh_from_db()
    assert (step.evaluation.worth, step.evaluation.hours_spent) == (4, Decimal("1.5"))
    again = client.post(where, {"worth": "1"})
    assert unavailable(again) == "rated"
    step.evaluation.refresh_from_db()
    assert step.evaluation.worth == 4


def test_rating_draft_is_neither_shown_nor_lost(step, client):
    """Another person may have the email; nothing typed is lost."""
    client.post(path("done", step))
    draft = {"hours_spent": Decimal(3), "learned": "Dr Osei is never there on Mondays.", "would_repeat": "no"}
    save_evaluation_draft(step=step, changes=draft, now=NOW)
    page = client.get(path("worth", step)).content.decode()
    assert "Osei" not in page
    assert "checked" not in page
    client.post(path("worth", step), {"worth": "4", "learned": "Ask earlier."})
    said = Evaluation.objects.get(step=step)
    assert (said.worth, said.hours_spent, said.would_repeat) == (4, 3, "no")
    assert said.learned == "Dr Osei is never there on Mondays.\n\nAsk earlier."


def test_late_step_moves_to_a_week_from_today(step, client):
    where = path("week", step)
    page = client.get(where)
    week = page.context["week"]
    assert (week.date_now, week.to) == (date(2027, 2, 25), date(2027, 3, 12))
    client.post(where, {"to": shown_day(page)})
    step.refresh_from_db()
    assert (step.due_on, step.due_set_at) == (date(2027, 3, 12), NOW)
    again = client.get(where)
    assert unavailable(again) == "moved"
    assert "25 Feb 2027" in words(again)
    assert "12 Mar 2027" in words(again)
    client.post(where, {"to": "2027-03-19"})
    step.refresh_from_db()
    assert step.due_on == date(2027, 3, 12)


def test_moving_a_step_changes_only_its_date(step, client):
    step = update_step(
        step=step,
        changes={
            "title": "Ask",
            "due_on": step.due_on,
            "details": "By phone",
            "kind": "people",
            "effort_hours": Decimal(2),
        },
        resources=[{"kind": "person", "description": "Dr Osei"}],
        now=NOW,
    )
    client.post(path("week", step), {"to": "2027-03-12"})
    step.refresh_from_db()
    assert (step.title, step.details, step.kind, step.effort_hours) == ("Ask", "By phone", "people", 2)
    assert [resource.description for resource in step.resources.all()] == ["Dr Osei"]


def test_step_never_moves_past_its_goal(user, client):
    goal = make_goal(user, due_on=date(2027, 3, 9), step_due_on=date(2027, 3, 6))
    step = only_step(goal)
    page = client.get(path("week", step))
    assert page.context["week"].was_capped
    assert "13 Mar 2027" in words(page)
    assert shown_day(page) == "2027-03-09"
    client.post(path("week", step), {"to": "2027-03-09"})
    step.refresh_from_db()
    assert step.due_on == goal.due_on
    stays = client.get(path("week", step))
    assert stays.context["week"].to is None
    assert "<button" not in stays.content.decode().split("<main")[1]


def test_page_warns_of_a_pause_or_a_full_week(user, goal, step, client):
    goal.plan.hours_a_week = Decimal(3)
    goal.plan.save()
    ActionStep.objects.filter(pk=step.pk).update(effort_hours=Decimal(30))
    pause = {"starts_on": date(2027, 3, 10), "ends_on": date(2027, 3, 20), "reason": "exams", "note": ""}
    start_pause(plan=goal.plan, changes=pause, form_key=goal.form_key, now=NOW)
    response = client.get(path("week", step))
    page = words(response)
    assert response.context["week"].pause.ends_on == date(2027, 3, 20)
    assert "20 Mar 2027" in page
    assert re.search(r"The week of 8 Mar would need \d+ hours\. You have 3\.", page)


def test_hours_of_the_other_times_count_where_a_repeating_step_moves(user, goal, step, client):
    """Every second Friday; a week later it is due on two Fridays in a row."""
    goal.plan.hours_a_week = Decimal(3)
    goal.plan.save()
    friday = {"due_on": TODAY, "repeats": "weekly:2:5", "repeats_from": TODAY}
    ActionStep.objects.filter(pk=step.pk).update(effort_hours=2, **friday)
    add_steps(goal, "Go to the course", due_on=date(2027, 3, 10), effort_hours=Decimal("1.5"), is_on_day=True)
    step.refresh_from_db()
    overfull = client.get(path("week", step)).context["week"].overfull
    assert (overfull.week, overfull.hours) == (date(2027, 3, 8), Decimal("3.5"))


def test_date_moves_only_as_shown(step, client):
    page = client.post(path("week", step), {"to": "2027-03-11"})
    assert not page.context["is_as_shown"]
    step.refresh_from_db()
    assert step.due_on == date(2027, 2, 25)


def test_smaller_step_comes_before_the_blocked_one(goal, step, client):
    add_steps(goal, "Later")
    where = path("stuck", step)
    page = client.get(where)
    typed = {"step_due_on": re.search(r'name="step_due_on" value="([^"]+)"', page.content.decode())[1]}
    assert typed["step_due_on"] == "2027-03-08"
    wrong = client.post(where, {**typed, "step_title": "Ask the secretary"})
    assert wrong.context["form"].has_error("blocker", "required")
    assert "Ask the secretary" in wrong.content.decode()
    typed |= {"blocker": "No answer from <Dr Osei>", "step_title": "Ask the secretary"}
    assert client.post(where, typed).context["step"].title == "Ask the secretary"
    titles = list(goal.steps.order_by("position").values_list("title", flat=True))
    assert titles == ["Ask the secretary", "Ask for two late shifts", "Later"]
    step.refresh_from_db()
    assert step.details == "Stuck on 5 Mar 2027: No answer from <Dr Osei>"
    assert step.is_open


STUCK = {"blocker": "No answer", "step_title": "Ring the <tutor>", "step_due_on": "2027-03-06"}


def test_link_adds_only_one_smaller_step(step, client):
    """A double click, a reload, or the same link a week later."""
    where = path("stuck", step)
    client.post(where, STUCK)
    before = everything()
    with time_machine.travel(NOW + timedelta(days=7)):
        for again in (client.get(where), client.post(where, STUCK), client.post(where, STUCK | {"step_title": "Rest"})):
            assert unavailable(again) == "answered"
            assert "Ring the &lt;tutor&gt;" in words(again)
            assert f'href="{reverse("goals:step-new", args=[step.goal_id])}"' in again.content.decode()
    assert everything() == before


def test_two_parallel_posts_add_one_smaller_step(step):
    first, second = action_request(step), action_request(step)
    smaller = {"title": "Ring the tutor", "due_on": step.due_on}
    answers.add_smaller_step(first, blocker="No answer", next_step=smaller)
    with pytest.raises(answers.ActionUnavailable):
        answers.add_smaller_step(second, blocker="No answer", next_step=smaller)
    assert step.goal.steps.count() == 2


def test_next_email_may_add_another_smaller_step(step, client):
    """And so may an email whose smaller step was deleted."""
    client.post(path("stuck", step), STUCK)
    assert "blocker" in client.get(path("stuck", step, ActionTarget.STEP, date(2027, 3, 6))).context["form"].fields
    step.goal.steps.filter(title=STUCK["step_title"]).delete()
    assert "blocker" in client.get(path("stuck", step)).context["form"].fields


def test_smaller_step_is_found_after_a_new_secret_key(step, client, settings):
    """The same mail has another tag then and the same content. The tag is in no table."""
    client.post(path("stuck", step), STUCK)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-of-at-least-thirty-two-letters", []
    assert unavailable(client.get(path("stuck", step))) == "answered"


def test_smaller_step_is_due_before_the_blocked_one(user, client):
    step = only_step(make_goal(user, step_due_on=date(2027, 3, 10)))
    late = client.post(path("stuck", step), STUCK | {"step_due_on": "2027-03-11"})
    assert late.context["form"].has_error("step_due_on", "after_next_step")
    assert step.goal.steps.count() == 1
    client.post(path("stuck", step), STUCK | {"step_due_on": "2027-03-10"})
    assert step.goal.steps.count() == 2


def test_smaller_step_before_a_late_one_is_due_by_the_goal(goal, step, client):
    beyond = client.post(path("stuck", step), STUCK | {"step_due_on": "2027-07-01"})
    assert "after the goal&#x27;s due date, 30 Jun 2027" in beyond.content.decode()
    client.post(path("stuck", step), STUCK | {"step_due_on": "2027-06-30"})
    assert goal.steps.count() == 2


def test_full_details_are_not_cut(step, client):
    ActionStep.objects.filter(pk=step.pk).update(details="x" * 3990)
    data = {"blocker": "No money", "step_title": "Ask", "step_due_on": "2027-03-08"}
    page = client.post(path("stuck", step), data)
    assert page.context["form"].has_error("blocker", "details_full")
    assert step.goal.steps.count() == 1


def test_step_is_dropped(step, client):
    where = path("let-go", step)
    assert client.get(where).status_code == 200
    client.post(where)
    step.refresh_from_db()
    assert step.state == "dropped"
    for answer in ("let-go", "done", "week", "stuck"):
        assert unavailable(client.post(path(answer, step))) == "dropped"
    step.refresh_from_db()
    assert step.state == "dropped"
