"""Run the scheduler by hand, for operators and tests."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from careerplan.reminders.delivery import SentMail, run_scheduler
from careerplan.reminders.digest_mail import build_digest_mail
from careerplan.reminders.preview import previewed_emails


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
    """Sends the reminders that are due now and lists the emails; of another time it only lists them."""

    help = "Send the reminders that are due and list them. With --now: list what is due at that time, send nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_now_argument(parser)
        parser.add_argument("--send", action="store_true", help="with --now: send them, once and for all")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = parse_now(options["now"])
        if options["now"] and not options["send"]:
            self._look(as_of)
            return
        sent = run_scheduler(as_of=as_of, clock=timezone.now, on_sent=self._write_sent)
        self.stdout.write(f"{sent} sent, as of {as_of.isoformat()}")

    def _look(self, as_of: datetime) -> None:
        count = 0
        with previewed_emails(as_of) as emails:
            for count, email in enumerate(emails, start=1):  # noqa: B007
                subject = build_digest_mail(email).subject
                self._write_sent(SentMail(email.address, subject, email.today, email.time_zone))
        self.stdout.write(f"{count} would be sent, as of {as_of.isoformat()}. Nothing was sent: --send sends them.")

    def _write_sent(self, mail: SentMail) -> None:
        self.stdout.write(f"{mail.today} {mail.time_zone} {mail.address}: {mail.subject}")
