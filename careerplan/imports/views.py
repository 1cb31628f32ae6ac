"""Views of imports: choose a file or paste a text, then choose what of a CV to add to the assessment.

Nothing is stored in between. A list of goals and steps goes to `lists/views.py`.

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
from careerplan.account_data.file_advice import READ_AS_LIST
from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.file_kinds import FileKind, recognise_file
from careerplan.core.forms import form_data
from careerplan.core.http import upload_too_large
from careerplan.imports import queries, services
from careerplan.imports.content import CvContent
from careerplan.imports.forms import CvSelectForm, FileOrTextForm
from careerplan.imports.lists.readers import read_list, read_text_list
from careerplan.imports.lists.table import ListTable
from careerplan.imports.lists.views import show_list
from careerplan.imports.parser import MAX_BYTES, is_linkedin_table, parse_cv
from careerplan.imports.queries import ProposalsExpired, load_proposals, make_proposals, sign_proposals
from careerplan.plan_document.render_slots import RenderBusy, render_slot
from careerplan.skills.services.locks import DraftNotFound
from careerplan.skills.services.own_skills import TooManyOwnSkills

SECTION = "skills"
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def choose(request: AuthenticatedRequest) -> HttpResponse:
    """Show the form, or read a file and show what can be chosen. The file is not stored."""
    form = FileOrTextForm(form_data(request), request.FILES or None)
    if request.method != "POST":
        pass  # empty, or with the text that was pasted before the session expired
    elif upload_too_large(request):
        form.reject(_("The file is larger than %(most)s MB.") % {"most": MAX_BYTES // 1_000_000})
    elif form.is_valid():
        try:
            with render_slot(request.user):
                found = _read(form)
        except InvalidFile as refused:
            form.reject(str(refused))
        except RenderBusy:
            form.reject(_("Too many files are being read right now. Choose the file again in a minute."))
        else:
            return show_list(request, found) if isinstance(found, ListTable) else _show_cv(request, found)
    return render(request, "imports/choose.html", {"section": "settings", "form": form})


def _read(form: FileOrTextForm) -> ListTable | CvContent:
    """Read what was chosen or pasted: a list, or else a CV. Raises InvalidFile."""
    file, kind = form.content, recognise_file(form.content)
    if kind == FileKind.TABLE and is_linkedin_table(file):
        kind = FileKind.LINKEDIN_TABLE
    if kind in READ_AS_LIST:
        return read_list(file, kind)
    if kind == FileKind.TEXT and (table := read_text_list(file)):
        return table
    return parse_cv(file, today=timezone.localdate())


def _show_cv(request: AuthenticatedRequest, resume: CvContent) -> HttpResponse:
    skills, own_skills = queries.propose_skills(request.user, resume)
    seen = replace(queries.assessment_answers(request.user), own_skills=own_skills)
    return _pick_page(request, CvSelectForm(None, proposals=make_proposals(resume, skills, seen)))


@require_http_methods(FORM_METHODS)
def pick(request: AuthenticatedRequest) -> HttpResponse:
    """Import the selection. GET shows a selection again that was made before signing in again."""
    data = form_data(request)
    if data is None:
        return redirect("imports:choose")
    try:
        proposals = load_proposals(data.get("proposals", ""), request.user)
    except ProposalsExpired:
        messages.info(request, _("We no longer have the contents of your file. Choose the file again."))
        return redirect("imports:choose")
    form = CvSelectForm(data, proposals=proposals)
    if request.method == "POST" and form.is_valid():
        try:
            services.import_selection(user=request.user, picked=form.picked(), seen=proposals.seen, now=timezone.now())
        except DraftNotFound:
            messages.info(
                request,
                _("You finished or discarded your assessment in another tab. Start the import again."),
            )
            return redirect("imports:choose")
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
