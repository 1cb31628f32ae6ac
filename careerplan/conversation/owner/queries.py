"""What an owner reads of conversations: about a goal or a review, with each of the people, and what waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.urls import reverse

from accounts.models import User
from careerplan.conversation.models import Comment, Side, Suggestion
from careerplan.conversation.threads import FIRST_PAGE, AskedPage, Reader, ThreadPage, comment_url, load_page
from careerplan.core.compiled_query import ROW_ID, CompiledQuery, as_text
from careerplan.goals.models import Goal
from careerplan.mentoring.models import Mentorship
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review

MOST_WAITING = 50  # on the page of all
WORDS_SHOWN = 200  # of a comment there
NO_TALK = ThreadPage()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to write to."""

    id: int
    first_name: str


@dataclass(frozen=True, slots=True)
class OwnerSuggestion:
    """An open suggestion: a step, or another day (`due_on`) for one, or for the goal, that is due on `due_before`."""

    id: int
    who: str
    title: str
    due_on: date | None
    is_date: bool
    is_goal_date: bool
    due_before: date | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said about a goal or a review, and who sees it now."""

    people: tuple[Person, ...]
    talk: ThreadPage = NO_TALK
    suggestions: tuple[OwnerSuggestion, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.talk.threads or self.suggestions)


def load_goal_conversation(user: User, goal: Goal, *, now: datetime, asked: AskedPage = FIRST_PAGE) -> Conversation:
    """Load a page of what was said about a goal. One query where the owner has shared with nobody yet, else three;
    one more where there are several pages.
    """
    rows = _mentorships(GOAL_IS_SEEN, user, now, goal.pk, is_open=goal.plan.is_active)
    if not rows:
        return Conversation(())
    open_ones = (
        Suggestion.objects.for_user(user).answerable().filter(goal=goal).select_related("step", "goal", "mentorship")
    )
    suggestions = tuple(_suggestion(row) for row in open_ones)
    return Conversation(_people(rows), _threads(rows, Q(goal=goal), user, now, asked), suggestions)


def load_review_conversation(
    user: User, review: Review, *, now: datetime, asked: AskedPage = FIRST_PAGE
) -> Conversation:
    """Load a page of what was said about a finished review. One query where nobody is invited, else two; one more
    where there are several pages.
    """
    rows = _mentorships(REVIEWS_ARE_SEEN, user, now, review.pk, is_open=review.plan.is_active)
    if not rows:
        return Conversation(())
    return Conversation(_people(rows), _threads(rows, Q(review=review), user, now, asked))


def _who_sees(is_seen: Q) -> CompiledQuery:
    """Return the query of the mentorships that were ever active, and for each whether its mentor sees it now."""

    def build(user: User, now: datetime, _today: date) -> QuerySet[Mentorship, Any]:
        live = Mentorship.objects.live(now).filter(is_seen, pk=OuterRef("pk"))
        rows = Mentorship.objects.for_user(user).filter(accepted_at__isnull=False)
        return rows.values_list("pk", as_text("name"), as_text("role"), Exists(live))

    return CompiledQuery(build, is_planned_once=True)


GOAL_IS_SEEN = _who_sees(Q(shared_goals__goal=ROW_ID))
REVIEWS_ARE_SEEN = _who_sees(Q(shows_reviews=True))


def _mentorships(
    who_sees: CompiledQuery, user: User, now: datetime, row_id: int, *, is_open: bool
) -> list[tuple[Mentorship, bool]]:
    """Return the mentorships with their names, and for each whether its mentor sees the row now. One query."""
    rows = who_sees.fetch(user.pk, now, row_id=row_id)
    return [(Mentorship(pk=pk, name=name, role=role), sees and is_open) for pk, name, role, sees in rows]


def _people(rows: Iterable[tuple[Mentorship, bool]]) -> tuple[Person, ...]:
    return tuple(Person(row.pk, row.first_name) for row, sees in rows if sees)


def _threads(rows: list[tuple[Mentorship, bool]], about: Q, user: User, now: datetime, asked: AskedPage) -> ThreadPage:
    names = {row.pk: row.first_name for row, _sees in rows}
    writable = frozenset(row.pk for row, sees in rows if sees)
    own = Comment.objects.for_user(user).filter(about).select_related("mentorship__owner", "step", "made_step")
    return load_page(own, Reader(Side.OWNER, now, names, writable), asked)


def _suggestion(row: Suggestion) -> OwnerSuggestion:
    moved = row.goal if row.is_goal_date else row.step
    before = moved.due_on if moved else None
    is_new, who = row.read_at is None, row.mentorship.first_name
    return OwnerSuggestion(row.pk, who, row.shown_title, row.due_on, row.is_date, row.is_goal_date, before, is_new)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A comment that is new to the owner, or a suggestion to answer. `title` is that of the goal; "" for a review.

    `words` are the first of the comment, or the step that is suggested or moved; "" for a date of the goal.
    """

    kind: str  # "comment" or "suggestion"
    id: int
    who: str
    goal_id: int | None
    review_id: int | None
    title: str
    at: datetime
    words: str = ""

    @property
    def url(self) -> str:
        """Return the address of it on its page."""
        if self.review_id is not None:
            page = reverse("reviews:detail", args=[self.review_id])
        else:
            page = reverse("goals:detail", args=[self.goal_id])
        return f"{page}#suggestion-{self.id}" if self.kind == "suggestion" else comment_url(page, self.id)


def new_comments(user: User) -> QuerySet[Comment]:
    """Return the unread comments of the active plan, also of somebody who has stopped seeing it since."""
    active = Plan.State.ACTIVE
    comments = Comment.objects.for_user(user).unread_by(Side.OWNER)
    return comments.filter(Q(goal__plan__state=active) | Q(review__plan__state=active))


def open_suggestions(user: User, now: datetime) -> QuerySet[Suggestion]:
    """Return the suggestions for the active plan that people made who still see it, and that have no answer."""
    live = Mentorship.objects.live(now).filter(owner=user)
    suggestions = Suggestion.objects.for_user(user).answerable()
    return suggestions.filter(mentorship__in=live, goal__plan__state=Plan.State.ACTIVE)


def list_waiting(user: User, *, now: datetime, most: int = MOST_WAITING) -> list[Waiting]:
    """List the new comments and open suggestions for the active plan, newest first. One query."""
    comments, suggestions = new_comments(user), open_suggestions(user, now)
    text = CharField()
    columns = ("kind", "id", "name", "goal_id", "review_id", "goal_title", "at", "words")
    found = comments.annotate(
        kind=Value("comment", text),
        name=F("mentorship__name"),
        goal_title=F("goal__title"),
        at=F("written_at"),
        words=Left("text", WORDS_SHOWN),
    ).values_list(*columns)
    found = found.union(
        suggestions.annotate(
            kind=Value("suggestion", text),
            name=F("mentorship__name"),
            review_id=Value(None, Comment._meta.pk),
            goal_title=F("goal__title"),
            at=F("suggested_at"),
            words=Coalesce(NullIf("title", Value("")), "step__title", Value(""), output_field=text),
        ).values_list(*columns),
        all=True,
    ).order_by("-at")
    return [
        Waiting(kind, pk, first_word(name), goal, review, title or "", at, words)
        for kind, pk, name, goal, review, title, at, words in found[:most]
    ]


def first_word(name: str) -> str:
    return next(iter(name.split()), name)
