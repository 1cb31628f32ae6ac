"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpportunitiesConfig(AppConfig):
    """Opportunities: jobs, projects and courses weighed up against the plan."""

    name = "careerplan.opportunities"
    verbose_name = _("Opportunities")

    def ready(self) -> None:
        """Connect the signal receivers."""
        from careerplan.opportunities import receivers  # noqa: F401, PLC0415  (needs the models loaded)
