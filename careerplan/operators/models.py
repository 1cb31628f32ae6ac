"""What operators did, what the daily clear-up does next, and which inactive people were asked."""

from datetime import timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import refuse

WHY_LENGTH = 300
ASKED_OF_SERVER = {
    "restore": _("Asked the server to restore a backup"),
    "upgrade": _("Asked the server to upgrade"),
    "back": _("Asked the server to go back to the earlier version"),
    "restart": _("Asked the server to restart with changed settings"),
}


class AuditAction(models.TextChoices):
    """What was done."""

    LOOKED = "looked", _("Opened the page of the account")
    CODE_OFFERED = "code_offered", _("Asked the person to confirm the address")
    CONFIRMED = "confirmed", _("Confirmed the address")
    ADDRESS_ASKED = "address_asked", _("Sent a link to a new address")
    ADDRESS_CHANGED = "address_changed", _("Changed the address")
    MAIL_RETRIED = "mail_retried", _("Had emails tried again")
    SESSIONS_ENDED = "sessions_ended", _("Signed the person out everywhere")
    BLOCKED = "blocked", _("Blocked the account")
    UNBLOCKED = "unblocked", _("Unblocked the account")
    EXPORTED = "exported", _("Had the data exported")
    DELETION_ASKED = "deletion_asked", _("Scheduled the deletion")
    DELETION_CANCELLED = "deletion_cancelled", _("Cancelled the deletion")
    OPERATOR_ADDED = "operator_added", _("Made the person an operator")
    OPERATOR_REMOVED = "operator_removed", _("Ended the rights of the operator")
    INVITED = "invited", _("Sent an invitation")
    INVITATION_CANCELLED = "invitation_cancelled", _("Cancelled an invitation")
    SITE_CHANGED = "site_changed", _("Changed the settings of the site")
    TEXT_PUBLISHED = "text_published", _("Published a legal text")
    TEST_MAIL = "test_mail", _("Sent a test email")
    BACKUP_ASKED = "backup_asked", _("Asked for a backup")
    BACKUP_CHECKED = "backup_checked", _("Had a backup checked")
    SECRETS_ENCRYPTED = "secrets_encrypted", _("Encrypted the secrets with the newest key")
    SERVER_ASKED = "server_asked", _("Asked the server to restore, upgrade or go back")
    RESTORED = "restored", _("Restored a backup")
    EMAILS_RESUMED = "emails_resumed", _("Let reminder emails go out again")
    INACTIVE_ASKED = "inactive_asked", _("Asked an inactive person whether to keep the account")
    CLEARED_UP = "cleared_up", _("Deleted what was kept long enough")


class AuditEntry(models.Model):
    """One act of an operator, of a command or of the daily clear-up. Nobody changes it; it is deleted after 2 years.

    Accounts are named by their number only: an address must not outlive its account. `details` has no personal data.
    """

    KEPT_FOR: ClassVar = timedelta(days=730)

    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.CharField(_("who"), max_length=100)
    actor_id = models.BigIntegerField(_("account of who did it"), null=True, blank=True)
    action = models.CharField(_("what"), max_length=20, choices=AuditAction)
    person_id = models.BigIntegerField(_("account"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=WHY_LENGTH, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        indexes: ClassVar = [models.Index(fields=["person_id", "-id"], name="operators_audit_of_person")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(actor=""), name="operators_auditentry_actor_given"),
            models.CheckConstraint(condition=Q(action__in=AuditAction.values), name="operators_auditentry_known"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="unchanged",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=refuse("operators_auditentry_unchanged", "an entry of the audit log does not change"),
            ),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.at > now() - interval '730 days'"),
                func=refuse("operators_auditentry_kept", "an entry of the audit log is kept for 2 years"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"

    @property
    def label(self) -> str:
        """What was done, in words; of a request to the server which one."""
        asked = ASKED_OF_SERVER.get(self.details.get("kind", "")) if self.action == AuditAction.SERVER_ASKED else None
        return str(asked or self.get_action_display())


class ClearUp(models.Model):
    """When the daily clear-up is due, and what the last one did: one row.

    It is due by the clock, not by what a scheduler remembers: one that is restarted each day would never run it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    due_at = models.DateTimeField(_("due at"))
    ran_at = models.DateTimeField(_("last run"), null=True, blank=True)
    deleted = models.JSONField(_("what was deleted"), default=dict, blank=True)
    failed = models.JSONField(_("steps that failed"), default=list, blank=True)

    class Meta:
        verbose_name = _("daily clear-up")
        verbose_name_plural = _("daily clear-ups")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="operators_clearup_one_row")]

    def __str__(self) -> str:
        return f"{self.due_at:%Y-%m-%d %H:%M}"


class InactivityQuestion(models.Model):
    """That an inactive person was asked by email whether to keep the account.

    It is deleted with the account when they do not come back by `answer_by`, and alone when they do.
    """

    ANSWER_WITHIN: ClassVar = timedelta(days=30)

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    answer_by = models.DateTimeField(_("answer by"))

    objects: ClassVar = OwnedQuerySet["InactivityQuestion"].as_manager()

    class Meta:
        verbose_name = _("question to an inactive person")
        verbose_name_plural = _("questions to inactive people")

    def __str__(self) -> str:
        return f"{self.user_id} {self.answer_by:%Y-%m-%d}"
