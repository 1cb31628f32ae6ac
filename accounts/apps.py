"""App configuration."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts: sign-up, sign-in and account settings. Knows nothing about plans."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from allauth.account import signals  # noqa: PLC0415  (the models are loaded by now)
        from allauth.usersessions.signals import on_user_logged_in  # noqa: PLC0415

        from accounts import receivers, security_log  # noqa: PLC0415
        from accounts.attempts import remember_browser  # noqa: PLC0415
        from accounts.factors import log as factor_log  # noqa: PLC0415
        from accounts.middleware import record_sign_in, restore_typed  # noqa: PLC0415
        from accounts.openid import receivers as openid_receivers  # noqa: PLC0415

        user_logged_in.connect(record_sign_in, dispatch_uid="accounts.record_sign_in")
        user_logged_in.connect(restore_typed, dispatch_uid="accounts.restore_typed")
        signals.user_logged_in.disconnect(on_user_logged_in)
        signals.user_logged_in.connect(receivers.store_session, dispatch_uid="accounts.store_session")
        signals.user_logged_in.connect(remember_browser, dispatch_uid="accounts.remember_browser")
        signals.user_logged_in.connect(receivers.email_new_browser, dispatch_uid="accounts.email_new_browser")
        for changed in (signals.password_changed, signals.password_set):
            changed.connect(receivers.remember_after_change, dispatch_uid="accounts.remember_after_change")
        for changed in (signals.password_changed, signals.password_set, signals.email_changed):
            changed.connect(receivers.end_sessions_elsewhere, dispatch_uid="accounts.end_sessions_elsewhere")
        signals.password_reset.connect(receivers.end_sessions_after_reset, dispatch_uid="accounts.after_reset")
        signals.email_confirmed.connect(receivers.use_invitation, dispatch_uid="accounts.use_invitation")
        signals.user_signed_up.connect(receivers.use_invitation_at_sign_up, dispatch_uid="accounts.invited")
        signals.email_changed.connect(receivers.email_new_address, dispatch_uid="accounts.email_new_address")
        security_log.connect()
        factor_log.connect()
        openid_receivers.connect()
