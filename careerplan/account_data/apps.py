"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountDataConfig(AppConfig):
    """Export and import of everything in an account."""

    name = "careerplan.account_data"
    verbose_name = _("Account data")
