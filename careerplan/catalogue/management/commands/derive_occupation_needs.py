"""manage.py derive_occupation_needs PATH: derive the levels of the shipped occupations from the sources."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from careerplan.catalogue.archive import ReleaseError
from careerplan.catalogue.derive import derive_needs_csv
from careerplan.catalogue.shipped_data import NEEDS, ShippedDataError


class Command(BaseCommand):
    help = "Derive data/occupation_needs.csv from the folder with the sources (O*NET, OaSIS). For developers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder that holds onet/ and oasis/")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = derive_needs_csv(options["path"])
        except (ReleaseError, ShippedDataError, OSError) as error:
            raise CommandError(str(error)) from error
        changed = not NEEDS.exists() or NEEDS.read_text(encoding="utf-8") != text
        NEEDS.write_text(text, encoding="utf-8")
        self.stdout.write(_("The file has changed.") if changed else _("The file has not changed."))
