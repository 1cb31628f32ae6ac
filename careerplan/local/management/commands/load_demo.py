"""manage.py load_demo: load the demo plan."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from careerplan.local.demo import load_demo, read_plan


class Command(BaseCommand):
    """Loads the demo plan. Only under `make run`, because the account has a known password."""

    help = "Load the example plan. Each run replaces it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the plan and print how to sign in."""
        user = load_demo(now=timezone.now())
        password = read_plan()["person"]["password"]
        self.stdout.write(f"{user.name}'s plan is loaded. Sign in as {user.email} with the password {password}")
