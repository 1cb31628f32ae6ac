"""manage.py load_catalogue: load the shipped skills and occupations. Run it at every deployment."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.catalogue.services import load_shipped_occupations, load_skills
from careerplan.catalogue.shipped_data import ShippedDataError, read_occupations, read_skills


class Command(BaseCommand):
    help = "Load the skills and the occupations shipped with Careerplan. Safe to run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            groups, records = read_skills(), read_occupations()
            with transaction.atomic():
                skills = load_skills(groups=groups)
                occupations = load_shipped_occupations(records=records, now=timezone.now())
        except ShippedDataError as error:
            raise CommandError(str(error)) from error
        except KeyError as error:
            raise CommandError(_("No skill has the key %(key)s.") % {"key": error}) from error
        self.stdout.write(
            _(
                "Skills: %(skills)s, of which %(new)s new, %(changed)s changed, %(left)s no longer in the file. "
                "Occupations: %(occupations)s, of which %(created)s new, %(updated)s changed. "
                "Titles written: %(titles)s. Levels written: %(needs)s."
            )
            % {
                "skills": skills.total,
                "new": skills.created,
                "changed": skills.updated,
                "left": skills.left_over,
                "occupations": len(records),
                "created": occupations.created,
                "updated": occupations.updated,
                "titles": occupations.titles_added,
                "needs": occupations.needs_written,
            }
        )
