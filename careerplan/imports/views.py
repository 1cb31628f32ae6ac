"""Views of the CV import: choose a file, then choose what to add to the assessment. Nothing is stored in between.

One file at a time is read per person, and settings.DOCUMENTS_AT_ONCE in total, as with documents that are made.
"""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.account_data.file_format import InvalidFile
from careerplan.core.forms import form_data
from careerplan.core.http import upload_too_large
from careerplan.imports import queries, services
from careerplan.imports.forms import CvSelectForm, CvUploadForm
from careerplan.imports.parser import MAX_BYTES, parse_cv
from careerplan.imports.queries import ProposalsExpired, load_proposals, make_proposals, sign_proposals
from careerplan.plan_document.render_slots import RenderBusy, render_slot
from careerplan.skills.services.locks import DraftNotFound
from careerplan.skills.services.own_skills import TooManyOwnSkills

SECTION = "skills"
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def choose(request: AuthenticatedRequest) -> HttpResponse:
    """Show the form, or read a file and show what can be chosen. The file is not stored."""
    form = CvUploadForm(request.POST, request.FILES) if request.method == "POST" else CvUploadForm()
    if form.is_bound and upload_too_large(request):
        form.reject(_("The file is larger than %(most)s MB.") % {"most": MAX_BYTES // 1_000_000})
    elif form.is_valid():
        try:
            with render_slot(request.user):
                resume = parse_cv(form.content, today=timezone.localdate())
        except InvalidFile as refused:
            form.reject(str(refused))
        except RenderBusy:
            form.reject(_("Too many files are being read right now. Choose the file again in a minute."))
        else:
            skills, own_skills = queries.propose_skills(request.user, resume)
            seen = replace(queries.assessment_answers(request.user), own_skills=own_skills)
            proposals = make_proposals(resume, skills, seen)
            return _pick_page(request, CvSelectForm(None, proposals=proposals))
    return render(request, "imports/choose.html", {"section": SECTION, "form": form})


@require_http_methods(FORM_METHODS)
def pick(request: AuthenticatedRequest) -> HttpResponse:
    """Import the selection. GET shows a selection again that was made before signing in again."""
    data = form_data(request)
    if data is None:
        return redirect("imports:cv")
    try:
        proposals = load_proposals(data.get("proposals", ""), request.user)
    except ProposalsExpired:
        messages.info(request, _("We no longer have the contents of your file. Choose the file again."))
        return redirect("imports:cv")
    form = CvSelectForm(data, proposals=proposals)
    if request.method == "POST" and form.is_valid():
        try:
            services.import_selection(user=request.user, picked=form.picked(), seen=proposals.seen, now=timezone.now())
        except DraftNotFound:
            messages.info(
                request,
                _("You finished or discarded your assessment in another tab. Start the import again."),
            )
            return redirect("imports:cv")
        except services.AnswersChanged:
            form = CvSelectForm(data, proposals=replace(proposals, seen=queries.assessment_answers(request.user)))
            reason = _("Your assessment has changed in another tab. Check your role and education, then choose again.")
            form.add_error(None, ValidationError(reason, code="answers-changed"))
        except TooManyOwnSkills:
            form.add_error("skills", ValidationError(form.too_many_own(), code="too-many"))
        except services.TooManyCertificates:
            reason = _("These certificates are too long for your assessment. Untick some.")
            form.add_error("certificates", ValidationError(reason, code="too-long"))
        else:
            messages.success(request, _("CV imported. Now rate your skills."))
            return redirect("skills:continue")
    return _pick_page(request, form)


def _pick_page(request: AuthenticatedRequest, form: CvSelectForm) -> HttpResponse:
    context = {"section": SECTION, "form": form, "sealed": sign_proposals(form.proposals, request.user)}
    return render(request, "imports/pick.html", context)
