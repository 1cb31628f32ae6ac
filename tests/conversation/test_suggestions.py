"""Suggestions of a mentor: nothing changes until the owner takes one; and comments that become steps; and undo."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from careerplan.conversation.models import Suggestion
from careerplan.conversation.services.comments import NotShared, TooManyToday, delete_comment
from careerplan.conversation.services.made_steps import AlreadyMade, UndoTaken, make_step, undo_taken
from careerplan.conversation.services.suggestions import (
    AlreadyAnswered,
    TooManyOpen,
    decline,
    take_date,
    take_step,
    withdraw,
)
from careerplan.goals.models import ActionStep
from careerplan.goals.services.steps import complete_step, update_step
from careerplan.mentoring.models import MentoringEmail
from careerplan.mentoring.services.locks import MentorshipIsOver
from tests.conversation.test_comments import end
from tests.factories.conversation import propose, say, share_with_mentor
from tests.factories.goals import NOW, add_steps, make_goal, only_step

pytestmark = pytest.mark.django_db
DAY, SOON = timedelta(days=1), date(2027, 2, 1)


@pytest.fixture
def goal(user):
    return make_goal(user)


@pytest.fixture
def mentorship(user, goal):
    return share_with_mentor(user, goal)


def titles(goal):
    return list(goal.steps.order_by("position").values_list("title", "due_on"))


def test_nothing_changes_until_the_owner_takes_it(mentorship, goal):
    before = titles(goal)
    suggestion = propose(mentorship, goal, "Rehearse", due_on=SOON)
    assert titles(goal) == before
    step = take_step(suggestion=suggestion, changes={"title": "Rehearse", "due_on": SOON}, now=NOW)
    assert titles(goal) == [("Rehearse", SOON), *before]
    suggestion.refresh_from_db()
    assert (suggestion.answer, suggestion.made_step) == ("taken", step)
    assert take_step(suggestion=suggestion, changes={"title": "Rehearse", "due_on": SOON}, now=NOW) == step
    with pytest.raises(AlreadyAnswered):
        decline(suggestion=suggestion, line="", now=NOW)


def test_a_suggestion_is_taken_with_other_words_or_declined_with_a_line(mentorship, goal):
    take_step(suggestion=propose(mentorship, goal), changes={"title": "Rehearse once", "due_on": None}, now=NOW)
    declined = decline(suggestion=propose(mentorship, goal), line="Not now.", now=NOW)
    assert decline(suggestion=declined, line="Again.", now=NOW).answer_line == "Not now."
    with pytest.raises(AlreadyAnswered):
        take_step(suggestion=declined, changes={"title": "x", "due_on": None}, now=NOW)
    back = withdraw(suggestion=propose(mentorship, goal), now=NOW)
    assert list(Suggestion.objects.values_list("answer", flat=True)) == ["changed", "declined", "withdrawn"]
    assert withdraw(suggestion=back, now=NOW).answer == "withdrawn"
    assert MentoringEmail.objects.filter(recipient="mentor").count() == 1  # of that day, for both answers


def test_a_date_moves_when_taken_and_a_new_one_replaces_it(mentorship, goal):
    step = only_step(goal)
    first = propose(mentorship, goal, "", step=step.pk, due_on=SOON)
    second = propose(mentorship, goal, "", step=step.pk, due_on=SOON + DAY)
    with pytest.raises(AlreadyAnswered):
        take_date(suggestion=first, due_on=SOON, now=NOW)
    assert take_date(suggestion=second, due_on=SOON + DAY, now=NOW).due_on == SOON + DAY
    assert list(Suggestion.objects.values_list("answer", flat=True)) == ["withdrawn", "taken"]


def test_only_what_is_shared_active_and_open_can_be_suggested(user, mentorship, goal):
    hidden, done = make_goal(user, title="Hidden"), add_steps(goal, "Done before")[0]
    repeating = add_steps(goal, "Weekly", due_on=SOON, repeats="weekly:1:1")[0]
    complete_step(step=done, now=NOW)
    for where, values in (
        (hidden, {}),
        (goal, {"title": "", "step": only_step(hidden).pk, "due_on": SOON}),
        (goal, {"title": "", "step": done.pk, "due_on": SOON}),
        (goal, {"title": "", "step": repeating.pk, "due_on": SOON}),
    ):
        with pytest.raises(NotShared):
            propose(mentorship, where, **values)
    suggestion = propose(mentorship, goal)
    assert list(Suggestion.objects.answerable()) == [suggestion]
    type(goal).objects.filter(pk=goal.pk).update(state="reached", closed_at=NOW)
    assert list(Suggestion.objects.answerable()) == []
    with pytest.raises(NotShared):
        propose(mentorship, goal)


def test_suggestions_are_bounded_and_end_with_sharing(mentorship, goal, monkeypatch):
    monkeypatch.setattr(Suggestion, "MOST_OPEN", 2)
    monkeypatch.setattr(Suggestion, "MOST_A_DAY", 3)
    one, _two = propose(mentorship, goal), propose(mentorship, goal)
    with pytest.raises(TooManyOpen):
        propose(mentorship, goal)
    withdraw(suggestion=one, now=NOW)
    two = propose(mentorship, goal)
    withdraw(suggestion=two, now=NOW)
    with pytest.raises(TooManyToday):
        propose(mentorship, goal)
    end(mentorship)
    with pytest.raises(MentorshipIsOver):
        propose(mentorship, goal, now=NOW + DAY)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"title": ""}, "step_or_day"),
        ({"answer": "taken"}, "answered_at"),
        ({"answer_line": "No."}, "answered_at"),
    ],
)
def test_the_database_refuses(mentorship, goal, change, rule):
    made = propose(mentorship, goal)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Suggestion.objects.filter(pk=made.pk).update(**change)


def test_a_comment_becomes_one_step_and_undo_takes_it_back(user, mentorship, goal):
    asked = only_step(goal)
    comment = say(mentorship, goal, "Thursday after clinic?")
    type(comment).objects.filter(pk=comment.pk).update(step=asked)
    values = {"goal": goal, "changes": {"title": "Rehearse", "due_on": SOON}, "finishes": True, "form_key": uuid4()}
    step = make_step(comment=comment, now=NOW, **values)
    assert make_step(comment=comment, now=NOW, **values) == step
    with pytest.raises(AlreadyMade):
        make_step(comment=comment, now=NOW, **{**values, "form_key": uuid4()})
    asked.refresh_from_db()
    comment.refresh_from_db()
    assert (asked.state, comment.made_step) == ("done", step)
    record = UndoTaken(step=step.pk, version=step.version, finished=asked.pk)
    assert undo_taken(user=user, record=record)
    assert not undo_taken(user=user, record=record)
    asked.refresh_from_db()
    comment.refresh_from_db()
    assert (asked.state, comment.made_step, goal.steps.count()) == ("to_do", None, 1)
    delete_comment(comment=comment, by="mentor", now=NOW)
    with pytest.raises(AlreadyMade):
        make_step(comment=comment, now=NOW, **values)


def test_undo_opens_a_suggestion_again_unless_the_step_has_changed(user, other_user, mentorship, goal):
    suggestion, asked = propose(mentorship, goal), only_step(goal)
    step = take_step(suggestion=suggestion, changes={"title": "Rehearse twice", "due_on": None}, now=NOW)
    record = UndoTaken(step=step.pk, version=step.version, suggestion=suggestion.pk)
    assert not undo_taken(user=other_user, record=record)
    update_step(step=step, changes={"details": "At noon"}, now=NOW)
    assert not undo_taken(user=user, record=record)
    step.refresh_from_db()
    assert undo_taken(user=user, record=UndoTaken(step=step.pk, version=step.version, suggestion=suggestion.pk))
    suggestion.refresh_from_db()
    assert suggestion.answer == ""
    moved = propose(mentorship, goal, "", step=asked.pk, due_on=SOON)
    after = take_date(suggestion=moved, due_on=SOON, now=NOW + DAY)
    after.refresh_from_db()  # the database counts its versions
    before = UndoTaken(
        step=asked.pk, version=after.version, suggestion=moved.pk, due_on=asked.due_on, due_set_at=asked.due_set_at
    )
    assert undo_taken(user=user, record=before)
    assert ActionStep.objects.get(pk=asked.pk).due_on == asked.due_on
    moved.refresh_from_db()
    assert moved.answer == ""
