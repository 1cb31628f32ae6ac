"""What an operator sets for the whole site: its name, who may sign up, legal texts, what is kept how long.

`queries.current_site` gives all of it to pages and services; no page reads these tables itself.
"""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.triggers import count_versions, refuse

DEFAULT_NAME = "Careerplan"
NAME_LENGTH = 40
NOTICE_LENGTH = 300
TEXT_LENGTH = 60_000
LOGO_BYTES = 200_000


class SignUp(models.TextChoices):
    """Who can create an account."""

    EVERYONE = "everyone", _("Everyone")
    DOMAINS = "domains", _("People at certain domains")
    INVITED = "invited", _("People you invite")
    NOBODY = "nobody", _("Nobody")


class SiteSettings(models.Model):
    """The settings of the site: one row, or none while all are the defaults.

    `version` counts every change, of the logo and the legal texts too: processes load the settings again when it has
    changed.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("name of the site"), max_length=NAME_LENGTH, default=DEFAULT_NAME)
    support_address = models.EmailField(_("support address"), max_length=254, blank=True)
    colour = models.CharField(_("colour"), max_length=7, blank=True, validators=[RegexValidator(r"\A#[0-9a-f]{6}\Z")])
    sign_up = models.CharField(_("who can create an account"), max_length=8, choices=SignUp, default=SignUp.EVERYONE)
    domains = ArrayField(models.CharField(max_length=253), verbose_name=_("domains"), default=list, blank=True)
    notice = models.CharField(_("announcement on every page"), max_length=NOTICE_LENGTH, blank=True)
    unconfirmed_days = models.PositiveSmallIntegerField(_("sign-ups without confirmation"), default=7)
    inactive_years = models.PositiveSmallIntegerField(_("inactive accounts"), null=True, blank=True)
    email_days = models.PositiveSmallIntegerField(_("emails that we sent"), default=365)
    history_years = models.PositiveSmallIntegerField(_("earlier versions"), null=True, blank=True)
    refused_days = models.PositiveSmallIntegerField(_("refused addresses"), default=180)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        verbose_name = _("settings of the site")
        verbose_name_plural = _("settings of the site")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="site_settings_one_row"),
            models.CheckConstraint(condition=~Q(name=""), name="site_settings_name_given"),
            models.CheckConstraint(condition=Q(sign_up__in=SignUp.values), name="site_settings_sign_up_known"),
            models.CheckConstraint(
                condition=~Q(sign_up="domains") | Q(domains__len__gt=0), name="site_settings_domains_given"
            ),
            models.CheckConstraint(
                condition=Q(unconfirmed_days__gte=1, email_days__gte=90, refused_days__gte=30),
                name="site_settings_kept_long_enough",
            ),
            models.CheckConstraint(
                condition=(Q(inactive_years__isnull=True) | Q(inactive_years__gte=1))
                & (Q(history_years__isnull=True) | Q(history_years__gte=1)),
                name="site_settings_years",
            ),
        ]
        triggers: ClassVar = [count_versions()]

    def __str__(self) -> str:
        return self.name


class SiteLogo(models.Model):
    """The logo beside the name of the site: one row, or none."""

    class Kind(models.TextChoices):
        """Media type of the file."""

        SVG = "image/svg+xml", _("SVG")
        PNG = "image/png", _("PNG")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="site_settings_one_logo")]

    def __str__(self) -> str:
        return self.kind


class TextKind(models.TextChoices):
    """A legal text of the site."""

    PRIVACY = "privacy", _("Privacy")
    TERMS = "terms", _("Terms")
    IMPRINT = "imprint", _("Imprint")


class LegalText(models.Model):
    """One version of a legal text. What was published never changes, because people agreed to it.

    A blank text takes the page away. `asks_again`: people who agreed to an earlier version are asked again.
    """

    kind = models.CharField(_("kind"), max_length=7, choices=TextKind)
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True)
    asks_again = models.BooleanField(_("ask everyone to agree again"), default=False)
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        ordering: ClassVar = ["kind", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="site_settings_legaltext_number"),
            models.CheckConstraint(condition=Q(kind__in=TextKind.values), name="site_settings_legaltext_kind"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=refuse("site_settings_legaltext_published", "a published text does not change"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
