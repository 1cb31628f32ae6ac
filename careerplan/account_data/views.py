"""Views for account data: export as JSON, CSV tables or JSON Resume; import and undo."""

import json
from datetime import date, datetime, timedelta
from functools import partial
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import structlog
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from accounts.notices import send_notice
from careerplan.account_data import queries, services
from careerplan.account_data.file_advice import why_no_export
from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.file_kinds import recognise_file
from careerplan.account_data.forms import ActivePlanForm, ImportForm
from careerplan.account_data.models import DataFile, read_chunks
from careerplan.account_data.parser import MAX_BYTES
from careerplan.account_data.partial_exports import json_resume_for, write_csv_tables
from careerplan.account_data.schema import PUBLISHED
from careerplan.account_data.tasks import process_files
from careerplan.account_data.texts import reasons_to_stay, section_counts
from careerplan.account_data.undo import preview_undo, undo_import
from careerplan.core.http import upload_too_large
from careerplan.core.post_only import post_only
from careerplan.core.tasks import enqueue

JSON_TYPE = "application/json"
DOWNLOAD_ALLOWED = "export_until"  # session key; seconds since 1970
DOWNLOAD_ALLOWED_FOR = timedelta(minutes=10)

log = structlog.get_logger(__name__)


def _filename(kind: str, ending: str) -> str:
    return f"careerplan-{kind}-{date.isoformat(timezone.localdate())}.{ending}"


def _attachment(content: BinaryIO, name: str, kind: str) -> FileResponse:
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=name, content_type=kind)


@require_safe
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Show how to export, import and delete the data of the account."""
    now = timezone.now()
    status = queries.export_status(request.user, now)
    download_url = _download_url(status) if "download" in request.GET and _may_download(request, now) else ""
    context = {
        "section": "settings",
        "status": status,
        "download_url": download_url,
        "imports": queries.undoable_imports(request.user, now),
        "form": ImportForm(),
    }
    response = render(request, "account_data/home.html", context)
    if download_url:
        response.headers["Refresh"] = f"0; url={download_url}"  # starts the download; the page stays
    return response


@post_only(gettext_lazy("Export everything"), "account_data:home", gettext_lazy("Go to your data"))
@reauthentication_required
def export(request: AuthenticatedRequest) -> HttpResponse:
    """Let this session download everything for a while, email the owner, and start the download."""
    now = timezone.now()
    if not _download_url(queries.export_status(request.user, now)):
        messages.info(request, _("Your account is large. Prepare the file first. We will email you when it is ready."))
        return redirect("account_data:home")
    request.session[DOWNLOAD_ALLOWED] = (now + DOWNLOAD_ALLOWED_FOR).timestamp()
    log.info("data_exported", user=request.user.pk)
    send_notice("data_exported", request=request, user=request.user)
    return redirect(f"{reverse('account_data:home')}?download")


def _may_download(request: AuthenticatedRequest, now: datetime) -> bool:
    return bool(now.timestamp() < request.session.get(DOWNLOAD_ALLOWED, 0))


def _download_url(status: queries.ExportStatus) -> str:
    """Return where the export is downloaded; blank if a worker has to prepare it first."""
    if status.is_immediate:
        return reverse("account_data:download")
    if status.file and status.file.is_ready:
        return reverse("account_data:file", args=[status.file.pk])
    return ""


def _export_first(request: AuthenticatedRequest) -> HttpResponse:
    messages.info(request, _("To download your data, choose “Export everything”."))
    return redirect("account_data:home")


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Serve the published schema of the file, for anyone who wants to read or write one."""
    response = HttpResponse(PUBLISHED.read_bytes(), content_type="application/schema+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def download(request: AuthenticatedRequest) -> HttpResponseBase:
    """Download everything, written at once. Only after `export`."""
    now = timezone.now()
    if not _may_download(request, now) or not queries.export_status(request.user, now).is_immediate:
        return _export_first(request)
    return _attachment(services.export_now(user=request.user, now=now), _filename("export", "json"), JSON_TYPE)


@post_only(gettext_lazy("Prepare the file"), "account_data:home", gettext_lazy("Go to your data"))
def request_export(request: AuthenticatedRequest) -> HttpResponse:
    """Have a worker write the export."""
    services.request_export(user=request.user, now=timezone.now())
    transaction.on_commit(partial(enqueue, process_files))
    messages.success(request, _("We are preparing your file. We will email you when it is ready."))
    return redirect("account_data:home")


@require_safe
def file(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """Download an export that a worker has written. Only after `export`."""
    now = timezone.now()
    found = get_object_or_404(DataFile.objects.for_user(request.user).to_download(now), pk=pk)
    if not _may_download(request, now):
        return _export_first(request)
    response = StreamingHttpResponse(read_chunks(found), content_type=JSON_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{_filename("export", "json")}"'
    response.headers["Content-Length"] = str(found.size)
    return response


@require_safe
def csv_tables(request: AuthenticatedRequest) -> HttpResponseBase:
    """Export goals, steps and ratings for a spreadsheet."""
    content = TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_csv_tables(request.user, content)
    return _attachment(content, _filename("tables", "zip"), "application/zip")


@require_safe
def json_resume(request: AuthenticatedRequest) -> HttpResponse:
    """Export a CV in the JSON Resume format."""
    text = json.dumps(json_resume_for(request.user), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type=JSON_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{_filename("cv", "json")}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: AuthenticatedRequest) -> HttpResponse:
    """Show the chosen file or the form; POST checks a file and stores it until it is confirmed."""
    now = timezone.now()
    if request.method != "POST":
        return _import_page(request, queries.latest_import(request.user, now))
    form = ImportForm(request.POST, request.FILES)
    if upload_too_large(request):
        form.reject(_("The file is larger than %(most)s MB.") % {"most": MAX_BYTES // 1_000_000})
    elif form.is_valid():
        try:
            if reason := why_no_export(recognise_file(form.content)):
                raise InvalidFile(reason)
            summary = None
            if form.size <= queries.IMMEDIATE_BYTES:
                most = queries.IMMEDIATE_ROWS
                summary = services.preview_import(user=request.user, content=form.content, now=now, max_rows=most)
        except InvalidFile as error:
            form.reject(str(error))
        else:
            stored = services.store_import(user=request.user, content=form.content, summary=summary, now=now)
            if stored.is_waiting:
                transaction.on_commit(partial(enqueue, process_files))
            return redirect("account_data:import")
    return _import_page(request, None, form=form)


def _import_page(request: AuthenticatedRequest, file: DataFile | None, **bound: Any) -> HttpResponse:
    context = {
        "section": "settings",
        "file": file,
        "previous": queries.previous_import(file, timezone.now()) if file and file.is_ready else None,
        "contents": section_counts(file.summary["counts"], file.summary["present"]) if file and file.is_ready else [],
        "percent": queries.progress_of(file) if file and file.is_waiting else None,
        "form": ImportForm(),
        "active_plan_form": ActivePlanForm(initial={"active": ActivePlanForm.OWN}),
        **bound,
    }
    return render(request, "account_data/import.html", context)


@post_only(gettext_lazy("Import"), "account_data:import", gettext_lazy("Go to the import"))
def import_finish(request: AuthenticatedRequest) -> HttpResponse:
    """Import the checked file."""
    file = queries.latest_import(request.user, timezone.now())
    form = ActivePlanForm(request.POST)
    if file is None:
        messages.info(request, _("We no longer have this file. Choose it again."))
    if file is None or not file.is_ready:  # the page says what happened
        return redirect("account_data:import")
    if not form.is_valid():
        return _import_page(request, file, active_plan_form=form)
    if file.rows > queries.IMMEDIATE_ROWS or file.size > queries.IMMEDIATE_BYTES:
        services.queue_import(file=file, now=timezone.now(), replace_active=form.replaces_active())
        transaction.on_commit(partial(enqueue, process_files))
        return redirect("account_data:import")
    try:
        services.finish_import(file=file, now=timezone.now(), replace_active=form.replaces_active())
    except InvalidFile as error:
        messages.error(request, _("Nothing was imported. %(reason)s") % {"reason": error})
        return redirect("account_data:import")
    messages.success(request, _("Import finished. You can undo it for 30 days, under “Your data”."))
    return redirect("plans:plan")


@post_only(gettext_lazy("Cancel the import"), "account_data:import", gettext_lazy("Go to the import"))
def import_discard(request: AuthenticatedRequest) -> HttpResponse:
    """Delete the chosen file before it is imported."""
    file = queries.latest_import(request.user, timezone.now())
    if file is not None and not services.discard_import(file=file):
        return redirect("account_data:import")  # it says what was imported
    if file is not None:
        messages.success(request, _("File deleted. Nothing was imported."))
    return redirect("account_data:home")


@require_safe
def import_record(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show what undoing an import deletes, and what it keeps and why."""
    record = get_object_or_404(queries.undoable_imports(request.user, timezone.now()), pk=pk)
    preview = preview_undo(record)
    context = {
        "section": "settings",
        "record": record,
        "preview": preview,
        "contents": section_counts(preview.deleted),
        "kept": reasons_to_stay(preview),
    }
    return render(request, "account_data/undo.html", context)


@post_only(gettext_lazy("Undo the import"), "account_data:import-record", gettext_lazy("Go to the import"))
def import_undo(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    record = get_object_or_404(queries.undoable_imports(request.user, now), pk=pk)
    done = undo_import(record=record, now=now)
    kept = len(done.kept) + len(done.kept_skills) if done else 0
    if kept:
        words = ngettext(
            "Import undone. %(n)s thing that you have changed since was kept.",
            "Import undone. %(n)s things that you have changed since were kept.",
            kept,
        )
        messages.success(request, words % {"n": kept})
    else:
        messages.success(request, _("Import undone."))
    return redirect("account_data:home")
