"""One round of reminders, by hand: for operators and tests."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from careerplan.reminders.delivery import SentMail, run_scheduler
from careerplan.reminders.instants import instant


class Command(BaseCommand):
    """Sends what is owed as of an instant, and says what it sent."""

    help = "Send the reminders that are due now, or at the time given with --now, and list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --now."""
        parser.add_argument(
            "--now", metavar="INSTANT", help="date and time with offset, such as 2027-03-01T08:00+01:00"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one round."""
        as_of = instant(options["now"]) if options["now"] else timezone.now()
        sent = run_scheduler(as_of=as_of, clock=timezone.now, on_sent=self._write_sent)
        self.stdout.write(f"{sent} sent, as of {as_of.isoformat()}")

    def _write_sent(self, mail: SentMail) -> None:
        self.stdout.write(f"{mail.today} {mail.time_zone} {mail.address}: {mail.subject}")
