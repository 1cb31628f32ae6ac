"""Look at everything that an operator can get wrong, and say how to mend it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.operations.diagnosis import Diagnosis
from careerplan.operations.doctor import ALL, BEFORE_START, examine, send_test_mail


class Command(BaseCommand):
    """`doctor [--before-start] [--mail ADDRESS]`; exit code 1 where something has to be mended."""

    help = "Check settings, database, Redis, mail, the site through its proxy, clock, time zones, disk and keys."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--before-start", action="store_true", help="leave out what needs tables or the running site"
        )
        parser.add_argument("--mail", metavar="ADDRESS", help="send a test email there")

    def handle(self, *args: Any, **options: Any) -> None:
        self.problems = 0
        examine(BEFORE_START if options["before_start"] else ALL, self._write)
        if options["mail"]:
            self._write(send_test_mail(options["mail"]))
        if self.problems:
            said = ngettext("%(n)s thing to mend.", "%(n)s things to mend.", self.problems)
            raise CommandError(said % {"n": self.problems})
        self.stdout.write(_("Nothing to mend."))

    def _write(self, finding: Diagnosis) -> None:
        self.problems += bool(finding.mend)
        sign = "MEND" if finding.mend else "note" if finding.advice else "ok"
        said = finding.mend or finding.advice
        self.stdout.write(f"{sign:<5}{finding.name:<13}{finding.found}" + (f" -> {said}" if said else ""))
