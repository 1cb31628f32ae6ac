"""Pages of email actions: what they show without signing in, and after changes elsewhere."""

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


def test_only_post_marks_a_step_as_done(step, client):
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


def test_page_signs_no_one_in_and_shows_only_its_target(step, user, client):
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


def test_pages_are_not_cached_and_send_no_referrer(step, client):
    for where in (path("done", step), "/r/17.740045.s902.740050." + "0" * 32 + "/done/"):
        headers = client.get(where).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "strict-origin"
        assert "noindex" in headers["X-Robots-Tag"]


def test_post_needs_a_csrf_token(step):
    client = Client(enforce_csrf_checks=True)
    where = path("done", step)
    assert client.post(where).status_code == 403
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', client.get(where).content.decode())[1]
    assert client.post(where, {"csrfmiddlewaretoken": token}).status_code == 200
    step.refresh_from_db()
    assert step.state == "done"


def test_history_names_the_owner_and_the_email(goal, step, user, other_user):
    """Even where another person is signed in in that browser."""
    stranger = Client()
    stranger.force_login(other_user)
    stranger.post(path("done", step))
    event = step.events.order_by("-pgh_id").first()
    assert event.pgh_context == {"user": user.pk, "way": "mail"}
    assert {row.who for row in list_changes(goal.plan, user).rows if row.differences} == {"you, from an email"}


def test_post_is_activity_and_get_is_not(step, user, client):
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
def test_only_actions_of_the_target_have_a_page(ruled, client, about, answers):
    row = only_step(ruled) if about in {ActionTarget.STEP, ActionTarget.UNRATED} else ruled
    for answer in ("done", "week", "stuck", "let-go", "confirm", "worth"):
        status = client.get(path(answer, row, about, TODAY)).status_code
        assert status == (200 if answer in answers else 404), answer


def test_closed_archived_or_deleted_target_is_explained(goal, step, user, client):
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


def test_change_between_check_and_lock_is_explained(step):
    """As when two devices answer at the same moment."""
    first, second = action_request(step), action_request(step)
    answers.drop(first)
    with pytest.raises(answers.ActionUnavailable) as error:
        answers.complete(second)
    assert error.value.unavailable.code == "dropped"
    step.refresh_from_db()
    assert step.state == "dropped"


def test_expired_and_invalid_links_are_explained(step, client):
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


def test_moved_date_is_shown_on_every_page(step, client):
    where = {answer: path(answer, step) for answer in ("done", "stuck", "let-go")}
    ActionStep.objects.filter(pk=step.pk).update(due_on=date(2027, 4, 1))
    for page in where.values():
        assert "25 Feb 2027" in words(client.get(page))


def test_email_without_a_due_date_shows_no_moved_date(ruled, client):
    for about in (ActionTarget.STOP_RULE, ActionTarget.STEPLESS):
        page = client.get(path("let-go", ruled, about, TODAY))
        assert "30 Jun 2027" in words(page)
        assert not page.context["action"].is_moved


def test_days_are_in_the_owners_zone(user, client):
    """It is the sixth already in their zone."""
    user.time_zone = "Pacific/Kiritimati"
    user.save()
    step = only_step(make_goal(user, step_due_on=date(2027, 3, 6)))
    assert "Today" in words(client.get(path("done", step)))


def test_title_is_escaped(user, client):
    goal = make_goal(user, title="<script>alert(1)</script>")
    assert escape(goal.title) in client.get(path("done", only_step(goal))).content.decode()


def test_number_of_queries_is_constant(user, goal, step, client, django_assert_num_queries):
    for count in (0, 30):
        add_steps(goal, *(f"Step {n}" for n in range(count)))
        for answer, queries in {"done": 4, "week": 6, "stuck": 5, "let-go": 4}.items():
            where = path(answer, step)
            with django_assert_num_queries(queries):
                client.get(where)
        where = path("week", goal)
        with django_assert_num_queries(6):
            client.get(where)
