"""Pages of a mentor for comments and suggestions. Each is a page of its own, so that they work without script."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from careerplan.conversation.attempts import attempt
from careerplan.conversation.forms import WordsForm
from careerplan.conversation.mentor.panels import comment_form, suggestion_form
from careerplan.conversation.mentor.queries import find_comment, find_review, find_suggestion, load_threads
from careerplan.conversation.models import Comment, Side, Suggestion
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
from careerplan.conversation.services.suggestions import AlreadyAnswered, TooManyOpen, suggest, withdraw
from careerplan.conversation.threads import asked_page, new_ids
from careerplan.core.http import not_found_if_deleted
from careerplan.core.post_only import post_only
from careerplan.mentoring.mentor.access import mentor_page
from careerplan.mentoring.mentor.closed_pages import closed_page
from careerplan.mentoring.mentor.pages import render_mentor
from careerplan.mentoring.mentor.queries import MentorGoal, load_mentor_goal
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.locks import MentorshipIsOver

METHODS = ["GET", "HEAD", "POST"]

# What a person reads where a write was refused; the words stay in the form.
REFUSED = {
    NotShared: gettext_lazy("This is no longer shared with you. Nothing was sent."),
    TooManyToday: gettext_lazy("You have written a lot today. Send this tomorrow."),
    TooManyOpen: gettext_lazy("Several of your suggestions need an answer. Remove one first."),
    AlreadyAnswered: gettext_lazy("This was answered already."),
    TooLate: gettext_lazy("It is too late to change this comment."),
}


def save_or_show(
    request: HttpRequest, mentorship: Mentorship, form: Any, write: Callable[[], object], back: str, **words: Any
) -> HttpResponse:
    """Save a form of words and go back to `back`, or show it on a page of its own."""
    if request.method == "POST" and form.is_valid():
        try:
            refusal = attempt(write, REFUSED)
        except MentorshipIsOver:
            return closed_page(request, mentorship, now=timezone.now())
        if not refusal:
            messages.success(request, words["done"])
            return redirect(back)
        form.add_error(None, refusal)
    context = {"form": form, "back": back, **words}
    return render_mentor(request, mentorship, "mentor/talk/write.html", context)


def goal_or_404(mentorship: Mentorship, pk: int) -> MentorGoal:
    goal = load_mentor_goal(mentorship, pk, today=timezone.localdate(timezone.now(), mentorship.owner.zone))
    if goal is None:
        raise Http404
    return goal


def comment_or_404(mentorship: Mentorship, pk: int) -> Comment:
    comment = find_comment(mentorship, pk)
    if comment is None or comment.deleted_at is not None:
        raise Http404
    return comment


def goal_url(mentorship: Mentorship, pk: int) -> str:
    return f"{reverse('mentor:goal', args=[mentorship.key, pk])}#comments"


def place_of(mentorship: Mentorship, comment: Comment) -> str:
    """Return the address of the page that a comment is on."""
    if comment.review_id is not None:
        return reverse("talk:review", args=[mentorship.key, comment.review_id])
    return goal_url(mentorship, comment.goal_id or 0)


def owner_name(mentorship: Mentorship) -> dict[str, str]:
    return {"name": mentorship.owner.first_name or mentorship.owner.name}


@mentor_page()
@require_http_methods(METHODS)
def comment_goal(request: HttpRequest, mentorship: Mentorship, pk: int) -> HttpResponse:
    """Write a comment on a goal or one of its steps."""
    goal = goal_or_404(mentorship, pk)
    form = comment_form(mentorship, goal, request.POST if request.method == "POST" else None)

    def write() -> None:
        data = form.cleaned_data
        about = Subject(goal=goal.id, step=form.step())
        write_comment(
            mentorship=mentorship, by=Side.MENTOR, about=about, text=data["text"], form_key=data["form_key"],
            now=timezone.now(),
        )  # fmt: skip

    words = {"heading": goal.title, "button": _("Send"), "done": sent_words(mentorship)}
    return save_or_show(request, mentorship, form, write, goal_url(mentorship, pk), **words)


def sent_words(mentorship: Mentorship) -> str:
    return _("Comment sent. Only you and %(name)s read it.") % owner_name(mentorship)


@mentor_page(place="review")
@require_safe
def review(request: HttpRequest, mentorship: Mentorship, pk: int) -> HttpResponse:
    """Show the summary of a review, and what was said about it."""
    now = timezone.now()
    found = find_review(mentorship, pk)
    if found is None:
        raise Http404
    talk = load_threads(mentorship, now=now, asked=asked_page(request.GET), review=pk)
    if request.method == "GET":
        mark_read(by=Side.MENTOR, comments=new_ids(talk.threads), now=now)
    label = _("Write to %(name)s") % owner_name(mentorship)
    context = {"review": found, "talk": talk, "form": WordsForm(label=label)}
    return render_mentor(request, mentorship, "mentor/talk/review.html", context)


@mentor_page()
@require_http_methods(METHODS)
def comment_review(request: HttpRequest, mentorship: Mentorship, pk: int) -> HttpResponse:
    """Write a comment on a review."""
    if not Subject(review=pk).is_shared(mentorship):
        raise Http404
    label = _("Write to %(name)s") % owner_name(mentorship)
    form = WordsForm(request.POST if request.method == "POST" else None, label=label)

    def write() -> None:
        data = form.cleaned_data
        write_comment(
            mentorship=mentorship, by=Side.MENTOR, about=Subject(review=pk), text=data["text"],
            form_key=data["form_key"], now=timezone.now(),
        )  # fmt: skip

    words = {"heading": label, "button": _("Send"), "done": sent_words(mentorship)}
    return save_or_show(request, mentorship, form, write, reverse("talk:review", args=[mentorship.key, pk]), **words)


@mentor_page()
@require_http_methods(METHODS)
def reply(request: HttpRequest, mentorship: Mentorship, pk: int) -> HttpResponse:
    """Reply to a comment."""
    comment = comment_or_404(mentorship, pk)
    form = WordsForm(request.POST if request.method == "POST" else None, label=_("Your reply"))

    def write() -> None:
        data = form.cleaned_data
        write_comment(
            mentorship=mentorship, by=Side.MENTOR, about=Subject.of(comment), text=data["text"], reply_to=comment,
            form_key=data["form_key"], now=timezone.now(),
        )  # fmt: skip

    words = {"heading": _("Reply"), "button": _("Send"), "done": sent_words(mentorship), "quoted": comment.text}
    return save_or_show(request, mentorship, form, write, place_of(mentorship, comment), **words)


@mentor_page()
@require_http_methods(METHODS)
def edit(request: HttpRequest, mentorship: Mentorship, pk: int) -> HttpResponse:
    """Change the words of one's own comment, within a day."""
    comment = comment_or_404(mentorship, pk)
    if comment.author != Side.MENTOR:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = WordsForm(data, label=_("Your comment"), initial={"text": comment.text})

    def write() -> None:
        edit_comment(comment=comment, by=Side.MENTOR, text=form.cleaned_data["text"], now=timezone.now())

    words = {"heading": _("Edit comment"), "button": _("Save"), "done": _("Comment saved.")}
    return save_or_show(request, mentorship, form, write, place_of(mentorship, comment), **words)


@post_only(gettext_lazy("Delete"), "mentor:invitation", gettext_lazy("Go to the plan"))
@mentor_page()
def delete(request: HttpRequest, mentorship: Mentorship, pk: int) -> HttpResponse:
    """Delete one's own comment, within a month."""
    comment = find_comment(mentorship, pk)
    if comment is None or comment.author != Side.MENTOR:
        raise Http404
    now = timezone.now()
    return answer(
        request, mentorship, lambda: delete_comment(comment=comment, by=Side.MENTOR, now=now), _("Comment deleted."),
        place_of(mentorship, comment),
    )  # fmt: skip


def answer(
    request: HttpRequest, mentorship: Mentorship, write: Callable[[], object], done: str, back: str
) -> HttpResponse:
    """Do what a button says, and go back."""
    try:
        refusal = attempt(write, REFUSED)
    except MentorshipIsOver:
        return closed_page(request, mentorship, now=timezone.now())
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, done)
    return redirect(back)


@mentor_page()
@require_http_methods(METHODS)
def suggest_page(request: HttpRequest, mentorship: Mentorship, pk: int) -> HttpResponse:
    """Suggest a step for a goal, or another day for one of its steps."""
    goal = goal_or_404(mentorship, pk)
    if not goal.is_active:
        raise Http404
    form = suggestion_form(mentorship, goal, request.POST if request.method == "POST" else None)

    def write() -> None:
        key = form.cleaned_data["form_key"]
        suggest(mentorship=mentorship, proposed=form.proposed(), form_key=key, now=timezone.now())

    words = {
        "heading": _("Suggest a step or a date"),
        "button": _("Suggest it"),
        "done": _("Suggestion sent. %(name)s decides.") % owner_name(mentorship),
        "note": _("%(name)s decides. The plan does not change until then.") % owner_name(mentorship),
    }
    return save_or_show(request, mentorship, form, write, goal_url(mentorship, pk), **words)


@post_only(gettext_lazy("Remove"), "mentor:invitation", gettext_lazy("Go to the plan"))
@mentor_page()
@not_found_if_deleted(Suggestion.DoesNotExist)
def withdraw_suggestion(request: HttpRequest, mentorship: Mentorship, pk: int) -> HttpResponse:
    """Take a suggestion back that was not answered."""
    found = find_suggestion(mentorship, pk)
    if found is None:
        raise Http404
    now = timezone.now()
    return answer(
        request, mentorship, lambda: withdraw(suggestion=found, now=now), _("Suggestion removed."),
        goal_url(mentorship, found.goal_id),
    )  # fmt: skip
