"""App configuration."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who someone is: sign-up, sign-in, settings of the person. Knows nothing of plans."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Note in each session when it began, and give back what was typed, however the person got in."""
        from accounts.middleware import restore_typed, stamp_session  # noqa: PLC0415  (the models are loaded by now)

        user_logged_in.connect(stamp_session, dispatch_uid="accounts.stamp_session")
        user_logged_in.connect(restore_typed, dispatch_uid="accounts.restore_typed")
