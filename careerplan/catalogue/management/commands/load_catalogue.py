"""manage.py load_catalogue: the skills and occupations that the project ships. Run it at every deployment."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.catalogue.content import ContentError, read_skills, read_starter
from careerplan.catalogue.services import load_skills, load_starter


class Command(BaseCommand):
    help = "Load the skills and the occupations shipped with Careerplan. Safe to run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            groups, records = read_skills(), read_starter()
            with transaction.atomic():
                skills = load_skills(groups=groups)
                occupations = load_starter(records=records, now=timezone.now())
        except ContentError as error:
            raise CommandError(str(error)) from error
        except KeyError as error:
            raise CommandError(_("No skill of the catalogue is called %(key)s.") % {"key": error}) from error
        self.stdout.write(
            _(
                "Catalogue: %(skills)s skills (%(new)s new, %(changed)s changed, %(left)s no longer in the "
                "file); %(occupations)s occupations (%(created)s new, %(updated)s changed); "
                "%(titles)s titles and %(needs)s figures written."
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
