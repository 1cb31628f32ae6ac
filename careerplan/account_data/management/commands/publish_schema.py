"""manage.py publish_schema: write the schema of the account file to the repository, after a model has changed."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from careerplan.account_data.schema import PUBLISHED, file_schema


class Command(BaseCommand):
    """Writes careerplan/account_data/schema/."""

    help = "Write the schema of the account file to the repository."

    def handle(self, *args: Any, **options: Any) -> None:
        PUBLISHED.write_text(json.dumps(file_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self.stdout.write(f"{PUBLISHED.name}: {PUBLISHED.stat().st_size:,} bytes")
