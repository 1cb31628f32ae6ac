"""What keeps invitations from pestering people: who was invited when, and addresses that want none."""

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def hash_address(address: str) -> str:
    """Return what is stored of an address that must not be forgotten: a hash, the same in any case of letters."""
    return hashlib.sha256(f"careerplan.mentoring {address.strip().lower()}".encode()).hexdigest()


class InvitationRecord(models.Model):
    """That an owner invited an address, for the limits of a day; deleted after a month."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address_hash = models.CharField(max_length=64)
    invited_at = models.DateTimeField(_("invited at"))

    class Meta:
        verbose_name = _("record of an invitation")
        verbose_name_plural = _("records of invitations")
        indexes: ClassVar = [
            models.Index(fields=["address_hash", "invited_at"], name="mentoring_invitation_address"),
            models.Index(fields=["owner", "invited_at"], name="mentoring_invitation_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.invited_at:%Y-%m-%d}"


class StoppedAddress(models.Model):
    """An address whose owner wants no invitation from anybody. Only its hash is stored."""

    address_hash = models.CharField(max_length=64, primary_key=True)
    stopped_at = models.DateTimeField(_("stopped at"))

    class Meta:
        verbose_name = _("stopped address")
        verbose_name_plural = _("stopped addresses")

    def __str__(self) -> str:
        return self.address_hash[:8]
