"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """One career action plan a person: where they are and where they want to be."""

    name = "careerplan.plans"
    verbose_name = _("Plans")
