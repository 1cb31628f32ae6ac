"""What two people do at the same moment: two real connections, one waits for the other."""

import os
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from careerplan.conversation.models import Comment, Side
from careerplan.conversation.services.comments import NotShared, Subject, lock_subject, write_comment
from careerplan.conversation.services.made_steps import UndoTaken, make_step, undo_taken
from careerplan.conversation.services.suggestions import (
    AlreadyAnswered,
    Proposed,
    decline,
    suggest,
    take_date,
    withdraw,
)
from careerplan.goals.models import ActionStep
from careerplan.goals.services.goals import delete_goal
from careerplan.meetings.services.notes import NoteInput, save_notes
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.models.mentorship import PARTS
from careerplan.mentoring.services.invitations import send_invitation
from careerplan.mentoring.services.limits import TooManyToAddress
from careerplan.mentoring.services.sharing import change_sharing
from careerplan.planning.services.new_plan import start_new_plan
from tests.factories.accounts import UserFactory
from tests.factories.conversation import say
from tests.factories.goals import make_goal
from tests.factories.mentoring import make_draft, make_invitation, make_mentorship
from tests.two_connections import first_and_then

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mentorship(db):
    owner = UserFactory()
    return make_mentorship(owner, [make_goal(owner)])


def shared_goal(mentorship):
    return mentorship.shared_goals.get().goal


def made_of_a_comment(mentorship):
    """A step that a comment became, and what undoes that."""
    goal = shared_goal(mentorship)
    changes = {"title": "Rehearse", "due_on": goal.due_on}
    asked = say(mentorship, goal, now=timezone.now())
    key = uuid4()
    step = make_step(comment=asked, goal=goal, changes=changes, finishes=False, form_key=key, now=timezone.now())
    step.refresh_from_db()
    return step, UndoTaken(step=step.pk, version=step.version)


def comment_on(mentorship, step):
    about = Subject(goal=step.goal_id, step=step.pk)
    words = {"text": "Well done.", "form_key": uuid4(), "now": timezone.now()}
    return write_comment(mentorship=mentorship, by=Side.MENTOR, about=about, **words)


def suggest_a_day(mentorship, step):
    proposed = Proposed(goal=step.goal_id, step=step.pk, due_on=step.due_on)
    return suggest(mentorship=mentorship, proposed=proposed, form_key=uuid4(), now=timezone.now())


@pytest.mark.parametrize("write", [comment_on, suggest_a_day])
def test_what_is_written_at_the_moment_of_an_undo_is_refused_or_keeps_the_step(mentorship, write):
    step, record = made_of_a_comment(mentorship)
    assert not first_and_then(
        lambda: write(mentorship, step), lambda: undo_taken(user=mentorship.owner, record=record)
    )  # somebody wrote about it: it stays
    Comment.objects.filter(step=step).delete()
    mentorship.suggestions.all().delete()
    with pytest.raises(NotShared):
        first_and_then(lambda: undo_taken(user=mentorship.owner, record=record), lambda: write(mentorship, step))
    assert not ActionStep.objects.filter(pk=step.pk).exists()


def test_a_comment_at_the_moment_of_a_deletion_goes_with_the_goal_or_is_refused(mentorship):
    goal = shared_goal(mentorship)
    step = goal.steps.get()
    first_and_then(lambda: comment_on(mentorship, step), lambda: delete_goal(goal=goal))
    assert not Comment.objects.exists()
    other = make_goal(mentorship.owner)
    mentorship.shared_goals.create(goal=other, shared_at=timezone.now())
    step = other.steps.get()
    with pytest.raises(NotShared):
        first_and_then(lambda: delete_goal(goal=other), lambda: comment_on(mentorship, step))


# Both lock the goal first. In any other order the database ends one of the two, and what was typed is lost.
def test_notes_wait_for_a_comment_of_the_mentor(mentorship):
    goal = shared_goal(mentorship)
    step = goal.steps.get()
    notes = [
        NoteInput(text="Ask Ben", kind="step", goal=goal, day=goal.due_on),
        NoteInput(text="Earlier", kind="date", step=step, day=goal.due_on),
        NoteInput(text="Agreed", kind="comment", goal=goal),
    ]
    meeting = first_and_then(
        lambda: lock_subject(goal=goal.pk, step=None),
        lambda: save_notes(mentorship=mentorship, form_key=uuid4(), notes=notes, now=timezone.now()),
        lambda: comment_on(mentorship, step),
    )
    assert meeting.notes.count() == len(notes)
    assert Comment.objects.count() == 2


def test_a_comment_becomes_a_step_after_the_reply_to_it(mentorship):
    goal, now = shared_goal(mentorship), timezone.now()
    asked = say(mentorship, goal, now=now)
    changes = {"title": "Rehearse", "due_on": goal.due_on}
    step = first_and_then(
        lambda: say(mentorship, goal, "And?", reply_to=asked, now=now),
        lambda: make_step(comment=asked, goal=goal, changes=changes, finishes=False, form_key=uuid4(), now=now),
    )
    asked.refresh_from_db()
    assert (asked.made_step, asked.replies.count()) == (step, 1)


def take(suggestion, now):
    return take_date(suggestion=suggestion, due_on=suggestion.due_on, now=now)


def turn_down(suggestion, now):
    return decline(suggestion=suggestion, line="", now=now)


def take_back(suggestion, now):
    return withdraw(suggestion=suggestion, now=now).answer


@pytest.mark.parametrize("answer", [take, turn_down, take_back])
def test_an_answer_waits_for_a_suggestion_that_replaces_the_one_answered(mentorship, answer):
    step, now = shared_goal(mentorship).steps.get(), timezone.now()
    asked = suggest_a_day(mentorship, step)
    try:
        became = first_and_then(
            lambda: lock_subject(goal=step.goal_id, step=None),
            lambda: answer(asked, now),
            lambda: suggest_a_day(mentorship, step),
        )
    except AlreadyAnswered:
        became = "refused"
    assert became == ("withdrawn" if answer is take_back else "refused")
    assert mentorship.suggestions.open().count() == 1


def test_what_is_shared_no_more_is_not_carried_into_a_new_plan(mentorship):
    goal, owner, now = shared_goal(mentorship), mentorship.owner, timezone.now()
    shows = dict.fromkeys(PARTS, False)
    carried = {"title": "Next", "closing_notes": "", "carried": {goal.pk}}
    first_and_then(
        lambda: change_sharing(mentorship=mentorship, shows=shows, goals=[], now=now),
        lambda: start_new_plan(plan=goal.plan, **carried, now=now),
    )
    assert owner.plans.count() == 2
    assert not mentorship.shared_goals.exists()


def test_owners_who_invite_an_address_at_once_are_counted_one_after_the_other(db):
    address = {"email": f"sought-after-{os.getpid()}@example.org"}
    for _ in range(settings.INVITATIONS_TO_ADDRESS_A_DAY - 1):
        make_invitation(UserFactory(), **address)
    drafts = [make_draft(UserFactory(), **address) for _ in range(2)]
    with pytest.raises(TooManyToAddress):
        first_and_then(*(lambda draft=one: send_invitation(draft=draft, now=timezone.now()) for one in drafts))
    assert Mentorship.objects.open().filter(**address).count() == settings.INVITATIONS_TO_ADDRESS_A_DAY
