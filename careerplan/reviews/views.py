"""Views of reviews."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.edit_conflicts import AutosaveForm, autosave_response, report_auto_merged, retry_when_stale
from careerplan.core.forms import form_data
from careerplan.core.http import not_found_if_deleted
from careerplan.core.post_only import post_only
from careerplan.goals.models import Goal
from careerplan.goals.queries.obstacles import plan_to_review
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.plans.services import PlanIsArchived
from careerplan.reviews import services, texts
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.forms import OverallForm, ReviewGoalForm, ScheduleForm
from careerplan.reviews.models import Review, ReviewGoal
from careerplan.reviews.panels import review_panels
from careerplan.reviews.queries.goal_pages import list_review_goals, load_goal_page, minutes_left
from careerplan.reviews.queries.past import load_summary, past_reviews
from careerplan.reviews.queries.schedule import current_schedule, next_review, started_review

FORM_METHODS = ["GET", "HEAD", "POST"]
STAY = "stay"  # autosave: the user is still on the page (static/js/autosave.js)
TO, ACT = "to:", "act:"  # prefixes of button values: save, then open that page
UNDATED = "undated"  # with ACT: the list of the goal's steps without a day
Rows = list[ReviewGoal]


@require_safe
def review_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the review that is due, the schedule, and past reviews."""
    today = timezone.localdate()
    schedule = current_schedule(request.user)
    past = past_reviews(schedule.plan) if schedule else []
    context = {
        "section": "reviews",
        "today": today,
        "next": next_review(request.user, today),
        "schedule": schedule,
        "past": past,
        "so_far": texts.reached_on_text(past[0].review, past[0].day) if past else "",
    }
    return render(request, "reviews/list.html", context)


@require_http_methods(FORM_METHODS)
def schedule(request: AuthenticatedRequest) -> HttpResponse:
    """Change how often the plan is reviewed."""
    schedule = current_schedule(request.user)
    if schedule is None:
        messages.info(request, _("Add a goal first. Then you can plan reviews."))
        return redirect("reviews:list")
    form = ScheduleForm(form_data(request), schedule=schedule, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        cadence, next_on = Cadence(data["cadence"]), data["next_on"]
        try:
            services.set_schedule(
                plan=schedule.plan, cadence=cadence, next_on=next_on, counted_from=data["counted_from"]
            )
        except PlanIsArchived:
            messages.error(request, _("Not saved: this plan was archived in another tab."))
        else:
            messages.success(request, texts.schedule_saved_text(next_on))
        return redirect("reviews:list")
    return render(request, "reviews/schedule.html", {"section": "reviews", "form": form})


@post_only(gettext_lazy("Start the review"), "reviews:list", gettext_lazy("Go to your reviews"))
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Start a review, or continue the one under way."""
    now = timezone.now()
    try:
        services.start_review(user=request.user, now=now, today=timezone.localdate(now))
    except services.NothingToReview:
        messages.info(request, _("You have no open goals. Add a goal first."))
        return redirect("reviews:list")
    except services.AlreadyReviewed as done:
        messages.info(request, _("You reviewed your plan today. These are your answers."))
        return redirect(done.review)
    return redirect("reviews:continue")


@require_safe
def continue_review(request: AuthenticatedRequest) -> HttpResponse:
    """Open the first goal without an answer, or the questions about the whole plan."""
    review = started_review(request.user)
    if review is None:
        return redirect("reviews:list")
    rows = list_review_goals(review)
    first = next((place for place, row in enumerate(rows, start=1) if not _is_done(row)), None)
    return redirect("reviews:goal", first) if first else redirect("reviews:overall")


def _is_done(row: ReviewGoal) -> bool:
    return row.is_answered or (row.goal is not None and not row.goal.is_active)


@require_http_methods(FORM_METHODS)
@retry_when_stale
@not_found_if_deleted(Goal.DoesNotExist)
def goal(request: AuthenticatedRequest, place: int) -> HttpResponse:
    """Show and save one goal of the open review. Every button saves, and so does autosave."""
    review = started_review(request.user)
    if review is None:
        return _answer_finished(request)
    rows = list_review_goals(review)
    if not 1 <= place <= len(rows):
        raise Http404
    row = rows[place - 1]
    if row.goal is None:
        raise Http404
    if_then = plan_to_review(row.goal) if row.goal.is_active else None
    form = ReviewGoalForm(form_data(request), row=row, goal=row.goal, if_then=if_then)
    if request.method != "POST":
        return _show_goal(request, review, rows, row, form)
    return _save_goal(request, review, rows, row, form)


def _save_goal(
    request: AuthenticatedRequest, review: Review, rows: Rows, row: ReviewGoal, form: ReviewGoalForm
) -> HttpResponse:
    """Save what is valid, then open the page the user chose, or show the errors."""
    now, go = timezone.now(), request.POST.get("go", "next")
    is_valid = form.is_valid()
    answers = form.answers(leaving=is_valid and go != STAY)
    try:
        saved = services.answer_goal(row=row, answers=answers, now=now, today=timezone.localdate(now))
    except services.ReviewFinished:
        return _answer_finished(request)
    except GoalIsClosed:
        messages.error(request, _("Not recorded: this goal was closed in another tab."))
        return redirect(request.path)
    if go == STAY:
        review.saved_at = now
    if go == STAY or not is_valid:
        form.refresh_shown(saved.answers)
        return _autosaved(request, review, form) if go == STAY else _show_goal(request, review, rows, saved, form)
    report_auto_merged(request, form)
    return _leave(request, rows, rows.index(row) + 1, go)


def _autosaved(request: HttpRequest, review: Review, form: AutosaveForm) -> HttpResponse:
    context = {"review": review, "today": timezone.localdate()}
    return autosave_response(request, form, render_to_string("reviews/_saved.html", context))


def _leave(request: HttpRequest, rows: Rows, place: int, go: str) -> HttpResponse:
    """Redirect to the next or previous page, the list, another goal, or the page that carries out a decision."""
    if go == "close":
        messages.success(request, _("Your answers are saved. You can continue at any time."))
        return redirect("reviews:list")
    if go.startswith(ACT) and place <= len(rows):
        return redirect(_page_of_decision(rows[place - 1], go.removeprefix(ACT)))
    if go.startswith(TO):
        target = go.removeprefix(TO)
        number = int(target) if target.isdecimal() and len(target) < 5 else len(rows) + 1
    else:
        number = place - 1 if go == "back" else place + 1
    return redirect("reviews:goal", max(1, number)) if number <= len(rows) else redirect("reviews:overall")


def _page_of_decision(row: ReviewGoal, decision: str) -> str:
    """Return the page that carries out a decision, or else the page of the goal."""
    if decision == UNDATED:
        return f"{reverse('goals:steps')}?show=undated&goal={row.goal_id}&from=review"
    return row.page_of(decision) or reverse("goals:detail", args=[row.goal_id])


def _show_goal(
    request: AuthenticatedRequest, review: Review, rows: Rows, row: ReviewGoal, form: ReviewGoalForm
) -> HttpResponse:
    today = timezone.localdate()
    screen = load_goal_page(review, rows, row, today)
    facts = screen.facts
    context = {
        **_frame(review, rows, rows.index(row) + 1),
        "screen": screen,
        "goal": screen.goal,
        "form": form,
        "progress": texts.progress_text(facts) if facts else "",
        "adjusted": texts.changes_text(facts.changes) if facts else "",
    }
    return render(request, "reviews/goal.html", context)


def _frame(review: Review, rows: Rows, place: int) -> dict[str, Any]:
    """Context of every page of a review. `place` is the number of the goal; the overall page comes after the last."""
    answered = sum(_is_done(row) for row in rows)
    return {
        "review": review,
        "today": timezone.localdate(),
        "rows": [(number, row, _is_done(row)) for number, row in enumerate(rows, start=1)],
        "place": place,
        "answered": answered,
        "parts": len(rows) + 1,
        "minutes_left": minutes_left(review, rows),
    }


@require_http_methods(FORM_METHODS)
def overall(request: AuthenticatedRequest) -> HttpResponse:
    """Show and save the questions about the whole plan."""
    return _questions(request, finishing=False)


@post_only(gettext_lazy("Finish the review"), "reviews:list", gettext_lazy("Go to your reviews"))
def finish(request: AuthenticatedRequest) -> HttpResponse:
    """Save the questions about the whole plan and finish the review."""
    return _questions(request, finishing=True)


@retry_when_stale
def _questions(request: AuthenticatedRequest, *, finishing: bool) -> HttpResponse:
    review = started_review(request.user)
    if review is None:
        return _answer_finished(request)
    rows, form = list_review_goals(review), OverallForm(form_data(request), review=review)
    if request.method != "POST":
        return _show_overall(request, review, rows, form)
    return _save_questions(request, review, rows, form, finishing=finishing)


def _save_questions(
    request: AuthenticatedRequest, review: Review, rows: Rows, form: OverallForm, *, finishing: bool
) -> HttpResponse:
    """Do the same as `_save_goal`; with `finishing` also finish the review."""
    now, is_valid, go = timezone.now(), form.is_valid(), request.POST.get("go", "next")
    try:
        review = services.answer_questions(review=review, answers=form.answers(), now=now)
    except services.ReviewFinished:
        return _answer_finished(request)
    if go == STAY or not is_valid:
        form.refresh_shown(review.answers)
        return _autosaved(request, review, form) if go == STAY else _show_overall(request, review, rows, form)
    report_auto_merged(request, form)
    if not finishing:
        return _leave(request, rows, len(rows) + 1, go)
    done = services.finish_review(review=review, now=now, today=timezone.localdate(now))
    return redirect(done)


def _show_overall(request: AuthenticatedRequest, review: Review, rows: Rows, form: OverallForm) -> HttpResponse:
    context = {
        **_frame(review, rows, len(rows) + 1),
        "form": form,
        "open_rows": [(number, row) for number, row in enumerate(rows, start=1) if not _is_done(row)],
    }
    return render(request, "reviews/overall.html", context)


@require_safe
def detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a finished review, then and now."""
    finished = Review.objects.for_user(request.user).finished().select_related("plan")
    summary = load_summary(get_object_or_404(finished, pk=pk))
    previous = summary.previous
    context = {
        "section": "reviews",
        "summary": summary,
        "heading": texts.review_heading(summary.review),
        "lead": texts.steps_since_text(summary.review, previous.day if previous else None),
        "so_far": texts.reached_so_far_text(summary.review),
        "so_far_before": texts.reached_on_text(previous.review, previous.day) if previous else "",
        "next": next_review(request.user, timezone.localdate()),
        "panels": [panel(request, summary.review) for panel in review_panels],
    }
    return render(request, "reviews/detail.html", context)


def _answer_finished(request: HttpRequest) -> HttpResponse:
    """Redirect from a page of a review that was finished in another tab."""
    text = _("You finished this review in another tab. You can read it but not change it.")
    if request.POST.get("go") == STAY:
        return JsonResponse({"problem": text}, status=409)
    if request.method == "POST":
        messages.error(request, text)
    return redirect("reviews:list")
