"""Write, edit, delete and read comments. Both people write by the same rules.

A write locks what it is about, then the mentorship (`lock_live`): it is either before the end of sharing, or refused.
What a mentor may comment on is what is shared then, asked in the same transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from careerplan.conversation.models import Comment, Side
from careerplan.conversation.services.digests import owe_digest, start_of_day
from careerplan.goals.models import ActionStep, Goal
from careerplan.mentoring.mentor.queries import shared_goals, shared_reviews, shared_steps
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.locks import lock_live


class NotShared(ObjectDoesNotExist):
    """The goal, step or review is not shared with this mentor (any more)."""


class TooManyToday(Exception):
    """One person has written as much about one plan today as is allowed."""


class TooLate(Exception):
    """The time to edit or delete is over."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a comment is about: a goal, or a step of it, or a review."""

    goal: int | None = None
    step: int | None = None
    review: int | None = None

    @classmethod
    def of(cls, comment: Comment) -> "Subject":
        return cls(goal=comment.goal_id, step=comment.step_id, review=comment.review_id)

    def is_shared(self, mentorship: Mentorship) -> bool:
        """Return whether the mentor sees it now. One query."""
        if self.review is not None:
            return shared_reviews(mentorship).filter(pk=self.review).exists()
        if self.step is not None:
            return shared_steps(mentorship).filter(pk=self.step, goal=self.goal).exists()
        return self.goal is not None and shared_goals(mentorship).filter(pk=self.goal).exists()


def lock_subject(*, goal: int | None, step: int | None) -> None:
    """Lock a goal, then a step of it, so that undoing or deleting them is over or waits. Two queries at most.

    Otherwise the database would find only at the commit, of either, that something is about what is gone. Before the
    mentorship: an answer of the owner locks its goal, and the mentorship when it is committed.
    """
    if goal is not None:
        Goal.objects.select_for_update(no_key=True).filter(pk=goal).first()
    if step is not None:
        ActionStep.objects.select_for_update(no_key=True).filter(pk=step).first()


@transaction.atomic
def write_comment(
    *,
    mentorship: Mentorship,
    by: Side,
    about: Subject,
    text: str,
    form_key: UUID,
    now: datetime,
    reply_to: Comment | None = None,
) -> Comment:
    """Write a comment, or a reply to one; the other person is told by the next daily email. Idempotent by `form_key`.

    A reply to a reply becomes one to its comment. Raises MentorshipIsOver, NotShared, TooManyToday.
    """
    lock_subject(goal=about.goal, step=about.step)
    live = lock_live(mentorship, now=now)
    if made := live.comments.filter(form_key=form_key).first():
        if (made.text, made.author, Subject.of(made)) == (text, by, about):
            return made
        form_key = uuid4()
    if not about.is_shared(live):
        raise NotShared
    _check_day(live, by, now)
    comment = live.comments.create(
        goal_id=about.goal,
        step_id=about.step,
        review_id=about.review,
        parent_id=(reply_to.parent_id or reply_to.pk) if reply_to else None,
        author=by,
        text=text,
        written_at=now,
        form_key=form_key,
    )
    owe_digest(mentorship=live, recipient=by.other, now=now)
    return comment


def _check_day(mentorship: Mentorship, by: Side, now: datetime) -> None:
    since = start_of_day(mentorship, now)
    if mentorship.comments.filter(author=by, written_at__gte=since).count() >= Comment.MOST_A_DAY:
        raise TooManyToday


@transaction.atomic
def edit_comment(*, comment: Comment, by: Side, text: str, now: datetime) -> Comment:
    """Change the words of a comment within a day. One that was read is marked as edited. Raises MentorshipIsOver,
    NotShared, TooLate.
    """
    locked = _lock_own(comment, by=by, now=now)
    if not locked.can_be_edited(by, now):
        raise TooLate
    if locked.text != text:
        locked.text, locked.edited_at = text, now if locked.read_at else locked.edited_at
        locked.save(update_fields=["text", "edited_at"])
    return locked


@transaction.atomic
def delete_comment(*, comment: Comment, by: Side, now: datetime) -> Comment:
    """Delete the words of a comment: its author for a month, the owner of the plan at any time. Idempotent.

    Who wrote it and when stays. The owner may delete after the mentorship has ended. Raises MentorshipIsOver,
    NotShared, TooLate.
    """
    locked = _lock_own(comment, by=by, now=now)
    if locked.deleted_at is not None:
        return locked
    if not locked.can_be_deleted(by, now):
        raise TooLate
    locked.text, locked.deleted_at = "", now
    locked.save(update_fields=["text", "deleted_at"])
    return locked


def _lock_own(comment: Comment, *, by: Side, now: datetime) -> Comment:
    """Lock a comment for its change; for a mentor only while they see what it is about.

    Raises NotShared also where it was deleted since, with the goal that it is about.
    """
    if by == Side.MENTOR:
        live = lock_live(comment.mentorship, now=now)
        if not Subject.of(comment).is_shared(live):
            raise NotShared
    rows = Comment.objects.select_for_update(of=("self",)).select_related("mentorship")
    locked = rows.filter(pk=comment.pk).first()
    if locked is None:
        raise NotShared
    return locked


def mark_read(*, by: Side, comments: Collection[int], now: datetime) -> None:
    """Record that a person opened the page with these comments of the other one. No query without any."""
    if comments:
        Comment.objects.unread_by(by).filter(pk__in=comments).update(read_at=now)
