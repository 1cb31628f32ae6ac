"""Back up the database, or check a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.operations.backups import check_backup, make_backup, refuse_newer, remove_old_backups
from careerplan.operations.postgres_tools import ToolError
from careerplan.operations.services import forget_backups, record_backup
from careerplan.operators.actors import at_the_server


class Command(BaseCommand):
    """`backup FOLDER`, `backup --check FILE`."""

    help = "Write a dump of the database and a note about it into a folder, or check a dump that is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="PATH", type=Path, help="a folder, or with --check a dump")
        parser.add_argument("--check", action="store_true", help="read a dump and compare it with its note")
        parser.add_argument("--keep", type=int, default=0, metavar="NUMBER", help="remove all but the newest dumps")
        parser.add_argument("--bin", default="", metavar="FOLDER", help="where pg_dump and pg_restore are")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        try:
            if options["check"]:
                note = check_backup(path, options["bin"])
                refuse_newer(note)
                said = {"name": path.name, "time": note.made_at, "version": note.version}
                self.stdout.write(_("%(name)s is whole: made at %(time)s by %(version)s.") % said)
                return
        except ToolError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{self._make(path, options['bin'])}")
        if options["keep"] > 0:
            removed = [old.name for old in remove_old_backups(path, options["keep"])]
            forget_backups(removed)
            self.stdout.write("".join(_("removed %(name)s") % {"name": name} + "\n" for name in removed), ending="")

    def _make(self, folder: Path, tools: str) -> Path:
        """Make a backup and write down how it went, so that operators see it."""
        try:
            made = make_backup(folder, now=timezone.now(), tools=tools)
        except ToolError as error:
            record_backup(actor=at_the_server(), now=timezone.now(), problem=str(error))
            raise CommandError(str(error)) from None
        record_backup(actor=at_the_server(), now=timezone.now(), path=made)
        return made
