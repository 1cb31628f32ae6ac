"""The operator's page about the server: backups, the findings of doctor, keys, and sign-in at a provider."""

from collections import defaultdict
from collections.abc import Iterable

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuthenticatedRequest
from careerplan.core.mail import absolute_url
from careerplan.core.post_only import post_only
from careerplan.core.tasks import enqueue
from careerplan.core.version import version
from careerplan.operations import server_jobs, services
from careerplan.operations.diagnosis import Diagnosis
from careerplan.operations.doctor import ON_PAGE, check_openid, count_old_secrets, examine
from careerplan.operations.models import Backup, ServerJob
from careerplan.operations.queries import last_made, list_backups
from careerplan.operations.tasks import encrypt_secrets, make_backups
from careerplan.operators.actors import operator
from careerplan.reminders.sending_hold import sending_held_since

TO_THE_SERVER = gettext_lazy("Go to the server page")


@require_safe
def server(request: AuthenticatedRequest) -> HttpResponse:
    """Show what an operator would otherwise ask for at the server."""
    findings: list[Diagnosis] = []
    examine(ON_PAGE, findings.append)
    backups, now = list_backups(), timezone.now()
    context = {
        "part": "server",
        "backups": backups,
        "last": last_made(),
        "is_waiting": any(backup.state == Backup.State.WAITING for backup in backups),
        "can_back_up": bool(settings.BACKUP_FOLDER),
        "folders_here": services.folders_here(),
        "most_a_day": services.MOST_A_DAY,
        "checks": _by_check(findings),
        "old_secrets": count_old_secrets(),
        "provider": settings.OIDC_NAME,
        "redirect_address": absolute_url(reverse("openid_connect_callback")),
        "version": version(),
        "agent": server_jobs.agent_report(now),
        "job": server_jobs.open_job(),
        "ended_jobs": server_jobs.ended_jobs(),
        "restorable": server_jobs.restorable(),
        "held_since": sending_held_since(),
    }
    return render(request, "operations/server.html", context)


def _by_check(findings: Iterable[Diagnosis]) -> list[list[Diagnosis]]:
    """Return what each check found, trouble first, so that none is listed twice."""
    checks: dict[str, list[Diagnosis]] = defaultdict(list)
    for finding in sorted(findings, key=lambda finding: (not finding.mend, not finding.advice)):
        checks[finding.name].append(finding)
    return list(checks.values())


@require_http_methods(["GET", "HEAD", "POST"])
def ask_server(request: AuthenticatedRequest, kind: str, target: str) -> HttpResponse:
    """Say what a restore, an upgrade or going back does, and ask the agent for it on the click.

    A post that was kept until its sender confirmed who they are comes here past OperatorMiddleware.
    """
    now = timezone.now()
    if not request.user.is_staff:
        raise Http404
    if (kind, target) not in server_jobs.offered(now):
        if kind not in ServerJob.Kind:
            raise Http404
        messages.error(request, _("The server cannot do this now."))
        return redirect("operations:server")
    raise_if_reauthentication_required(request, app="allauth.account")
    if request.method == "POST":
        try:
            server_jobs.ask(actor=operator(request.user), kind=kind, target=target, now=now)
        except server_jobs.NotOffered:
            messages.error(request, _("The server cannot do this now."))
        else:
            messages.success(request, _("The server starts within 10 seconds. This page shows the result."))
        return redirect("operations:server")
    context = {"part": "server", "kind": kind, "target": target, "label": ServerJob.Kind(kind).label}
    return render(request, "operations/ask.html", context)


@post_only(gettext_lazy("Send emails again"), "operations:server", TO_THE_SERVER)
def resume_emails(request: AuthenticatedRequest) -> HttpResponse:
    """Let reminder emails go out again after a restore."""
    if server_jobs.resume_emails(actor=operator(request.user), now=timezone.now()):
        messages.success(request, _("Reminder emails go out again."))
    return redirect("operations:server")


@post_only(gettext_lazy("Back up now"), "operations:server", TO_THE_SERVER)
def ask_backup(request: AuthenticatedRequest) -> HttpResponse:
    """Ask a worker for a backup. Nobody downloads it here: it holds everybody's plan."""
    try:
        services.ask_backup(actor=operator(request.user), now=timezone.now())
    except services.NotNow:
        words = _("A backup is being made already, or %(n)s were made today.") % {"n": services.MOST_A_DAY}
        messages.error(request, words)
    else:
        transaction.on_commit(lambda: enqueue(make_backups))
        messages.success(request, _("We are making a backup. This page shows it when it is done."))
    return redirect("operations:server")


@post_only(gettext_lazy("Check"), "operations:server", TO_THE_SERVER)
def ask_check(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask a worker to read a backup again."""
    backup = get_object_or_404(Backup, pk=pk, state=Backup.State.MADE)
    try:
        services.ask_check(actor=operator(request.user), backup=backup, now=timezone.now())
    except services.NotHere:
        messages.error(request, _("No worker can check this backup: it is not in BACKUP_FOLDER."))
        return redirect("operations:server")
    transaction.on_commit(lambda: enqueue(make_backups))
    messages.success(request, _("We are checking the backup. This page shows the result."))
    return redirect("operations:server")


@post_only(gettext_lazy("Ask the provider"), "operations:server", TO_THE_SERVER)
def ask_provider(request: AuthenticatedRequest) -> HttpResponse:
    """Ask the OpenID provider whether it is the one that is set, and say what it answered."""
    for finding in check_openid():
        if finding.mend:
            messages.error(request, f"{finding.found}. {finding.mend}")
        else:
            messages.success(request, finding.found)
    return redirect("operations:server")


@post_only(gettext_lazy("Use the newest key"), "operations:server", TO_THE_SERVER)
def use_newest_key(request: AuthenticatedRequest) -> HttpResponse:
    """Encrypt the secrets of second steps with the newest key, so that the earlier one can go."""
    written, lost = services.use_newest_key(actor=operator(request.user), now=timezone.now())
    said = ngettext("%(n)s secret uses the newest key now.", "%(n)s secrets use the newest key now.", written)
    messages.success(request, said % {"n": written})
    if written == services.SECRETS_AT_ONCE:
        transaction.on_commit(lambda: enqueue(encrypt_secrets, expires=settings.LONGEST_TASK_SECONDS))
        messages.info(request, _("A worker writes the others. This page shows how many are left."))
    if lost:
        said = ngettext("%(n)s secret fits no key.", "%(n)s secrets fit no key.", lost) % {"n": lost}
        messages.error(request, said)
    return redirect("operations:server")
