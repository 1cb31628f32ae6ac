"""Refusals of mail servers: of an address, which its owner can mend, or of all, which the operator can."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet


class RefusedAddressQuerySet(OwnedQuerySet["RefusedAddress"]):
    pass


class RefusedAddress(models.Model):
    """An address that mail servers rejected because there is no such mailbox, and on how many days in a row.

    From the second day on we send nothing (`stopped_at`) until the user says that it works again. An accepted email
    deletes the row, unless the rejection was a bounce: those come after an email was accepted.
    """

    DAYS: ClassVar = 2
    BOUNCE_COUNTS: ClassVar = timedelta(days=14)  # a bounce longer after the one before begins a new count

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="refused_addresses")
    address = models.EmailField(_("email address"), max_length=254)
    days = models.PositiveSmallIntegerField(_("days in a row"), default=1)
    refused_on = models.DateField(_("last refused on"))
    smtp_response = models.CharField(_("response of the mail server"), max_length=200, blank=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    has_bounced = models.BooleanField(_("bounced after it was accepted"), default=False, db_default=False)

    objects = RefusedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused address")
        verbose_name_plural = _("refused addresses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "address"], name="reminders_refusedaddress_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.refused_on}"


class MailServerState(models.Model):
    """How our own mail server behaves; one row, and none as long as it has taken everything.

    `refused_users` are different people whose emails it refused without having taken one in between. With MOST of them
    the fault is not theirs, and sending stops until `stopped_until`. Addresses are cut out of `smtp_response`.
    """

    MOST: ClassVar = 10
    PAUSE: ClassVar = timedelta(minutes=10)

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    refused_users = ArrayField(models.BigIntegerField(), verbose_name=_("people refused in a row"), default=list)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    refused_at = models.DateTimeField(_("last refused at"), null=True, blank=True)
    stopped_until = models.DateTimeField(_("stopped until"), null=True, blank=True)
    smtp_response = models.CharField(_("response of the mail server"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("state of the mail server")
        verbose_name_plural = _("states of the mail server")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="reminders_mailserverstate_one_row")]

    def __str__(self) -> str:
        return self.smtp_response

    @property
    def refuses_everyone(self) -> bool:
        """Whether so many were refused that the fault is not theirs."""
        return len(self.refused_users) >= self.MOST
