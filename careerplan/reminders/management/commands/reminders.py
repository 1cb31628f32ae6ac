"""How the reminders stand, what would be sent, and stopping them for somebody who wrote: for operators."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from careerplan.reminders import queries
from careerplan.reminders.instants import instant
from careerplan.reminders.models import Digest, ReminderKind
from careerplan.reminders.services import bring_forward, hours_of, owed_by, rules_of, stop_kinds, whose_turn_has_come


class Command(BaseCommand):
    """`reminders status`, `reminders preview`, `reminders stop`."""

    help = "Say how the reminders stand (status) or what would be sent (preview); stop them for somebody (stop)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the three and their options."""
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("status", help="counts by state, the oldest that is owed, the last sweep")
        preview = what.add_parser("preview", help="what would be sent, without the texts of anybody's plan")
        preview.add_argument("--now", metavar="INSTANT", help="ISO 8601 with offset, such as 2027-03-01T08:00+01:00")
        preview.add_argument("--user", metavar="ADDRESS", help="one person only")
        stop = what.add_parser("stop", help="send no reminders to an address any more, as whoever reads it asked")
        stop.add_argument("address", metavar="ADDRESS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked."""
        if options["what"] == "status":
            self._status(timezone.now())
        elif options["what"] == "stop":
            stop_kinds(user=self._person(options["address"]), kinds=list(ReminderKind))
            self.stdout.write("Stopped. They can choose otherwise in their settings.")
        else:
            self._preview(instant(options["now"]) if options["now"] else timezone.now(), options["user"])

    def _status(self, now: datetime) -> None:
        standing = queries.standing()
        for state, count in standing.states.items():
            self.stdout.write(f"{state:<10}{count}")
        self.stdout.write(f"oldest    {standing.oldest.isoformat() if standing.oldest else '-'}")
        late = "  late: is a worker running, and the beat?" if standing.is_late(now) else ""
        self.stdout.write(f"last sweep {standing.swept_at.isoformat() if standing.swept_at else 'never'}{late}")

    def _preview(self, as_of: datetime, address: str | None) -> None:
        only, count = self._person(address) if address else None, 0
        with transaction.atomic():
            bring_forward(as_of=as_of, now=as_of, only=only)
            rules = rules_of(hours_of(as_of, as_of, only))
            for people in whose_turn_has_come(as_of, only):
                owed_by(people, rules)
            digests = Digest.objects.owed().select_related("user").order_by("user__email", "local_date")
            for digest in digests.filter(user=only) if only else digests:
                count += self._write(digest, as_of)
            transaction.set_rollback(True)
        self.stdout.write(f"{count} would be sent, as of {as_of.isoformat()}")

    def _person(self, address: str) -> User:
        person = User.objects.filter(email=address.strip().lower()).first()
        if person is None:
            raise CommandError(f"{address}: nobody has this address.")
        return person

    def _write(self, digest: Digest, as_of: datetime) -> int:
        recipient = queries.recipient_of(digest.user, as_of)
        if recipient is None or digest.local_date != recipient.mail_day:
            return 0
        kinds = [f"{r.kind} {r.due_on}" for r in queries.still_owed(digest, recipient)]
        if kinds:
            self.stdout.write(f"{digest.local_date} {recipient.time_zone} {recipient.address}: {', '.join(kinds)}")
        return bool(kinds)
