"""The person who signs in."""

from typing import Any, ClassVar
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


class UserManager(BaseUserManager["User"]):
    """Makes users; finds them by e-mail address whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this address, compared without regard to case."""
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person; the address is kept in lower case, as django-allauth does."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new operator, for `manage.py createsuperuser`."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Signs in with an e-mail address; has a name that stands on the plan and a time zone of their own."""

    class Theme(models.TextChoices):
        """How pages look; "" follows the device."""

        SYSTEM = "", _("As my device is set")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=100)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone], help_text=_("An IANA name.")
    )
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, default=Theme.SYSTEM, blank=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # The account is to go at this moment; until then its owner can change their mind. Nothing is mailed meanwhile.
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
            # Kept in lower case, so that unique means unique whatever somebody types.
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
        """The person's time zone."""
        return get_zone(self.time_zone)

    @property
    def is_leaving(self) -> bool:
        """Whether the account is going to be deleted: mails, feeds and shares are silent from then on."""
        return self.deletion_due_at is not None

    @property
    def first_name(self) -> str:
        """What to greet them by: the first word of the name."""
        return self.name.split()[0] if self.name.split() else ""

    def get_full_name(self) -> str:
        """The name as it stands on the plan."""
        return self.name


class AuthenticatedRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: somebody is signed in. For type checking only."""

    user: User
