"""That an owner wants no emails about comments. Mentors stop all emails about a plan (Mentorship.emails_stopped_at)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet


class StoppedDigestQuerySet(OwnedQuerySet["StoppedDigest"]):
    pass


class StoppedDigest(models.Model):
    """That an owner stopped the daily email about comments and suggestions; they stay on the pages and on Today."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stopped_digest")
    stopped_at = models.DateTimeField(_("stopped at"))

    objects = StoppedDigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("stopped emails about comments")
        verbose_name_plural = _("stopped emails about comments")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.user_id}"
