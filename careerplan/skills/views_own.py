"""Views of own skills: rename, delete."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.catalogue.models import Skill
from careerplan.core.expired_session import nothing_typed
from careerplan.core.forms import form_data
from careerplan.skills.forms.learn import OwnSkillForm, name_taken
from careerplan.skills.queries.draft import get_draft
from careerplan.skills.queries.skill_gap import is_in_results
from careerplan.skills.services.own_skills import delete_own_skill, rename_own_skill
from careerplan.skills.wizard.pages import WizardStage

FORM_METHODS = ["GET", "HEAD", "POST"]


def _own_skill(request: AuthenticatedRequest, pk: int) -> Skill:
    return get_object_or_404(Skill.objects.for_user(request.user).in_use().select_related("owner"), pk=pk)


def _back(request: AuthenticatedRequest) -> str:
    """Return the wizard page that lists own skills while there is a draft."""
    under_way = get_draft(request.user) is not None
    return reverse("skills:page", args=[WizardStage.LEARN.value]) if under_way else reverse("skills:home")


@require_http_methods(FORM_METHODS)
def rename(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    skill = _own_skill(request, pk)
    form = OwnSkillForm(form_data(request), skill=skill)
    if request.method == "POST" and form.is_valid():
        try:
            rename_own_skill(skill=skill, name=form.cleaned_data["name"])
        except IntegrityError:  # added in another tab, or equal by the database's rules
            form.add_error("name", name_taken())
        else:
            messages.success(request, _("Skill renamed to %(name)s.") % {"name": form.cleaned_data["name"]})
            return redirect(_back(request))
    return render(request, "skills/own.html", _context(request, skill) | {"form": form})


@nothing_typed
@require_http_methods(FORM_METHODS)
def delete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Delete an own skill. GET asks first."""
    skill = _own_skill(request, pk)
    if request.method == "POST":
        delete_own_skill(skill=skill, now=timezone.now())
        messages.success(request, _("Deleted: %(title)s.") % {"title": skill.name})
        return redirect(_back(request))
    return render(request, "skills/own_delete.html", _context(request, skill))


def _context(request: AuthenticatedRequest, skill: Skill) -> dict[str, object]:
    return {
        "section": "skills",
        "skill": skill,
        "back": _back(request),
        "is_in_results": is_in_results(skill),
    }
