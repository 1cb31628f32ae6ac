"""The section "Comments" on the owner's pages of a goal and of a review."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from careerplan.conversation.models import Side
from careerplan.conversation.owner.forms import OwnerCommentForm
from careerplan.conversation.owner.queries import (
    Conversation,
    load_goal_conversation,
    load_review_conversation,
)
from careerplan.conversation.services import comments, suggestions
from careerplan.conversation.threads import asked_page, new_ids
from careerplan.goals.models import ActionStep
from careerplan.goals.queries.goal_page import GoalPage
from careerplan.reviews.models import Review


def goal_talk(request: HttpRequest, page: GoalPage) -> SafeString:
    """Render what was said about a goal, and what was suggested; nothing where nobody sees or saw it.

    What is new counts as read then.
    """
    now = timezone.now()
    found = load_goal_conversation(cast("User", request.user), page.goal, now=now, asked=asked_page(request.GET))
    if not found:
        return mark_safe("")
    _mark_read(request, found, now)
    form = comment_form(found, page.open_steps)
    context = {"conversation": found, "goal": page.goal, "form": form, "today": timezone.localdate(now)}
    return render_to_string("conversation/_goal.html", context, request)


def review_talk(request: HttpRequest, review: Review) -> SafeString:
    """Render what was said about a review; nothing where nobody sees or saw it."""
    now = timezone.now()
    found = load_review_conversation(cast("User", request.user), review, now=now, asked=asked_page(request.GET))
    if not found:
        return mark_safe("")
    _mark_read(request, found, now)
    context = {"conversation": found, "review": review, "form": comment_form(found, [])}
    return render_to_string("conversation/_review.html", context, request)


def _mark_read(request: HttpRequest, found: Conversation, now: datetime) -> None:
    if request.method == "GET":
        comments.mark_read(by=Side.OWNER, comments=new_ids(found.talk.threads), now=now)
        suggestions.mark_read(suggestions=[one.id for one in found.suggestions if one.is_new], now=now)


def comment_form(
    found: Conversation, steps: list[ActionStep], data: QueryDict | None = None
) -> OwnerCommentForm | None:
    """Return the form for a comment; None where nobody sees it now, unless words were sent: they stay."""
    if not found.people and data is None:
        return None
    return OwnerCommentForm(data, people=found.people, steps=[(step.pk, step.title) for step in steps])
