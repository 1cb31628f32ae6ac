"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarFeedConfig(AppConfig):
    """The dates of a plan in a calendar app."""

    name = "careerplan.calendar_feed"
    verbose_name = _("Calendar")
