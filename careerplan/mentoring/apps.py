"""Mentoring: what happens to mentorships when the account of a mentor is deleted."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import pre_delete
from django.utils import timezone


class MentoringConfig(AppConfig):
    """Ends what a mentor sees before their account is deleted, however that is done."""

    name = "careerplan.mentoring"

    def ready(self) -> None:
        """Listen to deletions of accounts."""
        pre_delete.connect(_leave_all, sender=settings.AUTH_USER_MODEL, dispatch_uid="careerplan.mentoring")


def _leave_all(*, instance: Any, **_values: Any) -> None:
    from careerplan.mentoring.services.ending import leave_all  # noqa: PLC0415  # models are loaded by now

    leave_all(account=instance, now=timezone.now())
