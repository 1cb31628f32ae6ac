"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    """App configuration of the pages about all goals of a plan: plan page, pauses, new plans, snapshots, change log."""

    name = "careerplan.planning"
    verbose_name = _("Planning")
