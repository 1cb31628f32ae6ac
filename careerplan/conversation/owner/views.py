"""The owner's pages for comments: write, reply, edit, delete, what waits, and the daily email."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.conversation.attempts import attempt
from careerplan.conversation.forms import WordsForm
from careerplan.conversation.models import Comment, Side, StoppedDigest
from careerplan.conversation.owner.panels import comment_form
from careerplan.conversation.owner.queries import list_waiting, load_goal_conversation, load_review_conversation
from careerplan.conversation.owner.stop_links import user_of_link
from careerplan.conversation.services.comments import (
    NotShared,
    Subject,
    TooLate,
    TooManyToday,
    delete_comment,
    edit_comment,
    write_comment,
)
from careerplan.conversation.services.digests import resume_digests, stop_digests
from careerplan.core.forms import form_data
from careerplan.core.post_only import post_only
from careerplan.goals.models import ActionStep, Goal
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.locks import MentorshipIsOver
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review

METHODS = ["GET", "HEAD", "POST"]
# What a person reads where a write was refused; the words stay in the form.
REFUSED = {
    MentorshipIsOver: gettext_lazy("They no longer see your plan. Nothing was sent."),
    NotShared: gettext_lazy("They do not see this. Nothing was sent."),
    TooManyToday: gettext_lazy("You have written a lot today. Send this tomorrow."),
    TooLate: gettext_lazy("It is too late to change this comment."),
}


def save_or_show(request: HttpRequest, form: Any, write: Callable[[], object], back: str, **words: Any) -> HttpResponse:
    """Save a form of words and go back to `back`, or show it on a page of its own."""
    if request.method == "POST" and form.is_valid():
        refusal = attempt(write, REFUSED)
        if not refusal:
            messages.success(request, words["done"])
            return redirect(back)
        form.add_error(None, refusal)
    return render(request, "conversation/write.html", {"section": "goals", "form": form, "back": back, **words})


def own_comment(request: AuthenticatedRequest, pk: int) -> Comment:
    """Return a comment about the user's plan, by either of the two, that was not deleted; else raise 404."""
    own = Comment.objects.for_user(request.user).present()
    return get_object_or_404(own.select_related("mentorship__owner", "goal__plan", "step", "review"), pk=pk)


def place_of(comment: Comment) -> str:
    """Return the address of the page that a comment is on."""
    if comment.review_id is not None:
        return f"{reverse('reviews:detail', args=[comment.review_id])}#comments"
    return f"{reverse('goals:detail', args=[comment.goal_id])}#comments"


@require_http_methods(METHODS)
def comment_goal(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Write a comment on a goal or one of its steps, to somebody who sees it."""
    own = Goal.objects.for_user(request.user).filter(plan__state=Plan.State.ACTIVE)
    goal = get_object_or_404(own.select_related("plan"), pk=pk)
    steps = list(ActionStep.objects.open().filter(goal=goal).order_by("position"))
    found = load_goal_conversation(request.user, goal, now=timezone.now())
    form = comment_form(found, steps, form_data(request))
    return _comment(request, form, lambda step: Subject(goal=pk, step=step), f"{goal.get_absolute_url()}#comments")


@require_http_methods(METHODS)
def comment_review(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Write a comment on a finished review, to somebody who sees it."""
    own = Review.objects.for_user(request.user).finished().select_related("plan")
    review = get_object_or_404(own, pk=pk)
    form = comment_form(load_review_conversation(request.user, review, now=timezone.now()), [], form_data(request))
    back = f"{reverse('reviews:detail', args=[pk])}#comments"
    return _comment(request, form, lambda step: Subject(review=pk), back)


def _comment(
    request: AuthenticatedRequest, form: Any, subject: Callable[[int | None], Subject], back: str
) -> HttpResponse:
    if form is None:
        messages.error(request, REFUSED[NotShared])
        return redirect(back)

    def write() -> None:
        data = form.cleaned_data
        mentorship = Mentorship.objects.for_user(request.user).get(pk=form.mentorship())
        write_comment(
            mentorship=mentorship, by=Side.OWNER, about=subject(form.step()), text=data["text"],
            form_key=data["form_key"], now=timezone.now(),
        )  # fmt: skip

    return save_or_show(request, form, write, back, heading=_("Comment"), button=_("Send"), done=_("Comment sent."))


@require_http_methods(METHODS)
def reply(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Reply to a comment."""
    comment = own_comment(request, pk)
    label = _("Reply to %(name)s") % {"name": comment.mentorship.first_name}
    form = WordsForm(form_data(request), label=_("Your reply"))

    def write() -> None:
        data = form.cleaned_data
        write_comment(
            mentorship=comment.mentorship, by=Side.OWNER, about=Subject.of(comment), text=data["text"],
            reply_to=comment, form_key=data["form_key"], now=timezone.now(),
        )  # fmt: skip

    words = {"heading": label, "button": _("Send"), "done": _("Comment sent."), "quoted": comment.text}
    return save_or_show(request, form, write, place_of(comment), **words)


@require_http_methods(METHODS)
def edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Change the words of one's own comment, within a day."""
    comment = own_comment(request, pk)
    if comment.author != Side.OWNER:
        raise Http404
    form = WordsForm(form_data(request), label=_("Your comment"), initial={"text": comment.text})

    def write() -> None:
        edit_comment(comment=comment, by=Side.OWNER, text=form.cleaned_data["text"], now=timezone.now())

    words = {"heading": _("Edit comment"), "button": _("Save"), "done": _("Comment saved.")}
    return save_or_show(request, form, write, place_of(comment), **words)


@post_only(gettext_lazy("Delete"), "conversation:waiting", gettext_lazy("Go to your comments"))
def delete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Delete a comment: one's own, or one of somebody else about one's plan."""
    comment = get_object_or_404(Comment.objects.for_user(request.user).select_related("mentorship__owner"), pk=pk)
    refusal = attempt(lambda: delete_comment(comment=comment, by=Side.OWNER, now=timezone.now()), REFUSED)
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("Comment deleted."))
    return redirect(place_of(comment))


@require_safe
def waiting(request: AuthenticatedRequest) -> HttpResponse:
    """List new comments and suggestions to answer."""
    context = {
        "section": "people",
        "rows": list_waiting(request.user, now=timezone.now()),
        "is_stopped": StoppedDigest.objects.for_user(request.user).exists(),
    }
    return render(request, "conversation/waiting.html", context)


@post_only(gettext_lazy("Stop these emails"), "conversation:waiting", gettext_lazy("Go to your comments"))
def emails(request: AuthenticatedRequest) -> HttpResponse:
    """Stop the daily email about comments, or turn it on again."""
    if "resume" in request.POST:
        resume_digests(user=request.user)
        messages.success(request, _("You get emails about comments again."))
    else:
        stop_digests(user=request.user, now=timezone.now())
        messages.success(request, _("You get no more emails about comments."))
    return redirect("conversation:waiting")


@csrf_exempt  # a mail client posts without cookie or token (RFC 8058); the signed link is the permission
@login_not_required
@require_http_methods(METHODS)
def stop_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the daily email of the user whom the link names. GET asks, POST stops."""
    try:
        user = user_of_link(token)
    except BadSignature as error:
        raise Http404 from error
    if request.method == "POST":
        stop_digests(user=user, now=timezone.now())
    response = render(request, "conversation/stop.html", {"is_stopped": request.method == "POST"})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
