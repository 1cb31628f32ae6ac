"""App configuration."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Today, the landing page and the results pages. Reads other apps and has no models."""

    name = "careerplan.dashboard"
