"""Two tabs: an evaluation, a stop rule, a closing. Nothing typed is lost or overwritten."""

import re
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.forms.base import ActiveGoalForm
from careerplan.goals.models import ActionStep, Change, Evaluation, Goal, ProgressEntry
from careerplan.goals.services.goals import ChangeReason, ClosingNotes, close_goal, extend_stop_rule, reopen_goal
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.progress import EvaluationVersion, evaluate_step
from careerplan.goals.services.steps import complete_step
from careerplan.goals.views.shortcuts import save_with_retry
from tests.conflicts import choose, conflicts_in, shown_in, shown_on
from tests.factories.goals import NOW, make_goal, only_step
from tests.goals.test_changes import ruled_goal
from tests.goals.test_views import VALID

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _on_4_january_2027():
    with time_machine.travel("2027-01-04T12:00:00Z", tick=False):
        yield


def text(response):
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


class TestEvaluation:
    FIRST = {"worth": 2, "hours_spent": Decimal(3), "learned": "Ask earlier."}

    @pytest.fixture
    def step(self, user):
        return complete_step(step=only_step(make_goal(user)), now=NOW)

    def shown(self, client, step):
        return shown_on(client, "goals:step-evaluate", step.pk)

    def post(self, client, step, shown, **typed):
        answers = {"worth": "", "hours_spent": "", "learned": "", **typed}
        return client.post(reverse("goals:step-evaluate", args=[step.pk]), {**shown, **answers})

    @pytest.mark.parametrize("seen", [0, 1])
    def test_field_changed_in_both_tabs_is_a_conflict(self, signed_in, step, seen):
        """Whether the second tab was opened before the first evaluation or after it."""
        if seen:
            evaluate_step(step=step, changes={"worth": 1, "learned": "Nothing."}, now=NOW)
        shown = self.shown(signed_in, step)
        evaluate_step(step=step, changes=self.FIRST, now=NOW)
        asked = self.post(signed_in, step, shown, worth="5", learned="Breathe.")
        assert [text[:1] for text in conflicts_in(asked)["worth"][1:]] == ["2", "5"]
        assert "Breathe.</textarea>" in asked.content.decode()
        assert Evaluation.objects.get().worth == 2
        answers = {"worth": "5", "hours_spent": "3", "learned": "Breathe."}
        self.post(signed_in, step, shown_in(asked), **answers, **choose(asked.context["form"], "mine"))
        kept = Evaluation.objects.get()
        assert (kept.worth, kept.hours_spent, kept.learned) == (5, Decimal(3), "Breathe.")

    def test_untouched_field_keeps_the_value_of_the_other_tab(self, signed_in, step):
        shown = self.shown(signed_in, step)
        evaluate_step(step=step, changes=self.FIRST, now=NOW)
        told = self.post(signed_in, step, shown, worth="2", would_repeat="yes")
        assert told.status_code == 302
        kept = Evaluation.objects.get()
        assert (kept.hours_spent, kept.learned, kept.would_repeat) == (Decimal(3), "Ask earlier.", "yes")

    def test_stored_value_can_be_kept(self, signed_in, step):
        shown = self.shown(signed_in, step)
        evaluate_step(step=step, changes=self.FIRST, now=NOW)
        answers = {"worth": "5", "hours_spent": "3", "learned": "Ask earlier.", "would_repeat": "no"}
        asked = self.post(signed_in, step, shown, **answers)
        self.post(signed_in, step, shown_in(asked), **answers, **choose(asked.context["form"], "other"))
        assert (Evaluation.objects.get().worth, Evaluation.objects.get().would_repeat) == (2, "no")

    def test_service_refuses_a_stale_version(self, step):
        evaluate_step(step=step, changes=self.FIRST, now=NOW)
        with pytest.raises(StaleObjectError):
            evaluate_step(step=step, changes={"worth": 5}, version=EvaluationVersion(0, None), now=NOW)
        assert Evaluation.objects.get().worth == 2


class TestStopRule:
    def post(self, client, goal, shown, **typed):
        answers = {"reason": "waiting", "change_note": "The room is taken.", **typed}
        return client.post(reverse("goals:stop-rule-later", args=[goal.pk]), {**shown, **answers})

    def test_date_moved_in_both_tabs_is_a_conflict(self, signed_in, user):
        goal = ruled_goal(user)
        shown = shown_on(signed_in, "goals:stop-rule-later", goal.pk)
        why = ChangeReason(reason="life")
        extend_stop_rule(goal=goal, stop_on=date(2027, 4, 1), reason=why, now=NOW)
        asked = self.post(signed_in, goal, shown, stop_on="2027-05-01")
        assert conflicts_in(asked) == {"stop_on": ("1 Mar 2027", "1 Apr 2027", "1 May 2027")}
        assert "The room is taken.</textarea>" in asked.content.decode()
        assert Goal.objects.get().stop_on == date(2027, 4, 1)
        self.post(signed_in, goal, shown, stop_on="2027-05-01", **choose(asked.context["form"], "mine"))
        assert Goal.objects.get().stop_on == date(2027, 5, 1)
        assert list(Change.objects.values_list("note", flat=True)) == ["The room is taken.", ""]

    def test_stop_rule_removed_in_another_tab_keeps_input(self, signed_in, user):
        goal = ruled_goal(user)
        shown = shown_on(signed_in, "goals:stop-rule-later", goal.pk)
        Goal.objects.update(stop_on=None, stop_condition="")
        said = self.post(signed_in, goal, shown, stop_on="2027-05-01")
        assert "The stop rule was removed in another tab." in text(said)
        assert "The room is taken.</textarea>" in said.content.decode()


class TestClosedMeanwhile:
    NOTE = "This goal was closed in another tab"

    def close(self, client, goal, route="let-go", **typed):
        answers = {"closing_note": "It is not for me.", "learned": "", "shown": "closing_note=&learned=&worth="}
        return client.post(reverse(f"goals:{route}", args=[goal.pk]), {**answers, **typed})

    def end(self, goal, **words):
        closing = ClosingNotes(**words)
        close_goal(goal=goal, outcome=Goal.State.PARTLY, notes=closing, today=TODAY, now=NOW)

    def test_goal_closed_differently_in_another_tab_keeps_input(self, signed_in, user):
        goal = make_goal(user)
        self.end(goal, closing_note="Half of it.")
        said = self.close(signed_in, goal)
        assert self.NOTE in text(said)
        assert "Partly reached on 4 Jan 2027." in text(said)
        assert "It is not for me.</textarea>" in said.content.decode()
        assert Goal.objects.get().closing_note == "Half of it."
        asked = self.close(signed_in, goal, reopen="1")
        assert [words[1:] for words in conflicts_in(asked).values()] == [("Half of it.", "It is not for me.")]
        assert 'name="reopen"' in asked.content.decode()
        assert not Goal.objects.get().is_active
        answer = {"reopen": "1", **choose(asked.context["form"], "mine")}
        assert self.close(signed_in, goal, **answer).url == goal.get_absolute_url()
        closed = Goal.objects.get()
        assert (closed.state, closed.closing_note) == (Goal.State.LET_GO, "It is not for me.")

    def test_double_click_is_no_conflict(self, signed_in, user):
        goal = make_goal(user)
        for _ in range(2):
            assert self.close(signed_in, goal, final_value="4").url == goal.get_absolute_url()
        assert (Goal.objects.get().closing_note, ProgressEntry.objects.count()) == ("It is not for me.", 1)

    def test_different_final_value_is_a_conflict(self, signed_in, user):
        goal = make_goal(user)
        self.close(signed_in, goal, final_value="4")
        assert 'value="7"' in self.close(signed_in, goal, final_value="7").content.decode()

    def test_closing_notes_of_another_tab_are_not_overwritten_after_reopening(self, signed_in, user):
        goal = make_goal(user)
        self.end(goal, closing_note="Half of it.", worth=3)
        reopen_goal(goal=goal)
        asked = self.close(signed_in, goal)
        assert [words[1:] for words in conflicts_in(asked).values()] == [("Half of it.", "It is not for me.")]
        assert Goal.objects.get().is_active
        self.close(signed_in, goal, **shown_in(asked), worth="3", **choose(asked.context["form"], "mine"))
        closed = Goal.objects.get()
        assert (closed.state, closed.closing_note, closed.worth) == (Goal.State.LET_GO, "It is not for me.", 3)

    FORMS = [
        ("goals:edit", {**VALID, "why": "For the team."}, "For the team."),
        ("goals:move", {"due_on": "2027-07-30", "reason": "life", "change_note": "No room."}, "No room."),
        ("goals:record", {"value": "3", "note": "With Karen", "form_key": str(uuid4())}, "With Karen"),
        (
            "goals:step-new",
            {"step_title": "Book it", "step_due_on": "2027-02-01", "details": "Two hours", "form_key": str(uuid4())},
            "Two hours",
        ),
        (
            "goals:step-edit",
            {"step_title": "Book it", "step_due_on": "2027-02-01", "details": "Two hours"},
            "Two hours",
        ),
    ]

    @pytest.mark.parametrize(("route", "typed", "words"), FORMS)
    def test_edit_of_a_goal_closed_meanwhile_keeps_input_and_saves_after_reopening(
        self, signed_in, user, route, typed, words
    ):
        goal = make_goal(user)
        step = only_step(goal)
        seen = step if route == "goals:step-edit" else goal
        address = reverse(route, args=[seen.pk])
        typed = {**shown_on(signed_in, route, seen.pk), "form_key": str(uuid4()), "shown_due": "2027-07-30", **typed}
        self.end(goal)
        said = signed_in.post(address, typed)
        assert (said.status_code, self.NOTE in text(said), words in said.content.decode()) == (200, True, True)
        assert 'name="reopen"' in said.content.decode()
        assert not Goal.objects.get().is_active
        response = signed_in.post(address, {**typed, "reopen": "1"}, follow=True)
        assert Goal.objects.get().is_active
        assert words in signed_in.get(address).content.decode() + response.content.decode()

    def test_stop_rule_of_a_goal_closed_meanwhile_keeps_input(self, signed_in, user):
        goal = ruled_goal(user)
        shown = shown_on(signed_in, "goals:stop-rule-later", goal.pk)
        self.end(goal)
        typed = {**shown, "stop_on": "2027-05-01", "reason": "waiting", "change_note": "No room."}
        address = reverse("goals:stop-rule-later", args=[goal.pk])
        said = signed_in.post(address, typed)
        assert self.NOTE in text(said)
        assert "No room.</textarea>" in said.content.decode()
        signed_in.post(address, {**typed, "reopen": "1"})
        assert (Goal.objects.get().is_active, Change.objects.get().note) == (True, "No room.")

    def test_form_whose_goal_is_closed_again_each_time_is_not_called_saved(self, user, rf):
        goal = make_goal(user)

        def make():
            self.end(goal)
            form = ActiveGoalForm(QueryDict("reopen=1"))
            form.goal = Goal.objects.get()
            return form

        with pytest.raises(GoalIsClosed):
            save_with_retry(rf.post("/"), make, lambda form: pytest.fail("the goal is closed"))

    def test_conflict_is_resolved_before_a_closed_goal_is_reopened(self, signed_in, user):
        goal = make_goal(user)
        shown = shown_on(signed_in, "goals:edit", goal.pk)
        Goal.objects.update(title="Said elsewhere")
        self.end(goal)
        address = reverse("goals:edit", args=[goal.pk])
        typed = {**VALID, "why": "", "title": "Said here", **shown}
        assert self.NOTE in text(signed_in.post(address, typed))
        asked = signed_in.post(address, {**typed, "reopen": "1"})
        assert conflicts_in(asked) == {"title": ("Lead 12 shifts as nurse in charge", "Said elsewhere", "Said here")}
        assert not Goal.objects.get().is_active
        signed_in.post(address, {**typed, "reopen": "1", **choose(asked.context["form"], "other")})
        assert (Goal.objects.get().is_active, Goal.objects.get().title) == (True, "Said elsewhere")

    def test_invalid_form_does_not_reopen_a_goal(self, signed_in, user):
        goal = make_goal(user)
        self.end(goal)
        address = reverse("goals:step-new", args=[goal.pk])
        signed_in.post(address, {"step_title": "", "reopen": "1", "form_key": str(uuid4())})
        assert (Goal.objects.get().is_active, ActionStep.objects.count()) == (False, 1)

    def test_input_of_an_expired_session_is_kept(self, signed_in, user, monkeypatch):
        goal = make_goal(user)
        self.end(goal)
        address = reverse("goals:move", args=[goal.pk])
        assert "You can read it but not change it" in signed_in.get(address, follow=True).content.decode()
