"""A comment of a mentor or of the owner, about a goal, a step or a review."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from careerplan.conversation.triggers import only_about_the_owners_plan, only_one_level
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.goals.models import ActionStep, Goal
from careerplan.mentoring.models import Mentorship
from careerplan.reviews.models import Review

TEXT_LENGTH = 2000


class Side(models.TextChoices):
    """Who of the two wrote something."""

    OWNER = "owner", _("Owner")
    MENTOR = "mentor", _("Mentor")

    @property
    def other(self) -> "Side":
        return Side.MENTOR if self is Side.OWNER else Side.OWNER


class CommentQuerySet(OwnedQuerySet["Comment"]):
    owner_path = "mentorship__owner"

    def present(self) -> "CommentQuerySet":
        """Keep comments that were not deleted."""
        return self.filter(deleted_at=None)

    def unread_by(self, side: Side) -> "CommentQuerySet":
        """Keep what the other one wrote and this one has not opened yet."""
        return self.present().filter(author=side.other, read_at=None)

    def threads(self) -> models.QuerySet[Any]:
        """Keep the comments that begin threads: where somebody wrote last, first. Deleted ones need a reply."""
        replies = Comment.objects.present().filter(parent=OuterRef("pk")).order_by("-written_at", "-pk")
        newest = Subquery(replies.values("written_at")[:1])
        threads = self.filter(Q(deleted_at=None) | Exists(replies), parent=None)
        return threads.annotate(latest_at=Coalesce(newest, "written_at")).order_by("-latest_at", "-pk")

    def threads_from(self, start: int, count: int) -> "CommentQuerySet":
        """Keep some threads with their replies, in the order of `threads`."""
        kept = self.threads().values("pk")[start : start + count]
        return self.filter(Q(pk__in=kept) | Q(parent__in=kept))

    def threads_before(self, pk: int) -> int:
        """Count the threads before that of a comment, or of a reply; 0 for one that is not among these."""
        thread: Any = self.filter(pk=pk).values_list(Coalesce("parent", "pk"), flat=True).first()
        latest = self.threads().filter(pk=thread).values_list("latest_at", flat=True).first()
        if latest is None:
            return 0
        return self.threads().filter(Q(latest_at__gt=latest) | Q(latest_at=latest, pk__gt=thread)).count()


class Comment(models.Model):
    """Plain text of one of the two people of a mentorship. `parent` is set for a reply, which has none itself.

    It is about a goal, or a step of it (then both are set), or a review. `read_at` is when the other person opened its
    page. A deleted one keeps who wrote it and when, without its text. `made_step` is the step that was made from it.
    """

    EDIT_WITHIN: ClassVar = timedelta(days=1)
    DELETE_WITHIN: ClassVar = timedelta(days=30)
    MOST_A_DAY: ClassVar = 40  # of one person about one plan

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="comments")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, null=True, blank=True, related_name="comments")
    step = models.ForeignKey(ActionStep, on_delete=models.CASCADE, null=True, blank=True, related_name="comments")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, null=True, blank=True, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.CharField(_("author"), max_length=6, choices=Side)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True)
    written_at = models.DateTimeField(_("written at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    made_step = models.ForeignKey(
        ActionStep, on_delete=models.SET_NULL, null=True, blank=True, related_name="made_of_comments"
    )
    form_key = models.UUIDField(default=uuid4)  # a double click writes once

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering: ClassVar = ["written_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["mentorship", "author", "written_at"], name="conversation_comment_of_author"),
            models.Index(
                fields=["mentorship", "author"],
                condition=Q(read_at__isnull=True, deleted_at__isnull=True),
                name="conversation_comment_unread",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mentorship", "form_key"], name="conversation_comment_form_key_once"),
            models.CheckConstraint(
                condition=Q(goal__isnull=False, review__isnull=True)
                | Q(goal__isnull=True, step__isnull=True, review__isnull=False),
                name="conversation_comment_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, text__regex=r"\S") | Q(deleted_at__isnull=False, text=""),
                name="conversation_comment_text_unless_deleted",
            ),
            models.CheckConstraint(condition=Q(author__in=["owner", "mentor"]), name="conversation_comment_author"),
        ]
        triggers: ClassVar = [
            immutable_fk("conversation", "mentorship_id"),
            only_about_the_owners_plan(),
            only_one_level(),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.author} {self.written_at:%Y-%m-%d}"

    def can_be_edited(self, by: Side, now: datetime) -> bool:
        """Return whether its author may still change the words."""
        return self.author == by and self.deleted_at is None and now - self.written_at <= self.EDIT_WITHIN

    def can_be_deleted(self, by: Side, now: datetime) -> bool:
        """Return whether a person may delete it: the author for a month, the owner of the plan at any time."""
        in_time = by == Side.OWNER or now - self.written_at <= self.DELETE_WITHIN
        return self.deleted_at is None and in_time and by in (self.author, Side.OWNER)
