"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Reviews: how far each goal of a plan is, and what to change."""

    name = "careerplan.reviews"
    verbose_name = _("Reviews")
