"""manage.py load_occupations PATH: a whole text release of O*NET, from its zip or folder."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.catalogue.archive import ReleaseError, open_release
from careerplan.catalogue.content import ContentError, read_skills
from careerplan.catalogue.onet import read_release
from careerplan.catalogue.records import ReleaseData
from careerplan.catalogue.services import LosesFigures, load_release, load_skills
from careerplan.catalogue.sync import Changes

TABLES = ("catalogue_occupation", "catalogue_occupationtitle", "catalogue_occupationneed")


class Command(BaseCommand):
    help = "Load an official O*NET text release (zip or folder). A release that is damaged changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the zip archive of the release, or its folder")
        parser.add_argument("--release", default="", help="the number of the release, if nothing in it says so")
        parser.add_argument("--may-lose", action="store_true", help="load it though many figures would be lost")

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
        except (ReleaseError, ContentError) as error:
            raise CommandError(f"{error} {_('Nothing was changed.')}") from error
        progress(_("writing release %(release)s") % {"release": data.release})
        try:
            with transaction.atomic():
                load_skills(groups=groups)
                changes = load_release(data=data, now=timezone.now(), may_lose=options["may_lose"])
        except LosesFigures as error:
            raise _loses(*error.args) from error
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ANALYZE {table}")
        progress(_done(changes, data))


def _loses(lost: int, rated: int) -> CommandError:
    why = _("It has no figures for %(lost)s of %(rated)s occupations that have some now: is it cut off?")
    way = _("Nothing was changed. If it is meant to be so, add --may-lose.")
    return CommandError(f"{why % {'lost': lost, 'rated': rated}} {way}")


def _done(changes: Changes, data: ReleaseData) -> str:
    words = _(
        "done: %(created)s occupations new, %(updated)s changed, %(withdrawn)s withdrawn; titles "
        "%(added)s added, %(removed)s removed; %(needs)s figures written; %(rated)s of %(all)s rated"
    )
    return words % {
        "created": changes.created,
        "updated": changes.updated,
        "withdrawn": changes.withdrawn,
        "added": changes.titles_added,
        "removed": changes.titles_removed,
        "needs": changes.needs_written,
        "rated": sum(bool(record.needs) for record in data.occupations.values()),
        "all": len(data.occupations),
    }
