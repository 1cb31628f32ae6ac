"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Periodic check-ins on a plan: how far each goal is, and what to do about it."""

    name = "careerplan.reviews"
    verbose_name = _("Reviews")
