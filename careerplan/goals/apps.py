"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoalsConfig(AppConfig):
    """Goals and their steps: one aggregate, one app."""

    name = "careerplan.goals"
    verbose_name = _("Goals")
