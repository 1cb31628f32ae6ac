"""Your data: everything in one file, tables, a resume; and a file of another account brought in."""

import json
from datetime import date
from functools import partial
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.account_data import chunks, queries, services
from careerplan.account_data.csv_tables import write_tables
from careerplan.account_data.forms import ImportForm, WhichPlanForm
from careerplan.account_data.json_resume import resume_of
from careerplan.account_data.models import DataFile
from careerplan.account_data.parser import MOST_BYTES, Refused
from careerplan.account_data.schema import PUBLISHED
from careerplan.account_data.tasks import make_files
from careerplan.core.http import upload_too_large
from careerplan.core.tasks import enqueue

JSON_TYPE = "application/json"


def _named(kind: str, ending: str) -> str:
    return f"careerplan-{kind}-{date.isoformat(timezone.localdate())}.{ending}"


def _attached(content: BinaryIO, name: str, kind: str) -> FileResponse:
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=name, content_type=kind)


@require_safe
def home(request: AuthenticatedRequest) -> HttpResponse:
    """What can be taken along and brought in."""
    standing = queries.standing_of(request.user, timezone.now())
    waits = standing.file is not None and standing.file.is_waiting
    context = {"section": "settings", "standing": standing, "waits": waits, "form": ImportForm()}
    return render(request, "account_data/home.html", context)


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The published schema of the file, for everybody who wants to read or write one."""
    response = HttpResponse(PUBLISHED.read_bytes(), content_type="application/schema+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def download(request: AuthenticatedRequest) -> HttpResponseBase:
    """Everything, at once; for a large account the page, where a worker can be asked for it."""
    now = timezone.now()
    if not queries.standing_of(request.user, now).is_at_once:
        messages.info(
            request, _("There is a lot in your account. Have the file prepared; we tell you when it is ready.")
        )
        return redirect("account_data:home")
    return _attached(services.export_at_once(user=request.user, now=now), _named("export", "json"), JSON_TYPE)


@require_POST
def ask_for_file(request: AuthenticatedRequest) -> HttpResponse:
    """Have a worker make the file."""
    services.ask_for_file(user=request.user, now=timezone.now())
    transaction.on_commit(partial(enqueue, make_files))
    messages.success(request, _("Your file is being prepared. We send you an e-mail when it is ready."))
    return redirect("account_data:home")


@require_safe
def file(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """A file that was prepared, while it is kept."""
    found = get_object_or_404(DataFile.objects.for_user(request.user).to_download(timezone.now()), pk=pk)
    response = StreamingHttpResponse(chunks.pieces(found), content_type=JSON_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{_named("export", "json")}"'
    response.headers["Content-Length"] = str(found.size)
    return response


@require_safe
def tables(request: AuthenticatedRequest) -> HttpResponseBase:
    """Goals, steps and ratings for a spreadsheet."""
    content = TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_tables(request.user, content)
    return _attached(content, _named("tables", "zip"), "application/zip")


@require_safe
def json_resume(request: AuthenticatedRequest) -> HttpResponse:
    """A resume in the format of JSON Resume."""
    text = json.dumps(resume_of(request.user), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type=JSON_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{_named("resume", "json")}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: AuthenticatedRequest) -> HttpResponse:
    """GET: what a chosen file would bring, else the form. POST: look at a file and keep it until it is decided."""
    now = timezone.now()
    if request.method != "POST":
        return _import_page(request, queries.waiting_import(request.user, now))
    form = ImportForm(request.POST, request.FILES)
    if upload_too_large(request):
        form.refuse(_("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000})
    elif form.is_valid():
        try:
            most = queries.AT_ONCE_ROWS
            brought = services.look_at_import(user=request.user, content=form.content, now=now, most_rows=most)
        except Refused as refused:
            form.refuse(str(refused))
        else:
            file = services.keep_import(user=request.user, content=form.content, brought=brought, now=now)
            if file.is_waiting:
                transaction.on_commit(partial(enqueue, make_files))
            return redirect("account_data:import")
    return _import_page(request, None, form=form)


def _import_page(request: AuthenticatedRequest, waiting: DataFile | None, **bound: Any) -> HttpResponse:
    which = WhichPlanForm(initial={"active": WhichPlanForm.OWN})
    per_cent = queries.goal_progress(waiting) if waiting and waiting.is_waiting else None
    context = {
        "section": "settings",
        "waiting": waiting,
        "per_cent": per_cent,
        "form": ImportForm(),
        "which": which,
        **bound,
    }
    return render(request, "account_data/import.html", context)


@require_POST
def import_finish(request: AuthenticatedRequest) -> HttpResponse:
    """Bring in the file that was chosen."""
    waiting = queries.waiting_import(request.user, timezone.now())
    which = WhichPlanForm(request.POST)
    if waiting is None:
        messages.info(request, _("There is no file to bring in any more. Choose it again."))
    if waiting is None or not waiting.is_ready:  # the page says what became of it
        return redirect("account_data:import")
    if not which.is_valid():
        return _import_page(request, waiting, which=which)
    if waiting.rows > queries.AT_ONCE_ROWS:
        services.ask_to_bring_in(file=waiting, now=timezone.now(), replace_active=which.replaces_active())
        transaction.on_commit(partial(enqueue, make_files))
        return redirect("account_data:import")
    try:
        services.finish_import(file=waiting, now=timezone.now(), replace_active=which.replaces_active())
    except Refused as refused:
        messages.error(request, _("%(reason)s Nothing is changed.") % {"reason": refused})
        return redirect("account_data:import")
    messages.success(request, _("Everything is brought in."))
    return redirect("plans:plan")


@require_POST
def import_discard(request: AuthenticatedRequest) -> HttpResponse:
    """Do not bring in the file that was chosen, and remove it."""
    waiting = queries.waiting_import(request.user, timezone.now())
    if waiting is not None and not services.discard_import(file=waiting):
        return redirect("account_data:import")  # it says what was brought in
    if waiting is not None:
        messages.success(request, _("The file is removed. Nothing was brought in."))
    return redirect("account_data:home")
