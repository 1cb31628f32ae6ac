"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """App configuration of the plan: where a user is and where they want to be."""

    name = "careerplan.plans"
    verbose_name = _("Plans")
