"""Answering a mail without signing in: what the pages show, what their buttons do, and what happened meanwhile."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from careerplan.goals import services
from careerplan.goals.models import ActionStep, Change, Evaluation, Goal
from careerplan.goals.queries import what_changed
from careerplan.plans.models import Plan
from careerplan.reminders.answers import services as answers
from careerplan.reminders.answers.links import About, link_maker
from careerplan.reminders.answers.queries import find_asked
from careerplan.reminders.models import Presence
from tests.factories.goals import add_steps, make_goal, make_reading, only_step
from tests.reminders.test_mail import everything

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 5, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def goal(user) -> Goal:
    """Due 30 June; its step is late by eight days."""
    return make_goal(user, step_due_on=date(2027, 2, 25), title="Lead 12 shifts")


@pytest.fixture
def step(goal) -> ActionStep:
    return only_step(goal)


def link(row: Goal | ActionStep, about: About | None = None, due_on: date | None = None) -> str:
    user = (row.goal if isinstance(row, ActionStep) else row).plan.user
    about = about or (About.STEP if isinstance(row, ActionStep) else About.GOAL)
    make = link_maker(user_id=user.pk, address=user.email, mailed_on=TODAY)
    return make(about, row.pk, due_on or row.due_on)


def path(answer: str, *args) -> str:
    return reverse(f"answer:{answer}", args=[link(*args)])


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1]).split())


def shown_day(response) -> str:
    return re.search(r'name="to" value="([^"]+)"', response.content.decode())[1]


def asked(row, *args):
    return find_asked(link(row, *args), NOW)


def test_a_step_is_marked_done_by_the_button_only(step, client):
    where = path("done", step)
    before = everything()
    page = client.get(where)
    assert page.status_code == 200
    assert {"Mark done", step.title, "Goal: Lead 12 shifts"} <= {
        part for part in ("Mark done", step.title, "Goal: Lead 12 shifts") if part in words(page)
    }
    assert everything() == before
    done = client.post(where)
    step.refresh_from_db()
    assert (done.status_code, step.state, step.done_at) == (200, "done", NOW)
    assert "Was it worth your time and effort?" in words(done)
    assert "last open step" in words(done)


def test_twice_is_once(step, client):
    where = path("done", step)
    client.post(where)
    before = everything()
    for again in (client.get(where), client.post(where)):
        assert "This is already done" in words(again)
        assert "It was marked done on 5 Mar 2027." in words(again)
        assert step.goal.get_absolute_url() in again.content.decode()
    assert everything() == before


def test_nobody_is_signed_in_and_nothing_else_of_the_plan_is_shown(step, user, client):
    goal = step.goal
    Goal.objects.filter(pk=goal.pk).update(why="Secret why", closing_note="Secret note", learned="Secret lesson")
    ActionStep.objects.filter(pk=step.pk).update(details="Secret details")
    make_goal(user, title="Secret other goal")
    add_steps(goal, "Secret other step")
    make_reading(goal, 7, note="Secret reading")
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


def test_the_verdict_is_given_without_signing_in_too(step, client):
    where = path("worth", step)
    assert "This step is not done" in words(client.get(where))
    client.post(path("done", step))
    assert client.get(where).status_code == 200
    wrong = client.post(where, {"learned": "Ask earlier."})
    assert "Choose a figure from 1 to 5" in words(wrong)
    assert "Ask earlier." in wrong.content.decode()
    assert client.post(where, {"worth": "4", "hours_spent": "1,5", "learned": "Ask earlier."}).status_code == 200
    step.refresh_from_db()
    assert (step.evaluation.worth, step.evaluation.hours_spent) == (4, Decimal("1.5"))
    again = client.post(where, {"worth": "1"})
    assert "This is already rated" in words(again)
    step.evaluation.refresh_from_db()
    assert step.evaluation.worth == 4


def test_a_verdict_begun_in_the_app_is_not_shown_without_signing_in_and_not_lost(step, client):
    """A mail may be in other hands; what was typed stays all the same."""
    client.post(path("done", step))
    begun = services.BegunVerdict(hours_spent=Decimal(3), learned="Dr Osei is never there on Mondays.", again="no")
    services.keep_begun_verdict(step=step, begun=begun, now=NOW)
    page = client.get(path("worth", step)).content.decode()
    assert "Osei" not in page
    assert "checked" not in page
    client.post(path("worth", step), {"worth": "4", "learned": "Ask earlier."})
    said = Evaluation.objects.get(step=step)
    assert (said.worth, said.hours_spent, said.again) == (4, 3, "no")
    assert said.learned == "Dr Osei is never there on Mondays.\n\nAsk earlier."


def test_a_late_step_moves_a_week_from_today(step, client):
    where = path("week", step)
    page = client.get(where)
    assert "The due date will move from 25 Feb 2027 to 12 Mar 2027 ." in words(page)
    client.post(where, {"to": shown_day(page)})
    step.refresh_from_db()
    assert (step.due_on, step.due_set_at) == (date(2027, 3, 12), NOW)
    again = client.get(where)
    assert "The e-mail spoke of 25 Feb 2027. The date is 12 Mar 2027 now." in words(again)
    client.post(where, {"to": "2027-03-19"})
    step.refresh_from_db()
    assert step.due_on == date(2027, 3, 12)


def test_moving_a_step_leaves_all_else_of_it_as_it_is(step, client):
    step = services.update_step(
        step=step,
        data=services.StepData(
            title="Ask",
            due_on=step.due_on,
            details="By phone",
            kind="people",
            effort_hours=Decimal(2),
            resources=(services.ResourceData(kind="person", description="Dr Osei"),),
        ),
        now=NOW,
    )
    client.post(path("week", step), {"to": "2027-03-12"})
    step.refresh_from_db()
    assert (step.title, step.details, step.kind, step.effort_hours) == ("Ask", "By phone", "people", 2)
    assert [resource.description for resource in step.resources.all()] == ["Dr Osei"]


def test_a_step_never_moves_past_its_goal_and_the_page_says_so(user, client):
    goal = make_goal(user, due_on=date(2027, 3, 9), step_due_on=date(2027, 3, 6))
    step = only_step(goal)
    page = client.get(path("week", step))
    assert "A week later would be 13 Mar 2027 . That is after the goal's due date" in words(page)
    assert shown_day(page) == "2027-03-09"
    client.post(path("week", step), {"to": "2027-03-09"})
    step.refresh_from_db()
    assert step.due_on == goal.due_on
    stays = client.get(path("week", step))
    assert "It cannot move: the goal itself is due 9 Mar 2027" in words(stays)
    assert "<button" not in stays.content.decode().split("<main")[1]


def test_the_page_says_that_the_new_day_lies_in_a_pause_or_a_full_week(user, goal, step, client):
    goal.plan.hours_a_week = Decimal(3)
    goal.plan.save()
    ActionStep.objects.filter(pk=step.pk).update(effort_hours=Decimal(30))
    pause = services.PauseData(starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 20), reason="exams", note="")
    services.start_pause(plan=goal.plan, data=pause, form_key=goal.form_key, now=NOW)
    page = words(client.get(path("week", step)))
    assert "The new day lies in your pause, until 20 Mar 2027" in page
    assert re.search(r"The week of 8 Mar would hold \d+ of your 3 hours\.", page)


def test_what_was_shown_is_what_is_done(step, client):
    page = client.post(path("week", step), {"to": "2027-03-11"})
    assert "Something has changed since this page was opened" in words(page)
    step.refresh_from_db()
    assert step.due_on == date(2027, 2, 25)


def test_a_goal_moves_with_its_steps_and_a_reason(goal, step, client):
    [second] = add_steps(goal, "Lead the first")
    where = path("week", goal)
    page = client.get(where)
    assert "7 Jul 2027" in words(page)
    assert "Lead the first" in words(page)
    client.post(where, {"to": shown_day(page), "move_steps": "on", "reason": "waiting"})
    goal.refresh_from_db()
    second.refresh_from_db()
    step.refresh_from_db()
    assert (goal.due_on, second.due_on, step.due_on) == (date(2027, 7, 7), date(2027, 7, 7), date(2027, 3, 4))
    change = goal.changes.get()
    assert (change.reason, change.note, change.steps_moved) == (Change.Reason.WAITING, "From the e-mail.", 2)


def test_a_goal_moves_without_a_reason_and_without_its_steps(goal, step, client):
    client.post(path("week", goal), {"to": "2027-07-07"})
    assert goal.changes.get().reason == Change.Reason.OTHER
    step.refresh_from_db()
    assert step.due_on == date(2027, 2, 25)


def test_the_history_says_that_the_owner_did_it_from_an_e_mail(goal, step, user, other_user):
    """Whoever else is signed in in that browser."""
    somebody = Client()
    somebody.force_login(other_user)
    somebody.post(path("done", step))
    event = step.events.order_by("-pgh_id").first()
    assert event.pgh_context == {"user": user.pk, "way": "mail"}
    assert {row.who for row in what_changed(goal.plan, user).rows if row.differences} == {"you, from an e-mail"}


def test_answering_is_a_sign_of_life_and_looking_is_none(step, user, client):
    client.get(path("done", step))
    assert not Presence.objects.filter(user=user).exists()
    client.post(path("done", step))
    assert Presence.objects.get(user=user).seen_at == NOW


def test_who_is_stuck_plans_a_smaller_step_before_it(goal, step, client):
    add_steps(goal, "Later")
    where = path("stuck", step)
    page = client.get(where)
    answers = {
        "form_key": re.search(r'name="form_key" value="([^"]+)"', page.content.decode())[1],
        "step_due_on": re.search(r'name="step_due_on" value="([^"]+)"', page.content.decode())[1],
    }
    assert answers["step_due_on"] == "2027-03-08"
    wrong = client.post(where, {**answers, "step_title": "Ask the secretary"})
    assert "Say in a few words what keeps you from it." in words(wrong)
    assert "Ask the secretary" in wrong.content.decode()
    answers |= {"blocker": "No answer from <Dr Osei>", "step_title": "Ask the secretary"}
    for _ in range(2):  # a double click makes one
        assert "Ask the secretary" in words(client.post(where, answers))
    titles = list(goal.steps.order_by("position").values_list("title", flat=True))
    assert titles == ["Ask the secretary", "Ask for two late shifts", "Later"]
    step.refresh_from_db()
    assert step.details == "Stuck on 5 Mar 2027: No answer from <Dr Osei>"
    assert step.is_open


def test_the_app_shows_what_is_in_the_way(goal, step, signed_in):
    data = {"blocker": "No <answer>", "step_title": "Ask again", "step_due_on": "2027-03-08", "form_key": goal.form_key}
    ActionStep.objects.filter(pk=step.pk).update(details="By phone", form_key=step.events.first().pgh_id and "0" * 32)
    signed_in.post(path("stuck", step), data)
    page = signed_in.get(goal.get_absolute_url()).content.decode()
    assert "Stuck on 5 Mar 2027: No &lt;answer&gt;<br>By phone" in page


def test_a_goal_is_stuck_itself(goal, step, client):
    data = {"blocker": "No money", "step_title": "Ask for a grant", "step_due_on": "2027-03-08"}
    client.post(path("stuck", goal), {**data, "form_key": "6b0c0e9e-6d6c-4a55-8f52-000000000001"})
    new = goal.steps.order_by("position").first()
    assert (new.title, new.details) == ("Ask for a grant", "Stuck on 5 Mar 2027: No money")


def test_a_goal_without_a_step_gets_one(goal, step, client):
    services.complete_step(step=step, now=NOW)
    where = path("stuck", goal, About.STEPLESS, TODAY)
    assert "What is in the way" not in words(client.get(where))
    form = {"step_title": "Ask for a date", "step_due_on": "2027-03-08"}
    client.post(where, {**form, "form_key": "6b0c0e9e-6d6c-4a55-8f52-000000000002"})
    assert ActionStep.objects.open().get().title == "Ask for a date"
    assert "There is a next step already" in words(client.get(where))


def test_where_the_goal_is_late_no_step_is_planned_after_it(user, client):
    goal = make_goal(user, due_on=date(2027, 3, 1), step_due_on=date(2027, 2, 25))
    page = client.get(path("stuck", only_step(goal)))
    assert "The goal was due 1 Mar 2027" in words(page)
    assert "<form" not in page.content.decode().split("<main")[1]
    data = {"blocker": "Ill", "step_title": "Rest", "step_due_on": "2027-03-08"}
    client.post(path("stuck", goal), {**data, "form_key": "6b0c0e9e-6d6c-4a55-8f52-000000000003"})
    assert goal.steps.count() == 1


def test_details_that_are_full_are_not_cut(step, client):
    ActionStep.objects.filter(pk=step.pk).update(details="x" * 3990)
    data = {"blocker": "No money", "step_title": "Ask", "step_due_on": "2027-03-08"}
    page = client.post(path("stuck", step), {**data, "form_key": "6b0c0e9e-6d6c-4a55-8f52-000000000004"})
    assert "The details of this step are full" in words(page)
    assert step.goal.steps.count() == 1


def test_a_step_is_let_go(step, client):
    where = path("let-go", step)
    assert "will be dropped" in words(client.get(where))
    client.post(where)
    step.refresh_from_db()
    assert step.state == "dropped"
    for answer in ("let-go", "done", "week", "stuck"):
        assert "This step was let go" in words(client.post(path(answer, step)))
    step.refresh_from_db()
    assert step.state == "dropped"


def test_a_goal_is_let_go_with_a_word_about_it(goal, client):
    client.post(path("let-go", goal), {"closing_note": "Other things matter more."})
    goal.refresh_from_db()
    assert (goal.state, goal.closing_note) == ("let_go", "Other things matter more.")
    assert "It was closed on 5 Mar 2027: let go." in words(client.get(path("let-go", goal)))


def test_a_goal_measured_by_a_figure_is_not_called_reached_by_default(goal, client):
    where = path("done", goal)
    page = client.get(where)
    assert "From 0 to 12 shifts." in words(page)
    assert "checked" not in page.content.decode()
    assert "Choose whether it is reached, or reached in part." in words(client.post(where))
    client.post(where, {"outcome": "partly", "final_value": "8", "closing_note": "Good enough"})
    goal.refresh_from_db()
    assert (goal.state, goal.closing_note, goal.readings.get().value) == ("partly", "Good enough", 8)


def test_what_was_said_at_an_earlier_closing_stays_where_nothing_is_said(goal, client):
    said = services.ClosingWords(closing_note="First time", learned="Much", worth=3)
    services.close_goal(goal=goal, outcome=Goal.State.PARTLY, words=said, today=TODAY, now=NOW)
    services.reopen_goal(goal=goal)
    client.post(path("done", goal), {"outcome": "achieved"})
    goal.refresh_from_db()
    assert (goal.state, goal.closing_note, goal.learned, goal.worth) == ("achieved", "First time", "Much", 3)


@pytest.mark.parametrize("outcome", ["active", "let_go", "nonsense"])
def test_reached_is_no_other_state(goal, client, outcome):
    client.post(path("done", goal), {"outcome": outcome})
    goal.refresh_from_db()
    assert goal.state == "active"


@pytest.fixture
def ruled(user) -> Goal:
    goal = make_goal(user)
    goal.stop_on, goal.stop_unless = TODAY, "two shifts are agreed"
    goal.save()
    return goal


def test_a_stop_rule_is_answered(ruled, client):
    rule = (ruled, About.STOP_RULE, TODAY)
    page = client.get(path("so", *rule))
    assert "You wanted to drop it unless: two shifts are agreed" in words(page)
    client.post(path("so", *rule))
    ruled.refresh_from_db()
    assert (ruled.is_active, ruled.stop_answered_at) == (True, NOW)
    for answer in ("so", "week", "let-go"):
        assert "This is already answered" in words(client.post(path(answer, *rule)))
    ruled.refresh_from_db()
    assert ruled.is_active


def test_a_stop_rule_is_given_a_week(ruled, client):
    rule = (ruled, About.STOP_RULE, TODAY)
    page = client.get(path("week", *rule))
    client.post(path("week", *rule), {"to": shown_day(page)})
    ruled.refresh_from_db()
    assert ruled.stop_on == date(2027, 3, 12)
    assert ruled.changes.get().note == "From the e-mail."
    assert "The date has been moved already" in words(client.get(path("week", *rule)))
    assert "The date has been moved already" in words(client.post(path("so", *rule)))
    assert "This goal is closed" not in words(client.get(path("let-go", *rule)))


@pytest.mark.parametrize(
    ("about", "answers"),
    [
        (About.STEP, {"done", "week", "stuck", "let-go", "worth"}),
        (About.UNRATED, {"worth"}),
        (About.GOAL, {"done", "week", "stuck", "let-go"}),
        (About.STEPLESS, {"done", "stuck", "let-go"}),
        (About.STOP_RULE, {"so", "week", "let-go"}),
    ],
)
def test_only_answers_that_fit_have_a_page(ruled, client, about, answers):
    row = only_step(ruled) if about in {About.STEP, About.UNRATED} else ruled
    for answer in ("done", "week", "stuck", "let-go", "so", "worth"):
        status = client.get(path(answer, row, about, TODAY)).status_code
        assert status == (200 if answer in answers else 404), answer


def test_what_was_closed_archived_or_deleted_meanwhile_is_told(goal, step, user, client):
    paths = [path(answer, row) for answer in ("done", "week", "stuck", "let-go") for row in (goal, step)]
    services.close_goal(goal=goal, outcome=Goal.State.ACHIEVED, today=TODAY, now=NOW)
    for where in paths:
        assert "closed on 5 Mar 2027: reached." in words(client.post(where))
    services.reopen_goal(goal=goal)
    Plan.objects.filter(pk=goal.plan_id).update(state="archived", archived_at=NOW)
    before = everything()
    for where in paths:
        assert "This belongs to an earlier plan" in words(client.post(where))
    assert everything() == before
    user.plans.all().delete()
    for where in paths:
        page = client.get(where)
        assert page.status_code == 410
        assert "It is not in your plan any more" in words(page)


def test_what_happens_between_the_look_and_the_lock_is_told(step):
    """As when two devices answer at the same moment."""
    first, second = asked(step), asked(step)
    answers.drop(first)
    with pytest.raises(answers.Meanwhile) as told:
        answers.complete(second)
    assert told.value.told.heading == "This step was let go"
    step.refresh_from_db()
    assert step.state == "dropped"


def test_an_old_link_and_a_wrong_one_say_what_to_do(step, client):
    where = path("done", step)
    with time_machine.travel(NOW + timedelta(days=15)):
        old = client.post(where)
    assert (old.status_code, "This link has expired" in words(old)) == (410, True)
    wrong = client.post(where.replace(f"s{step.pk}.", f"s{step.pk + 1}."))
    assert (wrong.status_code, "This link does not work" in words(wrong)) == (404, True)
    for page in (old, wrong):
        assert "Sign in to see what is due" in words(page)
        assert reverse("dashboard:today") in page.content.decode()
    step.refresh_from_db()
    assert step.is_open


def test_a_date_that_was_moved_is_said_on_every_page(step, client):
    where = {answer: path(answer, step) for answer in ("done", "stuck", "let-go")}
    ActionStep.objects.filter(pk=step.pk).update(due_on=date(2027, 4, 1))
    for page in where.values():
        assert "The e-mail spoke of 25 Feb 2027" in words(client.get(page))


def test_a_question_spoke_of_no_due_date(ruled, client):
    for about in (About.STOP_RULE, About.STEPLESS):
        page = words(client.get(path("let-go", ruled, about, TODAY)))
        assert "Due 30 Jun 2027" in page
        assert "The e-mail spoke of" not in page


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
        for answer, queries in {"done": 4, "week": 6, "stuck": 4, "let-go": 4}.items():
            where = path(answer, step)
            with django_assert_num_queries(queries):
                client.get(where)
        where = path("week", goal)
        with django_assert_num_queries(6):
            client.get(where)
