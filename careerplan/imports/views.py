"""Bringing in a resume: choose the file, then pick what of it goes into the assessment. Nothing is kept in between."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.account_data.parser import Refused
from careerplan.core.forms import form_data
from careerplan.core.http import upload_too_large
from careerplan.imports import queries, services
from careerplan.imports.forms import PickForm, ResumeForm
from careerplan.imports.parser import MOST_BYTES, read_resume
from careerplan.imports.proposals import NotTheirs, proposals_of, seal, unseal
from careerplan.skills.services import MOST_OWN_SKILLS, DraftNotFound, TooManyOwnSkills

SECTION = "skills"
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def choose(request: AuthenticatedRequest) -> HttpResponse:
    """GET: the form. POST: look at a file and show what can be picked; the file is not kept."""
    form = ResumeForm(request.POST, request.FILES) if request.method == "POST" else ResumeForm()
    if form.is_bound and upload_too_large(request):
        form.refuse(_("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000})
    elif form.is_valid():
        try:
            resume = read_resume(form.content)
        except Refused as refused:
            form.refuse(str(refused))
        else:
            skills = queries.skills_in(request.user, resume)
            proposals = proposals_of(resume, skills, queries.standing_of(request.user))
            return _pick_page(request, PickForm(None, proposals=proposals))
    return render(request, "imports/choose.html", {"section": SECTION, "form": form})


@require_http_methods(FORM_METHODS)
def pick(request: AuthenticatedRequest) -> HttpResponse:
    """Bring in what was picked. GET shows the picks again that were made before a new sign-in."""
    data = form_data(request)
    if data is None:
        return redirect("imports:cv")
    try:
        proposals = unseal(data.get("proposals", ""), request.user)
    except NotTheirs:
        messages.info(request, _("What was found in your file is not there any more. Choose the file again."))
        return redirect("imports:cv")
    form = PickForm(data, proposals=proposals)
    if request.method == "POST" and form.is_valid():
        try:
            services.bring_in(user=request.user, picked=form.picked(), seen=proposals.seen, now=timezone.now())
        except DraftNotFound:
            messages.info(
                request, _("Your assessment was finished or discarded meanwhile. Nothing is changed; begin again here.")
            )
            return redirect("imports:cv")
        except services.AnsweredMeanwhile:
            form = PickForm(data, proposals=replace(proposals, seen=queries.standing_of(request.user)))
            form.add_error(
                None, _("Your assessment says something else by now. Look at role and education, and choose again.")
            )
        except TooManyOwnSkills:
            words = {"n": MOST_OWN_SKILLS}
            form.add_error("skills", _("You would have more than %(n)s skills of your own. Untick some.") % words)
        except services.TooManyCertificates:
            form.add_error("certificates", _("Together they are too long for your assessment. Untick some."))
        else:
            messages.success(request, _("Brought in. Nothing is rated: you do that on the pages that follow."))
            return redirect("skills:continue")
    return _pick_page(request, form)


def _pick_page(request: AuthenticatedRequest, form: PickForm) -> HttpResponse:
    context = {"section": SECTION, "form": form, "sealed": seal(form.proposals, request.user)}
    return render(request, "imports/pick.html", context)
