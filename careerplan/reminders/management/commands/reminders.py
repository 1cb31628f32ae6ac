"""State, preview and stopping of reminders, for operators."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from careerplan.reminders.health import reminder_status
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.management.commands.send_reminders import add_now_argument, parse_now
from careerplan.reminders.models import Digest
from careerplan.reminders.queries.digests import recipient_of, valid_reminders_of
from careerplan.reminders.queries.due import sql_params, window_params
from careerplan.reminders.services import (
    create_for_users,
    due_user_batches,
    reschedule_unsent_digests,
    stop_kinds,
)


class Command(BaseCommand):
    """`reminders status`, `reminders preview`, `reminders stop`."""

    help = "Show the state of reminders, preview what would be sent, or stop them for an address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("status", help="count emails by state, with the oldest one due and the last check")
        preview = what.add_parser("preview", help="show what would be sent, without personal texts")
        add_now_argument(preview)
        preview.add_argument("--user", metavar="ADDRESS", help="one person only")
        stop = what.add_parser("stop", help="stop all reminders to an address")
        stop.add_argument("address", metavar="ADDRESS")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "status":
            self._status(timezone.now())
        elif options["what"] == "stop":
            stop_kinds(user=self._person(options["address"]), kinds=list(ReminderKind))
            self.stdout.write("Stopped. The owner can turn reminders on again in the settings.")
        else:
            self._preview(parse_now(options["now"]), options["user"])

    def _status(self, now: datetime) -> None:
        status = reminder_status()
        for stage, count in status.stages.items():
            self.stdout.write(f"{stage:<10}{count}")
        self.stdout.write(f"oldest    {status.oldest.isoformat() if status.oldest else '-'}")
        late = "  late: check that a worker and the scheduler are running" if status.is_late(now) else ""
        self.stdout.write(f"last run  {status.ran_at.isoformat() if status.ran_at else 'never'}{late}")

    def _preview(self, as_of: datetime, address: str | None) -> None:
        only, count = self._person(address) if address else None, 0
        with transaction.atomic():
            reschedule_unsent_digests(as_of=as_of, now=as_of, only=only)
            rules = sql_params(window_params(as_of, as_of, only))
            for people in due_user_batches(as_of, only):
                create_for_users(people, rules)
            digests = Digest.objects.pending().select_related("user").order_by("user__email", "local_date")
            for digest in digests.filter(user=only) if only else digests:
                count += self._write(digest, as_of)
            transaction.set_rollback(True)
        self.stdout.write(f"{count} emails would be sent, as of {as_of.isoformat()}")

    def _person(self, address: str) -> User:
        person = User.objects.filter(email=address.strip().lower()).first()
        if person is None:
            raise CommandError(f"{address}: no account has this address.")
        return person

    def _write(self, digest: Digest, as_of: datetime) -> int:
        recipient = recipient_of(digest.user, as_of)
        if recipient is None or digest.local_date != recipient.delivery_day:
            return 0
        kinds = [f"{r.kind} {r.due_on}" for r in valid_reminders_of(digest, recipient)]
        if kinds:
            self.stdout.write(f"{digest.local_date} {recipient.time_zone} {recipient.address}: {', '.join(kinds)}")
        return bool(kinds)
