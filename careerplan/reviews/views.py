"""Pages of reviews: find the person's own review, call one query or one service, go where they want to go."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.forms import form_data
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.reviews import queries, services, words
from careerplan.reviews.forms import GoalForm, QuestionsForm, ReviewForm, RhythmForm
from careerplan.reviews.models import Review, ReviewGoal
from careerplan.reviews.rhythm import Cadence

FORM_METHODS = ["GET", "HEAD", "POST"]
STAY = "stay"  # the page saves itself while somebody is still at it (static/js/autosave.js)
TO, ACT = "to:", "act:"  # begin the values of buttons: save here and go there
Rows = list[ReviewGoal]


@require_safe
def review_list(request: AuthenticatedRequest) -> HttpResponse:
    """What is due, how often, and every review so far."""
    today = timezone.localdate()
    rhythm = queries.rhythm_of(request.user)
    past = queries.past_reviews(rhythm.plan) if rhythm else []
    context = {
        "section": "reviews",
        "today": today,
        "next": queries.next_review(request.user, today),
        "rhythm": rhythm,
        "past": past,
        "so_far": words.done_so_far_words(past[0].review) if past else "",
    }
    return render(request, "reviews/list.html", context)


@require_http_methods(FORM_METHODS)
def rhythm(request: AuthenticatedRequest) -> HttpResponse:
    """How often the plan is reviewed, and when next."""
    rhythm = queries.rhythm_of(request.user)
    if rhythm is None:
        messages.info(request, _("Write down a goal first; then there is something to review."))
        return redirect("reviews:list")
    form = RhythmForm(form_data(request), rhythm=rhythm, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        cadence, next_on = Cadence(data["cadence"]), data["next_on"]
        services.set_rhythm(plan=rhythm.plan, cadence=cadence, next_on=next_on, counted_from=data["counted_from"])
        messages.success(request, words.rhythm_words(next_on))
        return redirect("reviews:list")
    return render(request, "reviews/rhythm.html", {"section": "reviews", "form": form})


@require_POST
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Start the review that is due, or one in between; where one is under way, go on with it."""
    now = timezone.now()
    try:
        services.start_review(user=request.user, now=now, today=timezone.localdate(now))
    except services.NothingToReview:
        messages.info(request, _("No goal is open. Write down a goal first; then there is something to review."))
        return redirect("reviews:list")
    except services.AlreadyReviewed as done:
        messages.info(request, _("You reviewed your plan today. Here is what you found."))
        return redirect(done.review)
    return redirect("reviews:continue")


@require_safe
def go_on(request: AuthenticatedRequest) -> HttpResponse:
    """To the first goal that is not answered, or to the three questions."""
    review = queries.review_under_way(request.user)
    if review is None:
        return redirect("reviews:list")
    rows = queries.rows_of(review)
    first = next((place for place, row in enumerate(rows, start=1) if not _is_settled(row)), None)
    return redirect("reviews:goal", first) if first else redirect("reviews:whole")


def _is_settled(row: ReviewGoal) -> bool:
    return row.is_answered or (row.goal is not None and not row.goal.is_active)


@require_http_methods(FORM_METHODS)
def goal(request: AuthenticatedRequest, place: int) -> HttpResponse:
    """One goal of the review under way. Leaving it in any direction saves it, and so does staying with JavaScript."""
    review = queries.review_under_way(request.user)
    if review is None:
        return _gone(request)
    rows = queries.rows_of(review)
    if not 1 <= place <= len(rows):
        raise Http404
    row = rows[place - 1]
    if row.goal is None:
        raise Http404
    form = GoalForm(form_data(request), row=row, goal=row.goal)
    if request.method != "POST":
        return _show_goal(request, review, rows, row, form)
    return _save_goal(request, review, rows, row, form)


def _save_goal(
    request: AuthenticatedRequest, review: Review, rows: Rows, row: ReviewGoal, form: GoalForm
) -> HttpResponse:
    """Save what can be kept, then go where the person goes; where something needs attention, stay."""
    now, go = timezone.now(), request.POST.get("go", "next")
    is_valid = form.is_valid()
    answers = form.answers(leaving=is_valid and go != STAY)
    try:
        saved = services.answer_goal(row=row, answers=answers, seen=form.seen(), now=now, today=timezone.localdate(now))
    except services.ReviewIsFinished:
        return _gone(request)
    except services.AnsweredElsewhere as elsewhere:
        return _elsewhere(request, review, rows, elsewhere.saved, form)
    except GoalIsClosed:
        messages.error(request, _("This goal was closed meanwhile; its figure does not change any more."))
        return redirect(request.path)
    if go == STAY:
        review.saved_at = now
        return _tell(request, review, saved.mark, problem=_first_error(form))
    if not is_valid:
        return _show_goal(request, review, rows, saved, form)
    return _leave(request, rows, rows.index(row) + 1, go)


def _first_error(form: ReviewForm) -> str:
    reason = next((error for errors in form.errors.values() for error in errors), "")
    return _("Not saved yet: %(reason)s") % {"reason": reason} if reason else ""


def _leave(request: HttpRequest, rows: Rows, place: int, go: str) -> HttpResponse:
    """Where a saved page leads: on, back, away, to another goal, or to the page that carries out a decision."""
    if go == "close":
        messages.success(request, _("Your answers are saved. You can go on whenever you like."))
        return redirect("reviews:list")
    if go.startswith(ACT) and place <= len(rows):
        return redirect(_page_of_decision(rows[place - 1], go.removeprefix(ACT)))
    if go.startswith(TO):
        target = go.removeprefix(TO)
        number = int(target) if target.isdecimal() and len(target) < 5 else len(rows) + 1
    else:
        number = place - 1 if go == "back" else place + 1
    return redirect("reviews:goal", max(1, number)) if number <= len(rows) else redirect("reviews:whole")


def _page_of_decision(row: ReviewGoal, decision: str) -> str:
    """The page that carries out a decision about a goal; the goal's own page for any other."""
    return row.page_of(decision) or reverse("goals:detail", args=[row.goal_id])


def _elsewhere(
    request: AuthenticatedRequest,
    review: Review,
    rows: Rows,
    saved: Review | ReviewGoal,
    form: ReviewForm,
) -> HttpResponse:
    """What was saved elsewhere is shown and what was typed stays; saving again replaces it, knowingly."""
    context = {"saved_elsewhere": saved}
    if request.POST.get("go") == STAY:
        clashes = render_to_string("reviews/_elsewhere.html", context, request)
        return _tell(request, review, request.POST.get("version", ""), clashes=clashes, problem=_("Not saved yet."))
    if isinstance(saved, ReviewGoal):
        return _show_goal(request, review, rows, saved, form, **context)
    return _show_whole(request, saved, rows, form, **context)


def _tell(request: HttpRequest, review: Review, seen: str, *, problem: str = "", clashes: str = "") -> JsonResponse:
    """The answer to a page that saved itself (static/js/autosave.js)."""
    saved = render_to_string("reviews/_saved.html", {"review": review, "today": timezone.localdate()})
    told = {"saved": saved, "clashes": clashes, "problem": problem, "version": seen, "marks": "", "values": {}}
    return JsonResponse(told)


def _show_goal(
    request: AuthenticatedRequest, review: Review, rows: Rows, row: ReviewGoal, form: ReviewForm, **more: Any
) -> HttpResponse:
    today = timezone.localdate()
    screen = queries.goal_screen(review, rows, row, today)
    facts = screen.facts
    context = {
        **_frame(review, rows, rows.index(row) + 1),
        "screen": screen,
        "goal": screen.goal,
        "form": form,
        "mark": row.mark,
        "happened": words.happened_words(facts) if facts else "",
        "adjusted": words.changes_words(facts.changes) if facts else "",
        **more,
    }
    return render(request, "reviews/goal.html", context)


def _frame(review: Review, rows: Rows, place: int) -> dict[str, Any]:
    """What every page of a review shows around its questions; `place` is one beyond the goals for the whole."""
    answered = sum(_is_settled(row) for row in rows)
    return {
        "review": review,
        "today": timezone.localdate(),
        "rows": [(number, row, _is_settled(row)) for number, row in enumerate(rows, start=1)],
        "place": place,
        "answered": answered,
        "parts": len(rows) + 1,
        "minutes_left": queries.minutes_left(review, rows),
    }


@require_http_methods(FORM_METHODS)
def whole(request: AuthenticatedRequest) -> HttpResponse:
    """The three questions about the plan as a whole."""
    return _questions(request, finishing=False)


@require_POST
def finish(request: AuthenticatedRequest) -> HttpResponse:
    """Save the three answers and freeze the review."""
    return _questions(request, finishing=True)


def _questions(request: AuthenticatedRequest, *, finishing: bool) -> HttpResponse:
    review = queries.review_under_way(request.user)
    if review is None:
        return _gone(request)
    rows, form = queries.rows_of(review), QuestionsForm(form_data(request), review=review)
    if request.method != "POST":
        return _show_whole(request, review, rows, form)
    return _save_questions(request, review, rows, form, finishing=finishing)


def _save_questions(
    request: AuthenticatedRequest, review: Review, rows: Rows, form: QuestionsForm, *, finishing: bool
) -> HttpResponse:
    """The same as `_save_goal`; with `finishing` it freezes the review."""
    now, is_valid, go = timezone.now(), form.is_valid(), request.POST.get("go", "next")
    try:
        review = services.answer_questions(review=review, answers=form.answers(), seen=form.seen(), now=now)
    except services.ReviewIsFinished:
        return _gone(request)
    except services.AnsweredElsewhere as elsewhere:
        return _elsewhere(request, review, rows, elsewhere.saved, form)
    if go == STAY:
        return _tell(request, review, review.mark, problem=_first_error(form))
    if not is_valid:
        return _show_whole(request, review, rows, form)
    if not finishing:
        return _leave(request, rows, len(rows) + 1, go)
    done = services.finish_review(review=review, now=now, today=timezone.localdate(now))
    messages.success(request, _("Review finished. It stays as it is."))
    return redirect(done)


def _show_whole(
    request: AuthenticatedRequest,
    review: Review,
    rows: Rows,
    form: ReviewForm,
    **more: Any,
) -> HttpResponse:
    context = {
        **_frame(review, rows, len(rows) + 1),
        "form": form,
        "mark": review.mark,
        "open_rows": [(number, row) for number, row in enumerate(rows, start=1) if not _is_settled(row)],
        **more,
    }
    return render(request, "reviews/whole.html", context)


@require_safe
def detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The summary of a finished review of one's own."""
    finished = Review.objects.for_user(request.user).finished().select_related("plan")
    summary = queries.summary_of(get_object_or_404(finished, pk=pk))
    previous = summary.previous
    context = {
        "section": "reviews",
        "summary": summary,
        "lead": words.lead_words(
            summary.review, previous.day if previous else None, sum(one.row.is_by_figures for one in summary.rows)
        ),
        "so_far": words.done_so_far_words(summary.review),
        "so_far_before": words.before_words(previous.review) if previous else "",
        "next": queries.next_review(request.user, timezone.localdate()),
    }
    return render(request, "reviews/detail.html", context)


def _gone(request: HttpRequest) -> HttpResponse:
    """There is nothing to save into: it was finished elsewhere."""
    text = _("This review was finished elsewhere; it does not change any more.")
    if request.POST.get("go") == STAY:
        return JsonResponse({"problem": text}, status=409)
    if request.method == "POST":
        messages.error(request, text)
    return redirect("reviews:list")
