"""Run the scheduler by hand, for operators and tests."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from careerplan.reminders.delivery import SentMail, run_scheduler


def add_now_argument(parser: ArgumentParser) -> None:
    """Add the option --now."""
    parser.add_argument("--now", metavar="DATETIME", help="date and time with offset, such as 2027-03-01T08:00+01:00")


def parse_now(text: str | None) -> datetime:
    """Return the moment of --now, or the present one. Raises CommandError."""
    if not text:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--now {text}: not a date and time. Use the format 2027-03-01T08:00+01:00.") from None
    if moment.tzinfo is None:
        raise CommandError(f"--now {text}: the time zone offset is missing. Use the format 2027-03-01T08:00+01:00.")
    return moment


class Command(BaseCommand):
    """Sends the reminders that are due and lists the emails."""

    help = "Send the reminders that are due now, or at the time given with --now, and list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_now_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = parse_now(options["now"])
        sent = run_scheduler(as_of=as_of, clock=timezone.now, on_sent=self._write_sent)
        self.stdout.write(f"{sent} sent, as of {as_of.isoformat()}")

    def _write_sent(self, mail: SentMail) -> None:
        self.stdout.write(f"{mail.today} {mail.time_zone} {mail.address}: {mail.subject}")
