"""State, preview and stopping of reminders, refused addresses and bounces, for operators."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.core.smtp import SmtpOutcome
from careerplan.reminders import refusals
from careerplan.reminders.bounces import find_digest, parse_bounce
from careerplan.reminders.health import reminder_status
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.management.commands.send_reminders import add_now_argument, parse_now
from careerplan.reminders.models import RefusedAddress
from careerplan.reminders.preview import previewed_emails
from careerplan.reminders.queries.mail_server import list_refused_addresses, mail_problem
from careerplan.reminders.sending_hold import hold_sending, let_sending_go_on
from careerplan.reminders.services import stop_kinds


class Command(BaseCommand):
    """`reminders status | preview | stop | hold | go-on | retry | addresses | bounced`."""

    help = "Show the state of reminders, preview or stop them, try again what was refused, or count a bounce."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("status", help="count emails by state, with the oldest one due and the last check")
        preview = what.add_parser("preview", help="show what would be sent, without personal texts")
        add_now_argument(preview)
        preview.add_argument("--user", metavar="ADDRESS", help="one person only")
        stop = what.add_parser("stop", help="stop all reminders to an address")
        stop.add_argument("address", metavar="ADDRESS")
        what.add_parser("hold", help="send no reminder email until `reminders go-on`")
        what.add_parser("go-on", help="send again after a restore or `reminders hold`")
        what.add_parser("retry", help="send what the mail server did not take now, instead of after a pause")
        addresses = what.add_parser("addresses", help="list addresses that were refused, and whether they get email")
        addresses.add_argument("--clear", nargs="*", metavar="ADDRESS", help="send to these again, or to all")
        bounced = what.add_parser("bounced", help="count an email that came back for an address")
        bounced.add_argument("address", nargs="?", metavar="ADDRESS", help="without it: a bounce on standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        commands: dict[str, Callable[[], None]] = {
            "status": lambda: self._status(timezone.now()),
            "preview": lambda: self._preview(parse_now(options.get("now")), options.get("user")),
            "stop": lambda: self._stop(options["address"]),
            "hold": self._hold,
            "go-on": self._go_on,
            "retry": self._retry,
            "addresses": lambda: self._addresses(options["clear"]),
            "bounced": lambda: self._bounced(options["address"], timezone.now()),
        }
        commands[options["what"]]()

    def _stop(self, address: str) -> None:
        stop_kinds(user=self._person(address), kinds=list(ReminderKind))
        self.stdout.write(_("Stopped. The owner can turn reminders on again in the settings."))

    def _hold(self) -> None:
        hold_sending(now=timezone.now())
        self.stdout.write(_("Reminder emails are held. They stay due."))

    def _go_on(self) -> None:
        self.stdout.write(_("Sending again.") if let_sending_go_on() else _("Reminder emails were not held."))

    def _retry(self) -> None:
        count = refusals.retry_unsent(now=timezone.now())
        said = ngettext(
            "%(n)s email is free to be sent. The next run sends it.",
            "%(n)s emails are free to be sent. The next run sends them.",
            count,
        )
        self.stdout.write(said % {"n": count})

    def _addresses(self, clear: list[str] | None) -> None:
        if clear is not None:
            count = refusals.clear_rejected_addresses(clear)
            said = ngettext("%(n)s address gets email again.", "%(n)s addresses get email again.", count)
            self.stdout.write(said % {"n": count})
            return
        for row in list_refused_addresses():
            state = "stopped" if row.stopped_at else f"day {row.days}"
            self.stdout.write(f"{row.address}  {state}  last on {row.refused_on}  {row.smtp_response}")

    def _bounced(self, address: str | None, now: datetime) -> None:
        if address:
            person = self._person(address)
            today = local_day(now, person.time_zone)
            self._count(refusals.record_bounce(user=person, on=today, now=now, smtp_response="bounced"))
            return
        bounce = parse_bounce(sys.stdin.buffer.read())
        if bounce is None:
            self.stdout.write(_("Not counted: this is not a delivery status notification."))
        elif bounce.outcome is not SmtpOutcome.REJECTED:
            self.stdout.write(_("Not counted: %(answer)s is not about the mailbox.") % {"answer": bounce.text})
        elif (digest := find_digest(bounce, now=now)) is None:
            if any(import_string(handler)(bounce.keys, now=now) for handler in settings.BOUNCE_HANDLERS):
                self.stdout.write(_("Counted: its sender is told that it came back."))
            else:
                self.stdout.write(_("Not counted: it does not name an email of ours of the last 14 days."))
        else:
            on = digest.local_date
            self._count(refusals.record_bounce(user=digest.user, on=on, now=now, smtp_response=bounce.text))

    def _count(self, row: RefusedAddress) -> None:
        state = _("No more email is sent to it.") if row.stopped_at else _("On the second day, sending to it stops.")
        said = _("Counted: day %(n)s for %(address)s.") % {"n": row.days, "address": row.address}
        self.stdout.write(f"{said} {state}")

    def _status(self, now: datetime) -> None:
        status = reminder_status()
        for stage, count in status.stages.items():
            self.stdout.write(f"{stage:<10}{count}")
        self.stdout.write(f"oldest    {status.oldest.isoformat() if status.oldest else '-'}")
        late = "  late: check that a worker and the scheduler are running" if status.is_late(now) else ""
        self.stdout.write(f"last run  {status.ran_at.isoformat() if status.ran_at else 'never'}{late}")
        if problem := mail_problem(now):
            self.stdout.write(problem)

    def _preview(self, as_of: datetime, address: str | None) -> None:
        count = 0
        with previewed_emails(as_of, self._person(address) if address else None) as emails:
            for count, email in enumerate(emails, start=1):  # noqa: B007
                kinds = ", ".join(f"{line.kind} {line.due_on}" for line in email.lines)
                self.stdout.write(f"{email.digest.local_date} {email.time_zone} {email.address}: {kinds}")
        said = ngettext(
            "%(n)s email would be sent, as of %(time)s", "%(n)s emails would be sent, as of %(time)s", count
        )
        self.stdout.write(said % {"n": count, "time": as_of.isoformat()})

    def _person(self, address: str) -> User:
        person = User.objects.filter(email=address.strip().lower()).first()
        if person is None:
            raise CommandError(_("%(address)s: no account has this address.") % {"address": address})
        return person
