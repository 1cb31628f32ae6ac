"""Views of the wizard: load the user's draft, call one service, redirect."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.core.edit_conflicts import autosave_response, report_auto_merged
from careerplan.core.forms import form_data
from careerplan.core.http import parse_id
from careerplan.core.post_only import post_only
from careerplan.skills.forms.base import STAY, WizardForm
from careerplan.skills.forms.direction import EducationForm, WhereToForm, WhereYouAreForm
from careerplan.skills.forms.interests import InterestsForm, posted_activities
from careerplan.skills.forms.learn import LearnForm
from careerplan.skills.forms.ratings import RatingsForm, StrengthsForm, posted_skills
from careerplan.skills.forms.tasks import TasksForm, posted_tasks
from careerplan.skills.models import Assessment
from careerplan.skills.queries.answers_summary import all_levels_equal, summarize_answers
from careerplan.skills.queries.draft import (
    earlier_answers,
    get_draft,
    latest_assessment,
    load_wizard,
    tasks_by_id,
    visible_skills,
)
from careerplan.skills.services.finish import AssessmentIncomplete, finish_assessment, finish_without_sorting
from careerplan.skills.services.locks import DraftNotFound, locked_draft
from careerplan.skills.wizard.pages import Page, PageKind
from careerplan.skills.wizard.wizard import Wizard

FORM_METHODS = ["GET", "HEAD", "POST"]
TO_PAGE = "to:"  # prefix of button values in the list of stages: save, then open that stage
TO_OWN = "own:"  # prefix of button values beside own skills
TO_CHECK = "check"  # value of ?then= on the links of "Check your answers"
TO_RESULTS = "results"  # value of ?then= on the questions that were asked for from the results


FORMS: dict[PageKind, type[WizardForm]] = {
    PageKind.WHERE_YOU_ARE: WhereYouAreForm,
    PageKind.WHERE_TO: WhereToForm,
    PageKind.TASKS: TasksForm,
    PageKind.EDUCATION: EducationForm,
    PageKind.INTERESTS: InterestsForm,
    PageKind.RATINGS: RatingsForm,
    PageKind.STRENGTHS: StrengthsForm,
    PageKind.LEARN: LearnForm,
    PageKind.CHECK: WizardForm,
}


STAYS = {"add": "own", "find": "occupations"}  # buttons that save and return to the page, with their fragment


@require_http_methods(FORM_METHODS)
def page(request: AuthenticatedRequest, key: str) -> HttpResponse:
    """Show or save a page of the wizard. Every way of leaving it saves it, and so does autosave."""
    if request.method == "POST":
        try:
            with locked_draft(user=request.user) as held:
                return _save(request, load_wizard(held), key)
        except DraftNotFound:
            return _draft_is_gone(request)
    draft = get_draft(request.user)
    if draft is None:
        return _draft_is_gone(request)
    wizard = load_wizard(draft)
    here = _page_of(wizard, key)
    if here.is_pending:
        return redirect("skills:page", wizard.first_unanswered.key)
    return _show(request, wizard, here, _form(request, wizard, here))


def _save(request: AuthenticatedRequest, wizard: Wizard, key: str) -> HttpResponse:
    """Save what is valid, then redirect, or show the errors."""
    posted = posted_skills(request.POST) or posted_tasks(request.POST) or posted_activities(request.POST)
    here = _page_of(wizard, key, is_fallback_allowed=bool(posted))
    shown = _as_shown(request, here)
    form = _form(request, wizard, shown)
    is_valid = form.is_valid()
    form.save()
    if (is_valid or here not in wizard.pages) and not form.is_autosave:
        report_auto_merged(request, form)
        return _leave(request, _reload(wizard), here)
    wizard = _reload(wizard)
    draft = wizard.answers.assessment
    fresh = FORMS[here.kind](None, wizard=wizard, page=shown, now=form.now)
    form.refresh_shown(fresh.stored_values)
    if form.is_autosave:
        context = {"draft": draft, "form": form, "today": timezone.localdate(form.now)}
        return autosave_response(request, form, render_to_string("skills/_saved.html", context))
    return _show(request, wizard, here, form)


def _reload(wizard: Wizard) -> Wizard:
    """Return the wizard as it is after saving: a target has tasks of its own, answers choose the next questions."""
    draft = wizard.answers.assessment
    draft.refresh_from_db()
    return load_wizard(draft)


def _page_of(wizard: Wizard, key: str, *, is_fallback_allowed: bool = False) -> Page:
    here = wizard.page(key) or (wizard.fallback_page(key) if is_fallback_allowed else None)
    if here is None:
        raise Http404
    return here


def _as_shown(request: AuthenticatedRequest, here: Page) -> Page:
    """Return the page with the skills, tasks or activities it was shown with. If another tab changed the target or
    started anew since, some of them are now on another page or not asked; their answers are saved anyway.
    """
    if here.kind is PageKind.INTERESTS:
        new = [activity for activity in posted_activities(request.POST) if activity not in here.activities]
        return replace(here, activities=(*here.activities, *new))
    if here.kind is PageKind.TASKS:
        other = posted_tasks(request.POST) - {task.pk for task in here.tasks}
        return replace(here, tasks=(*here.tasks, *tasks_by_id(other))) if other else here
    more = posted_skills(request.POST) - {skill.pk for skill in here.skills} if here.kind is PageKind.RATINGS else set()
    if not more:
        return here
    return replace(here, skills=(*here.skills, *visible_skills(request.user, more)))


@post_only(gettext_lazy("Finish and see the results"), "skills:home", gettext_lazy("Go to your skills"))
def finish(request: AuthenticatedRequest) -> HttpResponse:
    """Finish the draft and show its results, or the first page with a missing answer."""
    draft = get_draft(request.user)
    return redirect("skills:home") if draft is None else _finish(request, draft, TO_CHECK, finish_assessment)


def _finish(request: HttpRequest, draft: Assessment, then: str, service: Callable[..., Assessment]) -> HttpResponse:
    now = timezone.now()
    try:
        done = service(assessment=draft, now=now, today=timezone.localdate(now))
    except DraftNotFound:
        return _draft_is_gone(request)
    except AssessmentIncomplete as missing:
        messages.error(request, _("There is a page without answers. Answer it, then finish."))
        return redirect(f"{reverse('skills:page', args=[missing.page_key])}?then={then}")
    return redirect(done)


def _form(request: HttpRequest, wizard: Wizard, here: Page) -> WizardForm:
    """Return the form of a page, posted or stored."""
    asked = request.GET if request.method != "POST" else request.POST
    return FORMS[here.kind](
        form_data(request),
        wizard=wizard,
        page=here,
        now=timezone.now(),
        go=asked.get("go", "" if asked is request.GET else "next"),
        earlier=earlier_answers(wizard, here),
    )


def _leave(request: HttpRequest, wizard: Wizard, here: Page) -> HttpResponse:
    """Redirect from a saved page: next, back, away, or to itself."""
    go, then = request.POST.get("go", "next"), _then(request)
    if go == "close":
        messages.success(request, _("Your answers are saved. You can continue at any time."))
        return redirect("dashboard:today")
    if go == "next" and then == TO_RESULTS and wizard.first_unrated is None:
        return _finish(request, wizard.answers.assessment, TO_RESULTS, finish_without_sorting)
    own = parse_id(go.removeprefix(TO_OWN)) if go.startswith(TO_OWN) else None
    if own is not None:
        return redirect("skills:own", own)
    page = here if go in STAYS else _next_page(request, wizard, here)
    query = {"go": go} if go in STAYS else {}
    if then and page.kind is not PageKind.CHECK:
        query["then"] = then
    return redirect(reverse("skills:page", args=[page.key], query=query, fragment=STAYS.get(go)))


def _next_page(request: HttpRequest, wizard: Wizard, here: Page) -> Page:
    """Return the page after this one, by the pressed button."""
    go, then = request.POST.get("go", "next"), _then(request)
    elsewhere = wizard.page(go.removeprefix(TO_PAGE)) if go.startswith(TO_PAGE) else None
    if elsewhere or go == "back":
        return elsewhere or wizard.before(here)
    if then == TO_CHECK:
        return wizard.pages[-1]
    return (wizard.first_unrated if then == TO_RESULTS else None) or wizard.after(here)


def _show(request: AuthenticatedRequest, wizard: Wizard, here: Page, form: WizardForm) -> HttpResponse:
    """Render the page."""
    errors = len(form.errors)
    error_heading = ngettext(
        "There is a problem with %(n)s answer. The other answers are saved.",
        "There is a problem with %(n)s answers. The other answers are saved.",
        errors,
    )
    context: dict[str, Any] = {
        "wizard": wizard,
        "page": here,
        "form": form,
        "stages": wizard.stages(here),
        "place": wizard.place_in_stage(here),
        "page_title": _page_title(wizard, here),
        "stage_number": wizard.stage_number(here),
        "draft": wizard.answers.assessment,
        "today": timezone.localdate(form.now),
        "then": _then(request),
        "error_heading": error_heading % {"n": errors} if request.method == "POST" else "",
        "all_alike": here.kind is PageKind.CHECK and all_levels_equal(wizard.answers),
        "sections": summarize_answers(wizard) if here.kind is PageKind.CHECK else [],
    }
    return render(request, f"skills/page_{here.kind.value.replace('-', '_')}.html", context)


def _then(request: HttpRequest) -> str:
    """Return where the page leads when it is saved; blank for the next page."""
    then = request.POST.get("then") or request.GET.get("then", "")
    return then if then in (TO_CHECK, TO_RESULTS) else ""


def _page_title(wizard: Wizard, here: Page) -> str:
    """Return the page's title, with its number if a stage has several pages."""
    number, count = wizard.place_in_stage(here)
    if count == 1:
        return here.title
    return _("%(title)s, page %(number)s of %(count)s") % {"title": here.title, "number": number, "count": count}


def _draft_is_gone(request: HttpRequest) -> HttpResponse:
    """Redirect because the draft was finished or deleted elsewhere; without a word if a second click sent what the
    results hold already.
    """
    words = _("You finished or deleted this assessment in another tab. You can no longer change it.")
    if request.POST.get("go") == STAY:
        return JsonResponse({"problem": words}, status=409)
    if request.method == "POST" and not _is_in_newest_results(request):
        messages.error(request, words)
    return redirect("skills:home")


def _is_in_newest_results(request: HttpRequest) -> bool:
    """Return whether the newest results hold the posted ratings, which lead to the results. At most two queries."""
    posted = posted_skills(request.POST) if request.POST.get("then") == TO_RESULTS else set()
    newest = latest_assessment(request.user) if posted and request.user.is_authenticated else None
    if newest is None:
        return False
    confirmed = newest.ratings.filter(skill__in=posted, confirmed_at__gte=newest.started_at)
    return confirmed.count() == len(posted)
