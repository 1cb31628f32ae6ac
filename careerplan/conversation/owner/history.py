"""What the history of a plan tells of comments and suggestions: who and about what, never the words."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.conversation.models import Comment, Side, Suggestion
from careerplan.core.sentences import isolate
from careerplan.planning.queries.told_days import ToldChange
from careerplan.plans.models import Plan


def tell_conversation(plan: Plan) -> Iterator[tuple[date, ToldChange]]:
    """Yield who commented on what, once a day, and which suggestions were taken. Two queries."""
    about_plan = Q(goal__plan=plan) | Q(review__plan=plan)
    comments = Comment.objects.for_user(plan.user).present().filter(about_plan)
    told = {
        (timezone.localdate(row.written_at), _comment_text(row)): None
        for row in comments.select_related("mentorship", "goal").order_by("written_at", "pk")
    }
    taken = Suggestion.objects.for_user(plan.user).filter(
        goal__plan=plan, answer__in=(Suggestion.Answer.TAKEN, Suggestion.Answer.CHANGED)
    )
    for row in taken.select_related("mentorship", "goal").order_by("answered_at", "pk"):
        words = {"name": isolate(row.mentorship.display_name), "goal": isolate(row.goal.title)}
        text = _("You took a suggestion from %(name)s for “%(goal)s”.") % words
        told[timezone.localdate(row.answered_at), text] = None
    for day, text in told:
        yield day, ToldChange(text)


def _comment_text(comment: Comment) -> str:
    words = {"name": isolate(comment.mentorship.display_name)}
    is_own = comment.author == Side.OWNER
    if comment.goal is None:
        text = _("You wrote to %(name)s about a review.") if is_own else _("%(name)s commented on a review.")
        return text % words
    words["goal"] = isolate(comment.goal.title)
    text = _("You wrote to %(name)s about “%(goal)s”.") if is_own else _("%(name)s commented on “%(goal)s”.")
    return text % words
