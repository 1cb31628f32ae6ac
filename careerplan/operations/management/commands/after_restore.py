"""Mark what a restored database cannot know: emails that were sent after its backup."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.operations.after_restore import NothingToMark, mark_as_sent
from careerplan.reminders.management.commands.send_reminders import parse_now
from careerplan.reminders.sending_hold import sending_held_since


class Command(BaseCommand):
    """`after_restore --sent-until TIME`, while sending is held."""

    help = "Mark reminders as sent that were due between the backup and a time, so that nobody gets them twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sent-until", required=True, metavar="DATETIME", help="such as 2027-03-01T08:00+01:00")

    def handle(self, *args: Any, **options: Any) -> None:
        until = parse_now(options["sent_until"])
        if sending_held_since() is None:
            raise CommandError(_("Emails are being sent. Run `manage.py reminders hold` first."))
        try:
            marked = mark_as_sent(until=until, now=timezone.now())
        except NothingToMark:
            said = _("%(time)s is not between the last run that the backup knows and now.")
            raise CommandError(said % {"time": until.isoformat()}) from None
        said = ngettext("%(n)s email is marked as sent.", "%(n)s emails are marked as sent.", marked)
        self.stdout.write(said % {"n": marked})
