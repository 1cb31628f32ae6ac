"""What a mentor reads of a conversation: their own, about what is shared with them now."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from careerplan.conversation.models import Comment, Side, Suggestion
from careerplan.conversation.models.comment import CommentQuerySet
from careerplan.conversation.models.suggestion import SuggestionQuerySet
from careerplan.conversation.threads import FIRST_PAGE, AskedPage, Reader, ThreadPage, comment_url, load_page
from careerplan.mentoring.mentor.queries import (
    MentorReview,
    load_mentor_reviews,
    shared_goals,
    shared_reviews,
    shared_steps,
)
from careerplan.mentoring.models import Mentorship

ANSWERS_SHOWN = 3
ANSWERS = (Suggestion.Answer.TAKEN, Suggestion.Answer.CHANGED, Suggestion.Answer.DECLINED)


@dataclass(frozen=True, slots=True)
class MentorSuggestion:
    """A suggestion of this mentor, and what became of it."""

    id: int
    title: str
    due_on: date | None
    is_date: bool
    is_goal_date: bool
    is_open: bool
    answer: str
    answer_words: str
    line: str
    is_new: bool


def visible_comments(mentorship: Mentorship) -> CommentQuerySet:
    """Return the comments of a mentorship on what its mentor sees now."""
    rows = mentorship.comments.filter(
        Q(goal__in=shared_goals(mentorship)) | Q(review__in=shared_reviews(mentorship).values("pk"))
    )
    return rows.select_related("mentorship__owner", "step", "made_step")


def visible_suggestions(mentorship: Mentorship) -> SuggestionQuerySet:
    """Return the suggestions of a mentorship for goals that its mentor sees now."""
    return mentorship.suggestions.filter(goal__in=shared_goals(mentorship)).select_related("step", "goal")


def load_threads(mentorship: Mentorship, *, now: datetime, asked: AskedPage = FIRST_PAGE, **subject: int) -> ThreadPage:
    """Load a page of the comments on a goal (`goal`) or a review (`review`)."""
    owner = mentorship.owner
    names = {mentorship.pk: owner.first_name or owner.name}
    reader = Reader(Side.MENTOR, now, names, frozenset([mentorship.pk]))
    rows: CommentQuerySet = visible_comments(mentorship).filter(**subject)
    return load_page(rows, reader, asked)


def load_suggestions(mentorship: Mentorship, *, goal: int) -> list[MentorSuggestion]:
    """Load the open suggestions for a goal and the newest answers, newest first. One query."""
    rows = visible_suggestions(mentorship).filter(goal=goal).exclude(answer=Suggestion.Answer.WITHDRAWN)
    newest = list(rows.order_by("-suggested_at", "-id")[: Suggestion.MOST_OPEN + ANSWERS_SHOWN])
    answered = [row for row in newest if row.answer][:ANSWERS_SHOWN]
    return [_show(row) for row in newest if not row.answer or row in answered]


def _show(row: Suggestion) -> MentorSuggestion:
    return MentorSuggestion(
        id=row.pk,
        title=row.shown_title,
        due_on=row.due_on,
        is_date=row.is_date,
        is_goal_date=row.is_goal_date,
        is_open=not row.answer,
        answer=row.answer,
        answer_words=str(row.get_answer_display()),
        line=row.answer_line,
        is_new=bool(row.answer) and row.answer_read_at is None,
    )


def movable_steps(mentorship: Mentorship, *, goal: int) -> list[tuple[int, str]]:
    """List the open steps of a goal whose day a mentor may suggest: those that do not repeat. One query."""
    steps = shared_steps(mentorship).open().filter(goal=goal, repeats="")
    return list(steps.order_by("due_on", "position").values_list("pk", "title"))


@dataclass(frozen=True, slots=True)
class NewTalk:
    """A shared goal or review with something new. `title` is that of the goal; "" for a review.

    `comment_id` is the first new comment, `suggestion_id` the first one that was answered.
    """

    key: UUID
    goal_id: int | None
    review_id: int | None
    title: str
    comment_id: int | None = None
    suggestion_id: int | None = None

    @property
    def is_answer(self) -> bool:
        """Return whether a suggestion was answered."""
        return self.suggestion_id is not None

    @property
    def url(self) -> str:
        """Return the address of what is new."""
        if self.review_id is not None:
            page = reverse("talk:review", args=[self.key, self.review_id])
        else:
            page = reverse("mentor:goal", args=[self.key, self.goal_id])
        return f"{page}#suggestion-{self.suggestion_id}" if self.is_answer else comment_url(page, self.comment_id or 0)


def list_new(mentorship: Mentorship) -> list[NewTalk]:
    """List the goals and reviews with comments or answers that are new to the mentor. Two queries."""
    comments = visible_comments(mentorship).unread_by(Side.MENTOR).order_by("goal", "review", "written_at", "pk")
    rows = comments.distinct("goal", "review").values_list("goal", "review", "goal__title", "pk")
    key = mentorship.key
    found = [NewTalk(key, goal, review, title or "", comment_id=pk) for goal, review, title, pk in rows]
    answers = visible_suggestions(mentorship).filter(answer__in=ANSWERS, answer_read_at=None)
    goals = answers.order_by("goal", "-suggested_at", "-pk").distinct("goal").values_list("goal", "goal__title", "pk")
    return found + [NewTalk(key, goal, None, title, suggestion_id=pk) for goal, title, pk in goals]


def find_comment(mentorship: Mentorship, pk: int) -> Comment | None:
    """Return a comment that this mentor sees. One query."""
    return visible_comments(mentorship).filter(pk=pk).first()


def find_review(mentorship: Mentorship, pk: int) -> MentorReview | None:
    """Return a review that this mentor sees, however old. Four queries."""
    finished = shared_reviews(mentorship).filter(pk=pk).values_list("finished_at", flat=True).first()
    if finished is None:
        return None
    place = shared_reviews(mentorship).filter(finished_at__gte=finished).count()
    return next((one for one in load_mentor_reviews(mentorship, limit=place) if one.id == pk), None)


def find_suggestion(mentorship: Mentorship, pk: int) -> Suggestion | None:
    """Return a suggestion of this mentor for a goal that they see. One query."""
    return visible_suggestions(mentorship).filter(pk=pk).first()
