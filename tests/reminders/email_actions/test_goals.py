"""Email actions on goals: move, stuck, close, stop rule."""

from datetime import date

import pytest

from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.services.goals import ClosingNotes, close_goal, reopen_goal
from careerplan.goals.services.steps import complete_step
from careerplan.reminders.email_actions.links import ActionTarget
from tests.factories.goals import add_steps, make_goal, only_step
from tests.reminders.email_actions.asking import NOW, TODAY, path, shown_day, unavailable, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_at_noon")]


def test_goal_moves_with_its_steps_and_a_reason(goal, step, client):
    [second] = add_steps(goal, "Lead the first")
    where = path("week", goal)
    page = client.get(where)
    assert "7 Jul 2027" in words(page)
    assert "Lead the first" in words(page)
    client.post(where, {"to": shown_day(page), "move_steps": [second.pk, step.pk], "reason": "waiting"})
    goal.refresh_from_db()
    second.refresh_from_db()
    step.refresh_from_db()
    assert (goal.due_on, second.due_on, step.due_on) == (date(2027, 7, 7), date(2027, 7, 7), date(2027, 3, 4))
    change = goal.changes.get()
    assert (change.reason, change.note, change.steps_moved) == (Change.Reason.WAITING, "Moved from an email.", 2)


def test_goal_moves_without_a_reason_and_without_its_steps(goal, step, client):
    client.post(path("week", goal), {"to": "2027-07-07"})
    assert goal.changes.get().reason == Change.Reason.OTHER
    step.refresh_from_db()
    assert step.due_on == date(2027, 2, 25)


def test_step_moves_with_its_goal_only_where_it_is_ticked(goal, step, client):
    [second] = add_steps(goal, "Lead the first")
    page = client.get(path("week", goal))
    assert "checked" not in page.content.decode()
    client.post(path("week", goal), {"to": shown_day(page), "move_steps": [second.pk, "0", "none"]})
    days = dict(goal.steps.values_list("pk", "due_on"))
    assert days == {step.pk: date(2027, 2, 25), second.pk: date(2027, 7, 7)}


def test_app_shows_the_obstacle(goal, step, signed_in):
    data = {"blocker": "No <answer>", "step_title": "Ask again", "step_due_on": "2027-03-08"}
    ActionStep.objects.filter(pk=step.pk).update(details="By phone", form_key=step.events.first().pgh_id and "0" * 32)
    signed_in.post(path("stuck", step), data)
    page = signed_in.get(goal.get_absolute_url()).content.decode()
    assert "Stuck on 5 Mar 2027: No &lt;answer&gt;<br>By phone" in page


def test_stuck_goal_gets_a_smaller_step(goal, step, client):
    data = {"blocker": "No money", "step_title": "Ask for a grant", "step_due_on": "2027-03-08"}
    client.post(path("stuck", goal), data)
    new = goal.steps.order_by("position").first()
    assert (new.title, new.details) == ("Ask for a grant", "Stuck on 5 Mar 2027: No money")
    assert unavailable(client.post(path("stuck", goal), data)) == "answered"
    assert goal.steps.count() == 2


def test_goal_without_step_gets_one(goal, step, client):
    complete_step(step=step, now=NOW)
    where = path("stuck", goal, ActionTarget.STEPLESS, TODAY)
    assert "blocker" not in client.get(where).context["form"].fields
    form = {"step_title": "Ask for a date", "step_due_on": "2027-03-08"}
    client.post(where, form)
    assert ActionStep.objects.open().get().title == "Ask for a date"
    assert unavailable(client.get(where)) == "answered"


def test_goal_with_a_new_step_needs_no_other(goal, step, client):
    assert unavailable(client.get(path("stuck", goal, ActionTarget.STEPLESS, TODAY))) == "has_step"


def test_no_smaller_step_for_a_late_goal(user, client):
    goal = make_goal(user, due_on=date(2027, 3, 1), step_due_on=date(2027, 2, 25))
    page = client.get(path("stuck", only_step(goal)))
    assert "1 Mar 2027" in words(page)
    assert "<form" not in page.content.decode().split("<main")[1]
    data = {"blocker": "Ill", "step_title": "Rest", "step_due_on": "2027-03-08"}
    client.post(path("stuck", goal), data)
    assert goal.steps.count() == 1


def test_goal_is_let_go_with_a_note(goal, client):
    client.post(path("let-go", goal), {"closing_note": "Other things matter more."})
    goal.refresh_from_db()
    assert (goal.state, goal.closing_note) == ("let_go", "Other things matter more.")
    assert unavailable(client.get(path("let-go", goal))) == "closed"


def test_goal_with_a_target_has_no_default_outcome(goal, client):
    where = path("done", goal)
    page = client.get(where)
    assert "From 0 to 12 shifts." in words(page)
    assert "checked" not in page.content.decode()
    assert client.post(where).context["form"].has_error("outcome", "required")
    client.post(where, {"outcome": "partly", "final_value": "8", "closing_note": "Good enough"})
    goal.refresh_from_db()
    assert (goal.state, goal.closing_note, goal.progress_entries.get().value) == ("partly", "Good enough", 8)


def test_empty_notes_leave_those_of_an_earlier_closing(goal, client):
    said = ClosingNotes(closing_note="First time", learned="Much", worth=3)
    close_goal(goal=goal, outcome=Goal.State.PARTLY, notes=said, today=TODAY, now=NOW)
    reopen_goal(goal=goal)
    client.post(path("done", goal), {"outcome": "reached"})
    goal.refresh_from_db()
    assert (goal.state, goal.closing_note, goal.learned, goal.worth) == ("reached", "First time", "Much", 3)


@pytest.mark.parametrize("outcome", ["active", "let_go", "nonsense"])
def test_reached_accepts_no_other_outcome(goal, client, outcome):
    client.post(path("done", goal), {"outcome": outcome})
    goal.refresh_from_db()
    assert goal.state == "active"


def test_stop_rule_is_confirmed(ruled, client):
    rule = (ruled, ActionTarget.STOP_RULE, TODAY)
    page = client.get(path("confirm", *rule))
    assert "two shifts are agreed" in words(page)
    client.post(path("confirm", *rule))
    ruled.refresh_from_db()
    assert (ruled.is_active, ruled.stop_answered_at) == (True, NOW)
    for answer in ("confirm", "week", "let-go"):
        assert unavailable(client.post(path(answer, *rule))) == "answered"
    ruled.refresh_from_db()
    assert ruled.is_active


def test_stop_rule_moves_by_a_week(ruled, client):
    rule = (ruled, ActionTarget.STOP_RULE, TODAY)
    page = client.get(path("week", *rule))
    client.post(path("week", *rule), {"to": shown_day(page)})
    ruled.refresh_from_db()
    assert ruled.stop_on == date(2027, 3, 12)
    assert ruled.changes.get().note == "Moved from an email."
    assert unavailable(client.get(path("week", *rule))) == "moved"
    assert unavailable(client.post(path("confirm", *rule))) == "moved"
    assert "unavailable" not in client.get(path("let-go", *rule)).context
