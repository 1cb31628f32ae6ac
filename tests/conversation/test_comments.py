"""Comments of both: who may write where and when, one level of replies, limits, and what the database refuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from careerplan.conversation.models import Comment, Side
from careerplan.conversation.services.comments import (
    NotShared,
    Subject,
    TooLate,
    TooManyToday,
    delete_comment,
    edit_comment,
    mark_read,
    write_comment,
)
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.locks import MentorshipIsOver
from careerplan.reminders.models import Preferences
from tests.factories.conversation import say, share_with_mentor
from tests.factories.goals import NOW, make_goal, only_step
from tests.factories.reviews import make_finished_review

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def goal(user):
    return make_goal(user)


@pytest.fixture
def mentorship(user, goal):
    return share_with_mentor(user, goal)


def test_both_write_and_a_reply_to_a_reply_stays_on_one_level(mentorship, goal):
    first = say(mentorship, goal, "Leave the slides.")
    answer = say(mentorship, goal, "I did.", by=Side.OWNER, reply_to=first)
    again = say(mentorship, goal, "Good.", reply_to=answer)
    assert [answer.parent_id, again.parent_id] == [first.pk, first.pk]
    assert list(Comment.objects.unread_by(Side.OWNER)) == [first, again]
    mark_read(by=Side.OWNER, comments=[first.pk, again.pk, answer.pk], now=NOW)
    assert list(Comment.objects.unread_by(Side.OWNER)) == []
    assert list(Comment.objects.unread_by(Side.MENTOR)) == [answer]


def test_a_comment_that_is_sent_twice_is_written_once(mentorship, goal):
    key = uuid4()
    first, second = (say(mentorship, goal, "Once.", form_key=key) for _ in range(2))
    other = say(mentorship, goal, "Other words.", form_key=key)
    assert first == second != other


def test_a_mentor_comments_on_what_is_shared_and_nothing_else(user, mentorship, goal, other_user):
    step, hidden, foreign = only_step(goal), make_goal(user, title="Hidden"), make_goal(other_user)
    review = make_finished_review(user)
    write = {"mentorship": mentorship, "text": "x", "now": NOW}
    for by in Side:
        for about in (
            Subject(goal=hidden.pk),
            Subject(goal=foreign.pk),
            Subject(goal=goal.pk, step=only_step(hidden).pk),
            Subject(review=review.pk),
        ):
            with pytest.raises(NotShared):
                write_comment(by=by, about=about, form_key=uuid4(), **write)
    Mentorship.objects.update(shows_reviews=True)
    for about in (Subject(goal=goal.pk, step=step.pk), Subject(review=review.pk)):
        assert Subject.of(write_comment(by=Side.MENTOR, about=about, form_key=uuid4(), **write)) == about
    mentorship.shared_goals.all().delete()
    with pytest.raises(NotShared):
        say(mentorship, goal)


def end(mentorship):
    Mentorship.objects.filter(pk=mentorship.pk).update(state="ended", end_reason="stopped", ended_at=NOW, place=None)


def test_after_the_end_nobody_writes_and_the_owner_may_still_delete(mentorship, goal):
    comment = say(mentorship, goal)
    end(mentorship)
    for change in (
        lambda: say(mentorship, goal),
        lambda: edit_comment(comment=comment, by=Side.MENTOR, text="Other.", now=NOW),
        lambda: delete_comment(comment=comment, by=Side.MENTOR, now=NOW),
    ):
        with pytest.raises(MentorshipIsOver):
            change()
    assert delete_comment(comment=comment, by=Side.OWNER, now=NOW + 90 * DAY).text == ""


def test_editing_takes_a_day_and_deleting_a_month(mentorship, goal):
    mine = say(mentorship, goal, "Old.", by=Side.OWNER)
    assert edit_comment(comment=mine, by=Side.OWNER, text="New.", now=NOW + HOUR).edited_at is None
    mark_read(by=Side.MENTOR, comments=[mine.pk], now=NOW)
    assert edit_comment(comment=mine, by=Side.OWNER, text="Newer.", now=NOW + DAY).edited_at == NOW + DAY
    theirs = say(mentorship, goal)
    for by, comment, late in ((Side.OWNER, mine, DAY + HOUR), (Side.OWNER, theirs, HOUR), (Side.MENTOR, mine, HOUR)):
        with pytest.raises(TooLate):
            edit_comment(comment=comment, by=by, text="No.", now=NOW + late)
    for comment, late in ((theirs, 30 * DAY + HOUR), (mine, HOUR)):
        with pytest.raises(TooLate):
            delete_comment(comment=comment, by=Side.MENTOR, now=NOW + late)
    gone = delete_comment(comment=theirs, by=Side.MENTOR, now=NOW + 30 * DAY)
    assert (gone.text, gone.author, gone.written_at) == ("", "mentor", NOW)
    assert delete_comment(comment=theirs, by=Side.MENTOR, now=NOW + 60 * DAY).deleted_at == NOW + 30 * DAY


def test_a_day_has_a_limit_for_each(mentorship, goal, monkeypatch):
    monkeypatch.setattr(Comment, "MOST_A_DAY", 2)
    say(mentorship, goal, now=NOW - DAY)
    say(mentorship, goal, by=Side.OWNER)
    say(mentorship, goal)
    delete_comment(comment=say(mentorship, goal), by=Side.MENTOR, now=NOW)
    with pytest.raises(TooManyToday):
        say(mentorship, goal)
    assert say(mentorship, goal, by=Side.OWNER)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"text": " \n"}, "text_unless_deleted"),
        ({"deleted_at": NOW}, "text_unless_deleted"),
        ({"author": "system"}, "author"),
    ],
)
def test_the_database_refuses(mentorship, goal, change, rule):
    comment = say(mentorship, goal)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**change)


def test_the_database_keeps_comments_in_their_place(user, other_user, mentorship, goal):
    comment, other = say(mentorship, goal), make_goal(user)
    reply = say(mentorship, goal, reply_to=comment)
    elsewhere = share_with_mentor(other_user, make_goal(other_user))
    for row, change, rule in (
        (comment, {"goal": make_goal(other_user)}, "about_the_owners_plan"),
        (comment, {"review": make_finished_review(user)}, "about_one_thing"),
        (comment, {"step": only_step(other)}, "about_the_owners_plan"),
        (comment, {"made_step": only_step(other)}, "about_the_owners_plan"),
        (comment, {"mentorship": elsewhere}, "immutable_mentorship_id"),
        (reply, {"parent": reply}, "one_level"),
        (reply, {"goal": other}, "one_level"),
    ):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Comment.objects.filter(pk=row.pk).update(**change)


def owed(recipient):
    rows = MentoringEmail.objects.filter(recipient=recipient, kind="conversation")
    return list(rows.order_by("occasion").values_list("occasion", "not_before__hour"))


def test_one_email_a_day_is_owed_at_the_time_of_day_of_each(user, mentorship, goal):
    Preferences.objects.update_or_create(user=user, defaults={"hour": 18})
    for hours in (0, 1, 7, 9):  # NOW is noon in London
        say(mentorship, goal, now=NOW + hours * HOUR)
        say(mentorship, goal, now=NOW + hours * HOUR, by=Side.OWNER)
    assert owed("owner") == [("2027-01-04", 18), ("2027-01-05", 18)]
    assert owed("mentor") == [("2027-01-05", 8)]
    MentoringEmail.objects.filter(recipient="mentor").update(state="sent", sent_at=NOW + 20 * HOUR)
    say(mentorship, goal, by=Side.OWNER, now=NOW + 19 * HOUR)  # it has left before its time
    assert owed("mentor") == [("2027-01-05", 8), ("2027-01-06", 8)]


def test_comments_go_with_their_goal_and_step(mentorship, goal):
    about_step = Subject(goal=goal.pk, step=only_step(goal).pk)
    say(mentorship, goal, about=about_step)
    say(mentorship, goal, reply_to=say(mentorship, goal))
    goal.delete()
    assert Comment.objects.count() == 0
