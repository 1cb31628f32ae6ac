"""Answering a mail without signing in: what the pages show and give away, and what happened meanwhile."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.goals import close_goal, reopen_goal
from careerplan.planning.queries.change_log import list_changes
from careerplan.plans.models import Plan
from careerplan.reminders.email_actions import services as answers
from careerplan.reminders.email_actions.links import ActionTarget
from careerplan.reminders.models import UserActivity
from tests.factories.goals import add_steps, make_entry, make_goal, only_step
from tests.reminders.email_actions.asking import NOW, TODAY, action_request, path, unavailable, words
from tests.reminders.test_mail import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_at_noon")]


def test_a_step_is_marked_done_by_the_button_only(step, client):
    where = path("done", step)
    before = everything()
    page = client.get(where)
    assert page.status_code == 200
    for part in (step.title, "Lead 12 shifts"):
        assert part in words(page)
    assert everything() == before
    done = client.post(where)
    step.refresh_from_db()
    assert (done.status_code, step.state, step.done_at) == (200, "done", NOW)
    assert "worth" in done.context["form"].fields
    assert done.context["is_last"]


def test_nobody_is_signed_in_and_nothing_else_of_the_plan_is_shown(step, user, client):
    goal = step.goal
    Goal.objects.filter(pk=goal.pk).update(why="Secret why", closing_note="Secret note", learned="Secret lesson")
    ActionStep.objects.filter(pk=step.pk).update(details="Secret details")
    make_goal(user, title="Secret other goal")
    add_steps(goal, "Secret other step")
    make_entry(goal, 7, note="Secret reading")
    for answer in ("done", "week", "stuck", "let-go"):
        pages = [client.get(path(answer, step))]
        if answer != "week":  # that says which steps move along
            pages.append(client.get(path(answer, goal)))
        for page in pages:
            assert page.status_code == 200
            assert "Secret" not in page.content.decode()
            assert user.email not in page.content.decode()
            assert user.name not in page.content.decode()
    client.post(path("done", step))
    assert "sessionid" not in client.cookies
    assert client.get(reverse("dashboard:today")).status_code == 302


def test_the_pages_are_kept_by_nobody_and_tell_nobody_where_they_are(step, client):
    for where in (path("done", step), "/r/17.740045.s902.740050." + "0" * 32 + "/done/"):
        headers = client.get(where).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "strict-origin"
        assert "noindex" in headers["X-Robots-Tag"]


def test_the_button_needs_the_token_of_the_form(step):
    client = Client(enforce_csrf_checks=True)
    where = path("done", step)
    assert client.post(where).status_code == 403
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', client.get(where).content.decode())[1]
    assert client.post(where, {"csrfmiddlewaretoken": token}).status_code == 200
    step.refresh_from_db()
    assert step.state == "done"


def test_the_history_says_that_the_owner_did_it_from_an_e_mail(goal, step, user, other_user):
    """Whoever else is signed in in that browser."""
    somebody = Client()
    somebody.force_login(other_user)
    somebody.post(path("done", step))
    event = step.events.order_by("-pgh_id").first()
    assert event.pgh_context == {"user": user.pk, "way": "mail"}
    assert {row.who for row in list_changes(goal.plan, user).rows if row.differences} == {"you, from an email"}


def test_answering_is_a_sign_of_life_and_looking_is_none(step, user, client):
    client.get(path("done", step))
    assert not UserActivity.objects.filter(user=user).exists()
    client.post(path("done", step))
    assert UserActivity.objects.get(user=user).seen_at == NOW


@pytest.mark.parametrize(
    ("about", "answers"),
    [
        (ActionTarget.STEP, {"done", "week", "stuck", "let-go", "worth"}),
        (ActionTarget.UNRATED, {"worth"}),
        (ActionTarget.GOAL, {"done", "week", "stuck", "let-go"}),
        (ActionTarget.STEPLESS, {"done", "stuck", "let-go"}),
        (ActionTarget.STOP_RULE, {"confirm", "week", "let-go"}),
    ],
)
def test_only_answers_that_fit_have_a_page(ruled, client, about, answers):
    row = only_step(ruled) if about in {ActionTarget.STEP, ActionTarget.UNRATED} else ruled
    for answer in ("done", "week", "stuck", "let-go", "confirm", "worth"):
        status = client.get(path(answer, row, about, TODAY)).status_code
        assert status == (200 if answer in answers else 404), answer


def test_what_was_closed_archived_or_deleted_meanwhile_is_told(goal, step, user, client):
    paths = [path(answer, row) for answer in ("done", "week", "stuck", "let-go") for row in (goal, step)]
    close_goal(goal=goal, outcome=Goal.State.REACHED, today=TODAY, now=NOW)
    for where in paths:
        assert unavailable(client.post(where)) == "closed"
    reopen_goal(goal=goal)
    Plan.objects.filter(pk=goal.plan_id).update(state="archived", archived_at=NOW)
    before = everything()
    for where in paths:
        assert unavailable(client.post(where)) == "archived"
    assert everything() == before
    user.plans.all().delete()
    for where in paths:
        page = client.get(where)
        assert page.status_code == 410
        assert page.context["error"] == "TargetDeleted"


def test_what_happens_between_the_look_and_the_lock_is_told(step):
    """As when two devices answer at the same moment."""
    first, second = action_request(step), action_request(step)
    answers.drop(first)
    with pytest.raises(answers.ActionUnavailable) as told:
        answers.complete(second)
    assert told.value.unavailable.code == "dropped"
    step.refresh_from_db()
    assert step.state == "dropped"


def test_an_old_link_and_a_wrong_one_say_what_to_do(step, client):
    where = path("done", step)
    with time_machine.travel(NOW + timedelta(days=15)):
        old = client.post(where)
    assert (old.status_code, old.context["error"]) == (410, "OldLink")
    wrong = client.post(where.replace(f"s{step.pk}.", f"s{step.pk + 1}."))
    assert (wrong.status_code, wrong.context["error"]) == (404, "BadLink")
    for page in (old, wrong):
        assert reverse("dashboard:today") in page.content.decode()
    step.refresh_from_db()
    assert step.is_open


def test_a_date_that_was_moved_is_said_on_every_page(step, client):
    where = {answer: path(answer, step) for answer in ("done", "stuck", "let-go")}
    ActionStep.objects.filter(pk=step.pk).update(due_on=date(2027, 4, 1))
    for page in where.values():
        assert "25 Feb 2027" in words(client.get(page))


def test_a_question_spoke_of_no_due_date(ruled, client):
    for about in (ActionTarget.STOP_RULE, ActionTarget.STEPLESS):
        page = client.get(path("let-go", ruled, about, TODAY))
        assert "30 Jun 2027" in words(page)
        assert not page.context["action"].is_moved


def test_days_are_those_of_the_owner(user, client):
    """It is the sixth already where they live."""
    user.time_zone = "Pacific/Kiritimati"
    user.save()
    step = only_step(make_goal(user, step_due_on=date(2027, 3, 6)))
    assert "Today" in words(client.get(path("done", step)))


def test_a_title_is_text(user, client):
    goal = make_goal(user, title="<script>alert(1)</script>")
    assert escape(goal.title) in client.get(path("done", only_step(goal))).content.decode()


def test_a_page_costs_the_same_whatever_the_plan_holds(user, goal, step, client, django_assert_num_queries):
    for count in (0, 30):
        add_steps(goal, *(f"Step {n}" for n in range(count)))
        for answer, queries in {"done": 4, "week": 6, "stuck": 5, "let-go": 4}.items():
            where = path(answer, step)
            with django_assert_num_queries(queries):
                client.get(where)
        where = path("week", goal)
        with django_assert_num_queries(6):
            client.get(where)
