"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    """What is said of all goals of a plan together: the plan page, pauses, new plans, snapshots, the change log."""

    name = "careerplan.planning"
    verbose_name = _("Planning")
