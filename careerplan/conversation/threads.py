"""Comments as they are shown: in threads of one level, newest thread first. The same for both people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.conversation.models import Comment, Side
from careerplan.conversation.models.comment import CommentQuerySet
from careerplan.core.http import parse_id

THREADS_A_PAGE = 10
MOST_PAGES = 1000
MOST_NEW = 1000  # that are counted


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment with its replies, as one of the two sees it. `step_title` is the step that it is about.

    `made_step_on` is the day of the step that was made from it (`is_made`); None for one without a day.
    """

    id: int
    who: str
    initials: str
    is_own: bool
    text: str
    written_at: datetime
    today: date
    is_edited: bool
    is_new: bool
    is_deleted: bool
    can_edit: bool
    can_delete: bool
    step_title: str
    is_made: bool
    made_step_on: date | None
    can_reply: bool
    replies: tuple["ShownComment", ...] = ()

    @property
    def day(self) -> date:
        return self.written_at.date()

    @property
    def latest_at(self) -> datetime:
        """Return when somebody wrote last in this thread."""
        return self.replies[-1].written_at if self.replies else self.written_at

    @property
    def is_recent(self) -> bool:
        """Return whether its time of day is worth showing: yesterday or today."""
        return (self.today - self.day).days <= 1


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of threads, counted from 1. `new_elsewhere` are ids of new comments on other pages, oldest first."""

    threads: tuple[ShownComment, ...] = ()
    number: int = 1
    has_older: bool = False
    new_elsewhere: tuple[int, ...] = ()

    @property
    def older(self) -> int | None:
        """Return the number of the page with older threads."""
        return self.number + 1 if self.has_older else None

    @property
    def newer(self) -> int | None:
        """Return the number of the page with newer threads."""
        return self.number - 1 or None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and how the two are called: of the other one by mentorship, because an owner may have several."""

    side: Side
    now: datetime
    names: dict[int, str]
    writable: frozenset[int]  # mentorships in which this one may write about it now

    def show(self, comment: Comment, replies: tuple[ShownComment, ...] = ()) -> ShownComment:
        """Return a comment as this person sees it."""
        is_own, name = comment.author == self.side, self.names[comment.mentorship_id]
        zone = comment.mentorship.owner.zone
        may_write = comment.mentorship_id in self.writable
        may_change = may_write or self.side == Side.OWNER
        step, made = comment.step, comment.made_step
        return ShownComment(
            id=comment.pk,
            who=str(_("You")) if is_own else name,
            initials=initials_of(comment.mentorship.owner.name if comment.author == Side.OWNER else _mentor(comment)),
            is_own=is_own,
            text=comment.text,
            written_at=timezone.localtime(comment.written_at, zone),
            today=timezone.localdate(self.now, zone),
            is_edited=comment.edited_at is not None,
            is_new=not is_own and comment.read_at is None and comment.deleted_at is None,
            is_deleted=comment.deleted_at is not None,
            can_edit=may_write and comment.can_be_edited(self.side, self.now),
            can_delete=may_change and comment.can_be_deleted(self.side, self.now),
            step_title=step.title if step else "",
            is_made=made is not None,
            made_step_on=made.due_on if made else None,
            can_reply=may_write,
            replies=replies,
        )


def _mentor(comment: Comment) -> str:
    return comment.mentorship.display_name


def initials_of(name: str) -> str:
    """Return the first letters of the first and the last name."""
    words = name.split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()


@dataclass(frozen=True, slots=True)
class AskedPage:
    """What an address asks for: a page of threads, or the one that a comment is on when the address is opened."""

    number: int = 1
    comment: int | None = None


FIRST_PAGE = AskedPage()


def asked_page(values: Mapping[str, str]) -> AskedPage:
    """Return which comments an address asks for (`comments`, `comment`); the first page for anything else."""
    asked = values.get("comments", "")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 5 and int(asked)
    return AskedPage(min(int(asked), MOST_PAGES) if is_number else 1, parse_id(values.get("comment", "")))


def comment_url(url: str, comment: int) -> str:
    """Return the address of a comment on a page: threads move to the first page, so no number of a page is in it."""
    return f"{url}?comment={comment}#comment-{comment}"


def load_page(comments: CommentQuerySet, reader: Reader, asked: AskedPage) -> ThreadPage:
    """Load a page of threads, or the first where that one has none.

    One query where all are on it, two more for a page that is asked for, three more for that of a comment. `comments`
    have mentorship, owner, step and made_step with them.
    """
    number = asked.number
    if asked.comment is not None:
        number = comments.threads_before(asked.comment) // THREADS_A_PAGE + 1
    start = (number - 1) * THREADS_A_PAGE
    found = build_threads(comments.threads_from(start, THREADS_A_PAGE + 1), reader)
    if not found and number > 1:
        return load_page(comments, reader, FIRST_PAGE)
    shown, has_older = found[:THREADS_A_PAGE], len(found) > THREADS_A_PAGE
    elsewhere: tuple[int, ...] = ()
    if has_older or number > 1:
        new = comments.unread_by(reader.side).exclude(pk__in=new_ids(shown)).order_by("written_at", "pk")
        elsewhere = tuple(new.values_list("pk", flat=True)[:MOST_NEW])
    return ThreadPage(shown, number, has_older, elsewhere)


def build_threads(comments: Iterable[Comment], reader: Reader) -> tuple[ShownComment, ...]:
    """Return the comments with their replies: the threads where somebody wrote last come first, replies are in order.

    Deleted ones without replies are left out. `comments` are in the order of writing.
    """
    rows = list(comments)
    replies: dict[int, list[Comment]] = {}
    for row in rows:
        if row.parent_id and row.deleted_at is None:
            replies.setdefault(row.parent_id, []).append(row)
    threads = [
        reader.show(row, tuple(reader.show(reply) for reply in replies.get(row.pk, ())))
        for row in rows
        if row.parent_id is None and (row.deleted_at is None or row.pk in replies)
    ]
    return tuple(sorted(threads, key=lambda row: (row.latest_at, row.id), reverse=True))


def new_ids(threads: Iterable[ShownComment]) -> list[int]:
    """Return the ids of what is marked as new."""
    return [row.id for thread in threads for row in (thread, *thread.replies) if row.is_new]
