"""App configuration."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Today: reads everything, owns nothing."""

    name = "careerplan.dashboard"
