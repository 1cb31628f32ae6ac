"""Restore a backup: into an empty database, or in place of what is there."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.deletion_record import repeat_deletions
from careerplan.operations.after_restore import postpone_deletions
from careerplan.operations.backups import check_backup, refuse_newer, restore_backup, role_exists
from careerplan.operations.kept_audit_log import FILE, bring_back_audit_log, keep_audit_log
from careerplan.operations.postgres_tools import ToolError
from careerplan.operations.server_jobs import forget_open_jobs
from careerplan.operations.services import forget_requests, record_found
from careerplan.operators.actors import at_the_server
from careerplan.operators.models import AuditAction
from careerplan.operators.services.audit import record
from careerplan.reminders.sending_hold import hold_sending

UNCHANGED = 3
"""The exit code of a restore that changed nothing: the site can open again. Any other one: it must not."""

NEXT = gettext_lazy("""Restored from %(made_at)s. %(deleted)s accounts that were deleted later are deleted again.
%(postponed)s accounts that were to be deleted are deleted 7 days from now: their owners may have cancelled that.
Reminder emails are held. Now:
  manage.py after_restore --sent-until TIME   until when emails were sent before the restore, if after the backup
  manage.py reminders go-on                   then send again""")


class Command(BaseCommand):
    """`restore FILE`, run as the owner of the database, while web, worker and scheduler are stopped."""

    help = "Check a dump and bring all of it or nothing into the database, then migrate and hold reminder emails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--replace", action="store_true", help="remove everything that is in the database first")
        parser.add_argument("--role", default="careerplan_app", help="of web, worker and beat (careerplan_app)")
        parser.add_argument("--bin", default="", metavar="FOLDER", help="where pg_restore and psql are")

    def handle(self, *args: Any, **options: Any) -> None:
        if not role_exists(options["role"]):
            said = _("The server has no role %(role)s. Create it, or name another with --role.")
            raise CommandError(said % {"role": options["role"]}, returncode=UNCHANGED)
        folder: Path = options["file"].parent
        try:
            note = check_backup(options["file"], options["bin"])
            refuse_newer(note)
            keep_audit_log(folder)
            restore_backup(options["file"], note, replace=options["replace"], tools=options["bin"])
        except ToolError as error:
            raise CommandError(str(error), returncode=UNCHANGED) from None
        call_command("migrate", interactive=False, verbosity=0)
        now = timezone.now()
        hold_sending(now=now)
        repeated = repeat_deletions()
        postponed = postpone_deletions(now=now)
        forget_requests()
        forget_open_jobs()
        record_found(folder, actor=at_the_server())
        _added, unknown = bring_back_audit_log(folder)
        record(actor=at_the_server(), action=AuditAction.RESTORED, now=now, name=options["file"].name)
        call_command("grant_rights", options["role"])  # last: without it nobody can use what is not ready
        self.stdout.write(NEXT % {"made_at": note.made_at, "deleted": repeated.deleted, "postponed": postponed})
        if unknown:
            said = ngettext(
                "%(n)s entry of the audit log is of a newer version and stays in %(file)s.",
                "%(n)s entries of the audit log are of a newer version and stay in %(file)s.",
                unknown,
            )
            self.stderr.write(said % {"n": unknown, "file": folder / FILE})
        if repeated.unreadable:
            lines = ", ".join(map(str, repeated.unreadable))
            said = _("Lines of DELETIONS_FILE that cannot be read, and were passed over: %(lines)s")
            self.stderr.write(said % {"lines": lines})
