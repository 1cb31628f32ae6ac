"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """What is owed to whom and when, and the one daily mail that tells them."""

    name = "careerplan.reminders"
    verbose_name = _("Reminders")
