"""App configuration."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """What is owed to whom and when, and the one daily mail that tells them."""

    name = "careerplan.reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        """Take a sign-in for a sign of life, however the person got in."""
        from careerplan.reminders.activity import record_sign_in  # noqa: PLC0415  (the models are loaded by now)

        user_logged_in.connect(record_sign_in, dispatch_uid="careerplan.reminders.record_sign_in")
