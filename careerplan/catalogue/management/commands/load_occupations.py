"""manage.py load_occupations PATH: load a text release of O*NET from its zip or folder."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.catalogue.archive import ReleaseError, open_release
from careerplan.catalogue.onet import read_release
from careerplan.catalogue.services import ReleaseTooSmall, load_release, load_skills
from careerplan.catalogue.shipped_data import ShippedDataError, read_skills
from careerplan.catalogue.sync import LoadCounts, ReleaseData
from careerplan.core.sentences import join_sentences

TABLES = ("catalogue_occupation", "catalogue_occupationtitle", "catalogue_occupationneed")


class Command(BaseCommand):
    help = "Load an official O*NET text release (zip or folder). A damaged release changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the zip archive of the release, or its folder")
        parser.add_argument("--release", default="", help="the release number, if the files do not give it")
        parser.add_argument(
            "--may-lose", action="store_true", help="load the release even if many levels would be lost"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()

        def progress(text: str) -> None:
            if options["verbosity"] > 0:
                self.stdout.write(f"{time.monotonic() - started:5.1f} s  {text}")

        try:
            groups = read_skills()
            elements = {skill.code for group in groups for skill in group.skills if skill.code}
            with open_release(options["path"]) as release:
                data = read_release(release, elements, progress, options["release"])
        except (ReleaseError, ShippedDataError) as error:
            raise CommandError(join_sentences(str(error), _("Your data has not changed."))) from error
        progress(_("writing release %(release)s") % {"release": data.release})
        try:
            with transaction.atomic():
                load_skills(groups=groups)
                changes = load_release(data=data, now=timezone.now(), may_lose=options["may_lose"])
        except ReleaseTooSmall as error:
            raise _loses(*error.args) from error
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ANALYZE {table}")
        progress(_done(changes, data))


def _loses(lost: int, rated: int) -> CommandError:
    why = _("The release does not rate %(lost)s of %(rated)s occupations. The file may be incomplete.")
    way = _("Your data has not changed. To load the release anyway, add --may-lose.")
    return CommandError(f"{why % {'lost': lost, 'rated': rated}} {way}")


def _done(changes: LoadCounts, data: ReleaseData) -> str:
    words = _(
        "Occupations: %(created)s new, %(updated)s changed, %(dropped)s no longer in the release. "
        "Titles: %(added)s added, %(removed)s removed. Levels written: %(needs)s. Rated: %(rated)s of %(all)s."
    )
    return words % {
        "created": changes.created,
        "updated": changes.updated,
        "dropped": changes.dropped,
        "added": changes.titles_added,
        "removed": changes.titles_removed,
        "needs": changes.needs_written,
        "rated": sum(bool(record.needs) for record in data.occupations.values()),
        "all": len(data.occupations),
    }
