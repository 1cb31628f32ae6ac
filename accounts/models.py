"""The user: identity, time zone, theme and deletion. Invitations to sign up, and consent to legal texts."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.timezones import validate_time_zone
from careerplan.core.dates import get_zone
from careerplan.core.models import OwnedQuerySet
from careerplan.site_settings.models import TextKind


class UserManager(BaseUserManager["User"]):
    """Create users, and find them by email address in any case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; the address is stored in lower case, as django-allauth does."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator (`manage.py createsuperuser`)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def unconfirmed(self, email: str) -> "models.QuerySet[User]":
        """Return unconfirmed sign-ups with this address (lower case). A newer sign-up may replace them."""
        return self.all_unconfirmed().filter(email=email)

    def all_unconfirmed(self) -> "models.QuerySet[User]":
        """Return sign-ups that were never confirmed and never signed in.

        They own nothing and prove nothing about who created them. A blocked one is not among them: another sign-up
        must not undo the block.
        """
        return self.never_confirmed().filter(is_active=True)

    def never_confirmed(self) -> "models.QuerySet[User]":
        """Return sign-ups that were never confirmed and never signed in, blocked or not."""
        return (
            self.filter(last_login__isnull=True, is_staff=False)
            .filter(emailaddress__email=models.F("email"), emailaddress__verified=False)
            .exclude(emailaddress__verified=True)
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A user, who signs in with an email address. The name is shown on the plan; the time zone is their own."""

    class Theme(models.TextChoices):
        """Colour theme; "" follows the device."""

        SYSTEM = "", _("Same as my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("email address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=100)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Such as Europe/London."),
    )
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, default=Theme.SYSTEM, blank=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # When the account will be deleted. Until then its owner can cancel, and no emails are sent.
    deletion_due_at = models.DateTimeField(_("to be deleted at"), null=True, blank=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar = [
            # Lower case, so that addresses are unique whatever case someone types.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_lower"),
            models.CheckConstraint(condition=~models.Q(email=""), name="accounts_user_email_given"),
            models.CheckConstraint(condition=~models.Q(time_zone=""), name="accounts_user_time_zone_given"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["deletion_due_at"],
                condition=models.Q(deletion_due_at__isnull=False),
                name="accounts_user_to_be_deleted",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def zone(self) -> ZoneInfo:
        return get_zone(self.time_zone)

    @property
    def is_deletion_pending(self) -> bool:
        """Whether the account will be deleted: emails and calendar feeds stop."""
        return self.deletion_due_at is not None

    @property
    def first_name(self) -> str:
        """Return the first word of the name, for greetings."""
        return self.name.split()[0] if self.name.split() else ""

    def get_full_name(self) -> str:
        return self.name


class DeletionNotice(models.Model):
    """The last email to the owner of a deleted account, as long as it is owed: the only row that is left of it.

    It is deleted when a mail server takes the email, and after LIFETIME at the latest.
    """

    LIFETIME: ClassVar = timedelta(days=3)
    PAUSE: ClassVar = timedelta(minutes=10)  # until it is tried again

    key = models.UUIDField(primary_key=True, default=uuid4)  # the Message-ID has it at each attempt
    address = models.EmailField(_("email address"), max_length=254)
    deleted_at = models.DateTimeField(_("deleted at"))
    not_before = models.DateTimeField(_("not before"), db_index=True)

    class Meta:
        verbose_name = _("last email of a deleted account")
        verbose_name_plural = _("last emails of deleted accounts")

    def __str__(self) -> str:
        return str(self.key)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> "InvitationQuerySet":
        """Keep those with which somebody can still sign up."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """An operator's invitation to create an account with this address, once.

    It is used when the address of the new account is confirmed; until then the sign-up can begin again.
    """

    LIFETIME: ClassVar = timedelta(days=14)

    email = models.EmailField(_("email address"), max_length=254)
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    # Begun with it and not confirmed yet: it ends with the invitation.
    sign_up = models.OneToOneField(
        User, verbose_name=_("unconfirmed sign-up"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="accounts_invitation_one_open",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_invitation_email_lower"),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="accounts_invitation_used_or_revoked",
            ),
            models.CheckConstraint(
                condition=models.Q(sign_up__isnull=True) | models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="accounts_invitation_sign_up_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.invited_at:%Y-%m-%d}"


class Consent(models.Model):
    """That a user agreed to one version of a legal text (site_settings.LegalText)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(_("legal text"), max_length=7, choices=TextKind)
    number = models.PositiveSmallIntegerField(_("version"))
    agreed_at = models.DateTimeField(_("agreed at"))

    objects: ClassVar = OwnedQuerySet["Consent"].as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "number"], name="accounts_consent_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.number}"


class AuthenticatedRequest(HttpRequest):
    """A request with a signed-in user. For type checking only."""

    user: User
