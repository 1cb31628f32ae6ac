"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who someone is: sign-up, sign-in, settings of the person. Knows nothing of plans."""

    name = "accounts"
    verbose_name = _("Accounts")
