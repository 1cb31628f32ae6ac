"""Views that start, continue and delete an assessment."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.expired_session import nothing_typed
from careerplan.core.http import parse_id
from careerplan.core.post_only import post_only
from careerplan.matching.questions import PAGE
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import (
    RETAKE,
    assessment_options,
    draft_progress,
    get_draft,
    latest_assessment,
    load_wizard,
    skills_to_retake,
    visible_skills,
)
from careerplan.skills.services.drafts import discard_draft, start_assessment, start_interests_draft, start_questions
from careerplan.skills.views import FORM_METHODS, TO_CHECK, TO_RESULTS
from careerplan.skills.wizard.pages import WizardStage

MOST_IDS = 200


@require_safe
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Redirect to the results if there are any, else to the start."""
    return redirect("skills:results" if latest_assessment(request.user) else "skills:start")


@nothing_typed
@require_http_methods(FORM_METHODS)
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Show quick and full mode with their times, or only what may have changed; with a draft, the offer to continue.

    "Again" takes `skill=ID` repeatedly, from pages that know which skills goals build.
    """
    now = timezone.now()
    mode = request.POST.get("mode", "")
    also = _ids((request.POST or request.GET).getlist("skill"))
    if request.method == "POST" and mode in Assessment.Mode.values:
        start_assessment(user=request.user, mode=Assessment.Mode(mode), now=now)
        return redirect("skills:continue")
    due = skills_to_retake(request.user, now, also)
    if request.method == "POST" and mode == RETAKE and due:
        start_assessment(user=request.user, mode=Assessment.Mode.QUICK, now=now, limited_to=due)
        return redirect("skills:continue")
    draft = draft_progress(request.user)
    offers = [] if draft else assessment_options(request.user, now, due)
    return render(request, "skills/start.html", {"section": "skills", "draft": draft, "offers": offers, "also": also})


@post_only(gettext_lazy("Answer 12 questions"), "skills:home", gettext_lazy("Go to your skills"))
def start_interests(request: AuthenticatedRequest) -> HttpResponse:
    """Open the page about what the user likes: of the draft, or of a retake that asks for nothing else."""
    draft = start_interests_draft(user=request.user, now=timezone.now())
    wizard = load_wizard(draft)
    here = wizard.page(WizardStage.INTERESTS.value) or wizard.first_unanswered
    then = f"?then={TO_CHECK}" if draft.limited_to is not None else ""
    return redirect(reverse("skills:page", args=[here.key]) + then)


@post_only(gettext_lazy("Answer more questions"), "skills:home", gettext_lazy("Go to your skills"))
def ask_questions(request: AuthenticatedRequest) -> HttpResponse:
    """Open a page with the questions (`skill`, ids) that the results ask for. It leads back to the results, or is one
    more page of an unfinished assessment.
    """
    asked = visible_skills(request.user, _ids([*request.GET.getlist("skill"), *request.POST.getlist("skill")])[:PAGE])
    if not asked:
        return redirect("skills:start")
    draft = start_questions(user=request.user, skills=[skill.pk for skill in asked], now=timezone.now())
    wizard = load_wizard(draft)
    of_these = [page for page in wizard.pages if set(page.skills) & set(asked) and not wizard.is_answered(page)]
    where = reverse("skills:page", args=[(of_these or [wizard.first_unanswered])[0].key])
    if draft.limited_to is not None:
        return redirect(f"{where}?then={TO_RESULTS}")
    messages.success(request, _("These questions are now part of your unfinished assessment."))
    return redirect(where)


def _ids(texts: list[str]) -> list[int]:
    """Return numbers that may be skill ids."""
    found = (parse_id(text) for text in texts[:MOST_IDS])
    return [key for key in found if key is not None]


@require_safe
def continue_assessment(request: AuthenticatedRequest) -> HttpResponse:
    """Redirect to the first unanswered page."""
    draft = get_draft(request.user)
    if draft is None:
        return redirect("skills:home")
    return redirect("skills:page", load_wizard(draft).first_unanswered.key)


@nothing_typed
@require_http_methods(FORM_METHODS)
def discard(request: AuthenticatedRequest) -> HttpResponse:
    """Ask, then delete the draft."""
    if request.method == "POST":
        discard_draft(user=request.user)
        messages.success(request, _("Assessment deleted. You still have your earlier results."))
        return redirect("skills:home")
    draft = draft_progress(request.user)
    if draft is None:
        return redirect("skills:home")
    return render(request, "skills/discard.html", {"section": "skills", "draft": draft})
